import {equalValues, isMap, type Value} from '../../resources/index.js'
import {every, nothing, some, type Demand} from './demands.js'
import {elementsOfSet} from './lists.js'
import {readVolume, spaceOn, volumeDemand} from './volumes.js'
import {partOf, type GuestType, type World} from './world.js'

/** A key of a guest that a request changes. */
export interface KeyChange {
  readonly key: string
  readonly vmid: string
  /** The pool that a new guest goes to: rights on it are as good as those on the guest. */
  readonly pool?: string
  /** It is being made. */
  readonly isNew: boolean
  /** The value with which it runs; undefined: none. */
  readonly before: Value | undefined
  /** Undefined: the key is taken out. */
  readonly after: Value | undefined
  /** Of a container. */
  readonly unprivileged?: boolean
  readonly world: World
}

/** What the change of some keys asks for; of a key's rows the first counts. */
interface KeyRule {
  readonly keys: RegExp
  /** All of these on the guest, or on its pool. */
  readonly guest?: readonly string[]
  /** One of these on the guest, or on its pool. */
  readonly oneOf?: readonly string[]
  /** What is asked for beside. */
  readonly also?: (change: KeyChange) => Demand
}

/** What a change of a guest's key asks for. */
export function keyDemand(type: GuestType, change: KeyChange): Demand {
  const rule = rules[type].find(({keys}) => keys.test(change.key))
  if (!rule) return {root: `only root@pam itself may set ${change.key}`}
  const {guest = [], oneOf, also} = rule
  return {
    all: [
      guest.length > 0 ? onGuest(change, (path) => every(path, ...guest)) : nothing,
      oneOf ? onGuest(change, (path) => some(path, ...oneOf)) : nothing,
      also?.(change) ?? nothing,
    ],
  }
}

/** On the guest, or on the pool that it is made in (pve-access-control, PVE/RPCEnvironment.pm (check_vm_perm)). */
function onGuest({vmid, pool}: KeyChange, on: (path: string) => Demand): Demand {
  const demand = on(`/vms/${vmid}`)
  return pool === undefined ? demand : {any: [demand, on(`/pool/${pool}`)]}
}

const asks = (change: KeyChange, ...privileges: string[]): Demand =>
  onGuest(change, (path) => every(path, ...privileges))
const rootOnly = (why: string): Demand => ({root: why})

/** Of what was there and of what is to be. */
const both =
  (one: (value: Value, change: KeyChange) => Demand) =>
  (change: KeyChange): Demand => ({
    all: [change.before, change.after].flatMap((value) => (value === undefined ? [] : [one(value, change)])),
  })

/** The bridge or virtual network of a NIC, with its VLANs (pve-guest-common, PVE/GuestHelpers.pm (check_vnet_access)). */
export function bridgeDemand(value: Value, {world}: Pick<KeyChange, 'world'>): Demand {
  const bridge = partOf(value, 'bridge')
  if (bridge === undefined) return nothing
  const zone = world.find('vnet', bridge)?.config.zone ?? 'localnetwork'
  const path = `/sdn/zones/${String(zone)}/${bridge}`
  const trunks = isMap(value) ? value.trunks : undefined
  const tags = [partOf(value, 'tag'), ...elementsOfSet(trunks).flatMap(tagsOf)].filter((tag) => tag !== undefined)
  const places = tags.length === 0 ? [path] : tags.map((tag) => `${path}/${tag}`)
  return {all: places.map((place) => every(place, 'SDN.Use'))}
}

/** `5-7` is three tags. */
function tagsOf(text: string): string[] {
  const [from = 0, to = from] = text.split('-').map(Number)
  return to > from ? Array.from({length: to - from + 1}, (_, index) => String(from + index)) : [String(from)]
}

/** What sort of drive a value is asks for another privilege. */
function driveDemand(value: Value, change: KeyChange): Demand {
  const file = partOf(value, 'file', 'file') ?? ''
  if (readVolume(file).sort === 'cloudinit' || /vm-\d+-cloudinit/.test(file))
    return asks(change, 'VM.Config.Cloudinit', 'VM.Config.CDROM')
  return asks(change, partOf(value, 'media') === 'cdrom' ? 'VM.Config.CDROM' : 'VM.Config.Disk')
}

/** What a drive is made of (qemu-server, PVE/API2/Qemu.pm (check_storage_access)). */
function driveSource(value: Value, {vmid}: KeyChange): Demand {
  const word = readVolume(partOf(value, 'file', 'file') ?? 'none')
  const image = partOf(value, 'import-from')
  const source: Demand =
    word.sort === 'host'
      ? every('/', 'Sys.Console')
      : word.sort === 'new'
        ? spaceOn(word.storage)
        : word.sort === 'volume' || word.sort === 'path'
          ? volumeDemand(word, vmid)
          : nothing
  return image === undefined ? source : {all: [source, imageDemand(image, vmid)]}
}

function imageDemand(image: string, vmid: string): Demand {
  const word = readVolume(image)
  if (word.sort !== 'volume') return volumeDemand({sort: 'path', path: image}, vmid)
  if (word.content === 'images' && word.owner !== undefined) return every(`/vms/${word.owner}`, 'VM.Clone')
  const isPacked = /\.ova\//.test(word.name)
  return {all: [volumeDemand(word, vmid), isPacked ? spaceOn(word.storage) : nothing]}
}

/** A drive that is new is only looked at for what it is made of. */
const drive = (change: KeyChange): Demand => ({
  all: [
    change.isNew ? nothing : both(driveDemand)(change),
    change.after === undefined ? nothing : driveSource(change.after, change),
  ],
})

function usb(value: Value, {key}: KeyChange): Demand {
  const [host, mapping] = [partOf(value, 'host', 'host'), partOf(value, 'mapping')]
  if (mapping !== undefined) return every(`/mapping/usb/${mapping}`, 'Mapping.Use')
  return host?.toLowerCase() === 'spice'
    ? nothing
    : rootOnly(`only root@pam itself may set ${key} to a device of a host`)
}

function hostpci(value: Value, {key}: KeyChange): Demand {
  const mapping = partOf(value, 'mapping')
  if (mapping === undefined) return rootOnly(`only root@pam itself may set ${key} to a device that is not mapped`)
  const romfile: Demand =
    partOf(value, 'romfile') === undefined ? nothing : rootOnly(`only root@pam itself may set romfile of ${key}`)
  return {all: [every(`/mapping/pci/${mapping}`, 'Mapping.Use'), romfile]}
}

const serial = (value: Value, {key}: KeyChange): Demand =>
  value === 'socket' ? nothing : rootOnly(`only root@pam itself may set ${key} to a device of a host`)

const random = (value: Value): Demand =>
  partOf(value, 'source', 'source') === '/dev/hwrng' ? every('/mapping/hwrng', 'Mapping.Use') : nothing

const directory = (value: Value): Demand =>
  every(`/mapping/dir/${partOf(value, 'dirid', 'dirid') ?? ''}`, 'Mapping.Use')

/** A model of the cluster's own, where it becomes another one. */
function cpuModel({before, after}: KeyChange): Demand {
  const model = partOf(after, 'cputype', 'cputype')
  if (model === undefined || !model.startsWith('custom-')) return nothing
  if (model === partOf(before, 'cputype', 'cputype')) return nothing
  return every(`/mapping/cpu/${model.slice('custom-'.length)}`, 'Mapping.Use')
}

/** An unused volume is freed. */
const freed = ({before}: KeyChange): Demand => {
  const word = readVolume(partOf(before, 'file', 'file') ?? partOf(before, 'volume', 'volume') ?? 'none')
  return word.sort === 'volume' ? spaceOn(word.storage) : nothing
}

/** Tags that are registered, or that users may not set freely (pve-guest-common, PVE/GuestHelpers.pm (assert_tag_permissions)). */
function tagDemand({before, after, world}: KeyChange): Demand {
  const [old, wanted] = [elementsOfSet(before), elementsOfSet(after)]
  const changed = [...old.filter((tag) => !wanted.includes(tag)), ...wanted.filter((tag) => !old.includes(tag))]
  const options = world.find('options', 'options')?.config ?? {}
  const access = isMap(options['user-tag-access']) ? options['user-tag-access'] : {}
  const mode = String(access['user-allow'] ?? 'free')
  const used = mode === 'existing' ? world.guests().flatMap(({config}) => elementsOfSet(config.tags)) : []
  const allowed = mode === 'none' ? [] : [...elementsOfSet(access['user-allow-list']), ...used]
  const registered = elementsOfSet(options['registered-tags'])
  const isFree = (tag: string): boolean => !registered.includes(tag) && (mode === 'free' || allowed.includes(tag))
  return changed.every(isFree) ? nothing : every('/', 'Sys.Modify')
}

/** The volume of a mount point. */
function mountPoint(change: KeyChange): Demand {
  if (change.after === undefined) return nothing
  const word = readVolume(partOf(change.after, 'volume', 'volume') ?? '')
  if (word.sort === 'new') return spaceOn(word.storage)
  if (word.sort === 'volume')
    return {all: [volumeDemand(word, change.vmid), change.isNew ? spaceOn(word.storage) : nothing]}
  return rootOnly(`only root@pam itself may set ${change.key} to what is no volume of a storage`)
}

/** Of the flags of an unprivileged container only nesting is anybody's. */
function features(change: KeyChange): Demand {
  if (change.unprivileged !== true) return rootOnly('only root@pam itself may set features of a privileged container')
  const flagsOf = (value: Value | undefined) => (isMap(value) ? value : {})
  const [old, wanted] = [flagsOf(change.before), flagsOf(change.after)]
  const changed = Object.keys({...old, ...wanted}).filter((flag) => !equalValues(old[flag], wanted[flag]))
  if (changed.some((flag) => flag !== 'nesting'))
    return rootOnly('only root@pam itself may set features of a container other than nesting')
  return changed.length > 0 ? asks(change, 'VM.Allocate') : nothing
}

const statestorage = ({after}: KeyChange): Demand => (after === undefined ? nothing : spaceOn(String(after)))
const startup = (): Demand => every('/', 'Sys.Modify')

/** qemu-server, PVE/API2/Qemu.pm (check_vm_modify_config_perm and update_vm_api); what has no row is for root@pam itself. */
const qemu: readonly KeyRule[] = [
  {keys: /^cpu$/, guest: ['VM.Config.CPU'], also: cpuModel},
  {keys: /^(?:cores|sockets|smp|cpulimit|cpuunits|numa\d*|vcpus)$/, guest: ['VM.Config.CPU']},
  {keys: /^(?:memory|balloon|shares|allow-ksm)$/, guest: ['VM.Config.Memory']},
  {keys: /^net\d+$/, guest: ['VM.Config.Network'], also: both(bridgeDemand)},
  {
    keys: /^(?:cicustom|cipassword|citype|ciupgrade|ciuser|ipconfig\d+|nameserver|searchdomain|sshkeys)$/,
    oneOf: ['VM.Config.Cloudinit', 'VM.Config.Network'],
  },
  {keys: /^(?:(?:ide|sata|scsi|virtio)\d+|efidisk0|tpmstate0)$/, also: drive},
  {keys: /^(?:boot|bootdisk)$/, guest: ['VM.Config.Disk']},
  {keys: /^vmstatestorage$/, guest: ['VM.Config.Disk'], also: statestorage},
  {keys: /^unused\d+$/, guest: ['VM.Config.Disk'], also: freed},
  {keys: /^vmstate$/, guest: ['VM.Config.Disk', 'VM.PowerMgmt']},
  {keys: /^virtiofs\d+$/, guest: ['VM.Config.Disk'], also: both(directory)},
  {keys: /^rng0$/, guest: ['VM.Config.HWType'], also: both(random)},
  {keys: /^serial\d+$/, guest: ['VM.Config.HWType'], also: both(serial)},
  {keys: /^usb\d+$/, guest: ['VM.Config.HWType'], also: both(usb)},
  {keys: /^hostpci\d+$/, guest: ['VM.Config.HWType'], also: both(hostpci)},
  {
    keys: /^(?:acpi|audio0|hotplug|kvm|machine|scsihw|smbios1|tablet|vga|watchdog)$/,
    guest: ['VM.Config.HWType'],
  },
  {keys: /^freeze$/, guest: ['VM.PowerMgmt']},
  {keys: /^startup$/, guest: ['VM.Config.Options'], also: startup},
  {keys: /^tags$/, guest: ['VM.Config.Options'], also: tagDemand},
  {
    keys: /^(?:agent|autostart|bios|description|keyboard|localtime|migrate_downtime|migrate_speed|name|onboot|ostype|protection|reboot|startdate|tdf|template)$/,
    guest: ['VM.Config.Options'],
  },
]

/** pve-container, PVE/LXC.pm (check_ct_modify_config_perm). */
const lxc: readonly KeyRule[] = [
  {keys: /^(?:cores|cpuunits|cpulimit)$/, guest: ['VM.Config.CPU']},
  {keys: /^(?:rootfs|mp\d+)$/, guest: ['VM.Config.Disk'], also: mountPoint},
  {keys: /^(?:memory|swap)$/, guest: ['VM.Config.Memory']},
  {keys: /^net\d+$/, guest: ['VM.Config.Network'], also: both(bridgeDemand)},
  {keys: /^dev\d+$/, also: () => rootOnly('only root@pam itself may pass devices of a host through')},
  {keys: /^(?:nameserver|searchdomain|hostname)$/, guest: ['VM.Config.Network']},
  {keys: /^features$/, also: features},
  {keys: /^hookscript$/, also: () => rootOnly('only root@pam itself may set hookscript')},
  {keys: /^tags$/, guest: ['VM.Config.Options'], also: tagDemand},
  {keys: /./, guest: ['VM.Config.Options']},
]

const rules: Readonly<Record<GuestType, readonly KeyRule[]>> = {qemu, lxc}
