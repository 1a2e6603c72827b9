// Unreadable is not deleted: what is in no list may be there all the same.
import type {KindName, Observed} from '../resources/index.js'
import {wireKindOf, wireKinds, type WireKind} from '../resources/kinds/on-wire.js'
import {anyOf, type Listing} from './entries.js'
import {isWanted, type Seen, type SeenList} from './lists.js'
import type {Nodes} from './nodes.js'
import {asUnreadable} from './unreadable.js'

/** What is known of a cluster's lists: as they are, and as the last reading saw them. */
export interface Known {
  seen: Seen
  nodes: Nodes
  listsBefore: Record<string, SeenList> | undefined
}

/**
 * Why an object that was there before and is in no list now may be there still; undefined: it is gone.
 * @throws what the client throws when the cluster as a whole cannot be read
 */
export async function whyNotGone(object: Observed, known: Known): Promise<string | undefined> {
  const kind = wireKindOf(object.kind)
  return whyNameless(kind, known) ?? (await whyUnseen(kind, object, known)) ?? whyUnlisted(kind, object, known)
}

/** An entry that does not say which object it is may be any of those that are missing. */
function whyNameless(kind: WireKind, {seen}: Known): string | undefined {
  const {unreadable} = seen.lists.get(kind.list!.path) as Listing
  const nameless = unreadable.find((one) => one.kind === kind && one.id === anyOf)
  return nameless && `it is not listed, but ${nameless.why}: that may be it`
}

/** Why an object that is in no list may still be there, as far as the lists themselves tell. */
function whyUnlisted(kind: WireKind, {id}: Observed, {seen, nodes, listsBefore}: Known): string | undefined {
  const {path, digestKey} = kind.list!
  const before = digestKey === undefined ? undefined : listsBefore?.[path]
  const digest = seen.digests.get(path)
  if (before?.ids.includes(id) && (digest === undefined || digest === before.digest))
    return 'the node that answered left it out, though nothing was changed: a plugin is missing there, or fails'
  const onNodes = kind.guest ? nodes.places.get(Number(id)) : undefined
  if (onNodes) return `${path} does not have it, though its node does`
  return seen.mentioned.has(`${kind.name}/${id}`) ? 'it is listed, but was not read' : undefined
}

/** Why an object may be out of our sight. */
async function whyUnseen({sight}: WireKind, {id}: Observed, {seen}: Known): Promise<string | undefined> {
  if (!sight) return undefined
  const path = sight.path.replace('{id}', () => String(id))
  try {
    if (await seen.permissions.maySee(path, sight.privileges)) return undefined
  } catch (error) {
    return `nobody can tell whether it is still there: ${asUnreadable(error).message}`
  }
  return `${sight.privileges[0]} on ${path} is missing: it may still be there`
}

/** What the token cannot see, in words: of some kinds a part, of others anything. */
export interface Hidden {
  partial: string[]
  whole: {kind: WireKind; why: string}[]
}

/** Kinds of which the token sees nothing, and those of which it sees a part. */
export function whatIsHidden({lists, permissions}: Seen, only: KindName[] | undefined): Hidden {
  const hidden: Hidden = {partial: [], whole: []}
  for (const kind of wireKinds.filter((each) => each.sight && isWanted(each, only))) {
    const {plural, sight, list} = kind
    const above = sight!.path.replace(/\/[^/]*$/, '')
    const held = permissions.held(above, sight!.privileges)
    if (held === 'everywhere') continue
    const words = `${sight!.privileges[0]} on ${above} is missing`
    const listing = lists.get(list!.path)!
    const sees = !('code' in listing) && listing.objects.get(kind)!.length > 0
    if (held === 'somewhere' || sees) hidden.partial.push(`only some of the ${plural} can be seen: ${words}`)
    else hidden.whole.push({kind, why: `no ${plural} can be seen: ${words}`})
  }
  return hidden
}
