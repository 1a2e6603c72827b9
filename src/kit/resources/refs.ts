import {PmpcError} from '../errors/index.js'
import {kindOf, kinds, kindsNamed, type Kind} from './kinds/index.js'
import type {KindName, ObjectRef} from './model.js'

const rank = new Map(kinds.map((kind, index) => [kind.name, index]))

/** `id:` of a guest's manifest that stands for the lowest VMID that is free when it is made. */
export const nextId = 'next'

/** `home/vm/100`. */
export function formatRef(ref: ObjectRef): string {
  return `${ref.cluster}/${ref.kind}/${ref.id}`
}

/** `vm/100`: the identity within one cluster. */
export function localKey(object: {kind: KindName; id: string | number}): string {
  return `${object.kind}/${object.id}`
}

/** Order of objects everywhere: by kind as in the registry, guests by number, the rest by name (code points). */
export function compareObjects(
  a: {kind: KindName; id: string | number},
  b: {kind: KindName; id: string | number},
): number {
  if (a.kind !== b.kind) return rank.get(a.kind)! - rank.get(b.kind)!
  if (typeof a.id === 'number' && typeof b.id === 'number') return a.id - b.id
  return String(a.id) < String(b.id) ? -1 : String(a.id) > String(b.id) ? 1 : 0
}

/** The id as its kind keeps it (VMIDs are numbers), or undefined when it cannot be one. */
export function parseId(kind: KindName, id: string | number): string | number | undefined {
  const row: Kind | undefined = kinds.find((candidate) => candidate.name === kind)
  const sort = row?.id
  if (sort === 'vmid') return /^[1-9]\d{0,8}$/.test(String(id)) ? Number(id) : undefined
  if (sort === 'single') return String(id) === kind ? kind : undefined
  const isOne = /^[^\s:,;]+$/.test(String(id)) && row?.ids?.pattern.test(String(id)) !== false
  return isOne ? String(id) : undefined
}

/** What can be the id of an object of a kind, in words; undefined where any name can. */
export function idWords({id, ids, name}: Kind): string | undefined {
  if (id === 'vmid') return 'a VMID'
  return id === 'single' ? name : ids?.words
}

/**
 * Which of its kind's rules tells what an object is a part of, and what that may be: one of these, or none that is known; undefined for what is no
 * part. What else stands in `ref` (the cluster) stands in them.
 */
export function partOf<Ref extends {kind: KindName; id: string | number}>(
  ref: Ref,
): {rule: number; parents: Ref[]} | undefined {
  for (const [rule, {id, kinds: names}] of (kindOf(ref.kind).parents ?? []).entries()) {
    const named = id.exec(String(ref.id))?.[1]
    if (named === undefined) continue
    const parents = (names as readonly KindName[]).flatMap((kind) => {
      const parsed = parseId(kind, named)
      return parsed === undefined ? [] : [{...ref, kind, id: parsed}]
    })
    return {rule, parents}
  }
  return undefined
}

/** What an object is a part of, as its id tells; see {@link partOf}. */
export function parentsOf<Ref extends {kind: KindName; id: string | number}>(ref: Ref): Ref[] {
  return partOf(ref)?.parents ?? []
}

/** What a word that names objects is made of. */
export interface ObjectWord {
  /** The clusters that it may be in: the one it names, else all. */
  clusters: string[]
  /** Whether it names one. */
  hasCluster: boolean
  /** The kinds that it names; empty: none. */
  kinds: Kind[]
  /** An id, or a name. */
  text: string
}

/**
 * Takes apart what people type for objects: `home/vm/100`, `vm/100`, `home/100`, `100`, and with a name in the place of the id; `firewall/node/pve1`.
 * The name of a kind of which there is one object is that object: `acl`.
 * @param clusters names of the workspace's clusters; without one in the text all of them are meant
 */
export function readObjectWord(word: string, clusters: readonly string[]): ObjectWord {
  const parts = word.trim().split(/[/ ]/)
  const hasCluster =
    parts.length > 1 && clusters.includes(parts[0]!) && (parts.length > 2 || kindsNamed(parts[0]!).length === 0)
  const among = hasCluster ? [parts.shift()!] : [...clusters]
  const [first = '', ...rest] = parts
  const [only] = rest.length === 0 ? kindsNamed(first).filter(({id}) => id === 'single') : []
  if (only) return {clusters: among, hasCluster, kinds: [only], text: only.name}
  const named = rest.length > 0 ? kindsNamed(first) : []
  return {clusters: among, hasCluster, kinds: named, text: parts.slice(named.length > 0 ? 1 : 0).join('/')}
}

/**
 * Reads an object by its id: `home/vm/100`, `vm/100`, `vm 100` (as two words joined by a blank), `100`.
 * A bare VMID may mean a VM or a container; both are returned, and the caller takes the one that exists.
 * Returns undefined for a word that is no id (a name or a path, say).
 * @param clusters names of the workspace's clusters; without one in the text all of them are meant
 */
export function parseRefs(word: string, clusters: readonly string[]): ObjectRef[] | undefined {
  const {clusters: among, kinds: named, text} = readObjectWord(word, clusters)
  const meant = named.length > 0 ? named : kinds.filter(({guest}) => guest)
  return refs(
    meant.map(({name}) => name),
    text,
    among,
  )
}

function refs(names: KindName[], id: string, clusters: string[]): ObjectRef[] | undefined {
  const found = clusters.flatMap((cluster) =>
    names.flatMap((kind) => {
      const parsed = parseId(kind, id)
      return parsed === undefined ? [] : [{cluster, kind, id: parsed}]
    }),
  )
  return found.length > 0 ? found : undefined
}

/** Reads `home/vm/100` as pmpc prints it. Throws PMPC_BAD_OBJECT for anything else. */
export function parseRef(text: string): ObjectRef {
  const [cluster, kind, ...rest] = text.split('/')
  const known = kinds.find((candidate) => candidate.name === kind)
  const id = known && parseId(known.name, rest.join('/'))
  if (!cluster || !known || id === undefined) {
    throw new PmpcError('PMPC_BAD_OBJECT', `"${text}" is no object: expected CLUSTER/KIND/ID, as in home/vm/100`, {
      suggestions: ['pmpc get guests'],
    })
  }
  return {cluster, kind: known.name, id}
}
