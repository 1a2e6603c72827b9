import {lstatSync} from 'node:fs'
import type {Stats} from 'node:fs'
import {join} from 'node:path'
import {isPmpcError} from '../errors/index.js'
import {formatRef} from '../resources/refs.js'
import type {Declared, ObjectRef} from '../resources/model.js'
import {readInside} from '../files/inside.js'
import {readKept, writeKept} from '../files/kept.js'
import {blobId, isSettled, isUnchanged, stampOf, type Stamp} from '../files/stamps.js'
import {MANIFESTS} from '../files/names.js'
import {MOST_YAML} from './limits.js'
import {differingByCase, isManifest, listManifests} from './manifest-list.js'
import {duplicate, placeManifests} from './place.js'
import type {Position, Problem, RawManifests} from './place.js'

/** One object's manifest. */
export interface IndexedDocument {
  ref: ObjectRef
  /** Of the file, relative to the workspace, with `/`. */
  path: string
  /** Its number among the file's YAML documents, from 0. */
  index: number
  declared: Declared
  position: Position
}

/** All manifests of a working tree or a revision. */
export interface ManifestIndex {
  /** By `formatRef`, in the order of paths. */
  documents: Map<string, IndexedDocument>
  /** Those that say `absent: true`, likewise. */
  absent: Map<string, IndexedDocument>
  /** Those that say `id: next`, in the order of paths. */
  unmade: (Omit<IndexedDocument, 'ref'> & {cluster: string})[]
  /** In the order of paths and lines. */
  problems: Problem[]
  /** Files that hold nothing but blanks. */
  empty: string[]
  /** Files in which something cannot be told: what is missing in the index may still be declared there. */
  broken: string[]
  /** How many files there are. */
  files: number
}

/** A revision's files, as `listTree` gives them; paths relative to the workspace. */
export interface RevisionSource {
  files: {path: string; oid: string; mode?: string | number}[]
  /** Contents in the order of the ids. */
  readBlobs(oids: string[]): Promise<(Uint8Array | null | undefined)[]>
}

/** The files of the working tree that a kept index follows from. */
type Stamps = Record<string, Stamp>

const NAME = 'manifests'
/** Milliseconds for which nothing but parsing is done. */
const TURN = 100
/** Blobs read at once: few enough to keep memory small. */
const BATCH = 64
/** Entries of other revisions are kept up to this many beside those in use. */
const MOST_UNUSED = 2000

/**
 * Reads all manifests. What was read before is kept: files of the working tree are
 * known by their stat (and by content where that proves nothing), those of a revision by blob id. Never throws for what is in them.
 * @param options.known what was read before, where several indexes are made of one workspace
 * @param options.besides given the paths that are there, the files that count as being in the working tree and are not on the disk
 * @param options.instead texts that count as those of files of the working tree, by path; null: as if there was no file
 */
export async function indexManifests(options: {
  root: string
  clusters: string[]
  source: 'worktree' | RevisionSource
  besides?: (present: ReadonlySet<string>) => Promise<RevisionSource>
  instead?: ReadonlyMap<string, string | null> | undefined
  known?: KnownManifests
}): Promise<ManifestIndex> {
  const {root, clusters, source, besides, instead, known = new KnownManifests(root)} = options
  const run = new IndexRun(root, known)
  const found = source === 'worktree' ? await run.worktree(besides) : await run.revision(source)
  const placed = instead ? await run.instead(found, instead) : found
  known.save()
  return assemble(placed, run.problems, clusters)
}

interface FileReading {
  path: string
  raw: RawManifests
}

/** What was read of manifests, now or earlier. */
export class KnownManifests {
  private stamps: Stamps
  /** By blob id: a revision and the working tree share what is equal. */
  private readonly parsed: Record<string, RawManifests>
  private readonly skew: number
  private readonly used = new Set<string>()
  private isChanged = false

  constructor(private readonly root: string) {
    const kept = readKept<Stamps>({root, name: NAME})
    this.stamps = kept?.about ?? {}
    this.parsed = kept ? (JSON.parse(kept.text) as Record<string, RawManifests>) : {}
    this.skew = kept?.skew ?? 0
  }

  has(oid: string): boolean {
    return Object.hasOwn(this.parsed, oid)
  }

  get(oid: string): RawManifests | undefined {
    this.used.add(oid)
    return this.has(oid) ? this.parsed[oid] : undefined
  }

  add(oid: string, raw: RawManifests): RawManifests {
    this.isChanged = true
    return (this.parsed[oid] = raw)
  }

  /** The stamp of a file, where it proves that nothing has changed since. */
  stampOf(path: string, stats: Stats): Stamp | undefined {
    const stamp = this.stamps[path]
    return stamp && isUnchanged(stamp, stats) && isSettled(stamp, this.skew) ? stamp : undefined
  }

  /** Notes the stamps of all files of the working tree. */
  stamped(stamps: Stamps): void {
    const paths = Object.keys(stamps)
    this.isChanged ||=
      paths.length !== Object.keys(this.stamps).length || paths.some((path) => stamps[path] !== this.stamps[path])
    this.stamps = stamps
  }

  /** Keeps it for the next command. */
  save(): void {
    if (!this.isChanged) return
    const unused = Object.keys(this.parsed).filter((oid) => !this.used.has(oid))
    if (unused.length > MOST_UNUSED + this.used.size) {
      for (const oid of unused.slice(0, unused.length - MOST_UNUSED)) delete this.parsed[oid]
    }
    writeKept<Stamps>({root: this.root, name: NAME}, this.stamps, JSON.stringify(this.parsed))
    this.isChanged = false
  }
}

class IndexRun {
  readonly problems: Problem[] = []
  private turnedAt = Date.now()

  constructor(
    private readonly root: string,
    private readonly known: KnownManifests,
  ) {}

  async worktree(besides?: (present: ReadonlySet<string>) => Promise<RevisionSource>): Promise<FileReading[]> {
    const readings: FileReading[] = []
    const stamps: Record<string, Stamp> = {}
    const {paths, odd} = listManifests(this.root)
    this.problems.push(...odd, ...differingByCase(paths))
    for (const path of paths) {
      const stamp = this.stamp(path)
      if (!stamp) continue
      stamps[path] = stamp.stamp
      readings.push({path, raw: await this.parsed(stamp.stamp.oid, async () => stamp.content ?? this.read(path))})
    }
    this.known.stamped(stamps)
    const absent = besides ? await this.revision(await besides(new Set(paths))) : []
    return absent.length === 0 ? readings : [...readings, ...absent].sort(byPath)
  }

  /** Files with other texts than were found. */
  async instead(found: FileReading[], texts: ReadonlyMap<string, string | null>): Promise<FileReading[]> {
    const readings = found.filter(({path}) => !texts.has(path))
    for (const [path, text] of texts) {
      if (text === null) continue
      const content = Buffer.from(text)
      readings.push({path, raw: await this.parsed(blobId(content), async () => content)})
    }
    return readings.sort(byPath)
  }

  /** What identifies a file's content: the old stamp where it proves that nothing changed, else a new one. */
  private stamp(path: string): {stamp: Stamp; content?: Uint8Array} | undefined {
    const readAt = Date.now()
    try {
      // Its folders were listed just now, so none of them is a link; whoever reads it looks again.
      const stats = lstatSync(join(this.root, path), {throwIfNoEntry: false})
      if (!stats) return undefined
      const known = this.known.stampOf(path, stats)
      if (known) return {stamp: known}
      const content = this.read(path)
      return {stamp: stampOf(stats, readAt, blobId(content)), content}
    } catch (error) {
      const why = isPmpcError(error) ? error.message : ((error as NodeJS.ErrnoException).code ?? 'an error')
      this.problems.push(unreadable(path, why))
      return undefined
    }
  }

  private read(path: string): Uint8Array {
    return readInside(this.root, path, MOST_YAML) ?? new Uint8Array()
  }

  async revision({files, readBlobs}: RevisionSource): Promise<FileReading[]> {
    const manifests = files.filter(({path}) => path.startsWith(`${MANIFESTS}/`) && isManifest(path))
    const regular = manifests.filter(({mode}) => mode === undefined || /^0*100/.test(modeText(mode)))
    const missing = [...new Set(regular.map(({oid}) => oid))].filter((oid) => !this.known.has(oid))
    for (let i = 0; i < missing.length; i += BATCH) {
      const batch = missing.slice(i, i + BATCH)
      const contents = await readBlobs(batch).catch(async () => this.oneByOne(batch, regular, readBlobs))
      for (const [at, oid] of batch.entries()) await this.parsed(oid, async () => contents[at] ?? new Uint8Array())
    }
    const sorted = regular.toSorted(byPath)
    return Promise.all(
      sorted.map(async ({path, oid}) => ({path, raw: await this.parsed(oid, async () => new Uint8Array())})),
    )
  }

  /** One of them cannot be read: it is told, and the others are still known. */
  private async oneByOne(
    oids: string[],
    files: RevisionSource['files'],
    readBlobs: RevisionSource['readBlobs'],
  ): Promise<(Uint8Array | null | undefined)[]> {
    const contents: (Uint8Array | null | undefined)[] = []
    for (const oid of oids) {
      const [content] = await readBlobs([oid]).catch((error: unknown) => {
        if (!isPmpcError(error) || error.code !== 'PMPC_TOO_LARGE') throw error
        const {path} = files.find((file) => file.oid === oid)!
        this.problems.push(unreadable(path, error.message))
        return [undefined]
      })
      contents.push(content)
    }
    return contents
  }

  private async parsed(oid: string, content: () => Promise<Uint8Array>): Promise<RawManifests> {
    const known = this.known.get(oid)
    if (known) return known
    // Parsing waits for nothing: without a turn of the event loop now and then nobody could interrupt it.
    if (Date.now() - this.turnedAt > TURN) {
      await new Promise((resolve) => setImmediate(resolve))
      this.turnedAt = Date.now()
    }
    return this.known.add(oid, await parse(await content()))
  }
}

/** Positions of fields are left out, but the one that `placeManifests` needs. */
async function parse(content: Uint8Array): Promise<RawManifests> {
  if (content.length > MOST_YAML) return {documents: [], problems: [tooLong], empty: false, broken: true}
  const text = decodeText(content)
  if (text === undefined) return {documents: [], problems: [notUtf8], empty: false, broken: true}
  const {readManifests} = await import('./manifests.js')
  const raw = readManifests(text)
  for (const document of raw.documents) {
    const {cluster} = document.positions
    document.positions = cluster ? {cluster} : {}
  }
  return raw
}

const tooLong = {
  severity: 'error',
  code: 'too-large',
  message: `the file has more than ${MOST_YAML / 2 ** 20} MiB`,
  line: 1,
  column: 1,
} as const
const notUtf8 = {severity: 'error', code: 'encoding', message: 'the file is not UTF-8', line: 1, column: 1} as const

/** A text with its byte order mark; undefined where the bytes are not UTF-8. */
function decodeText(content: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(content)
  } catch {
    return undefined
  }
}

function assemble(readings: FileReading[], problems: Problem[], clusters: string[]): ManifestIndex {
  const index: ManifestIndex = {
    documents: new Map(),
    absent: new Map(),
    unmade: [],
    problems: [],
    empty: [],
    broken: problems.filter(({severity}) => severity === 'error').map(({path}) => path),
    files: readings.length,
  }
  for (const {path, raw} of readings) {
    const placed = placeManifests(raw, path, clusters)
    problems.push(...placed.problems)
    if (placed.empty) index.empty.push(path)
    if (placed.broken) index.broken.push(path)
    for (const {ref, index: number, declared, position} of [...placed.documents, ...placed.absent]) {
      const name = formatRef(ref)
      const first = index.documents.get(name) ?? index.absent.get(name)
      const into = declared.absent ? index.absent : index.documents
      if (first) problems.push(duplicate(name, path, position, `${first.path}, line ${first.position.line}`))
      else into.set(name, {ref, path, index: number, declared, position})
    }
    for (const {index: number, cluster, declared, position} of placed.unmade)
      index.unmade.push({cluster, path, index: number, declared, position})
  }
  index.problems = problems.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line))
  return index
}

function byPath(a: {path: string}, b: {path: string}): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0
}

function modeText(mode: string | number): string {
  return typeof mode === 'number' ? mode.toString(8) : mode
}

function unreadable(path: string, why: string): Problem {
  return {severity: 'error', code: 'unreadable', message: `the file cannot be read: ${why}`, path, line: 1, column: 1}
}
