import {PmpcError} from '../errors/index.js'
import {kinds, kindsNamed} from './kinds.js'
import type {KindName, ObjectRef} from './model.js'

const rank = new Map(kinds.map((kind, index) => [kind.name, index]))

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
  const byNumber = kinds.find((candidate) => candidate.name === kind)?.id === 'vmid'
  if (byNumber) return /^[1-9]\d{0,8}$/.test(String(id)) ? Number(id) : undefined
  return /^[^\s:,;]+$/.test(String(id)) ? String(id) : undefined
}

/**
 * Reads what people type for objects: `home/vm/100`, `vm/100`, `vm 100` (as two words joined by a blank), `100`.
 * A bare VMID may mean a VM or a container; both are returned, and the caller takes the one that exists.
 * Returns undefined for a word that names no object (a path, say).
 * @param clusters names of the workspace's clusters; without one in the text all of them are meant
 */
export function parseRefs(text: string, clusters: string[]): ObjectRef[] | undefined {
  const parts = text.trim().split(/[/ ]/)
  let among = clusters
  if (parts.length > 1 && clusters.includes(parts[0]!) && (parts.length > 2 || !kindsNamed(parts[0]!).length)) {
    among = [parts.shift()!]
  }
  if (parts.length === 1) {
    const id = parseId('vm', parts[0]!)
    return id === undefined ? undefined : refs(['vm', 'container'], parts[0]!, among)
  }
  const named = kindsNamed(parts[0]!)
  if (named.length === 0) return undefined
  return refs(
    named.map((kind) => kind.name),
    parts.slice(1).join('/'),
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
