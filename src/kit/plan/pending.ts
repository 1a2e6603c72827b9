import {equalValues, own, type Config, type Observed, type Value} from '../resources/index.js'
import type {WireKind} from '../resources/kinds/on-wire.js'

/**
 * An object after a change that is written and not yet in use, as it is read then: of a kind whose entries tell both, with what is in use beside what is to be; of one that
 * only says that something waits, with that.
 */
export function asStaged(row: WireKind, before: Observed | null, after: Observed): Observed {
  const {pending} = row
  if (!pending || 'path' in pending) return after
  if ('beside' in pending) return {...after, facts: {...after.facts, pending: 1}}
  const used = before && inUse(before)
  const {state: _state, ...facts} = after.facts
  const {running: _running, ...rest} = after
  const running = differing(used ?? {}, after.config)
  const partKeys = new Set((row.parts ?? []).map(({key}) => key))
  const isChanged = Object.keys(running).some((key) => !partKeys.has(key))
  const state = used === null ? 'new' : isChanged ? 'changed' : undefined
  return {
    ...rest,
    facts: state === undefined ? facts : {...facts, state},
    ...(Object.keys(running).length > 0 && {running}),
  }
}

/** An object once all that was written is in use. */
export function asApplied(after: Observed): Observed {
  const {state: _state, pending: _pending, ...facts} = after.facts
  const {running: _running, ...rest} = after
  return {...rest, facts}
}

/** What an object uses; null: nothing, as it is new. */
function inUse({config, facts, running = {}}: Observed): Config | null {
  if (facts.state === 'new') return null
  const used = Object.entries({...config, ...running}).filter(([, value]) => value !== null)
  return Object.fromEntries(used) as Config
}

function differing(used: Config, config: Config): Record<string, Value | null> {
  const keys = [...new Set([...Object.keys(used), ...Object.keys(config)])]
  return Object.fromEntries(
    keys.filter((key) => !equalValues(own(used, key), own(config, key))).map((key) => [key, own(used, key) ?? null]),
  )
}
