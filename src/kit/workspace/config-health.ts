import {isPlainMap, type Plain} from './emit.js'

/** What `pmpc health` is told by pmpc.yaml. Which checks there are the plugin knows, and says where a name is none. */
export interface HealthSettings {
  /** By check, by the name of a limit: other numbers than its own. */
  thresholds: Record<string, Record<string, number>>
  exceptions: HealthException[]
}

/** Something that a check finds, and that is as it should be. */
export interface HealthException {
  /** Id of a check; `*` and `?` stand for others. */
  check: string
  /** What it is found at, as `pmpc health` names it; all unless given. */
  object?: string
  cluster?: string
  /** The last day on which it holds, `2027-01-31`. */
  until?: string
  reason?: string
}

type Complain = (path: (string | number)[], message: string) => void
type Map = {[key: string]: Plain}

const exceptionKeys = ['check', 'object', 'cluster', 'until', 'reason'] as const

/**
 * Checks the part `health:` of pmpc.yaml.
 * @param mapAt the fields of a map at a path, of which unknown ones are complained of
 */
export function healthIn(
  value: Plain | undefined,
  mapAt: (entry: {value: Plain; path: (string | number)[]}, known: string[]) => Map,
  complain: Complain,
): HealthSettings | undefined {
  if (value === undefined || value === null) return undefined
  const {thresholds, exceptions} = mapAt({value, path: ['health']}, ['thresholds', 'exceptions'])
  return {
    thresholds: thresholdsIn(thresholds, complain),
    exceptions: exceptionsIn(exceptions, mapAt, complain),
  }
}

function thresholdsIn(value: Plain | undefined, complain: Complain): HealthSettings['thresholds'] {
  if (value === undefined || value === null) return {}
  const path = ['health', 'thresholds']
  if (!isPlainMap(value)) {
    complain(path, 'thresholds must be a map of checks, as in storage.usage: {warning: 80, critical: 90}')
    return {}
  }
  return Object.fromEntries(
    Object.entries(value).map(([check, limits]) => [check, limitsIn(limits, [...path, check], complain)]),
  )
}

function limitsIn(value: Plain, path: (string | number)[], complain: Complain): Record<string, number> {
  if (!isPlainMap(value)) {
    complain(path, 'the limits of a check must be a map of numbers, as in {warning: 80, critical: 90}')
    return {}
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, limit]) => {
      if (typeof limit === 'number' && Number.isFinite(limit)) return [[name, limit]]
      complain([...path, name], `${name} must be a number`)
      return []
    }),
  )
}

function exceptionsIn(
  value: Plain | undefined,
  mapAt: Parameters<typeof healthIn>[1],
  complain: Complain,
): HealthException[] {
  if (value === undefined || value === null) return []
  const path = ['health', 'exceptions']
  if (!Array.isArray(value)) {
    complain(
      path,
      'exceptions must be a list, as in - {check: backup.coverage, object: vm/900, reason: made anew each night}',
    )
    return []
  }
  return value.flatMap((entry, index) => {
    const at = [...path, index]
    const fields = mapAt({value: entry, path: at}, [...exceptionKeys])
    if (!isPlainMap(entry)) return []
    const texts = Object.fromEntries(
      exceptionKeys.flatMap((key) => {
        const text = fields[key]
        if (text === undefined || text === null) return []
        if (typeof text === 'string' && text !== '') return [[key, text]]
        complain([...at, key], `${key} must be a text`)
        return []
      }),
    ) as Partial<HealthException>
    if (texts.check === undefined)
      complain(at, 'an exception needs the check that it is about, as in check: backup.coverage')
    if (texts.until !== undefined && !isDay(texts.until))
      complain([...at, 'until'], 'until must be a day, as in "2027-01-31"')
    return texts.check === undefined ? [] : [{...texts, check: texts.check}]
  })
}

const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))
