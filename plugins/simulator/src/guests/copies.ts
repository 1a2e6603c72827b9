import {failure} from '../errors.js'
import type {Call} from '../calls/call.js'
import type {Guest, StorageState, Volume} from '../state/model.js'
import {
  allocate,
  creationLog,
  findVolume,
  freeVolume,
  pluginOf,
  splitVolid,
  usableStorage,
  volumeKey,
} from '../storage/volumes.js'
import {fixedSize, readParts, volumesIn} from './drives.js'

export interface Copy {
  source: Guest
  target: Guest
  key: string
  volid: string
  /** Storage of the copy; that of the original unless given. */
  storage?: string
  format?: string
  /** The disk is copied as it is now, by QEMU itself when its machine runs. */
  live?: boolean
  log: (line: string) => void
}

const binary = (bytes: number): string => {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let [value, unit] = [bytes, 0]
  while (value >= 1024 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1]
  return `${value.toFixed(1)} ${units[unit]}`
}

/** Progress lines of an image copy. */
export const transferLog = (size: number): string[] => [
  `transferred 0.0 B of ${binary(size)} (0.00%)`,
  `transferred ${binary(size)} of ${binary(size)} (100.00%)`,
]

/** Makes a full copy of a volume; a cloud-init drive is made anew. @throws ApiError */
export function fullCopy(call: Call, {source, target, key, volid, storage: wanted, format, live, log}: Copy): Volume {
  if (live && source.running && key === 'tpmstate0') throw failure('cannot move TPM state while VM is running')
  const original = findVolume(call.sim.state, volid, source.node)
  if (!original) throw failure(`volume '${volid}' does not exist`)
  const storage = usableStorage(call.sim.state, wanted ?? splitVolid(volid).storage, target.node)
  const {formats} = pluginOf(storage)
  const chosen = format ?? (formats.includes(original.format) ? original.format : formats[0])
  const isSeed = /-cloudinit/.test(volid)
  const size = fixedSize(key, readParts(call.sim, source.type, key, source.config[key] ?? '') ?? {}) ?? original.size
  log(`create full clone of drive ${key} (${volid})`)
  const copy = allocate(call.sim.state, {
    storage,
    node: target.node,
    vmid: target.vmid,
    size,
    format: chosen,
    content: 'images',
    now: call.sim.now(),
    ...(isSeed && {name: `vm-${target.vmid}-cloudinit`}),
  })
  // What is on it comes along.
  if (original.holds) copy.holds = original.holds
  creationLog(storage, copy).forEach(log)
  log(`allocated target volume '${copy.volid}'`)
  if (isSeed) return copy
  if (!live || !source.running) transferLog(size).forEach(log)
  else if (call.sim.state.world.plainQemu) {
    freeVolume(call.sim.state, copy.volid, target.node)
    throw failure(`drive-${key}: throttle node without file child node name!`)
  } else mirrorLog(call, key, size).forEach(log)
  return copy
}

/** Lines of a disk's copy while its machine runs. Fact: qemu-server, PVE/QemuServer/BlockJob.pm; releases before 9 name the job as the drive. */
function mirrorLog(call: Call, key: string, size: number): string[] {
  const job = `${call.sim.settings.release === '8.4' ? 'drive' : 'mirror'}-${key}`
  return [
    `drive mirror is starting for drive-${key}`,
    `${job}: transferred ${binary(size)} of ${binary(size)} (100.00%) in 1s, ready`,
    `all 'mirror' jobs are ready`,
    `${job}: Completing block job...`,
    `${job}: Completed successfully.`,
    `${job}: mirror-job finished`,
  ]
}

/** Makes a linked clone of a template's volume. @throws ApiError */
export function linkedCopy(call: Call, {source, target, key, volid, log}: Copy): Volume {
  const base = findVolume(call.sim.state, volid, source.node)
  if (!base) throw failure(`volume '${volid}' does not exist`)
  const {storage: name, name: baseName} = splitVolid(volid)
  const storage = usableStorage(call.sim.state, name, target.node)
  log(`create linked clone of ${target.type === 'qemu' ? 'drive' : 'mount point'} ${key} (${volid})`)
  const copy = allocate(call.sim.state, {
    storage,
    node: target.node,
    vmid: target.vmid,
    size: base.size,
    format: base.format === 'subvol' ? undefined : base.format,
    content: base.content === 'rootdir' ? 'rootdir' : 'images',
    now: call.sim.now(),
  })
  const linked = rename(call, copy, target.node, `${name}:${baseName}/${splitVolid(copy.volid).name}`)
  linked.parent = volid
  linkLog(storage, volid, linked).forEach(log)
  return linked
}

/** Lines that a directory prints while it links a volume to its base. */
function linkLog(storage: StorageState, base: string, {volid, size}: Volume): string[] {
  const [folder, file] = splitVolid(base).name.split('/')
  if (file === undefined || !pluginOf(storage).files) return []
  const own = volid.split('/').at(-1)!
  const vmid = /-(\d+)-disk-/.exec(own)?.[1]
  return [
    `clone ${folder}/${file}: images, ${own}, ${vmid} to ${own} (base=../${folder}/${file})`,
    `Formatting '${String(storage.config.path ?? `/mnt/pve/${storage.storage}`)}/images/${vmid}/${own}', fmt=qcow2 cluster_size=131072 extended_l2=on preallocation=metadata compression_type=zlib size=${size} ` +
      `backing_file=../${folder}/${file} backing_fmt=qcow2 lazy_refcounts=off refcount_bits=16`,
  ]
}

/** Gives a volume another name on its storage. */
export function rename(call: Call, volume: Volume, node: string, volid: string): Volume {
  delete call.sim.state.volumes[volumeKey(call.sim.state, volume.volid, node)]
  volume.volid = volid
  call.sim.state.volumes[volumeKey(call.sim.state, volid, node)] = volume
  return volume
}

/** Whether a linked clone of a volume is possible. */
export function canLink(call: Call, guest: Guest, volid: string): boolean {
  const volume = findVolume(call.sim.state, volid, guest.node)
  const storage = call.sim.state.storages[splitVolid(volid).storage]
  return storage !== undefined && (pluginOf(storage).linkedClones || volume?.format === 'qcow2')
}

/** Name of a volume once it belongs to a template. */
export const baseName = (volid: string): string =>
  volid.replace(
    /(^|[:/])(vm|subvol)-(\d+-disk-)/,
    (_, head: string, kind: string, rest: string) => `${head}${kind === 'vm' ? 'base' : 'basevol'}-${rest}`,
  )

/** The first name that is free for a volume once it belongs to another guest. */
export function freeNameFor(call: Call, volume: Volume, target: Guest): string {
  const {storage, name} = splitVolid(volume.volid)
  for (let index = 0; ; index++) {
    const renamed = name.replace(
      /^(\d+\/)?(vm|base|subvol)-\d+-disk-\d+/,
      (_, folder: string | undefined, kind: string) => {
        return `${folder === undefined ? '' : `${target.vmid}/`}${kind}-${target.vmid}-disk-${index}`
      },
    )
    if (!call.sim.state.volumes[volumeKey(call.sim.state, `${storage}:${renamed}`, target.node)])
      return `${storage}:${renamed}`
  }
}

/** Renames the volumes of a guest to those of a template. */
export function convertVolumes(call: Call, guest: Guest): void {
  for (const [key, volid] of volumesIn('qemu', guest.config)) {
    const volume = findVolume(call.sim.state, volid, guest.node)
    if (!volume || key.startsWith('unused') || /-cloudinit|:iso\//.test(volid)) continue
    const renamed = rename(call, volume, guest.node, baseName(volid))
    guest.config[key] = String(guest.config[key]).replace(volid, renamed.volid)
  }
  guest.config.template = 1
}
