import {HOUR, measure, configure, ceph, osd, pool, type Wrong} from './makes.js'
import {addBackup, addTask, DAY, GIB} from '../well.js'

/** Storages, disks, Ceph, backups. */
export const storages: Readonly<Record<string, readonly Wrong[]>> = {
  'storage.active': [
    {
      is: 'it is gone on a node',
      make: ({state}) => void (state.storages.tank!.gone = ['pve2']),
      object: 'storage/pve2/tank',
      result: 'critical',
    },
  ],
  'storage.usage': [
    {
      is: 'it is nearly full',
      make: ({state}) => void (state.storages.nas!.used = Math.floor(0.9 * state.storages.nas!.total)),
      object: 'storage/nas',
      says: /90%/,
    },
    {
      is: 'it is full',
      make: ({state}) => void (state.storages.nas!.used = Math.floor(0.97 * state.storages.nas!.total)),
      object: 'storage/nas',
      result: 'critical',
    },
  ],
  'storage.trend': [
    {
      is: 'it fills in three weeks',
      make: ({state}) => void Object.assign(state.storages.nas!, {used: 6 * 1024 * GIB, growth: 100 * GIB}),
      object: 'storage/nas',
      says: /full in (19|20|21) days/,
    },
    {
      is: 'it fills in days',
      make: ({state}) => void Object.assign(state.storages.nas!, {used: 7.5 * 1024 * GIB, growth: 100 * GIB}),
      object: 'storage/nas',
      result: 'critical',
    },
  ],
  'storage.promises': [
    {
      is: 'they grew by much in ten days',
      make: () => undefined,
      promised: (now) => [
        {at: now - 10 * DAY, bytes: new Map([['pve1 thin', 50 * GIB]])},
        {at: now, bytes: new Map([['pve1 thin', 150 * GIB]])},
      ],
      object: 'storage/pve1/thin',
      says: /to 100 GiB more than 10 days before; at that pace to all it has in 1[45] days/,
    },
  ],
  'storage.overcommit': [
    {
      is: 'disks may grow to more than there is',
      make: ({state}) =>
        void (state.volumes['pve2|thin:vm-101-disk-9'] = {
          volid: 'thin:vm-101-disk-9',
          node: 'pve2',
          size: 900 * GIB,
          used: 0,
          format: 'raw',
          content: 'images',
          vmid: 101,
          ctime: 0,
        }),
      object: 'storage/pve2/thin',
    },
  ],
  'storage.content': [
    {
      is: 'it is not meant for disks',
      make: ({state}) => void (state.storages.thin!.config.content = 'rootdir'),
      object: 'vm/101',
      says: /not meant for images/,
    },
    {
      is: 'there is no such storage',
      make: configure(101, {scsi1: 'gone:vm-101-disk-1,size=4G'}),
      object: 'vm/101',
      result: 'critical',
    },
  ],
  'guest.disk-missing': [
    {
      is: 'a disk is gone',
      make: ({state}) => void delete state.volumes['pve2|thin:vm-101-disk-0'],
      object: 'vm/101',
      result: 'critical',
      says: /scsi0 is thin:vm-101-disk-0/,
    },
    {
      is: 'a shared disk is gone',
      make: ({state}) => void delete state.volumes['|nas:100/vm-100-disk-0.qcow2'],
      object: 'vm/100',
      result: 'critical',
    },
  ],
  'guest.unused': [
    {is: 'a disk is unused', make: configure(101, {unused0: 'thin:vm-101-disk-7'}), object: 'vm/101', says: /unused0/},
  ],
  'volume.orphan': [
    {
      is: 'a disk is nobody’s',
      make: ({state}) =>
        void (state.volumes['pve1|tank:vm-900-disk-0'] = {
          volid: 'tank:vm-900-disk-0',
          node: 'pve1',
          size: 40 * GIB,
          used: 0,
          format: 'raw',
          content: 'images',
          vmid: 900,
          ctime: 0,
        }),
      object: 'storage/pve1/tank',
      says: /vm-900-disk-0 \(40 GiB\)/,
    },
  ],
  'thinpool.data': [
    {
      is: 'it is nearly full',
      make: ({state}) => void (state.storages.thin!.used = 0.9 * state.nodes.pve1!.disks!.groups.pve!.thin.data!.size),
      object: ['thinpool/pve1/pve/data', 'thinpool/pve2/pve/data', 'thinpool/pve3/pve/data'],
    },
  ],
  'thinpool.meta': [
    {
      is: 'it is nearly full',
      make: (given) =>
        measure('pve1', {
          thinMetadata: {'pve/data': Math.floor(0.75 * given.state.nodes.pve1!.disks!.groups.pve!.thin.data!.metadata)},
        })(given),
      object: 'thinpool/pve1/pve/data',
      says: /75%/,
    },
    {
      is: 'it is full',
      make: (given) =>
        measure('pve1', {
          thinMetadata: {'pve/data': Math.floor(0.9 * given.state.nodes.pve1!.disks!.groups.pve!.thin.data!.metadata)},
        })(given),
      object: 'thinpool/pve1/pve/data',
      result: 'critical',
    },
  ],
  'zfs.health': [
    {
      is: 'it is degraded',
      make: measure('pve1', {zpools: {tank: {health: 'DEGRADED'}}}),
      object: 'zpool/pve1/tank',
      result: 'critical',
    },
  ],
  'zfs.usage': [
    {is: 'it is nearly full', make: measure('pve1', {zpools: {tank: {alloc: 3400 * GIB}}}), object: 'zpool/pve1/tank'},
    {
      is: 'it is full',
      make: measure('pve1', {zpools: {tank: {alloc: 3800 * GIB}}}),
      object: 'zpool/pve1/tank',
      result: 'critical',
    },
  ],
  'zfs.errors': [
    {
      is: 'data are lost',
      make: measure('pve1', {zpools: {tank: {errors: "3 data errors, use '-v' for a list"}}}),
      object: 'zpool/pve1/tank',
      result: 'critical',
    },
  ],
  'zfs.scrub': [
    {
      is: 'the last one is old',
      make: measure('pve1', {
        zpools: {tank: {scan: 'scrub repaired 0B in 00:10:03 with 0 errors on Sun Mar  8 00:34:04 2026'}},
      }),
      object: 'zpool/pve1/tank',
    },
  ],
  'disk.smart': [
    {
      is: 'a disk fails',
      make: ({state}) => void (state.nodes.pve1!.disks!.disks[1]!.health = 'FAILED'),
      object: 'disk/pve1/dev/sdb',
      result: 'critical',
    },
  ],
  'disk.wearout': [
    {
      is: 'a disk is worn',
      make: ({state}) => void Object.assign(state.nodes.pve1!.disks!.disks[0]!, {kind: 'ssd', wearout: 8}),
      object: 'disk/pve1/dev/sda',
      says: /8%/,
    },
    {
      is: 'a disk is worn out',
      make: ({state}) => void Object.assign(state.nodes.pve1!.disks!.disks[0]!, {kind: 'ssd', wearout: 1}),
      object: 'disk/pve1/dev/sda',
      result: 'critical',
    },
  ],
  'ceph.health': [
    {
      is: 'it warns',
      make: ceph({
        health: 'HEALTH_WARN',
        checks: {
          OSD_DOWN: {severity: 'HEALTH_WARN', message: '1 osds down'},
          POOL_NO_REDUNDANCY: {severity: 'HEALTH_WARN', message: 'hushed', muted: true},
        },
      }),
      object: 'ceph',
      says: /^ceph: HEALTH_WARN: OSD_DOWN: 1 osds down$/,
    },
    {is: 'it is in error', make: ceph({health: 'HEALTH_ERR'}), object: 'ceph', result: 'critical'},
  ],
  'ceph.osd': [
    {is: 'one is down', make: ceph({osds: osd({up: false})}), object: 'osd/osd.3', says: /down/},
    {is: 'one is out', make: ceph({osds: osd({in: false})}), object: 'osd/osd.3', says: /out/},
  ],
  'ceph.osd-usage': [
    {is: 'one is nearly full', make: ceph({osds: osd({used: 800 * GIB})}), object: 'osd/osd.3'},
    {is: 'one is full', make: ceph({osds: osd({used: 900 * GIB})}), object: 'osd/osd.3', result: 'critical'},
  ],
  'ceph.pool-usage': [
    {is: 'one is nearly full', make: ceph({pools: pool({used: 0.8})}), object: 'cephpool/vms', says: /80%/},
    {is: 'one is full', make: ceph({pools: pool({used: 0.9})}), object: 'cephpool/vms', result: 'critical'},
  ],
  'ceph.copies': [
    {is: 'there are two', make: ceph({pools: pool({size: 2})}), object: 'cephpool/vms'},
    {is: 'there is one', make: ceph({pools: pool({size: 1, minSize: 1})}), object: 'cephpool/vms', result: 'critical'},
  ],
  'ceph.flags': [{is: 'noout is set', make: ceph({flags: ['noout']}), object: 'ceph', says: /noout is set/}],
  'backup.coverage': [
    {
      is: 'a guest is in no job',
      make: ({state}) => void (state.sections.jobs!.nightly!.exclude = '101'),
      object: 'vm/101',
      says: /lab is in no backup job/,
    },
  ],
  'backup.age': [
    {
      is: 'the newest one is old',
      make: ({state, now}) => {
        for (const [key, {vmid}] of Object.entries(state.volumes))
          if (key.includes('vzdump') && vmid === 101) delete state.volumes[key]
        addBackup(state, {vmid: 101, type: 'qemu'}, now - 3 * DAY)
      },
      object: 'vm/101',
      says: /3 days old/,
    },
    {
      is: 'the newest one is very old',
      make: ({state, now}) => {
        for (const [key, {vmid}] of Object.entries(state.volumes))
          if (key.includes('vzdump') && vmid === 101) delete state.volumes[key]
        addBackup(state, {vmid: 101, type: 'qemu'}, now - 30 * DAY)
      },
      object: 'vm/101',
      result: 'critical',
    },
    {
      is: 'there is none',
      make: ({state}) => {
        for (const [key, {vmid}] of Object.entries(state.volumes))
          if (key.includes('vzdump') && vmid === 200) delete state.volumes[key]
      },
      object: 'container/200',
      says: /has no backup/,
    },
  ],
  'backup.lastjob': [
    {
      is: 'it failed',
      make: ({state, now}) => {
        addTask(state, {type: 'vzdump', at: now - 2 * HOUR, end: now - HOUR, status: 'job errors'})
        addTask(state, {type: 'vzdump', node: 'pve2', at: now - 30 * HOUR, end: now - 29 * HOUR, status: 'job errors'})
        addTask(state, {type: 'vzdump', node: 'pve2', at: now - 2 * HOUR, end: now - HOUR, status: 'OK'})
      },
      object: 'node/pve1',
      says: /job errors/,
    },
  ],
  'backup.disabled': [
    {
      is: 'a job is off',
      make: ({state}) => void (state.sections.jobs!.nightly!.enabled = 0),
      object: 'backup-job/nightly',
    },
  ],
  'backup.verify': [
    {
      is: 'one is broken',
      make: ({state, now}) =>
        addBackup(state, {vmid: 101, type: 'qemu'}, now - 7200, {verification: {state: 'failed', upid: 'UPID:pbs:'}}),
      object: 'storage/nas',
      result: 'critical',
    },
  ],
  'backup.retention': [
    {
      is: 'all are kept',
      make: ({state}) => void (state.storages.nas!.config['prune-backups'] = 'keep-all=1'),
      object: 'backup-job/nightly',
    },
  ],
}
