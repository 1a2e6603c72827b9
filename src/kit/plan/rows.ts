import type {Document} from '../reconcile/fields.js'
import {diffFields, own, parseFieldName, type Config, type Observed} from '../resources/index.js'
import type {Consequence, Travel} from '../resources/kinds/travels.js'
import type {Also, Effect, Next, Refusal, Step} from './model.js'
import {nextOfParts, type PartChange} from './parts.js'
import {asStaged} from './pending.js'
import {nextOfSection, requestOf, type Change} from './section.js'
import {callOf, isOfParts, subjectOf, type Subject} from './subject.js'
import {targetOf} from './target.js'
import {whyNot} from './whynot.js'

type Found = Step | {refused: Refusal} | undefined

/**
 * The next step of an object of any kind whose row tells how its changes travel: its own keys in one call, set and unset, then its parts. The call that makes changes come
 * true for a whole kind is no step of an object (`stages.ts`).
 */
export const nextOfRow: Next = (is, wanted, around) => {
  if (!is && wanted.document === null) return undefined
  const subject = subjectOf(is, wanted, around)
  if ('refused' in subject) return subject
  const refused = whyNot(subject)
  if (refused) return {refused}
  if (wanted.document === null) return removal(subject)
  const target = is ? targetOf(is, {...wanted, document: wanted.document}) : wanted.document
  return ofItself(subject, target) ?? ofParts(subject, target)
}

/** Keys of the configuration that travel by calls of their own. */
function partKeys({parts = {}}: Travel): {has: (key: string) => boolean} {
  const names = Object.keys(parts).map((name) => name.split('.')[0]!)
  return {has: (key) => names.includes('') || names.includes(key)}
}

function ownKeys(config: Config, change: Travel): Config {
  const parts = partKeys(change)
  return Object.fromEntries(Object.entries(config).filter(([key]) => !parts.has(key)))
}

/** An object's own keys, all in one call. */
function ofItself(subject: Subject, target: Document): Found {
  const {row, id, is, version, given} = subject
  const {change} = row
  const [was, want] = [is?.config, target.config].map((config) => config && ownKeys(config, change))
  const step = nextOfSection({
    kind: row.name,
    path: [],
    calls: change,
    was: is ? {...was, ...powerOf(subject, is)} : undefined,
    want: {...want!, ...wishedPower(subject, target)},
    version,
    given,
    id: row.id === 'single' ? undefined : [change.idParameter ?? row.idKey, id],
    title: `${row.name} ${id}`,
  })
  if (!step || 'refused' in step) return step
  return stepOf(subject, step.request, changedBy(subject, step), step.digest ? 'object' : undefined)
}

/** The object with its own keys changed. */
function changedBy(subject: Subject, {after}: Change): Observed {
  const {row, id, is} = subject
  const {power} = row.change
  const config = {...after}
  const facts = {...is?.facts}
  if (power && row.beside?.power && config[power.parameter] !== undefined) {
    facts[row.beside.power.fact] = config[power.parameter] as string
    if (!row.chosen?.[power.parameter]?.includes(facts[row.beside.power.fact]!)) delete config[power.parameter]
  }
  const kept = Object.entries(is?.config ?? {}).filter(([key]) => partKeys(row.change).has(key))
  return {...is, kind: row.name, id, config: {...config, ...Object.fromEntries(kept)}, facts}
}

/** Whether it runs stands among its keys where a call takes it as one of these. */
function powerOf({row}: Subject, is: Observed): Config {
  const {power} = row.change
  const state = power && row.beside?.power && own(is.facts, row.beside.power.fact)
  return state === undefined ? {} : {[power!.parameter]: state}
}

function wishedPower(subject: Subject, {beside, config}: Document): Config {
  const {row, is} = subject
  const {power} = row.change
  const wished = beside.power
  if (!power || !row.beside?.power) return {}
  // Whoever chooses, or chose, a word of the configuration's says with it what becomes of the guest.
  const [want, was] = [config, is?.config ?? {}].map((side) => own(side, power.parameter))
  if (want !== undefined || (was !== undefined && wished === undefined)) return {}
  const now = is && powerOf(subject, is)
  const isNow = now && (row.beside.power.stopped.includes(now[power.parameter] as string) ? 'stopped' : 'running')
  if (wished === undefined || wished === isNow) return now ?? {}
  return {[power.parameter]: wished === 'stopped' ? power.stopped : power.running}
}

function ofParts(subject: Subject, target: Document): Found {
  const {is, row} = subject
  const was = is?.config ?? {}
  const want = row.change.joined?.(target.config, was) ?? target.config
  return partStep(subject, nextOfParts(subject, {was, want}))
}

function partStep(subject: Subject, step: PartChange | {refused: Refusal} | undefined): Found {
  if (!step || 'refused' in step) return step
  const {row, id, is} = subject
  const config = row.change.joined?.(step.after, is?.config ?? {}) ?? step.after
  const after: Observed = {...is, kind: row.name, id, config, facts: {...is?.facts}}
  return stepOf(subject, step.request, after, step.digest)
}

/** What has to be gone before goes first. */
function removal(subject: Subject): Found {
  const {row, id, is, given} = subject
  const {change} = row
  const {emptied = [], marked} = change
  if (isMarked(change, is!)) return undefined
  const names = emptied.map((name) => name.split('.')[0]!)
  const left = Object.entries(is!.config).filter(([key]) => !names.includes('') && !names.includes(key))
  const part = nextOfParts(subject, {was: is!.config, want: Object.fromEntries(left)}, emptied)
  if (part) return partStep(subject, part)
  if (change.remove === undefined) return undefined
  const request = requestOf(callOf(change.remove, given), {[change.idParameter ?? row.idKey]: id})
  const digest = change.digest?.includes('remove') ? ('object' as const) : undefined
  const after = marked ? {...is!, facts: {...is!.facts, [marked.fact]: marked.value}} : null
  return stepOf(subject, request, after, digest)
}

/** Whether an object goes by itself, as it was told to. */
function isMarked({marked}: Travel, {facts}: Observed): boolean {
  return marked !== undefined && facts[marked.fact] === marked.value
}

function stepOf(
  subject: Subject,
  request: Step['request'],
  after: Observed | null,
  digest: Step['digest'] | undefined,
): Step {
  const {row, is, parent, around} = subject
  const {change} = row
  const before = is
  let told = after
  if (told) {
    const facts = change.facts?.(before?.facts, {config: told.config, parent})
    told = asStaged(row, before, facts ? {...told, facts: {...told.facts, ...facts}} : told)
    // What is made of its parts is there while it holds anything.
    if (isOfParts(row) && Object.keys(told.config).length === 0) told = null
  }
  const also: readonly Also[] = change.also?.({before: is, after: told, around}) ?? []
  return {
    request,
    effects: effectsOf(subject, told),
    ...(digest && {digest}),
    ...(also.length > 0 && {also}),
    after: told,
  }
}

/** One effect for each field that changes; one for the whole where it comes or goes. */
function effectsOf({row, is}: Subject, after: Observed | null): Effect[] {
  const {change} = row
  if (change.remove && (!after || isMarked(change, after))) {
    const consequence = change.removal ?? change.consequence
    return [{consequence, ...(consequence === 'destroys-data' && {irreversible: true})}]
  }
  const isNew = !is || (row.scopes && Object.keys(is.config).length === 0)
  if (isNew && change.create) return [{consequence: change.making ?? change.consequence}]
  const said = new Set<string>()
  return diffFields(is ?? undefined, after ?? undefined).flatMap(({field, before}): Effect[] => {
    const [first, ...path] = parseFieldName(field) ?? []
    if (first === row.beside?.power?.fact) return [powerEffect(row, after)]
    if (first !== 'config') return []
    const effect: Effect = {field, consequence: consequenceOf(change, path)}
    const note = before === undefined ? nearest(change.notes, path) : undefined
    if (note === undefined || said.has(note)) return [effect]
    said.add(note)
    return [{...effect, note}]
  })
}

function powerEffect({change, beside}: Subject['row'], after: Observed | null): Effect {
  const {fact, stopped} = beside!.power!
  const isStopped = after !== null && stopped.includes(own(after.facts, fact) ?? '')
  return {field: 'power', consequence: isStopped ? consequenceOf(change, ['power']) : 'live'}
}

/** What a change of a place does, by the nearest place that the row names. */
export function consequenceOf({consequence, consequences}: Travel, path: readonly string[]): Consequence {
  return nearest(consequences, path) ?? consequence
}

function nearest<T>(places: Readonly<Record<string, T>> | undefined, path: readonly string[]): T | undefined {
  const lengths = path.map((_key, at) => path.length - at)
  return lengths.map((length) => own(places, path.slice(0, length).join('.'))).find((found) => found !== undefined)
}
