import {createHash} from 'node:crypto'
import {inflateSync} from 'node:zlib'
import {brokenError} from '../errors.js'
import {Unpacking} from './limits.js'

/**
 * Git's packs, read in memory: a repository made of them would put what they hold on the disk. gitformat-pack(5).
 */

/** An object of Git's. */
export interface GitObject {
  type: 'commit' | 'tree' | 'blob' | 'tag'
  content: Buffer
}

/** How objects are named: by SHA-1, or SHA-256. */
export type Hash = 'sha1' | 'sha256'

export const OID_BYTES = {sha1: 20, sha256: 32} as const

const types = {1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag'} as const
const OFFSET_DELTA = 6
const NAMED_DELTA = 7

/** An object as it stands in the pack. */
interface Packed {
  type: number
  /** Where the object stands from which a delta is taken, or its name. */
  base?: number | string
  data: Buffer
}

/** Objects of a pack by their names. */
export class Pack {
  private readonly at = new Map<number, Packed>()
  private readonly offsets = new Map<string, number>()
  /** What was put together last: deltas are taken from what was taken from others. */
  private readonly recent = new Map<number, GitObject>()
  private held = 0

  /** @throws PMPC_ANONYMIZE_BROKEN, PMPC_ANONYMIZE_BOMB */
  constructor(
    private readonly name: string,
    private readonly bytes: Buffer,
    private readonly hash: Hash,
  ) {
    try {
      this.readAll()
    } catch (error) {
      if (error instanceof RangeError || String((error as NodeJS.ErrnoException).code).startsWith('Z_'))
        throw this.broken()
      throw error
    }
  }

  /** @throws PMPC_ANONYMIZE_BROKEN where it is not there */
  object(oid: string): GitObject {
    const offset = this.offsets.get(oid)
    if (offset === undefined) throw this.broken('an object is missing in it')
    return this.resolved(offset)
  }

  private readAll(): void {
    const {bytes} = this
    if (bytes.toString('latin1', 0, 4) !== 'PACK') throw this.broken()
    const count = bytes.readUInt32BE(8)
    const unpacking = new Unpacking(this.name, () => bytes.length)
    for (let [seen, offset] = [0, 12]; seen < count; seen++) offset = this.readOne(offset, unpacking)
    const later: number[] = []
    for (const offset of this.at.keys()) if (!this.tryName(offset)) later.push(offset)
    // A delta may be taken from what stands behind it.
    for (let left = later; left.length > 0;) {
      const next = left.filter((offset) => !this.tryName(offset))
      if (next.length === left.length) throw this.broken('an object is missing in it')
      left = next
    }
  }

  private readOne(start: number, unpacking: Unpacking): number {
    const {bytes} = this
    let at = start
    let byte = bytes.readUInt8(at++)
    const type = (byte >> 4) & 7
    while (byte & 0x80) byte = bytes.readUInt8(at++)
    let base: number | string | undefined
    if (type === OFFSET_DELTA) {
      byte = bytes.readUInt8(at++)
      let back = byte & 0x7f
      while (byte & 0x80) {
        byte = bytes.readUInt8(at++)
        back = (back + 1) * 128 + (byte & 0x7f)
      }
      base = start - back
    } else if (type === NAMED_DELTA) {
      base = bytes.toString('hex', at, at + OID_BYTES[this.hash])
      at += OID_BYTES[this.hash]
    }
    const {buffer, engine} = inflateSync(bytes.subarray(at), {
      info: true,
      maxOutputLength: MOST_OBJECT,
    } as never) as unknown as {
      buffer: Buffer
      engine: {bytesWritten: number}
    }
    unpacking.add(buffer.length)
    this.at.set(start, {type, data: buffer, ...(base !== undefined && {base})})
    return at + engine.bytesWritten
  }

  /** False where what it is taken from has no name yet. */
  private tryName(offset: number): boolean {
    const object = this.tryResolve(offset)
    if (!object) return false
    const oid = createHash(this.hash)
      .update(`${object.type} ${object.content.length}\0`)
      .update(object.content)
      .digest('hex')
    this.offsets.set(oid, offset)
    return true
  }

  private resolved(offset: number): GitObject {
    const object = this.tryResolve(offset)
    if (!object) throw this.broken('an object is missing in it')
    return object
  }

  private tryResolve(offset: number): GitObject | undefined {
    const deltas: [number, Buffer][] = []
    let object: GitObject | undefined
    for (let at: number | undefined = offset; !object;) {
      const packed: Packed | undefined = at === undefined ? undefined : this.at.get(at)
      if (at === undefined || !packed || deltas.length > MOST_DELTAS) return undefined
      object = this.recent.get(at)
      if (object) break
      if (packed.base === undefined) {
        const type = types[packed.type as keyof typeof types]
        if (type === undefined) throw this.broken()
        object = {type, content: packed.data}
      } else {
        deltas.push([at, packed.data])
        at = typeof packed.base === 'number' ? packed.base : this.offsets.get(packed.base)
      }
    }
    for (const [at, delta] of deltas.reverse()) {
      object = {type: object.type, content: applied(object.content, delta)}
      this.keep(at, object)
    }
    return object
  }

  private keep(offset: number, object: GitObject): void {
    this.recent.set(offset, object)
    this.held += object.content.length
    for (const [first, {content}] of this.recent) {
      if (this.held <= MOST_KEPT) return
      this.recent.delete(first)
      this.held -= content.length
    }
  }

  private broken(what = 'its pack is damaged') {
    return brokenError(this.name, what)
  }
}

const MOST_OBJECT = 256 * 2 ** 20
const MOST_KEPT = 64 * 2 ** 20
/** Git makes chains of 50, and follows up to 4095. */
const MOST_DELTAS = 4095

/** What a delta makes of what it was taken from. @throws RangeError */
function applied(base: Buffer, delta: Buffer): Buffer {
  let at = 0
  const size = (): number => {
    let [value, factor] = [0, 1]
    for (;;) {
      const byte = delta.readUInt8(at++)
      value += (byte & 0x7f) * factor
      if (!(byte & 0x80)) return value
      factor *= 128
    }
  }
  size()
  const length = size()
  if (length > MOST_OBJECT) throw new RangeError('too large')
  const parts: Buffer[] = []
  while (at < delta.length) {
    const op = delta.readUInt8(at++)
    if (op & 0x80) {
      const number = (bits: number, from: number): number => {
        let value = 0
        for (let bit = 0; bit < bits; bit++) if (op & (1 << (from + bit))) value += delta.readUInt8(at++) * 256 ** bit
        return value
      }
      const offset = number(4, 0)
      const count = number(3, 4) || 0x10000
      if (offset + count > base.length) throw new RangeError('beyond its end')
      parts.push(base.subarray(offset, offset + count))
    } else {
      if (op === 0 || at + op > delta.length) throw new RangeError('beyond its end')
      parts.push(delta.subarray(at, at + op))
      at += op
    }
  }
  const content = Buffer.concat(parts)
  if (content.length !== length) throw new RangeError('of another length')
  return content
}
