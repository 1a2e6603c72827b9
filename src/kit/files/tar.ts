/** A file in an archive. */
export interface TarFile {
  /** Below the archive, with `/`; at most 100 bytes. */
  name: string
  bytes: Uint8Array
}

const block = 512

/** Where fields of a header stand, and how long they are (POSIX, ustar). */
const fields = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  magic: [257, 8],
} as const

/**
 * An archive of files, for their owner alone. Whose they are, and on what machine, is not in it.
 * @param mtime seconds since the epoch, of all of them
 * @throws Error for a name that is longer than such an archive holds
 */
export function packTar(files: readonly TarFile[], mtime: number): Buffer {
  const parts = files.flatMap(({name, bytes}) => [
    header(name, bytes.length, mtime),
    bytes,
    Buffer.alloc((block - (bytes.length % block)) % block),
  ])
  return Buffer.concat([...parts, Buffer.alloc(2 * block)])
}

function header(name: string, size: number, mtime: number): Buffer {
  const bytes = Buffer.alloc(block)
  if (Buffer.byteLength(name) > fields.name[1]) throw new Error(`the name ${name} is too long for an archive`)
  const put = (field: keyof typeof fields, text: string): void => void bytes.write(text, fields[field][0])
  const octal = (value: number, length: number): string =>
    `${Math.floor(value)
      .toString(8)
      .padStart(length - 1, '0')}\0`
  put('name', name)
  put('mode', octal(0o600, 8))
  put('uid', octal(0, 8))
  put('gid', octal(0, 8))
  put('size', octal(size, 12))
  put('mtime', octal(mtime, 12))
  put('type', '0')
  put('magic', 'ustar\x0000')
  put('checksum', ' '.repeat(8))
  put(
    'checksum',
    `${bytes
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
  )
  return bytes
}

/** The files of an archive; folders, links and what else it holds are passed over. @throws Error where it is none, or ends before its end */
export function unpackTar(bytes: Uint8Array): TarFile[] {
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = (at: number, field: keyof typeof fields): string => {
    const [from, length] = fields[field]
    return archive.toString('utf8', at + from, at + from + length).replace(/\0.*$/s, '')
  }
  const files: TarFile[] = []
  for (let at = 0; at + block <= archive.length && archive[at] !== 0;) {
    const size = Number.parseInt(text(at, 'size').trim(), 8)
    const end = at + block + size
    if (text(at, 'magic').slice(0, 5) !== 'ustar' || !(size >= 0) || end > archive.length)
      throw new Error('it is no archive of tar, or it ends before its end')
    if (['', '0'].includes(text(at, 'type')))
      files.push({name: text(at, 'name'), bytes: archive.subarray(at + block, end)})
    at = end + ((block - (size % block)) % block)
  }
  return files
}
