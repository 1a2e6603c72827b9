import type {Contract} from '../../../plugins/simulator/src/contract/contract.js'
import type {WireKind} from '../../../src/kit/resources/kinds/on-wire.js'
import type {Case, Group} from './case.js'
import {callsOf, keysOf, parametersOf, send, valuesOf, type Api} from './raw.js'

/** Groups as a cluster can make them, and what was left out of them, a line each. */
export interface Adapted {
  readonly groups: readonly Group[]
  readonly left: readonly string[]
}

/** Names of keys in what a cluster says of a call. */
function keysSaid(error: Error & {data?: {fields?: Record<string, unknown>}}): string[] {
  const patterns = [/unexpected property '([^']+)'/, /(?:^|\n)([\w-]+): /m, /(base) storage ID/]
  const named = patterns.flatMap((one) => one.exec(error.message)?.[1] ?? [])
  return [...Object.keys(error.data?.fields ?? {}), ...named]
}

/** A case without the keys that the cluster does not take; or why it takes none of it. What is made in between is removed. */
async function adaptedCase(api: Api, contract: Contract, one: Case, row: WireKind): Promise<[Case, string]> {
  const calls = callsOf(one, row)
  const all = one.keys ?? Object.keys(parametersOf(contract, calls.create ?? calls.update)).join(' ')
  if (!calls.create) return [one, '']
  for (let words = all.split(' '); ;) {
    const now = {...one, keys: words.join(' ')}
    const keys = keysOf(now, calls, contract, 0)
    try {
      await send(api, calls.create, {...calls.fixed, ...one.fixed, ...valuesOf(keys), ...one.names(0, 'create')})
      await send(api, calls.remove!, one.names(0, 'remove'))
      return [now, '']
    } catch (error) {
      const {message} = error as Error
      const refused = keysSaid(error as Error).filter((name) => keys.some((key) => key.name === name))
      if (refused.length === 0 || refused.length === keys.length) return [one, message.split('\n')[0]!]
      words = words.filter((name) => !refused.includes(name))
    }
  }
}

/**
 * Makes what the groups need, and finds out what of their cases this cluster takes: a real one lacks services that would have to answer, and
 * its packages are of another day than the contract.
 * @param node the node that takes the place of those that cases name
 */
export async function adapt(
  api: Api,
  contract: Contract,
  groups: readonly Group[],
  rows: readonly WireKind[],
  node: string,
): Promise<Adapted> {
  const left: string[] = []
  const here = (id: string): string => id.replace(/\bpve[23]$/, node)
  const adapted: Group[] = []
  for (const group of groups) {
    for (const [call, given, release] of group.before ?? [])
      if (release === undefined || release === contract.release)
        await send(api, call, given).catch((error: Error) => left.push(`${call}: ${error.message.split('\n')[0]}`))
    const cases: Case[] = []
    for (const one of group.cases) {
      if (one.release !== undefined && one.release !== contract.release) continue
      const [made, why] = await adaptedCase(
        api,
        contract,
        one,
        rows.find(({name}) => name === one.kind)!,
      )
      if (why === '') cases.push({...made, id: (n) => here(one.id(n))})
      else left.push(`${one.kind} ${one.of ?? ''}: ${why}`)
    }
    adapted.push({cases, odd: (group.odd ?? []).map((one) => ({...one, id: here(one.id)}))})
  }
  return {groups: adapted, left}
}
