import {besideOf, besideOfDeclared, declaredOf, equalValues, formatField, kindOf, own} from '../resources/index.js'
import type {Config, Declared, ObjectRef, Observed, Value} from '../resources/index.js'
import {boundTo} from '../values/index.js'
import {fieldsOf, getField} from './fields.js'
import type {Document} from './fields.js'

/** A change of one manifest document, to be spliced into its text. */
export type Edit =
  | {do: 'set'; path: string[]; value: Value | undefined}
  | {do: 'write'; declared: Declared}
  | {do: 'remove'}
  /** Put the document of HEAD back, as it is written there. */
  | {do: 'restore'}
  /** Put a text in the document's place, in that file; what stood of the object elsewhere goes. */
  | {do: 'take'; path: string; text: string}
  /** Give the document of that file which says this, and `id: next`, the number of the object. */
  | {do: 'number'; path: string; declared: Declared}

/** The word that stands for a whole object. */
export const present = 'present'

/** What the cluster says of an object, as fields of a manifest. A copy; values are never changed in place, so a shallow one. */
export function observedDocument(observed: Observed, asked: Declared | undefined): Document {
  const {config} = declaredOf(observed)
  return {
    kind: observed.kind,
    beside: besideOf(observed, asked),
    config: asked ? turnedBack(config, observed, asked) : config,
  }
}

/** A manifest that asks for all that one can say. */
export function allOf({kind, id}: Observed): Declared {
  return {kind, id, config: {}, placement: {node: '', pinned: true}, power: 'running'}
}

/** What PVE turned round by itself, as the manifest says it. */
function turnedBack(config: Config, {kind, facts}: Observed, asked: Declared): Config {
  const {turns} = kindOf(kind)
  const said = turns && own(asked.config, turns.key)
  const isTurned = said !== undefined && Object.hasOwn(config, turns!.key) && said === own(facts, turns!.fact)
  return isTurned ? {...config, [turns!.key]: said} : config
}

/** A manifest as fields. A copy. */
export function declaredDocument(declared: Declared): Document {
  return {kind: declared.kind, beside: besideOfDeclared(declared), config: {...declared.config}}
}

/**
 * A manifest's fields with what they leave to PVE as the cluster has it: see `boundTo` of `kit/values`. What one of the documents does not meet, the
 * next one may: what was made before is what a wish for a volume stands for, though somebody has changed it since.
 */
export function boundDocument(want: Document, ...seen: (Document | undefined)[]): Document {
  const documents = seen.filter((document) => document !== undefined)
  const entries = Object.entries(want.config).map(([key, value]): [string, Value] => {
    const sides = documents.map((document) => own(document.config, key))
    const bound = sides.map((is) => boundTo(want.kind, key, value, is))
    const met = bound.findIndex((each, i) => equalValues(each, sides[i]))
    return [key, bound[met === -1 ? 0 : met] ?? value]
  })
  return {...want, config: Object.fromEntries(entries)}
}

/** Fields as a manifest; the other way round. */
export function manifestOf({kind, id}: ObjectRef, {beside, config}: Document): Declared {
  const declared: Declared = {kind, id, config: {...config}}
  const {pool, power} = beside
  const node = beside['placement.node']
  if (pool !== undefined) declared.pool = String(pool)
  if (node !== undefined) declared.placement = {node: String(node), pinned: true}
  if (power === 'running' || power === 'stopped') declared.power = power
  return declared
}

/** A copy to be changed. */
export function copyOf({kind, beside, config}: Document): Document {
  return {kind, beside: {...beside}, config: {...config}}
}

/** Whether two documents say the same. */
export function equalDocuments(a: Document | undefined, b: Document | undefined): boolean {
  if (!a || !b) return a === b
  return equalValues(a.beside, b.beside) && equalValues(a.config, b.config)
}

/** What makes one document of another: one edit a changed place. A set is written as a whole, whatever elements changed. */
export function editsBetween(from: Document, to: Document): Edit[] {
  const edits = new Map<string, Edit>()
  for (const field of fieldsOf([from, to])) {
    if (equalValues(getField(from, field), getField(to, field))) continue
    const {path} = field
    edits.set(formatField({path}), {do: 'set', path, value: getField(to, {path})})
  }
  return [...edits.values()]
}
