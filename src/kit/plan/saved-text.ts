import {PmpcError} from '../errors/index.js'
import {shellWord} from '../files/inside.js'
import {isMap, kinds} from '../resources/index.js'
import {consequences} from '../resources/kinds/travel.js'
import {digestOfPlan, planFormat, type Plan} from './saved.js'

/** A plan as `--out` writes it, and `--json` prints it. */
export function planText(plan: Plan): string {
  return `${JSON.stringify(plan, undefined, 2)}\n`
}

/**
 * Reads a saved plan.
 * @param file what it is called, for messages
 * @throws PMPC_NOT_A_PLAN; PMPC_PLAN_FORMAT where a newer pmpc wrote it; PMPC_PLAN_DAMAGED where it was changed since
 */
export function readPlan(text: string, file: string): Plan {
  const read = parsed(text)
  if (!isMap(read) || !('format' in read) || !('digest' in read) || !('actions' in read))
    throw notAPlan(file, 'it is no JSON document as pmpc plan --out writes')
  const {format, pmpc} = read as Record<string, unknown>
  if (typeof format === 'number' && format > planFormat) throw newerFormat(file, format, pmpc)
  const wrong = misfit(read, plan, '')
  if (wrong !== undefined) throw notAPlan(file, wrong)
  const whole = read as unknown as Plan
  if (digestOfPlan(whole.actions) !== whole.digest) throw damaged(file)
  return whole
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** How a part of a plan has to be: a test, a list of such, a map of any names, or the members that it has; `?` may be missing. */
type Shape = ((value: unknown) => boolean) | {list: Shape} | {any: Shape} | {members: Record<string, Shape>}

const isText = (value: unknown) => typeof value === 'string'
const isCount = (value: unknown) => Number.isInteger(value) && (value as number) >= 0
const isTrue = (value: unknown) => value === true
const isValue = (value: unknown) => value !== undefined
const oneOf =
  (...words: readonly unknown[]) =>
  (value: unknown) =>
    words.includes(value)
const orNull = (test: (value: unknown) => boolean) => (value: unknown) => value === null || test(value)
const isRefText = (value: unknown) => isText(value) && kinds.some(({name}) => (value as string).split('/')[1] === name)

const marks = {'irreversible?': isTrue, 'ifGuestLetsGo?': isTrue, 'note?': isText}

const plan: Shape = {
  members: {
    format: oneOf(planFormat),
    pmpc: isText,
    digest: (value) => /^[0-9a-f]{64}$/.test(String(value)),
    clusters: {any: {members: {nodes: {any: orNull(isText)}}}},
    actions: {
      list: {
        members: {
          object: isRefText,
          'name?': isText,
          change: oneOf('create', 'change', 'remove'),
          consequence: oneOf(null, ...consequences),
          fields: {
            list: {
              members: {
                field: isText,
                from: isValue,
                to: isValue,
                consequence: oneOf(null, ...consequences),
                commit: orNull(isText),
                ...marks,
              },
            },
          },
          effects: {list: {members: {'field?': isText, consequence: oneOf(...consequences), ...marks}}},
          'commit?': orNull(isText),
          'from?': isMap,
          requests: {
            list: {
              members: {
                method: oneOf('POST', 'PUT', 'DELETE'),
                path: isText,
                parameters: isMap,
                'digest?': oneOf('object', 'list'),
                'task?': isTrue,
                after: orNull(isMap),
              },
            },
          },
          consents: {list: oneOf(...consequences)},
          pending: {list: {members: {field: isText, runs: isValue, configured: isValue}}},
          bound: {members: {is: orNull(isMap), open: {list: isText}, policy: {list: isMap}}},
        },
      },
    },
    undecided: {list: {members: {object: isText, field: orNull(isText), why: isText}}},
    checks: {
      list: {
        members: {
          object: isText,
          'field?': isText,
          check: isText,
          severity: oneOf('error', 'warning'),
          message: isText,
          suggestions: {list: isText},
        },
      },
    },
    requests: isCount,
  },
}

/** Where a value is not as its shape says, in words; undefined: it is. What it has beside that is nobody's concern. */
function misfit(value: unknown, shape: Shape, place: string): string | undefined {
  const wrong = `${place === '' ? 'the document' : place} is not as it should be`
  if (typeof shape === 'function') return shape(value) ? undefined : wrong
  const parts = partsOf(value, shape, place)
  if (!parts) return wrong
  for (const [part, inner, at] of parts) {
    const found = misfit(part, inner, at)
    if (found !== undefined) return found
  }
  return undefined
}

function partsOf(value: unknown, shape: Exclude<Shape, (value: unknown) => boolean>, place: string) {
  const parts = (entries: [string, unknown, Shape][]) =>
    entries.map(([name, part, inner]) => [part, inner, place === '' ? name : `${place}.${name}`] as const)
  if ('list' in shape)
    return Array.isArray(value) ? parts(value.map((each, at) => [String(at), each, shape.list])) : undefined
  if (!isMap(value)) return undefined
  if ('any' in shape) return parts(Object.entries(value).map(([name, each]) => [name, each, shape.any]))
  const members = Object.entries(shape.members).map(([key, inner]): [string, unknown, Shape] => {
    const name = key.replace('?', '')
    const there: unknown = Object.hasOwn(value, name) ? value[name] : undefined
    return [name, there, there === undefined && name !== key ? () => true : inner]
  })
  return parts(members)
}

function notAPlan(file: string, why: string): PmpcError {
  return new PmpcError('PMPC_NOT_A_PLAN', `${file} is no plan of pmpc's: ${why}`, {
    suggestions: ['pmpc plan --out plan.json   # writes one'],
    data: {file},
  })
}

function newerFormat(file: string, format: number, pmpc: unknown): PmpcError {
  const by = isText(pmpc) ? `pmpc ${String(pmpc)}` : 'a newer pmpc'
  return new PmpcError(
    'PMPC_PLAN_FORMAT',
    `${file} was written by ${by} in format ${format}; this pmpc reads up to format ${planFormat}`,
    {suggestions: ['pmpc --version', `pmpc plan --out ${shellWord(file)}   # makes it anew`], data: {file, format}},
  )
}

function damaged(file: string): PmpcError {
  return new PmpcError(
    'PMPC_PLAN_DAMAGED',
    `${file} was changed since pmpc wrote it: its actions are not those that its digest stands for`,
    {suggestions: [`pmpc plan --out ${shellWord(file)}   # makes it anew`], data: {file}},
  )
}
