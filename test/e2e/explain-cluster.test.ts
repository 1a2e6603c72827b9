import {expect} from 'chai'
import type {FaultSpec} from '../../plugins/simulator/src/faults/kinds.js'
import {restoreSimulation, saveSimulation, type Saved} from '../../plugins/simulator/src/seeds/save.js'
import {explainText} from '../../src/kit/catalogue/index.js'
import {Lab} from '../support/lab.js'

/** An error of the catalogue as the simulator makes it. */
interface Case {
  id: string
  /** What goes wrong meanwhile. */
  fault?: FaultSpec
  call: [method: string, path: string, params?: Record<string, string | number>]
  /** Sent in this order before. */
  first?: [method: string, path: string, params?: Record<string, string | number>][]
  token?: string
  /** Sent instead of the secret of that token. */
  secret?: string
}

const vm = '/nodes/pve1/qemu/100'
const stopped = '/nodes/pve3/qemu/110'
const taskFails = (type: string, message: string): FaultSpec => ({kind: 'task-fail', type, message, times: 1})

const CASES: readonly Case[] = [
  {id: 'PVE-LOCK-001', fault: {kind: 'lock-timeout'}, call: ['PUT', `${vm}/config`, {cores: 2}]},
  {id: 'PVE-LOCK-002', call: ['PUT', '/nodes/pve3/qemu/111/config', {cores: 2}]},
  {
    id: 'PVE-LOCK-003',
    fault: taskFails('qmclone', `cfs-lock 'storage-ceph' error: got lock request timeout`),
    call: ['POST', '/nodes/pve1/qemu/9000/clone', {newid: 500}],
  },
  {
    id: 'PVE-LOCK-004',
    fault: {kind: 'lock-timeout'},
    call: ['POST', '/nodes/pve1/storage/local/content', {filename: 'vm-100-disk-7.raw', size: '1G', vmid: 100}],
  },
  {
    id: 'PVE-LOCK-005',
    fault: taskFails('vzdump', `can't acquire lock '/var/run/vzdump.lock' - got timeout`),
    call: ['POST', '/nodes/pve1/vzdump', {vmid: 100, storage: 'local'}],
  },
  {id: 'PVE-LOCK-006', fault: {kind: 'lock-timeout'}, call: ['POST', '/pools', {poolid: 'new'}]},
  {id: 'PVE-LOCK-008', call: ['PUT', `${vm}/config`, {cores: 2, digest: '0'.repeat(40)}]},
  {id: 'PVE-CLUSTER-001', fault: {kind: 'no-quorum'}, call: ['PUT', `${vm}/config`, {cores: 2}]},
  {id: 'PVE-CLUSTER-003', call: ['GET', '/nodes/pve9/qemu']},
  {id: 'PVE-PROXY-001', fault: {kind: 'node-offline', node: 'pve2'}, call: ['GET', '/nodes/pve2/qemu']},
  {
    id: 'PVE-PROXY-002',
    fault: {kind: 'status', status: 596, reason: 'tls_process_server_certificate: certificate verify failed'},
    call: ['GET', '/nodes/pve2/qemu'],
  },
  {id: 'PVE-PROXY-003', fault: {kind: 'status', status: 596}, call: ['GET', '/nodes/pve2/qemu']},
  {id: 'PVE-PROXY-004', fault: {kind: 'status', status: 599}, call: ['GET', '/nodes/pve2/qemu']},
  {id: 'PVE-PROXY-005', call: ['POST', '/nodes/pve1/nothing']},
  {id: 'PVE-AUTH-003', call: ['GET', '/nodes'], token: 'pmpc@pve!gone', secret: 'x'},
  {id: 'PVE-AUTH-004', call: ['GET', '/nodes'], token: 'pmpc@pve!sync', secret: '00000000-0000-4000-8000-00000000000f'},
  {
    id: 'PVE-AUTH-005',
    first: [['PUT', '/access/users/pmpc@pve/token/sync', {expire: 1}]],
    call: ['GET', '/nodes'],
    token: 'pmpc@pve!sync',
  },
  {id: 'PVE-AUTH-007', call: ['GET', '/nodes'], token: 'nobody@pve!sync', secret: 'x'},
  {id: 'PVE-AUTH-009', call: ['POST', '/access/ticket', {username: 'web@pve', password: 'wrong'}]},
  {id: 'PVE-AUTH-011', call: ['GET', '/access/domains/corp']},
  {id: 'PVE-PERM-001', call: ['PUT', `${stopped}/config`, {args: '-snapshot'}], token: 'root@pam!sim'},
  {
    id: 'PVE-PERM-003',
    call: ['PUT', '/access/password', {userid: 'web@pve', password: 'long-enough'}],
    token: 'root@pam!sim',
  },
  {id: 'PVE-PERM-005', call: ['PUT', `${vm}/config`, {cores: 2}], token: 'pmpc@pve!sync'},
  {id: 'PVE-PERM-006', call: ['POST', '/access/roles', {roleid: 'mine', privs: 'VM.Nothing'}]},
  {id: 'PVE-PARAM-001', call: ['PUT', `${vm}/config`, {colour: 'red'}]},
  {id: 'PVE-PARAM-002', call: ['POST', '/nodes/pve1/qemu', {name: 'a'}]},
  {id: 'PVE-PARAM-003', call: ['PUT', `${vm}/config`, {cores: 'many'}]},
  {id: 'PVE-PARAM-004', call: ['PUT', `${vm}/config`, {name: 'not_a_name'}]},
  {id: 'PVE-GUEST-001', call: ['POST', '/nodes/pve1/qemu', {vmid: 100}]},
  {id: 'PVE-GUEST-002', call: ['GET', '/nodes/pve1/qemu/4711/config']},
  {id: 'PVE-GUEST-003', call: ['POST', `${vm}/status/start`]},
  {id: 'PVE-GUEST-004', call: ['POST', `${stopped}/status/reset`]},
  {
    id: 'PVE-GUEST-005',
    fault: taskFails('qmstart', 'start failed: QEMU exited with code 1'),
    call: ['POST', `${stopped}/status/start`],
  },
  {
    id: 'PVE-GUEST-006',
    fault: taskFails(
      'qmstart',
      'KVM virtualisation configured, but not available. Either disable in VM configuration or enable in BIOS.',
    ),
    call: ['POST', `${stopped}/status/start`],
  },
  {
    id: 'PVE-GUEST-007',
    fault: taskFails('qmshutdown', 'VM quit/powerdown failed - got timeout'),
    call: ['POST', `${vm}/status/shutdown`],
  },
  {id: 'PVE-GUEST-009', call: ['POST', '/nodes/pve1/qemu/9000/status/start']},
  {id: 'PVE-GUEST-010', first: [['PUT', `${stopped}/config`, {protection: 1}]], call: ['DELETE', stopped]},
  {id: 'PVE-GUEST-011', call: ['DELETE', vm]},
  {id: 'PVE-GUEST-013', first: [['PUT', `${stopped}/config`, {cores: 64}]], call: ['POST', `${stopped}/status/start`]},
  {
    id: 'PVE-STORAGE-003',
    fault: taskFails('qmstart', `storage 'nfs' is not online`),
    call: ['POST', `${stopped}/status/start`],
  },
  {
    id: 'PVE-STORAGE-004',
    first: [['PUT', '/storage/ceph', {disable: 1}]],
    call: ['POST', '/nodes/pve1/storage/ceph/content', {filename: 'vm-100-disk-9', size: '1G', vmid: 100}],
  },
  {id: 'PVE-STORAGE-005', call: ['POST', '/nodes/pve1/vzdump', {vmid: 100, storage: 'local-zfs'}]},
  {id: 'PVE-STORAGE-006', call: ['PUT', `${stopped}/config`, {ide3: 'nonsense:,media=cdrom'}]},
  {
    id: 'PVE-DISK-001',
    fault: {kind: 'disk-full', storage: 'fast'},
    call: ['POST', '/nodes/pve1/storage/fast/content', {filename: 'vm-100-disk-9', size: '100G', vmid: 100}],
  },
  {id: 'PVE-DISK-007', call: ['PUT', `${stopped}/resize`, {disk: 'scsi29', size: '+1G'}]},
  {
    id: 'PVE-AGENT-001',
    fault: {kind: 'status', reason: 'QEMU guest agent is not running'},
    call: ['POST', '/nodes/pve1/qemu/100/agent/ping'],
  },
  {id: 'PVE-AGENT-002', call: ['POST', '/nodes/pve1/qemu/120/agent/ping']},
  {
    id: 'PVE-STORAGE-001',
    call: ['POST', '/nodes/pve3/storage/fast/content', {filename: 'vm-110-disk-9', size: '1G', vmid: 110}],
  },
  {id: 'PVE-STORAGE-002', call: ['PUT', `${stopped}/config`, {scsi5: 'nowhere:1'}]},
  {id: 'PVE-DISK-006', call: ['PUT', `${vm}/resize`, {disk: 'scsi0', size: '1G'}]},
  {
    id: 'PVE-DISK-008',
    call: [
      'POST',
      '/nodes/pve1/storage/local/download-url',
      {content: 'iso', filename: 'a.txt', url: 'https://example.com/a.txt'},
    ],
  },
  {
    id: 'PVE-REPLICATION-001',
    first: [['POST', '/cluster/replication', {id: '110-0', type: 'local', target: 'pve1'}]],
    call: ['DELETE', stopped],
  },
  {
    id: 'PVE-HA-002',
    first: [['POST', '/cluster/ha/resources', {sid: 'vm:110', state: 'stopped'}]],
    call: ['DELETE', stopped],
  },
  {id: 'PVE-CT-001', call: ['POST', '/nodes/pve1/lxc/200/migrate', {target: 'pve2', online: 1}]},
  {id: 'PVE-SUB-001', call: ['GET', '/nodes/pve1/subscription']},
  {id: 'PVE-MIGRATE-002', call: ['POST', `${vm}/migrate`, {target: 'pve2'}]},
  {id: 'PVE-MIGRATE-007', call: ['POST', `${vm}/migrate`, {target: 'pve1'}]},
  {id: 'PVE-MIGRATE-008', call: ['POST', `${stopped}/clone`, {newid: 501, target: 'pve1', full: 1}]},
  {id: 'PVE-SNAPSHOT-002', call: ['POST', `${vm}/snapshot/nothing/rollback`]},
  {id: 'PVE-SNAPSHOT-003', call: ['POST', `${vm}/snapshot`, {snapname: 'current'}]},
  {id: 'PVE-SNAPSHOT-007', call: ['POST', `${vm}/template`]},
  {
    id: 'PVE-BACKUP-001',
    fault: taskFails('vzdump', 'job errors'),
    call: ['POST', '/nodes/pve1/vzdump', {vmid: 100, storage: 'local'}],
  },
  {id: 'PVE-HA-003', call: ['DELETE', '/cluster/ha/resources/vm:100']},
  {id: 'PVE-NET-005', call: ['DELETE', '/cluster/firewall/ipset/nothing']},
  {id: 'PVE-TASK-002', fault: taskFails('qmstart', 'received interrupt'), call: ['POST', `${stopped}/status/start`]},
  {
    id: 'PVE-TASK-003',
    call: ['GET', '/nodes/pve1/tasks/UPID:pve1:00000001:00000001:00000001:qmstart:100:root@pam:/status'],
  },
  {id: 'PVE-POOL-001', call: ['DELETE', '/pools', {poolid: 'web'}]},
  {id: 'PVE-AUTH-002', fault: {kind: 'tickets-expire'}, call: ['GET', '/nodes']},
]

describe('the catalogue of errors, on a cluster', () => {
  const labs = new Map<string, {lab: Lab; pristine: Saved}>()

  before(async () => {
    for (const pve of ['8.4', '9.2'] as const) {
      const lab = await Lab.start({seed: 'cluster', pve})
      await lab.api('GET', '/version')
      labs.set(pve, {lab, pristine: saveSimulation(lab.simulator.simulation)})
    }
  })
  after(async () => Promise.all([...labs.values()].map(async ({lab}) => lab.stop())))

  /** What the cluster says: status, reason and body of an answer, and the result and log of the task that it began. */
  async function said({call: [method, at, params], token, secret}: Case, lab: Lab): Promise<string> {
    if (token !== undefined && secret !== undefined) lab.simulator.tokens[token] = secret
    const answer = await lab.call(method, at, params, token)
    const text = `${answer.status} ${answer.reason}\n${answer.body}`
    const {data} = (answer.body.startsWith('{') ? JSON.parse(answer.body) : {}) as {data?: unknown}
    if (typeof data !== 'string' || !data.startsWith('UPID:')) return text
    const task = `/nodes/${data.split(':')[1]}/tasks/${encodeURIComponent(data)}`
    await lab.simulator.simulation.tasks.ended(data)
    const {exitstatus} = await lab.api<{exitstatus: string}>('GET', `${task}/status`)
    const log = await lab.api<{t: string}[]>('GET', `${task}/log`)
    return [exitstatus, ...log.map(({t}) => t)].join('\n')
  }

  for (const one of CASES) {
    it(`${one.id}: ${one.call.slice(0, 2).join(' ')}${one.fault ? `, ${one.fault.kind}` : ''}`, async () => {
      // What is wrong with a credential 9.2 says in the log of the node only.
      const pve = one.id.startsWith('PVE-AUTH') ? '8.4' : '9.2'
      const {lab, pristine} = labs.get(pve)!
      const kept = {...lab.simulator.tokens}
      for (const [method, at, params] of one.first ?? []) await lab.api(method, at, params)
      const fault = one.fault && lab.simulator.simulation.faults.add(one.fault)
      const text = await said(one, lab)
      if (fault) lab.simulator.simulation.faults.clear(fault.id)
      Object.assign(lab.simulator.tokens, kept)
      restoreSimulation(lab.simulator.simulation, pristine)
      const ids = explainText(text).map(({id}) => id)
      expect(ids[0], text).to.equal(one.id)
    })
  }
})
