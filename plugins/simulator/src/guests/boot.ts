import type {Config} from '../state/model.js'
import {isCdrom} from './drives.js'

const disk = /^(?:ide|sata|scsi|virtio)\d+$/

function sortedBuses(config: Config): string[] {
  const buses = ['ide', 'scsi', 'virtio', 'sata']
  const rank = (key: string): number => buses.indexOf(key.replace(/\d+$/, '')) * 1000 + Number(/\d+$/.exec(key)?.[0])
  return Object.keys(config)
    .filter((key) => disk.test(key))
    .sort((a, b) => rank(a) - rank(b))
}

/** The boot order of a new machine: first disk, first CD-ROM, first NIC. Fact: qemu-server, PVE/QemuServer.pm (get_default_bootdevices). */
export function defaultBoot(config: Config): string {
  const drives = sortedBuses(config)
  const first = drives.find((key) => !isCdrom(config[key]!))
  const cdrom = drives.find((key) => isCdrom(config[key]!) && !/cloudinit/.test(String(config[key])))
  const seed = drives.find((key) => isCdrom(config[key]!))
  const net = Object.keys(config)
    .filter((key) => /^net\d+$/.test(key))
    .sort((a, b) => Number(a.slice(3)) - Number(b.slice(3)))[0]
  const order = [first, cdrom ?? seed, net].filter((key) => key !== undefined)
  return order.length > 0 ? `order=${order.join(';')}` : ''
}

/** Devices of a boot order. */
export function bootDevices(value: string | number | undefined): string[] {
  const order = /(?:^|,)order=([^,]*)/.exec(String(value ?? ''))?.[1]
  return order === undefined ? [] : order.split(';').filter((device) => device !== '')
}
