import {isEntry, type Entry} from 'pmpc/kit/proxmox'
import type {Facts} from '../facts.js'
import type {Check} from '../model.js'
import {isSet, maps, number, percent, text} from '../values.js'
import {above, critical, finding, warning} from './grade.js'

/** All OSDs of the tree that `GET …/ceph/osd` answers (pve-manager, PVE/API2/Ceph/OSD.pm (index)). */
function osdsIn(facts: Facts): Entry[] {
  const found: Entry[] = []
  const walk = (entry: Entry): void => {
    if (entry.type === 'osd') found.push(entry)
    maps(entry.children).forEach(walk)
  }
  for (const {root} of facts.list('cephOsds')) if (isEntry(root)) walk(root)
  return found
}

/** Why Ceph is not well, in its own words: of each code that is not muted its summary. */
function reasons(health: Entry): string[] {
  return Object.entries(isEntry(health.checks) ? health.checks : {}).flatMap(([code, check]) => {
    if (!isEntry(check) || check.muted === true) return []
    return [`${code}: ${text(isEntry(check.summary) ? check.summary.message : '')}`]
  })
}

/** Ceph, where there is one. */
export const cephChecks: readonly Check[] = [
  {
    id: 'ceph.health',
    severity: 'critical',
    about: 'Ceph is healthy',
    why: 'Ceph knows best what is wrong with it; what it calls an error has stopped reads or writes.',
    fix: 'ceph health detail; docs.ceph.com/en/latest/rados/operations/health-checks explains each code.',
    reads: ['cephStatus'],
    find: (facts) =>
      facts.list('cephStatus').flatMap(({health}) => {
        const {status, ...rest} = isEntry(health) ? health : {status: ''}
        const why = reasons(rest).join('; ')
        const told = `${text(status)}${why === '' ? '' : `: ${why}`}`
        if (text(status) === 'HEALTH_ERR') return [critical('ceph', told)]
        return text(status) === 'HEALTH_WARN' ? [warning('ceph', told)] : []
      }),
  },
  {
    id: 'ceph.osd',
    severity: 'warning',
    about: 'All OSDs are up and in',
    why: 'Without an OSD Ceph copies its data elsewhere, and has one copy less until it is done.',
    fix: 'systemctl start ceph-osd@ID on its host; look at the disk (disk.smart); ceph osd in ID.',
    reads: ['cephOsds'],
    find: (facts) =>
      osdsIn(facts).flatMap(({name, status, in: isIn}) => {
        if (text(status) === 'down') return [warning(`osd/${text(name)}`, 'it is down')]
        return isIn !== undefined && !isSet(isIn) ? [warning(`osd/${text(name)}`, 'it is out')] : []
      }),
  },
  {
    id: 'ceph.osd-usage',
    severity: 'critical',
    about: 'No OSD is nearly full',
    why: 'The fullest OSD ends the writes of all pools on it (full_ratio, 95% unless set).',
    fix: 'ceph osd df; let the balancer work (ceph balancer on), or add OSDs.',
    reads: ['cephOsds'],
    limits: {warning: {default: 75, is: 'percent used'}, critical: {default: 85, is: 'percent used'}},
    find: (facts, limits) =>
      osdsIn(facts).flatMap(({name, percent_used: used}) =>
        finding(`osd/${text(name)}`, above(number(used), limits), `${percent(number(used))} used`),
      ),
  },
  {
    id: 'ceph.pool-usage',
    severity: 'critical',
    about: 'Pools of Ceph have room',
    why: 'Guests on a full pool stop at their next write.',
    fix: 'Add OSDs, or remove what is not needed; remember that the copies count.',
    reads: ['cephPools'],
    limits: {warning: {default: 75, is: 'percent used'}, critical: {default: 85, is: 'percent used'}},
    find: (facts, limits) =>
      facts.list('cephPools').flatMap(({pool_name: name, percent_used: used}) => {
        // Ceph tells a share of one here (PVE/API2/Ceph/Pool.pm (lspools), `ceph df`).
        const share = number(used) * 100
        return finding(`cephpool/${text(name)}`, above(share, limits), `${percent(share)} used`)
      }),
  },
  {
    id: 'ceph.copies',
    severity: 'critical',
    about: 'Pools of Ceph keep enough copies',
    why: 'With two copies, or with writes to a single one, a disk that fails at the wrong moment loses data.',
    fix: 'ceph osd pool set POOL size 3 && ceph osd pool set POOL min_size 2',
    reads: ['cephPools'],
    find: (facts) =>
      facts.list('cephPools').flatMap(({pool_name: name, type, size, min_size: least}) => {
        if (text(type) === 'erasure') return []
        const told = `size ${number(size)}, min_size ${number(least)}`
        if (number(size) < 2 || number(least) < 1) return [critical(`cephpool/${text(name)}`, told)]
        return number(size) < 3 || number(least) < 2 ? [warning(`cephpool/${text(name)}`, told)] : []
      }),
  },
  {
    id: 'ceph.flags',
    severity: 'warning',
    about: 'No flag of a maintenance is left behind',
    why: 'With noout or norebalance Ceph does not mend itself; somebody has forgotten to take it away.',
    fix: 'ceph osd unset FLAG',
    reads: ['cephOsds'],
    find: (facts) =>
      facts.list('cephOsds').flatMap(({flags}) =>
        text(flags)
          .split(',')
          .filter((flag) =>
            /^(?:noout|noin|noup|nodown|nobackfill|norebalance|norecover|noscrub|nodeep-scrub|pauserd|pausewr)$/.test(
              flag,
            ),
          )
          .map((flag) => warning('ceph', `${flag} is set`)),
      ),
  },
]
