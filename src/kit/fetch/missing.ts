// Unreadable is not deleted: what is in no list may be there all the same.
import {localKey} from '../resources/index.js'
import type {KindName, Observed} from '../resources/index.js'
import {wireKinds, type KindWire, type WireKind} from '../resources/kinds/on-wire.js'
import {anyOf, repeatedWords} from './entries.js'
import {isWanted, type KindListing, type Seen, type SeenList} from './lists.js'
import {fillText, pathAbove, type Given} from './paths.js'
import {asUnreadable} from './unreadable.js'

/** What is known of a cluster's lists: as they are, and as the last reading saw them. */
export interface Known {
  seen: Seen
  listsBefore: Record<string, SeenList> | undefined
}

/**
 * Why an object that was there before and is in no list now may be there still; undefined: it is gone.
 * @param given what stands for it in the path of its kind's sight
 * @throws what the client throws when the cluster as a whole cannot be read
 */
export async function whyNotGone(
  kind: WireKind,
  object: Observed,
  given: Given,
  {seen, listsBefore}: Known,
): Promise<string | undefined> {
  const listing = seen.lists.get(kind)!
  if ('absent' in listing) return listing.said ? undefined : listing.absent
  return (
    whyNameless(listing) ?? (await whyUnseen(kind.sight, given, seen)) ?? whyUnlisted(kind, object, seen, listsBefore)
  )
}

/** An entry that does not say which object it is may be any of those that are missing. */
function whyNameless(listing: KindListing): string | undefined {
  if (!('objects' in listing)) return undefined
  const nameless = listing.unreadable.find(({id}) => id === anyOf)
  return nameless && `it is not listed, but ${nameless.why}: that may be it`
}

/** Why an object that is in no list may still be there, as far as the lists themselves tell. */
function whyUnlisted(
  kind: WireKind,
  object: Observed,
  {lists, joined, mentioned}: Seen,
  listsBefore: Known['listsBefore'],
): string | undefined {
  const {path, digestKey} = kind.list!
  const listing = lists.get(kind)!
  const before = digestKey === undefined ? undefined : listsBefore?.[path]
  const digest = 'objects' in listing ? listing.digest : undefined
  if (before?.ids.includes(object.id) && (digest === undefined || digest === before.digest))
    return 'the node that answered left it out, though nothing was changed: a plugin is missing there, or fails'
  if (joined.placesOf(kind, object.id).length > 0) return `${path} does not have it, though its node does`
  return mentioned.has(localKey(object)) ? 'it is listed, but was not read' : undefined
}

/** Why what a sight shows may be out of our sight; undefined where we would see it. */
export async function whyUnseen(
  sight: KindWire['sight'],
  given: Given,
  {permissions}: Pick<Seen, 'permissions'>,
): Promise<string | undefined> {
  if (!sight) return undefined
  try {
    const path = fillText(sight.path, given)
    if (await permissions.maySee(path, sight.privileges)) return undefined
    const words = `${sight.privileges[0]} on ${path} is missing`
    return sight.whole ? `${words}: without it only a part is shown` : `${words}: it may still be there`
  } catch (error) {
    return `nobody can tell whether it is still there: ${asUnreadable(error).message}`
  }
}

/** Why an object cannot be told from another one of its name; undefined where it is in one place. */
export function whyRepeated(kind: WireKind, id: string | number, {joined}: Seen): string | undefined {
  const places = joined.placesOf(kind, id)
  return places.length > 1 ? repeatedWords(places) : undefined
}

/** What the token cannot see, in words: of some kinds a part, of others anything. */
export interface Hidden {
  partial: string[]
  whole: {kind: WireKind; why: string}[]
}

/** Kinds of which the token sees nothing, and those of which it sees a part. */
export function whatIsHidden({lists, permissions}: Seen, only: readonly KindName[] | undefined): Hidden {
  const hidden: Hidden = {partial: [], whole: []}
  for (const kind of wireKinds.filter((each) => each.list && each.sight && isWanted(each, only))) {
    const {plural, sight} = kind
    const listing = lists.get(kind)!
    if ('absent' in listing) continue
    const above = pathAbove(sight!.path)
    const held = permissions.held(above, sight!.privileges, above !== sight!.path)
    if (held === 'everywhere') continue
    const words = `${sight!.privileges[0]} on ${above} is missing`
    const sees = 'objects' in listing && listing.objects.length > 0
    if (held === 'somewhere' || sees) hidden.partial.push(`only some of the ${plural} can be seen: ${words}`)
    else hidden.whole.push({kind, why: `no ${plural} can be seen: ${words}`})
  }
  return hidden
}
