import type {ByteString} from 'pmpc/kit/anonymize'
import {binaryError, brokenError} from '../errors.js'
import {OID_BYTES, Pack, type Hash} from './pack.js'

/** A bundle of Git's: names, and a pack with all that they lead to. gitformat-bundle(5). */
export interface History {
  hash: Hash
  refs: {oid: string; name: ByteString}[]
  pack: Pack
  /** Parents before children. */
  commits: Commit[]
}

export interface Commit {
  oid: string
  tree: string
  parents: string[]
  /** `Ada <ada@example.org> 1700000000 +0100` */
  author: ByteString
  committer: ByteString
  encoding?: ByteString
  message: ByteString
}

/** Reads a bundle. @throws PMPC_ANONYMIZE_BROKEN, PMPC_ANONYMIZE_BINARY for one that needs a repository to be understood */
export function readHistory(name: string, bytes: Buffer): History {
  const end = bytes.indexOf('\n\n')
  if (end < 0) throw brokenError(name, 'it ends in its head')
  const [, ...lines] = bytes.toString('latin1', 0, end).split('\n')
  const told = lines.filter((line) => line.startsWith('@'))
  const hash: Hash = told.includes('@object-format=sha256') ? 'sha256' : 'sha1'
  if (told.some((line) => !/^@object-format=sha(?:1|256)$/.test(line)) || lines.some((line) => line.startsWith('-')))
    throw binaryError(
      name,
      'a bundle that holds a part of a history only (git bundle create FILE --all holds all of it)',
    )
  const refs = lines.filter((line) => !line.startsWith('@')).map((line) => refIn(name, line))
  const pack = new Pack(name, bytes.subarray(end + 2), hash)
  return {
    hash,
    refs,
    pack,
    commits: commitsOf(
      refs.map(({oid}) => oid),
      pack,
    ),
  }
}

function refIn(name: string, line: string): {oid: string; name: ByteString} {
  const [, oid, ref] = /^([0-9a-f]{40,64}) (\S+)$/.exec(line) ?? []
  if (oid === undefined || ref === undefined) throw brokenError(name, 'its head is damaged')
  return {oid, name: ref}
}

/** The commits that names lead to, parents first. */
function commitsOf(heads: string[], pack: Pack): Commit[] {
  const commits: Commit[] = []
  const done = new Set<string>()
  const read = new Map<string, Commit>()
  const stack = heads.flatMap((oid) => commitOf(oid, pack) ?? []).reverse()
  while (stack.length > 0) {
    const oid = stack.at(-1)!
    const commit = read.get(oid) ?? parsedCommit(oid, pack.object(oid).content)
    read.set(oid, commit)
    const missing = done.has(oid) ? [] : commit.parents.filter((parent) => !done.has(parent))
    if (missing.length > 0) stack.push(...missing.reverse())
    else {
      stack.pop()
      read.delete(oid)
      if (!done.has(oid)) commits.push(commit)
      done.add(oid)
    }
  }
  return commits
}

/** What a name leads to, through tags; undefined where that is no commit. */
export function commitOf(oid: string, pack: Pack): string | undefined {
  const {type, content} = pack.object(oid)
  if (type === 'commit') return oid
  const target = type === 'tag' ? /^object ([0-9a-f]+)$/m.exec(content.toString('latin1', 0, 200))?.[1] : undefined
  return target === undefined ? undefined : commitOf(target, pack)
}

/** The lines in front of a message, with what goes on in further lines; and the message. */
export function headed(content: Buffer): {lines: [key: string, value: ByteString][]; message: ByteString} {
  const text = content.toString('latin1')
  const end = text.indexOf('\n\n')
  const head = (end < 0 ? text : text.slice(0, end)).replaceAll('\n ', '\0').split('\n')
  const lines = head.map((line): [string, ByteString] => {
    const blank = line.indexOf(' ')
    return [line.slice(0, blank), line.slice(blank + 1)]
  })
  return {lines, message: end < 0 ? '' : text.slice(end + 2)}
}

function parsedCommit(oid: string, content: Buffer): Commit {
  const {lines, message} = headed(content)
  const all = (key: string) => lines.filter(([name]) => name === key).map(([, value]) => value)
  const [encoding] = all('encoding')
  return {
    oid,
    tree: all('tree')[0] ?? '',
    parents: all('parent'),
    author: all('author')[0] ?? '',
    committer: all('committer')[0] ?? '',
    ...(encoding !== undefined && {encoding}),
    message,
  }
}

/** A file of a tree: its mode as Git writes it, and the name of its bytes. */
export interface TreeFile {
  mode: string
  oid: string
}

/** Files of trees, by their paths. Folders that are the same are read once. */
export class Trees {
  private readonly known = new Map<string, ReadonlyMap<ByteString, TreeFile>>()

  constructor(private readonly history: Pick<History, 'hash' | 'pack'>) {}

  files(tree: string): ReadonlyMap<ByteString, TreeFile> {
    const known = this.known.get(tree)
    if (known) return known
    const files = new Map<ByteString, TreeFile>()
    for (const [name, file] of this.entries(tree)) {
      if (file.mode !== FOLDER) files.set(name, file)
      else for (const [inner, below] of this.files(file.oid)) files.set(`${name}/${inner}`, below)
    }
    if (this.known.size > MOST_KNOWN) this.known.clear()
    this.known.set(tree, files)
    return files
  }

  private *entries(tree: string): Generator<[ByteString, TreeFile]> {
    const {content} = this.history.pack.object(tree)
    const length = OID_BYTES[this.history.hash]
    for (let at = 0; at < content.length;) {
      const [blank, zero] = [content.indexOf(32, at), content.indexOf(0, at)]
      const oid = content.toString('hex', zero + 1, zero + 1 + length)
      yield [content.toString('latin1', blank + 1, zero), {mode: content.toString('latin1', at, blank), oid}]
      at = zero + 1 + length
    }
  }
}

const FOLDER = '40000'
const MOST_KNOWN = 5000

/** What differs between two trees: files that are new or others, and paths that are gone. */
export function differences(
  before: ReadonlyMap<ByteString, TreeFile>,
  after: ReadonlyMap<ByteString, TreeFile>,
): {changed: [ByteString, TreeFile][]; gone: ByteString[]} {
  const isSame = (path: ByteString, {mode, oid}: TreeFile) => {
    const old = before.get(path)
    return old?.oid === oid && old.mode === mode
  }
  return {
    changed: [...after].filter(([path, file]) => !isSame(path, file)),
    gone: [...before.keys()].filter((path) => !after.has(path)),
  }
}

/** Who a line of a commit names; undefined where it is in no form that Git writes. */
export function personIn(line: ByteString): {name: ByteString; mail: ByteString; when: string} | undefined {
  const [, name, mail, when] = /^(.*?) ?<([^<>\n]*)> (-?\d+ [-+]\d{4})$/.exec(line) ?? []
  return name === undefined || mail === undefined || when === undefined ? undefined : {name, mail, when}
}
