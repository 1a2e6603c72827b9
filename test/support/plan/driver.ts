// Does what a plan says, step after step, and looks whether each did what was predicted.
import {
  bindGuest,
  disagreements,
  nextOfGuest,
  type Around,
  type Request,
  type Step,
  type Wanted,
  type WishedField,
} from '../../../src/kit/plan/index.js'
import {whileHeld} from '../../../src/kit/apply/predicted.js'
import {localKey, type ClusterState, type KindName, type Observed} from '../../../src/kit/resources/index.js'
import {asDeclared, newGuest, newWishes, wishesFor, type Setting} from './guests.js'
import type {Dice} from './random.js'

/** A cluster that steps are sent to. */
export interface Target {
  /** Sends a request and waits for its task. @throws for any answer but a good one */
  send(request: Request): Promise<void>
  read(): Promise<ClusterState>
  version: string
  /** Text instead of a secret. */
  secret?: string
}

/** What came of a sequence: lines, empty when all is well. */
export interface Report {
  problems: string[]
  /** How many steps were sent, of how many plans, and what was refused. */
  steps: number
  plans: number
  refused: string[]
  /** What PVE said where a guest did not let go of a device, as the plan had told that it might. */
  held: string[]
}

export function aroundOf(state: ClusterState, version: string): Around {
  return {
    cluster: 'home',
    object: (kind, id) => state.objects.find((object) => object.kind === kind && String(object.id) === String(id)),
    objects: (kind) => state.objects.filter((object) => object.kind === kind),
    version: () => version,
  }
}

const find = (state: ClusterState, {kind, id}: {kind: KindName; id: string | number}): Observed | undefined =>
  state.objects.find((object) => localKey(object) === localKey({kind, id}))

const shown = ({method, path, parameters}: Request): string => `${method} ${path} ${JSON.stringify(parameters)}`

const isStep = (made: ReturnType<typeof nextOfGuest>): made is Step => made !== undefined && 'request' in made

/** Most steps of one plan; more is a plan without end. */
const most = 40

/** A guest is made, changed some times, and destroyed. */
export async function sequence(target: Target, dice: Dice, setting: Setting, rounds = 3): Promise<Report> {
  const report: Report = {problems: [], steps: 0, plans: 0, refused: [], held: []}
  const first = newGuest(dice, setting)
  await carryOut(target, first, report)
  for (let round = 0; round < rounds && report.problems.length === 0; round++) {
    const is = find(await target.read(), first.ref)
    if (!is) break
    await carryOut(target, newWishes(dice, setting, is, round === rounds - 1), report)
  }
  if (report.problems.length > 0) return report
  const is = find(await target.read(), first.ref)
  if (!is) return report
  if (Number(is.config.protection ?? 0) === 1) {
    const document = asDeclared(is)
    delete document.config.protection
    await carryOut(target, wishesFor(is, document), report)
  }
  if (report.problems.length === 0) await carryOut(target, {ref: first.ref, document: null, fields: []}, report)
  return report
}

/** Plans once, does it step by step, and plans again. */
export async function carryOut(target: Target, given: Wanted, report: Report): Promise<void> {
  let state = await target.read()
  let is = find(state, given.ref) ?? null
  const before = is
  const {wanted, refused} = bindGuest(is, given)
  report.plans++
  report.refused.push(...refused.map(({code, message}) => `${code} ${message}`))
  const wishes = JSON.stringify(wanted.fields.map(({field, want}) => [field, want]))
  const trail: string[] = [`# ${JSON.stringify(is?.config)} runs with ${JSON.stringify(is?.running)} wishes ${wishes}`]
  const planned = predictedSteps(is, wanted, aroundOf(state, target.version))
  const fail = (why: string): void => void report.problems.push([why, ...trail].join('\n    '))
  for (let count = 0; ; count++) {
    const step = nextOfGuest(is, wanted, aroundOf(state, target.version))
    if (!isStep(step)) {
      if (step) {
        report.refused.push(`${step.refused.code} ${step.refused.message}`)
        if (count > 0 && !planned.refused) fail(`refused only after ${count} steps: ${step.refused.message}`)
        return
      }
      if (count !== planned.steps.length && report.held.length === 0)
        fail(`${planned.steps.length} steps planned, ${count} done`)
      break
    }
    if (count === most) return fail('it does not end')
    trail.push(shown(step.request))
    if (planned.steps[count] === undefined) fail('a step that was not planned')
    let refusal: string | undefined
    try {
      await target.send(step.request)
    } catch (error) {
      refusal = (error as Error).message
      if (!step.effects.some(({ifGuestLetsGo}) => ifGuestLetsGo)) return fail(`failed: ${refusal}`)
      report.held.push(refusal)
    }
    report.steps++
    state = await target.read()
    is = find(state, given.ref) ?? null
    const after = refusal === undefined || !step.after || !is ? step.after : whileHeld(step.after, is)
    const wrong = disagreements(after, is ?? undefined)
    if (wrong.length > 0) return fail(`not as predicted:\n      ${wrong.join('\n      ')}`)
  }
  if (is && refused.length === 0 && given.document)
    again({is, given, wanted, had: before}, aroundOf(state, target.version), fail)
}

/** The plan after it is empty, also with the manifest as written. */
function again(
  {is, given, wanted, had}: {is: Observed; given: Wanted; wanted: Wanted; had: Observed | null},
  around: Around,
  fail: (why: string) => void,
): void {
  const {bound: _bound, ...open} = wanted
  const told = bindGuest(is, open)
  const step = nextOfGuest(is, told.wanted, around)
  if (told.refused.length > 0 || step) fail(`once more: ${JSON.stringify(told.refused)} ${JSON.stringify(step)}`)
  const whole = wishesFor(is, given.document!, given.from)
  // What nobody wished was agreed on as it was: what PVE makes of it besides is drift. What it made up was agreed on by nobody.
  const keyOf = (field: string): string => field.split('.').slice(0, 2).join('.')
  const wished = new Set(wanted.fields.map(({field}) => keyOf(field)))
  const isOwn = ({field, want}: WishedField): boolean =>
    wished.has(keyOf(field)) && (want !== undefined || had?.config[field.split('.')[1]!] !== undefined)
  const written = bindGuest(is, {...whole, fields: whole.fields.filter(isOwn)})
  // A name that was nowhere was bound to a move, and names nothing now.
  const others = written.refused.filter(({code}) => code !== 'PMPC_PLAN_NO_VOLUME')
  const last = nextOfGuest(is, written.wanted, around)
  if (others.length > 0 || last) fail(`as written: ${JSON.stringify(others)} ${JSON.stringify(last)}`)
}

/** A plan: the steps over what each predicts. */
export function predictedSteps(is: Observed | null, wanted: Wanted, around: Around): {steps: Step[]; refused: boolean} {
  const steps: Step[] = []
  let at = is
  while (steps.length < most) {
    const step = nextOfGuest(at, wanted, around)
    if (!isStep(step)) return {steps, refused: step !== undefined}
    steps.push(step)
    at = step.after
    if (at === null) return {steps, refused: false}
  }
  return {steps, refused: false}
}
