import {MANIFESTS, statePath} from '../files/names.js'
import {readKept, writeKept} from '../files/kept.js'
import type {Repository} from '../git/index.js'
import {formatField, formatRef, localKey} from '../resources/index.js'
import type {Declared, Field, ObjectRef, Observed, Value} from '../resources/index.js'
import {readObject, readState} from '../state/index.js'
import {manifestTools} from '../workspace/index.js'
import {isManifest} from '../workspace/manifest-list.js'
import type {History} from './agreement.js'
import {digestOf, getField, placesAbove} from './fields.js'
import type {Document} from './fields.js'
import {declaredDocument, observedDocument, present} from './documents.js'
import {same} from './pairs.js'

/** Where to look. */
export interface Past {
  repository: Repository
  root: string
  clusters: string[]
  /** The commit to begin with; null: there is none. */
  head: string | null
  /** What the workspace's folder is called in the repository: `` or `sub/folder/`. */
  prefix: string
  /** Where HEAD declares an object, or says that it is to be absent. */
  pathOf(ref: ObjectRef): string | undefined
}

/** What a walk found, and from which commit it was made: a later walk ends where it comes to that commit. */
interface Found<T> {
  at: string
  result: T
}

/** Walks that are remembered, the last used last. */
const most = 5000
const KEEP = 'agreed'

/** What to do at a commit: go on to its parents, leave them out, or end with what was found. */
type Look<T> = (commit: Commit) => Promise<'on' | 'stop' | {result: T}>

interface Commit {
  oid: string
  parents: string[]
  /** The tree of all manifests. */
  infra: string | undefined
  /** The blob of each cluster's state. */
  states: Map<string, string>
}

/** What a manifest says, by `formatRef`. */
interface Manifest {
  documents: ReadonlyMap<string, Declared>
  /** What is to be absent. */
  absent: ReadonlySet<string>
}

/**
 * What HEAD's history tells, read from Git commit by commit and no further than it must be. What was found is kept, so that a value that
 * stands for months is not walked back to its beginning each time.
 */
export class GitHistory implements History {
  private readonly commits = new Map<string, Promise<Commit | null>>()
  private readonly trees = new Map<string, ReturnType<Repository['tree']>>()
  private readonly manifests = new Map<string, Promise<Manifest>>()
  private readonly rows = new Map<string, Promise<Observed | undefined>>()
  private readonly asked = new Map<string, number>()
  private readonly wholes = new Map<string, Promise<Map<string, Observed>>>()
  private readonly kept: Map<string, Found<unknown>>
  private isChanged = false
  private headBlobs: Promise<Set<string>> | undefined

  constructor(private readonly past: Past) {
    const kept = readKept({root: past.root, name: KEEP})
    this.kept = new Map(kept ? (JSON.parse(kept.text) as [string, Found<unknown>][]) : [])
  }

  async agreed(ref: ObjectRef, field: Field | undefined, value: Value | null): Promise<boolean | 'cut'> {
    // Where HEAD lacks a place as a whole, one that was there without this part left it to PVE, and did not hold that it is absent.
    const place = field?.element === undefined && field && value === null ? placesAbove(field)[0] : undefined
    const gone = place && (await this.isGone(ref, place)) ? place : undefined
    const key = `${formatRef(ref)} ${field ? formatField(field) : ''} ${JSON.stringify(value)}${gone ? ' gone' : ''}`
    return this.walk<boolean>(key, false, async (commit) => {
      const declared = await this.declared(commit, ref)
      const document = declared && declaredDocument(declared)
      const is = field ? document && (getField(document, field) ?? null) : document ? present : null
      if (is === undefined || !same(is, value)) return 'stop'
      if (gone && getField(document, gone) !== undefined) return 'stop'
      const row = await this.observed(commit, ref)
      if (!field) return (row ? present : null) === value ? {result: true} : 'on'
      return row && same(getField(observedDocument(row, declared), field), value) ? {result: true} : 'on'
    })
  }

  /** Whether HEAD declares an object without this place. */
  private async isGone(ref: ObjectRef, place: Field): Promise<boolean> {
    const head = this.past.head === null ? null : await this.commit(this.past.head)
    const declared = head ? await this.declared(head, ref) : undefined
    return declared !== undefined && getField(declaredDocument(declared), place) === undefined
  }

  async documentBefore(
    ref: ObjectRef,
    field: Field,
    value: Value | null,
    digest: string,
  ): Promise<Document | undefined | 'cut'> {
    const key = `${formatRef(ref)} ${formatField(field)} ${JSON.stringify(value)} after ${digest}`
    const {head} = this.past
    const known = this.kept.get(key) as Found<Document | null> | undefined
    if (head === null || known?.at === head) return known?.result ?? undefined
    const documentOf = async (commit: Commit) => {
      const declared = await this.declared(commit, ref)
      return declared && declaredDocument(declared)
    }
    const holds = async (commit: Commit) => {
      const document = await documentOf(commit)
      return document !== undefined && same(getField(document, field), value)
    }
    let found: Document | undefined
    let isCut = false
    const isEverywhere = await this.search<boolean>([head], true, async (commit) => {
      if (!(await holds(commit))) return 'stop'
      const parents = await Promise.all(commit.parents.map((oid) => this.commit(oid)))
      const isHeldBefore = await Promise.all(parents.map((parent) => parent === null || holds(parent)))
      if (isHeldBefore.includes(true)) return 'on'
      // Here the value came about.
      const before = await this.search<Document | null>(commit.parents, null, async (earlier) => {
        const document = await documentOf(earlier)
        return document && digestOf(document) === digest ? {result: document} : 'on'
      })
      if (before === null) return {result: false}
      if (before === 'cut') isCut = true
      else found = before
      return 'stop'
    })
    if (isEverywhere === 'cut' || (isEverywhere && isCut)) return 'cut'
    return this.found(key, head, isEverywhere ? (found ?? null) : null) ?? undefined
  }

  /**
   * The commit in which HEAD's value of a field came about (null: in which it was taken out), the nearest where there are several; of no field, the
   * document. In a shallow clone the first that is there may stand for it. Undefined where HEAD says something else.
   */
  async origin(ref: ObjectRef, field: Field | undefined, value: Value | null): Promise<string | undefined> {
    const key = `${formatRef(ref)} ${field ? formatField(field) : ''} ${JSON.stringify(value)} from`
    const {head} = this.past
    if (head === null) return undefined
    const known = this.kept.get(key) as Found<string | null> | undefined
    if (known?.at === head) return known.result ?? undefined
    const holds = async (commit: Commit) => {
      const declared = await this.declared(commit, ref)
      if (!field) return (declared ? present : null) === value
      return same(declared ? (getField(declaredDocument(declared), field) ?? null) : null, value)
    }
    const found = await this.search<string | null>([head], null, async (commit) => {
      if (!(await holds(commit))) return 'stop'
      const parents = await Promise.all(commit.parents.map((oid) => this.commit(oid)))
      const areHolding = await Promise.all(parents.map((parent) => parent !== null && holds(parent)))
      return areHolding.includes(true) ? 'on' : {result: commit.oid}
    })
    return this.found(key, head, found === 'cut' ? null : found) ?? undefined
  }

  /**
   * The commit since which HEAD says that an object is to be absent, the nearest where there are several, with the object as it was recorded then; undefined: HEAD does not say so.
   * In a shallow clone as `origin`.
   */
  async wishedAway(ref: ObjectRef): Promise<{commit: string; observed: Observed | undefined} | undefined> {
    const {head} = this.past
    if (head === null) return undefined
    const object = formatRef(ref)
    const says = async (commit: Commit) =>
      (await this.said(commit, ref, ({absent}) => absent.has(object) || undefined)) === true
    const found = await this.search<Commit | null>([head], null, async (commit) => {
      if (!(await says(commit))) return 'stop'
      const parents = await Promise.all(commit.parents.map((oid) => this.commit(oid)))
      const areSaying = await Promise.all(parents.map((parent) => parent !== null && says(parent)))
      return areSaying.includes(true) ? 'on' : {result: commit}
    })
    if (found === null || found === 'cut') return undefined
    return {commit: found.oid, observed: await this.observed(found, ref)}
  }

  /** Keeps what was found. */
  keep(): void {
    if (!this.isChanged) return
    const entries = [...this.kept].slice(-most)
    writeKept({root: this.past.root, name: KEEP}, {}, JSON.stringify(entries))
    this.isChanged = false
  }

  /** As `search` from HEAD, and what was found is remembered. */
  private async walk<T>(key: string, nothing: T, look: Look<T>): Promise<T | 'cut'> {
    const {head} = this.past
    if (head === null) return nothing
    const result = await this.search([head], nothing, look, this.kept.get(key) as Found<T> | undefined)
    return result === 'cut' ? 'cut' : this.found(key, head, result)
  }

  /** Breadth first over all parents, until something is found; `nothing` where nothing is. */
  private async search<T>(starts: string[], nothing: T, look: Look<T>, known?: Found<T>): Promise<T | 'cut'> {
    const queue = [...starts]
    const seen = new Set(queue)
    let isCut = false
    for (let oid = queue.shift(); oid !== undefined; oid = queue.shift()) {
      if (known?.at === oid) {
        if (!same(known.result as Value, nothing as Value)) return known.result
        continue
      }
      const commit = await this.commit(oid)
      if (!commit) {
        isCut = true
        continue
      }
      const what = await look(commit)
      if (typeof what === 'object') return what.result
      if (what === 'stop') continue
      for (const parent of commit.parents) {
        if (seen.has(parent)) continue
        seen.add(parent)
        queue.push(parent)
      }
    }
    return isCut ? 'cut' : nothing
  }

  private found<T>(key: string, at: string, result: T): T {
    if (this.kept.get(key)?.at !== at) this.isChanged = true
    this.kept.delete(key)
    this.kept.set(key, {at, result})
    return result
  }

  private async commit(oid: string): Promise<Commit | null> {
    const known = this.commits.get(oid) ?? this.readCommit(oid)
    this.commits.set(oid, known)
    return known
  }

  private async readCommit(oid: string): Promise<Commit | null> {
    const {repository, prefix, clusters} = this.past
    const commit = await repository.commit(oid)
    if (!commit) return null
    const at = async (path: string) => this.entry(commit.tree, `${prefix}${path}`)
    const states = new Map<string, string>()
    for (const cluster of clusters) {
      const blob = await at(statePath(cluster))
      if (blob) states.set(cluster, blob)
    }
    return {oid, parents: commit.parents, infra: await at(MANIFESTS), states}
  }

  /** Id of what stands at a path below a tree. */
  private async entry(tree: string, path: string): Promise<string | undefined> {
    let at: string | undefined = tree
    for (const name of path.split('/')) {
      if (at === undefined) return undefined
      at = (await this.tree(at)).find((entry) => entry.name === name)?.oid
    }
    return at
  }

  private async tree(oid: string): ReturnType<Repository['tree']> {
    const known = this.trees.get(oid) ?? this.past.repository.tree(oid)
    this.trees.set(oid, known)
    return known
  }

  private async declared(commit: Commit, ref: ObjectRef): Promise<Declared | undefined> {
    const object = formatRef(ref)
    return this.said(commit, ref, ({documents}) => documents.get(object))
  }

  /** What a commit says of an object: looked for where HEAD says anything of it, then in all that HEAD has not. */
  private async said<T>(
    {infra}: Commit,
    ref: ObjectRef,
    of: (manifest: Manifest) => T | undefined,
  ): Promise<T | undefined> {
    if (infra === undefined) return undefined
    const path = this.past.pathOf(ref)
    if (path !== undefined) {
      const blob = await this.entry(infra, path.slice(MANIFESTS.length + 1))
      const found = blob === undefined ? undefined : of(await this.parsed(blob, path))
      if (found !== undefined) return found
    }
    const inHead = await (this.headBlobs ??= this.blobsOfHead())
    const own = path === undefined ? undefined : await this.blobAt(path)
    for (const file of await this.files(infra, MANIFESTS)) {
      if (inHead.has(file.oid) && file.oid !== own) continue
      const found = of(await this.parsed(file.oid, file.path))
      if (found !== undefined) return found
    }
    return undefined
  }

  private async blobAt(path: string): Promise<string | undefined> {
    const head = await this.commit(this.past.head!)
    return head?.infra === undefined ? undefined : this.entry(head.infra, path.slice(MANIFESTS.length + 1))
  }

  /** Manifests that HEAD holds: of those it is known already what they declare. */
  private async blobsOfHead(): Promise<Set<string>> {
    const head = await this.commit(this.past.head!)
    const files = head?.infra === undefined ? [] : await this.files(head.infra, MANIFESTS)
    return new Set(files.map(({oid}) => oid))
  }

  private async files(tree: string, folder: string): Promise<{path: string; oid: string}[]> {
    const found: {path: string; oid: string}[] = []
    for (const {name, mode, oid} of await this.tree(tree)) {
      const path = `${folder}/${name}`
      if (mode === '040000') found.push(...(await this.files(oid, path)))
      else if (isManifest(path)) found.push({path, oid})
    }
    return found
  }

  private async parsed(oid: string, path: string): Promise<Manifest> {
    const key = `${oid} ${path}`
    const known = this.manifests.get(key) ?? this.parse(oid, path)
    this.manifests.set(key, known)
    return known
  }

  private async parse(oid: string, path: string): Promise<Manifest> {
    const [content] = await this.past.repository.readBlobs([{oid}])
    if (!content) return {documents: new Map(), absent: new Set()}
    const {parseManifests} = await manifestTools()
    const {documents, absent} = parseManifests(Buffer.from(content).toString('utf8'), path, this.past.clusters)
    return {
      documents: new Map(documents.map(({ref, declared}) => [formatRef(ref), declared])),
      absent: new Set(absent.map(({ref}) => formatRef(ref))),
    }
  }

  /** An object in the snapshot of a commit. A snapshot that cannot be read tells nothing. */
  private async observed({states}: Commit, ref: ObjectRef): Promise<Observed | undefined> {
    const blob = states.get(ref.cluster)
    if (blob === undefined) return undefined
    const key = `${blob} ${localKey(ref)}`
    const known = this.rows.get(key) ?? this.row(blob, ref)
    this.rows.set(key, known)
    return known
  }

  private async row(blob: string, ref: ObjectRef): Promise<Observed | undefined> {
    const asked = (this.asked.get(blob) ?? 0) + 1
    this.asked.set(blob, asked)
    // One row is read ten times as fast as all; where many are wanted it is the other way round.
    if (asked > 8) return (await this.whole(blob)).get(localKey(ref))
    const [content] = await this.past.repository.readBlobs([{oid: blob}])
    const found = content && (await readObject(content, ref).catch(() => undefined))
    return found?.kind === ref.kind ? found : undefined
  }

  private async whole(blob: string): Promise<Map<string, Observed>> {
    const known = this.wholes.get(blob) ?? this.readWhole(blob)
    this.wholes.set(blob, known)
    return known
  }

  private async readWhole(blob: string): Promise<Map<string, Observed>> {
    const [content] = await this.past.repository.readBlobs([{oid: blob}])
    const state = content && (await readState(content).catch(() => undefined))
    return new Map((state?.objects ?? []).map((object) => [localKey(object), object]))
  }
}
