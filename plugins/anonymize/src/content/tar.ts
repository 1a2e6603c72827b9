import type {Readable} from 'node:stream'
import type {Header} from 'tar-stream'
import {textOf, bytesOf} from 'pmpc/kit/anonymize'
import {brokenError} from '../errors.js'
import {lookInto, rewritten, unsafeName} from './entries.js'
import {requireFew} from './limits.js'
import type {Format, Look, Pass, Rewriting, Source} from './model.js'
import {MOST_HELD} from './source.js'

/** An entry, with its bytes where it is a file. */
interface Entry {
  header: Partial<Header> & Pick<Header, 'name'>
  bytes: Buffer
}

/** The same as it was read. */
interface Read {
  header: Header
  bytes: Buffer
}

/** An archive of tar. Of what it says of files, names of users and what has no place in POSIX's form are not kept. */
export const tarFormat: Format = {
  async look(source, look) {
    for await (const {header, bytes} of entriesOf(source, look))
      if (header.type === 'file') await lookInto(bytesOf(header.name), bytes, look)
  },
  async rewrite(source, rewriting, write) {
    const {pack} = await import('tar-stream')
    const archive = pack()
    const written = (async () => {
      for await (const part of archive) await write(part as Buffer)
    })()
    written.catch(() => undefined)
    try {
      for await (const entry of entriesOf(source, rewriting)) {
        const kept = await rewrittenEntry(entry, rewriting)
        if (kept) await put(archive, kept)
      }
      archive.finalize()
      await written
    } finally {
      archive.destroy()
    }
  },
}

type Archive = ReturnType<typeof import('tar-stream').pack>

async function put(archive: Archive, {header, bytes}: Entry): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    archive.entry({...header, size: bytes.length}, bytes, (error) => (error ? reject(error) : resolve()))
  })
}

async function rewrittenEntry({header, bytes}: Read, rewriting: Rewriting): Promise<Entry | undefined> {
  const {name, type, linkname} = header
  const {treatment} = rewriting
  const to = (path: string) => textOf(treatment.path(bytesOf(path)))
  const shown = rewriting.shown(bytesOf(name))
  const unsafe = unsafeName(name) ?? unsafeLink(header)
  if (unsafe !== undefined) return void rewriting.leaveOut(shown, unsafe)
  const {mode, mtime, uid, gid} = header
  const kept: Entry['header'] = {name: to(name), type, mode, mtime, uid, gid}
  if (type === 'directory') return {header: kept, bytes: Buffer.alloc(0)}
  if (type === 'symlink' || type === 'link')
    return {header: {...kept, linkname: to(linkname ?? ''), size: 0}, bytes: Buffer.alloc(0)}
  if (type !== 'file') return void rewriting.leaveOut(shown, 'a device or a pipe')
  const content = await rewritten(bytesOf(name), bytes, rewriting)
  return content && {header: {...kept, size: content.length}, bytes: content}
}

/** A link may lead to what lies in the archive, from where it stands. */
function unsafeLink({type, name, linkname}: Header): string | undefined {
  if (type !== 'symlink' && type !== 'link') return undefined
  const target = linkname ?? ''
  const folder = type === 'link' ? [] : name.split('/').slice(0, -1)
  let depth = folder.length
  const leaves = target.split('/').some((part) => {
    if (part === '..') depth--
    else if (part !== '' && part !== '.') depth++
    return depth < 0
  })
  return leaves || /^(?:[/\\]|[A-Za-z]:)/.test(target) || target === ''
    ? 'a link that leads out of the archive'
    : undefined
}

async function* entriesOf(source: Source, pass: Look | Rewriting): AsyncGenerator<Read> {
  const {extract} = await import('tar-stream')
  const archive = extract()
  const stream = source.stream()
  stream.on('error', (error) => archive.destroy(error))
  stream.pipe(archive)
  let count = 0
  try {
    for await (const entry of archive) {
      pass.signal.throwIfAborted()
      requireFew(source.name, ++count)
      const {header} = entry
      const bytes = await bytesOfEntry(entry as unknown as Readable, header, pass)
      if (bytes !== undefined) yield {header, bytes}
    }
  } catch (error) {
    throw told(source, error)
  } finally {
    stream.destroy()
    archive.destroy()
  }
}

async function bytesOfEntry(entry: Readable, {name, size = 0}: Header, pass: Pass): Promise<Buffer | undefined> {
  if (size > MOST_HELD) {
    pass.leaveOut(pass.shown(bytesOf(name)), `larger than ${MOST_HELD / 2 ** 20} MiB`)
    entry.resume()
    return undefined
  }
  const parts: Buffer[] = []
  for await (const part of entry) {
    parts.push(part as Buffer)
    pass.read((part as Buffer).length)
  }
  return Buffer.concat(parts)
}

/** The library's own errors have no code. */
function told(source: Source, error: unknown): unknown {
  const isTheirs =
    error instanceof Error && !('code' in error) && /tar|header|premature|unexpected end/i.test(error.message)
  return isTheirs ? brokenError(source.name, 'the archive is damaged, or ends before its end', error) : error
}
