import type {Config, Value} from 'pmpc/kit/resources'

/**
 * A configuration with another value at a path; undefined takes it out, and what is empty then. Pure; where there is no such path it is as it was.
 */
export function setAt(config: Config, [key, ...rest]: readonly string[], value: Value | undefined): Config {
  if (key === undefined || !Object.hasOwn(config, key)) return config
  const entries = Object.entries(config).flatMap(([name, inner]): [string, Value][] => {
    if (name !== key) return [[name, inner]]
    const other = rest.length === 0 ? value : isMap(inner) ? setAt(inner, rest, value) : inner
    const isGone = other === undefined || (value === undefined && isMap(other) && Object.keys(other).length === 0)
    return isGone ? [] : [[name, other]]
  })
  return Object.fromEntries(entries)
}

export const isMap = (value: unknown): value is Config =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
