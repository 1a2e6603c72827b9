import {createHmac, randomBytes, timingSafeEqual} from 'node:crypto'
import type {Release} from '../contract/contract.js'
import type {State} from '../state/model.js'
import {decodePercent} from '../calls/form.js'
import {splitAuthId} from './permissions.js'

/** 401 with its reason phrase; the body stays empty. */
export class Unauthenticated extends Error {}

const ticketLifetime = 7200
const purposeLifetime = 40
const challengeLifetime = 300

interface Credentials {
  authorization?: string
  cookie?: string
  csrf?: string
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}

/** The value of a key in a header, after `=` or a blank, up to a semicolon. Fact: pve-http-server, Formatter.pm. */
function valueOf(header: string | undefined, key: string): string | undefined {
  const value = new RegExp(`(?:^|\\s)${key}[= ]([^;]*)`).exec(header ?? '')?.[1]
  return value === undefined ? undefined : decodePercent(value)
}

function hexTime(seconds: number): string {
  return seconds.toString(16).toUpperCase().padStart(8, '0')
}

/** Tickets, CSRF tokens and API tokens. Facts: pve-access-control, PVE/AccessControl.pm (verify_ticket, verify_csrf_prevention_token, verify_token). */
export class Authentication {
  private key = randomBytes(32)

  constructor(
    private readonly state: State,
    private readonly release: Release,
    private readonly now: () => number,
  ) {}

  /** Makes every ticket issued so far invalid, as if its time were over. */
  expireTickets(): void {
    this.key = randomBytes(32)
  }

  private sign(text: string): string {
    return createHmac('sha256', this.key).update(text).digest('base64')
  }

  ticketFor(userid: string): {ticket: string; csrf: string} {
    const time = hexTime(this.now())
    return {
      ticket: `PVE:${userid}:${time}::${this.sign(`PVE:${userid}:${time}`)}`,
      csrf: `${time}:${this.sign(`CSRF:${userid}:${time}`)}`,
    }
  }

  /** The user of a valid ticket, else undefined. */
  userOfTicket(ticket: string): string | undefined {
    const match = /^(PVE:([^\s:]+):([0-9A-F]{8}))::(.+)$/.exec(ticket)
    if (!match || !sameText(match[4]!, this.sign(match[1]!))) return undefined
    const age = this.now() - parseInt(match[3]!, 16)
    if (age > ticketLifetime || age < -300) return undefined
    return this.activeUser(match[2]!) ? match[2] : undefined
  }

  /** A ticket for one purpose that does not show its user; `secret` says what it is for. */
  purposeTicket(purpose: string, secret: string): string {
    const head = `${purpose}:${hexTime(this.now())}`
    return `${head}::${this.sign(`${head}:${secret}`)}`
  }

  /** Whether a ticket was issued for this purpose in the last 40 s. */
  isPurposeTicket(purpose: string, ticket: string, secret: string): boolean {
    const match = /^(\w+:([0-9A-F]{8}))::(.+)$/.exec(ticket)
    if (!match?.[1]!.startsWith(`${purpose}:`) || !sameText(match[3]!, this.sign(`${match[1]}:${secret}`))) return false
    const age = this.now() - parseInt(match[2]!, 16)
    return age >= -20 && age <= purposeLifetime
  }

  /** What a user gets for the password where a second factor is asked for. */
  challengeTicket(userid: string, challenge: object): string {
    const head = `PVE:!tfa!${encodeURIComponent(JSON.stringify(challenge))}:${hexTime(this.now())}`
    return `${head}::${this.sign(`${head}:${userid}`)}`
  }

  /** Whether a challenge was issued for this user, and is not over. */
  isChallengeTicket(userid: string, ticket: string): boolean {
    const match = /^(PVE:!tfa![^:]*:([0-9A-F]{8}))::(.+)$/.exec(ticket)
    if (!match || !sameText(match[3]!, this.sign(`${match[1]}:${userid}`))) return false
    return this.now() - parseInt(match[2]!, 16) <= challengeLifetime
  }

  private activeUser(userid: string): boolean {
    const user = this.state.users[userid]
    return user !== undefined && user.enable !== 0 && (user.expire === 0 || user.expire > this.now())
  }

  private refusal(detail: string): Unauthenticated {
    return new Unauthenticated(this.release === '8.4' ? detail : 'Authentication failed!')
  }

  private fromTicket(ticket: string, verb: string, csrf: string | undefined): string {
    const userid = this.userOfTicket(ticket)
    if (userid === undefined) throw this.refusal('permission denied - invalid PVE ticket')
    if (verb === 'GET' || verb === 'HEAD') return userid
    const [time, signature] = [csrf?.slice(0, 8) ?? '', csrf?.slice(9) ?? '']
    if (!sameText(signature, this.sign(`CSRF:${userid}:${time}`))) {
      throw new Unauthenticated('Permission denied - invalid csrf token')
    }
    return userid
  }

  private fromToken(text: string): string {
    const at = text.lastIndexOf('=')
    const authid = text.slice(0, at)
    const {userid, token} = splitAuthId(authid)
    if (at < 0 || token === undefined) throw this.refusal(`no tokenid specified`)
    if (!this.activeUser(userid)) throw this.refusal(`no such user ('${userid}')`)
    const entry = this.state.users[userid]!.tokens[token]
    if (!entry) throw this.refusal(`no such token '${token}' for user '${userid}'`)
    if (entry.expire > 0 && entry.expire <= this.now()) throw this.refusal(`token '${token}' access expired`)
    if (!sameText(text.slice(at + 1), entry.secret)) throw this.refusal('invalid token value!')
    return authid
  }

  /** Who sends the request. @throws Unauthenticated */
  identify(verb: string, {authorization, cookie, csrf}: Credentials): string {
    // The cookie's value may also stand in the other header, and wins over a token.
    const ticket = valueOf(cookie, 'PVEAuthCookie') || valueOf(authorization, 'PVEAuthCookie')
    if (ticket) return this.fromTicket(ticket, verb, csrf)
    const token = valueOf(authorization, 'PVEAPIToken')
    if (token) return this.fromToken(token)
    throw new Unauthenticated('No ticket')
  }
}
