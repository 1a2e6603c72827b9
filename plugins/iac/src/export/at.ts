import type {Config, Value} from 'pmpc/kit/resources'

/** A configuration with another value at a path; undefined takes it out. Pure; where there is no such path it is as it was. */
export function setAt(config: Config, [key, ...rest]: readonly string[], value: Value | undefined): Config {
  if (key === undefined || !Object.hasOwn(config, key)) return config
  const entries = Object.entries(config).flatMap(([name, inner]): [string, Value][] => {
    if (name !== key) return [[name, inner]]
    if (rest.length > 0) return [[name, isMap(inner) ? setAt(inner, rest, value) : inner]]
    return value === undefined ? [] : [[name, value]]
  })
  return Object.fromEntries(entries)
}

export const isMap = (value: unknown): value is Config =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
