import type {Call} from '../calls/call.js'
import {parseSize} from '../contract/scalars.js'
import type {Guest} from '../state/model.js'
import {isCdrom, volumeOf} from './drives.js'
import {ext4Size} from './ext4.js'

const MiB = 1024 * 1024

/** A steady number from 0 to below 1 for a guest and a purpose, so that figures of idle guests do not jump. */
export function steady(vmid: number, salt: number): number {
  let x = (vmid * 2654435761 + salt * 40503) >>> 0
  x ^= x >>> 15
  x = Math.imul(x, 2246822519) >>> 0
  x ^= x >>> 13
  return (x >>> 0) / 4294967296
}

export function guestName(guest: Guest): string {
  if (guest.type === 'lxc') return String(guest.config.hostname ?? `CT${guest.vmid}`)
  return String(guest.config.name ?? `VM ${guest.vmid}`)
}

/** The most virtual CPUs that a machine can have. */
export const maxCpus = ({config}: Guest): number => Number(config.sockets ?? 1) * Number(config.cores ?? 1)

/** Virtual CPUs of a guest. Containers without a limit see all of the node's, machines no more than it has. */
export function guestCpus(guest: Guest, nodeCpus: number): number {
  if (guest.type === 'lxc') return Number(guest.config.cores ?? guest.config.cpulimit ?? nodeCpus) || nodeCpus
  return Number(guest.config.vcpus ?? 0) || Math.min(maxCpus(guest), nodeCpus)
}

/** Configured memory in bytes. */
export function guestMemory(guest: Guest): number {
  const text = String(guest.config.memory ?? 512)
  return Number(/(?:^|current=)(\d+)/.exec(text)?.[1] ?? 512) * MiB
}

function sizeOf(value: string | number | undefined): number {
  const size = /(?:^|,)size=([^,]+)/.exec(String(value ?? ''))?.[1]
  return size === undefined ? 0 : (parseSize(size) ?? 0)
}

/** Whether a container's volume is an image with a file system, not a directory or a dataset. */
const isImage = (value: string | number | undefined): boolean => /(?:^|:|\/)vm-\d+-disk-\d+/.test(volumeOf(value ?? ''))

/** What PVE takes for the size of a container's root that has none. */
const unsizedRoot = 4 * 1024 ** 3

/** Size of the boot disk in bytes, the only one that lists show. */
export function guestDisk(guest: Guest): number {
  if (guest.type === 'lxc') {
    const {rootfs = ''} = guest.config
    const size = sizeOf(rootfs) || unsizedRoot
    const made = guest.rootMade?.volid === volumeOf(rootfs) ? guest.rootMade.size : size
    return guest.running && isImage(rootfs) ? ext4Size(size, made) : size
  }
  const order = /order=([^,]*)/.exec(String(guest.config.boot ?? ''))?.[1]?.split(';') ?? []
  const candidates = [...order, String(guest.config.bootdisk ?? '')]
  const key = candidates.find(
    (name) => guest.config[name] !== undefined && !name.startsWith('net') && !isCdrom(guest.config[name]!),
  )
  return key === undefined ? 0 : sizeOf(guest.config[key])
}

/** Figures of pvestatd for a guest: configured sizes and, while it runs, what it uses. */
export function guestFigures(guest: Guest, nodeCpus: number, now: number): Record<string, unknown> {
  const running = guest.running
  const uptime = running ? Math.max(1, now - guest.startTime) : 0
  const maxmem = guestMemory(guest)
  const share = 0.2 + steady(guest.vmid, 1) * 0.6
  const rate = 1000 + Math.floor(steady(guest.vmid, 2) * 50_000)
  const mem = running ? (guest.usage?.memory ?? Math.floor(maxmem * share)) : 0
  const figures: Record<string, unknown> = {
    vmid: guest.vmid,
    name: guestName(guest),
    status: running ? 'running' : 'stopped',
    cpus: guestCpus(guest, nodeCpus),
    cpu: running ? Math.floor(steady(guest.vmid + Math.floor(now / 10), 3) * 1e4) / 1e5 : 0,
    mem,
    maxmem,
    disk: guest.type === 'lxc' && running ? (guest.usage?.disk ?? Math.floor(guestDisk(guest) * 0.3)) : 0,
    maxdisk: guestDisk(guest),
    uptime,
    netin: running ? rate * uptime : 0,
    netout: running ? Math.floor(rate * uptime * 0.4) : 0,
  }
  if (guest.lock !== undefined) figures.lock = guest.lock
  if (guest.config.tags !== undefined) figures.tags = guest.config.tags
  if (Number(guest.config.template ?? 0) === 1) figures.template = 1
  return guest.type === 'lxc'
    ? {...figures, ...containerFigures(guest, uptime, maxmem)}
    : {...figures, ...machineFigures(guest, mem)}
}

/** Pressure stall figures: text for containers, numbers for machines. */
function pressures(value: string | number): Record<string, string | number> {
  const kinds = ['cpu', 'io', 'memory'].flatMap((kind) => [`pressure${kind}full`, `pressure${kind}some`])
  return Object.fromEntries(kinds.map((kind) => [kind, value]))
}

function containerFigures(guest: Guest, uptime: number, maxmem: number): Record<string, unknown> {
  const {running} = guest
  return {
    type: 'lxc',
    maxswap: Number(guest.config.swap ?? 0) * MiB,
    swap: 0,
    diskread: running ? uptime * 20_480 : 0,
    diskwrite: running ? uptime * 4096 : 0,
    ...(running && {pid: guest.pid, ...pressures('0.00')}),
    ...(maxmem === 0 && {maxmem: 0}),
  }
}

function machineFigures(guest: Guest, mem: number): Record<string, unknown> {
  const balloon = Number(guest.config.balloon ?? 0) * MiB
  const {running} = guest
  const ballooning = balloon > 0 && balloon < guestMemory(guest)
  return {
    memhost: running ? mem + 48 * MiB : 0,
    ...(Object.keys(guest.config).some((key) => /^serial\d$/.test(key)) && {serial: 1}),
    ...(ballooning && {balloon_min: balloon, shares: Number(guest.config.shares ?? 1000)}),
    ...(running && {pid: guest.pid, ...pressures(0)}),
  }
}

/** Figures of one guest for lists below a node. */
export function liveFigures(call: Call, guest: Guest): Record<string, unknown> {
  const figures = guestFigures(guest, call.sim.state.nodes[guest.node]?.cpus ?? 1, call.sim.now())
  if (call.sim.settings.release === '8.4') delete figures.memhost
  return figures
}
