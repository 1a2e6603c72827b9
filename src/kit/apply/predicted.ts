// Whether a step did what the plan said.
import {PmpcError} from '../errors/index.js'
import {shellWord} from '../files/inside.js'
import {disagreements, type Action, type Step} from '../plan/index.js'
import {equalValues, isMap, own, parseField, type Observed, type Value} from '../resources/index.js'
import {travelOf} from '../resources/kinds/travels.js'

/**
 * Where what a step was about, or what is wished, is otherwise than it said, a line each. What else somebody changed is a sync's to tell.
 * @param isHeld the guest did not let go of a device
 */
export function wrongIn(
  {steps, wanted}: Action,
  {after, stage}: Step,
  {before, is, isHeld}: {before: Observed | null; is: Observed | null; isHeld: boolean},
): string[] {
  // Of a run that is gone on with nobody knows any more what it was to be.
  if (stage && !steps.at(-1)?.stage) return []
  // What goes some time after the call may be gone by now.
  const {marked} = after ? travelOf(after.kind) : {}
  if (!is && marked && after!.facts[marked.fact] === marked.value) return []
  const expected = isHeld && after && is ? whileHeld(after, is) : after
  const lines = disagreements(expected, is ?? undefined)
  if (!expected || !is) return lines
  const keys = keysThatChange(before, expected)
  for (const {field} of wanted.fields) keys.add(placeOf(field))
  return lines.filter((line) => keys.has(line.slice(line.indexOf('.') + 1, line.indexOf(': '))))
}

/** What the guest did not let go of waits, and its volume is not unused before it has: all else is as it was to be. */
export function whileHeld(after: Observed, is: Observed): Observed {
  const held = new Set(Object.entries(is.running ?? {}).map(([, value]) => volumeIn(value)))
  const isHeld = ([key, value]: [string, Value]) => /^unused\d+$/.test(key) && held.has(volumeIn(value))
  const config = Object.fromEntries(Object.entries(after.config).filter((entry) => !isHeld(entry)))
  return {...after, config, running: is.running ?? {}}
}

const volumeIn = (value: Value | null): Value | null | undefined =>
  isMap(value) ? (own(value, 'file') ?? own(value, 'volume')) : value

/** How many lines a message tells. */
const told = 3

export function diverged(object: string, {request: {method, path}}: Step, wrong: readonly string[]): PmpcError {
  const more = wrong.length > told ? ` and ${wrong.length - told} more` : ''
  return new PmpcError(
    'PMPC_DIVERGED',
    `${object} is not as ${method} ${path} was to leave it: ${wrong.slice(0, told).join('; ')}${more}`,
    {suggestions: [`pmpc plan ${shellWord(object)}   # what is left to do`], data: {object, wrong: [...wrong]}},
  )
}

/** The last part of a place as `disagreements` tells it: of the configuration its key, of the rest its fact. */
function placeOf(name: string): string {
  const path = parseField(name)?.path ?? [name]
  return path[0] === 'config' ? path[1]! : ({'placement.node': 'node', power: 'status'}[path.join('.')] ?? path[0]!)
}

function keysThatChange(before: Observed | null, after: Observed): Set<string> {
  const parts = (['config', 'running', 'facts'] as const).map((part) => [before?.[part] ?? {}, after[part] ?? {}])
  return new Set(
    parts.flatMap(([a, b]) =>
      [...new Set([...Object.keys(a!), ...Object.keys(b!)])].filter((key) => {
        const [was, is] = [own<unknown>(a!, key), own<unknown>(b!, key)]
        return !equalValues(was as never, is as never)
      }),
    ),
  )
}
