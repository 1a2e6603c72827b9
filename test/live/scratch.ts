import path from 'node:path'
import {
  apiPath,
  connectWriter,
  meetCluster,
  perform,
  type Writer,
  type Parameters,
  type Performed,
} from '../../src/kit/proxmox/index.js'
import {needsOf} from '../../src/kit/fetch/needs.js'
import {startSimulator, type Simulator} from '../../plugins/simulator/src/index.js'
import {Clone} from '../support/lab.js'
import type {Sandbox} from '../support/pmpc.js'

/** A guest as the node lists it; `name` and `status` may be missing for a moment. */
export interface Listed {
  vmid: number | string
  name?: string
  status?: string
}

export type GuestType = 'qemu' | 'lxc'

/** What the suite makes bears it: nothing else is ever changed or deleted. */
const mark = 'pmpc-live'
/** A pool of the suite's own. */
export const pool = 'pmpc-live'

/**
 * A node that may be changed, within a range of VMIDs: the one that PMPC_LIVE_URL, PMPC_LIVE_TOKEN_ID, PMPC_LIVE_TOKEN and
 * PMPC_LIVE_FINGERPRINT name, or the simulator. PMPC_LIVE_VMIDS is the range, 9100-9199 unless given.
 */
export class Scratch {
  private constructor(
    readonly client: Writer,
    readonly access: {url: string; tokenId: string; secret: string; fingerprint: string},
    readonly node: string,
    private readonly range: readonly [number, number],
    private readonly simulator: Simulator | undefined,
  ) {}

  static async open(): Promise<Scratch> {
    const range = rangeOf(process.env.PMPC_LIVE_VMIDS ?? '9100-9199')
    const simulator = process.env.PMPC_LIVE_URL === undefined ? await startSimulator({seed: 'daemon'}) : undefined
    const access = accessOf(simulator)
    const met = await meetCluster({
      cluster: 'live',
      endpoint: access.url,
      trust: {fingerprint: access.fingerprint},
      credential: {tokenId: access.tokenId, secret: access.secret},
      wanted: needsOf(),
      env: {},
    })
    const cluster = {cluster: 'live', endpoints: [access.url], trust: met.trust, tokenId: access.tokenId}
    const client = await connectWriter(cluster, {env: {PMPC_TOKEN_LIVE: access.secret}})
    const nodes = await client.get<{node: string; status: string}[]>('/nodes')
    const node = nodes.find(({status}) => status === 'online')?.node
    if (node === undefined) throw new Error('no node is online')
    const scratch = new Scratch(client, access, node, range, simulator)
    const {version} = await client.get<{version: string}>('/version')
    say(`${simulator ? 'the simulator' : access.url}, node ${node}, Proxmox VE ${version}, VMIDs ${range.join('-')}`)
    // What a run that was killed has left.
    await scratch.clear()
    return scratch
  }

  async close(): Promise<void> {
    try {
      await this.clear()
    } finally {
      await this.client.close()
      await this.simulator?.stop()
    }
  }

  /** A VMID of the range that no guest has, whoever's it is. */
  async freeId(): Promise<number> {
    const all = await this.client.get<{vmid?: number}[]>('/cluster/resources', {type: 'vm'})
    const listed = [...(await this.list('qemu')), ...(await this.list('lxc'))]
    const taken = new Set([...all, ...listed].map(({vmid}) => Number(vmid)))
    for (let id = this.range[0]; id <= this.range[1]; id++) if (!taken.has(id)) return id
    throw new Error(`no VMID of ${this.range.join('-')} is free`)
  }

  /** Path of a guest of the range. */
  guest(type: GuestType, id: number, ...parts: string[]): string {
    if (id < this.range[0] || id > this.range[1]) throw new Error(`${id} is not in the range ${this.range.join('-')}`)
    return apiPath('nodes', this.node, type, id, ...parts)
  }

  async list(type: GuestType): Promise<Listed[]> {
    return this.client.get<Listed[]>(apiPath('nodes', this.node, type))
  }

  async create(type: GuestType, id: number, keys: Parameters): Promise<Performed> {
    this.guest(type, id)
    const name = type === 'qemu' ? {name: `${mark}-${id}`} : {hostname: `${mark}-${id}`}
    const body = {vmid: id, ...name, ...keys}
    return perform(this.client, {method: 'POST', path: apiPath('nodes', this.node, type), body})
  }

  async put(type: GuestType, id: number, body: Parameters): Promise<void> {
    await this.client.request({method: 'PUT', path: this.guest(type, id, 'config'), body})
  }

  config(type: GuestType, id: number): Promise<Record<string, string | number>> {
    return this.client.get(this.guest(type, id, 'config'))
  }

  /** Stops and deletes a guest. */
  async remove(type: GuestType, id: number): Promise<void> {
    const {status} = await this.client.get<{status: string}>(this.guest(type, id, 'status', 'current'))
    if (status === 'running') await perform(this.client, {method: 'POST', path: this.guest(type, id, 'status', 'stop')})
    await perform(this.client, {method: 'DELETE', path: this.guest(type, id), query: {purge: 1}})
  }

  /** A storage of the node that is there and takes this content. */
  async storage(content: string): Promise<string | undefined> {
    return (await this.storages(content))[0]
  }

  /** All storages of the node that are there and take all of this content. */
  async storages(...content: string[]): Promise<string[]> {
    const all = await this.client.get<{storage: string; content?: string; active?: number; enabled?: number}[]>(
      apiPath('nodes', this.node, 'storage'),
    )
    const takes = (text = ''): boolean => content.every((word) => text.split(',').includes(word))
    return all
      .filter((one) => one.active === 1 && one.enabled !== 0 && takes(one.content))
      .map(({storage}) => storage)
      .sort()
  }

  /** A container template that lies on the node. */
  async template(): Promise<string | undefined> {
    return this.volume('vztmpl')
  }

  /** Something that lies on the node, of this content. */
  async volume(content: string): Promise<string | undefined> {
    for (const storage of await this.storages(content)) {
      const path = apiPath('nodes', this.node, 'storage', storage, 'content')
      const [first] = await this.client.get<{volid: string}[]>(path, {content})
      if (first) return first.volid
    }
    return undefined
  }

  /** Takes away all that the suite has made, and nothing else. */
  private async clear(): Promise<void> {
    for (const type of ['qemu', 'lxc'] as const) {
      for (const {vmid, name} of await this.list(type)) {
        const id = Number(vmid)
        const isOurs = id >= this.range[0] && id <= this.range[1] && (name ?? '').startsWith(mark)
        if (isOurs) await this.remove(type, id)
      }
    }
    const pools = await this.client.get<{poolid: string}[]>('/pools')
    if (pools.some(({poolid}) => poolid === pool))
      await this.client.request({method: 'DELETE', path: '/pools', query: {poolid: pool}})
  }
}

/** Where a cluster is, and who asks. */
type Access = Scratch['access']

/** A workspace in a sandbox, of the cluster `live` unless another name is given; not synced yet. */
export async function workspaceIn(box: Sandbox, name: string, access: Access, cluster = 'live'): Promise<Clone> {
  const {url, tokenId, secret, fingerprint} = access
  const where = ['--endpoint', url, '--token-id', tokenId, '--fingerprint', fingerprint]
  const args = ['init', name, '--cluster', cluster, ...where, '--token-stdin', '--yes']
  const {code, stderr} = await box.pmpc(args, {input: `${secret}\n`})
  if (code !== 0) throw new Error(`pmpc init (${code}): ${stderr}`)
  return new Clone({box}, path.join(box.folder, name))
}

function accessOf(simulator: Simulator | undefined): Scratch['access'] {
  if (simulator)
    return {
      url: simulator.url,
      tokenId: simulator.tokenId,
      secret: simulator.tokenSecret,
      fingerprint: simulator.fingerprint,
    }
  const [url, tokenId, secret, fingerprint] = ['URL', 'TOKEN_ID', 'TOKEN', 'FINGERPRINT'].map((name) => {
    const value = process.env[`PMPC_LIVE_${name}`]
    if (value) return value
    throw new Error(`PMPC_LIVE_${name} is missing: PMPC_LIVE_URL, _TOKEN_ID, _TOKEN and _FINGERPRINT belong together`)
  }) as [string, string, string, string]
  return {url, tokenId, secret, fingerprint}
}

function rangeOf(text: string): [number, number] {
  const match = /^(\d{3,9})-(\d{3,9})$/.exec(text)
  const [first, last] = [Number(match?.[1]), Number(match?.[2])]
  if (match && first >= 100 && first + 9 <= last) return [first, last]
  throw new Error(`PMPC_LIVE_VMIDS is '${text}', and not a range of ten VMIDs or more, such as 9100-9199`)
}

/** Tells what this node made the suite do or leave out. */
export function say(text: string): void {
  console.log(`    ${text}`)
}
