import {startSimulator, type Seed, type Simulator, type SimulatorOptions} from '../../../plugins/simulator/src/index.js'
import {nodeState} from '../../../plugins/simulator/src/seeds/seed.js'
import type {Guest, NodeState, State, Task, User} from '../../../plugins/simulator/src/state/model.js'
import {openReader, type Reader} from '../../../src/kit/proxmox/index.js'
import {Lab, remembered, type Clone} from '../../support/lab.js'

export const GIB = 1024 ** 3
export const DAY = 86_400

const nodes = ['pve1', 'pve2', 'pve3']

/** A cluster of which there is nothing to say: three nodes with two links, shared and local storage, guests that are backed up, a firewall. */
export const well: Seed = {
  cluster: 'well',
  nodes: nodes.map((name, index) => ({
    name,
    memory: '64G',
    cpus: 16,
    conditions: {links: [`198.51.100.${11 + index}`]},
    disks: [
      {name: 'sda', size: '500G', system: true, group: 'pve'},
      {name: 'sdb', size: '4T', kind: 'hdd', zpool: 'tank'},
      {name: 'sdc', size: '4T', kind: 'hdd', zpool: 'tank'},
    ],
  })),
  token: 'ops@pve!health',
  users: [{userid: 'root@pam', password: 'simulator'}, {userid: 'ops@pve'}],
  tokens: [{tokenid: 'ops@pve!health', privsep: 0}],
  acl: [{path: '/', user: 'ops@pve', roleid: 'Administrator'}],
  storages: [
    {storage: 'local', type: 'dir', total: '100G', used: '20G', config: {path: '/var/lib/vz', content: 'iso,vztmpl'}},
    {
      storage: 'thin',
      type: 'lvmthin',
      total: '300G',
      used: '60G',
      config: {vgname: 'pve', thinpool: 'data', content: 'images,rootdir'},
    },
    {storage: 'tank', type: 'zfspool', total: '3T', used: '500G', config: {pool: 'tank', content: 'images,rootdir'}},
    {
      storage: 'nas',
      type: 'nfs',
      total: '8T',
      used: '2T',
      config: {
        server: '192.0.2.50',
        export: '/pve',
        content: 'images,rootdir,backup,iso',
        'prune-backups': 'keep-daily=7',
      },
    },
  ],
  pools: [{poolid: 'web'}],
  guests: [
    {
      vmid: 100,
      type: 'qemu',
      node: 'pve1',
      running: true,
      config: {
        name: 'web',
        memory: '4096',
        cores: 2,
        onboot: 1,
        net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr0,firewall=1',
        scsi0: 'nas:100/vm-100-disk-0.qcow2,size=32G',
        ide2: 'none,media=cdrom',
      },
      snapshots: [{name: 'fresh'}],
    },
    {
      vmid: 101,
      type: 'qemu',
      node: 'pve2',
      config: {
        name: 'lab',
        memory: '2048',
        net0: 'virtio=BC:24:11:00:00:02,bridge=vmbr0,firewall=1',
        scsi0: 'thin:vm-101-disk-0,size=16G',
      },
    },
    {
      vmid: 200,
      type: 'lxc',
      node: 'pve3',
      running: true,
      config: {
        hostname: 'dns',
        memory: 1024,
        net0: 'name=eth0,hwaddr=BC:24:11:00:00:03,bridge=vmbr0,firewall=1,ip=dhcp,type=veth',
        rootfs: 'nas:200/vm-200-disk-0.raw,size=8G',
      },
    },
  ],
  sections: {
    jobs: {nightly: {type: 'vzdump', schedule: '21:00', all: 1, storage: 'nas', enabled: 1, mode: 'snapshot'}},
  },
}

/** What a seed cannot say of it. */
function finish(state: State, now: number): void {
  for (const node of Object.values(state.nodes))
    node.sources = [
      source('https://deb.debian.org/debian', ['trixie', 'trixie-updates'], 'main'),
      source('http://download.proxmox.com/debian/pve', ['trixie'], 'pve-no-subscription'),
    ]
  state.firewall.cluster = {options: {enable: 1}, rules: [], aliases: {}, ipset: {}, groups: {}}
  state.users['root@pam']!.tfa = {entries: [factor(now)]}
  for (const guest of Object.values(state.guests)) addBackup(state, guest, now - 3600)
}

export const source = (
  uri: string,
  suites: string[],
  ...components: string[]
): NonNullable<NodeState['sources']>[number] => ({
  path: '/etc/apt/sources.list.d/all.sources',
  repositories: [{Types: ['deb'], URIs: [uri], Suites: suites, Components: components, Enabled: 1}],
})

export const factor = (now: number): NonNullable<User['tfa']>['entries'][number] => ({
  id: 'one',
  type: 'totp',
  description: 'phone',
  created: now - DAY,
  enable: true,
  totp: 'otpauth://totp/root?secret=JBSWY3DPEHPK3PXP',
})

/** Makes a backup of a guest on the shared storage. */
export function addBackup(state: State, {vmid, type}: Pick<Guest, 'vmid' | 'type'>, at: number, more = {}): void {
  const stamp = new Date(at * 1000)
    .toISOString()
    .slice(0, 19)
    .replace('T', '-')
    .replaceAll('-', '_')
    .replaceAll(':', '_')
  const name = `vzdump-${type}-${vmid}-${stamp.replace(/^(\d+_\d+_\d+)_/, '$1-')}.${type === 'lxc' ? 'tar' : 'vma'}.zst`
  const volid = `nas:backup/${name}`
  state.volumes[`|${volid}`] = {
    volid,
    node: '',
    size: GIB,
    used: GIB,
    format: type === 'lxc' ? 'tar.zst' : 'vma.zst',
    content: 'backup',
    vmid,
    ctime: at,
    ...more,
  }
}

/** A task of a node; one without an end still runs. */
export function addTask(
  state: State,
  task: {type: string; node?: string; id?: string; at: number; end?: number; status?: string},
): void {
  const {type, node = 'pve1', id = '', at, end, status} = task
  const pid = 4000 + state.tasks.length
  const hex = (number: number): string => number.toString(16).toUpperCase().padStart(8, '0')
  const made: Task = {
    upid: `UPID:${node}:${hex(pid)}:${hex(1000)}:${hex(at)}:${type}:${id}:root@pam:`,
    node,
    pid,
    pstart: 1000,
    starttime: at,
    type,
    id,
    user: 'root@pam',
    log: [],
    ...(end !== undefined && {endtime: end, exitstatus: status ?? 'OK'}),
  }
  state.tasks.unshift(made)
}

/** That cluster, served over HTTPS in this process. */
export async function startWell(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator({seed: well, authDelay: 0, taskTime: 0, statusInterval: 0, ...options})
  finish(simulator.simulation.state, simulator.simulation.now())
  return simulator
}

/** That cluster with a clone that agrees with it. @returns with what puts both back */
export async function labOfWell(): Promise<{lab: Lab; clone: Clone; restore: () => Promise<void>}> {
  const lab = await Lab.start({seed: well})
  finish(lab.simulator.simulation.state, lab.simulator.simulation.now())
  const clone = await lab.agreed()
  return {lab, clone, restore: await remembered(lab, clone)}
}

/** Reads a simulator as pmpc does. */
export function readerOf({url, fingerprint, tokens}: Simulator, tokenId = 'ops@pve!health'): Reader {
  return openReader({
    cluster: 'well',
    endpoints: [url],
    trust: {fingerprint},
    credential: {tokenId, secret: tokens[tokenId]!},
  })
}

/** A further node, as it joins a cluster. */
export const anotherNode = (name: string, index: number, now: number): NodeState => nodeState({name}, index, now)
