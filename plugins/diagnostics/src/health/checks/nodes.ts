import {isEntry} from 'pmpc/kit/proxmox'
import type {Facts} from '../facts.js'
import type {Check} from '../model.js'
import {bytesText, GIB, maps, number, percent, text} from '../values.js'
import {byVersion} from './cluster.js'
import {above, critical, finding, warning} from './grade.js'

/** Without these a node does its work badly or not at all (pve-manager, PVE/API2/Services.pm). */
const vital = ['pveproxy', 'pvedaemon', 'pvestatd', 'pve-cluster', 'pvescheduler']
/** Any of these keeps the time (pve-manager, PVE/CLI/pve8to9.pm (check_time_sync)). */
const timekeepers = ['chrony', 'systemd-timesyncd', 'ntp', 'ntpsec', 'openntpd']
/** Optional, or in use with something else only. */
const seldom = ['ksmtuned', 'postfix', 'spiceproxy', 'pvefw-logger', 'proxmox-firewall', ...timekeepers]

const isRunning = (entry: Record<string, unknown>): boolean => text(entry['active-state']) === 'active'

/** How far the clock of each node is ahead of this machine's, in seconds, and how exactly that is known. */
function drifts(facts: Facts): {node: string; ahead: number; exact: number}[] {
  return facts.answers('time').flatMap(({place, data, asked, answered}) => {
    if (!isEntry(data)) return []
    // PVE tells whole seconds: half of one is what it leaves out on average.
    const ahead = number(data.time) + 0.5 - (asked + answered) / 2000
    return [{node: place.node!, ahead, exact: 0.5 + (answered - asked) / 2000}]
  })
}

/** A part of an answer that is a map. */
const inner = (value: unknown): Record<string, unknown> => (isEntry(value) ? value : {})

/** The nodes themselves. */
export const nodeChecks: readonly Check[] = [
  {
    id: 'service.state',
    severity: 'critical',
    about: 'The services of the nodes run',
    why: 'Without pvestatd figures stand still, without pvescheduler no backup and no replication begins, without corosync a node leaves the cluster.',
    fix: 'systemctl restart SERVICE, and look at journalctl -u SERVICE.',
    reads: ['services', 'status'],
    find: (facts) => {
      const needed = facts.list('status').some(({type}) => type === 'cluster') ? [...vital, 'corosync'] : vital
      return facts
        .atNodes('services')
        .filter(({entry}) => !isRunning(entry))
        .flatMap(({node, entry}) => {
          const [name, unit] = [text(entry.service), text(entry['unit-state'])]
          if (needed.includes(name)) return [critical(`node/${node}`, `${name} is ${text(entry.state)}`)]
          const isMeant = unit === 'enabled' && name !== 'corosync' && !seldom.includes(name)
          return isMeant ? [warning(`node/${node}`, `${name} is ${text(entry.state)}`)] : []
        })
    },
  },
  {
    id: 'time.sync',
    severity: 'warning',
    about: 'Something keeps the time of the nodes',
    why: 'Clocks that go apart make tickets invalid, Ceph complain and logs lie.',
    fix: 'systemctl enable --now chrony',
    reads: ['services'],
    find: (facts) =>
      facts.answers('services').flatMap(({place, data}) => {
        const runs = maps(data).some((entry) => timekeepers.includes(text(entry.service)) && isRunning(entry))
        return runs ? [] : [warning(`node/${place.node}`, 'no service keeps its time')]
      }),
  },
  {
    id: 'time.drift',
    severity: 'critical',
    about: 'The clocks of the nodes are right',
    why: 'Tickets are refused where clocks differ by much, and certificates seem to be of another day.',
    fix: 'chronyc sources on the node; where all nodes differ alike, it is the clock of this machine.',
    reads: ['time'],
    limits: {
      warning: {default: 3, is: 'seconds between the clock of a node and that of this machine'},
      critical: {default: 30, is: 'the same'},
    },
    find: (facts, limits) =>
      drifts(facts).flatMap(({node, ahead, exact}) => {
        const severity = above(Math.abs(ahead) - exact, limits)
        const way = ahead > 0 ? 'ahead' : 'behind'
        return finding(`node/${node}`, severity, `its clock is ${Math.round(Math.abs(ahead))} s ${way}`)
      }),
  },
  {
    id: 'time.skew',
    severity: 'warning',
    about: 'The clocks of the nodes agree',
    why: 'Ceph warns from 0.05 s on, and corosync, HA and logs of several nodes are read side by side.',
    fix: 'chronyc tracking on the nodes: let all ask the same servers.',
    reads: ['time'],
    limits: {warning: {default: 2, is: 'seconds between the clocks of two nodes'}},
    find: (facts, limits) => {
      const known = drifts(facts).toSorted((a, b) => a.ahead - b.ahead)
      const [first, last] = [known[0], known.at(-1)]
      if (!first || !last || first === last) return []
      const apart = last.ahead - first.ahead
      const severity = above(apart - first.exact - last.exact, limits)
      return finding(
        `node/${last.node}`,
        severity,
        `its clock is ${Math.round(apart)} s ahead of that of ${first.node}`,
      )
    },
  },
  {
    id: 'rootfs.usage',
    severity: 'critical',
    about: 'The root file systems of the nodes have room',
    why: 'Without room the configuration database stops, logs end and updates break off.',
    fix: 'Clean up /var/lib/vz/dump, old ISO images and kernels: du -xsh /* | sort -h.',
    reads: ['node'],
    limits: {
      warning: {default: 85, is: 'percent used'},
      critical: {default: 95, is: 'percent used'},
      free: {default: 5, is: 'GiB that have to be free, or it is critical'},
    },
    find: (facts, limits) =>
      facts.atNodes('node').flatMap(({node, entry}) => {
        const {used, total, avail} = inner(entry.rootfs)
        if (number(total) === 0) return []
        const share = (number(used) * 100) / number(total)
        const short = number(avail) < limits.free! * GIB ? 'critical' : undefined
        const left = `${percent(share)} used, ${bytesText(number(avail))} free`
        return finding(`node/${node}`, short ?? above(share, limits), left)
      }),
  },
  {
    id: 'memory.usage',
    severity: 'critical',
    about: 'The nodes have memory left',
    why: 'Where memory ends the kernel kills processes: those of guests are the largest.',
    fix: 'Move or shrink guests (pmpc migrate); limit the ARC of ZFS (zfs_arc_max).',
    reads: ['node'],
    limits: {warning: {default: 90, is: 'percent used'}, critical: {default: 97, is: 'percent used'}},
    find: (facts, limits) =>
      facts.atNodes('node').flatMap(({node, entry}) => {
        const {used, total} = inner(entry.memory)
        const share = number(total) === 0 ? 0 : (number(used) * 100) / number(total)
        return finding(`node/${node}`, above(share, limits), `${percent(share)} of its memory is used`)
      }),
  },
  {
    id: 'swap.usage',
    severity: 'warning',
    about: 'The nodes do not live on swap',
    why: 'What is swapped out makes guests slow, and is a sign of too little memory.',
    fix: 'Move guests away, then swapoff -a && swapon -a.',
    reads: ['node'],
    limits: {warning: {default: 50, is: 'percent used'}},
    find: (facts, limits) =>
      facts.atNodes('node').flatMap(({node, entry}) => {
        const {used, total} = inner(entry.swap)
        const share = number(total) === 0 ? 0 : (number(used) * 100) / number(total)
        return finding(`node/${node}`, above(share, limits), `${percent(share)} of its swap is used`)
      }),
  },
  {
    id: 'cpu.load',
    severity: 'warning',
    about: 'The nodes keep up with their load',
    why: 'More processes than threads wait for each other: guests stutter, corosync misses its turn.',
    fix: 'Find who it is (top, pmpc get guests -o wide), and move guests to other nodes.',
    reads: ['node'],
    limits: {warning: {default: 1.5, is: 'load of the last five minutes by thread'}},
    find: (facts, limits) =>
      facts.atNodes('node').flatMap(({node, entry}) => {
        const load = number(Array.isArray(entry.loadavg) ? entry.loadavg[1] : 0)
        const threads = number(inner(entry.cpuinfo).cpus)
        const share = threads === 0 ? 0 : load / threads
        return finding(`node/${node}`, above(share, limits), `a load of ${load} on ${threads} threads`)
      }),
  },
  {
    id: 'kernel.reboot',
    severity: 'warning',
    about: 'The nodes run the newest kernel that they have',
    why: 'A kernel that is installed and not started mends no hole.',
    fix: 'Empty the node (pmpc migrate) and restart it.',
    reads: ['packages', 'node'],
    find: (facts) => {
      const running = new Map(
        facts.atNodes('node').map(({node, entry}) => [node, text(inner(entry['current-kernel']).release)]),
      )
      return facts.answers('packages').flatMap(({place, data}) => {
        const installed = maps(data).flatMap(kernelIn).toSorted(byVersion)
        const [newest, now] = [installed.at(-1), running.get(place.node!)]
        if (newest === undefined || !now || byVersion(now, newest) >= 0) return []
        return [warning(`node/${place.node}`, `it runs ${now}, and ${newest} is installed`)]
      })
    },
  },
  {
    id: 'host.resolve',
    severity: 'critical',
    about: 'The names of the nodes lead to their own addresses',
    why: 'Where a name leads to 127.0.1.1 or to another machine, the cluster, migrations and consoles of that node fail.',
    fix: 'Correct the line of the node in /etc/hosts.',
    reads: ['hosts', 'network'],
    find: (facts) => {
      const addresses = new Map(facts.answers('network').map(({place, data}) => [place.node!, addressesIn(data)]))
      return facts.atNodes('hosts').flatMap(({node, entry}) => {
        const address = addressOf(node, text(entry.data))
        if (address === undefined) return []
        if (/^127\.|^::1$/.test(address)) return [critical(`node/${node}`, `its name leads to ${address}`)]
        const own = addresses.get(node)
        const isForeign = own !== undefined && own.length > 0 && !own.includes(address)
        return isForeign
          ? [critical(`node/${node}`, `its name leads to ${address}, which is none of its addresses`)]
          : []
      })
    },
  },
]

/** `6.14.11-2-pve` of an installed package of a kernel. */
function kernelIn({Package: name, CurrentState: state}: Record<string, unknown>): string[] {
  const found = /^(?:proxmox|pve)-kernel-(\d+\.\d+\.\d+-\d+-pve)(?:-signed)?$/.exec(text(name))?.[1]
  return found === undefined || state !== 'Installed' ? [] : [found]
}

/** Addresses of a node's interfaces, as its configuration says; those of DHCP are not in it. */
function addressesIn(answer: unknown): string[] {
  const interfaces = maps(inner(answer).data)
  if (interfaces.some(({method, method6}) => method === 'dhcp' || method6 === 'auto' || method6 === 'dhcp')) return []
  return interfaces.flatMap(({address, address6}) => [text(address), text(address6)]).filter((one) => one !== '')
}

/** The address of a name in a file of hosts: the first line that has it. */
function addressOf(name: string, hosts: string): string | undefined {
  for (const line of hosts.split('\n')) {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (names.some((one) => one === name || one.startsWith(`${name}.`))) return address
  }
  return undefined
}
