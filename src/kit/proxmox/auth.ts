import {PmpcError} from '../errors/index.js'
import {spellingsOf} from '../secrets/index.js'
import type {Clock} from './clock.js'

/** How pmpc proves who it is. A token is preferred: it can do less, and needs no renewal. */
export type Credential = {tokenId: string; secret: string} | {username: string; password: string}

/** What POST /access/ticket answers. */
export interface TicketAnswer {
  ticket?: string
  CSRFPreventionToken?: string
  username?: string
  NeedTFA?: number | string | boolean
}

export interface Authenticator {
  /** Token id or user, for messages. */
  who: string
  /** Headers that prove it, for one request. Logs in, or renews the ticket, when that is due. */
  headers(method: string): Promise<Record<string, string>>
  /** After a 401: gets a new ticket unless that has happened since `sent` was sent. False when there is nothing to renew. */
  renew(sent: Record<string, string>): Promise<boolean>
  /** What was sent and nobody else may see: a server may send it back. */
  secrets(): string[]
}

/** Tickets are valid for 2 hours and do not slide (pve-access-control, PVE/AccessControl.pm, verify_ticket). */
const renewAfter = 110 * 60 * 1000
const validFor = 120 * 60 * 1000

/** @param logIn POST /access/ticket with these parameters, without credentials */
export function createAuthenticator(
  credential: Credential,
  logIn: (form: {username: string; password: string}) => Promise<TicketAnswer>,
  clock: Clock,
): Authenticator {
  return 'tokenId' in credential ? tokenAuthenticator(credential) : ticketAuthenticator(credential, logIn, clock)
}

/** Whether a text has the form `USER@REALM!TOKEN`. */
export function isTokenId(text: string): boolean {
  return /^[^\s:/!;=]+@[A-Za-z][\w.-]+![A-Za-z][\w.-]+$/.test(text)
}

function tokenAuthenticator({tokenId, secret}: {tokenId: string; secret: string}): Authenticator {
  if (!isTokenId(tokenId)) throw badCredential(`'${tokenId}' is no token id: it looks like user@realm!name`)
  if (!/^[\x21-\x7e]+$/.test(secret) || secret.includes(';'))
    throw badCredential(`the secret of ${tokenId} is not what Proxmox VE makes (it is never shown here)`, tokenId)
  const headers = {authorization: `PVEAPIToken=${tokenId.replaceAll('%', '%25')}=${secret.replaceAll('%', '%25')}`}
  return {
    who: tokenId,
    headers: () => Promise.resolve(headers),
    renew: () => Promise.resolve(false),
    secrets: () => spellingsOf(secret),
  }
}

interface Ticket {
  cookie: string
  csrf: string
  raw: string
  since: number
}

function ticketAuthenticator(
  {username, password}: {username: string; password: string},
  logIn: (form: {username: string; password: string}) => Promise<TicketAnswer>,
  clock: Clock,
): Authenticator {
  let ticket: Ticket | undefined
  let pending: Promise<Ticket> | undefined

  /** All requests that need a ticket wait for one login. */
  function fetchTicket(secret: string): Promise<Ticket> {
    pending ??= logIn({username, password: secret})
      .then((answer) => (ticket = readTicket(answer, username, clock.now())))
      .finally(() => (pending = undefined))
    return pending
  }

  async function current(): Promise<Ticket> {
    const age = ticket === undefined ? Infinity : clock.now() - ticket.since
    if (ticket !== undefined && age < renewAfter) return ticket
    if (ticket === undefined || age >= validFor) return fetchTicket(password)
    // The old ticket serves as the password; should PVE not like it any more, the password itself does.
    return fetchTicket(ticket.raw).catch(() => fetchTicket(password))
  }

  return {
    who: username,
    async headers(method) {
      const {cookie, csrf} = await current()
      const headers: Record<string, string> = {cookie}
      if (method !== 'GET') headers.csrfpreventiontoken = csrf
      return headers
    },
    async renew(sent) {
      if (ticket !== undefined && sent.cookie === ticket.cookie) {
        ticket = undefined
        await fetchTicket(password)
      }
      return true
    },
    secrets: () => [password, ...(ticket ? [ticket.raw, ticket.csrf] : [])].flatMap(spellingsOf),
  }
}

function readTicket(answer: TicketAnswer, username: string, now: number): Ticket {
  if (answer.NeedTFA !== undefined && Number(answer.NeedTFA) !== 0) {
    throw new PmpcError(
      'PMPC_SECOND_FACTOR',
      `${username} has a second factor, and pmpc does not ask for it: use an API token`,
      {
        suggestions: [`pveum user token add ${username} pmpc --privsep 1   # on a node`, 'pmpc auth login'],
      },
    )
  }
  const {ticket, CSRFPreventionToken: csrf} = answer
  if (ticket === undefined || csrf === undefined)
    throw badCredential(`the login of ${username} brought no ticket`, username)
  return {raw: ticket, csrf, cookie: `PVEAuthCookie=${encodeURIComponent(ticket)}`, since: now}
}

function badCredential(message: string, who = 'USER@REALM'): PmpcError {
  return new PmpcError('PMPC_BAD_CREDENTIAL', message, {
    suggestions: [`pveum user token list ${who.split('!')[0]}   # on a node`, 'pmpc auth login'],
  })
}
