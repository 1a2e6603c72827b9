import {guestName, type Guest} from './places.js'
import {isSet, maps, parts, text} from './values.js'

/** A guest with its configuration, as `GET …/pending` tells it. */
export interface GuestFacts {
  guest: Guest
  /** `vm/100` */
  name: string
  /** What it is configured with now, by key. */
  config: Readonly<Record<string, string>>
  /** Keys that will be otherwise after a restart. */
  pending: string[]
}

/** A disk of a guest, or a CD. */
export interface Drive {
  key: string
  /** `local-lvm:vm-100-disk-0` */
  volume: string
  storage: string
  isCdrom: boolean
}

/** A NIC of a guest. */
export interface Nic {
  key: string
  mac: string
  bridge: string
  hasFirewall: boolean
}

/** Reads the answer of `GET …/pending`: a list of keys with `value`, `pending` and `delete`. */
export function guestFacts(guest: Guest, answer: unknown): GuestFacts {
  const items = maps(answer)
  return {
    guest,
    name: guestName(guest),
    config: Object.fromEntries(
      items.flatMap(({key, value}) => (value === undefined ? [] : [[text(key), text(value)]])),
    ),
    pending: items
      .filter((item) => item.pending !== undefined || item.delete !== undefined)
      .map(({key}) => text(key))
      .toSorted(),
  }
}

/** Keys of guests that hold a disk, or a CD. */
export const driveKey = /^(?:ide|sata|scsi|virtio|efidisk|tpmstate|unused|mp)\d+$|^rootfs$/

/** Disks and CDs of a guest that lie on storages; `unused` ones are among them. */
export function drivesOf({config}: GuestFacts): Drive[] {
  return Object.entries(config).flatMap(([key, value]) => {
    if (!driveKey.test(key)) return []
    const drive = parts(value)
    const volume = drive[''] ?? drive.file ?? drive.volume ?? ''
    const storage = /^([^/:\s]+):/.exec(volume)?.[1]
    return storage === undefined ? [] : [{key, volume, storage, isCdrom: drive.media === 'cdrom'}]
  })
}

export const isUnused = ({key}: Drive): boolean => key.startsWith('unused')

const MAC = /^(?:[0-9A-F]{2}:){5}[0-9A-F]{2}$/i

/** NICs of a guest: a VM's MAC is the value of its model, a container's is `hwaddr`. */
export function nicsOf({config}: GuestFacts): Nic[] {
  return Object.entries(config).flatMap(([key, value]) => {
    if (!/^net\d+$/.test(key)) return []
    const nic = parts(value)
    const mac = nic.hwaddr ?? nic.macaddr ?? Object.values(nic).find((part) => MAC.test(part)) ?? ''
    return [{key, mac: mac.toUpperCase(), bridge: nic.bridge ?? '', hasFirewall: isSet(nic.firewall)}]
  })
}
