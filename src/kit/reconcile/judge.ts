import {
  formatField,
  incarnationOf,
  isAnotherIncarnation,
  isBuiltin,
  isGuest,
  isMap,
  isWithin,
  overlap,
  parseField,
} from '../resources/index.js'
import type {Field, KindName, ObjectRef, Observed, Value} from '../resources/index.js'
import type {How, OpenItem, Pair} from '../workspace/index.js'
import {Agreement, baseOfPair, isOfWhole} from './agreement.js'
import type {Base, History, Standing} from './agreement.js'
import {digestOf, getField, isEntry, isKeyed, isMapOfRow, isSet, partsAt, setField} from './fields.js'
import type {Document} from './fields.js'
import {copyOf, equalDocuments, observedDocument, present} from './documents.js'
import {byOf, isPartOf, newestOf, same, seenBy, signatureOf, stampOf, timeOf} from './pairs.js'

/** One object as a sync sees it: what was before, and what the cluster says now. For a status, the cluster says what the snapshot says. */
export interface Sight extends Standing {
  /** Absent when the object is gone. One that could not be read is passed as it was before. */
  theirs?: Observed | undefined
  /** No state of the cluster is committed: the first sync, or one after the state was lost. */
  isFirst?: boolean
  /** Nothing of its kind was recorded before: a kind that pmpc did not read, or had nothing of. */
  isFirstReading?: boolean
  /** Milliseconds since the epoch. */
  now: number
}

/** What follows for one object. */
export interface Judgement {
  /** What nobody has decided yet. */
  items: OpenItem[]
  /** The object's pairs afterwards; the same array content where nothing was learnt. */
  pairs: Pair[]
  /** Fields that HEAD and cluster agree on from now on, with what was agreed on before; null: nothing, or nobody knows. */
  agreed: {field: Field; base: Value | null}[]
  /** Decisions against the cluster that HEAD no longer holds, as another branch decided otherwise. */
  overruled: Overruled[]
  /** Fields (`''`: the object) that cannot be told here, as this clone's history ends too early. */
  undecided: string[]
}

/** A `reject` that was given up as HEAD says something else. */
export interface Overruled {
  ref: ObjectRef
  field?: string
  /** The pair that was rejected with. */
  rejected: Pair
  /** What HEAD says; null: nothing. */
  head: Value | null
}

/** Works out what is open for an object, and what a sync notes of it. It changes nothing. */
export async function judge(sight: Sight, history: History): Promise<Judgement> {
  return new Judge(sight, history).run()
}

/** What a pair is to say: what the one that was used says, as it is or written anew, or something else. */
type Saying = 'keep' | 'again' | Said

interface Said {
  base: Value | null
  head: Value | null
  how: How
  /** No offer that was seen before counts any more. */
  isFulfilled?: true
}

/** That a whole object was decided is no decision about each of its fields. */
function saidBy(pair: Pair): Said {
  return isOfWhole(pair) && pair.whole.field === undefined ? {...pair, how: 'open'} : pair
}

class Judge {
  private readonly agreement: Agreement
  private readonly theirs: Document | undefined
  private readonly stamp: string
  private readonly noted = new Map<string, Pair[]>()
  private readonly outcome: Judgement = {items: [], pairs: [], agreed: [], overruled: [], undecided: []}
  private isAdopting = false

  constructor(
    private readonly sight: Sight,
    history: History,
  ) {
    this.agreement = new Agreement(sight, history)
    this.theirs = sight.theirs && observedDocument(sight.theirs, sight.head)
    this.stamp = stampOf(sight.pairs, sight.now)
    for (const {field = ''} of sight.pairs) this.noted.set(field, this.agreement.pairsOf(field))
  }

  async run(): Promise<Judgement> {
    if (this.isBuiltin && this.sight.pairs.length === 0) return this.outcome
    const whole = await this.agreement.whole()
    if (whole.pair) this.note('', whole, 'keep')
    if (!this.theirs) await this.judgeGone(whole)
    else if (!this.agreement.head) this.judgeUndeclared(whole, this.theirs)
    else if (!(await this.judgeReplaced(whole, this.theirs, this.agreement.head)))
      await this.judgeFields(whole, this.theirs, this.agreement.head)
    this.outcome.items = this.outcome.items.map((item) => this.signed(item))
    this.outcome.pairs = [...this.noted.values()].flat()
    return this.outcome
  }

  /** It has no manifest, and needs none. */
  private get isBuiltin(): boolean {
    return this.agreement.head === undefined && this.sight.theirs !== undefined && isBuiltin(this.sight.theirs)
  }

  /** An item with who made its offer, as its pair tells. */
  private signed(item: OpenItem): OpenItem {
    const [pair] = this.noted.get(item.field ?? '') ?? []
    if (!pair || (item.field !== undefined && !same(pair.seen.at(-1), item.offer))) return item
    return {...item, ...signatureOf(pair)}
  }

  private open(item: Omit<OpenItem, 'ref'>): void {
    this.outcome.items.push({ref: this.sight.ref, ...item})
  }

  /** The object is not in the cluster. */
  private async judgeGone(whole: Base): Promise<void> {
    const {head, before} = this.agreement
    if (!head) {
      if (whole.value && (whole.pair || before)) this.note('', whole, {base: null, head: null, how: 'agreed'}, present)
      return this.forgetFields()
    }
    if (whole.cut) return void this.outcome.undecided.push('')
    if (!whole.value) return this.forgetFields()
    const digest = digestOf(this.agreement.written!)
    // What nobody knows to be agreed on is as the cluster had it last: nobody agreed to losing what HEAD says instead.
    const base = before ? digestOf(await this.baseDocument(head, before)) : (whole.pair?.base ?? digest)
    const state = base === digest && !this.sight.isFirst ? 'drift' : 'conflict'
    this.open({base: present, offer: null, state})
    const isKnown = whole.pair && whole.pair.base === base
    this.note('', whole, isKnown ? 'keep' : {base, head: digest, how: whole.pair ? 'agreed' : 'open'}, null)
  }

  /** The object is in the cluster, and no manifest declares it. */
  private judgeUndeclared(whole: Base, theirs: Document): void {
    const {isFirst, isFirstReading} = this.sight
    const hasChanged = !equalDocuments(theirs, this.agreement.before)
    if (whole.cut) return void this.outcome.undecided.push('')
    if (!whole.value) this.forgetFields()
    if (!whole.value && this.isBuiltin) return
    if (whole.value) {
      if (hasChanged && !whole.pair) this.note('', whole, {base: digestOf(theirs), head: null, how: 'unmanaged'})
      return
    }
    this.open({base: null, offer: present, state: 'drift'})
    // What the first reading offers follows from the history; a pair for each object of a cluster would say no more.
    if (whole.pair) this.note('', whole, 'keep', present)
    else if (hasChanged && !isFirst && !isFirstReading)
      this.note('', whole, {base: null, head: null, how: 'open'}, present)
  }

  /**
   * Another guest has the VMID now, or one came back that was gone: the whole document is offered, never a change of fields. False
   * where that is not so. What has a name that people gave it is the same again when it comes back.
   */
  private async judgeReplaced(whole: Base, theirs: Document, head: Document): Promise<boolean> {
    const {before, isFirst} = this.sight
    const isAnother = before ? isAnotherIncarnation(before, this.sight.theirs!) : !isFirst && isGuest(head.kind)
    const wasAnother = whole.pair?.how === 'replaced'
    if (!whole.value || whole.pair?.head === null || !(isAnother || wasAnother)) return false
    const [digest, offer] = [digestOf(this.agreement.written!), digestOf(theirs)]
    // It was decided about already: a merge took the snapshot that is older.
    const guest = incarnationOf(this.sight.theirs!)
    const mark = guest === undefined ? undefined : digestOf({beside: {guest}, config: {}})
    const isDecided = whole.pairs.some(({base, seen}) => base === offer || (mark !== undefined && seen.includes(mark)))
    if (!wasAnother && isDecided) return false
    if (equalDocuments(head, theirs)) return this.close(whole, {base: offer, head: digest, how: 'agreed'})
    // The offer was committed, and the cluster has moved since.
    if (wasAnother && before && !isAnother && equalDocuments(head, this.agreement.before)) {
      this.note('', whole, {base: digest, head: digest, how: 'agreed'})
      return false
    }
    const isNoted = wasAnother || !before
    const base = isNoted ? (whole.pair?.base ?? digest) : digestOf(await this.baseDocument(head))
    const isUnedited = !isNoted || !whole.pair || whole.pair.head === digest
    if (offer === base && isUnedited) return this.close(whole, {base: offer, head: digest, how: 'agreed'})
    this.open({base: present, offer: present, state: base === digest ? 'drift' : 'conflict'})
    const seen = mark === undefined ? [offer] : [mark, offer]
    this.note('', whole, wasAnother ? 'keep' : {base, head: digest, how: 'replaced'}, ...seen)
    return true
  }

  private close(whole: Base, saying: Said): true {
    if (whole.pair) this.note('', whole, saying)
    this.forgetFields()
    return true
  }

  private async judgeFields(whole: Base, theirs: Document, head: Document): Promise<void> {
    const {isFirst = false} = this.sight
    // What has a name that people gave it may be another when it comes back.
    const isBack = !this.agreement.before && !isGuest(this.sight.ref.kind)
    this.isAdopting = isFirst || !whole.value || whole.pair?.head === null || isBack
    if (this.isAdopting && !isFirst) {
      this.note('', whole, {base: digestOf(theirs), head: digestOf(this.agreement.written!), how: 'agreed'})
    }
    for (const key of this.keys(theirs, head)) {
      const fields = await this.finest(key, theirs, head)
      for (const field of this.noticed(key, fields)) await this.judgeField(field, theirs, head)
    }
  }

  /**
   * The fields of a place that can be decided each by itself; none of a key that no side has, unless the cluster had it and nobody knows what was agreed. A set that one side has not at all is one
   * change, unless HEAD has elements of its own: those were decided, and are not asked about again. So are all keys that HEAD has in a map
   * where none of them was agreed on, and what HEAD and the cluster both have of a map that came to be since, unless it is a property string.
   */
  private async finest(place: Field, theirs: Document, head: Document): Promise<Field[]> {
    const {kind} = this.sight.ref
    const {value: base} = await this.baseOf(place, head)
    const is = getField(head, place)
    const sides = [...(base === undefined ? [] : [base ?? undefined]), getField(theirs, place), is]
    const given = sides.filter((value) => value !== undefined)
    const isToldByNone = given.length === 0 && place.path.length === 2
    if (isToldByNone) return base === undefined && getField(this.agreement.before, place) !== undefined ? [place] : []
    const areSets = given.every((value) => isSet(kind, place, value))
    const areAdded = base === null && given.length === 2 && isMapOfRow(kind, place)
    const areOwn =
      base === undefined
        ? this.arePartsNoted(place)
        : given.length < 3 && !same(base, is) && (areSets || areApart(kind, place, [base, is]) || areAdded)
    const values = areOwn ? given : sides
    // A map that HEAD emptied has no keys there; one that the cluster has emptied is one change.
    const areMaps = isKeyed(getField(theirs, place)) && values.every(isMap)
    const parts = partsAt(kind, place, areMaps ? values.filter(isKeyed) : values)
    if (!parts) return [place]
    const fields: Field[] = []
    for (const part of parts) fields.push(...(await this.finest(part, theirs, head)))
    return fields
  }

  /** Whether pairs tell of parts of a place as HEAD has them. */
  private arePartsNoted({path}: Field): boolean {
    const place = formatField({path})
    return [...this.noted].some(([name, pairs]) => {
      const field = isPartOf(name, place) ? parseField(name) : undefined
      return field && pairs.some((pair) => same(pair.head, getField(this.agreement.head, field)))
    })
  }

  /** The fields of a key, and those of which no side has a value any more, but a pair tells. */
  private noticed(key: Field, fields: Field[]): Field[] {
    const all = new Map(fields.map((field) => [formatField(field), field]))
    for (const name of this.noted.keys()) {
      const field = name === '' ? undefined : parseField(name)
      if (field && isWithin(field, key) && !fields.some((other) => overlap(other, field))) all.set(name, field)
    }
    return [...all.keys()].sort().map((name) => all.get(name)!)
  }

  /** The keys of which the sides do not say the same, or that have pairs. */
  private keys(theirs: Document, head: Document): Field[] {
    const {before} = this.agreement
    const keys = new Map<string, Field>()
    const add = (field: Field) => keys.set(formatField(field), field)
    for (const name of this.noted.keys()) {
      const field = name === '' ? undefined : parseField(name)
      if (field) add(field.path[0] === 'config' ? {path: field.path.slice(0, 2)} : field)
    }
    const others = this.isAdopting || !before ? [head] : [head, before]
    for (const side of others) {
      if (equalDocuments(side, theirs)) continue
      for (const name of Object.keys({...side.beside, ...theirs.beside})) add({path: name.split('.')})
      for (const name of Object.keys({...side.config, ...theirs.config})) {
        const key = {path: ['config', name]}
        if (!same(getField(side, key), getField(theirs, key))) add(key)
      }
    }
    return [...keys.keys()].sort().map((name) => keys.get(name)!)
  }

  /** Where nothing was agreed on about the object, only what HEAD and the snapshot both say is known. */
  private async baseOf(field: Field, head: Document): Promise<Base> {
    if (!this.isAdopting) return this.agreement.field(field)
    const is = getField(head, field) ?? null
    // What people decided holds all the same.
    const decided = this.agreement.decision(field)
    if (decided) return decided
    const pairs = this.agreement.pairsOf(formatField(field))
    const {before} = this.agreement
    const document = this.sight.noted?.document
    const isAgreed = [before, document ?? undefined].some((side) => side && same(getField(side, field), is))
    return {value: isAgreed ? is : undefined, pairs}
  }

  private async judgeField(field: Field, theirs: Document, head: Document): Promise<void> {
    const name = formatField(field)
    const base = await this.baseOf(field, head)
    const [is, offer] = [getField(head, field) ?? null, getField(theirs, field) ?? null]
    const {pair} = base
    if (base.cut && !same(is, offer)) {
      this.outcome.undecided.push(name)
      if (!same(offer, base.value)) this.open({field: name, offer, state: 'conflict'})
      return
    }
    if (base.value === undefined || !same(offer, base.value)) {
      if (same(is, offer)) {
        this.outcome.agreed.push({field, base: base.value ?? null})
        if (this.isAdopting && !pair) this.noted.delete(name)
        // What people wished has come about: what was offered before has nothing to say of what they may wish next.
        else this.note(name, base, {base: offer, head: offer, how: 'agreed', isFulfilled: true})
        return
      }
      if (base.value === undefined) {
        this.open({field: name, offer, state: 'conflict'})
        return this.note(name, base, pair ? 'keep' : {base: null, head: is, how: 'unknown'}, offer)
      }
      // HEAD wishes it all gone, and the cluster has less of it.
      if (is === null && isLess(offer, base.value)) {
        if (pair) this.note(name, base, {base: offer, head: is, how: 'agreed'})
        return
      }
      this.open({field: name, base: base.value, offer, state: same(is, base.value) ? 'drift' : 'conflict'})
      return this.note(name, base, pair ? this.sayingOf(base, is) : {base: base.value, head: is, how: 'open'}, offer)
    }
    if (pair) this.note(name, base, this.sayingOf(base, is))
    else if (this.isAdopting) this.noted.delete(name)
  }

  /** The pair stays as it is; where HEAD told more than it does, or another outranks it, one is written anew. */
  private sayingOf({pair, value, pairs, isHeads}: Base, is: Value | null): Saying {
    const isStale = isHeads ? !same(pair!.head, is) : !same(baseOfPair(pair!), value)
    if (isStale) return {base: value ?? null, head: is, how: 'agreed'}
    return pair === pairs[0] ? 'keep' : 'again'
  }

  /** What was agreed on for the whole object, field by field; what `unknown` says where nobody knows. */
  private async baseDocument(head: Document, unknown: Document = head): Promise<Document> {
    const {before} = this.agreement
    const document = copyOf(head)
    for (const key of this.keys(before ?? head, head)) {
      const {value} = await this.agreement.field(key)
      setField(document, key, value === undefined ? getField(unknown, key) : (value ?? undefined))
    }
    return document
  }

  /** Notes one pair in the place of all that a field had. */
  private note(name: string, {pair: used, pairs}: Base, saying: Saying, ...offers: (Value | null)[]): void {
    const own = pairs.filter((pair) => !isOfWhole(pair))
    // A pair of the whole says it all as long as there is nothing else to say.
    if (typeof saying === 'string' && isOfWhole(used!) && own.length === 0 && offers.length === 0) return
    const isKept = saying === 'keep' && !isOfWhole(used!)
    const {head, base, how, isFulfilled}: Said = typeof saying === 'string' ? saidBy(used!) : saying
    this.tellOverruled(name, used, own, isKept || how === 'reject')
    const pair: Pair = {ref: this.sight.ref, head, base, seen: isFulfilled ? [] : seenBy(own, offers), how}
    if (name !== '') pair.field = name
    const at = isKept ? used!.at : how === 'open' || how === 'unmanaged' ? undefined : this.stamp
    // A pair of the object is none that this one replaces.
    const replaced = pairs.filter((pair) => !isOfWhole(pair) || pair.whole.field !== undefined)
    const over = isKept ? used!.over : newestOf(replaced)
    if (at !== undefined) pair.at = at
    if (over !== undefined) pair.over = over
    const wasThere = name === '' && pair.base === null && own.some((other) => other.base !== null)
    if (wasThere && !pair.seen.includes(present)) pair.seen = seenBy([pair], [present])
    Object.assign(pair, byOf(own, pair.seen))
    this.noted.set(name, [pair])
    // What is agreed on for a whole key is agreed on for its parts.
    if (pair.how === 'agreed')
      for (const other of this.noted.keys()) if (isPartOf(other, name)) this.noted.delete(other)
  }

  /** A decision against the cluster that goes, though HEAD does not hold it and nobody knew of it who decided otherwise. */
  private tellOverruled(name: string, used: Pair | undefined, own: Pair[], isUsedStill: boolean): void {
    const {head} = this.agreement
    const field = name === '' ? undefined : parseField(name)
    const is = field ? (getField(head, field) ?? null) : head ? present : null
    const holds = (pair: Pair) => (field ? same(pair.head, is) : (pair.head === null) === (is === null))
    const knownUpTo = used?.over === undefined ? -Infinity : Date.parse(used.over)
    for (const rejected of own) {
      if (
        (rejected === used && isUsedStill) ||
        rejected.how !== 'reject' ||
        holds(rejected) ||
        timeOf(rejected) <= knownUpTo
      )
        continue
      if (this.outcome.overruled.some((told) => told.rejected === rejected)) continue
      const told: Overruled = {ref: this.sight.ref, rejected, head: is}
      if (name !== '') told.field = name
      this.outcome.overruled.push(told)
    }
  }

  private forgetFields(): void {
    for (const name of this.noted.keys()) if (name !== '') this.noted.delete(name)
  }
}

/** Whether nothing of what a map, or a set, holds is in another one. That a thing of its own is in both, an alias, is something. */
function areApart(kind: KindName, place: Field, [base, is]: [Value | null | undefined, Value | undefined]): boolean {
  if (Array.isArray(base) && Array.isArray(is)) return !is.some((element) => base.includes(element))
  if (!isMap(base) || !isMap(is) || isEntry(kind, place)) return false
  const below = (key: string): Field => ({path: [...place.path, key]})
  return Object.keys(is).every((key) => !Object.hasOwn(base, key) || areApart(kind, below(key), [base[key], is[key]]))
}

/** Whether a map holds nothing but what is in another one. */
function isLess(value: Value | null | undefined, of: Value | null | undefined): boolean {
  if (!isMap(value) || !isMap(of)) return false
  return Object.keys(value).every((key) => same(value[key], of[key]) || isLess(value[key], of[key]))
}
