import type {Call} from '../calls/call.js'
import type {Guest} from '../state/model.js'
import {isCdrom, qemuDrive} from './drives.js'
import {guestMemory, steady} from './figures.js'
import {versionOf} from '../calls/node.js'
import {runningMachine} from './vm-state.js'

/** What QEMU counts of a drive, beside what is below. Seen on real hosts. */
const uncounted = Object.fromEntries(
  ['rd', 'wr', 'flush', 'unmap', 'zone_append'].flatMap((kind) => [
    [`failed_${kind}_operations`, 0],
    [`invalid_${kind}_operations`, 0],
    [`${kind}_operations`, 0],
    [`${kind}_total_time_ns`, 0],
    ...(kind === 'flush' ? [] : [[`${kind}_merged`, 0]]),
    ...(kind === 'flush' ? [] : [[`${kind}_bytes`, 0]]),
  ]),
) as Record<string, number>

const support = {
  'backup-access-api': true,
  'backup-fleecing': true,
  'backup-max-workers': true,
  'pbs-dirty-bitmap': true,
  'pbs-dirty-bitmap-migration': true,
  'pbs-dirty-bitmap-savevm': true,
  'pbs-library-version': '2.0.2 (594183eab9fa275f45dfff5dd15b16f150abd503)',
  'pbs-masterkey': true,
  'query-bitmap-info': true,
}

function driveStatistics(config: string | number, uptime: number, salt: number): Record<string, unknown> {
  const isWritten = !isCdrom(config)
  const rate = Math.floor(steady(salt, 4) * 20_000)
  const counted = isWritten
    ? {rd_bytes: rate * uptime, wr_bytes: Math.floor(rate / 4) * uptime, rd_operations: uptime, wr_operations: uptime}
    : {}
  return {
    ...uncounted,
    ...counted,
    account_failed: true,
    account_invalid: true,
    idle_time_ns: 1_000_000,
    timed_stats: [],
    wr_highest_offset: isWritten ? rate * 100_000 : 0,
  }
}

const sum = (statistics: Record<string, unknown>[], key: string): number =>
  statistics.reduce((total, one) => total + Number(one[key]), 0)

/** Statistics of the drives of a machine that runs, by drive. */
function drivesOf(guest: Guest, uptime: number): Record<string, Record<string, unknown>> {
  const keys = Object.keys(guest.config).filter((key) => qemuDrive.test(key))
  return Object.fromEntries(
    keys.map((key, index) => [key, driveStatistics(guest.config[key]!, uptime, guest.vmid + index)]),
  )
}

/** Traffic of each of a machine's network devices. */
function nicsOf(guest: Guest, netin: number, netout: number): Record<string, {netin: number; netout: number}> {
  const indexes = Object.keys(guest.config).flatMap((key) => /^net(\d+)$/.exec(key)?.[1] ?? [])
  return Object.fromEntries(
    indexes.map((index, at) => [
      `tap${guest.vmid}i${index}`,
      // What a machine moves, its first one does.
      at === 0 ? {netin, netout} : {netin: 0, netout: 0},
    ]),
  )
}

/** Pages that a guest's system has read and written. */
const paging = {major_page_faults: 579, minor_page_faults: 190_380, mem_swapped_in: 0, mem_swapped_out: 0}

/** Memory of a machine, unless it has no balloon; only the driver in its system tells how it uses it. */
function balloonFigures(guest: Guest, used: number, now: number): Record<string, unknown> {
  if (String(guest.config.balloon) === '0') return {}
  const memory = guestMemory(guest)
  const size = {actual: memory, max_mem: memory}
  if (guest.blank) return {balloon: memory, ballooninfo: size}
  const free = memory - used
  const told = {...paging, free_mem: free, total_mem: memory, last_update: now}
  return {balloon: memory, freemem: free, ballooninfo: {...size, ...told}}
}

/**
 * What the monitor of a machine tells while it runs; that of a distribution's QEMU does not.
 * Fact: qemu-server, PVE/QemuServer.pm (vmstatus), and seen on real hosts.
 */
export function monitorFigures(call: Call, guest: Guest, figures: Record<string, unknown>): Record<string, unknown> {
  if (call.sim.state.world.plainQemu || !guest.running) return {}
  const [uptime, netin, netout, mem] = ['uptime', 'netin', 'netout', 'mem'].map((key) => Number(figures[key]))
  const blockstat = drivesOf(guest, uptime!)
  return {
    'running-qemu': versionOf(call).qemu,
    'running-machine': runningMachine(call, guest),
    'proxmox-support': support,
    blockstat,
    diskread: sum(Object.values(blockstat), 'rd_bytes'),
    diskwrite: sum(Object.values(blockstat), 'wr_bytes'),
    nics: nicsOf(guest, netin!, netout!),
    ...balloonFigures(guest, mem!, call.sim.now()),
  }
}
