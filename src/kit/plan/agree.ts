import {isMap, own, type Observed, type Value} from '../resources/index.js'
import {equivalent} from '../values/index.js'
import {madeUp} from './model.js'

/**
 * Where an object is otherwise than was predicted, a line each: `config.scsi1: {"file":"local:*"} predicted, nothing there`. What PVE makes up agrees with
 * anything; so does a value with another that means the same to PVE.
 */
export function disagreements(predicted: Observed | null, read: Observed | undefined): string[] {
  if (!predicted || !read) return predicted || read ? [`it is ${read ? 'there' : 'not there'}`] : []
  const {kind} = predicted
  const same = (key: string, a: Value | undefined | null, b: Value | undefined | null): boolean =>
    agrees(a, b) || (a !== null && b !== null && equivalent(kind, key, filled(a, b), b))
  return [
    ...differing('config', predicted.config, read.config, same),
    ...differing('running', predicted.running ?? {}, read.running ?? {}, same),
    ...differing('facts', predicted.facts, read.facts, (key, a, b) => a === b || isSpelling(key)),
  ]
}

/** How a value is spelled says nothing of what it is. */
const isSpelling = (fact: string): boolean => fact.startsWith('spelled.')

type Values = Readonly<Record<string, Value | null>>

function differing(
  part: string,
  predicted: Values,
  read: Values,
  same: (key: string, a: Value | null | undefined, b: Value | null | undefined) => boolean,
): string[] {
  const keys = [...new Set([...Object.keys(predicted), ...Object.keys(read)])].sort()
  return keys.flatMap((key) => {
    const [a, b] = [own(predicted, key), own(read, key)]
    return same(key, a, b) ? [] : [`${part}.${key}: ${text(a)} predicted, ${text(b)} there`]
  })
}

const text = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value))

/** Whether a value is what was predicted, with `*` for anything. */
export function agrees(predicted: Value | null | undefined, read: Value | null | undefined): boolean {
  if (isMap(predicted) && isMap(read)) {
    const keys = new Set([...Object.keys(predicted), ...Object.keys(read)])
    return [...keys].every((key) => agrees(own(predicted, key), own(read, key)))
  }
  if (Array.isArray(predicted) && Array.isArray(read))
    return predicted.length === read.length && predicted.every((each, at) => agrees(each as Value, read[at] as Value))
  if (typeof predicted === 'string' && predicted.includes(madeUp) && read !== undefined && typeof read !== 'object')
    return new RegExp(`^${predicted.split(madeUp).map(quoted).join('.*')}$`).test(String(read))
  return JSON.stringify(predicted) === JSON.stringify(read)
}

const quoted = (literal: string): string => literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** What was predicted with what PVE made up for it. */
function filled(predicted: Value | undefined, read: Value | undefined): Value | undefined {
  if (!isMap(predicted) || !isMap(read)) return agrees(predicted, read) ? read : predicted
  return Object.fromEntries(
    Object.entries(predicted).map(([key, value]) => [key, agrees(value, own(read, key)) ? own(read, key)! : value]),
  )
}
