/** Checks of answers against the `returns` schemas of the official contracts. */

export interface Returns {
  type?: string
  optional?: boolean
  properties?: Record<string, Returns>
  additionalProperties?: boolean | Returns
  items?: Returns
  enum?: unknown[]
  oneOf?: Returns[]
}

export interface Contract {
  paths: Record<string, Record<string, {returns?: Returns} | undefined>>
}

/** A place in an answer that does not hold what the contract says, such as `[].memory: integer, not string`. */
export interface Difference {
  key: string
  contract: string
  found: string
}

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value

/** What PVE's JSON may hold for a type: booleans are 0 and 1 or JSON's own. */
const taken: Record<string, (value: unknown) => boolean> = {
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === 'number',
  boolean: (value) => value === 0 || value === 1 || typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  null: (value) => value === null,
  array: (value) => Array.isArray(value),
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  any: () => true,
}

/** `net0` → `net[n]`, as contracts write slots. */
const slot = (key: string): string => key.replace(/\d+$/, '[n]')

/** Everything about a value that its schema does not allow; unknown keys are no difference, as PVE documents few of what it answers. */
export function differences(value: unknown, schema: Returns | undefined, key = ''): Difference[] {
  if (!schema || (schema.oneOf && schema.type === undefined)) return []
  const {type} = schema
  // A method whose whole answer is optional may answer nothing.
  if (key === '' && value === null && schema.optional) return []
  if (type !== undefined && taken[type] && !taken[type](value))
    return [{key: key || '.', contract: type, found: kindOf(value)}]
  if (Array.isArray(value)) return value.flatMap((item) => differences(item, schema.items, `${key}[]`))
  if (schema.enum && !schema.enum.some((one) => String(one) === String(value)))
    return [{key: key || '.', contract: `one of ${schema.enum.join(', ')}`, found: String(value)}]
  if (typeof value !== 'object' || value === null) return []
  const object = value as Record<string, unknown>
  const found = Object.entries(object).flatMap(([name, item]) =>
    differences(item, schema.properties?.[name] ?? schema.properties?.[slot(name)], `${key}.${slot(name)}`),
  )
  // One that depends on the type of its object is left out where it is optional for some.
  const optional = ({optional: itself, oneOf}: Returns): boolean => itself === true || oneOf?.some(optional) === true
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    if (!optional(property) && !name.endsWith('[n]') && object[name] === undefined)
      found.push({key: `${key}.${name}`, contract: property.type ?? 'any', found: 'missing'})
  return found
}

/** Finds the contract's path for one that was asked. Fixed names win over variables. */
export function templateFinder(paths: string[]): (path: string) => string | undefined {
  const known = paths
    .map((path) => ({
      path,
      pattern: new RegExp(`^${path.replaceAll(/\{volume\}/g, '.+').replaceAll(/\{[^}]+\}/g, '[^/]+')}/*$`),
    }))
    .sort((a, b) => a.path.split('{').length - b.path.split('{').length)
  const cache = new Map<string, string | undefined>()
  return (path) => {
    if (!cache.has(path)) cache.set(path, known.find(({pattern}) => pattern.test(path))?.path)
    return cache.get(path)
  }
}
