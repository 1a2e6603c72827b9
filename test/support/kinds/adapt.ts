import type {Contract} from '../../../plugins/simulator/src/contract/contract.js'
import type {WireKind} from '../../../src/kit/resources/kinds/on-wire.js'
import type {Case, Given, Group, Odd} from './case.js'
import {callsOf, keysOf, parametersOf, send, valuesOf, type Api} from './raw.js'

/** A group as a cluster can make it, and what it refused of it, a line each. */
export interface Adapted {
  readonly group: Group
  readonly refused: readonly string[]
}

/** Names of keys in what a cluster says of a call. */
function keysSaid(error: Error & {data?: {fields?: Record<string, unknown>}}): string[] {
  const patterns = [/unexpected property '([^']+)'/, /(?:^|\n)([\w-]+): /m, /(base) storage ID/]
  const named = patterns.flatMap((one) => one.exec(error.message)?.[1] ?? [])
  return [...Object.keys(error.data?.fields ?? {}), ...named]
}

const wordsOf = (error: unknown): string => (error as Error).message.trim().split('\n').slice(0, 3).join(' ')

/**
 * Makes a call without what the cluster does not take of it.
 * @returns the keys that it did not take. @throws what it said first, where it takes nothing of the call
 */
async function without(
  keys: readonly string[],
  call: (left: ReadonlySet<string>) => Promise<unknown>,
): Promise<ReadonlySet<string>> {
  const left = new Set<string>()
  let first: unknown
  for (;;) {
    try {
      await call(left)
      return left
    } catch (error) {
      const said = keysSaid(error as Error).filter((name) => keys.includes(name) && !left.has(name))
      first ??= error
      if (said.length === 0) throw first
      for (const name of said) left.add(name)
    }
  }
}

/** Makes what a group needs, each call without what the cluster does not take of it. @returns what it refused */
export async function prepare(api: Api, contract: Contract, {before = []}: Group): Promise<string[]> {
  const refused: string[] = []
  for (const [call, given, release] of before) {
    if (release !== undefined && release !== contract.release) continue
    const some = (left: ReadonlySet<string>): Given =>
      Object.fromEntries(Object.entries(given).filter(([name]) => !left.has(name)))
    await without(Object.keys(given), (left) => send(api, call, some(left))).catch((error: unknown) => {
      // A run before this one has made it.
      if (!/already (?:exists|defined|configured)/.test(wordsOf(error))) refused.push(`${call}: ${wordsOf(error)}`)
    })
  }
  return refused
}

/** A case with the keys that the cluster takes. What is made in between is removed. @throws where it takes none of it */
async function adaptedCase(api: Api, contract: Contract, one: Case, row: WireKind): Promise<Case> {
  const calls = callsOf(one, row)
  if (!calls.create) return one
  const keys = keysOf(one, calls, contract, 0)
  const left = await without(
    keys.map(({name}) => name),
    async (refused) => {
      const values = valuesOf(keys.filter(({name}) => !refused.has(name)))
      await send(api, calls.create!, {...calls.fixed, ...one.fixed, ...values, ...one.names(0, 'create')})
    },
  )
  await send(api, calls.remove!, one.names(0, 'remove'))
  const words = one.keys?.split(' ') ?? Object.keys(parametersOf(contract, calls.create))
  return {...one, keys: words.filter((name) => !left.has(name)).join(' ')}
}

/**
 * Finds out what a cluster takes of a group's cases of one kind, once it is prepared: a real one lacks services that would have to answer, and
 * its packages are of another day than the contract.
 * @param node the node that takes the place of those that cases name
 */
export async function adapt(api: Api, contract: Contract, group: Group, row: WireKind, node: string): Promise<Adapted> {
  const refused: string[] = []
  const here = <T extends Case | Odd>(one: T, id: T['id']): T => ({...one, id})
  const place = (id: string): string => id.replace(/\bpve[23]$/, node)
  const cases: Case[] = []
  for (const one of group.cases) {
    if (one.kind !== row.name || (one.release !== undefined && one.release !== contract.release)) continue
    try {
      const made = await adaptedCase(api, contract, one, row)
      cases.push(here(made, (n: number) => place(one.id(n))))
      const count = (each: Case): number => keysOf(each, callsOf(one, row), contract, 0).length
      if (count(made) < count(one)) refused.push(`${row.name} ${one.of ?? ''}: ${keysLost(one, made, row, contract)}`)
    } catch (error) {
      refused.push(`${row.name} ${one.of ?? ''}: ${wordsOf(error)}`)
    }
  }
  const odd = (group.odd ?? []).filter(({kind}) => kind === row.name).map((one) => here(one, place(one.id)))
  return {group: {cases, odd}, refused}
}

function keysLost(one: Case, made: Case, row: WireKind, contract: Contract): string {
  const of = (each: Case): string[] => keysOf(each, callsOf(one, row), contract, 0).map(({name}) => name)
  const left = new Set(of(made))
  return `without ${of(one)
    .filter((name) => !left.has(name))
    .join(' ')}`
}
