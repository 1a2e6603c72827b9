import {expect} from 'chai'
import {readCluster} from '../../src/kit/fetch/index.js'
import type {Request} from '../../src/kit/plan/index.js'
import {clusterVersions, perform} from '../../src/kit/proxmox/index.js'
import {
  isMap,
  localKey,
  type ClusterState,
  type Config,
  type KindName,
  type Observed,
} from '../../src/kit/resources/index.js'
import {ignoreOf} from '../../src/kit/workspace/index.js'
import {sequence, type Target} from '../support/plan/driver.js'
import {hotplugs, type GuestKind, type Surroundings} from '../support/plan/guests.js'
import {Dice} from '../support/plan/random.js'
import {skipFor} from '../support/skip.js'
import {say, Scratch} from './scratch.js'

const kinds: readonly KindName[] = ['vm', 'container', 'storage', 'pool', 'node', 'acl']
const types = {vm: 'qemu', container: 'lxc'} as const

/** Of a VM: what a token may not set, and what needs SPICE, which a node without its own QEMU has not. */
const lacking = ['args', 'hookscript', 'usb0', 'audio0']

/** A node with two processors, without KVM: QEMU itself plugs no memory there. Nor is there an AppArmor, without which nothing is mounted into a container that runs. */
function settle(kind: GuestKind, config: Config, is?: Observed): void {
  if (kind === 'container') {
    if (Number(config.cores) > 2) config.cores = 2
    if (isMap(config.features)) config.features = {nesting: 1}
    // Where the root is read only, nothing makes the folder that a new volume is mounted at.
    if (isMap(config.rootfs)) delete config.rootfs.ro
    const mounts = Object.keys(config).filter((key) => /^mp\d+$/.test(key))
    if (is?.facts.status === 'running') for (const key of mounts) if (!is.config[key]) delete config[key]
    return
  }
  for (const key of lacking) delete config[key]
  // PVE frees no cloud-init drive in such a slot, neither when it is taken out nor with the VM: the next one of its name cannot be made (9.2, seen here).
  for (const [key, value] of Object.entries(config))
    if (key.startsWith('virtio') && isMap(value) && /cloudinit/.test(String(value.file))) delete config[key]
  if (isMap(config.vga) && !/^(?:std|serial0)$/.test(String(config.vga.type))) delete config.vga
  if (Number(config.cores ?? 1) * Number(config.sockets ?? 1) > 2) {
    config.cores = 2
    config.sockets = 1
  }
  if (Array.isArray(config.hotplug)) config.hotplug = config.hotplug.filter((word) => word !== 'memory')
}

/** Seconds that a guest is given to end, instead of what the plan gives: there is no system in it that would listen. */
const patience = 1

/**
 * Random guests on a real node, random wishes for them, and what a plan says of both: each request is sent as it stands, and what is read after it held against
 * its prediction. PMPC_LIVE_PLANS=100,50 is how many sequences of VMs and of containers, PMPC_LIVE_SEED the first seed.
 */
describe('live: plans, done step after step', function () {
  this.timeout(10_800_000)
  const [vms = 0, containers = 0] = (process.env.PMPC_LIVE_PLANS ?? '').split(',').map(Number)
  const first = Number(process.env.PMPC_LIVE_SEED ?? 1)
  /** A run beside this one, with other VMIDs, has its own. */
  const pool = `pmpc-live-plan-${process.pid}`
  let scratch: Scratch
  let target: Target | undefined
  let around: Surroundings
  /** The guest that is driven, by `localKey`. */
  let driven = ''

  before(async function () {
    if (process.env.PMPC_LIVE_PLANS === undefined) return skipFor(this, 'PMPC_LIVE_PLANS=100,50 says how many')
    scratch = await Scratch.open()
    const {client, node} = scratch
    const template = await scratch.volume('vztmpl')
    around = {
      nodes: [node],
      storages: (await scratch.storages('images', 'rootdir')).map((name) => ({name, shared: false})),
      pools: [pool],
      bridges: ['vmbr0'],
      media: [await scratch.volume('iso')].filter((volume) => volume !== undefined),
      template: template ?? '',
      images: [],
      settle,
    }
    await client.request({method: 'POST', path: '/pools', body: {poolid: pool}})
    let last: ClusterState | undefined
    target = {
      version: String((await clusterVersions(client)).get(node)).startsWith('8.') ? '8.4' : '9.2',
      send: async (request) => {
        const {method, path} = request
        const given = {...parametersOf(request), ...(await digestFor(request))}
        await perform(client, {method, path, ...(method === 'DELETE' ? {query: given} : {body: given})})
      },
      // As an apply reads: the guest alone, with what is pending in it.
      read: async () => {
        const options = {reader: client, cluster: 'home', ignore: ignoreOf([]), kinds}
        last = (await readCluster(last ? {...options, before: last, objects: new Set([driven])} : options)).state
        return last
      },
    }
  })
  after(async () => {
    if (target) await scratch.client.request({method: 'DELETE', path: '/pools', query: {poolid: pool}})
    await scratch?.close()
  })

  /** What no other step may have changed meanwhile. */
  async function digestFor({method, path}: Request): Promise<Record<string, string>> {
    const [, guest] = /^(.*\/(?:qemu|lxc)\/\d+)\/config$/.exec(path) ?? []
    if (guest === undefined || method === 'DELETE') return {}
    const {digest} = await scratch.client.get<{digest: string}>(`${guest}/config`)
    return {digest}
  }

  function parametersOf({path, parameters}: Request): Record<string, string | number> {
    return Object.fromEntries(
      Object.entries(parameters).map(([name, value]): [string, string | number] => {
        if (typeof value === 'object') return [name, 'a secret']
        return [name, name === 'timeout' && path.endsWith('/shutdown') ? patience : value]
      }),
    )
  }

  async function all(kind: GuestKind, count: number): Promise<void> {
    const sums = {sequences: 0, plans: 0, steps: 0, refused: 0, held: 0, failed: 0}
    const failed: string[] = []
    for (let seed = first; seed < first + count; seed++) {
      const id = await scratch.freeId()
      driven = localKey({kind, id})
      const setting = {kind, id, around, hotplug: hotplugs[seed % hotplugs.length]}
      const report = await sequence(target!, new Dice(seed), setting, 3).catch((error: Error) => ({
        problems: [`broke off: ${error.message}`],
        steps: 0,
        plans: 0,
        refused: [],
        held: [],
      }))
      sums.sequences++
      sums.plans += report.plans
      sums.steps += report.steps
      sums.refused += report.refused.length
      sums.held += report.held.length
      if (report.problems.length > 0) {
        sums.failed++
        failed.push(`seed ${seed}: ${report.problems.join('\n  ')}`)
        say(failed.at(-1)!.slice(0, 3000))
      }
      await clear(kind, id)
    }
    say(JSON.stringify(sums))
    expect(failed).to.deep.equal([])
  }

  /** What a sequence left that did not come to its end. */
  async function clear(kind: GuestKind, id: number): Promise<void> {
    const listed = await scratch.list(types[kind])
    if (!listed.some(({vmid}) => Number(vmid) === id)) return
    await scratch.put(types[kind], id, {protection: 0}).catch(() => undefined)
    await scratch.remove(types[kind], id)
  }

  it('VMs', () => all('vm', vms))

  it('containers', async function () {
    skipFor(this, around.template === '' && 'there is no template')
    await all('container', containers)
  })
})
