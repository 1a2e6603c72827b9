import type {Call} from '../calls/call.js'
import type {Guest, Volume} from '../state/model.js'
import {findVolume, isShared, splitVolid, volumesOfGuest} from '../storage/volumes.js'
import {inSnapshot} from './apply.js'
import {isCdrom, readParts, volumeOf, volumesIn} from './drives.js'
import {mountsOf} from './lxc-values.js'

/** A device of the host that a machine uses; with a mapping it may be on other hosts, too. */
export interface LocalResource {
  key: string
  mapping?: string
}

/** Devices of its host that a machine uses. Fact: qemu-server (check_local_resources): sockets and SPICE need none. */
export function localResources(call: Call, guest: Guest): LocalResource[] {
  return Object.entries(guest.config)
    .filter(([key, value]) => {
      if (key === 'ivshmem') return true
      if (!/^(?:usb|hostpci|serial|parallel|virtiofs)\d+$/.test(key)) return false
      return key.startsWith('usb') ? !/^(?:host=)?spice(?:,|$)/.test(String(value)) : String(value) !== 'socket'
    })
    .map(([key, value]) => {
      const parts = readParts(call.sim, 'qemu', key, value) ?? {}
      const mapping = parts.mapping ?? parts.dirid
      return {key, ...(mapping !== undefined && {mapping: String(mapping)})}
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1))
}

/** Volumes of a guest that lie on its node alone. */
export const localVolumes = (call: Call, guest: Guest): Volume[] =>
  volumesOfGuest(call.sim.state, guest.node, guest.vmid).filter((volume) => volume.node !== '')

/** Snapshots of ZFS and of qcow2 images move along; no others do. */
function keepsSnapshots(call: Call, volume: Volume): boolean {
  const storage = call.sim.state.storages[splitVolid(volume.volid).storage]
  return storage?.type === 'zfspool' || storage?.type === 'btrfs' || volume.format === 'qcow2'
}

/** What ends a migration before it begins. Facts: QemuMigrate.pm and LXC/Migrate.pm (prepare). */
export function unprepared(call: Call, guest: Guest, forced: boolean): string | undefined {
  if (guest.type === 'lxc') {
    const bound = mountsOf(call, guest.config).find(
      ([, {volume, shared}]) => String(volume).startsWith('/') && Number(shared ?? 0) !== 1,
    )
    const kind = /^\/dev\//.test(String(bound?.[1].volume)) ? 'device' : 'bind'
    return bound && `cannot migrate local ${kind} mount point '${bound[0]}'`
  }
  const blocking = localResources(call, guest).filter(({mapping}) => mapping === undefined)
  if (blocking.length === 0 || (forced && !guest.running)) return undefined
  return `can't migrate VM which uses local devices: ${blocking.map(({key}) => key).join(', ')}`
}

/** What speaks against moving its volumes, as the log tells it. Fact: QemuMigrate.pm (scan_local_volumes). */
export function immovable(call: Call, guest: Guest, withLocalDisks: boolean): string[] {
  const own = new Set(localVolumes(call, guest).map(({volid}) => volid))
  const problems: string[] = []
  for (const [key, volid] of volumesIn(guest.type, guest.config)) {
    const storage = call.sim.state.storages[splitVolid(volid).storage]
    const volume = findVolume(call.sim.state, volid, guest.node)
    if (!storage || !volume || isShared(storage)) continue
    const refuse = (why: string): number => problems.push(`can't migrate local disk '${volid}': ${why}`)
    if (isCdrom(guest.config[key]!) && !own.has(volid)) refuse('local cdrom image')
    else if (!inSnapshot(guest, volid)) continue
    else if (guest.type === 'qemu' && guest.running) refuse('online storage migration not possible if snapshot exists')
    else if (!keepsSnapshots(call, volume)) refuse('non-migratable snapshot exists')
  }
  if (Object.entries(guest.config).some(([, value]) => isCdrom(value) && volumeOf(value) === 'cdrom'))
    problems.push(`can't migrate local cdrom drive`)
  if (guest.type === 'qemu' && guest.running && own.size > 0 && !withLocalDisks)
    problems.push(`can't live migrate attached local disks without with-local-disks option`)
  return problems
}
