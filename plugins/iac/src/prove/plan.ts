import {compareNatural} from 'pmpc/kit/resources'

/** What is read of `terraform show -json PLAN` (developer.hashicorp.com/terraform/internals/json-format). */
export interface ShownPlan {
  resource_changes?: ResourceChange[]
}

export interface ResourceChange {
  address: string
  mode?: string
  change: {
    actions: string[]
    before: unknown
    after: unknown
    after_unknown?: unknown
    before_sensitive?: unknown
    after_sensitive?: unknown
    importing?: {id?: string}
  }
}

/** An attribute that a plan would change. */
export interface Difference {
  address: string
  /** `network_device[0].mac_address`; empty where the whole resource would come or go. */
  attribute: string
  before: unknown
  after: unknown
}

/** What a plan would do: how many imports change nothing, and what all others would change. */
export function readPlan({resource_changes: changes = []}: ShownPlan): {noop: number; differences: Difference[]} {
  const managed = changes.filter(({mode = 'managed'}) => mode === 'managed')
  const isNoop = ({change}: ResourceChange) => change.actions.join() === 'no-op' && change.importing !== undefined
  return {
    noop: managed.filter(isNoop).length,
    differences: managed.filter((one) => !isNoop(one)).flatMap(differencesOf),
  }
}

/** Stands for a value that only an apply would tell. */
export const UNKNOWN = '(known after apply)'
const HIDDEN = '(sensitive)'

function differencesOf({address, change}: ResourceChange): Difference[] {
  const {actions, before, after, after_unknown: unknown} = change
  const whole = {address, attribute: '', before: change.importing ? 'imported' : null, after: actions.join(' and ')}
  // Neither what is there nor what is to be can be told attribute by attribute.
  if (before === null || before === undefined || after === null || after === undefined) return [whole]
  const found: Difference[] = []
  const walk = (path: string, sides: Sides): void => {
    const {a, b, isUnknown, isHidden} = sides
    if (isUnknown === true)
      found.push({address, attribute: path, before: isHidden === true ? HIDDEN : a, after: UNKNOWN})
    else if (isObject(a) && isObject(b))
      for (const key of [...new Set([...Object.keys(a), ...Object.keys(b), ...keysOf(isUnknown)])].sort(compareNatural))
        walk(nextPath(path, key, Array.isArray(b)), {
          ...{
            a: a[key],
            b: b[key],
            isUnknown: member(isUnknown, key),
            isHidden: isHidden === true || member(isHidden, key),
          },
        })
    else if (JSON.stringify(a ?? null) !== JSON.stringify(b ?? null))
      found.push({
        address,
        attribute: path,
        ...(isHidden ? {before: HIDDEN, after: HIDDEN} : {before: a ?? null, after: b ?? null}),
      })
  }
  walk('', {a: before, b: after, isUnknown: unknown, isHidden: change.before_sensitive})
  return found.length > 0 ? found : [whole]
}

interface Sides {
  a: unknown
  b: unknown
  isUnknown: unknown
  isHidden: unknown
}

type Members = Record<string, unknown>

const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null
const keysOf = (value: unknown): string[] => (isObject(value) ? Object.keys(value) : [])
const member = (value: unknown, key: string): unknown => (isObject(value) ? value[key] : undefined)
const nextPath = (path: string, key: string, isList: boolean): string =>
  isList ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`
