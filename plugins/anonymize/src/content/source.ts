import {createReadStream} from 'node:fs'
import {Readable} from 'node:stream'
import {tooLarge} from 'pmpc/kit/files'
import {refusedFile, unreadable} from '../errors.js'
import type {Source} from './model.js'

/** Bytes of what has to be held in the memory as a whole: an entry of an archive, a database, a bundle. */
export const MOST_HELD = 256 * 2 ** 20

/** A file on the disk. @param path as bytes, as a name may be in no encoding */
export function fileSource(path: string | Buffer, name: string, size: number): Source {
  return {name, size, stream: () => createReadStream(path, {highWaterMark: 2 ** 20})}
}

/** Bytes that are there. */
export function bytesSource(name: string, bytes: Buffer): Source {
  return {name, size: bytes.length, stream: () => Readable.from([bytes], {objectMode: false})}
}

/** What can be read once, with what was read of it already in front. */
export function onceSource(name: string, first: readonly Buffer[], rest: AsyncIterator<Buffer>): Source {
  let taken = false
  return {
    name,
    size: undefined,
    head: Buffer.concat(first),
    stream() {
      if (taken) throw refusedFile(name, 'it is more than can be held, and can be read only once: put it into a file')
      taken = true
      return Readable.from(
        (async function* () {
          yield* first
          for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
        })(),
        {objectMode: false},
      )
    },
  }
}

/** The bytes of a stream, whatever they are. Errors of the file system are told with the name. */
export async function* chunks(source: Source, stream: Readable = source.stream()): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) yield chunk as Buffer
  } catch (error) {
    throw unreadable(source.name, error)
  } finally {
    stream.destroy()
  }
}

/** The first bytes. */
export async function headOf(source: Source, most: number): Promise<Buffer> {
  if (source.head) return source.head.subarray(0, most)
  const parts: Buffer[] = []
  let bytes = 0
  for await (const chunk of chunks(source)) {
    parts.push(chunk)
    bytes += chunk.length
    if (bytes >= most) break
  }
  return Buffer.concat(parts).subarray(0, most)
}

/** All bytes. @throws PMPC_TOO_LARGE */
export async function bytesOfSource(source: Source, most: number = MOST_HELD): Promise<Buffer> {
  const parts: Buffer[] = []
  let bytes = 0
  const refuse = (size: number) => tooLarge(source.name, size, most, [`ls -l ${source.name}`])
  if (source.size !== undefined && source.size > most) throw refuse(source.size)
  for await (const chunk of chunks(source)) {
    bytes += chunk.length
    if (bytes > most) throw refuse(bytes)
    parts.push(chunk)
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
}
