import {commitMessage, deedTrailers, type Deed, type Whole} from '../git/trailers.js'
import {present} from '../reconcile/documents.js'
import type {Assessed} from '../reconcile/assess.js'
import {getField} from '../reconcile/fields.js'
import {parseField} from '../resources/index.js'
import type {Value} from '../resources/index.js'
import type {Caller} from '../runs/index.js'
import {redactText} from '../secrets/redact.js'
import {below, differenceAt, differenceOf, isShort, valueOrNone} from '../state/difference.js'
import {visible} from '../text/index.js'
import {itemText, type OpenItem, type OpenItemText} from '../workspace/index.js'

export type Verdict = 'accept' | 'reject'

/** Why a difference is decided: it was open, or it is taken over though it was not. */
export type DecisionState = OpenItemText['state'] | 'unmanaged' | 'rejected' | 'yours'

/** One difference that is decided; part of what `pmpc accept --json` prints. */
export interface DecidedItem extends Omit<OpenItemText, 'state'> {
  /** What HEAD declared before; null: nothing. Of an object as a whole null or `present`. */
  head: Value | null
  /**
   * `drift` and `conflict` were open. The others `accept` takes over: `unmanaged`, an object without a manifest; `rejected`, what was decided
   * against the cluster earlier; `yours`, a change of people's that the cluster does not have.
   */
  state: DecisionState
}

/** A difference that a decision is about. */
export interface Choice {
  item: OpenItem
  state: DecisionState
  /** A word names just this field: whoever typed it means it. */
  isSpelledOut?: boolean
}

/** Tells a choice to people and programs. */
export function decidedText({item, state}: Choice, {head}: Pick<Assessed, 'head'>): DecidedItem {
  const field = item.field === undefined ? undefined : parseField(item.field)
  const is = field ? (getField(head, field) ?? null) : head ? present : null
  return {...itemText(item), head: is, state}
}

/** What becomes of a whole object, by verdict and by what is the matter with it. */
const wholes = {
  unmanaged: {accept: 'managed from here on, as it is in the cluster', reject: ''},
  new: {accept: 'new in the cluster', reject: 'stays without a manifest'},
  wished: {accept: 'declared no more, as the cluster has none', reject: ''},
  gone: {accept: 'gone from the cluster', reject: 'stays declared, though it is gone from the cluster'},
  replaced: {
    accept: 'another object has this id now',
    reject: 'stays declared, though another object has this id now',
  },
} as const

/** What is said of why something is decided that was not open. */
const besides: Partial<Record<DecisionState, string>> = {
  rejected: ' (rejected earlier)',
  yours: ' (yours, not yet applied)',
}

/**
 * `home/vm/100 config.memory: 2048 → 4096`: what HEAD says, and what it says then; of a rejection what stays, and what does not come. Where a long
 * value differs lines of that below, set in.
 */
export function decisionLines(verdict: Verdict, {object, field, head, offer, state}: DecidedItem): string[] {
  const because = besides[state] ?? ''
  if (field === undefined) {
    const isWished = state === 'yours' || state === 'rejected'
    const was = head === null ? 'new' : 'replaced'
    const what = state === 'unmanaged' ? state : offer === null ? (isWished ? 'wished' : 'gone') : was
    return [visible(`${object}: ${wholes[what][verdict]}${because}`)]
  }
  const name = visible(`${object} ${field}:`)
  if (verdict === 'accept') {
    const [first, ...further] = differenceAt(name, head, offer)
    return [`${first}${because}`, ...further]
  }
  const isPlain = head === null || offer === null || [head, offer].every(isShort)
  if (isPlain) return [`${name} stays ${valueOrNone(head)}, not ${valueOrNone(offer)}`]
  return below(`${name} stays; what does not come:`, differenceOf(head, offer))
}

/** What a commit says of an item: of a conflict, too, that it was one. */
function messageLines(verdict: Verdict, item: DecidedItem): string[] {
  const [first, ...further] = decisionLines(verdict, item)
  if (item.state !== 'conflict') return [first!, ...further]
  const isTold = verdict === 'accept' && item.field !== undefined && isShort(item.head)
  return [`${first} (conflict${isTold ? `: ours was ${valueOrNone(item.head)}` : ''})`, ...further]
}

/** How many lines of a message tell what was decided. */
const mostLines = 40

/** The commit's message: a person's own words or a line of what was done, then old and new value of each field, then trailers. */
export function decisionMessage(
  verdict: Verdict,
  items: readonly DecidedItem[],
  {run}: Caller,
  words: string | undefined,
): string {
  const objects = [...new Set(items.map(({object}) => object))]
  const what = objects.length === 1 ? objects[0]! : `${objects.length} objects`
  const lines: string[] = []
  let told = 0
  for (const item of items) {
    const further = messageLines(verdict, item)
    if (lines.length + further.length > mostLines) break
    lines.push(...further.map((line) => redactText(line, run.secrets, 'message')))
    told++
  }
  if (items.length > told) lines.push(`… and ${items.length - told} more`)
  const clusters = [...new Set(objects.map((object) => object.split('/')[0]!))].sort()
  const count = `${items.length} ${items.length === 1 ? 'item' : 'items'}`
  const [subject, ...own] =
    words === undefined
      ? [`${verdict}(${clusters.join(', ')}): ${what}, ${count}`]
      : redactText(words, run.secrets).split('\n')
  // A blank line stands below every subject.
  const paragraphs = own.slice(own.findIndex((line) => line !== ''))
  return commitMessage(subject!, own.length > 0 ? [...paragraphs, '', ...lines] : lines, [
    ['run', run.id],
    ...clusters.map((cluster): ['cluster', string] => ['cluster', cluster]),
    ['command', verdict],
    ...deedTrailers(verdict === 'accept' ? 'accepted' : 'rejected', decidedDeeds(items)),
  ])
}

/** What was decided, with who had made it in the cluster: a deed for all fields of an object that are of the same user and time. */
export function decidedDeeds(items: readonly (Omit<OpenItemText, 'state'> & {head?: Value | null})[]): Deed[] {
  const deeds = new Map<string, Deed & {what: Whole | string[]}>()
  const areOfOne = new Set(items.map(({object}) => object.split('/')[0])).size < 2
  for (const {object: full, field, base, offer, head: was = base, by, at} of items) {
    const object = areOfOne ? full.slice(full.indexOf('/') + 1) : full
    // Where several may have made it, nobody knows who of them did when.
    for (const user of by?.split(', ') ?? [null]) {
      const deed = {object, user, ...(at !== undefined && {at})}
      const key = `${object} ${user} ${at} ${field === undefined}`
      const known = deeds.get(key)
      if (field === undefined)
        deeds.set(key, {...deed, what: offer === null ? 'removed' : was === null ? 'added' : 'replaced'})
      else if (known && typeof known.what !== 'string') known.what.push(field)
      else deeds.set(key, {...deed, what: [field]})
    }
  }
  return [...deeds.values()]
}

/** The line of a message that is about an object or a field, whatever it says of it. */
export function isLineAbout(line: string, object: string, field: string | undefined): boolean {
  const name = field === undefined ? object : `${object} ${field}`
  return line === name || line === `${name}:` || line.startsWith(`${name}: `)
}
