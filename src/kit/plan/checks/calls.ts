import type {Config, Scalar} from '../../resources/index.js'
import {contractDemand, modifyDemand, type Given} from './contract.js'
import {every, nothing, type Demand} from './demands.js'
import {bridgeDemand, keyDemand} from './guest-keys.js'
import {elementsOfSet} from './lists.js'
import {readVolume, spaceOn, volumeDemand} from './volumes.js'
import {kindOfGuest, partOf, readParameter, runningValue, textsOf, type GuestType, type World} from './world.js'
import type {Contract, Rights} from '../../values/index.js'
import type {Request} from '../model.js'

/** What the contract of a node's version says of calls. */
export interface Calls {
  readonly contract: Contract
  readonly rights: Rights
}

/** A request taken apart. */
interface Sent {
  /** As the contract names it. */
  readonly call: string
  /** Path variables and parameters. */
  readonly given: Given
  readonly world: World
}

/** What a request is for the contract, with its variables and parameters; undefined for a call that this version does not have. */
export function readRequest(request: Request, {contract}: Calls): Pick<Sent, 'call' | 'given'> | undefined {
  const call = contract.find(request.method, request.path)
  return call === undefined ? undefined : {call, given: {...textsOf(request), ...variablesOf(call, request)}}
}

/** What a request asks for: the check that the contract has for the call, and what PVE's code behind it looks at that no contract tells. */
export function demandOf(sent: Sent, {rights}: Calls): Demand {
  const {call, given, world} = sent
  const behind = beyond.filter(({calls, until, since}) => calls.test(call) && isOf(world.version, since, until))
  return {all: [contractDemand(rights.of(call) ?? 'anyone', given, world), ...behind.map(({demand}) => demand(sent))]}
}

const isOf = (version: string, since = 0, until = Infinity): boolean => {
  const major = Number.parseInt(version, 10)
  return major >= since && major < until
}

/** `{node}` and `{vmid}` of a path. */
function variablesOf(call: string, {method, path}: Pick<Request, 'method' | 'path'>): Record<string, string> {
  const names = call.slice(method.length + 1).split('/')
  const parts = path.split('/')
  return Object.fromEntries(
    names.flatMap((name, at) => {
      const variable = /^\{(.+)\}$/.exec(name)?.[1]
      if (variable === undefined) return []
      const isLast = at === names.length - 1
      return [[variable, decodeURIComponent((isLast ? parts.slice(at) : [parts[at]!]).join('/'))]]
    }),
  )
}

/** Parameters of calls about guests that are no keys of a configuration. */
const ofTheCall = new Set([
  ...[
    'node',
    'vmid',
    'digest',
    'delete',
    'revert',
    'force',
    'skiplock',
    'background_delay',
    'pool',
    'storage',
    'archive',
  ],
  ...[
    'start',
    'unique',
    'bwlimit',
    'live-restore',
    'import-working-storage',
    'ostemplate',
    'password',
    'ssh-public-keys',
  ],
  ...['restore', 'ignore-unpack-errors', 'ha-managed', 'unprivileged'],
])

const typeIn = (call: string): GuestType => (call.includes('/lxc') ? 'lxc' : 'qemu')

/** The keys that a request sets, with their values. */
const settings = ({given}: Sent): [string, Scalar][] =>
  Object.entries(given).flatMap(([name, value]): [string, Scalar][] =>
    ofTheCall.has(name) ? [] : [[slotOf(name), value]],
  )

/** PVE still takes an old name of this drive. */
const slotOf = (name: string): string => (name === 'cdrom' ? 'ide2' : name)

/** A change of a guest's configuration. */
function configDemand(sent: Sent): Demand {
  const {call, given, world} = sent
  const {vmid = ''} = given
  const type = typeIn(call)
  const guest = world.guest(vmid)
  const before = (key: string) => (guest ? runningValue(guest, key) : undefined)
  const common = {vmid, world, isNew: false, unprivileged: Number(guest?.config.unprivileged ?? 0) === 1}
  const set = settings(sent).map(([key, value]) =>
    keyDemand(type, {...common, key, before: before(key), after: readParameter(kindOfGuest(type), key, value)}),
  )
  const removed = elementsOfSet(given.delete)
    .map(slotOf)
    .map((key) => keyDemand(type, {...common, key, before: before(key), after: undefined}))
  return {all: [...set, ...removed]}
}

/** A guest that is made (qemu-server, PVE/API2/Qemu.pm (create_vm); pve-container, PVE/API2/LXC.pm (create_vm)). */
function creationDemand(sent: Sent): Demand {
  const {call, given, world} = sent
  const {vmid = '', pool, storage} = given
  const type = typeIn(call)
  const on = (privilege: string): Demand =>
    pool === undefined
      ? every(`/vms/${vmid}`, privilege)
      : {any: [every(`/vms/${vmid}`, privilege), every(`/pool/${pool}`, privilege)]}
  const unprivileged = (given.unprivileged ?? '1') === '1'
  const keys = settings(sent).map(([key, value]) =>
    keyDemand(type, {
      key,
      vmid,
      world,
      isNew: true,
      unprivileged,
      ...(pool === undefined ? {} : {pool}),
      before: undefined,
      after: readParameter(kindOfGuest(type), key, value),
    }),
  )
  const source = given.archive ?? given.ostemplate
  return {
    all: [
      on('VM.Allocate'),
      ...keys,
      source === undefined ? nothing : sourceDemand(source, vmid),
      given['ha-managed'] === '1' ? every('/', 'Sys.Console') : nothing,
      type === 'qemu' ? machineDemand(sent, on) : containerDemand(given, storage ?? 'local', unprivileged),
    ],
  }
}

function sourceDemand(text: string, vmid: string): Demand {
  const word = readVolume(text)
  return volumeDemand(word.sort === 'volume' ? word : {sort: 'path', path: text}, vmid)
}

function machineDemand({given, world}: Sent, on: (privilege: string) => Demand): Demand {
  const isStarted = given.start === '1' && isOf(world.version, 9)
  return {
    all: [given.storage === undefined ? nothing : spaceOn(given.storage), isStarted ? on('VM.PowerMgmt') : nothing],
  }
}

const containerDemand = (given: Given, storage: string, unprivileged: boolean): Demand => ({
  all: [
    given.rootfs === undefined ? spaceOn(storage) : nothing,
    unprivileged || given.restore === '1' ? nothing : every('/', 'Sys.Modify'),
  ],
})

/** The volumes of a guest by key, as it runs. */
function volumesOf(config: Config): [string, string][] {
  return Object.entries(config).flatMap(([key, value]): [string, string][] => {
    if (!/^(?:(?:ide|sata|scsi|virtio|mp)\d+|efidisk0|tpmstate0|rootfs)$/.test(key)) return []
    const word = readVolume(partOf(value, 'file', 'file') ?? partOf(value, 'volume', 'volume') ?? 'none')
    return word.sort === 'volume' && partOf(value, 'media') !== 'cdrom' ? [[key, word.storage]] : []
  })
}

/** A copy: of its volumes, its NICs, and the devices that are mapped for it. */
function cloneDemand({given, world}: Sent): Demand {
  const config = world.guest(given.vmid ?? '')?.config ?? {}
  const storages = new Set(volumesOf(config).map(([, storage]) => given.storage ?? storage))
  const nics = Object.entries(config).filter(([key]) => /^net\d+$/.test(key))
  const devices = Object.entries(config).filter(([key]) => /^(?:usb|hostpci|virtiofs)\d+$|^(?:rng0|cpu)$/.test(key))
  const vmid = given.newid ?? ''
  const state = config.vmstatestorage
  return {
    all: [
      ...[...storages, ...(state === undefined ? [] : [String(state)])].map(spaceOn),
      ...nics.map(([, value]) => bridgeDemand(value, {world})),
      ...devices.map(([key, value]) => mappedDemand(key, value, vmid, world)),
    ],
  }
}

/** Of a device that is copied only the mapping is looked at (qemu-server, PVE/QemuServer.pm (check_mapping_access)). */
function mappedDemand(key: string, value: Config[string], vmid: string, world: World): Demand {
  const whole = keyDemand('qemu', {key, vmid, world, isNew: true, before: undefined, after: value})
  return withoutRightsOn(`/vms/${vmid}`, whole)
}

function withoutRightsOn(path: string, demand: Demand): Demand {
  if ('root' in demand) return demand
  if ('path' in demand) return demand.path === path ? nothing : demand
  if ('any' in demand) return {any: demand.any.map((one) => withoutRightsOn(path, one))}
  return {all: demand.all.map((one) => withoutRightsOn(path, one))}
}

/** Of the disk that grows. A container's call looks at its parameters as if they were keys (pve-container, PVE/API2/LXC.pm (resize_vm)). */
function growthDemand({call, given, world}: Sent): Demand {
  const {vmid = '', disk = ''} = given
  const guest = world.guest(vmid)
  const [, storage] = volumesOf(guest?.config ?? {}).find(([key]) => key === disk) ?? []
  return {
    all: [
      storage === undefined ? nothing : spaceOn(storage),
      typeIn(call) === 'lxc' ? every(`/vms/${vmid}`, 'VM.Config.Options') : nothing,
    ],
  }
}

const moveDemand = ({given: {storage, ...given}}: Sent): Demand => ({
  all: [
    storage === undefined ? nothing : spaceOn(storage),
    given['target-vmid'] === undefined ? nothing : every(`/vms/${given['target-vmid']}`, 'VM.Config.Disk'),
  ],
})

/** `targetstorage`: 1 for the same names, a storage for all, `FROM:TO` for one. */
function migrationDemand({given: {vmid = '', targetstorage, 'target-storage': other}}: Sent): Demand {
  const entries = elementsOfSet(targetstorage ?? other)
  const targets = entries.filter((entry) => entry !== '1').map((entry) => entry.split(':').at(-1)!)
  return {
    all: [
      entries.length === 0 || entries.includes('1') ? nothing : every(`/vms/${vmid}`, 'VM.Config.Disk'),
      ...targets.map(spaceOn),
    ],
  }
}

/** Members that come or go (pve-manager, PVE/API2/Pool.pm). */
function poolDemand({given, world}: Sent): Demand {
  const guests = elementsOfSet(given.vms)
  const from = guests.map((vmid) => world.guest(vmid)?.facts.pool).filter((pool) => pool !== undefined)
  const isMoved = given['allow-move'] === '1' && given.delete !== '1'
  return {
    all: [
      ...guests.map((vmid) => modifyDemand(`/vms/${vmid}`)),
      ...elementsOfSet(given.storage).map((storage) => modifyDemand(`/storage/${storage}`)),
      ...(isMoved ? from.map((pool) => every(`/pool/${pool}`, 'Pool.Allocate')) : []),
    ],
  }
}

/** The guest of a replication job, by the job's id. */
const replicationDemand = ({given: {id = ''}}: Sent): Demand => every(`/vms/${id.split('-')[0]}`, 'VM.Replicate')

/** A virtual network, or what is in it: on its zone, and on that which it is to be in. */
function vnetDemand({given: {vnet = '', zone}, world}: Sent): Demand {
  const present = world.find('vnet', vnet)?.config.zone
  const zones = [present, zone].filter((one) => one !== undefined)
  return {all: [...new Set(zones.map(String))].map((one) => every(`/sdn/zones/${one}/${vnet}`, 'SDN.Allocate'))}
}

const rootOnlyOfBackups = ['tmpdir', 'dumpdir', 'script', 'job-id']

/** pve-manager, PVE/API2/Backup.pm (assert_param_permission_common, _create, _update). */
function backupDemand({call, given, world}: Sent): Demand {
  const removed = elementsOfSet(given.delete)
  const touched = (names: string[]): string[] =>
    names.filter((name) => given[name] !== undefined || removed.includes(name))
  const root = touched(rootOnlyOfBackups).map((key): Demand => ({root: `only root@pam itself may set ${key}`}))
  const fleecing = /(?:^|,)storage=([^,]+)/.exec(given.fleecing ?? '')?.[1]
  const job = call.startsWith('PUT') ? world.find('backup', given.id ?? '')?.config : undefined
  const storages = [given.storage, job && (job.storage ?? 'local'), removed.includes('storage') ? 'local' : undefined]
  return {
    all: [
      ...root,
      job?.dumpdir === undefined ? nothing : {root: 'only root@pam itself may change a job with a dumpdir'},
      touched(['bwlimit', 'ionice', 'performance']).length > 0 ? every('/', 'Sys.Modify') : nothing,
      fleecing === undefined ? nothing : spaceOn(fleecing),
      given.pool === undefined ? nothing : every(`/pool/${given.pool}`, 'VM.Backup'),
      ...storages.flatMap((storage) =>
        storage === undefined ? [] : [every(`/storage/${String(storage)}`, 'Datastore.Allocate')],
      ),
    ],
  }
}

/** A backup that is made at once (pve-manager, PVE/API2/VZDump.pm). */
function dumpDemand({given: {vmid, storage}}: Sent): Demand {
  const backups = elementsOfSet(vmid).map((id) => every(`/vms/${id}`, 'VM.Backup'))
  return {all: [...backups, storage === undefined ? nothing : spaceOn(storage)]}
}

/** Who may not hand out rights freely may hand out those that he has (pve-access-control, PVE/API2/ACL.pm). */
function aclDemand({given: {path = '/', roles}, world}: Sent): Demand {
  const privileges = elementsOfSet(roles).flatMap((role) => elementsOfSet(world.find('role', role)?.config.privs))
  const isNone = elementsOfSet(roles).includes('NoAccess')
  const own: Demand = every(path, ...privileges)
  const modify: Demand = {path, privilege: 'Permissions.Modify'}
  return isNone || privileges.length === 0 ? modify : {any: [modify, own]}
}

interface Beyond {
  readonly calls: RegExp
  /** Major versions. */
  readonly since?: number
  readonly until?: number
  readonly demand: (sent: Sent) => Demand
}

/** What PVE's code looks at beyond the check of the contract, by call. */
const beyond: readonly Beyond[] = [
  {calls: /^POST \/nodes\/\{node\}\/(?:qemu|lxc)$/, demand: creationDemand},
  {calls: /^(?:PUT|POST) \/nodes\/\{node\}\/(?:qemu|lxc)\/\{vmid\}\/config$/, demand: configDemand},
  {calls: /^POST \/nodes\/\{node\}\/(?:qemu|lxc)\/\{vmid\}\/clone$/, demand: cloneDemand},
  {calls: /^PUT \/nodes\/\{node\}\/(?:qemu|lxc)\/\{vmid\}\/resize$/, demand: growthDemand},
  {calls: /^POST \/nodes\/\{node\}\/(?:qemu|lxc)\/\{vmid\}\/move_(?:disk|volume)$/, demand: moveDemand},
  {calls: /^POST \/nodes\/\{node\}\/(?:qemu|lxc)\/\{vmid\}\/migrate$/, demand: migrationDemand},
  {calls: /^PUT \/pools/, demand: poolDemand},
  {calls: /^\w+ \/cluster\/replication/, since: 9, demand: replicationDemand},
  {calls: /^(?:PUT|DELETE) \/cluster\/sdn\/vnets\/\{vnet\}$/, demand: vnetDemand},
  {calls: /^\w+ \/cluster\/sdn\/vnets\/\{vnet\}\/(?:subnets|firewall)/, demand: vnetDemand},
  {calls: /^(?:POST|PUT) \/cluster\/backup/, demand: backupDemand},
  {calls: /^POST \/nodes\/\{node\}\/vzdump$/, demand: dumpDemand},
  {calls: /^PUT \/access\/acl$/, demand: aclDemand},
]
