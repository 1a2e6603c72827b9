import {expect} from 'chai'
import {holdFacts, type Fact, type Step} from './support/facts.js'

const pve1 = '/nodes/pve1'
const upid =
  /^UPID:([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?):([0-9A-Fa-f]{8}):([0-9A-Fa-f]{8,9}):([0-9A-Fa-f]{8}):([^:\s/]+):([^:\s/]*):([^:\s/]+):$/
const stop: Step = {ask: `POST ${pve1}/qemu/120/status/stop`}
const start: Step = {ask: `POST ${pve1}/qemu/120/status/start`}
const failed: Fact['given'] = (sim) =>
  void sim.faults.add({kind: 'task-fail', type: 'qmstart', message: 'no\nluck', times: 1})

/** A task that somebody began, and that runs. */
const madeUp = {
  upid: 'UPID:pve1:000003E9:00000010:65000000:qmstart:120:root@pam:',
  node: 'pve1',
  pid: 1001,
  pstart: 16,
  starttime: 0x65000000,
  type: 'qmstart',
  id: '120',
  user: 'root@pam',
  log: [],
}

/** What is a task, what is not. A task is named by type and id, `null` is a call without one. */
const kinds: [Step, string | null, Partial<Fact>?][] = [
  [{ask: `POST ${pve1}/qemu`, with: {vmid: '300'}}, 'qmcreate:300'],
  [
    {
      ask: `POST ${pve1}/lxc`,
      with: {vmid: '300', ostemplate: 'local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst', storage: 'local-zfs'},
    },
    'vzcreate:300',
  ],
  [{ask: `PUT ${pve1}/qemu/120/config`, with: {cores: '1'}}, null],
  [{ask: `PUT ${pve1}/lxc/200/config`, with: {cores: '2'}}, null],
  [{ask: `POST ${pve1}/qemu/120/config`, with: {cores: '1'}}, 'qmconfig:120'],
  [{ask: `POST ${pve1}/qemu/120/config`, with: {cores: '1', background_delay: '5'}}, null],
  [{ask: `PUT ${pve1}/qemu/120/resize`, with: {disk: 'scsi0', size: '+1G'}}, 'resize:120'],
  [{ask: `PUT ${pve1}/lxc/200/resize`, with: {disk: 'rootfs', size: '+1G'}}, 'resize:200'],
  [{ask: `POST ${pve1}/qemu/120/move_disk`, with: {disk: 'scsi0', storage: 'local-zfs'}}, 'qmmove:120'],
  [{ask: 'POST /nodes/pve3/lxc/202/move_volume', with: {volume: 'rootfs', storage: 'local-zfs'}}, 'move_volume:202'],
  [
    {ask: 'POST /nodes/pve3/qemu/110/move_disk', with: {disk: 'sata0', 'target-vmid': '301', 'target-disk': 'scsi4'}},
    'qmmove:110-sata0>301-scsi4',
    {first: [{ask: 'POST /nodes/pve3/qemu', with: {vmid: '301'}}]},
  ],
  [{ask: `POST ${pve1}/qemu/9000/clone`, with: {newid: '300'}}, 'qmclone:9000'],
  [{ask: `POST ${pve1}/lxc/200/clone`, with: {newid: '300', full: '1', snapname: 'clean'}}, 'vzclone:200'],
  [{ask: 'POST /nodes/pve3/qemu/110/template'}, 'qmtemplate:110'],
  [start, 'qmstart:120', {first: [stop]}],
  [stop, 'qmstop:120'],
  [{ask: `POST ${pve1}/qemu/120/status/shutdown`}, 'qmshutdown:120'],
  [{ask: `POST ${pve1}/qemu/120/status/reboot`}, 'qmreboot:120'],
  [{ask: `POST ${pve1}/qemu/120/status/reset`}, 'qmreset:120'],
  [{ask: `POST ${pve1}/qemu/120/status/suspend`}, 'qmpause:120'],
  [{ask: `POST ${pve1}/qemu/120/status/suspend`, with: {todisk: '1'}}, 'qmsuspend:120'],
  [{ask: `POST ${pve1}/qemu/120/status/resume`}, 'qmresume:120', {first: [`POST ${pve1}/qemu/120/status/suspend`]}],
  [{ask: 'POST /nodes/pve3/lxc/202/status/start'}, 'vzstart:202'],
  [{ask: `POST ${pve1}/lxc/200/status/stop`}, 'vzstop:200'],
  [{ask: `POST ${pve1}/lxc/200/status/shutdown`}, 'vzshutdown:200'],
  [{ask: `POST ${pve1}/lxc/200/status/reboot`}, 'vzreboot:200'],
  [{ask: `POST ${pve1}/lxc/200/status/suspend`}, 'vzsuspend:200'],
  [{ask: `POST ${pve1}/qemu/120/migrate`, with: {target: 'pve2', online: '1'}}, 'qmigrate:120'],
  [{ask: `POST ${pve1}/lxc/200/migrate`, with: {target: 'pve2', restart: '1'}}, 'vzmigrate:200'],
  [{ask: `POST ${pve1}/qemu/120/snapshot`, with: {snapname: 'one'}}, 'qmsnapshot:120'],
  [{ask: `DELETE ${pve1}/qemu/100/snapshot/after-upgrade`}, 'qmdelsnapshot:100'],
  [{ask: `POST ${pve1}/qemu/100/snapshot/after-upgrade/rollback`}, 'qmrollback:100'],
  [{ask: `POST ${pve1}/lxc/200/snapshot`, with: {snapname: 'one'}}, 'vzsnapshot:200'],
  [{ask: `DELETE ${pve1}/lxc/200/snapshot/clean`}, 'vzdelsnapshot:200'],
  [{ask: `POST ${pve1}/lxc/200/snapshot/clean/rollback`}, 'vzrollback:200'],
  [{ask: `PUT ${pve1}/qemu/100/snapshot/after-upgrade/config`, with: {description: 'x'}}, null],
  [{ask: 'DELETE /nodes/pve3/qemu/110'}, 'qmdestroy:110'],
  [{ask: 'DELETE /nodes/pve3/lxc/202'}, 'vzdestroy:202'],
  [{ask: `POST ${pve1}/vzdump`, with: {vmid: '120', storage: 'backup'}}, 'vzdump:120'],
  [{ask: 'PUT /nodes/pve2/qemu/102/cloudinit'}, null],
  [{ask: 'POST /pools', with: {poolid: 'p'}}, null],
  [{ask: 'PUT /access/acl', with: {path: '/', users: 'web@pve', roles: 'PVEAuditor'}}, null],
  [{ask: 'POST /access/users', with: {userid: 'new@pve'}}, null],
  [{ask: 'POST /cluster/ha/resources', with: {sid: 'vm:110'}}, null],
  [{ask: 'POST /cluster/backup', with: {vmid: '120', storage: 'backup', schedule: 'daily'}}, null],
  [{ask: 'POST /cluster/sdn/zones', with: {zone: 'z1', type: 'simple'}}, null],
  [{ask: `PUT ${pve1}/network`}, 'srvreload:networking'],
  [{ask: 'PUT /cluster/sdn'}, 'reloadnetworkall:'],
  [
    {ask: `DELETE ${pve1}/storage/backup/content/backup:backup/vzdump-qemu-100-2026_11_01-02_00_03.vma.zst`},
    'imgdel:100@backup',
  ],
  [
    {
      ask: `DELETE ${pve1}/storage/backup/content/backup:backup/vzdump-qemu-100-2026_11_01-02_00_03.vma.zst?delay=5`,
    },
    null,
  ],
  [
    {
      ask: `POST ${pve1}/storage/local/download-url`,
      with: {content: 'iso', filename: 'x.iso', url: 'https://example.com/x.iso'},
    },
    'download:x.iso:',
  ],
  [{ask: `POST ${pve1}/apt/update`}, 'aptupdate:'],
  [{ask: `POST ${pve1}/startall`}, 'startall:'],
  [{ask: `POST ${pve1}/stopall`}, 'stopall:'],
]

/** How many of two tasks a filter leaves: one that stopped a machine, and one that failed to start it. */
const filters: [string, number][] = [
  ['typefilter=qmstop', 1],
  ['typefilter=qmstart', 1],
  ['typefilter=qmclone', 0],
  ['userfilter=oot', 2],
  ['userfilter=nobody', 0],
  ['vmid=120', 2],
  ['vmid=121', 0],
  ['errors=1', 1],
  ['statusfilter=ok', 1],
  ['statusfilter=error', 1],
  ['statusfilter=warning', 0],
  ['statusfilter=ok,error', 2],
  ['since=1', 2],
  ['since=4000000000', 0],
  ['until=1', 0],
  ['start=1', 1],
  ['limit=1', 1],
  ['source=active', 0],
  ['source=all', 2],
]

const facts: Fact[] = [
  ...kinds.map(([step, task, more]): Fact => {
    const type = task === null ? 'no task' : `task ${task}`
    return {
      fact: 'kinds of task',
      that: `${step.ask} ${Object.keys(step.with ?? {}).join(' ')}: ${type}`,
      ...step,
      ...more,
      comes: '200',
      check: (data: unknown) => {
        if (task === null) expect(data).to.equal(null)
        else {
          expect(data).to.match(upid)
          expect(String(data)).to.include(`:${task}`)
        }
      },
    }
  }),
  {
    fact: 'tasks',
    that: 'status of a task that a token began',
    ask: 'GET /nodes/pve1/tasks?limit=1',
    first: [stop],
    comes: '200',
    gives: [
      {type: 'qmstop', id: '120', node: 'pve1', status: 'OK', user: 'root@pam', tokenid: 'sim', endtime: /^\d+$/},
    ],
  },
  {
    fact: 'tasks',
    that: 'an error in the exit status is one line',
    given: failed,
    first: [stop],
    ...start,
    comes: 'task no luck',
    log: /^TASK ERROR: no luck$/,
  },
  {
    fact: 'tasks',
    that: 'warnings',
    given: (sim) => void sim.faults.add({kind: 'task-warn', type: 'qmstop', message: 'careful', times: 1}),
    ...stop,
    comes: 'task WARNINGS: 1',
    log: /^TASK WARNINGS: 1$/,
  },
  {fact: 'tasks', that: 'a log ends with its result', ...stop, comes: 'task OK', log: /^TASK OK$/},
  {
    fact: 'tasks',
    that: 'a task that is not there',
    ask: 'GET /nodes/pve1/tasks/UPID:pve1:00000001:00000001:65000000:qmstart:100:root@pam:/status',
    comes: '400 Parameter verification failed.',
    errors: {upid: /^no such task\n?$/},
  },
  {
    fact: 'tasks',
    that: 'a UPID that is none',
    ask: 'GET /nodes/pve1/tasks/UPID:nonsense/status',
    comes: '400 Parameter verification failed.',
    errors: {upid: /^unable to parse worker upid/},
  },
  {
    fact: 'tasks',
    that: 'a user sees the tasks of its tokens',
    first: [{...stop, as: 'web@pve!ci'}],
    as: 'web@pve',
    ask: 'GET /nodes/pve1/tasks',
    comes: '200',
    gives: [{type: 'qmstop', user: 'web@pve', tokenid: 'ci'}],
  },
  {
    fact: 'tasks',
    that: 'a token sees its own tasks only',
    first: [{...stop, as: 'web@pve'}],
    as: 'web@pve!ci',
    ask: 'GET /nodes/pve1/tasks',
    comes: '200',
    check: (data) => expect(data).to.deep.equal([]),
  },
  {
    fact: 'tasks',
    that: 'tasks of others need Sys.Audit',
    first: [stop],
    as: 'web@pve',
    ask: 'GET /nodes/pve1/tasks',
    comes: '200',
    check: (data) => expect(data).to.deep.equal([]),
  },
  {
    fact: 'tasks',
    that: 'a log by start and limit, with its total',
    given: (sim) => {
      const log = Array.from({length: 60}, (_, index) => `line ${index + 1}`)
      sim.state.tasks.unshift({...madeUp, log, endtime: madeUp.starttime, exitstatus: 'OK'})
    },
    ask: `GET /nodes/pve1/tasks/${madeUp.upid}/log?start=10&limit=2`,
    comes: '200',
    check: (data: unknown, {body}) => {
      expect(data).to.deep.equal([
        {n: 11, t: 'line 11'},
        {n: 12, t: 'line 12'},
      ])
      expect(body.total).to.equal(60)
    },
  },
  ...(
    [
      ['', 50],
      ['?limit=0', 60],
    ] as const
  ).map(([query, count]): Fact => ({
    fact: 'tasks',
    that: `a log of 60 lines with ${query === '' ? 'no limit given' : query}`,
    given: (sim) => {
      const log = Array.from({length: 60}, (_, index) => `line ${index + 1}`)
      sim.state.tasks.unshift({...madeUp, log, endtime: madeUp.starttime, exitstatus: 'OK'})
    },
    ask: `GET /nodes/pve1/tasks/${madeUp.upid}/log${query}`,
    comes: '200',
    check: (data: unknown[]) => expect(data).to.have.length(count),
  })),
  {
    fact: 'tasks',
    that: 'an empty log is one line',
    given: (sim) => void sim.state.tasks.unshift({...madeUp}),
    ask: `GET /nodes/pve1/tasks/${madeUp.upid}/log`,
    comes: '200',
    check: (data: unknown) => expect(data).to.deep.equal([{n: 1, t: 'no content'}]),
  },
  {
    fact: 'tasks',
    that: 'a running task has no exit status, and no end',
    given: (sim) => void sim.state.tasks.unshift({...madeUp}),
    ask: `GET /nodes/pve1/tasks/${madeUp.upid}/status`,
    comes: '200',
    gives: {status: 'running', type: 'qmstart', id: '120', exitstatus: undefined, endtime: undefined},
  },
  ...(
    [
      ['', 0],
      ['?source=active', 1],
      ['?source=all', 1],
    ] as const
  ).map(([query, count]): Fact => ({
    fact: 'tasks',
    that: `running tasks in the list${query}`,
    given: (sim) => void sim.state.tasks.unshift({...madeUp}),
    ask: `GET /nodes/pve1/tasks${query}`,
    comes: '200',
    check: (data: {status: string}[]) =>
      expect(data.map(({status}) => status)).to.deep.equal(Array.from({length: count}, () => 'RUNNING')),
  })),
  {
    fact: 'tasks',
    that: 'the status of a task of somebody else',
    first: [stop],
    given: (sim) => void sim.state.tasks.unshift({...madeUp}),
    as: 'web@pve',
    ask: `GET /nodes/pve1/tasks/${madeUp.upid}/status`,
    comes: '403 Permission check failed (/nodes/pve1, Sys.Audit)',
  },
  {
    fact: 'tasks',
    that: 'stopping it needs Sys.Modify',
    given: (sim) => void sim.state.tasks.unshift({...madeUp}),
    as: 'pmpc@pve!sync',
    ask: `DELETE /nodes/pve1/tasks/${madeUp.upid}`,
    comes: '403 Permission check failed (/nodes/pve1, Sys.Modify)',
  },
  ...filters.map(([filter, count]): Fact => ({
    fact: 'tasks',
    that: `tasks by ${filter}`,
    given: failed,
    first: [stop, {...start, fails: true}],
    ask: `GET /nodes/pve1/tasks?${filter}`,
    comes: '200',
    check: (data: unknown[]) => expect(data).to.have.length(count),
  })),
]

describe('facts of PVE: tasks', () => {
  holdFacts(facts)
})
