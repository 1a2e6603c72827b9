import type {Contract} from '../../../plugins/simulator/src/contract/contract.js'
import type {Schema} from '../../../plugins/simulator/src/contract/schema.js'
import type {KindName} from '../../../src/kit/resources/index.js'
import type {KindWire} from '../../../src/kit/resources/kinds/on-wire.js'
import {travelOf, type Calls} from '../../../src/kit/resources/kinds/travels.js'
import type {Case, Given} from './case.js'
import {pairOf, type Pair, type Sent} from './values.js'

/** One request of somebody else's to the cluster; waits for the task it starts. @throws for any answer but 200 */
export type Api = (method: string, path: string, given: Record<string, Sent>) => Promise<unknown>

/** What is about a call, and no key of an object. */
const about = new Set(['delete', 'digest', 'lock-token'])

/** A key of a case that can be set, with its values in the n-th object. */
export interface Key {
  readonly name: string
  readonly pair: Pair
  /** No call changes it: whoever wants another value makes the object anew. */
  readonly fixed: boolean
  readonly required: boolean
}

/** A call split in verb and path. */
export function verbAndPath(call: string): [verb: string, path: string] {
  const at = call.indexOf(' ')
  return [call.slice(0, at), call.slice(at + 1)]
}

/** What a call takes in this version; empty where it has no such call. */
export function parametersOf(contract: Contract, call: string | undefined): Record<string, Schema> {
  if (call === undefined) return {}
  const [verb, path] = verbAndPath(call)
  return contract.paths[path]?.[verb]?.parameters.properties ?? {}
}

/** Makes a call: what its path names is filled in, the rest is sent. */
export async function send(api: Api, call: string, given: Given): Promise<unknown> {
  const [verb, template] = verbAndPath(call)
  const rest: Record<string, Sent> = {...given}
  const path = template.replace(/\{([^}]+)\}/g, (_whole, name: string) => {
    const value = given[name]
    if (value === undefined) throw new Error(`${call}: nothing is given for {${name}}`)
    delete rest[name]
    return encodeURIComponent(String(value))
  })
  return api(verb, path, rest)
}

/** The calls that the row has for a case. @throws where it has none of such a part */
export function callsOf(one: Case, {name}: KindWire): Calls {
  const change = travelOf(name as KindName)
  const calls = one.part === undefined ? change : change.parts?.[one.part]
  if (!calls) throw new Error(`the row of ${name} has no calls for its part ${one.part}`)
  const filled = (call: string | undefined): string | undefined =>
    call?.replace(/\{(\w+)\}/g, (whole, key: string) => one.fills?.[key] ?? whole)
  const [create, update, remove] = [calls.create, calls.update, calls.remove].map(filled)
  return {...calls, ...(create && {create}), ...(update && {update}), ...(remove && {remove})}
}

/** The keys of the n-th object of a case, each with two values. @throws where a value cannot be made up */
export function keysOf(one: Case, calls: Calls, contract: Contract, n: number): Key[] {
  const made = parametersOf(contract, calls.create ?? calls.update)
  const changed = parametersOf(contract, calls.update)
  const still = one.still?.split(' ') ?? []
  const names = one.keys?.split(' ') ?? Object.keys(made)
  const taken = new Set([
    ...Object.keys(one.names(n, 'create')),
    ...Object.keys({...calls.fixed, ...one.fixed}),
    ...about,
  ])
  return names
    .filter((name) => made[name] && !taken.has(name))
    .map((name) => {
      const own = one.values?.[name]
      const pair = typeof own === 'function' ? own(n) : (own ?? pairOf(name, made[name]!, contract.formats))
      return {
        name,
        pair,
        fixed: changed[name] === undefined || still.includes(name),
        required: made[name]!.optional !== true,
      }
    })
}

/** What a change of some keys sends: those, and what the row says is sent again, or the contract with one of them. */
export function changeOf(one: Case, calls: Calls, contract: Contract, keys: readonly Key[], changed: Given): Given {
  const taken = parametersOf(contract, calls.update)
  const values: Given = {...calls.fixed, ...one.fixed, ...valuesOf(keys)}
  const again = calls.resend?.includes('*') ? Object.keys(values) : (calls.resend ?? [])
  const needed = Object.keys(changed).flatMap((name) => taken[name]?.requires ?? [])
  const names = [...again, ...needed].filter((name) => taken[name] && values[name] !== undefined)
  return {...Object.fromEntries(names.map((name): [string, Sent] => [name, values[name]!])), ...changed}
}

/** How a key is taken out, as the row says; undefined where no call does. */
export function withoutOf(
  one: Case,
  calls: Calls,
  contract: Contract,
  keys: readonly Key[],
  key: Key,
): Given | undefined {
  const schema = parametersOf(contract, calls.update)[key.name]
  if (key.required || key.fixed) return undefined
  const rest = keys.filter((other) => other !== key)
  if (calls.unset === 'delete') {
    const {type} = parametersOf(contract, calls.update).delete ?? {}
    return {...changeOf(one, calls, contract, rest, {}), delete: type === 'array' ? [key.name] : key.name}
  }
  if (calls.unset === 'empty')
    return schema?.type === 'string' && schema.enum === undefined
      ? changeOf(one, calls, contract, rest, {[key.name]: ''})
      : undefined
  // What sends all again leaves it out.
  return calls.resend?.includes('*') ? changeOf(one, calls, contract, rest, {}) : undefined
}

/** What the cases send nothing for, by kind and part: keys that one of the calls takes in this version. */
export function unsent(
  cases: readonly Case[],
  rows: readonly KindWire[],
  contract: Contract,
): Record<string, string[]> {
  const taken = new Map<string, Set<string>>()
  const sent = new Map<string, Set<string>>()
  for (const one of cases) {
    if (one.release !== undefined && one.release !== contract.release) continue
    const calls = callsOf(
      one,
      rows.find(({name}) => name === one.kind)!,
    )
    const group = [one.kind, ...(one.part ? [one.part] : [])].join(' ')
    const add = (to: Map<string, Set<string>>, keys: string[]): void =>
      void to.set(group, new Set([...(to.get(group) ?? []), ...keys]))
    for (const call of ['create', 'update'] as const) {
      const keys = Object.keys(parametersOf(contract, calls[call])).filter((key) => !about.has(key))
      add(taken, keys)
      if (call === 'create' || calls.create === undefined) add(sent, one.keys?.split(' ') ?? keys)
      add(
        sent,
        [calls.fixed, one.fixed, one.names(0, call)].flatMap((given) => Object.keys(given ?? {})),
      )
    }
  }
  const left = [...taken].map(([group, keys]): [string, string[]] => [
    group,
    [...keys].filter((key) => !sent.get(group)!.has(key)).sort(),
  ])
  return Object.fromEntries(left.filter(([, keys]) => keys.length > 0))
}

/** All values of an object, with the second one of a key. */
export function valuesOf(keys: readonly Key[], other?: string): Given {
  return Object.fromEntries(keys.map(({name, pair}) => [name, pair[name === other ? 1 : 0]]))
}
