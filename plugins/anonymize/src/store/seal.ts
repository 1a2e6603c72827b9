import {createCipheriv, createDecipheriv, randomBytes, scryptSync} from 'node:crypto'

/** Bytes of a key, and of what AES-GCM adds. */
export const KEY_BYTES = 32
const IV_BYTES = 12
const TAG_BYTES = 16

/** A text that only who has the key can read, as base64: the number used once, the tag, the text. AES-256-GCM. */
export function seal(key: Buffer, text: string): string {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv, {authTagLength: TAG_BYTES})
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64')
}

/** The text again; undefined for another key, and for what was changed since. */
export function unseal(key: Buffer, sealed: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64')
  if (bytes.length < IV_BYTES + TAG_BYTES) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), {authTagLength: TAG_BYTES})
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8')
  } catch {
    return undefined
  }
}

/** What a passphrase is stretched with: 128 MiB and a quarter of a second, as RFC 7914 and OWASP advise for what is kept. */
export const SCRYPT = {N: 2 ** 17, r: 8, p: 1}

/** What {@link keyFrom} takes of an exported map: not more than this machine can give, whoever wrote it. */
export type Stretch = typeof SCRYPT & {salt: string}

export const newStretch = (): Stretch => ({...SCRYPT, salt: randomBytes(16).toString('base64')})

/** The key that a passphrase stands for. */
export function keyFrom(passphrase: string, {N, r, p, salt}: Stretch): Buffer {
  return scryptSync(passphrase.normalize('NFC'), Buffer.from(salt, 'base64'), KEY_BYTES, {
    N,
    r,
    p,
    maxmem: 2 * 128 * N * r,
  })
}
