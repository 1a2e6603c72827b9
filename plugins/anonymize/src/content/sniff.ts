/** What bytes are, by what they begin with. */
export type Form =
  | {form: 'text'; encoding: Encoding}
  | {form: 'gzip' | 'tar' | 'zip' | 'sqlite' | 'bundle'}
  | {form: 'binary'; what: string}

/** How a text's characters are spelled; `bytes`: in an encoding of which ASCII is a part. */
export interface Encoding {
  as: 'bytes' | 'utf-16le' | 'utf-16be'
  /** The byte order mark it begins with. */
  mark: Buffer
}

/** Bytes that are looked at. */
export const HEAD = 64 * 1024

const none = Buffer.alloc(0)

/** Where it stands, what it is, and what has it. */
const marks: readonly (readonly [at: number, bytes: string, is: Form])[] = [
  [0, '\x1f\x8b\x08', {form: 'gzip'}],
  [0, 'SQLite format 3\0', {form: 'sqlite'}],
  [0, 'PK\x03\x04', {form: 'zip'}],
  [0, 'PK\x05\x06', {form: 'zip'}],
  [257, 'ustar', {form: 'tar'}],
  [0, '# v2 git bundle\n', {form: 'bundle'}],
  [0, '# v3 git bundle\n', {form: 'bundle'}],
  ...(
    [
      [0, '\xfd7zXZ\0', 'an xz archive (xz -d makes it readable)'],
      [0, 'BZh', 'a bzip2 archive (bzip2 -d makes it readable)'],
      [0, '\x28\xb5\x2f\xfd', 'a Zstandard archive (zstd -d makes it readable)'],
      [0, '\x89LZO\0', 'an lzop archive (lzop -d makes it readable)'],
      [0, '\x04\x22\x4d\x18', 'an LZ4 archive (lz4 -d makes it readable)'],
      [0, '7z\xbc\xaf\x27\x1c', 'a 7z archive (7z x makes it readable)'],
      [0, 'Rar!\x1a\x07', 'a RAR archive (unrar makes it readable)'],
      [0, 'VMA\0', 'a backup of a VM'],
      [0, 'QFI\xfb', 'a disk image'],
      [0, 'KDMV', 'a disk image'],
      [0, 'LUKS\xba\xbe', 'an encrypted disk'],
      [0, '\x7fELF', 'a program or a core dump'],
      [0, 'MZ\x90', 'a program'],
      [0, '\0asm', 'a program'],
      [0, '\x89PNG\r\n', 'a picture'],
      [0, '\xff\xd8\xff', 'a picture'],
      [0, 'GIF8', 'a picture'],
      [0, '%PDF-', 'a PDF document'],
      [0, 'LPKSHHRH', "a journal of systemd's (journalctl --file makes it readable)"],
      [0, '\xd4\xc3\xb2\xa1', 'recorded packets'],
      [0, '\xa1\xb2\xc3\xd4', 'recorded packets'],
      [0, '\x0a\x0d\x0d\x0a', 'recorded packets'],
      [0, 'PACK\0\0\0', "a pack of Git's (git bundle create makes one that can be read)"],
      [0, '\xff\xfe\0\0', 'text in UTF-32'],
      [0, '\0\0\xfe\xff', 'text in UTF-32'],
    ] as const
  ).map(([at, bytes, what]) => [at, bytes, {form: 'binary', what}] as const),
]

/** What bytes are that begin so. No name is asked: it may say anything. */
export function formOf(head: Buffer): Form {
  const marked = marks.find(
    ([at, bytes]) => head.length >= at + bytes.length && head.toString('latin1', at, at + bytes.length) === bytes,
  )
  if (marked) return marked[2]
  if (isOldTar(head)) return {form: 'tar'}
  const encoding = encodingOf(head)
  return encoding === undefined ? {form: 'binary', what: 'no text'} : {form: 'text', encoding}
}

/** Before POSIX an archive had no mark but the sum of its first header. */
function isOldTar(head: Buffer): boolean {
  if (head.length < 512 || head[0] === 0) return false
  const told = /^[ 0]*([0-7]{1,6})[\0 ]/.exec(head.toString('latin1', 148, 156))?.[1]
  if (told === undefined) return false
  const sum = head.subarray(0, 512).reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 32 : byte), 0)
  return sum === Number.parseInt(told, 8)
}

function encodingOf(head: Buffer): Encoding | undefined {
  const begins = (...bytes: number[]) => bytes.every((byte, at) => head[at] === byte)
  if (begins(0xff, 0xfe)) return {as: 'utf-16le', mark: head.subarray(0, 2)}
  if (begins(0xfe, 0xff)) return {as: 'utf-16be', mark: head.subarray(0, 2)}
  if (begins(0xef, 0xbb, 0xbf)) return {as: 'bytes', mark: head.subarray(0, 3)}
  const [even, odd, steering] = counted(head)
  const half = head.length / 2
  // Letters of Latin scripts are every other byte 0; a log that lost its end in a crash has many zeros in a row.
  if (odd > half * 0.7 && even < half * 0.05) return {as: 'utf-16le', mark: none}
  if (even > half * 0.7 && odd < half * 0.05) return {as: 'utf-16be', mark: none}
  const told = head.length - even - odd
  return told > 0 && steering > told * MOST_STEERING ? undefined : encodingOfZeros(told, head.length)
}

/** Of what is no zero, as much may be characters that no text has: a line of a log that was torn. */
const MOST_STEERING = 0.02
/** And as much must be more than zeros. */
const LEAST_TOLD = 0.1

function encodingOfZeros(told: number, all: number): Encoding | undefined {
  return told >= all * LEAST_TOLD ? {as: 'bytes', mark: none} : undefined
}

/** Zeros at even places and at odd ones, and other characters that no text has. */
function counted(head: Buffer): [even: number, odd: number, steering: number] {
  let [even, odd, steering] = [0, 0, 0]
  for (const [at, byte] of head.entries()) {
    if (byte === 0 && at % 2 === 0) even++
    else if (byte === 0) odd++
    else if (byte < 32 && !STEERS_TEXT.has(byte)) steering++
  }
  return [even, odd, steering]
}

/** Bell, backspace, tab, line ends, form feed, shift out and in, escape. */
const STEERS_TEXT = new Set([7, 8, 9, 10, 11, 12, 13, 14, 15, 27])
