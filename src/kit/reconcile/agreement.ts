import {formatField, isMap, isWithin, parseField} from '../resources/index.js'
import type {Declared, Field, ObjectRef, Observed, Scalar, Value, ValueMap} from '../resources/index.js'
import type {Pair} from '../workspace/index.js'
import {digestOf, getField, isKeyed, isEntry, isSet, partsAt, placesAbove, setField, valueBelow} from './fields.js'
import type {Document} from './fields.js'
import {boundDocument, declaredDocument, observedDocument, present} from './documents.js'
import {isPeoples, ranked, same, timeOf} from './pairs.js'

/**
 * What was agreed on, by the six rules of docs/decisions/agreement.md. Git merges HEAD's text, the snapshot and the notes of agreement
 * each by itself, so that a base must be found for the H that is there: from the pairs that name it, else from what HEAD and the
 * snapshot both said while HEAD said so. Nothing here reads files: history is asked for, and only where it decides.
 */

/** What HEAD's history tells of a field, or of an object as a whole where no field is given. */
export interface History {
  /**
   * Walks from HEAD over all parents while the declaration holds this value (null: absent; of objects null or `present`): whether
   * the snapshot held it too in one of those commits. `cut`: the history of this clone ends before that is known.
   */
  agreed(ref: ObjectRef, field: Field | undefined, value: Value | null): Promise<boolean | 'cut'>
  /**
   * The document with this digest, where it was declared before HEAD's value of a field came about, on whatever branches that was;
   * undefined: it was not on all of them. `cut` as above.
   */
  documentBefore(
    ref: ObjectRef,
    field: Field,
    value: Value | null,
    digest: string,
  ): Promise<Document | undefined | 'cut'>
}

/** What pmpc itself wrote into this clone's working tree for one object. */
export interface Noted {
  /** The manifest that it wrote; null: it took one out. */
  document?: Document | null
  /** By the name of a field; null: it took the value out. */
  fields?: Record<string, Value | null>
}

/** All that a base follows from, of one object. */
export interface Standing {
  ref: ObjectRef
  /** S: the snapshot in HEAD. */
  before?: Observed | undefined
  /** H: declared in HEAD. */
  head?: Declared | undefined
  /** T: what the cluster says now; it tells what HEAD leaves to PVE. */
  theirs?: Observed | undefined
  /** The object's pairs. */
  pairs: readonly Pair[]
  noted?: Noted | undefined
}

/** What was agreed on. */
export interface Base {
  /** null: it was absent; undefined: nobody knows. Of an object as a whole null or `present`. */
  value: Value | null | undefined
  /** The pair that it was taken from, or that the rules stand on. */
  pair?: Pair | undefined
  /** All pairs about it, those that count first in front. */
  pairs: Pair[]
  /** It is what HEAD says: an offer that was committed, or what the snapshot once said too. */
  isHeads?: true
  /** The history of this clone ends too early to tell: `value` is what it would be without. */
  cut?: true
}

/** A pair of a whole place, or of an object, seen as one of a part of it. */
interface PartPair extends Pair {
  whole: Pair
}

/** Whether a pair was made for a part out of one of the whole, and so has no line of its own. */
export function isOfWhole(pair: Pair): pair is PartPair {
  return 'whole' in pair
}

/** Whether who wrote a pair knew of another one, or that one says no more. */
function knew(pair: Pair, other: Pair): boolean {
  if (other.how === pair.how) return true
  if (other.at === undefined) return pair.how === 'replaced'
  return pair.over !== undefined && Date.parse(pair.over) >= timeOf(other)
}

/** What a pair says was agreed; undefined: nobody knows. */
export function baseOfPair({how, base}: Pair): Value | null | undefined {
  return how === 'unknown' ? undefined : base
}

/** What was agreed on for one object and its fields. */
export class Agreement {
  /** H as it is written, and with what it leaves to PVE as that is. */
  readonly written: Document | undefined
  readonly head: Document | undefined
  /** S as fields. */
  readonly before: Document | undefined
  private wholeBase: Promise<Base> | undefined
  private digest: string | undefined
  private readonly known = new Map<string, Promise<Base>>()
  private readonly byField = new Map<string, Pair[]>()
  /** The fields that have pairs. */
  private readonly noted: Field[]
  private readonly apart = new Map<string, Field[] | undefined>()

  constructor(
    readonly standing: Standing,
    private readonly history: History,
  ) {
    const {head, before, theirs} = standing
    this.before = before && observedDocument(before, head)
    this.written = head && declaredDocument(head)
    this.head = this.written && boundDocument(this.written, theirs && observedDocument(theirs, head), this.before)
    for (const pair of standing.pairs) {
      const name = pair.field ?? ''
      this.byField.set(name, [...(this.byField.get(name) ?? []), pair])
    }
    this.noted = [...this.byField.keys()].flatMap((name) => parseField(name) ?? [])
  }

  /** The pairs of a field, or of the object as a whole. */
  pairsOf(name: string): Pair[] {
    return this.byField.get(name) ?? []
  }

  /** Whether the object as a whole was agreed to be there. */
  async whole(): Promise<Base> {
    return (this.wholeBase ??= this.findWhole())
  }

  private async findWhole(): Promise<Base> {
    const is = this.head ? present : null
    const pairs = ranked(this.pairsOf(''))
    const presence = (side: Value | null): Value | null => (side === null ? null : present)
    const candidates = pairs.filter((pair) => presence(pair.head) === is)
    // Where a sync found another guest, somebody elsewhere may have decided about it.
    const matching = candidates.find(
      (pair) => pair.how !== 'replaced' || candidates.every((other) => knew(pair, other)),
    )
    if (matching) return {value: presence(matching.base), pair: matching, pairs}
    const noted = this.standing.noted?.document
    const offered = noted !== undefined && (noted === null) === (is === null)
    if (offered || pairs.some((pair) => pair.seen.includes(is)))
      return {value: is, pair: pairs[0], pairs, isHeads: true}
    const value = pairs[0] ? presence(pairs[0].base) : this.before ? present : null
    return this.unlessAgreed(undefined, is, {value, pair: pairs[0], pairs})
  }

  /** Rule 6: what HEAD says was agreed on where the snapshot once said the same. */
  private async unlessAgreed(field: Field | undefined, is: Value | null, base: Base): Promise<Base> {
    if (base.value !== undefined && same(base.value, is)) return base
    const found = await this.history.agreed(this.standing.ref, field, is)
    if (found === true) return {...base, value: is, isHeads: true}
    return found === 'cut' ? {...base, cut: true} : base
  }

  /** What was agreed on for a field; a place that has parts is put together from what was agreed on for each of them. */
  async field(field: Field): Promise<Base> {
    const name = formatField(field)
    const known = this.known.get(name) ?? this.findField(field, name)
    this.known.set(name, known)
    return known
  }

  private async findField(field: Field, name: string): Promise<Base> {
    const [above] = placesAbove(field)
    if (above && !this.isApart(above)) return this.findPart(above, field, name)
    const pairs = this.pairsAbout(field, name)
    const parts = this.partsOf(field)
    // Where HEAD has nothing, a part that it does not have says less than a pair of the whole.
    const is = getField(this.head, field) ?? null
    const isDecided = (is === null || isEmptyMap(is)) && this.pairsOf(name).some(({head}) => same(head, is))
    if (parts && !isDecided) return this.assemble(field, pairs, parts)
    return this.findWholePlace(field, pairs)
  }

  private async findWholePlace(field: Field, pairs: Pair[]): Promise<Base> {
    const isWholeOffered = placesAbove(field).some((place) => this.isOffered(place, this.pairsOf(formatField(place))))
    return this.findPlain(field, pairs, isWholeOffered)
  }

  /** Of a place that is one whole, what stands in it. */
  private async findPart(above: Field, field: Field, name: string): Promise<Base> {
    const base = await this.field(above)
    const asParts = base.pairs.map((whole) => partPair(whole, above, field))
    const pairs = ranked<Pair>([...this.pairsOf(name), ...asParts])
    const is = getField(this.head, field) ?? null
    const own = pairs.find((pair) => !isOfWhole(pair) && same(pair.head, is))
    if (own) return {value: baseOfPair(own), pair: own, pairs}
    const pair = asParts.find(({whole}) => whole === base.pair)
    return {...base, value: base.value === undefined ? undefined : partOf(base.value, above, field), pair, pairs}
  }

  /** The pairs of a field, and those of the places that it is a part of, as what they say of it. */
  private pairsAbout(field: Field, name = formatField(field)): Pair[] {
    const asParts = placesAbove(field).flatMap((place) =>
      this.pairsOf(formatField(place)).map((whole) => partPair(whole, place, field)),
    )
    return [...this.pairsOf(name), ...asParts]
  }

  /** What people decided about a field as HEAD has it; undefined: nothing. */
  decision(field: Field): Base | undefined {
    const is = getField(this.head, field) ?? null
    const pairs = ranked(this.pairsAbout(field))
    const pair = pairs.find((each) => isPeoples(each) && same(each.head, is))
    return pair && {value: pair.base, pair, pairs}
  }

  /** Whether a place, and each that it is in, is told by its parts. */
  private isApart(place: Field): boolean {
    const [above] = placesAbove(place)
    return (!above || this.isApart(above)) && this.partsOf(place) !== undefined
  }

  /** The parts of a place, where HEAD, snapshot and pairs all have it as a map, or as a set. */
  private partsOf(place: Field): Field[] | undefined {
    const name = formatField(place)
    if (!this.apart.has(name)) this.apart.set(name, this.findParts(place, name))
    return this.apart.get(name)
  }

  private findParts(place: Field, name: string): Field[] | undefined {
    if (place.path[0] !== 'config' || place.element !== undefined) return undefined
    const {kind} = this.standing.ref
    const head = getField(this.head, place)
    // A set that HEAD has emptied still has the elements that the others tell of; a map that anybody has emptied is none without keys.
    const values = [isEmptySet(head) ? undefined : head, getField(this.before, place)]
    for (const pair of this.pairsAbout(place, name)) values.push(pair.head ?? undefined, baseOfPair(pair) ?? undefined)
    const given = values.filter((value) => value !== undefined && !isEmptyMap(value))
    const parts = partsAt(kind, place, given) ?? []
    const all = new Map(parts.map((part) => [formatField(part), part]))
    // With no value at all, it is the pairs of parts that tell what kind of place it is.
    for (const field of this.noted) {
      const part = partTowards(place, field)
      const isOfForm = part?.element === undefined ? given.every(isKeyed) : given.every((of) => isSet(kind, place, of))
      if (part && isOfForm) all.set(formatField(part), part)
    }
    return all.size > 0 ? [...all.values()] : undefined
  }

  private async assemble(place: Field, wholes: Pair[], parts: Field[]): Promise<Base> {
    const bases = await Promise.all(parts.map(async (part) => ({part, base: await this.field(part)})))
    const document: Document = {kind: this.standing.ref.kind, beside: {}, config: {}}
    for (const {part, base} of bases) setField(document, part, base.value ?? undefined)
    const pairs = ranked(wholes)
    const isKnown = bases.every(({base}) => base.value !== undefined)
    const head = getField(this.head, place) ?? null
    const value = getField(document, place) ?? (isKnown ? await this.emptied(place, wholes) : null)
    const base: Base = {
      value: isKnown ? value : undefined,
      pair: pairs.find((pair) => same(pair.head, head)) ?? pairs[0],
      pairs,
    }
    return bases.some((part) => part.base.cut) ? {...base, cut: true} : base
  }

  /** Whether a place of which no part was agreed on was empty, or not there. */
  private async emptied(place: Field, pairs: Pair[]): Promise<Value | null> {
    const is = getField(this.head, place)
    if (isEmptySet(is)) return is
    const {value = is} = await this.findWholePlace(place, pairs)
    const isThing = isEntry(this.standing.ref.kind, place) || [value, is].some(isEmptyMap)
    return isMap(value) && isThing ? {} : null
  }

  /** Rule 2: whether HEAD holds something that the cluster offered, here or elsewhere: then the offer was committed. */
  private isOffered(field: Field, pairs: readonly Pair[]): boolean {
    const is = getField(this.head, field) ?? null
    if (pairs.some((pair) => pair.seen.some((value) => same(value, is)))) return true
    const {fields, document} = this.standing.noted ?? {}
    const name = formatField(field)
    if (fields && Object.hasOwn(fields, name) && same(fields[name], is)) return true
    return document ? same(getField(document, field), is) : false
  }

  private async findPlain(field: Field, all: Pair[], isWholeOffered = false): Promise<Base> {
    const whole = await this.whole()
    const is = getField(this.head, field) ?? null
    const was = getField(this.before, field) ?? null
    const {pair: about} = whole
    const pairs = ranked([...all, ...this.ofDocument(field, is, all)])
    const since = about && about.base !== null && isPeoples(about) ? timeOf(about) : -Infinity
    const recent = pairs.filter((pair) => timeOf(pair) >= since)
    const candidates = [...recent, ...pairs].filter((pair) => same(pair.head, is))
    // Where a sync found that nobody knows, somebody elsewhere may have known.
    const first = candidates.find((pair) => pair.how !== 'unknown' || candidates.every((other) => knew(pair, other)))
    // Of two decisions for one text, made apart, the one against the cluster says more: the other only agreed.
    const against = candidates.find((pair) => pair.how === 'reject' && !!first && !knew(first, pair))
    const matching = first?.how === 'accept' && against ? against : first
    if (matching) return {value: baseOfPair(matching), pair: matching, pairs}
    const offered =
      isWholeOffered ||
      this.isOffered(
        field,
        all.filter((pair) => !isOfWhole(pair)),
      )
    if (offered) return {value: is, pair: pairs[0], pairs, isHeads: true}
    if (recent[0]) return this.unlessAgreed(field, is, {value: baseOfPair(recent[0]), pair: recent[0], pairs})
    if (about && about.base !== null && this.head) {
      return this.sinceAgreed(about, field, {value: same(was, is) ? is : undefined, pairs})
    }
    return this.unlessAgreed(field, is, {value: was, pairs})
  }

  /**
   * The pairs of an object whose document, or offer, HEAD has, as what they say of a field: where HEAD says this, it was agreed. A wish
   * that has come about since knew of it: who goes back to that document wishes the field back, too.
   */
  private ofDocument(field: Field, is: Value | null, own: readonly Pair[]): PartPair[] {
    const wholes = this.head ? this.pairsOf('').filter(({head, base, how}) => head === base || how === 'replaced') : []
    if (wholes.length === 0) return []
    const digest = (this.digest ??= digestOf(this.written!))
    const fulfilled = Math.max(-Infinity, ...own.filter((pair) => isFulfilled(pair)).map(timeOf))
    return wholes
      .filter(({head, base, seen}) => (head === digest && base === digest) || seen.includes(digest))
      .filter((whole) => timeOf(whole) >= fulfilled)
      .map((whole) => ({...whole, field: formatField(field), head: is, base: is, seen: [], whole}))
  }

  /** Rule 4: HEAD was changed after the object was agreed on as a whole. What it was then is in the history. */
  private async sinceAgreed(about: Pair, field: Field, base: Base): Promise<Base> {
    const is = getField(this.head, field) ?? null
    const isMet = about.how === 'agreed' && typeof about.head === 'string'
    if (base.value === undefined && (about.base === about.head || isMet)) {
      const document = await this.history.documentBefore(this.standing.ref, field, is, about.head as string)
      if (document === 'cut') return {...(await this.unlessAgreed(field, is, base)), cut: true}
      if (document) return this.unlessAgreed(field, is, {...base, value: this.valueThen(document, about, field)})
    }
    return this.unlessAgreed(field, is, base)
  }

  /**
   * What was agreed on for a field when the object was. Where a manifest and an object met, a pair was written for each field in which they
   * differed: of any other the snapshot tells, as of what no manifest holds unless somebody asks for it (power, the node).
   */
  private valueThen(document: Document, about: Pair, field: Field): Value | null {
    const isAccepted = about.base === about.head
    const then = getField(document, field)
    const isUnasked = then === undefined && field.path[0] !== 'config'
    return (isAccepted && !isUnasked ? then : getField(this.before, field)) ?? null
  }
}

/** A wish that has come about: nobody had offered it. */
function isFulfilled({how, head, base, seen}: Pair): boolean {
  return how === 'agreed' && same(head, base) && seen.length === 0
}

function isEmptySet(value: Value | null | undefined): value is Scalar[] {
  return Array.isArray(value) && value.length === 0
}

function isEmptyMap(value: Value | null | undefined): value is ValueMap {
  return isMap(value) && !isKeyed(value)
}

/** The part of a place that a field is, or is in. */
function partTowards(place: Field, field: Field): Field | undefined {
  const {length} = place.path
  if (!isWithin(field, place) || (field.path.length === length && field.element === undefined)) return undefined
  return field.path.length === length ? field : {path: field.path.slice(0, length + 1)}
}

function partPair(whole: Pair, place: Field, part: Field): PartPair {
  const of = (value: Value | null) => partOf(value, place, part)
  return {...whole, field: formatField(part), head: of(whole.head), base: of(whole.base), seen: [], whole}
}

/** A part of a place's value. */
function partOf(value: Value | null, {path}: Field, part: Field): Value | null {
  return valueBelow(value ?? undefined, part.path.slice(path.length), part.element) ?? null
}
