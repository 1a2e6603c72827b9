// What a real node takes of the cases of a kind.
import type {Context} from 'mocha'
import {loadContract, type Contract} from '../../plugins/simulator/src/contract/contract.js'
import {perform} from '../../src/kit/proxmox/index.js'
import type {WireKind} from '../../src/kit/resources/kinds/on-wire.js'
import {adapt, prepare} from '../support/kinds/adapt.js'
import type {Case, Group} from '../support/kinds/case.js'
import {groups} from '../support/kinds/cases.js'
import type {Api} from '../support/kinds/raw.js'
import {putOnPath} from '../support/lab.js'
import {sandbox, type Sandbox} from '../support/pmpc.js'
import {skipFor} from '../support/skip.js'
import {excuses, instead} from './lacks.js'
import {say, Scratch} from './scratch.js'

/** A node that exists for this, its cases, and where those work who look at it. */
export interface Place {
  scratch: Scratch
  fitted: Fitted
  box: Sandbox
}

const kindsAsked = process.env.PMPC_LIVE_KINDS?.split(',') ?? []

/** Why a kind is left out: PMPC_LIVE_KINDS names others. */
export const notAsked = (kind: string): string | false =>
  kindsAsked[0] !== 'all' && !kindsAsked.includes(kind) && 'is not named in PMPC_LIVE_KINDS'

/** Opens all of it; skips the test where no kind is asked for. */
export async function placeOf(context: Context): Promise<Place> {
  skipFor(context, kindsAsked.length === 0 && 'PMPC_LIVE_KINDS=all lets the test change all of the node')
  const scratch = await Scratch.open()
  const box = sandbox()
  putOnPath(box)
  return {scratch, fitted: await Fitted.on(scratch), box}
}

/** The cases of the kinds, as this node takes them: of other nodes there are none, nor some services. */
export class Fitted {
  private readonly prepared = new Set<Group>()

  private constructor(
    readonly api: Api,
    readonly contract: Contract,
    private readonly node: string,
  ) {}

  static async on(scratch: Scratch): Promise<Fitted> {
    const storage = (await scratch.storage('images')) ?? 'local'
    /** Storages that cases put volumes on are the simulator's. */
    const onStorage = <T>(value: T): T | string =>
      typeof value === 'string' ? value.replace(/^local-zfs:(?=\d)/, `${storage}:`) : value
    const {client, node} = scratch
    const api: Api = async (method, at, given) => {
      const path = at.replace(/\/nodes\/pve[23](?=\/)/, `/nodes/${node}`)
      const values = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, onStorage(value)]))
      const parameters = method === 'PUT' || method === 'POST' ? {body: values} : {query: values}
      return (await perform(client, {method: method as 'PUT', path, ...parameters})).data
    }
    return new Fitted(api, await loadContract('9.2'), node)
  }

  /** A group with what this node takes of a kind, once what it needs is made. @returns it, with what is refused */
  async adapted(group: Group, row: WireKind): Promise<readonly [Group, readonly string[]]> {
    const {api, contract, node} = this
    const before = this.prepared.has(group) ? [] : await prepare(api, contract, group)
    this.prepared.add(group)
    const {values, removal} = instead[row.name] ?? {}
    const fitted = (one: Case): Case => ({
      ...one,
      values: {...one.values, ...values},
      names: (n, call) => ({...one.names(n, call), ...(call === 'remove' && removal)}),
    })
    const cases = group.cases.map((one) => (one.kind === row.name ? fitted(one) : one))
    const found = await adapt(api, contract, {...group, cases}, row, node)
    return [found.group, [...before, ...found.refused]]
  }
}

/** What is refused though no row of the table tells of it; tells the others. */
export function unexcused(refused: readonly string[]): string[] {
  return refused.filter((text) => {
    const excuse = excuses.find(({says}) => says.test(text))
    if (excuse) say(`not here: ${text.slice(0, 110)} (${excuse.because})`)
    return !excuse
  })
}

/** The groups that have a kind. */
export const groupsOf = (name: string): Group[] =>
  groups.filter(({cases, odd = []}) => [...cases, ...odd].some(({kind}) => kind === name))

/** In the order of the groups: what is made for one is there for the next. */
export const inOrder = <T extends {readonly name: string}>(rows: readonly T[]): T[] => {
  const order = ({name}: T): number => groups.indexOf(groupsOf(name)[0]!)
  return [...rows].sort((a, b) => order(a) - order(b))
}
