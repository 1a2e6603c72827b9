import {createHash} from 'node:crypto'
import {deflateSync} from 'node:zlib'
import {bytesOfName, nameFromBytes} from '../files/spelling.js'

/** The hash a repository names its objects by (`git rev-parse --show-object-format`). */
export type ObjectFormat = 'sha1' | 'sha256'

/** One entry of a tree. `name` as of `nameFromBytes`; `mode` as Git prints it: 100644, 100755, 120000, 160000, 040000. */
export interface TreeEntry {
  name: string
  mode: string
  oid: string
}

/** A new object that is to be stored. */
export interface NewObject {
  type: 'blob' | 'tree'
  oid: string
  content: Uint8Array
}

/** The mode of a folder within a tree. */
export const treeMode = '040000'

/** The object id that Git gives to these bytes, computed without Git. */
export function hashObject(
  type: 'blob' | 'tree' | 'commit',
  content: Uint8Array,
  format: ObjectFormat = 'sha1',
): string {
  return createHash(format).update(`${type} ${content.length}\0`).update(content).digest('hex')
}

/** The id of a file with exactly these bytes; no filter or line-end conversion is applied. */
export function hashBlob(content: Uint8Array, format: ObjectFormat = 'sha1'): string {
  return hashObject('blob', content, format)
}

/** Reads a tree object: `<mode> <name>\0<raw id>` for each entry. */
export function parseTree(content: Buffer, format: ObjectFormat): TreeEntry[] {
  const width = format === 'sha1' ? 20 : 32
  const entries: TreeEntry[] = []
  for (let at = 0; at < content.length;) {
    const blank = content.indexOf(0x20, at)
    const zero = content.indexOf(0, blank)
    entries.push({
      mode: content.toString('latin1', at, blank).padStart(6, '0'),
      name: nameFromBytes(content.subarray(blank + 1, zero)),
      oid: content.toString('hex', zero + 1, zero + 1 + width),
    })
    at = zero + 1 + width
  }
  return entries
}

/** Writes a tree object. Git sorts by bytes, folders as if their name ended in a slash. */
export function printTree(entries: TreeEntry[]): Buffer {
  const key = (entry: TreeEntry): Buffer => bytesOfName(entry.mode === treeMode ? `${entry.name}/` : entry.name)
  return Buffer.concat(
    entries
      .map((entry) => ({entry, key: key(entry)}))
      .sort((a, b) => Buffer.compare(a.key, b.key))
      .flatMap(({entry}) => [
        Buffer.from(`${entry.mode.replace(/^0/, '')} `),
        bytesOfName(`${entry.name}\0`),
        Buffer.from(entry.oid, 'hex'),
      ]),
  )
}

/**
 * A pack of whole objects for `git unpack-objects`, which stores any number of them in one process.
 * Layout: gitformat-pack(5): "PACK", version 2, count; each object a size in 4 + 7 bits a byte and a zlib stream; a hash.
 */
export function packObjects(objects: NewObject[], format: ObjectFormat): Buffer {
  const header = Buffer.alloc(12)
  header.write('PACK')
  header.writeUInt32BE(2, 4)
  header.writeUInt32BE(objects.length, 8)
  const body = Buffer.concat([
    header,
    // Git compresses again with the user's own level, so none is spent here.
    ...objects.flatMap((object) => [entryHeader(object), deflateSync(object.content, {level: 0})]),
  ])
  return Buffer.concat([body, createHash(format).update(body).digest()])
}

function entryHeader(object: NewObject): Buffer {
  const type = {tree: 2, blob: 3}[object.type]
  const bytes: number[] = []
  let rest = object.content.length
  let byte = (type << 4) | (rest & 15)
  rest = Math.floor(rest / 16)
  while (rest > 0) {
    bytes.push(byte | 0x80)
    byte = rest & 0x7f
    rest = Math.floor(rest / 128)
  }
  bytes.push(byte)
  return Buffer.from(bytes)
}
