import {createHmac} from 'node:crypto'

/** What an `otpauth://totp/…` address holds. */
export interface Totp {
  secret: Buffer
  algorithm: string
  digits: number
  /** Seconds that a value holds. */
  period: number
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

function fromBase32(text: string): Buffer {
  const bytes: number[] = []
  let [bits, value] = [0, 0]
  for (const letter of text.toUpperCase().replace(/[=\s]/g, '')) {
    const index = letters.indexOf(letter)
    if (index < 0) throw new Error('invalid base32 secret')
    value = ((value << 5) | index) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((value >> bits) & 0xff)
  }
  return Buffer.from(bytes)
}

/** Reads an `otpauth` address. @throws Error when it is none */
export function parseTotp(uri: string): Totp {
  const match = /^otpauth:\/\/totp\/[^?]*\?(.*)$/.exec(uri)
  if (!match) throw new Error('not an otpauth totp uri')
  const query = new URLSearchParams(match[1])
  const secret = query.get('secret')
  if (secret === null) throw new Error('missing secret in otpauth url')
  return {
    secret: fromBase32(secret),
    algorithm: (query.get('algorithm') ?? 'SHA1').toLowerCase(),
    digits: Number(query.get('digits') ?? 6),
    period: Number(query.get('period') ?? 30),
  }
}

/** The value that holds at a time, in seconds since the epoch (RFC 6238). */
export function totpValue({secret, algorithm, digits, period}: Totp, time: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(time / period)))
  const hash = createHmac(algorithm, secret).update(counter).digest()
  const at = hash.at(-1)! & 0xf
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 10 ** digits).padStart(digits, '0')
}

/** Whether a value holds now, or did one step ago or will in one. */
export const totpMatches = (totp: Totp, value: string, time: number): boolean =>
  [-1, 0, 1].some((step) => totpValue(totp, time + step * totp.period) === value)
