// Random guests, and random wishes for them: what people write into manifests.
import type {Document} from '../../../src/kit/reconcile/fields.js'
import {fieldsOf, getField} from '../../../src/kit/reconcile/fields.js'
import {boundDocument} from '../../../src/kit/reconcile/documents.js'
import {observedDocument} from '../../../src/kit/reconcile/index.js'
import {formatField, isMap, type Config, type Observed, type Value} from '../../../src/kit/resources/index.js'
import type {Origin, Wanted, WishedField} from '../../../src/kit/plan/index.js'
import {MASK} from '../../../src/kit/secrets/index.js'
import {decode, fromManifest} from '../../../src/kit/values/index.js'
import type {Dice} from './random.js'

/** What there is beside the guests. */
export interface Surroundings {
  nodes: readonly string[]
  /** Storages that take disks, each with whether all nodes have it. */
  storages: readonly {name: string; shared: boolean}[]
  pools: readonly string[]
  bridges: readonly string[]
  /** ISO images. */
  media: readonly string[]
  template: string
  /** Guests that others are made of: first one to copy, then a template. */
  sources?: Readonly<Record<GuestKind, readonly [number, number]>>
  /** Images that disks are made of. */
  images: readonly string[]
  hookscript?: string
  /** Takes out of a configuration what nothing here could start, or plug into what runs. */
  settle?: (kind: GuestKind, config: Config, is?: Observed) => void
}

export type GuestKind = 'vm' | 'container'

/** What `hotplug` says: nothing, `0`, or all of it. */
export const hotplugs = [undefined, '0', 'network,disk,usb,cpu,memory'] as const

export interface Setting {
  kind: GuestKind
  id: number
  around: Surroundings
  hotplug: (typeof hotplugs)[number]
}

type Text = string | number

/** Values of keys of which any goes with any other. */
const plain: Record<GuestKind, Readonly<Record<string, readonly Text[]>>> = {
  vm: {
    description: ['a machine', 'two\nlines'],
    name: ['www', 'db', 'mail'],
    cores: [1, 2, 4],
    sockets: [1, 2],
    memory: [512, 1024, 2048],
    balloon: [0, 256, 512],
    shares: [0, 500, 2000],
    cpu: ['host', 'kvm64', 'x86-64-v2-AES,flags=+aes'],
    cpulimit: [0, 1.5, 2],
    cpuunits: [50, 100, 2048],
    onboot: [0, 1],
    tags: ['web', 'db;web', 'a;b;c'],
    startup: ['order=1', 'order=2,up=30'],
    ostype: ['l26', 'other', 'win10', 'win11'],
    scsihw: ['virtio-scsi-pci', 'virtio-scsi-single', 'lsi'],
    agent: ['0', '1', '1,fstrim_cloned_disks=1', 'enabled=1,type=isa'],
    tablet: [0, 1],
    vga: ['std', 'qxl', 'serial0', 'virtio,memory=64'],
    serial0: ['socket'],
    rng0: ['source=/dev/urandom', 'source=/dev/urandom,max_bytes=1024,period=1000'],
    acpi: [0, 1],
    kvm: [0, 1],
    numa: [0, 1],
    localtime: [0, 1],
    reboot: [0, 1],
    keyboard: ['de', 'en-us'],
    bios: ['seabios', 'ovmf'],
    machine: ['q35', 'pc'],
    audio0: ['device=ich9-intel-hda', 'device=AC97,driver=none'],
    watchdog: ['model=i6300esb', 'model=i6300esb,action=reset'],
    usb0: ['spice', 'spice,usb3=1'],
    ciuser: ['admin', 'root'],
    citype: ['nocloud', 'configdrive2'],
    ipconfig0: ['ip=dhcp', 'ip=192.0.2.50/24,gw=192.0.2.1', 'ip=dhcp,ip6=auto'],
    nameserver: ['192.0.2.1', '192.0.2.1 192.0.2.2'],
    searchdomain: ['example.com'],
    protection: [0, 1],
    migrate_downtime: [0.2, 0.5],
    vmstatestorage: ['local', 'data'],
    args: ['-no-reboot'],
    smbios1: ['manufacturer=QWNtZQ==,base64=1'],
  },
  container: {
    description: ['a container', 'two\nlines'],
    hostname: ['www', 'db', 'mail'],
    cores: [1, 2, 4],
    cpulimit: [0, 1.5, 2],
    cpuunits: [50, 100, 2048],
    memory: [256, 512, 1024],
    swap: [0, 256, 512],
    onboot: [0, 1],
    tags: ['web', 'db;web', 'a;b;c'],
    startup: ['order=1', 'order=2,up=30'],
    nameserver: ['192.0.2.1', '192.0.2.1 192.0.2.2'],
    searchdomain: ['example.com'],
    features: ['nesting=1', 'nesting=1,keyctl=1'],
    console: [0, 1],
    tty: [0, 2, 4],
    cmode: ['shell', 'tty', 'console'],
    protection: [0, 1],
    timezone: ['host', 'Europe/Berlin'],
    debug: [0, 1],
  },
}

const nicOptions: Record<GuestKind, Readonly<Record<string, readonly Text[]>>> = {
  vm: {tag: [10, 20], firewall: [0, 1], rate: [5, 10], link_down: [0, 1], mtu: [1400], queues: [2, 4]},
  container: {
    tag: [10, 20],
    firewall: [0, 1],
    rate: [5, 10],
    link_down: [0, 1],
    mtu: [1400],
    ip: ['dhcp', '192.0.2.60/24'],
    ip6: ['auto', 'dhcp'],
  },
}

const diskOptions: Record<GuestKind, Readonly<Record<string, readonly Text[]>>> = {
  vm: {
    cache: ['none', 'writeback'],
    discard: ['on', 'ignore'],
    iothread: [0, 1],
    ssd: [0, 1],
    backup: [0, 1],
    replicate: [0, 1],
    mbps_rd: [10, 20],
    iops: [100, 200],
    serial: ['abc', 'def'],
    aio: ['native', 'threads'],
    detect_zeroes: [0, 1],
  },
  container: {backup: [0, 1], ro: [0, 1], acl: [0, 1], replicate: [0, 1], mountoptions: ['noatime', 'discard;noatime']},
}

/** Options that a bus does not take. */
const notOn: Readonly<Record<string, RegExp>> = {
  iothread: /^(?:ide|sata)/,
  ssd: /^virtio/,
  ro: /^(?:ide|sata)/,
  backup: /^rootfs/,
}

const slots: Record<GuestKind, readonly string[]> = {
  vm: ['scsi0', 'scsi1', 'scsi2', 'virtio0', 'virtio1', 'ide0', 'ide2', 'sata0', 'sata1'],
  container: ['mp0', 'mp1', 'mp2', 'mp5'],
}

const volumeKey = {vm: 'file', container: 'volume'} as const

/** A new guest, as a manifest declares it. */
export function newGuest(dice: Dice, setting: Setting): Wanted {
  const {kind, id, around} = setting
  const config: Config = {}
  for (const key of dice.some(Object.keys(plain[kind]), 4 + dice.below(8)))
    if (key !== 'protection') config[key] = valueOf(kind, key, dice.pick(plain[kind][key]!))
  config.net0 = nic(dice, setting, 'net0')
  if (kind === 'vm') {
    if (setting.hotplug !== undefined) config.hotplug = valueOf(kind, 'hotplug', setting.hotplug)
    config.scsi0 = newDisk(dice, setting, 'scsi0')
    if (dice.chance(0.5)) config.ide2 = medium(dice, setting)
    if (dice.chance(0.3)) config.efidisk0 = valueOf(kind, 'efidisk0', `${dice.pick(around.storages).name}:1,efitype=4m`)
    if (dice.chance(0.2))
      config.tpmstate0 = valueOf(kind, 'tpmstate0', `${dice.pick(around.storages).name}:1,version=v2.0`)
    if (dice.chance(0.2)) config.ide3 = valueOf(kind, 'ide3', `${dice.pick(around.storages).name}:cloudinit`)
  } else {
    config.rootfs = {volume: `${dice.pick(around.storages).name}:${1 + dice.below(3)}`}
    config.unprivileged = 1
  }
  for (const key of dice.some(slots[kind].slice(1), dice.below(3))) config[key] ??= newDisk(dice, setting, key)
  around.settle?.(kind, config)
  settle(kind, config)
  const power = dice.chance(0.6) ? 'running' : 'stopped'
  const beside: Document['beside'] = {power, ...(dice.chance(0.3) && {pool: dice.pick(around.pools)})}
  const from = originOf(dice, setting)
  // A linked clone is where its template's volumes are.
  const isLinked = from !== undefined && 'clone' in from && from.full === false
  if (from && 'clone' in from) asClone(dice, setting, config)
  return {
    ref: {cluster: 'home', kind, id},
    document: {kind, beside, config},
    fields: [],
    node: isLinked ? around.nodes[0]! : dice.pick(around.nodes),
    ...(from && {from}),
  }
}

function originOf(dice: Dice, {kind, around}: Setting): Origin | undefined {
  if (around.sources && dice.chance(0.25)) {
    const [plainOne, template] = around.sources[kind]
    if (dice.chance(0.4)) return {clone: template, full: false}
    return {
      clone: dice.pick([plainOne, template]),
      full: true,
      ...(dice.chance(0.5) && {storage: dice.pick(around.storages).name}),
    }
  }
  return kind === 'container' ? {ostemplate: around.template} : undefined
}

/** Of what a clone has by itself a manifest may say otherwise; its volumes only by size. */
function asClone(dice: Dice, {kind, around}: Setting, config: Config): void {
  for (const key of Object.keys(config))
    if (isDisk(config[key]) || /^(?:efidisk0|tpmstate0|ide\d)$/.test(key)) delete config[key]
  if (kind === 'container') delete config.unprivileged
  const key = kind === 'vm' ? 'scsi0' : 'rootfs'
  if (dice.chance(0.5)) config[key] = {[volumeKey[kind]]: `${dice.pick(around.storages).name}:${2 + dice.below(3)}`}
}

/** The object as it is, and as somebody wishes it, in the words of a manifest. */
export function newWishes(dice: Dice, setting: Setting, is: Observed, isLast = false, most = 4): Wanted {
  const document = asDeclared(is)
  const edits = Array.from({length: 1 + dice.below(most)}, () => dice.pick(editsOf(setting)))
  for (const edit of edits) edit(dice, setting, document, is)
  setting.around.settle?.(setting.kind, document.config, is)
  // A template is the end of it.
  const isLinked = Object.values(is.config).some((value) => /base-|basevol-/.test(JSON.stringify(value)))
  if (isLast && !isLinked && dice.chance(0.2)) {
    document.config.template = 1
    delete document.beside.power
  }
  settle(setting.kind, document.config)
  return wishesFor(is, document)
}

/** What a manifest of it says, with where it is and whether it runs. */
export function asDeclared(is: Observed): Document {
  const {beside, config} = observedDocument(is, {
    kind: is.kind,
    id: is.id,
    config: {},
    power: 'stopped',
    placement: {node: '', pinned: true},
  })
  return {kind: is.kind, beside: {...beside}, config: structuredClone(config)}
}

/** The wishes of a manifest for an object that was agreed on as it is. */
export function wishesFor(is: Observed, written: Document, from?: Origin): Wanted {
  const present = asDeclared(is)
  const document = boundDocument(written, present)
  for (const name of ['power', 'placement.node']) if (document.beside[name] === undefined) delete present.beside[name]
  const fields = fieldsOf([present, document]).flatMap((field): WishedField[] => {
    const [was, want] = [getField(present, field), getField(document, field)]
    return JSON.stringify(was) === JSON.stringify(want)
      ? []
      : [{field: formatField(field), is: was, want, commit: null}]
  })
  return {ref: {cluster: 'home', kind: is.kind, id: is.id}, document: written, fields, ...(from && {from})}
}

type Edit = (dice: Dice, setting: Setting, document: Document, is: Observed) => void

const common: readonly Edit[] = [
  setPlain,
  setPlain,
  setPlain,
  unsetPlain,
  unsetPlain,
  editNic,
  editNic,
  addNic,
  removeNic,
]
const aboutDisks: readonly Edit[] = [
  editDisk,
  editDisk,
  addDisk,
  addDisk,
  removeDisk,
  growDisk,
  moveDisk,
  otherSlot,
  reattach,
]
const beside: readonly Edit[] = [setPool, setPower, setPlace]
const onlyVm: readonly Edit[] = [
  addFirmware,
  removeFirmware,
  setPassword,
  setHotplug,
  setBoot,
  swapDisks,
  changeMedium,
  addMedium,
  removeMedium,
  mediumToDisk,
  replaceDisk,
  setVcpus,
]

const editsOf = ({kind}: Setting): readonly Edit[] =>
  kind === 'vm' ? [...common, ...aboutDisks, ...beside, ...onlyVm] : [...common, ...aboutDisks, ...beside]

/** A value as a manifest's reader makes it of PVE's text. */
function valueOf(kind: GuestKind, key: string, text: Text): Value {
  const {value, problems} = fromManifest(kind, key, decode(kind, key, text))
  if (problems.length > 0) throw new Error(problems.join('; '))
  return value
}

function setPlain(dice: Dice, {kind}: Setting, {config}: Document): void {
  const key = dice.pick(Object.keys(plain[kind]))
  const value = valueOf(kind, key, dice.pick(plain[kind][key]!))
  const present = config[key]
  config[key] = isMap(value) && isMap(present) && dice.chance(0.5) ? {...present, ...value} : value
}

/** Keys that a container has to have. */
const needed = new Set(['memory'])

function unsetPlain(dice: Dice, {kind}: Setting, {config}: Document): void {
  const keys = Object.keys(plain[kind]).filter(
    (key) => config[key] !== undefined && !(kind === 'container' && needed.has(key)),
  )
  if (keys.length > 0) delete config[dice.pick(keys)]
}

const nicsOf = (config: Config): string[] => Object.keys(config).filter((key) => /^net\d+$/.test(key))

function nic(dice: Dice, {kind, around}: Setting, key: string): Value {
  const bridge = dice.pick(around.bridges)
  const options = dice.some(Object.entries(nicOptions[kind]), dice.below(2))
  const chosen = Object.fromEntries(options.map(([name, values]) => [name, dice.pick(values)]))
  return kind === 'vm'
    ? {model: dice.pick(['virtio', 'e1000']), bridge, ...chosen}
    : {name: `eth${key.slice(3)}`, bridge, type: 'veth', ...chosen}
}

function addNic(dice: Dice, setting: Setting, {config}: Document): void {
  const key = `net${1 + dice.below(3)}`
  config[key] ??= nic(dice, setting, key)
}

function removeNic(dice: Dice, _setting: Setting, {config}: Document): void {
  const nics = nicsOf(config)
  if (nics.length > 0) delete config[dice.pick(nics)]
}

function editNic(dice: Dice, {kind, around}: Setting, {config}: Document): void {
  const nics = nicsOf(config)
  if (nics.length === 0) return
  const key = dice.pick(nics)
  const value = {...(config[key] as Record<string, Value>)}
  const [name, values] = dice.pick(Object.entries(nicOptions[kind]))
  if (dice.chance(0.25)) value.bridge = dice.pick(around.bridges)
  else if (kind === 'vm' && dice.chance(0.15)) value.model = dice.pick(['virtio', 'e1000', 'rtl8139'])
  else if (dice.chance(0.1)) delete value[kind === 'vm' ? 'macaddr' : 'hwaddr']
  else if (dice.chance(0.3)) delete value[name]
  else value[name] = dice.pick(values)
  config[key] = value
}

function newDisk(dice: Dice, {kind, around}: Setting, key: string): Value {
  const file = `${dice.pick(around.storages).name}:${dice.pick([1, 2, 3, 0.5])}`
  const value: Record<string, Value> = {[volumeKey[kind]]: file, ...disposition(dice, kind, key)}
  if (kind === 'container' && key !== 'rootfs') value.mp = `/${key}`
  if (kind === 'vm' && dice.chance(0.1) && around.images.length > 0)
    return {
      ...value,
      file: `${file.split(':')[0]}:0`,
      'import-from': dice.pick(around.images),
      ...(dice.chance(0.5) && {size: '5G'}),
    }
  return value
}

function disposition(dice: Dice, kind: GuestKind, key: string): Record<string, Value> {
  const allowed = Object.entries(diskOptions[kind]).filter(([name]) => !notOn[name]?.test(key))
  return Object.fromEntries(dice.some(allowed, dice.below(3)).map(([name, values]) => [name, dice.pick(values)]))
}

const isDisk = (value: Value | undefined): value is Record<string, Value> => isMap(value) && value.media !== 'cdrom'

function disksOf(kind: GuestKind, config: Config, all = false): string[] {
  const pattern = kind === 'vm' ? /^(?:scsi|virtio|ide|sata)\d+$/ : all ? /^(?:rootfs|mp\d+)$/ : /^mp\d+$/
  return Object.keys(config).filter((key) => pattern.test(key) && isDisk(config[key]))
}

const freeSlots = (kind: GuestKind, config: Config): string[] => slots[kind].filter((key) => config[key] === undefined)

function addDisk(dice: Dice, setting: Setting, {config}: Document): void {
  const free = freeSlots(setting.kind, config)
  if (free.length === 0) return
  const key = dice.pick(free)
  config[key] = newDisk(dice, setting, key)
}

function removeDisk(dice: Dice, {kind}: Setting, {config}: Document): void {
  const disks = disksOf(kind, config)
  if (disks.length > 0) delete config[dice.pick(disks)]
}

function editDisk(dice: Dice, {kind}: Setting, {config}: Document): void {
  const disks = disksOf(kind, config, true)
  if (disks.length === 0) return
  const key = dice.pick(disks)
  const value = {...(config[key] as Record<string, Value>)}
  const allowed = Object.entries(diskOptions[kind]).filter(([name]) => !notOn[name]?.test(key))
  const [name, values] = dice.pick(allowed)
  if (value[name] !== undefined && dice.chance(0.4)) delete value[name]
  else value[name] = dice.pick(values)
  config[key] = value
}

const GiB = (size: Value | undefined): number => {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([MGT])?$/.exec(String(size ?? '')) ?? []
  return Number(number ?? 1) * {M: 1 / 1024, G: 1, T: 1024}[(unit ?? 'G') as 'M' | 'G' | 'T']
}

function growDisk(dice: Dice, {kind}: Setting, {config}: Document): void {
  const disks = disksOf(kind, config, true)
  if (disks.length === 0) return
  const key = dice.pick(disks)
  const value = config[key] as Record<string, Value>
  const by = dice.chance(0.1) ? -0.5 : 1 + dice.below(2)
  const size = GiB(value.size) + by
  if (size > 0)
    config[key] = {
      ...value,
      size: `${size * 1024}M`.replace(/^(\d+)M$/, (all, mib: string) =>
        Number(mib) % 1024 === 0 ? `${Number(mib) / 1024}G` : all,
      ),
    }
}

function moveDisk(dice: Dice, {kind, around}: Setting, {config}: Document): void {
  const extra = kind === 'vm' ? ['efidisk0', 'tpmstate0'].filter((key) => config[key] !== undefined) : []
  const disks = [...disksOf(kind, config, true), ...extra]
  if (disks.length === 0) return
  const key = dice.pick(disks)
  const value = config[key] as Record<string, Value>
  const sub = volumeKey[kind]
  const storage = dice.pick(around.storages).name
  const [, name] = String(value[sub]).split(':')
  // By size, or by a name that is nowhere, as of a manifest that was copied.
  config[key] = {...value, [sub]: dice.chance(0.5) ? `${storage}:${GiB(value.size)}` : `${storage}:${name}`}
}

function otherSlot(dice: Dice, {kind}: Setting, {config}: Document): void {
  const [disks, free] = [disksOf(kind, config), freeSlots(kind, config)]
  if (disks.length === 0 || free.length === 0) return
  const [from, to] = [dice.pick(disks), dice.pick(free)]
  config[to] = {...fitting(to, config[from] as Record<string, Value>), ...(kind === 'container' && {mp: `/${to}`})}
  delete config[from]
}

/** Without what the bus does not take. */
function fitting(key: string, value: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !notOn[name]?.test(key)))
}

function swapDisks(dice: Dice, {kind}: Setting, {config}: Document): void {
  const disks = disksOf(kind, config)
  if (disks.length < 2) return
  const [a, b] = dice.some(disks, 2) as [string, string]
  const [first, second] = [config[a] as Record<string, Value>, config[b] as Record<string, Value>]
  // A size that is the one of the slot before would be no wish that a plan can tell.
  const {size: _first, ...ofFirst} = first
  const {size: _second, ...ofSecond} = second
  config[a] = fitting(a, ofSecond)
  config[b] = fitting(b, ofFirst)
}

const unusedOf = (is: Observed): string[] =>
  Object.entries(is.config).flatMap(([key, value]) => (/^unused\d+$/.test(key) ? [String(value)] : []))

function reattach(dice: Dice, {kind}: Setting, {config}: Document, is: Observed): void {
  const [unused, free] = [unusedOf(is), freeSlots(kind, config)]
  if (unused.length === 0 || free.length === 0) return
  const key = dice.pick(free)
  config[key] = {[volumeKey[kind]]: dice.pick(unused), ...(kind === 'container' && {mp: `/${key}`})}
}

function replaceDisk(dice: Dice, {kind}: Setting, {config}: Document, is: Observed): void {
  const [unused, disks] = [unusedOf(is), disksOf(kind, config)]
  if (unused.length === 0 || disks.length === 0) return
  const {size: _size, ...value} = config[dice.pick(disks)] as Record<string, Value>
  config[disks[0]!] = {...fitting(disks[0]!, value), file: dice.pick(unused)}
}

const medium = (dice: Dice, {around}: Setting): Value => ({
  file: dice.chance(0.4) ? 'none' : dice.pick(around.media),
  media: 'cdrom',
})

const mediaOf = (config: Config): string[] =>
  Object.keys(config).filter((key) => {
    const value = config[key]
    return (
      /^(?:scsi|ide|sata)\d+$/.test(key) &&
      isMap(value) &&
      value.media === 'cdrom' &&
      !/cloudinit/.test(String(value.file))
    )
  })

function addMedium(dice: Dice, setting: Setting, {config}: Document): void {
  const free = freeSlots('vm', config).filter((key) => !key.startsWith('virtio'))
  if (free.length > 0) config[dice.pick(free)] = medium(dice, setting)
}

function changeMedium(dice: Dice, setting: Setting, {config}: Document): void {
  const media = mediaOf(config)
  if (media.length > 0) config[dice.pick(media)] = medium(dice, setting)
}

function removeMedium(dice: Dice, _setting: Setting, {config}: Document): void {
  const media = mediaOf(config)
  if (media.length > 0) delete config[dice.pick(media)]
}

function mediumToDisk(dice: Dice, setting: Setting, {config}: Document): void {
  if (dice.chance(0.5)) {
    const media = mediaOf(config)
    if (media.length === 0) return
    const key = dice.pick(media)
    config[key] = newDisk(dice, setting, key)
  } else {
    const disks = disksOf('vm', config).filter((key) => !key.startsWith('virtio'))
    if (disks.length > 0) config[dice.pick(disks)] = medium(dice, setting)
  }
}

function setHotplug(dice: Dice, _setting: Setting, {config}: Document): void {
  const value = dice.pick(['0', '1', 'network', 'disk,network', 'network,disk,usb,cpu', 'network,disk,usb,cpu,memory'])
  config.hotplug = valueOf('vm', 'hotplug', value)
}

/** What there is one of: firmware, TPM state, a cloud-init drive. */
const single = {efidisk0: '1,efitype=4m', tpmstate0: '1,version=v2.0', ide3: 'cloudinit'}

function addFirmware(dice: Dice, {around}: Setting, {config}: Document): void {
  const [key, rest] = dice.pick(Object.entries(single))
  config[key] ??= valueOf('vm', key, `${dice.pick(around.storages).name}:${rest}`)
}

function removeFirmware(dice: Dice, _setting: Setting, {config}: Document): void {
  delete config[dice.pick(Object.keys(single))]
}

function setPassword(_dice: Dice, _setting: Setting, {config}: Document): void {
  if (config.cipassword === undefined) config.cipassword = MASK
  else delete config.cipassword
}

function setBoot(dice: Dice, _setting: Setting, {config}: Document): void {
  const devices = Object.keys(config).filter((key) => /^(?:scsi|virtio|ide|sata|net)\d+$/.test(key))
  if (devices.length > 0) config.boot = {order: dice.some(devices, 1 + dice.below(3)).join(';')}
}

function setVcpus(dice: Dice, _setting: Setting, {config}: Document): void {
  config.vcpus = 1 + dice.below(Number(config.cores ?? 1) * Number(config.sockets ?? 1))
}

function setPool(dice: Dice, {around}: Setting, {beside: fields}: Document): void {
  if (fields.pool !== undefined && dice.chance(0.4)) delete fields.pool
  else fields.pool = dice.pick(around.pools)
}

function setPower(dice: Dice, _setting: Setting, {beside: fields}: Document): void {
  fields.power = fields.power === 'running' && dice.chance(0.7) ? 'stopped' : 'running'
}

function setPlace(dice: Dice, {around}: Setting, {beside: fields}: Document): void {
  fields['placement.node'] = dice.pick(around.nodes)
}

/** What does not go together is put right, as a person would who reads PVE's refusal. */
function settle(kind: GuestKind, config: Config): void {
  if (kind === 'container') return
  // PVE starts no machine whose memory is to be plugged without NUMA, nor one with less than 1 GiB of it.
  if (Array.isArray(config.hotplug) && config.hotplug.includes('memory')) {
    config.numa = 1
    if (Number(config.memory ?? 512) < 1024) config.memory = 1024
  }
  const memory = Number(config.memory ?? 512)
  if (Number(config.balloon ?? 0) > memory) config.balloon = memory
  const most = Number(config.cores ?? 1) * Number(config.sockets ?? 1)
  if (Number(config.vcpus ?? 0) > most) config.vcpus = most
  if (isMap(config.boot)) {
    const order = String(config.boot.order ?? '')
      .split(';')
      .filter((device) => config[device] !== undefined)
    if (order.length > 0) config.boot = {order: order.join(';')}
    else delete config.boot
  }
  for (const [key, value] of Object.entries(config))
    if (
      isDisk(value) &&
      value.iops !== undefined &&
      value.mbps_rd !== undefined &&
      /^(?:scsi|virtio|ide|sata)/.test(key)
    ) {
      const {iops: _iops, ...rest} = value
      config[key] = rest
    }
}
