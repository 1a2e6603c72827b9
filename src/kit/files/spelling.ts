/**
 * Names of files as Git and the file system hold them: bytes, which need be no UTF-8. A byte that is none becomes one half of a surrogate pair,
 * U+DC80 to U+DCFF, which no UTF-8 text holds: so every name is a string, and every string is the name that it was (as Python's PEP 383 does).
 */

/** The string for a name. */
export function nameFromBytes(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  if (!text.includes('\uFFFD') || Buffer.from(text).equals(bytes)) return text
  let name = ''
  for (let at = 0; at < bytes.length;) {
    const length = sequenceAt(bytes, at)
    name += length > 0 ? bytes.toString('utf8', at, at + length) : String.fromCharCode(0xdc00 + bytes[at]!)
    at += length || 1
  }
  return name
}

/** Bytes of the character that begins there; 0 where none does. */
function sequenceAt(bytes: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    const character = bytes.subarray(at, at + length)
    if (Buffer.from(character.toString('utf8')).equals(character)) return length
  }
  return 0
}

/** The name that {@link nameFromBytes} made a string of. */
export function bytesOfName(name: string): Buffer {
  if (!/[\uDC80-\uDCFF]/u.test(name)) return Buffer.from(name)
  const bytesOf = (character: string) =>
    /^[\uDC80-\uDCFF]$/.test(character) ? Buffer.from([character.charCodeAt(0) - 0xdc00]) : Buffer.from(character)
  return Buffer.concat([...name].map(bytesOf))
}

/**
 * Whether a path can be told and typed as it is, and is one on every system: no control character, no byte that is no UTF-8, and what Git's own
 * `verify_path` demands: no `..`, no `.git` in any spelling, nothing absolute.
 */
export function isPlainPath(path: string): boolean {
  return (
    // eslint-disable-next-line no-control-regex
    !/[\u0000-\u001f\u007f-\u009f\uD800-\uDFFF\\]/u.test(path) &&
    !/^[A-Za-z]:|(?:^|\/)(?:\.{0,2}|\.git|git~1)(?:\/|$)/i.test(path)
  )
}

const escapes: Readonly<Record<string, string>> = {'\n': '\\n', '\t': '\\t', '\r': '\\r', '"': '\\"', '\\': '\\\\'}

/** A path as Git shows it to people: in quotes and with escapes where it holds what would spoil a line. */
export function shownPath(path: string): string {
  // eslint-disable-next-line no-control-regex
  const odd = /[\u0000-\u001f\u007f-\u009f\uD800-\uDFFF"\\]/gu
  if (!odd.test(path)) return path
  const octal = (byte: number) => `\\${byte.toString(8).padStart(3, '0')}`
  return `"${path.replaceAll(odd, (character) => escapes[character] ?? [...bytesOfName(character)].map(octal).join(''))}"`
}
