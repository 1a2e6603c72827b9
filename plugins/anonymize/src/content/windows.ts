import type {ByteString} from 'pmpc/kit/anonymize'

/** Bytes up to which a text is looked at as a whole. */
export const WHOLE = 32 * 2 ** 20
/** Bytes of a part of a longer one. */
const WINDOW = 8 * 2 ** 20
/** Bytes of the longest line that is kept whole, and how far before its end a place to cut it is looked for. */
const LINE = 4 * 2 ** 20
const SEARCHED = 64 * 1024
/** A key or a certificate is not cut: so far before a part's end its beginning is looked for. */
const BLOCK = 256 * 1024

/**
 * A text in parts that end at line ends; one part where it is short. Together they are the text.
 * @param whole bytes up to which it is one
 */
export async function* windows(
  parts: AsyncIterable<Buffer>,
  whole = WHOLE,
  window = WINDOW,
): AsyncGenerator<ByteString> {
  let held: Buffer[] = []
  let bytes = 0
  let most = whole
  for await (const part of parts) {
    held.push(part)
    bytes += part.length
    if (bytes <= most) continue
    most = Math.min(most, window)
    let all: Buffer = Buffer.concat(held)
    while (all.length > window) {
      const end = cutOf(all.subarray(0, window))
      yield all.toString('latin1', 0, end)
      all = all.subarray(end)
    }
    // A copy, or what was cut off would stay in the memory with it.
    held = [Buffer.from(all)]
    bytes = all.length
  }
  if (bytes > 0) yield Buffer.concat(held).toString('latin1')
}

/** Where a part ends that begins a longer text. */
export function cutOf(part: Buffer): number {
  const lineEnd = part.lastIndexOf(10) + 1
  const end = part.length - lineEnd <= LINE && lineEnd > 0 ? lineEnd : separatorIn(part)
  const block = part.lastIndexOf('-----BEGIN ', end - 1)
  const isOpen = block >= 0 && end - block < BLOCK && part.subarray(block, end).indexOf('-----END ') < 0
  const before = isOpen ? part.lastIndexOf(10, block) + 1 : 0
  return before > 0 ? before : end
}

/** Behind the last character of a long line that can stand in no name. */
function separatorIn(part: Buffer): number {
  const from = Math.max(0, part.length - SEARCHED)
  const tail = part.toString('latin1', from)
  const at = Math.max(...[' ', '\t', ',', ';', '\n', '}', '"'].map((separator) => tail.lastIndexOf(separator)))
  return at < 0 ? part.length : from + at + 1
}
