import {readParts} from '../guests/drives.js'
import type {Call} from '../calls/call.js'
import {configText} from '../state/digest.js'
import {newGuest} from '../state/guest.js'
import type {Backup, Config, Guest, Holds, Volume} from '../state/model.js'
import {findVolume, splitVolid} from '../storage/volumes.js'
import {backupVolumes} from './selection.js'

const MiB = 1024 * 1024

/** Name endings and sizes of compressions, the sizes as shares of what they begin with. */
export const compressions: Record<string, {ending: string; share: number; command?: string}> = {
  '0': {ending: '', share: 1},
  '1': {ending: '.lzo', share: 0.6, command: 'lzop'},
  lzo: {ending: '.lzo', share: 0.6, command: 'lzop'},
  gzip: {ending: '.gz', share: 0.5, command: 'gzip --rsyncable'},
  zstd: {ending: '.zst', share: 0.518, command: 'zstd --rsyncable --threads=1'},
}

/** What tar adds to a tree of files: the configuration, and records that are filled up. */
const tarOverhead = 61_440

/** A container's files, as tar packs them. */
const treeOf = (call: Call, guest: Guest): Holds => {
  const root = backupVolumes(call, guest).find(({key}) => key === 'rootfs')
  const holds = root && findVolume(call.sim.state, root.volid, guest.node)?.holds
  return holds ?? {archive: 16 * MiB, files: 1000, bytes: 16 * MiB}
}

/** Bytes of a backup before compression: blocks in use, or files. */
export const contentSize = (call: Call, guest: Guest, backup: Backup): number =>
  guest.type === 'lxc'
    ? treeOf(call, guest).archive + tarOverhead
    : 20_480 + Object.values(backup.disks).reduce((sum, {used}) => sum + used, 0)

/** Saves a guest: its configuration and disks, its firewall, nothing of snapshots, pending changes and unused disks. */
export function makeBackup(call: Call, guest: Guest): Backup {
  const kept = Object.entries(guest.config).filter(([key]) => !key.startsWith('unused'))
  const disks: Backup['disks'] = {}
  for (const {key, volid, included, kind} of backupVolumes(call, guest)) {
    if (!included || kind !== 'volume') continue
    const volume = findVolume(call.sim.state, volid, guest.node)
    const size = volume?.size ?? Number(readParts(call.sim, guest.type, key, guest.config[key]!)?.size ?? 0)
    disks[key] = {
      storage: splitVolid(volid).storage,
      format: volume?.format ?? 'raw',
      size,
      used: volume?.used ?? 0,
    }
  }
  const firewall = call.sim.state.firewall[guest.vmid]
  return structuredClone({
    type: guest.type,
    config: Object.fromEntries(kept) as Config,
    disks,
    ...(guest.lxc && {lxc: guest.lxc}),
    ...(firewall && {firewall}),
    ...(guest.blank && {blank: true}),
    ...(guest.type === 'lxc' && {holds: treeOf(call, guest)}),
  })
}

/** A guest's configuration as its archive holds it, with the disks that it has data of. */
export function archiveText({type, config, lxc, disks}: Backup): string {
  const guest = newGuest(0, type, '', {config, ...(lxc && {lxc})})
  if (type === 'lxc') return configText(guest)
  const device = (key: string): string => (key === 'tpmstate0' ? 'drive-tpmstate0-backup' : `drive-${key}`)
  const maps = Object.entries(disks).map(
    ([key, {storage, format}]) => `#qmdump#map:${key}:${device(key)}:${storage}:${format}:\n`,
  )
  return configText(guest) + maps.join('')
}

/** A backup that a volume holds; one that only a seed names holds an empty guest of the type that its name tells. */
export const backupOf = (volume: Volume, type: Backup['type']): Backup =>
  volume.backup ?? {type, config: type === 'lxc' ? {arch: 'amd64', ostype: 'unmanaged'} : {}, disks: {}}
