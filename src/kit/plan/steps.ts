import {
  equalValues,
  fieldName,
  isGuest,
  kindOf,
  localKey,
  overlap,
  parseField,
  type Observed,
} from '../resources/index.js'
import {keyInfo} from '../values/index.js'
import {afterSteps} from './around.js'
import {verbStep} from './guest-verbs.js'
import {bindGuest} from './guests.js'
import type {Action, Around, Next, Refusal, Step, Wanted} from './model.js'

/** More requests than any object needs: a firewall has two for each rule at most. */
const most = 10_000

/** All steps for one object: `next` repeated over what it predicts. @throws TypeError for a step that would be repeated for ever, a bug of ours */
export function actionOf(wanted: Wanted, around: Around, next: Next): Action {
  const {kind, id} = wanted.ref
  const is = around.object(kind, id) ?? null
  const steps: Step[] = []
  const told = withoutParameters(wanted)
  // Of what is to be made all is sent at once.
  if (is === null && told.refused.length > 0) return {ref: wanted.ref, wanted, is, steps, refused: told.refused}
  const bound = isGuest(kind) ? bindGuest(is, told.wanted) : {wanted: told.wanted, refused: []}
  const refused: Refusal[] = [...told.refused, ...bound.refused]
  let now = is
  let left = bound.wanted
  let world = around
  while (steps.length < most) {
    const found = next(now, left, world)
    if (!found) return {ref: wanted.ref, wanted: bound.wanted, is, ...withVerb(bound.wanted, now, {steps, refused})}
    if ('refused' in found) {
      refused.push(found.refused)
      const rest = is ? without(left, found.refused) : undefined
      if (!rest) return {ref: wanted.ref, wanted: bound.wanted, is, steps, refused}
      left = rest
      continue
    }
    if (found.after && now && equalValues(found.after, now)) throw repeated(wanted, found)
    steps.push(found)
    now = found.after
    world = afterSteps(world, [{ref: wanted.ref, steps: [found]}])
  }
  throw repeated(wanted, steps.at(-1)!)
}

/** What is asked for once comes last, where nothing else is refused. */
function withVerb(
  wanted: Wanted,
  now: Observed | null,
  {steps, refused}: Pick<Action, 'steps' | 'refused'>,
): Pick<Action, 'steps' | 'refused'> {
  const verb = refused.length > 0 ? undefined : verbStep(now, wanted)
  if (!verb) return {steps, refused}
  return 'refused' in verb ? {steps, refused: [verb.refused]} : {steps: [...steps, verb], refused}
}

/**
 * Parameters of PVE's calls that are no keys of what the calls change, from the contracts of 8.4 and 9.2: as keys of a manifest they would do something
 * else than the plan tells, `delete` with `force` destroy a volume.
 */
const parameters =
  /^(?:archive|background_delay|bwlimit|delete|digest|force|ha-managed|ignore-unpack-errors|import-working-storage|live-restore|node|ostemplate|pool|restore|revert|skiplock|start|storage|unique|vmid)$/

/** The wishes without those for what is no key of an object. */
function withoutParameters(wanted: Wanted): {wanted: Wanted; refused: Refusal[]} {
  const {kind} = wanted.ref
  const found = new Set(
    Object.keys(wanted.document?.config ?? {}).filter((key) => parameters.test(key) && !keyInfo(kind, key).known),
  )
  if (found.size === 0 || wanted.document === null) return {wanted, refused: []}
  const keyOf = ({field}: Wanted['fields'][number]): string | undefined => {
    const {path: [first, key] = []} = parseField(field) ?? {}
    return first === 'config' ? key : undefined
  }
  const fields = wanted.fields.filter((wish) => !found.has(keyOf(wish) ?? ''))
  const config = Object.fromEntries(Object.entries(wanted.document.config).filter(([key]) => !found.has(key)))
  const refused = [...found].sort().map((key): Refusal => ({
    field: fieldName('config', key),
    code: 'PMPC_PLAN_NO_KEY',
    message: `${key} is a parameter of Proxmox VE's calls, and no key of ${kindOf(kind).name} ${wanted.ref.id}`,
    suggestions: ['pmpc validate   # shows where it stands; take the line out of its manifest'],
  }))
  return {wanted: {...wanted, fields, document: {...wanted.document, config}}, refused}
}

/** What else is wanted, where nothing can be sent for a field; undefined: nothing else, or the object as a whole is refused. */
function without(wanted: Wanted, {field}: Refusal): Wanted | undefined {
  const place = field === undefined ? undefined : parseField(field)
  const fields = wanted.fields.filter((wish) => {
    const mine = parseField(wish.field)
    return !place || !mine || !overlap(mine, place)
  })
  return place === undefined || fields.length === wanted.fields.length || fields.length === 0
    ? undefined
    : {...wanted, fields}
}

function repeated({ref}: Wanted, {request}: Step): TypeError {
  return new TypeError(`${request.method} ${request.path} would be sent for ${localKey(ref)} without end`)
}
