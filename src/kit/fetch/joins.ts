// Facts of objects that other answers tell than their own list.
import {isEntry, mostEntries, type Entry} from '../proxmox/index.js'
import type {Observed, Scalar} from '../resources/index.js'
import type {Join, WireKind} from '../resources/kinds/on-wire.js'
import {isScalar} from './answers.js'
import {identityOf, idOf, placeOf, type Listed} from './entries.js'
import {fillPath, namesNode} from './paths.js'
import type {Requests} from './requests.js'
import {asUnreadable} from './unreadable.js'

type Facts = Record<string, Scalar>

/** The nodes of a cluster, as their list tells of them. */
export class Nodes {
  /** Why nothing can be read on a node. */
  readonly offline = new Map<string, string>()
  private readonly names = new Set<string>()

  constructor(listed: readonly Listed[]) {
    for (const {id, entry} of listed) {
      const name = String(id)
      this.names.add(name)
      if (entry.status !== 'online') this.offline.set(name, `node ${name} is ${wordOf(entry.status)}`)
    }
  }

  has(name: string): boolean {
    return this.names.has(name)
  }

  get online(): string[] {
    return [...this.names].filter((name) => !this.offline.has(name))
  }
}

function wordOf(value: unknown): string {
  return typeof value === 'string' && /^[\w -]{1,30}$/.test(value) ? value : 'unknown'
}

/** What the joins of all kinds told. */
export class Joined {
  /** By kind, id and node; the node is empty where none was asked. */
  private readonly facts = new Map<string, Facts>()
  /** The nodes that say that an object is on them, by what no two objects share. */
  private readonly places = new Map<string, Set<string>>()
  /** Versions of nodes. */
  readonly versions = new Set<string>()

  tell(kind: WireKind, id: string | number, node: string, facts: Facts): void {
    const key = keyOf(kind, id, node)
    this.facts.set(key, {...this.facts.get(key), ...facts})
    if (isScalar(facts.version)) this.versions.add(String(facts.version))
  }

  place(kind: WireKind, id: string | number, node: string): void {
    const key = identityOf(kind, id)
    this.places.set(key, (this.places.get(key) ?? new Set()).add(placeOf(kind, {node})))
  }

  /** `as a vm on pve1`, for each node that has it. */
  placesOf(kind: WireKind, id: string | number): string[] {
    return [...(this.places.get(identityOf(kind, id)) ?? [])]
  }

  /**
   * The facts of an object, joined to what its entry says: what no answer tells is as it was before, as what is told late (`unknown`).
   */
  factsOf(kind: WireKind, {id, facts}: Pick<Observed, 'id' | 'facts'>, before: Observed | undefined): Facts {
    const node = String(facts.node ?? '')
    const told = {...this.facts.get(keyOf(kind, id, '')), ...this.facts.get(keyOf(kind, id, node))}
    const joined = (kind.joins ?? []).flatMap(({facts: names}) => Object.values(names))
    const kept = joined.flatMap((name): [string, Scalar][] => {
      if (Object.hasOwn(told, name) || (facts[name] !== undefined && facts[name] !== unknown)) return []
      const known = before?.facts[name] ?? (kind.facts.includes(name) ? unknown : undefined)
      return known === undefined ? [] : [[name, known]]
    })
    return {...stayingFacts(kind, before), ...facts, ...told, ...Object.fromEntries(kept)}
  }
}

const unknown = 'unknown'

function stayingFacts({list}: WireKind, before: Observed | undefined): Facts {
  const names = (list?.staying ?? []).filter((name) => before?.facts[name] !== undefined)
  return Object.fromEntries(names.map((name) => [name, before!.facts[name]!]))
}

function keyOf(kind: WireKind, id: string | number, node: string): string {
  return `${kind.name}/${id} ${node}`
}

/**
 * Asks for the joins of these kinds: once for each, or once for each of these nodes. An answer that cannot be read tells nothing.
 * @throws what the client throws when the cluster as a whole cannot be read
 */
export async function readJoins(
  requests: Requests,
  kinds: readonly WireKind[],
  nodes: readonly string[],
): Promise<Joined> {
  const joined = new Joined()
  await Promise.all(
    kinds.flatMap((kind) =>
      (kind.joins ?? []).flatMap((join) => {
        if (!namesNode(join.path)) return [readJoin(requests, kind, join, '', joined)]
        return nodes.map((node) => readJoin(requests, kind, join, node, joined))
      }),
    ),
  )
  return joined
}

async function readJoin(requests: Requests, kind: WireKind, join: Join, node: string, joined: Joined): Promise<void> {
  const path = fillPath(join.path, (name) => (name === 'node' ? node : undefined))
  const answer = await requests
    .of(kind.name)
    .get(path)
    .catch((error: unknown) => void asUnreadable(error))
  if (!join.by) {
    if (isEntry(answer)) joined.tell(kind, node, '', factsIn(join, answer))
    return
  }
  const {key, where} = join.by
  for (const entry of Array.isArray(answer) ? answer.slice(0, mostEntries).filter(isEntry) : []) {
    if (where && entry[where.key] !== where.value) continue
    const id = idOf(kind, entry[key])
    if (id === undefined) continue
    joined.tell(kind, id, node, factsIn(join, entry))
    if (node !== '') joined.place(kind, id, node)
  }
}

function factsIn({facts}: Join, entry: Entry): Facts {
  const found = Object.entries(facts).filter(([key]) => isScalar(entry[key]))
  return Object.fromEntries(found.map(([key, name]) => [name, entry[key] as Scalar]))
}
