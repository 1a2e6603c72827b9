import {createReadStream, readdirSync, realpathSync, statSync, type Dirent} from 'node:fs'
import {basename, join, resolve} from 'node:path'
import type {Readable} from 'node:stream'
import {textOf, bytesOf, type ByteString} from 'pmpc/kit/anonymize'
import {clusterOf, LOCAL_FOLDER, LOGS, STATE_FOLDER} from 'pmpc/kit/files'
import {findWorkspace} from 'pmpc/kit/workspace'
import {refusedFile, unreadable} from '../errors.js'
import type {Source} from '../content/model.js'
import {bytesSource, fileSource, onceSource} from '../content/source.js'
import {WHOLE} from '../content/windows.js'

/** A file of what is looked through. */
export interface InputFile {
  /** Its name, in a folder its path from there; bytes. */
  path: ByteString
  source: Source
}

/** What was named to be looked through. */
export interface Input {
  /** Of a folder all its files, else one. */
  isFolder: boolean
  files: InputFile[]
  /** Folders in it, as they may be empty. */
  folders: ByteString[]
  leftOut: {name: ByteString; why: string}[]
  /** It can be read once, and is more than is held in the memory. */
  once: boolean
  /** Where it is on the disk; undefined for what comes by a pipe. */
  place?: string
}

const LOCAL_WORDS: Readonly<
  Record<string, {folder: string; what: string; next: string; isMeant(name: string): boolean}>
> = {
  logs: {
    folder: `${LOCAL_FOLDER}/${LOGS}`,
    what: 'no logs',
    next: 'pmpc status',
    isMeant: (name) => name.endsWith('.jsonl'),
  },
  state: {
    folder: STATE_FOLDER,
    what: 'no recorded state',
    next: 'pmpc sync',
    isMeant: (name) => clusterOf(name) !== undefined,
  },
}

/**
 * Opens what was typed: a file, a folder, `-`, or the words `logs` and `state` for those of the workspace.
 * @param folder against which a path is meant
 * @throws PMPC_ANONYMIZE_FILE, PMPC_NO_WORKSPACE
 */
export async function openInput(typed: string, folder: string): Promise<Input> {
  if (typed === '-') return piped('standard input', process.stdin)
  const word = LOCAL_WORDS[typed]
  if (word && Object.hasOwn(LOCAL_WORDS, typed)) return ofWorkspace(folder, word)
  const path = resolve(folder, typed)
  const stats = (() => {
    try {
      return statSync(path)
    } catch (error) {
      throw unreadable(typed, error)
    }
  })()
  if (stats.isFile()) {
    const file = {path: bytesOf(basename(path)), source: fileSource(path, typed, stats.size)}
    return {isFolder: false, files: [file], folders: [], leftOut: [], once: false, place: path}
  }
  if (stats.isDirectory()) return folderInput(path, typed)
  if (stats.isFIFO() || stats.isSocket()) return piped(typed, createReadStream(path))
  throw refusedFile(typed, 'it is a device')
}

async function ofWorkspace(
  folder: string,
  {folder: inside, what, next, isMeant}: (typeof LOCAL_WORDS)[string],
): Promise<Input> {
  const {root} = findWorkspace(folder)
  const path = join(root, inside)
  const input = statSync(path, {throwIfNoEntry: false})?.isDirectory() ? folderInput(path, inside) : undefined
  const files = input?.files.filter((file) => isMeant(file.path)) ?? []
  if (!input || files.length === 0)
    throw refusedFile(inside, `there is ${what} in this workspace`, {suggestions: [next]})
  return {...input, files, folders: []}
}

/** What comes by a pipe: held as a whole where that is not too much. */
async function piped(name: string, stream: Readable): Promise<Input> {
  const iterator = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  const first: Buffer[] = []
  let bytes = 0
  let ended = false
  while (bytes <= WHOLE && !ended) {
    const next = await iterator.next().catch((error: unknown) => {
      throw unreadable(name, error)
    })
    ended = Boolean(next.done)
    if (next.done) break
    first.push(next.value)
    bytes += next.value.length
  }
  const source = ended ? bytesSource(name, Buffer.concat(first)) : onceSource(name, first, iterator)
  return {isFolder: false, files: [{path: bytesOf(name), source}], folders: [], leftOut: [], once: !ended}
}

const SEPARATOR = Buffer.from('/')

/** All files of a folder. Links are not followed, and what stays with its owner is not among them. */
function folderInput(root: string, typed: string): Input {
  const input: Input = {isFolder: true, files: [], folders: [], leftOut: [], once: false, place: realpathSync(root)}
  const walk = (folder: Buffer, below: ByteString): void => {
    for (const entry of listed(folder, typed)) {
      const name = entry.name.toString('latin1')
      const path = below === '' ? name : `${below}/${name}`
      const absolute = Buffer.concat([folder, SEPARATOR, entry.name])
      const why = keptBack(entry, path)
      if (why !== undefined) input.leftOut.push({name: path, why})
      else if (entry.isDirectory()) {
        input.folders.push(path)
        walk(absolute, path)
      } else {
        const shown = join(typed, textOf(path))
        input.files.push({path, source: fileSource(absolute, shown, statSync(absolute).size)})
      }
    }
  }
  walk(Buffer.from(root), '')
  return input
}

function listed(folder: Buffer, typed: string): Dirent<Buffer>[] {
  try {
    const entries = readdirSync(folder, {withFileTypes: true, encoding: 'buffer'}) as unknown as Dirent<Buffer>[]
    return entries.sort((a, b) => Buffer.compare(a.name, b.name))
  } catch (error) {
    throw unreadable(typed, error)
  }
}

/** Why something in a folder is not handed out, whatever it holds. */
function keptBack(entry: Dirent<Buffer>, path: ByteString): string | undefined {
  if (entry.isSymbolicLink()) return 'a link'
  if (/(?:^|\/)\.git$/.test(path))
    return 'a repository of Git (pmpc anonymize takes a bundle of it: git bundle create FILE --all)'
  if (entry.isDirectory())
    return /(?:^|\/)\.pmpc\/local$/.test(path) ? "this clone's own: logs, and the map" : undefined
  return entry.isFile() ? undefined : 'a device or a pipe'
}
