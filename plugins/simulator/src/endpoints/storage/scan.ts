import {failure} from '../../errors.js'
import {required, type Call, type Endpoints} from '../../calls/call.js'
import {disksOf, roomOn} from '../../storage/disks.js'
import {lacks, notExecuted, unreachable} from '../../storage/world.js'
import {nodeName} from '../../calls/node.js'

/** Values of a key in storages of one type: what there is to find, as far as the cluster uses it already. */
function used(call: Call, types: string[], key: string, where: Record<string, unknown> = {}): string[] {
  const found = Object.values(call.sim.state.storages)
    .filter(({type}) => types.includes(type))
    .filter(({config}) => Object.entries(where).every(([name, value]) => String(config[name]) === String(value)))
    .map(({config}) => String(config[key] ?? ''))
  return [...new Set(found)].filter((value) => value !== '').sort()
}

/** Volume groups and pools: those on the node's disks, and those that storages name, but in a world where nothing is. */
const local = (call: Call, found: string[], types: string[], key: string, where?: Record<string, unknown>): string[] =>
  [...new Set([...found, ...(call.sim.state.world.offline ? [] : used(call, types, key, where))])].sort()

function requireServer(call: Call, key: string, problem: (reason: string) => string): string {
  const server = required(call, key)
  const reason = unreachable(call.sim.state, server.replace(/:\d+$/, ''))
  if (reason !== undefined) throw failure(problem(reason))
  return server
}

/** Where a name cannot be resolved PVE says so before it runs a program. */
const unresolved = (server: string, failed: string): ((reason: string) => string) => {
  return (reason) => (/resolution/.test(reason) ? `unable to resolve address for server '${server}'` : failed)
}

function nfs(call: Call): unknown {
  const given = required(call, 'server')
  const command = `/sbin/showmount --no-headers --exports ${given}`
  const server = requireServer(call, 'server', unresolved(given, `command '${command}' failed: exit code 1`))
  return used(call, ['nfs'], 'export', {server}).map((path) => ({path, options: '*'}))
}

function cifs(call: Call): unknown {
  const given = required(call, 'server')
  const refused = `do_connect: Connection to ${given} failed (Error NT_STATUS_NETWORK_UNREACHABLE)`
  const server = requireServer(call, 'server', unresolved(given, refused))
  return used(call, ['cifs'], 'share', {server}).map((share) => ({share, description: ''}))
}

function iscsi(call: Call): unknown {
  const given = required(call, 'portal')
  if (lacks(call.sim.state, 'open-iscsi')) throw failure('error: no iscsi support - please install open-iscsi')
  const portal = requireServer(call, 'portal', () => `unable to parse/resolve portal address '${given}'`)
  return used(call, ['iscsi', 'iscsidirect', 'zfs'], 'target', {portal}).map((target) => ({target, portal}))
}

function pbs(call: Call): unknown {
  const port = String(call.param.port ?? 8007)
  const given = required(call, 'server')
  const server = requireServer(
    call,
    'server',
    (reason) => `error fetching datastores - 500 Can't connect to ${given}:${port} (${reason})`,
  )
  return used(call, ['pbs'], 'datastore', {server}).map((store) => ({store}))
}

/** Room of a pool or dataset: that of its storages, else of its disks. */
function zfsRoom(call: Call, name: string): {size: number; free: number} {
  const {state} = call.sim
  const storage = Object.values(state.storages).find((one) => one.type === 'zfspool' && one.config.pool === name)
  const size = storage?.total ?? roomOn(state, nodeName(call), {type: 'zfspool', config: {pool: name}}) ?? 0
  return {size, free: size - (storage?.used ?? 0)}
}

function zfs(call: Call): unknown {
  if (lacks(call.sim.state, 'zpool')) throw failure(notExecuted('zfs list -t filesystem -Hp -o name,avail,used'))
  const disks = disksOf(call.sim.state, nodeName(call))
  return local(call, Object.keys(disks.zpools), ['zfspool'], 'pool').map((pool) => ({pool, ...zfsRoom(call, pool)}))
}

export const scanEndpoints: Endpoints = {
  'GET /nodes/{node}/scan/nfs': nfs,
  'GET /nodes/{node}/scan/cifs': cifs,
  'GET /nodes/{node}/scan/glusterfs': (call) =>
    used(call, ['glusterfs'], 'volume', {server: required(call, 'server')}).map((volname) => ({volname})),
  'GET /nodes/{node}/scan/iscsi': iscsi,
  'GET /nodes/{node}/scan/pbs': pbs,
  'GET /nodes/{node}/scan/lvm': (call) =>
    local(call, Object.keys(disksOf(call.sim.state, nodeName(call)).groups), ['lvm', 'lvmthin'], 'vgname').map(
      (vg) => ({
        vg,
      }),
    ),
  'GET /nodes/{node}/scan/lvmthin': (call) => {
    const vgname = required(call, 'vg')
    const pools = disksOf(call.sim.state, nodeName(call)).groups[vgname]?.thin ?? {}
    return local(call, Object.keys(pools), ['lvmthin'], 'thinpool', {vgname}).map((lv) => ({lv}))
  },
  'GET /nodes/{node}/scan/zfs': zfs,
}
