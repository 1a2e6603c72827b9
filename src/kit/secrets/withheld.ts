/** What Proxmox VE shows in the place of a password. */
export const MASK = '**********'

/**
 * What stands in the place of a secret, in Git and everywhere else: `**********(password-9f3c)`. No blank, comma, colon or `=` is in it, so
 * that it can stand in every list, property string and line of Proxmox VE's and is no secret to `secretsIn`.
 * @param word of its form, letters and `-`
 * @param fingerprint four hexadecimal digits, `fingerprint`
 */
export function markerOf(word: string, fingerprint: string): string {
  return `${MASK}(${word}-${fingerprint})`
}

const marker = /\*{10}\([a-z]+(?:-[a-z]+)*-[0-9a-f]{4}\)/

/** Whether a value, or anything in it, stands for a secret that was withheld or masked: no such value may be sent to a cluster. */
export function isWithheld(value: unknown): boolean {
  if (typeof value === 'string') return value === MASK || marker.test(value)
  return typeof value === 'object' && value !== null && Object.values(value).some(isWithheld)
}

/** Whether a text is nothing but such a marker. */
export function isMarker(value: unknown): boolean {
  return typeof value === 'string' && marker.exec(value)?.[0] === value
}

/** Cost of one fingerprint: 16 MiB and some 35 ms; docs/decisions/secrets.md. */
const cost = {N: 2 ** 14, r: 8, p: 1}

/**
 * Two bytes of a slow hash, as four hexadecimal digits: the same in every clone, another one for another secret (but for one time in
 * 65,536), and too little to tell which of many guesses is right.
 * @param salt the name of the cluster; not the place, as the same secret in several would then give more of itself away
 */
export async function fingerprint(secret: string, salt: string): Promise<string> {
  const {scrypt} = await import('node:crypto')
  return new Promise((resolve, reject) => {
    scrypt(secret, `pmpc withheld ${salt}`, 2, cost, (error, bytes) =>
      error ? reject(error) : resolve(bytes.toString('hex')),
    )
  })
}
