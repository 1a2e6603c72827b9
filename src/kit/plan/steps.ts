import {equalValues, isGuest, localKey, overlap, parseField} from '../resources/index.js'
import {afterSteps} from './around.js'
import {bindGuest} from './guests.js'
import type {Action, Around, Next, Refusal, Step, Wanted} from './model.js'

/** More requests than any object needs: a firewall has two for each rule at most. */
const most = 10_000

/** All steps for one object: `next` repeated over what it predicts. @throws TypeError for a step that would be repeated for ever, a bug of ours */
export function actionOf(wanted: Wanted, around: Around, next: Next): Action {
  const {kind, id} = wanted.ref
  const is = around.object(kind, id) ?? null
  const steps: Step[] = []
  const bound = isGuest(kind) ? bindGuest(is, wanted) : {wanted, refused: []}
  const refused: Refusal[] = [...bound.refused]
  let now = is
  let left = bound.wanted
  let world = around
  while (steps.length < most) {
    const found = next(now, left, world)
    if (!found) return {ref: wanted.ref, wanted: bound.wanted, is, steps, refused}
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
