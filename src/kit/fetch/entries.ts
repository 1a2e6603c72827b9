import {isEntry, listIn, troubleWith, type Entry} from '../proxmox/index.js'
import {localKey, parseId} from '../resources/index.js'
import type {WireKind} from '../resources/kinds/on-wire.js'

/** One entry of a list, as an object of its kind. */
export interface Listed {
  id: string | number
  entry: Entry
}

/** An entry that cannot be read as an object, and which one it may be: `*` where it does not say. */
export interface Unreadable {
  kind: WireKind
  id: string | number
  why: string
}

/** A list, sorted into objects of kinds. */
export interface Listing {
  objects: Map<WireKind, Listed[]>
  unreadable: Unreadable[]
}

/** Stands for all objects of a kind, where it cannot be told which one is meant. */
export const anyOf = '*'

/** Characters of an id that are told of one that cannot be one. */
const toldAtMost = 60

/**
 * Sorts the entries of a list into kinds. Whatever an entry is, it spoils itself alone; only where it does not say which object it is,
 * no object may be taken for gone because of this list.
 * @param known whether there was such an object before
 * @throws PMPC_NOT_PVE for what is no list, PMPC_ANSWER_LIMIT
 */
export function sortEntries(
  answer: unknown,
  path: string,
  kinds: readonly WireKind[],
  known: (key: string) => boolean,
): Listing {
  const listing: Listing = {objects: new Map(kinds.map((kind) => [kind, []])), unreadable: []}
  for (const [index, given] of listIn(answer, path).entries()) {
    const nameless = `entry ${index + 1} of ${path}`
    if (!isEntry(given)) {
      for (const kind of kinds) listing.unreadable.push({kind, id: anyOf, why: `${nameless} is no map`})
      continue
    }
    const meant = kinds.filter((kind) => isOfKind(kind, given))
    const untyped = kinds.filter(({list}) => list?.where !== undefined && typeof given[list.where.key] !== 'string')
    for (const kind of meant) sortEntry(listing, kind, given, nameless)
    if (untyped.length > 0) listing.unreadable.push(...withoutType(untyped, given, nameless, known))
  }
  return withoutRepeated(listing)
}

function isOfKind({list}: WireKind, entry: Entry): boolean {
  return list?.where === undefined || entry[list.where.key] === list.where.value
}

function sortEntry({objects, unreadable}: Listing, kind: WireKind, entry: Entry, nameless: string): void {
  const {idKey} = kind.list!
  const given = entry[idKey]
  const id = idOf(kind, given)
  const trouble = troubleWith(entry)
  if (id !== undefined && trouble === undefined) objects.get(kind)!.push({id, entry})
  else if (id !== undefined) unreadable.push({kind, id, why: trouble!})
  else if (typeof given !== 'string' && typeof given !== 'number')
    unreadable.push({kind, id: anyOf, why: `${nameless} has no ${idKey}`})
  else unreadable.push({kind, id: String(given).slice(0, toldAtMost), why: `its ${idKey} cannot be one`})
}

/** An entry that does not say of which kind it is: one of the objects that were there before, or any. */
function withoutType(untyped: readonly WireKind[], entry: Entry, nameless: string, known: (key: string) => boolean) {
  const named = untyped.flatMap((kind): Unreadable[] => {
    const id = idOf(kind, entry[kind.list!.idKey])
    const why = `its entry in ${kind.list!.path} has no ${kind.list!.where!.key}`
    return id !== undefined && known(localKey({kind: kind.name, id})) ? [{kind, id, why}] : []
  })
  if (named.length > 0) return named
  return untyped.map((kind): Unreadable => ({kind, id: anyOf, why: `${nameless} has no ${kind.list!.where!.key}`}))
}

/** What has one id twice is neither of the two. A VM and a container cannot share a VMID. */
function withoutRepeated({objects, unreadable}: Listing): Listing {
  const found = new Map<string, {kind: WireKind; listed: Listed}[]>()
  for (const [kind, all] of objects) {
    for (const listed of all) {
      const several = found.get(identityOf(kind, listed.id))
      if (several) several.push({kind, listed})
      else found.set(identityOf(kind, listed.id), [{kind, listed}])
    }
  }
  for (const several of found.values()) {
    if (several.length === 1) continue
    const why = repeatedWords(several.map(({kind, listed: {entry}}) => placeOf(kind, entry)))
    for (const kind of new Set(several.map((one) => one.kind))) unreadable.push({kind, id: several[0]!.listed.id, why})
  }
  const isOnce = (kind: WireKind, {id}: Listed) => found.get(identityOf(kind, id))!.length === 1
  const once = [...objects].map(([kind, all]): [WireKind, Listed[]] => [kind, all.filter((one) => isOnce(kind, one))])
  return {objects: new Map(once), unreadable: eachOnce(unreadable)}
}

function eachOnce(unreadable: readonly Unreadable[]): Unreadable[] {
  const first = new Map<string, Unreadable>()
  for (const one of unreadable) {
    const key = `${one.kind.name}/${one.id}`
    if (!first.has(key)) first.set(key, one)
  }
  return [...first.values()]
}

/** What no two objects of a cluster share. */
export function identityOf(kind: WireKind, id: string | number): string {
  return kind.guest ? `guest/${id}` : `${kind.name}/${id}`
}

/** Where an object is said to be, for messages. */
export function placeOf(kind: WireKind, {node}: Entry): string {
  return kind.guest && typeof node === 'string' ? `as a ${kind.name} on ${node.slice(0, toldAtMost)}` : kind.name
}

/** The words for one id in several places. */
export function repeatedWords(places: readonly string[]): string {
  return `it is listed more than once: ${[...new Set(places)].sort().slice(0, 4).join(', ')}`
}

/** The id as it is kept, or undefined where it cannot be one: what no manifest, no state and no path of the API could hold. */
export function idOf(kind: WireKind, given: unknown): string | number | undefined {
  if (typeof given !== 'string' && typeof given !== 'number') return undefined
  const pattern = kind.list?.idPattern
  const told = pattern ? pattern.exec(String(given))?.[1] : given
  if (told === undefined) return undefined
  if (kind.id === 'name' && !(kind.belongs?.node === 'id' ? isNodeName(told) : isName(told))) return undefined
  return parseId(kind.name, told)
}

/** Longer names than this cannot be files, and PVE has none. */
const longestName = 200

/** Whether a text can be a name: one that a path of the API, a file and a column can hold. */
export function isName(given: unknown): given is string {
  if (typeof given !== 'string' || given.length > longestName || /[\p{Cc}\p{Cf}\p{Surrogate}\p{Z}]/u.test(given))
    return false
  return given.split('/').every((part) => part !== '')
}

/** Whether a name can be a node's: nothing that could lead to another place of the API. */
export function isNodeName(given: unknown): given is string {
  return isName(given) && !given.includes('/') && given !== '.' && given !== '..'
}
