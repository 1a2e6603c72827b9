import {splitList} from '../contract/scalars.js'
import {isCdrom, readParts, volumesIn} from '../guests/drives.js'
import {readMount} from '../guests/lxc-values.js'
import type {Call} from '../calls/call.js'
import type {Guest, State} from '../state/model.js'

/** What chooses the guests of a backup: one of `vmid`, `all` (less `exclude`) and `pool`; `node` narrows it. */
export interface Selection {
  vmid?: string
  all?: boolean
  exclude?: string
  pool?: string
  node?: string
}

const ids = (list: string | undefined): number[] =>
  splitList(list ?? '')
    .map(Number)
    .filter((vmid) => vmid > 0)
    .sort((a, b) => a - b)

/** Ids of the guests of a backup, those that are not there included. Fact: pve-manager, get_included_guests. */
export function chosenIds(state: State, {vmid, all, exclude, pool, node}: Selection): number[] {
  const guests = Object.values(state.guests)
  const wanted =
    pool !== undefined
      ? guests.filter((guest) => guest.pool === pool).map((guest) => guest.vmid)
      : vmid !== undefined
        ? ids(vmid)
        : all
          ? guests.map((guest) => guest.vmid).filter((id) => !ids(exclude).includes(id))
          : []
  return wanted
    .filter((id) => node === undefined || state.guests[id] === undefined || state.guests[id].node === node)
    .sort((a, b) => a - b)
}

/** The guests of a job, as its section names them. */
export const jobGuests = (state: State, job: Record<string, unknown>): Guest[] =>
  chosenIds(state, {
    ...(job.vmid !== undefined && {vmid: String(job.vmid)}),
    ...(job.pool !== undefined && {pool: String(job.pool)}),
    ...(job.exclude !== undefined && {exclude: String(job.exclude)}),
    ...(job.node !== undefined && {node: String(job.node)}),
    all: Number(job.all ?? 0) === 1 || job.exclude !== undefined,
  })
    .map((vmid) => state.guests[vmid])
    .filter((guest): guest is Guest => guest !== undefined)

/** A disk or mount point of a guest, and whether a backup takes it. */
export interface BackupVolume {
  key: string
  volid: string
  included: boolean
  reason: string
  /** Where a container mounts it. */
  path?: string
  kind: 'volume' | 'bind' | 'device'
}

/** Disks of a machine with what a backup makes of each; CD-ROM drives are none. Fact: qemu-server, get_backup_volumes. */
function machineVolumes(call: Call, {config}: Guest): BackupVolume[] {
  return volumesIn('qemu', config)
    .filter(([key]) => !key.startsWith('unused') && !isCdrom(config[key]!))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, volid]) => {
      const kind = 'volume'
      if (key === 'efidisk0' && config.bios !== 'ovmf')
        return {key, volid, kind, included: false, reason: 'efidisk but no OMVF BIOS'}
      const included = Number(readParts(call.sim, 'qemu', key, config[key]!)?.backup ?? 1) === 1
      return {key, volid, kind, included, reason: included ? 'backup=yes' : 'backup=no'}
    })
}

/** Mount points of a container: the root always, volumes that say so. Fact: pve-container, get_backup_volumes. */
function containerVolumes(call: Call, {config}: Guest): BackupVolume[] {
  return Object.keys(config)
    .filter((key) => /^(?:rootfs|mp\d+)$/.test(key))
    .sort((a, b) => (a === 'rootfs' ? -1 : b === 'rootfs' ? 1 : Number(a.slice(2)) - Number(b.slice(2))))
    .map((key) => {
      const parts = readMount(call, key, config[key])
      const volid = String(parts.volume)
      const kind = !volid.startsWith('/') ? 'volume' : volid.startsWith('/dev/') ? 'device' : 'bind'
      const path = key === 'rootfs' ? '/' : String(parts.mp)
      if (key === 'rootfs') return {key, volid, kind, path, included: true, reason: 'rootfs'}
      if (kind !== 'volume') return {key, volid, kind, path, included: false, reason: 'not a volume'}
      const included = Number(parts.backup ?? 0) === 1
      return {key, volid, kind, path, included, reason: included ? 'enabled' : 'disabled'}
    })
}

/** Volumes of a guest with what a backup makes of each. */
export const backupVolumes = (call: Call, guest: Guest): BackupVolume[] =>
  guest.type === 'qemu' ? machineVolumes(call, guest) : containerVolumes(call, guest)
