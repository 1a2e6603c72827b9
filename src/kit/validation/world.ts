import {kindOf, kinds, localKey, own, type ClusterState, type KindName, type Observed} from '../resources/index.js'
import type {Naming} from '../resources/named.js'
import {contractVersion, sameDeep, type Version} from '../values/index.js'
import type {IgnoreRule, IndexedDocument, ManifestIndex} from '../workspace/index.js'

/** An object that is declared, recorded, or both. */
export interface Thing {
  /** What is said of it: by its manifest where it has one. */
  naming: Naming
  declared?: IndexedDocument
  recorded?: Observed
}

const guestKinds = kinds.filter(({guest}) => guest).map(({name}) => name)

/** What manifests declare of one cluster: what is to be, what is to go, and what has no id yet. */
export type Manifests = Pick<ManifestIndex, 'documents' | 'absent' | 'unmade'>

/** What is known of one cluster: what manifests declare, and what was recorded last. What is to go is not there any more. */
export class World {
  /** By local key, declared ones first. */
  readonly things = new Map<string, Thing>()
  /** What is to go, by local key. */
  readonly leaving = new Map<string, IndexedDocument>()
  private readonly byKind = new Map<string, Set<string>>()

  constructor(
    cluster: string,
    {documents, absent, unmade}: Manifests,
    private readonly state: ClusterState | undefined,
    private readonly rules: readonly IgnoreRule[],
  ) {
    for (const declared of documents.values())
      if (declared.ref.cluster === cluster) this.add({naming: declared.declared, declared})
    for (const document of absent.values())
      if (document.ref.cluster === cluster) this.leaving.set(localKey(document.ref), document)
    for (const [number, document] of unmade.entries()) {
      const {kind, id} = document.declared
      const declared = {...document, ref: {cluster, kind, id}}
      if (document.cluster === cluster)
        this.things.set(`${kind}/${id} ${number}`, {naming: declared.declared, declared})
    }
    for (const recorded of state?.objects ?? []) {
      const known = this.things.get(localKey(recorded))
      if (known) known.recorded = recorded
      else if (!this.leaving.has(localKey(recorded))) this.add({naming: {...recorded, pool: undefined}, recorded})
    }
  }

  private add(thing: Thing): void {
    const {kind, id} = thing.naming
    this.things.set(localKey(thing.naming), thing)
    const ids = this.byKind.get(kind) ?? new Set<string>()
    this.byKind.set(kind, ids.add(String(id)))
  }

  /** Whether there is an object of one of these kinds with this id. */
  has(kinds: readonly string[], id: string): boolean {
    return kinds.some((kind) => this.byKind.get(kind)?.has(id))
  }

  /** All ids of these kinds. */
  ids(kinds: readonly string[]): string[] {
    return kinds.flatMap((kind) => [...(this.byKind.get(kind) ?? [])])
  }

  /** The guests with this id; there may be one of each sort where somebody made a mistake. */
  guests(id: string): Thing[] {
    return guestKinds.flatMap((kind) => this.things.get(`${kind}/${id}`) ?? [])
  }

  /** Objects of a kind. */
  ofKind(kind: string): Thing[] {
    return [...(this.byKind.get(kind) ?? [])].map((id) => this.things.get(`${kind}/${id}`)!)
  }

  /**
   * What the keys of objects of a kind are called: the interfaces of the node that is meant, of all where none is. Undefined where that one was not read.
   */
  keys(kind: string | undefined, node: string | undefined): string[] | undefined {
    if (kind === undefined) return []
    const mine = node === undefined ? undefined : this.things.get(`${kind}/${node}`)
    if (node !== undefined && !mine) return undefined
    return (mine ? [mine] : this.ofKind(kind)).flatMap(({naming, recorded}) =>
      Object.keys({...recorded?.config, ...naming.config}),
    )
  }

  /** Whether a cluster was read at all; else nobody knows what there is beside what is declared. */
  get isRecorded(): boolean {
    return this.state !== undefined
  }

  /** Whether a rule may leave out an object of this kind, so that it may be there unrecorded. */
  mayBeIgnored(kind: string, id: string): boolean {
    const {guest} = kindOf(kind as KindName)
    return this.rules.some((rule) => {
      if (rule.key !== undefined || (rule.kind !== undefined && rule.kind !== kind)) return false
      return rule.guest === undefined || (guest !== undefined && String(rule.guest) === id)
    })
  }

  /** The node on which an object is, or is to be. */
  nodeOf({naming, declared, recorded}: Thing): string | undefined {
    const fact = /^facts\.(.+)$/.exec(kindOf(naming.kind).belongs?.node ?? '')?.[1]
    const node = declared?.declared.placement?.node ?? (fact && recorded ? own(recorded.facts, fact) : undefined)
    return node === undefined ? undefined : String(node)
  }

  /** The releases of Proxmox VE that its nodes run, as far as that is recorded; of one node where it is given. */
  releases(node?: string): string[] {
    const all = (this.state?.objects ?? []).flatMap(({id, facts}) =>
      typeof facts.version === 'string' ? [{id: String(id), release: facts.version}] : [],
    )
    const mine = all.filter(({id}) => id === node)
    return (mine.length > 0 ? mine : all).map(({release}) => release)
  }
}

/** The contracts of releases; and whether one of these is newer than what is known. */
export function contractsOf(releases: readonly string[]): {versions: Version[]; isNewer: boolean} {
  const isNewer = releases.some((release) => newerThan(release, contractVersion(release)))
  return {versions: [...new Set(releases.map(contractVersion))].sort(), isNewer}
}

function newerThan(release: string, version: string): boolean {
  const [a = [], b = []] = [release, version].map((text) => text.split('.').map(Number))
  return a[0]! > b[0]! || (a[0] === b[0] && (a[1] ?? 0) > b[1]!)
}

/** Whether the cluster has what a manifest says in this place: it can be so, then, whatever is believed. */
export function isRecordedSo({declared, recorded}: Thing, path: readonly (string | number)[]): boolean {
  if (!declared || !recorded) return false
  const [first, key] = path.map(String)
  if (first !== 'config') return first !== undefined && valueBeside(declared, recorded, first)
  return key === undefined || sameDeep(own(declared.declared.config, key), own(recorded.config, key))
}

function valueBeside({declared}: IndexedDocument, {kind, facts}: Observed, key: string): boolean {
  const beside = (kindOf(kind).beside ?? {}) as Record<string, {fact: string} | undefined>
  const fact = beside[key]?.fact
  const [said] = [(declared as unknown as Record<string, unknown>)[key]]
  const value = typeof said === 'object' && said !== null ? (said as {node?: unknown}).node : said
  return fact !== undefined && value === own(facts, fact)
}
