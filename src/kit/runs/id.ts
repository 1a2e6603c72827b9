const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * A new run id: 10 characters of time (milliseconds) and 6 of chance, in Crockford's base 32. Ids sort by time, and two of them
 * made in one millisecond are equal once in a billion.
 */
export function newRunId(now = Date.now()): string {
  let time = ''
  for (let rest = now; time.length < 10; rest = Math.floor(rest / 32)) time = alphabet[rest % 32]! + time
  return time + chance(6)
}

/** An id is no secret, and loading node:crypto for it would cost 3 ms. */
function chance(length: number): string {
  return Array.from({length}, () => alphabet[Math.floor(Math.random() * 32)]).join('')
}
