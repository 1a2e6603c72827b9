import type {Readable} from 'node:stream'
import type {Entry, ZipFile} from 'yauzl'
import {textOf, type ByteString} from 'pmpc/kit/anonymize'
import {bombError, brokenError} from '../errors.js'
import {lookInto, rewritten, unsafeName} from './entries.js'
import {requireFew, Unpacking} from './limits.js'
import type {Format, Look, Rewriting, Source} from './model.js'
import {bytesOfSource, MOST_HELD} from './source.js'

/** An archive of zip. Comments and what makers of archives add to entries are not kept. */
export const zipFormat: Format = {
  async look(source, look) {
    for await (const {name, bytes} of filesOf(source, look)) if (bytes) await lookInto(name, bytes, look)
  },
  async rewrite(source, rewriting, write) {
    const {ZipFile} = await import('yazl')
    const archive = new ZipFile()
    const written = (async () => {
      for await (const part of archive.outputStream as unknown as Readable) await write(part as Buffer)
    })()
    written.catch(() => undefined)
    for await (const {name, bytes, mtime, mode} of filesOf(source, rewriting)) {
      const to = textOf(rewriting.treatment.path(name))
      if (bytes === undefined) archive.addEmptyDirectory(to, {mtime})
      else {
        const content = await rewritten(name, bytes, rewriting)
        if (content) archive.addBuffer(content, to, {mtime, ...(mode !== undefined && {mode})})
      }
    }
    archive.end()
    await written
  },
}

/** A file or, without bytes, a folder. */
interface FileEntry {
  /** UTF-8. */
  name: ByteString
  bytes: Buffer | undefined
  mtime: Date
  mode: number | undefined
}

const UNIX = 3
const KIND = 0o170000
const REGULAR = 0o100000
const LINK = 0o120000

async function* filesOf(source: Source, pass: Look | Rewriting): AsyncGenerator<FileEntry> {
  const packed = await bytesOfSource(source)
  const archive = await opened(source, packed)
  requireFew(source.name, archive.entryCount)
  const unpacking = new Unpacking(source.name, () => packed.length)
  try {
    for await (const entry of entriesOf(archive)) {
      pass.signal.throwIfAborted()
      const name = nameOf(entry)
      const why = unsafeName(name) ?? unreadable(entry)
      if (why !== undefined) {
        pass.leaveOut(pass.shown(name), why)
        continue
      }
      const mode = entry.versionMadeBy >>> 8 === UNIX ? entry.externalFileAttributes >>> 16 : 0
      const common = {name, mtime: entry.getLastModDate(), mode: (mode & KIND) === REGULAR ? mode : undefined}
      if (name.endsWith('/')) yield {...common, bytes: undefined}
      else {
        unpacking.add(entry.uncompressedSize)
        const bytes = await bytesIn(archive, entry)
        pass.read(bytes.length)
        yield {...common, bytes}
      }
    }
  } catch (error) {
    throw told(source, error)
  } finally {
    archive.close()
  }
}

/** Why an entry is not read. */
function unreadable(entry: Entry): string | undefined {
  const mode = entry.versionMadeBy >>> 8 === UNIX ? (entry.externalFileAttributes >>> 16) & KIND : 0
  if (mode === LINK) return 'a link'
  if (entry.isEncrypted()) return 'encrypted'
  if (!entry.canDecodeFileData()) return 'compressed in a way that is not known'
  return entry.uncompressedSize > MOST_HELD ? `larger than ${MOST_HELD / 2 ** 20} MiB` : undefined
}

/** Names without the mark of UTF-8 are in whatever their maker had; as bytes they stay what they are. */
function nameOf(entry: Entry): ByteString {
  return (entry.fileName as unknown as Buffer).toString('latin1')
}

async function opened(source: Source, bytes: Buffer): Promise<ZipFile> {
  const {fromBuffer} = await import('yauzl')
  const options = {lazyEntries: true, decodeStrings: false, validateEntrySizes: true, autoClose: false} as const
  return new Promise((resolve, reject) => {
    fromBuffer(bytes, options, (error, archive) => (error ? reject(told(source, error)) : resolve(archive)))
  })
}

async function* entriesOf(archive: ZipFile): AsyncGenerator<Entry> {
  for (;;) {
    const entry = await new Promise<Entry | undefined>((resolve, reject) => {
      archive.once('entry', resolve)
      archive.once('end', () => resolve(undefined))
      archive.once('error', reject)
      archive.readEntry()
    })
    archive.removeAllListeners()
    if (entry === undefined) return
    yield entry
  }
}

async function bytesIn(archive: ZipFile, entry: Entry): Promise<Buffer> {
  const stream = await new Promise<Readable>((resolve, reject) => {
    archive.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened)))
  })
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

/** The library's own errors, and zlib's. */
function told(source: Source, error: unknown): unknown {
  const {code, message = ''} = error as {code?: string; message?: string}
  if (/too many bytes|not enough bytes/.test(message)) return bombError(source.name, 'holds more or less than it says')
  if (code === undefined || code.startsWith('Z_'))
    return brokenError(source.name, 'the archive is damaged, or ends before its end', error)
  return error
}
