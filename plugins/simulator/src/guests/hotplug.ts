import {failure} from '../errors.js'
import type {Call} from '../calls/call.js'
import type {Guest, Scalar} from '../state/model.js'
import {bootDevices} from './boot.js'
import {isCdrom, readParts, volumeOf} from './drives.js'
import {guestMemory, maxCpus} from './figures.js'

/** A change of one key of a running machine; without a value it is a removal. */
interface Change {
  call: Call
  guest: Guest
  key: string
  old?: Scalar
  value?: Scalar
  /** What its `hotplug` allows. */
  allows: Set<string>
}

/** Whether the machine takes a change at once, or as what; else it waits for a cold start. @throws ApiError when it tries and fails */
type Rule = (change: Change) => boolean | string

/** What `hotplug` allows. `1` or absent is network, disk and usb. */
export function hotplugFeatures(value: Scalar | undefined): Set<string> {
  const text = String(value ?? '1')
  if (text === '0') return new Set()
  return new Set(text === '1' ? ['network', 'disk', 'usb'] : text.split(/[,;\s]+/))
}

/** Parts of a property string that differ. */
function changedParts({call, key, old, value}: Change): string[] {
  const read = (text: Scalar | undefined): Record<string, unknown> => readParts(call.sim, 'qemu', key, text ?? '') ?? {}
  const [before, after] = [read(old), read(value)]
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].filter((name) => String(before[name] ?? '') !== String(after[name] ?? ''))
}

/** Takes a device out of a running machine; one without a system lets go of no PCI device. @throws ApiError */
function unplug({call, guest, key}: Change): boolean {
  if (bootDevices(guest.config.boot).includes(key)) {
    if (!key.startsWith('net')) throw failure(`can't unplug bootdisk '${key}'`)
  }
  if (/^(?:ide|sata)\d+$/.test(key)) throw failure(`can't unplug device '${key}'`)
  if (guest.blank && /^(?:net|virtio)\d+$/.test(key)) {
    const why = call.sim.settings.release === '8.4' ? '' : ' - still busy in guest?'
    throw failure(`error on hot-unplugging device '${key}'${why}`)
  }
  return true
}

const replug = new Set(['model', 'macaddr', 'queues', 'mtu'])

/** A NIC whose card stays the same is only plugged into another bridge. Fact: QemuServer.pm (vmconfig_update_net). */
const nic: Rule = (change) => {
  const {old, value, allows} = change
  if (old === undefined) return allows.has('network')
  const inBridge = (text: Scalar): boolean => readParts(change.call.sim, 'qemu', 'net0', text)?.bridge !== undefined
  const stays = value !== undefined && inBridge(old) && inBridge(value)
  if (stays && !changedParts(change).some((part) => replug.has(part))) return true
  return allows.has('network') && unplug(change)
}

const coldParts = new Set(['aio', 'discard', 'iothread', 'queues', 'product', 'cache', 'ssd', 'vendor', 'ro'])

/** What a new drive is to hold is looked up before it is plugged. @throws ApiError for a CD-ROM drive without a medium */
function isThere(value: Scalar): boolean {
  const file = volumeOf(value)
  if (file === 'none' || file === 'cdrom') throw failure(`unable to parse volume ID '${file}'`)
  return true
}

/** Fact: QemuServer.pm (vmconfig_update_disk). */
const disk: Rule = (change) => {
  const {key, old, value, allows} = change
  const onColdBus = /^(?:ide|sata)\d+$/.test(key)
  if (value === undefined) return allows.has('disk') && !onColdBus && unplug(change)
  if (old === undefined) return allows.has('disk') && !onColdBus && isThere(value)
  if (isCdrom(old) !== isCdrom(value)) throw failure('unable to change media type')
  if (isCdrom(old)) return true
  if (volumeOf(old) !== volumeOf(value)) return allows.has('disk') && unplug(change)
  return !changedParts(change).some((part) => coldParts.has(part))
}

/** Whether the machine type and the system in it take USB devices while they run. */
function takesUsb({guest: {config}, allows}: Change): boolean {
  const [, major, minor] = /-(\d+)\.(\d+)/.exec(String(config.machine ?? '')) ?? []
  const isOld = major !== undefined && Number(major) * 100 + Number(minor) < 701
  return allows.has('usb') && !isOld && /^(?:l26|win8|win10|win11)$/.test(String(config.ostype ?? ''))
}

const usb: Rule = (change) => {
  const {call, guest, key, value} = change
  if (!takesUsb(change)) return false
  if (value !== undefined && call.sim.state.world.plainQemu && /(?:^|=)spice(?:,|$)/i.test(String(value))) {
    const device = `usbredirchardev${key.slice(3)}`
    const problem = `Failed to add chardev '${device}': 'spicevmc' is not a valid char driver name`
    throw failure(`VM ${guest.vmid} qmp command 'chardev-add' failed - ${problem}`)
  }
  return true
}

const vcpus: Rule = ({guest, value, allows}) => {
  if (!allows.has('cpu')) return false
  const most = maxCpus(guest)
  const wanted = Number(value ?? 0) || most
  if (wanted > most) throw failure(`you can't add more vcpus than maxcpus`)
  const current = Number(guest.config.vcpus ?? 0) || most
  if (guest.blank && wanted < current)
    throw failure(`400 Parameter verification failed.\nvcpus: error unplugging cpu${current}`)
  return true
}

/** MiB that a machine has before any module is plugged in. */
const staticMemory = 1024

/** The modules that a machine with so many MiB has. Fact: qemu-server, PVE/QemuServer/Memory.pm (foreach_dimm). */
function modulesOf(wanted: number): number[] {
  const modules: number[] = []
  for (let [size, left] = [512, wanted - staticMemory]; left > 0; left -= size) {
    if (modules.length > 0 && modules.length % 32 === 0) size *= 2
    modules.push(size)
  }
  return modules
}

/** MiB of memory as modules give them. */
const inModules = (modules: number[]): number => modules.reduce((sum, size) => sum + size, staticMemory)

/** Plugs modules in, or takes them out; what it comes to is what there is then. Fact: Memory.pm (qemu_memory_hotplug); the lines in the text are those of 8.4.10 and 9.2.6. */
const memory: Rule = ({call, guest, value, allows}) => {
  if (!allows.has('memory')) return false
  const present = guestMemory(guest) / 1024 ** 2
  const wanted = guestMemory({...guest, config: value === undefined ? {} : {memory: value}}) / 1024 ** 2
  if (wanted === present) return true
  if (wanted < staticMemory) {
    const line = call.sim.settings.release === '8.4' ? 236 : 219
    throw failure(
      `memory can't be lower than ${staticMemory} MB at /usr/share/perl5/PVE/QemuServer/Memory.pm line ${line}.`,
    )
  }
  if (wanted > present) return String(inModules(modulesOf(wanted)))
  const modules = modulesOf(present)
  if (guest.blank)
    throw failure(`400 Parameter verification failed.\ndimm${modules.length - 1}: error unplug memory module\n`)
  while (inModules(modules) > wanted) modules.pop()
  return String(inModules(modules))
}

/** What keeps a machine whose memory can be plugged from being started; what it gets is whole modules. Fact: Memory.pm (config). @throws ApiError 500 */
export function fitMemory(guest: Guest): void {
  const {config} = guest
  if (!hotplugFeatures(config.hotplug).has('memory')) return
  if (Number(config.numa ?? 0) !== 1) throw failure('NUMA needs to be enabled for memory hotplug')
  if (Object.keys(config).some((key) => /^numa\d$/.test(key)))
    throw failure('cannot enable memory hotplugging with custom NUMA topology')
  const present = guestMemory(guest) / 1024 ** 2
  if (present < staticMemory) throw failure(`minimum memory must be ${staticMemory}MB`)
  const fitting = inModules(modulesOf(present))
  if (fitting !== present) config.memory = String(fitting)
}

const balloon: Rule = ({old, value}) =>
  value === undefined ? Number(old ?? 1) !== 0 : (Number(old ?? 1) !== 0) === (Number(value) !== 0)

const agent: Rule = (change) =>
  change.old !== undefined &&
  change.value !== undefined &&
  changedParts(change).every((part) => part === 'fstrim_cloned_disks')

const hotplug: Rule = ({old, value}) => !/cpu|memory/.test(`${old ?? ''} ${value ?? ''}`)

/** Keys that have no impact on a running machine. */
const harmless =
  /^(?:description|hookscript|lock|migrate_downtime|migrate_speed|name|onboot|protection|shares|startup|tags|vmstatestorage|ci\w+|sshkeys|nameserver|searchdomain|ipconfig\d+)$/

/** By key, the first that fits; all others wait. Facts: qemu-server, PVE/QemuServer.pm (vmconfig_hotplug_pending); what the real daemon did with each: test/tables.test.ts. */
const rules: [RegExp, Rule][] = [
  [harmless, () => true],
  [/^(?:cpuunits|cpulimit)$/, () => true],
  [/^hotplug$/, hotplug],
  [/^tablet$/, ({allows}) => allows.has('usb')],
  [/^usb\d+$/, usb],
  [/^vcpus$/, vcpus],
  [/^memory$/, memory],
  [/^balloon$/, balloon],
  [/^net\d+$/, nic],
  [/^(?:scsi|virtio|ide|sata)\d+$/, disk],
  [/^agent$/, agent],
]

/** Whether a running machine takes a change at once, whatever else a call changes. */
export const isHarmless = (key: string): boolean => harmless.test(key)

/**
 * Has a running machine take a change of a key, or its removal. Returns false when it has to wait, and the value where it came to another one.
 * @param allows what `hotplug` allows
 * @throws ApiError when it fails
 */
export function plug(
  call: Call,
  guest: Guest,
  key: string,
  value: Scalar | undefined,
  allows: Set<string>,
): boolean | string {
  const rule = rules.find(([pattern]) => pattern.test(key))?.[1]
  return rule?.({call, guest, key, old: guest.config[key], value, allows}) ?? false
}
