import type {Promised} from '../../../plugins/diagnostics/src/health/history.js'
import type {Simulator} from '../../../plugins/simulator/src/index.js'
import type {Conditions} from '../../../plugins/simulator/src/state/conditions.js'
import type {Guest, State} from '../../../plugins/simulator/src/state/model.js'
import {packages} from '../../../plugins/simulator/src/endpoints/nodes/package-table.js'
import {createAuthority} from '../../../src/kit/tls/index.js'
import {addBackup, addTask, DAY, factor, GIB, source} from './well.js'

/** What makes a check of the cluster `well` find something. */
export interface Wrong {
  is: string
  make(given: {state: State; now: number; simulator: Simulator}): void | Promise<void>
  /** What it is found at. */
  object: string | string[]
  result?: 'warning' | 'critical'
  says?: RegExp
  /** What the history of the state tells. */
  promised?: (now: number) => Promised[]
}

const HOUR = 3600

const measure =
  (node: string, conditions: Conditions): Wrong['make'] =>
  ({state}) =>
    void (state.nodes[node]!.conditions = {...state.nodes[node]!.conditions, ...conditions})

const configure =
  (vmid: number, config: Guest['config']): Wrong['make'] =>
  ({state}) =>
    void Object.assign(state.guests[vmid]!.config, config)

const firewallOptions =
  (options: Record<string, unknown>): Wrong['make'] =>
  ({state}) =>
    void Object.assign(state.firewall.cluster!.options, options)

const rule =
  (...rules: Record<string, unknown>[]): Wrong['make'] =>
  ({state}) =>
    void (state.firewall.cluster!.rules = rules.map((one) => ({type: 'in', action: 'ACCEPT', enable: 1, ...one})))

const ceph =
  (more: Partial<NonNullable<State['world']['ceph']>>): Wrong['make'] =>
  ({state}) =>
    void (state.world.ceph = {
      health: 'HEALTH_OK',
      osds: [
        {id: 0, host: 'pve1', up: true, in: true, bytes: 1000 * GIB, used: 100 * GIB},
        {id: 1, host: 'pve2', up: true, in: true, bytes: 1000 * GIB, used: 100 * GIB},
      ],
      pools: [{name: 'vms', size: 3, minSize: 2, used: 0.1, bytes: 30 * GIB}],
      ...more,
    })

const osd = (more: object): NonNullable<State['world']['ceph']>['osds'] => [
  {id: 3, host: 'pve1', up: true, in: true, bytes: 1000 * GIB, used: 100 * GIB, ...more},
]

const pool = (more: object): NonNullable<State['world']['ceph']>['pools'] => [
  {name: 'vms', size: 3, minSize: 2, used: 0.1, bytes: GIB, ...more},
]

const certificate =
  (names: string[], days: number): Wrong['make'] =>
  ({state}) => {
    const {leaf, key} = createAuthority().issue(names[0]!, names, days)
    state.nodes.pve1!.certificate = {certificates: leaf, key}
  }

const replication =
  (known: object): Wrong['make'] =>
  ({state, now}) => {
    state.sections.replication = {
      '101-0': {type: 'local', source: 'pve2', target: 'pve3', schedule: '*/15', guest: 101},
    }
    state.replication = {
      '101-0': {since: now - DAY, lastSync: now - 60, lastTry: now - 60, failures: 0, log: [], ...known},
    }
  }

/** Puts a guest under HA. */
const manage =
  (sid: string, more: object = {}, conditions: Conditions = {}): Wrong['make'] =>
  ({state}) => {
    const vmid = Number(sid.split(':')[1])
    state.sections['ha/resources'] = {[sid]: {state: 'started'}}
    // It is to stay as it is.
    state.world.ha = false
    state.ha = {
      services: {[sid]: {state: 'started', node: state.guests[vmid]!.node, uid: 'x', running: true, ...more}},
      nodes: {pve1: 'online', pve2: 'online', pve3: 'online'},
      commands: [],
    }
    state.nodes.pve2!.conditions = {...state.nodes.pve2!.conditions, ...conditions}
  }

/** Does several things. */
const all =
  (...makes: Wrong['make'][]): Wrong['make'] =>
  async (given) => {
    for (const make of makes) await make(given)
  }

const snapshot =
  (name: string, ago: number, more = {}): Wrong['make'] =>
  ({state, now}) => {
    const guest = state.guests[100]!
    guest.snapshots[name] = {config: {}, snaptime: now - ago, ...more}
    guest.parent = name
  }

const user =
  (userid: string, more: object): Wrong['make'] =>
  ({state}) =>
    void (state.users[userid] = {...state.users[userid], userid, enable: 1, expire: 0, groups: [], tokens: {}, ...more})

const token =
  (userid: string, more: object): Wrong['make'] =>
  ({state}) =>
    void (state.users[userid]!.tokens.ci = {secret: 'x', privsep: 1, expire: 0, ...more})

const sources =
  (uri: string, suites: string[], ...components: string[]): Wrong['make'] =>
  ({state}) =>
    void (state.nodes.pve1!.sources = [
      source('https://deb.debian.org/debian', ['trixie'], 'main'),
      source(uri, suites, ...components),
    ])

const subscribed =
  (more: object): Wrong['make'] =>
  ({state, now}) =>
    void (state.nodes.pve1!.subscription = {key: 'pve1c-0123456789', status: 'active', checktime: now, ...more})

const free = 'http://download.proxmox.com/debian/pve'
const paid = 'https://enterprise.proxmox.com/debian/pve'

/** By check, what makes it true. */
export const wrong: Readonly<Record<string, readonly Wrong[]>> = {
  'cluster.quorum': [
    {
      is: 'the quorum is lost',
      make: ({state}) => void (state.quorum = false),
      object: 'cluster/well',
      result: 'critical',
    },
  ],
  'node.online': [
    {
      is: 'a node is off',
      make: ({state}) => void (state.nodes.pve3!.power = 'offline'),
      object: 'node/pve3',
      result: 'critical',
    },
  ],
  'corosync.links': [{is: 'a node has one link', make: measure('pve2', {links: []}), object: 'node/pve2'}],
  'corosync.votes': [
    {is: 'a node has two votes', make: measure('pve1', {votes: 2}), object: 'node/pve1', says: /2 votes/},
  ],
  'corosync.qdevice': [
    {is: 'two nodes are alone', make: ({state}) => void delete state.nodes.pve3, object: 'cluster'},
    {
      is: 'it does not answer',
      make: ({state}) => void (state.world.qdevice = {Model: 'Net', State: 'Disconnected'}),
      object: 'qdevice',
    },
  ],
  'version.skew': [
    {is: 'a node lags behind', make: measure('pve2', {version: '9.2.4'}), object: 'node/pve2', says: /9\.2\.4/},
    {
      is: 'a node has another major release',
      make: measure('pve2', {version: '8.4.5'}),
      object: 'node/pve2',
      result: 'critical',
    },
  ],
  'release.eol': [
    {is: 'a release is over', make: measure('pve2', {version: '7.4-16'}), object: 'node/pve2', says: /2024-07-31/},
  ],
  'service.state': [
    {
      is: 'pvestatd does not run',
      make: ({state}) => void (state.nodes.pve1!.services = {pvestatd: 'dead'}),
      object: 'node/pve1',
      result: 'critical',
      says: /pvestatd is dead/,
    },
    {
      is: 'cron does not run',
      make: ({state}) => void (state.nodes.pve1!.services = {cron: 'dead'}),
      object: 'node/pve1',
    },
  ],
  'time.sync': [
    {
      is: 'chrony does not run',
      make: ({state}) => void (state.nodes.pve2!.services = {chrony: 'dead'}),
      object: 'node/pve2',
    },
  ],
  'time.drift': [
    {is: 'a clock is ahead', make: measure('pve1', {clock: 12}), object: 'node/pve1', says: /1[123] s ahead/},
    {
      is: 'a clock is far behind',
      make: measure('pve1', {clock: -90}),
      object: 'node/pve1',
      result: 'critical',
      says: /behind/,
    },
  ],
  'time.skew': [{is: 'two clocks differ', make: measure('pve1', {clock: 12}), object: 'node/pve1'}],
  'rootfs.usage': [
    {is: 'it is nearly full', make: measure('pve1', {root: 88 * GIB}), object: 'node/pve1', says: /88%/},
    {is: 'it is full', make: measure('pve1', {root: 99 * GIB}), object: 'node/pve1', result: 'critical'},
  ],
  'memory.usage': [
    {is: 'it is used', make: measure('pve1', {memory: 60 * GIB}), object: 'node/pve1', says: /93\.\d%/},
    {is: 'it is gone', make: measure('pve1', {memory: 63.5 * GIB}), object: 'node/pve1', result: 'critical'},
  ],
  'swap.usage': [
    {
      is: 'it is used',
      make: measure('pve1', {swap: {total: 8 * GIB, used: 6 * GIB}}),
      object: 'node/pve1',
      says: /75%/,
    },
  ],
  'cpu.load': [{is: 'it is high', make: measure('pve1', {load: [30, 26, 20]}), object: 'node/pve1', says: /26 on 16/}],
  'memory.overcommit': [
    {
      is: 'guests were promised more than there is',
      make: configure(100, {memory: String(70 * 1024)}),
      object: 'node/pve1',
    },
    {
      is: 'they were promised far more',
      make: configure(100, {memory: String(90 * 1024)}),
      object: 'node/pve1',
      result: 'critical',
    },
  ],
  'memory.failover': [
    {is: 'two nodes cannot carry it', make: configure(100, {memory: String(140 * 1024)}), object: 'cluster'},
  ],
  'cpu.overcommit': [
    {
      is: 'many cores run on few',
      make: ({state}) => {
        state.nodes.pve1!.cpus = 2
        // A machine gets no more than its node has; several do.
        for (const vmid of [301, 302, 303, 304]) state.guests[vmid] = {...structuredClone(state.guests[100]!), vmid}
      },
      object: 'node/pve1',
      says: /10 cores/,
    },
  ],
  'kernel.reboot': [
    {
      is: 'a newer one is installed',
      make: measure('pve1', {kernels: ['6.14.11-4-pve']}),
      object: 'node/pve1',
      says: /6\.14\.11-4-pve/,
    },
  ],
  'host.resolve': [
    {
      is: 'its name is the loopback',
      make: ({state}) => void (state.nodes.pve1!.hosts = '127.0.1.1 pve1.example.com pve1\n'),
      object: 'node/pve1',
      result: 'critical',
    },
    {
      is: 'its name is of another',
      make: ({state}) => void (state.nodes.pve1!.hosts = '192.0.2.99 pve1\n'),
      object: 'node/pve1',
      result: 'critical',
    },
  ],
  'cert.expiry': [
    {is: 'it ends soon', make: certificate(['pve1'], 20), object: 'node/pve1', says: /pveproxy-ssl\.pem ends in/},
    {is: 'it has ended', make: certificate(['pve1'], -2), object: 'node/pve1', result: 'critical', says: /ended/},
  ],
  'cert.weak': [
    {
      is: 'the key is short',
      make: ({state}) => void (state.nodes.pve1!.certificate = weak),
      object: 'node/pve1',
      says: /1024/,
    },
  ],
  'cert.names': [
    {
      is: 'it is for another name',
      make: certificate(['www.example.org'], 300),
      object: 'node/pve1',
      says: /www\.example\.org/,
    },
  ],
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
  'replication.state': [
    {
      is: 'it failed',
      make: replication({failures: 1, error: 'command failed'}),
      object: 'replication/101-0',
      says: /command failed/,
    },
    {
      is: 'it fails again and again',
      make: replication({failures: 4, error: 'no route'}),
      object: 'replication/101-0',
      result: 'critical',
    },
  ],
  'replication.lag': [
    {
      is: 'it is late',
      make: (given) => replication({lastSync: given.now - 2 * HOUR})(given),
      object: 'replication/101-0',
      says: /2 hours/,
    },
  ],
  'ha.state': [
    {
      is: 'one is in error',
      make: manage('vm:100', {state: 'error'}),
      object: 'ha/vm:100',
      result: 'critical',
      says: /error/,
    },
    {is: 'one is recovered', make: manage('vm:100', {state: 'recovery'}), object: 'ha/vm:100', result: 'critical'},
  ],
  'ha.manager': [
    {
      is: 'an agent is silent',
      make: manage('vm:100', {}, {silent: 600}),
      object: 'ha/pve2',
      result: 'critical',
      says: /10 minutes/,
    },
    {
      is: 'there is no master',
      make: all(manage('vm:100'), ({state}) => {
        delete state.ha
      }),
      object: 'ha/manager',
      result: 'critical',
    },
  ],
  'ha.disarmed': [
    {is: 'it is', make: all(manage('vm:100'), ({state}) => void (state.ha!.disarmed = 'freeze')), object: 'ha'},
  ],
  'ha.localdisk': [{is: 'a disk is local', make: manage('vm:101'), object: 'vm/101', says: /scsi0 is on thin/}],
  'ha.blocked': [
    {
      is: 'a CD image is local',
      make: all(manage('vm:100'), configure(100, {ide2: 'local:iso/debian.iso,media=cdrom'})),
      object: 'vm/100',
      says: /local:iso\/debian\.iso/,
    },
    {
      is: 'a device is of the host',
      make: all(manage('vm:100'), configure(100, {hostpci0: '0000:01:00.0'})),
      object: 'vm/100',
      says: /hostpci0/,
    },
  ],
  'guest.lock': [
    {
      is: 'nothing works on it',
      make: ({state}) => void (state.guests[101]!.lock = 'backup'),
      object: 'vm/101',
      says: /locked \(backup\)/,
    },
    {
      is: 'one of two is worked on',
      make: ({state, now}) => {
        state.guests[101]!.lock = 'migrate'
        state.guests[100]!.lock = 'snapshot'
        addTask(state, {type: 'qmsnapshot', id: '100', at: now - 10})
      },
      object: 'vm/101',
    },
  ],
  'guest.onboot-down': [{is: 'it is off', make: configure(101, {onboot: 1}), object: 'vm/101'}],
  'guest.pending': [
    {
      is: 'a change waits',
      make: ({state}) => void (state.guests[100]!.pending = {memory: '8192'}),
      object: 'vm/100',
      says: /memory/,
    },
    {
      is: 'a removal waits',
      make: ({state}) => void (state.guests[100]!.pendingDelete = {cores: 1}),
      object: 'vm/100',
      says: /cores/,
    },
  ],
  'guest.mac': [
    {
      is: 'two have one',
      make: configure(101, {net0: 'virtio=bc:24:11:00:00:01,bridge=vmbr0,firewall=1'}),
      object: ['vm/100', 'vm/101'],
    },
    {
      is: 'a container has that of a machine',
      make: configure(200, {net0: 'name=eth0,hwaddr=BC:24:11:00:00:02,bridge=vmbr0,firewall=1'}),
      object: ['container/200', 'vm/101'],
    },
  ],
  'snapshot.age': [
    {is: 'one is weeks old', make: snapshot('old', 20 * DAY), object: 'vm/100', says: /old is 20 days old/},
    {is: 'one is months old', make: snapshot('old', 90 * DAY), object: 'vm/100', result: 'critical'},
  ],
  'snapshot.count': [
    {
      is: 'there are many',
      make: all(...Array.from({length: 10}, (_, index) => snapshot(`s${index}`, DAY))),
      object: 'vm/100',
      says: /11 snapshots/,
    },
  ],
  'snapshot.broken': [
    {
      is: 'one was never finished',
      make: snapshot('half', DAY, {snapstate: 'delete'}),
      object: 'vm/100',
      says: /half is in state delete/,
    },
  ],
  'machine.old': [{is: 'it is of QEMU 5', make: configure(101, {machine: 'pc-i440fx-5.1'}), object: 'vm/101'}],
  'container.disk': [
    {
      is: 'it is nearly full',
      make: ({state}) => void (state.guests[200]!.usage = {disk: Math.floor(7.4 * GIB)}),
      object: 'container/200',
    },
    {
      is: 'it is full',
      make: ({state}) => void (state.guests[200]!.usage = {disk: Math.floor(7.9 * GIB)}),
      object: 'container/200',
      result: 'critical',
    },
  ],
  'container.memory': [
    {
      is: 'it is used up',
      make: ({state}) => void (state.guests[200]!.usage = {memory: Math.floor(0.98 * GIB)}),
      object: 'container/200',
      says: /98%/,
    },
  ],
  'net.bridge': [
    {
      is: 'there is no such bridge',
      make: configure(100, {net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr7,firewall=1'}),
      object: 'vm/100',
      result: 'critical',
      says: /vmbr7/,
    },
  ],
  'net.pending': [
    {
      is: 'a change waits',
      make: ({state}) => {
        const node = state.nodes.pve2!
        node.newInterfaces = {
          text: `${node.interfaces.text}\nauto vmbr1\niface vmbr1 inet manual\n\tbridge-ports none\n\tbridge-stp off\n\tbridge-fd 0\n`,
          time: Date.now(),
        }
      },
      object: 'node/pve2',
    },
  ],
  'net.down': [
    {is: 'a bridge is down', make: measure('pve2', {down: ['vmbr0']}), object: 'node/pve2', says: /vmbr0 is not up/},
  ],
  'net.mtu': [
    {
      is: 'it differs',
      make: ({state}) =>
        void (state.nodes.pve2!.interfaces.text = state.nodes.pve2!.interfaces.text.replace(
          'bridge-fd 0',
          'bridge-fd 0\n\tmtu 9000',
        )),
      object: 'network/vmbr0',
      says: /1500 on .*9000 on pve2/,
    },
  ],
  'sdn.pending': [
    {
      is: 'a zone waits',
      make: ({state}) => void (state.sections['sdn/zones'] = {lab: {type: 'simple', zone: 'lab'}}),
      object: 'zone/lab',
      says: /new/,
    },
  ],
  'sdn.state': [
    {
      is: 'a zone is in error',
      make: measure('pve2', {zones: {localnetwork: 'error'}}),
      object: 'zone/pve2/localnetwork',
      result: 'critical',
    },
  ],
  'access.root-factor': [
    {is: 'it has none', make: ({state}) => void delete state.users['root@pam']!.tfa, object: 'user/root@pam'},
  ],
  'access.factor': [
    {is: 'a user has none', make: user('ann@pve', {}), object: 'user/ann@pve'},
    {
      is: 'one has, another has not',
      make: (given) => all(user('ann@pve', {tfa: {entries: [factor(given.now)]}}), user('bob@pam', {}))(given),
      object: 'user/bob@pam',
    },
  ],
  'access.token-expiry': [
    {
      is: 'it ends soon',
      make: (given) => token('ops@pve', {expire: given.now + 5 * DAY + HOUR})(given),
      object: 'token/ops@pve!ci',
      says: /in 5 days/,
    },
    {
      is: 'it has ended',
      make: (given) => token('ops@pve', {expire: given.now - 5 * DAY})(given),
      object: 'token/ops@pve!ci',
      says: /ended/,
    },
  ],
  'access.user-expiry': [
    {
      is: 'it ends soon',
      make: (given) => user('ann@pve', {expire: given.now + 5 * DAY, tfa: {entries: [factor(given.now)]}})(given),
      object: 'user/ann@pve',
    },
  ],
  'access.root-token': [{is: 'there is one', make: token('root@pam', {privsep: 0}), object: 'token/root@pam!ci'}],
  'access.locked': [
    {
      is: 'one is',
      make: ({state, now}) => void (state.users['root@pam']!.tfa = {entries: [factor(now)], locked: true}),
      object: 'user/root@pam',
    },
  ],
  'firewall.off': [{is: 'it is', make: firewallOptions({enable: 0}), object: 'cluster'}],
  'firewall.node': [
    {
      is: 'one is off',
      make: ({state}) =>
        void (state.firewall['node pve2'] = {options: {enable: 0}, rules: [], aliases: {}, ipset: {}, groups: {}}),
      object: 'node/pve2',
    },
  ],
  'firewall.policy': [{is: 'all may come in', make: firewallOptions({policy_in: 'ACCEPT'}), object: 'cluster'}],
  'firewall.exposed': [
    {
      is: 'the web interface is open',
      make: rule({proto: 'tcp', dport: '8006'}, {proto: 'tcp', dport: '8006', source: '+management'}),
      object: 'rule/0',
      says: /web interface/,
    },
    {
      is: 'SSH is open by a macro',
      make: rule({macro: 'SSH', source: '10.0.0.0/8'}, {macro: 'SSH'}),
      object: 'rule/1',
      says: /SSH/,
    },
    {is: 'a range holds it', make: rule({proto: 'tcp', dport: '5800:6000'}), object: 'rule/0', says: /consoles/},
  ],
  'firewall.nics': [
    {
      is: 'one passes it by',
      make: configure(100, {net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr0'}),
      object: 'vm/100',
      says: /net0/,
    },
  ],
  'updates.pending': [
    {
      is: 'there are some',
      make: measure('pve1', {
        packages: Object.fromEntries(packages.slice(0, 31).map(({name}) => [name, {next: '99.1'}])),
      }),
      object: 'node/pve1',
      says: /packages have newer versions/,
    },
  ],
  'updates.pve': [
    {
      is: 'there are some',
      make: measure('pve1', {
        packages: Object.fromEntries(
          ['pve-manager', 'qemu-server', 'pve-container', 'corosync', 'pve-firewall'].map((name) => [
            name,
            {next: '99.1'},
          ]),
        ),
      }),
      object: 'node/pve1',
      says: /^node\/pve1: 5 /,
    },
  ],
  'packages.state': [
    {
      is: 'one is half configured',
      make: measure('pve1', {packages: {corosync: {state: 'HalfConfigured'}}}),
      object: 'node/pve1',
      says: /corosync/,
    },
  ],
  'repo.none': [
    {
      is: 'there is none',
      make: sources('https://deb.debian.org/debian', ['trixie-updates'], 'main'),
      object: 'node/pve1',
    },
  ],
  'repo.enterprise': [
    {is: 'it is not paid for', make: sources(paid, ['trixie'], 'pve-enterprise'), object: 'node/pve1'},
  ],
  'repo.test': [
    {
      is: 'it is on',
      make: all(sources(free, ['trixie'], 'pve-test')),
      object: 'node/pve1',
      says: /pve-test is enabled/,
    },
  ],
  'repo.suites': [
    {
      is: 'one is of another release',
      make: sources(free, ['bookworm'], 'pve-no-subscription'),
      object: 'node/pve1',
      says: /bookworm/,
    },
  ],
  'repo.errors': [
    {
      is: 'a file cannot be read',
      make: measure('pve1', {sourceErrors: [{path: '/etc/apt/sources.list.d/x.list', error: 'malformed entry'}]}),
      object: 'node/pve1',
      says: /malformed/,
    },
  ],
  'subscription.state': [
    {is: 'it has ended', make: subscribed({status: 'expired'}), object: 'node/pve1', says: /expired/},
    {
      is: 'it is due',
      make: (given) => subscribed({due: new Date((given.now + 10 * DAY) * 1000).toISOString().slice(0, 10)})(given),
      object: 'node/pve1',
      says: /due in \d+ days/,
    },
  ],
  'task.failed': [
    {
      is: 'many did',
      make: ({state, now}) => {
        for (let index = 1; index < 8; index++)
          addTask(state, {
            type: 'qmstart',
            id: '101',
            at: now - index * 60,
            end: now - index * 60 + 2,
            status: 'start failed',
          })
      },
      object: 'node/pve1',
      says: /7 tasks failed since yesterday: qmstart/,
    },
  ],
  'task.long': [
    {
      is: 'one does',
      make: ({state, now}) => addTask(state, {type: 'qmigrate', id: '100', at: now - 2 * DAY}),
      object: 'node/pve1',
      says: /qmigrate of 100/,
    },
  ],
}

/** A certificate with a key of 1024 bits, of `openssl req -x509 -newkey rsa:1024 -nodes -days 36500 -subj /CN=pve1 -addext subjectAltName=DNS:pve1`. */
const weak = {
  certificates: `-----BEGIN CERTIFICATE-----
MIICDTCCAXagAwIBAgIUIHNLCS2tkSd8gpM90wgka8bNWD0wDQYJKoZIhvcNAQEL
BQAwDzENMAsGA1UEAwwEcHZlMTAgFw0yNjExMzAwMjIzMzlaGA8yMTI2MTEwNjAy
MjMzOVowDzENMAsGA1UEAwwEcHZlMTCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkC
gYEAzo6Dp8KDsGr5P+ercqwbaXqJseZ4KLzSFce6e2FjqGYhmpdW60ZqGn/0H441
i5Qgh/SnBdoQU2Ek4irRiBIPKYTvvU88TaBPM1WPNOG09eujL2NURze7rWFyztMw
1hOrhgdCns4Ek/GobVj7tv0bSwiWs9I6/mtz+YlxPJ8aFj0CAwEAAaNkMGIwHQYD
VR0OBBYEFE/PNPOfoMj0NLbt3yzntJkBpIgoMB8GA1UdIwQYMBaAFE/PNPOfoMj0
NLbt3yzntJkBpIgoMA8GA1UdEwEB/wQFMAMBAf8wDwYDVR0RBAgwBoIEcHZlMTAN
BgkqhkiG9w0BAQsFAAOBgQCid8LVkIo/YMyN7rJKpvCLIrrS6hsY9rI9ydOiMjVi
AgwbvpFanppAWYURSiAxDEYTzVWhQLEpLEduig15bmyDigKZG56ajx/4l+TU6GYX
pf3Q9U8D9u6GyuvB2ktb92Zwm2EXXySPwzO6SumAbEL9TAz51BYWXjNAP5huU31b
qg==
-----END CERTIFICATE-----
`,
  key: '',
}
