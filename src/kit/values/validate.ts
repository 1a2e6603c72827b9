import {own} from '../resources/documents.js'
import {type Context, type Problems, allowed, checkObject} from './check.js'
import {type Format, type Schema, type Version, otherSlots} from './schema.js'

/** What every call of the API takes, in both versions. */
interface Calls {
  slots: Record<string, Record<string, number>>
  formats: Record<Version, Record<string, Format>>
  schemas: Schema[]
  /** Parameters as numbers into `schemas`: one table for both versions, or 8.4's and 9.2's; 0 where there is no such call. */
  calls: Record<string, (Record<string, number> | 0)[]>
}

/** A contract made ready for checking; get it from {@link loadContract}. */
export interface Contract {
  version: Version
  /** Whether this version has the call, `POST /nodes/{node}/qemu`. */
  has(call: string): boolean
  /** The call that a path is an instance of: `GET`, `/nodes/pve1/version` to `GET /nodes/{node}/version`; undefined where there is none. */
  find(method: string, path: string): string | undefined
  /** Whether the call takes the parameter. */
  takes(call: string, parameter: string): boolean
  /** PVE's name of what the parameter has to be, `pve-node`; undefined where it has none. */
  formatOf(call: string, parameter: string): string | undefined
  /**
   * What PVE would answer as `errors` to these parameters, path variables included: a parameter to its text. Empty when nothing is
   * wrong that a contract can tell; a call that the version does not have is wrong by itself: ask {@link Contract.has}.
   */
  validate(call: string, parameters: Record<string, unknown>): Record<string, string>
}

/** Which of the known contracts a node is held against, by the release it names ("8.4", "9.0.11"). */
export function contractVersion(release: string): Version {
  return Number.parseInt(release, 10) >= 9 ? '9.2' : '8.4'
}

/**
 * Loads the parameters of all calls of a version; they are many, and only what sends requests needs them.
 * @param cpuModels the cluster's own CPU models; where they are not known any name passes
 */
export async function loadContract(version: Version, cpuModels?: string[]): Promise<Contract> {
  const {callsJson} = await import('./data/calls.js')
  return contractOf(JSON.parse(callsJson) as Calls, version, cpuModels)
}

function contractOf(data: Calls, version: Version, cpuModels: string[] | undefined): Contract {
  const context: Context = {version, formats: (name) => data.formats[version][name], ...(cpuModels ? {cpuModels} : {})}
  const tables = new Map<string, Format>()
  const parametersOf = (call: string): Record<string, number> | undefined => {
    const both = own(data.calls, call)
    return (both && both[version === '8.4' ? 0 : both.length - 1]) || undefined
  }
  const schemasOf = (call: string): Format => {
    const known = tables.get(call)
    if (known) return known
    const made = expand(parametersOf(call) ?? {}, data, call)
    tables.set(call, made)
    return made
  }
  // Looked through for each request of a plan: only those of the same method and length.
  const bySize = new Map<string, string[]>()
  const callsBySize = (): ReadonlyMap<string, string[]> => {
    if (bySize.size > 0) return bySize
    for (const call of Object.keys(data.calls).filter((name) => parametersOf(name) !== undefined)) {
      const size = `${call.slice(0, call.indexOf(' '))} ${call.split('/').length}`
      bySize.set(size, [...(bySize.get(size) ?? []), call])
    }
    return bySize
  }
  return {
    version,
    has: (call) => parametersOf(call) !== undefined,
    find: (method, path) => findCall(callsBySize(), method, path),
    takes: (call, parameter) => Object.hasOwn(schemasOf(call), parameter) || parametersOf(call)?.['*'] === 1,
    formatOf: (call, parameter) => {
      const format = own(schemasOf(call), parameter)?.format
      return typeof format === 'string' ? format : undefined
    },
    validate: (call, parameters) => {
      const schemas = schemasOf(call)
      const errors: Problems = new Map()
      const open = parametersOf(call)?.['*'] === 1 ? 1 : undefined
      checkObject('', schemas, received(parameters, schemas), allowed(open), errors, context)
      return Object.fromEntries(errors)
    },
  }
}

/** As PVE finds a method: a literal part before a variable one; only a volume id, which comes last, holds slashes. */
function findCall(bySize: ReadonlyMap<string, string[]>, method: string, path: string): string | undefined {
  const parts = path.split('/')
  const fits = (call: string): boolean => {
    const names = call.slice(method.length + 1).split('/')
    const long = names.at(-1) === '{volume}' && parts.length > names.length
    return (long || parts.length === names.length) && names.every((name, at) => name === parts[at] || /^\{/.test(name))
  }
  const sizes = Array.from({length: parts.length}, (_, less) => bySize.get(`${method} ${parts.length - less}`) ?? [])
  const variables = (call: string): number => call.split('{').length
  return sizes
    .flat()
    .filter(fits)
    .sort((a, b) => variables(a) - variables(b))[0]
}

/** A call's parameters by name, `net[n]` as net0 to net31. */
function expand(numbers: Record<string, number>, data: Calls, call: string): Format {
  const guest = /\/(qemu|lxc)(?:\/|$)/.exec(call)?.[1]
  const slots = {...otherSlots, ...(guest ? data.slots[guest] : {})}
  const result: Format = {}
  for (const [name, number] of Object.entries(numbers)) {
    if (name === '*') continue
    const schema = data.schemas[number]!
    const indexed = /^(.*)\[n\]$/.exec(name)
    if (!indexed) result[name] = schema
    else for (let slot = 0; slot < (slots[indexed[1]!] ?? 1); slot++) result[`${indexed[1]}${slot}`] = schema
  }
  return result
}

/**
 * As PVE takes parameters from a request: a repeated key of a list is one text, a single value of an array an array of one
 * (pve-common, PVE/RESTHandler.pm, normalize_legacy_param_formats).
 */
function received(parameters: Record<string, unknown>, schemas: Format): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(parameters)) {
    const schema = own(schemas, name)
    const isList = schema?.type === 'string' && typeof schema.format === 'string' && schema.format.endsWith('-list')
    if (isList && Array.isArray(value)) result[name] = value.join(',')
    else if (schema?.type === 'array' && value !== undefined && value !== null && !Array.isArray(value))
      result[name] = [value]
    else result[name] = value
  }
  return result
}
