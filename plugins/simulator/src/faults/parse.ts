import {readFileSync} from 'node:fs'
import {faultKinds, kindOf, type FaultKind, type FaultSpec, type Trigger} from './kinds.js'
import type {Edit} from './edits.js'

const numbers: (keyof FaultSpec)[] = ['status', 'delay', 'times', 'after', 'at', 'for']
const triggers: (keyof Trigger)[] = ['path', 'method', 'times', 'after', 'at', 'for']
const names = new Set<string>(Object.values(faultKinds).flatMap((kind) => ('options' in kind ? kind.options : [])))
for (const trigger of triggers) names.add(trigger)

/** The options that a kind takes. */
const optionsOf = (kind: FaultKind): string[] => [...(kindOf(kind).options ?? []), ...triggers]

function numberFrom(key: string, value: unknown): number {
  const number = Number(value)
  if (value === '' || !Number.isFinite(number) || number < 0)
    throw new Error(`${key} must be a number that is not negative, not '${String(value)}'`)
  return number
}

function checkPattern(value: string): string {
  try {
    new RegExp(value)
    return value
  } catch {
    throw new Error(`path must be a regular expression on the path below /api2/json, not '${value}'`)
  }
}

function conditionsFrom(value: unknown): Record<string, unknown> {
  const given: unknown = typeof value === 'string' ? JSON.parse(value) : value
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given as Record<string, unknown>
  throw new Error('conditions must be a map, such as {"clock": 40}')
}

function editsFrom(value: unknown): Edit[] {
  const list = Array.isArray(value) ? (value as unknown[]) : [value]
  for (const edit of list)
    if (typeof edit !== 'object' || edit === null || typeof (edit as Edit).path !== 'string')
      throw new Error(`each call needs a path, such as {"method": "PUT", "path": "/pools/web", "params": {…}}`)
  return list as Edit[]
}

/** Checks a fault given as an object and gives its values their types. @throws Error that says what is wrong */
export function faultFrom(given: Record<string, unknown>): FaultSpec {
  const kind = given.kind as FaultKind
  if (!Object.hasOwn(faultKinds, String(kind)))
    throw new Error(`there is no fault '${String(kind)}'; there are ${Object.keys(faultKinds).join(', ')}`)
  const allowed = optionsOf(kind)
  const spec: Record<string, unknown> = {kind}
  for (const [key, value] of Object.entries(given)) {
    if (key === 'kind' || value === undefined) continue
    if (!allowed.includes(key)) throw new Error(`fault '${kind}' has no option '${key}'; it has ${allowed.join(', ')}`)
    if (numbers.includes(key as keyof FaultSpec)) spec[key] = numberFrom(key, value)
    else if (key === 'authority') spec[key] = value === true || value === '1' || value === 1
    else if (key === 'calls') spec[key] = editsFrom(value)
    else if (key === 'conditions') spec[key] = conditionsFrom(value)
    else if (key === 'path') spec[key] = checkPattern(String(value))
    else if (key === 'method') spec[key] = String(value).toUpperCase()
    else spec[key] = String(value)
  }
  for (const key of kindOf(kind).needs ?? [])
    if (spec[key] === undefined) throw new Error(`fault '${kind}' needs ${key}=…`)
  return spec as unknown as FaultSpec
}

/** Reads `KIND[:option=value,…]`, or the same as a JSON object. A value may hold commas. @throws Error that says what is wrong */
export function parseFault(text: string): FaultSpec {
  if (text.startsWith('{')) return faultFrom(JSON.parse(text) as Record<string, unknown>)
  const colon = text.indexOf(':')
  if (colon < 0) return faultFrom({kind: text})
  const given: Record<string, unknown> = {kind: text.slice(0, colon)}
  const separator = new RegExp(`,(?=(?:${[...names].join('|')})=)`)
  for (const part of text.slice(colon + 1).split(separator)) {
    const at = part.indexOf('=')
    if (at < 0) throw new Error(`'${part}' is no option=value`)
    given[part.slice(0, at)] = part.slice(at + 1)
  }
  return faultFrom(given)
}

/** Reads the calls of a fault that names a file. @throws Error when it cannot be read */
export async function withFile(spec: FaultSpec): Promise<FaultSpec> {
  if (spec.file === undefined) return spec
  const text = readFileSync(spec.file, 'utf8')
  const value: unknown = /\.ya?ml$/.test(spec.file) ? (await import('yaml')).parse(text) : JSON.parse(text)
  return {...spec, calls: editsFrom(value)}
}
