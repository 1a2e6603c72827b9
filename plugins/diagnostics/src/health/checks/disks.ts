import type {Check} from '../model.js'
import {bytesText, DAY, number, percent, text} from '../values.js'
import {above, below, critical, finding} from './grade.js'

/** What smartctl says of a disk that is well: of ATA, SCSI and NVMe (pve-storage, PVE/Diskmanage.pm (get_smart_data)); UNKNOWN says nothing. */
const healthy = /^(?:PASSED|OK|UNKNOWN|)$/

/** Disks of the nodes, thin pools and ZFS. */
export const diskChecks: readonly Check[] = [
  {
    id: 'thinpool.data',
    severity: 'critical',
    about: 'Thin pools have room',
    why: 'All guests on a full thin pool stop writing at once, whatever their own file systems say.',
    fix: 'Discard what guests have freed (fstrim -av in them), remove snapshots, or lvextend the pool.',
    reads: ['thinPools'],
    limits: {warning: {default: 85, is: 'percent used'}, critical: {default: 95, is: 'percent used'}},
    find: (facts, limits) =>
      facts.atNodes('thinPools').flatMap(({node, entry}) => {
        const share = number(entry.lv_size) === 0 ? 0 : (number(entry.used) * 100) / number(entry.lv_size)
        const name = `thinpool/${node}/${text(entry.vg)}/${text(entry.lv)}`
        return finding(name, above(share, limits), `${percent(share)} of ${bytesText(number(entry.lv_size))} used`)
      }),
  },
  {
    id: 'thinpool.meta',
    severity: 'critical',
    about: 'The metadata of thin pools has room',
    why: 'A pool whose metadata is full goes read-only, and can often be mended offline only.',
    fix: 'lvextend --poolmetadatasize +1G VG/POOL',
    reads: ['thinPools'],
    limits: {warning: {default: 70, is: 'percent used'}, critical: {default: 85, is: 'percent used'}},
    find: (facts, limits) =>
      facts.atNodes('thinPools').flatMap(({node, entry}) => {
        const total = number(entry.metadata_size)
        const share = total === 0 ? 0 : (number(entry.metadata_used) * 100) / total
        const name = `thinpool/${node}/${text(entry.vg)}/${text(entry.lv)}`
        return finding(name, above(share, limits), `${percent(share)} of its metadata used`)
      }),
  },
  {
    id: 'zfs.health',
    severity: 'critical',
    about: 'ZFS pools are online',
    why: 'A degraded pool survives no further disk, and a faulted one is out of reach.',
    fix: 'zpool status -v; replace the disk: zpool replace POOL OLD NEW.',
    reads: ['zpools'],
    find: (facts) =>
      facts
        .atNodes('zpools')
        .filter(({entry}) => text(entry.health) !== 'ONLINE')
        .map(({node, entry}) => critical(`zpool/${node}/${text(entry.name)}`, `it is ${text(entry.health)}`)),
  },
  {
    id: 'zfs.usage',
    severity: 'critical',
    about: 'ZFS pools have room',
    why: 'Above four fifths ZFS looks long for free blocks, and becomes slow; full, it cannot even remove.',
    fix: 'Remove snapshots and old disks, or add a further mirror: zpool add.',
    reads: ['zpools'],
    limits: {warning: {default: 80, is: 'percent used'}, critical: {default: 92, is: 'percent used'}},
    find: (facts, limits) =>
      facts.atNodes('zpools').flatMap(({node, entry}) => {
        const share = number(entry.size) === 0 ? 0 : (number(entry.alloc) * 100) / number(entry.size)
        return finding(
          `zpool/${node}/${text(entry.name)}`,
          above(share, limits),
          `${percent(share)} of ${bytesText(number(entry.size))} used`,
        )
      }),
  },
  {
    id: 'zfs.errors',
    severity: 'critical',
    about: 'ZFS pools have no damaged data',
    why: 'Blocks that ZFS cannot mend are lost, in files that only a backup brings back.',
    fix: 'zpool status -v names the files: restore them, then zpool clear and zpool scrub.',
    reads: ['zpool'],
    find: (facts) =>
      facts.answers('zpool').flatMap(({place, data}) => {
        const errors = text((data as {errors?: unknown}).errors)
        return errors === '' || /^No known data errors/i.test(errors)
          ? []
          : [critical(`zpool/${place.node}/${place.pool}`, errors)]
      }),
  },
  {
    id: 'zfs.scrub',
    severity: 'warning',
    about: 'ZFS pools are read through now and then',
    why: 'Only a scrub finds what has rotted while there is another copy of it.',
    fix: 'zpool scrub POOL; the package zfsutils-linux does so each month by itself (/etc/cron.d/zfsutils-linux).',
    reads: ['zpool'],
    limits: {warning: {default: 35, is: 'days since the last scrub'}},
    find: (facts, limits) =>
      facts.answers('zpool').flatMap(({place, data}) => {
        // `scrub repaired 0B in 00:02:11 with 0 errors on Sun Nov  8 00:26:12 2026`, in the time of the node.
        const scan = text((data as {scan?: unknown}).scan)
        const when = Date.parse(/\bon \w{3} (\w{3} +\d+ [\d:]{8} \d{4})/.exec(scan)?.[1] ?? '')
        if (!/^scrub/.test(scan) || Number.isNaN(when)) return []
        const days = (facts.now - when / 1000) / DAY
        return finding(
          `zpool/${place.node}/${place.pool}`,
          above(days, limits),
          `its last scrub is ${Math.floor(days)} days ago`,
        )
      }),
  },
  {
    id: 'disk.smart',
    severity: 'critical',
    about: 'The disks say that they are well',
    why: 'A disk that fails its own test is about to be gone.',
    fix: 'Back up what is on it (pmpc backup), and replace it; smartctl -a DEVICE tells more.',
    reads: ['disks'],
    find: (facts) =>
      facts
        .atNodes('disks')
        .filter(({entry}) => !healthy.test(text(entry.health)))
        .map(({node, entry}) =>
          critical(`disk/${node}${text(entry.devpath)}`, `${text(entry.model)} says ${text(entry.health)}`),
        ),
  },
  {
    id: 'disk.wearout',
    severity: 'critical',
    about: 'Flash disks are not worn out',
    why: 'At the end of what it can write a disk becomes slow, or read-only.',
    fix: 'Plan its replacement, and look who writes so much (iotop, pmpc describe).',
    reads: ['disks'],
    limits: {
      warning: {default: 10, is: 'percent that is left of what it can write'},
      critical: {default: 3, is: 'the same'},
    },
    find: (facts, limits) =>
      facts
        .atNodes('disks')
        // `N/A` where the disk does not tell, or has nothing to tell.
        .filter(({entry}) => typeof entry.wearout === 'number')
        .flatMap(({node, entry}) =>
          finding(
            `disk/${node}${text(entry.devpath)}`,
            below(number(entry.wearout), limits),
            `${number(entry.wearout)}% are left of ${text(entry.model)}`,
          ),
        ),
  },
]
