import type {Call} from '../calls/call.js'
import type {Config, Guest} from '../state/model.js'
import {allocate, creationLog, freeVolume, isShared, splitVolid, usableStorage} from '../storage/volumes.js'
import type {TaskHandle} from '../tasks/runner.js'
import {isCdrom, isNetKey, readParts, volumesIn} from './drives.js'
import {guestMemory} from './figures.js'
import {latestVersion} from './machines.js'

const MiB = 1024 * 1024

/** What PVE reserves for the state of devices. */
const deviceState = 500 * MiB

/** Keys that describe a saved state, in a suspended machine and in a snapshot with memory. */
const stateKeys = ['vmstate', 'runningmachine', 'runningcpu', 'running-nets-host-mtu']

/** Where a machine's memory is saved: the storage that is configured, else a shared one of its disks, else any of them. */
export function stateStorage(call: Call, {config}: Guest): string {
  if (config.vmstatestorage !== undefined) return String(config.vmstatestorage)
  const used = volumesIn('qemu', config)
    .filter(([key]) => !key.startsWith('unused') && !isCdrom(config[key]!))
    .map(([, volid]) => splitVolid(volid).storage)
  const shared = used.find((name) => call.sim.state.storages[name] && isShared(call.sim.state.storages[name]))
  return shared ?? used[0] ?? 'local'
}

/** The machine type that QEMU was started with, as it prints it: `pc-q35-10.0+pve0`. */
export function runningMachine(call: Call, {config}: Guest): string {
  const type = String(readParts(call.sim, 'qemu', 'machine', config.machine ?? '')?.type ?? 'pc')
  const full = /^(?:pc|q35)$/.test(type) ? `pc-${type === 'q35' ? 'q35' : 'i440fx'}-${latestVersion(call)}` : type
  return call.sim.state.world.plainQemu ? full.replace(/\+pve\d+$/, '') : full.includes('+') ? full : `${full}+pve0`
}

/** Flags that QEMU gets besides a model's own. */
const modelFlags: Record<string, string[]> = {
  kvm64: ['lahf_lm', 'sep'],
  'x86-64-v2': ['pni', 'popcnt', 'sse4.1', 'sse4.2', 'ssse3'],
  'x86-64-v2-AES': ['aes', 'pni', 'popcnt', 'sse4.1', 'sse4.2', 'ssse3'],
}

/** QEMU's `-cpu` argument. */
function runningCpu(call: Call, {config}: Guest): string {
  if (call.sim.state.world.plainQemu) return 'max'
  const {cputype, flags} = readParts(call.sim, 'qemu', 'cpu', config.cpu ?? '') ?? {}
  const model = String(cputype ?? 'kvm64')
  const asked = String(flags ?? '')
    .split(';')
    .filter((flag) => flag !== '')
  const own = [...(modelFlags[model] ?? []), 'kvm_pv_eoi', 'kvm_pv_unhalt'].map((flag) => `+${flag}`)
  const sorted = [...new Set([...own, ...asked])].sort((a, b) => (a.slice(1) < b.slice(1) ? -1 : 1))
  const base = model.startsWith('x86-64-') ? 'qemu64' : model
  return [base, ...(model === 'host' ? [] : ['enforce']), ...sorted].join(',')
}

/** MTU of the bridge behind each virtio NIC, as its machine sees it. */
function hostMtu(call: Call, {vmid, config}: Guest, task: TaskHandle): string {
  const keys = Object.keys(config).filter(isNetKey).sort()
  const virtio = keys.filter((key) => readParts(call.sim, 'qemu', key, config[key]!)?.model === 'virtio')
  if (!call.sim.state.world.plainQemu) return virtio.map((key) => `${key}=1500`).join(',')
  for (const key of virtio) {
    const problem = `VM ${vmid} qmp command 'qom-get' failed - Device '/machine/peripheral/${key}' not found`
    task.warn(`${key}: could not query host_mtu - ${problem}`)
  }
  return ''
}

/**
 * Saves a running machine's memory in a volume of its own: twice the memory, and 500 MiB for the rest. Returns the keys that describe it.
 * Fact: qemu-server, PVE/QemuConfig.pm (__snapshot_save_vmstate), and seen on the real daemon. @throws ApiError
 */
export function saveState(call: Call, guest: Guest, name: string, storageName: string, task: TaskHandle): Config {
  const storage = usableStorage(call.sim.state, storageName, guest.node)
  const volume = allocate(call.sim.state, {
    storage,
    node: guest.node,
    vmid: guest.vmid,
    size: guestMemory(guest) * 2 + deviceState,
    format: 'raw',
    content: 'images',
    name: `vm-${guest.vmid}-state-${name}`,
    now: call.sim.now(),
  })
  creationLog(storage, volume).forEach(task.log)
  const state: Config = {
    vmstate: volume.volid,
    runningmachine: runningMachine(call, guest),
    runningcpu: runningCpu(call, guest),
  }
  return call.sim.settings.release === '8.4' ? state : {...state, 'running-nets-host-mtu': hostMtu(call, guest, task)}
}

/** The keys of a saved state in a configuration. */
export const savedState = (config: Config): Config =>
  Object.fromEntries(stateKeys.filter((key) => config[key] !== undefined).map((key) => [key, config[key]!]))

/** A configuration without the keys of a saved state. */
export const withoutState = (config: Config): Config =>
  Object.fromEntries(Object.entries(config).filter(([key]) => !stateKeys.includes(key)))

/** Forgets a machine's saved state and frees its volume. */
export function dropState(call: Call, guest: Guest): void {
  const {vmstate} = guest.config
  if (vmstate !== undefined) freeVolume(call.sim.state, String(vmstate), guest.node)
  guest.config = withoutState(guest.config)
}
