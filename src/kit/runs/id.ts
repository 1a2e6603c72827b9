import {randomBytes} from 'node:crypto'

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * A new run id: 10 characters of time (milliseconds) and 6 of chance, in Crockford's base 32. Ids sort by time, and two of them
 * made in one millisecond are equal once in a billion.
 */
export function newRunId(now = Date.now()): string {
  let time = ''
  for (let rest = now; time.length < 10; rest = Math.floor(rest / 32)) time = alphabet[rest % 32]! + time
  const chance = [...randomBytes(6)].map((byte) => alphabet[byte % 32]).join('')
  return time + chance
}

/** When a run id was made, or undefined where it is none. */
export function timeOfRunId(id: string): Date | undefined {
  if (!/^[0-9a-hjkmnp-tv-z]{16}$/.test(id)) return undefined
  let time = 0
  for (const letter of id.slice(0, 10)) time = time * 32 + alphabet.indexOf(letter)
  return new Date(time)
}
