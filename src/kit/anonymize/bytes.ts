import type {ByteString} from './model.js'

/** A text as the bytes of its UTF-8, a character each. */
export function bytesOf(text: string): ByteString {
  return isPlain(text) ? text : Buffer.from(text, 'utf8').toString('latin1')
}

/** The text that bytes of UTF-8 are. */
export function textOf(bytes: ByteString): string {
  return isPlain(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8')
}

// eslint-disable-next-line no-control-regex -- what is ASCII is alike in both
const isPlain = (text: string): boolean => /^[\u0000-\u007f]*$/.test(text)

/** Small letters of ASCII alone: others are more than one byte, which have no case. */
export function lower(text: ByteString): ByteString {
  if (!/[A-Z]/.test(text)) return text
  return isPlain(text) ? text.toLowerCase() : text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
}
