import {secretTexts} from '../fetch/withhold.js'
import {besideOf, equalValues, formatField, isMap, own, parseField, setOwn} from '../resources/index.js'
import {diffFields, fieldName, flatten, formatRef, isGuest, kindOf, overlap} from '../resources/index.js'
import {wireKindOf} from '../resources/kinds/on-wire.js'
import {consequences, type Consequence} from '../resources/kinds/travel.js'
import type {Observed, Value} from '../resources/index.js'
import {fingerprint, mapTexts, markerOf, MASK} from '../secrets/index.js'
import {canonicalJson} from '../state/index.js'
import {equivalentAt, parseSize} from '../values/index.js'
import type {PolicyRule} from '../workspace/index.js'
import {consentsOf, policyChecks, rulesFor, type Policy} from './consents.js'
import type {Action, Check, Effect, Origin, Sent, Step, WishedField} from './model.js'

/**
 * A plan as it is printed by `pmpc plan --json` and saved by `--out`: one document, docs/plan.md and docs/schema/plan.json. null stands for what is not there.
 * It holds no secret, no time and no commit that it would depend on.
 */
export interface Plan {
  /** Of this layout; a reader refuses a later one. */
  format: typeof planFormat
  /** Version of the pmpc that made it. */
  pmpc: string
  /** SHA-256 of what the actions do and what they were made from: what an apply of the plan holds its own against. */
  digest: string
  clusters: Record<string, PlannedCluster>
  /** In the order in which they are to be done. */
  actions: PlannedAction[]
  undecided: Undecided[]
  checks: Check[]
  /** How many requests making this plan has sent. */
  requests: number
}

/** Layout of plans that this version writes. */
export const planFormat = 1

/** A cluster when the plan was made; nothing of it binds. */
export interface PlannedCluster {
  /** Node to version: `9.2.11`; null: it did not answer. */
  nodes: Record<string, string | null>
}

/** What is to be done with one object. */
export interface PlannedAction {
  /** `home/vm/100` */
  object: string
  /** What people call it, as it is there, else as it will be. */
  name?: string
  change: 'create' | 'change' | 'remove'
  /** What somebody asks for at the keyboard: `reboot`. */
  verb?: string
  /** The gravest of what its requests do; null: nothing can be sent, and a check says why. */
  consequence: Consequence | null
  fields: PlannedField[]
  /** What the requests do beside the fields that are wished: a guest is stopped, PVE edits `boot`. */
  effects: Effect[]
  /** Of what is to go: where that wish comes from; null: the working tree. */
  commit?: string | null
  /** Where the object comes from, of one that is made. */
  from?: Origin
  requests: PlannedRequest[]
  /** The classes that somebody has to agree to, from the mildest. */
  consents: Consequence[]
  /** Changes that PVE holds already, from before, and that wait for a restart. */
  pending: PendingChange[]
  bound: Bound
}

/** A wish. */
export interface PlannedField {
  /** `config.net0.tag`, `pool` */
  field: string
  from: Value | null
  to: Value | null
  /** null: nothing can be sent for it, and a check says why. */
  consequence: Consequence | null
  /** Where the wish comes from; null: the working tree. */
  commit: string | null
  irreversible?: true
  ifGuestLetsGo?: true
  note?: string
}

/** A request as it will be sent, and the object afterwards. */
export interface PlannedRequest {
  method: Step['request']['method']
  path: string
  /** Sorted by name; `{secret: NAME}` is filled in when it is sent. */
  parameters: Record<string, Sent>
  /** The parameter `digest` goes along, of the object or of the list that it stands in, as it is read right before. */
  digest?: 'object' | 'list'
  /** It answers with a task. */
  task?: true
  /** The fields that will be otherwise then, null: gone; null: the object will be gone. `*`: PVE makes it up. */
  after: Record<string, unknown> | null
}

export interface PendingChange {
  /** `config.memory` */
  field: string
  /** What runs; null: it runs without. */
  runs: Value | null
  configured: Value | null
}

/** What a plan was made from, and stands or falls with. */
export interface Bound {
  /** By field, what was in the cluster where the plan changes, or sends again, anything; null: the object was not there. */
  is: Record<string, Value | null> | null
  /** What was open of the object, as `pmpc status` tells it. */
  open: string[]
  /** The rules of `policy:` that cover it. */
  policy: PolicyRule[]
}

/** A wish that nothing is done about. */
export interface Undecided {
  object: string
  /** null: the object as a whole. */
  field: string | null
  why: string
}

/** What plans are made of, by whoever has read what they need. */
export interface Planned {
  pmpc: string
  clusters: Record<string, PlannedCluster>
  actions: readonly Action[]
  undecided: readonly Undecided[]
  checks: readonly Check[]
  requests: number
  /** What is open of an object (`formatRef`), as text. */
  open?: (object: string) => readonly string[]
  policy?: Policy
}

/** The plan as data, without secrets. What cannot be sent, and what the policy forbids, is a check of severity error. */
export async function planOf({actions, open, policy = {rules: []}, ...planned}: Planned): Promise<Plan> {
  const {pmpc, clusters, undecided, checks, requests} = planned
  const told: PlannedAction[] = []
  const found: Check[] = []
  for (const action of actions) {
    const rules = rulesFor(action, policy)
    const items = [...(open?.(formatRef(action.ref)) ?? [])].sort()
    const hide = await withoutSecrets(action)
    const planned = plannedAction(action, {open: items, policy: rules})
    told.push(hide(planned))
    found.push(...hide([...refusals(action), ...unsent(action, planned), ...policyChecks(action, rules)]))
  }
  return {
    format: planFormat,
    pmpc,
    digest: digestOfPlan(told),
    clusters,
    actions: told,
    undecided: [...undecided],
    checks: [...found, ...checks],
    requests,
  }
}

/** Puts markers in the place of secrets that a manifest holds, or the cluster under a rule of `allow:`, wherever they went from there. */
export async function withoutSecrets(action: Action): Promise<<T>(value: T) => T> {
  const {ref} = action
  const found = new Map(toldOf(action).flatMap((object) => [...secretTexts(object)]))
  const markers: [string, string][] = []
  for (const [text, word] of found) markers.push([text, markerOf(word, await fingerprint(text, ref.cluster))])
  if (markers.length === 0) return (value) => value
  // The longest first, as one may be a part of another.
  markers.sort(([a], [b]) => b.length - a.length)
  const hide = (text: string) => markers.reduce((all, [secret, marker]) => all.replaceAll(secret, marker), text)
  return <T>(value: T) => mapTexts(value, hide) as T
}

/** An object as it is and as it is wanted, with the keys that a plan tells: most are as they were, and looking through all takes as long as the plan. */
function toldOf({ref: {kind, id}, is, wanted, steps}: Action): Observed[] {
  const fields = [...wanted.fields, ...steps.flatMap(({effects}) => effects)].flatMap(({field}) => field ?? [])
  const keys = new Set([
    ...fields.flatMap((field) => parseField(field)?.path[1] ?? []),
    ...steps.flatMap(({request}) => Object.keys(request.parameters)),
  ])
  const isTold = (key: string) => keys.has(key) || is === null || wanted.document === null
  const configs = [wanted.document?.config ?? {}, is?.config ?? {}].map((config) =>
    Object.fromEntries(Object.entries(config).filter(([key]) => isTold(key))),
  )
  return configs.map((config) => ({kind, id, config, facts: {}, ...(is?.running && {running: is.running})}))
}

/**
 * SHA-256 over what is done and what it was made from, in hexadecimal digits. Not over names, commits, checks, versions and what is undecided
 * elsewhere: a squash merge or a snapshot of last night makes no other plan of it.
 */
export function digestOfPlan(actions: readonly PlannedAction[]): string {
  const {createHash} = process.getBuiltinModule('node:crypto')
  const bound = actions
    .map(({name: _name, commit: _whole, fields, ...action}) => ({
      ...action,
      fields: fields.map(({commit: _commit, ...field}) => field),
    }))
    .sort((a, b) => (a.object < b.object ? -1 : 1))
  return createHash('sha256').update(canonicalJson(bound)).digest('hex')
}

/** The gravest of some; undefined: there is none. */
export function gravest(all: Iterable<Consequence>): Consequence | undefined {
  const there = new Set(all)
  return consequences.findLast((each) => there.has(each))
}

function plannedAction(action: Action, {open, policy}: Omit<Bound, 'is'>): PlannedAction {
  const {ref, is, wanted, steps} = action
  const effects = steps.flatMap((step) => step.effects)
  const classes = new Set(effects.map(({consequence}) => consequence))
  const name = nameOf(action)
  const secrets = wireKindOf(ref.kind).secret ?? {}
  const shown = (field: string, value: Value | undefined): Value | null => masked(secrets, field, value ?? null)
  return {
    object: formatRef(ref),
    ...(name !== undefined && {name}),
    change: wanted.document === null ? 'remove' : is === null ? 'create' : 'change',
    ...(wanted.asked && {verb: wanted.asked.as}),
    consequence: gravest(classes) ?? null,
    fields: wanted.fields.flatMap((wish) => {
      const its = told(wish.field, effects)
      if (its.consequence === null && isSoAnyway(action, wish)) return []
      const {field, commit} = wish
      return {field, from: shown(field, wish.is), to: shown(field, wish.want), ...its, commit}
    }),
    effects: effects.filter(
      ({field}) => field === undefined || !wanted.fields.some((wish) => touches(wish.field, field)),
    ),
    ...(wanted.document === null && {commit: wanted.commit ?? null}),
    ...(is === null && wanted.from && {from: wanted.from}),
    requests: steps.map((step, at) => plannedRequest(step, at === 0 ? is : steps[at - 1]!.after, secrets)),
    consents: consentsOf(classes),
    pending: pendingOf(is),
    bound: {is: boundOf(action), open, policy},
  }
}

/** Whether a wish that no request is about says what is so without it: `enable: 0` of a new firewall. */
function isSoAnyway({ref, refused}: Action, {field, is, want}: WishedField): boolean {
  const {path: [first, ...path] = []} = parseField(field) ?? {}
  const isRefused = refused.some((one) => one.field === undefined || touches(one.field, field))
  return !isRefused && first === 'config' && path.length > 0 && equivalentAt(ref.kind, path, is, want)
}

/** What the requests do to a field; where none names it, what they do to the object. */
function told(field: string, effects: readonly Effect[]): Omit<PlannedField, 'field' | 'from' | 'to' | 'commit'> {
  const its = effects.filter((effect) => effect.field !== undefined && touches(field, effect.field))
  const all = its.length > 0 ? its : effects.filter((effect) => effect.field === undefined)
  const notes = [...new Set(all.flatMap(({note}) => note ?? []))]
  return {
    consequence: gravest(all.map(({consequence}) => consequence)) ?? null,
    ...(all.some(({irreversible}) => irreversible) && {irreversible: true}),
    ...(all.some(({ifGuestLetsGo}) => ifGuestLetsGo) && {ifGuestLetsGo: true}),
    ...(its.length > 0 && notes.length > 0 && {note: notes.join('; ')}),
  }
}

/** Whether one of two fields is the other, or a part of it. */
function touches(one: string, other: string): boolean {
  const [a, b] = [parseField(one), parseField(other)]
  return a !== undefined && b !== undefined ? overlap(a, b) : one === other
}

/** @param secrets see {@link masked} */
function plannedRequest(
  {request, digest, task, after}: Step,
  before: Observed | null,
  secrets: object,
): PlannedRequest {
  const {method, path} = request
  const parameters = Object.entries(request.parameters).map(([name, value]): [string, Sent] => [
    name,
    typeof value === 'object' ? value : masked(secrets, fieldName('config', name), value),
  ])
  return {
    method,
    path,
    parameters: Object.fromEntries(parameters.sort(([a], [b]) => (a < b ? -1 : 1))),
    ...(digest && {digest}),
    ...(task && {task}),
    after: after && becomes(before, after, secrets),
  }
}

/** The fields that are otherwise afterwards. */
function becomes(before: Observed | null, after: Observed, secrets: object): Record<string, unknown> {
  const changes = before
    ? diffFields(before, after).map(({field, after: value}): [string, unknown] => [field, value ?? null])
    : [...flatten(after)]
  return Object.fromEntries(changes.map(([field, value]) => [field, masked(secrets, field, value)]))
}

/** @param secrets keys whose value is never shown, whoever put one there */
function masked<T>(secrets: object, field: string, value: T): T | typeof MASK {
  const [first, key] = parseField(field)?.path ?? []
  return value !== null && first === 'config' && key !== undefined && Object.hasOwn(secrets, key) ? MASK : value
}

/** What an action was made from, by whole keys: a part of a property string is sent with all the others. */
export function boundOf({is, wanted, steps}: Pick<Action, 'is' | 'wanted' | 'steps'>): Bound['is'] {
  if (is === null) return null
  const touched = [...wanted.fields, ...steps.flatMap(({effects}) => effects)].flatMap(({field}) => field ?? [])
  const sent = steps.flatMap(({request, once}) => (once ? [] : Object.keys(request.parameters)))
  // What goes, goes with all that it has.
  const keys = wanted.document === null ? Object.keys(is.config) : sent.filter((key) => Object.hasOwn(is.config, key))
  const beside = besideOf(is, {...is, placement: {node: '', pinned: true}, power: 'running'})
  const bound: Record<string, Value | null> = {}
  const bind = ([first, ...rest]: readonly string[]): void => {
    const path = first === 'config' ? [first, rest[0]!] : [first!, ...rest]
    const value = first === 'config' ? own(is.config, rest[0]!) : own(beside, path.join('.'))
    setOwn<Value | null>(bound, formatField({path}), value ?? null)
  }
  for (const field of touched) bind(parseField(field)?.path ?? [field])
  for (const key of keys) bind(['config', key])
  return Object.fromEntries(Object.entries(bound).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Sorted, as PVE tells what is pending in another order each time, and the digest of the plan covers it. */
function pendingOf(is: Observed | null): PendingChange[] {
  return Object.entries(is?.running ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, runs]) => ({
      field: formatField({path: ['config', key]}),
      runs,
      configured: own(is!.config, key) ?? null,
    }))
    .filter(({runs, configured}) => !equalValues(runs, configured))
}

function nameOf({ref, is, wanted}: Action): string | undefined {
  const {nameKey} = kindOf(ref.kind)
  const name = nameKey === undefined ? undefined : (own(is?.config, nameKey) ?? own(wanted.document?.config, nameKey))
  return name === undefined || isMap(name) || Array.isArray(name) ? undefined : String(name)
}

/** Sizes of a guest's volumes that are none, for which there is no request, and nothing that refuses them: to send the rest and call it done would be a lie. */
function unsent({ref, refused}: Action, {object, fields}: PlannedAction): Check[] {
  if (!isGuest(ref.kind)) return []
  const isRefused = (field: string) => refused.some((one) => one.field === undefined || touches(one.field, field))
  const isNoSize = (field: string, wish: unknown) =>
    field.endsWith('.size') && typeof wish === 'string' && parseSize(wish) === undefined
  return fields
    .filter(({field, to, consequence}) => consequence === null && isNoSize(field, to) && !isRefused(field))
    .map(({field, from, to}) => ({
      ...{object, field, check: 'PMPC_PLAN_NO_REQUEST', severity: 'error'},
      message: `nothing that can be sent makes ${JSON.stringify(to)} of ${JSON.stringify(from)}: is that a value that Proxmox VE takes?`,
      suggestions: ['pmpc validate   # tells what is no value; else take the line out of the manifest'],
    }))
}

function refusals({ref, refused}: Action): Check[] {
  return refused.map(({field, code, message, suggestions}) => ({
    object: formatRef(ref),
    ...(field !== undefined && {field}),
    check: code,
    severity: 'error',
    message,
    suggestions,
  }))
}
