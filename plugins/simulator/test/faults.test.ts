import {expect} from 'chai'
import {faultKinds, type FaultKind} from '../src/faults/kinds.js'
import {parseFault} from '../src/faults/parse.js'
import {startSimulator, type Simulator, type SimulatorOptions} from '../src/index.js'
import {admin, Http, type Reply} from './support/http.js'

/** A fault as people type it, and what a client sees of it. */
interface Case {
  fault: string
  check(http: Http, simulator: Simulator): Promise<void>
}

const vm = '/nodes/pve1/qemu/100'
const dropped = async (answer: Promise<Reply>): Promise<string> =>
  answer.then(
    ({status}) => `answered ${status}`,
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  )

async function expectReply(answer: Promise<Reply>, status: number, reason: string): Promise<void> {
  const reply = await answer
  expect(`${reply.status} ${reply.reason}`).to.equal(`${status} ${reason}`)
}

const cases: Record<FaultKind, Case[]> = {
  'node-offline': [
    {
      fault: 'node-offline:node=pve2',
      async check(http) {
        await expectReply(http.get('/nodes/pve2/status'), 595, 'No route to host')
        await expectReply(http.get('/nodes/pve1/status'), 200, 'OK')
        const nodes = (await http.get('/nodes')).data as {node: string; status: string}[]
        expect(nodes.filter(({status}) => status === 'offline').map(({node}) => node)).to.deep.equal(['pve2'])
      },
    },
  ],
  'node-hang': [
    {
      fault: 'node-hang:node=pve2',
      async check(http) {
        await expectReply(http.get('/nodes/pve2/status'), 596, 'Connection timed out')
        await expectReply(http.get('/nodes/pve1/status'), 200, 'OK')
      },
    },
  ],
  'no-quorum': [
    {
      fault: 'no-quorum',
      async check(http) {
        await expectReply(http.get(`${vm}/config`), 200, 'OK')
        const status = (await http.get('/cluster/status')).data as {type: string; quorate?: number}[]
        expect(status.find(({type}) => type === 'cluster')!.quorate).to.equal(0)
        await expectReply(http.post(`${vm}/status/start`), 500, 'cluster not ready - no quorum?')
        await expectReply(http.post('/pools', {poolid: 'x'}), 500, `cfs-lock 'file-user_cfg' error: no quorum!`)
        const file =
          /^unable to open file '\/etc\/pve\/nodes\/pve1\/qemu-server\/100\.conf\.tmp\.\d+' - Permission denied$/
        expect((await http.put(`${vm}/config`, {cores: 3})).reason).to.match(file)
        expect((await http.get(`${vm}/config`)).data).to.not.have.property('cores', 3)
      },
    },
  ],
  'lock-timeout': [
    ...(
      [
        [
          '/nodes/pve1/lxc/200/snapshot',
          {snapname: 'one'},
          `can't lock file '/run/lock/lxc/pve-config-200.lock' - got timeout`,
        ],
        ['/access/roles', {roleid: 'r1'}, `cfs-lock 'file-user_cfg' error: got lock request timeout`],
        ['/access/domains', {realm: 'r1', type: 'pam'}, `cfs-lock 'file-domains_cfg' error: got lock request timeout`],
      ] as const
    ).map(([path, params, reason]) => ({
      fault: `lock-timeout:path=^${path}$`,
      check: async (http: Http) => expectReply(http.post(path, params), 500, reason),
    })),
    {
      fault: 'lock-timeout:times=2',
      async check(http) {
        const reason = `can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout`
        await expectReply(http.get(`${vm}/config`), 200, 'OK')
        await expectReply(http.put(`${vm}/config`, {cores: 1}), 500, reason)
        await expectReply(
          http.post('/storage', {storage: 'lab', type: 'dir', path: '/x'}),
          500,
          `cfs-lock 'file-storage_cfg' error: got lock request timeout`,
        )
        await expectReply(http.put(`${vm}/config`, {cores: 1}), 200, 'OK')
      },
    },
  ],
  status: [
    {
      fault: 'status:path=^/version,method=GET,times=1,after=1',
      async check(http) {
        const statuses = []
        for (let index = 0; index < 3; index++) statuses.push((await http.get('/version')).status)
        expect(statuses).to.deep.equal([200, 500, 200])
      },
    },
    ...[
      [595, 'No route to host'],
      [596, 'Connection timed out'],
      [599, 'Too many redirections'],
    ].map(([status, reason]) => ({
      fault: `status:status=${status},path=^/version$`,
      async check(http: Http): Promise<void> {
        const reply = await http.get('/version')
        expect(reply).to.include({status, reason, body: ''})
        await expectReply(http.get('/nodes'), 200, 'OK')
      },
    })),
    {
      fault: 'status:status=500,reason=got timeout, or worse,method=PUT',
      async check(http) {
        const reply = await http.put(`${vm}/config`, {cores: 1})
        expect(reply).to.include({status: 500, reason: 'got timeout, or worse'})
        expect(JSON.parse(reply.body)).to.deep.equal({data: null, message: 'got timeout, or worse\n'})
        await expectReply(http.get(`${vm}/config`), 200, 'OK')
      },
    },
  ],
  forbidden: [
    {
      fault: 'forbidden:path=^/access/acl,reason=Permission check failed (/access, Sys.Audit)',
      check: async (http) => expectReply(http.get('/access/acl'), 403, 'Permission check failed (/access, Sys.Audit)'),
    },
  ],
  latency: [
    {
      fault: 'latency:delay=120,path=^/version',
      async check(http) {
        const began = performance.now()
        await expectReply(http.get('/version'), 200, 'OK')
        expect(performance.now() - began).to.be.at.least(115)
      },
    },
  ],
  'slow-storage': [
    {
      fault: 'slow-storage:storage=local,delay=120',
      async check(http, simulator) {
        simulator.simulation.settings.proxyTimeout = 30_000
        const began = performance.now()
        await expectReply(http.get('/nodes/pve1/storage'), 200, 'OK')
        expect(performance.now() - began).to.be.at.least(115)
      },
    },
    {
      fault: 'slow-storage:storage=local,delay=60000',
      async check(http) {
        await expectReply(http.get('/nodes/pve1/storage/local/content'), 596, 'Connection timed out')
        await expectReply(http.get('/storage'), 200, 'OK')
      },
    },
  ],
  hang: [
    {
      fault: 'hang:path=^/version',
      async check(http) {
        const answer = http.get('/version').then(() => 'answered')
        const other = await http.get('/nodes')
        expect(other.status).to.equal(200)
        expect(await Promise.race([answer, new Promise((resolve) => setImmediate(() => resolve('silence')))])).to.equal(
          'silence',
        )
        answer.catch(() => undefined)
      },
    },
  ],
  drop: [
    {
      fault: 'drop:times=1',
      async check(http) {
        expect(await dropped(http.get('/version'))).to.equal('ECONNRESET')
        await expectReply(http.get('/version'), 200, 'OK')
      },
    },
  ],
  lost: [
    {
      fault: `lost:times=1,method=PUT,path=^${vm}/config$`,
      async check(http) {
        const before = (await http.get(`${vm}/config`)).data as {digest: string}
        expect(await dropped(http.put(`${vm}/config`, {name: 'renamed'}))).to.equal('ECONNRESET')
        const after = (await http.get(`${vm}/config`)).data as {digest: string}
        expect(after).to.include({name: 'renamed'}).and.not.include({digest: before.digest})
        await expectReply(http.put(`${vm}/config`, {name: 'again'}), 200, 'OK')
      },
    },
    {
      fault: 'lost:times=1,method=POST',
      async check(http, simulator) {
        expect(await dropped(http.post(`${vm}/snapshot`, {snapname: 'one'}))).to.equal('ECONNRESET')
        const [task] = (await http.get('/nodes/pve1/tasks?source=all')).data as {upid: string}[]
        await simulator.simulation.tasks.ended(task!.upid)
        const names = ((await http.get(`${vm}/snapshot`)).data as {name: string}[]).map(({name}) => name)
        expect(names).to.include('one')
      },
    },
    {
      fault: 'lost:method=DELETE',
      async check(http) {
        expect(await dropped(http.delete(`${vm}/snapshot/none`)), 'what is refused is not told either').to.equal(
          'ECONNRESET',
        )
      },
    },
  ],
  half: [
    {
      fault: 'half',
      check: async (http) => void expect(await dropped(http.get('/nodes'))).to.equal('ECONNRESET'),
    },
  ],
  html: [
    {
      fault: 'html:status=502,reason=Bad Gateway',
      async check(http) {
        const reply = await http.get('/version')
        expect(reply).to.include({status: 502, reason: 'Bad Gateway'})
        expect(reply.headers['content-type']).to.equal('text/html')
      },
    },
  ],
  'workers-busy': [
    {
      fault: 'workers-busy:node=pve2',
      async check(http, simulator) {
        await expectReply(http.get('/nodes/pve2/status'), 596, 'Connection timed out')
        await expectReply(http.get('/nodes/pve1/status'), 200, 'OK')
        simulator.simulation.settings.proxyTimeout = 30_000
        const waiting = http.get('/nodes/pve2/status')
        await http.get('/version')
        await admin(simulator, 'DELETE', '/faults')
        await expectReply(waiting, 200, 'OK')
      },
    },
  ],
  'tickets-expire': [
    {
      fault: 'tickets-expire:after=2',
      async check(_http, simulator) {
        const http = await Http.withTicket(simulator)
        await expectReply(http.get('/version'), 200, 'OK')
        const refused = await http.get('/version')
        expect(refused.status).to.equal(401)
        expect(refused.body).to.equal('')
        await expectReply((await Http.withTicket(simulator)).get('/version'), 200, 'OK')
      },
    },
  ],
  certificate: [
    {
      fault: 'certificate:after=1',
      async check(http, simulator) {
        expect((await http.get('/version')).fingerprint).to.equal(simulator.fingerprint)
        expect((await http.get('/version')).fingerprint).to.not.equal(simulator.fingerprint)
        const [info] = (await http.get('/nodes/pve1/certificates/info')).data as {pem: string}[]
        expect(info!.pem).to.equal(simulator.ca)
      },
    },
    {
      fault: 'certificate:authority=1',
      async check(http, simulator) {
        const [info] = (await http.get('/nodes/pve1/certificates/info')).data as {pem: string}[]
        expect(info!.pem).to.not.equal(simulator.ca)
      },
    },
  ],
  'task-fail': [
    {
      fault: 'task-fail:type=qmsnapshot,message=no space, no luck,times=1',
      async check(http) {
        expect(await http.task('POST', `${vm}/snapshot`, {snapname: 'one'})).to.equal('no space, no luck')
        expect(await http.task('POST', `${vm}/snapshot`, {snapname: 'two'})).to.equal('OK')
        const names = ((await http.get(`${vm}/snapshot`)).data as {name: string}[]).map(({name}) => name)
        expect(names).to.include('two').and.not.include('one')
      },
    },
    {
      fault: 'task-fail:type=qmsnapshot,about=101,message=no luck',
      check: async (http) => void expect(await http.task('POST', `${vm}/snapshot`, {snapname: 'one'})).to.equal('OK'),
    },
  ],
  'task-warn': [
    {
      fault: 'task-warn:type=*,message=clock is off',
      check: async (http) =>
        void expect(await http.task('POST', `${vm}/snapshot`, {snapname: 'one'})).to.equal('WARNINGS: 1'),
    },
  ],
  'task-hang': [
    {
      fault: 'task-hang:type=qmsnapshot',
      async check(http) {
        const upid = String((await http.post(`${vm}/snapshot`, {snapname: 'one'})).data)
        const status = async (): Promise<unknown> => (await http.get(`/nodes/pve1/tasks/${upid}/status`)).data
        expect(await status()).to.include({status: 'running'})
        await http.delete(`/nodes/pve1/tasks/${upid}`)
        expect(await status()).to.include({status: 'stopped', exitstatus: 'received interrupt'})
      },
    },
  ],
  condition: [
    {
      fault: 'condition:node=pve2,conditions={"load": [3, 2, 1], "clock": 40}',
      async check(http, simulator) {
        const load = async (): Promise<string[]> =>
          ((await http.get('/nodes/pve2/status')).data as {loadavg: string[]}).loadavg
        const time = async (node: string): Promise<number> =>
          ((await http.get(`/nodes/${node}/time`)).data as {time: number}).time
        expect(await load()).to.deep.equal(['3.00', '2.00', '1.00'])
        expect((await time('pve2')) - (await time('pve1'))).to.be.within(39, 41)
        await admin(simulator, 'DELETE', '/faults')
        expect(await load()).to.not.deep.equal(['3.00', '2.00', '1.00'])
      },
    },
  ],
  'disk-full': [
    {
      fault: 'disk-full:storage=local-zfs',
      async check(http, simulator) {
        const used = async (): Promise<number> =>
          ((await http.get('/nodes/pve1/storage/local-zfs/status')).data as {avail: number}).avail
        expect(await used()).to.equal(0)
        const reply = await http.put(`${vm}/config`, {scsi9: 'local-zfs:1'})
        expect(reply.status).to.equal(500)
        expect(reply.reason).to.match(/out of space/)
        expect((await http.get(`${vm}/config`)).data).to.not.have.property('scsi9')
        await admin(simulator, 'DELETE', '/faults')
        expect(await used()).to.be.above(0)
        await expectReply(http.put(`${vm}/config`, {scsi9: 'local-zfs:1'}), 200, 'OK')
      },
    },
  ],
  edits: [
    {
      fault: JSON.stringify({
        kind: 'edits',
        path: '^/nodes/pve1/qemu/100/config$',
        after: 1,
        calls: [
          {path: '/nodes/pve1/qemu/100/config', params: {description: 'changed meanwhile'}},
          {method: 'POST', path: '/pools', params: {poolid: 'theirs'}},
          {method: 'DELETE', path: '/nodes/pve1/qemu/999'},
        ],
      }),
      async check(http, simulator) {
        await http.get('/version')
        const {digest} = (await http.get(`${vm}/config`)).data as {digest: string}
        const reply = await http.put(`${vm}/config`, {cores: 1, digest})
        expect(reply).to.include({status: 500, reason: 'checksum mismatch (file change by other user?)'})
        expect((await http.get(`${vm}/config`)).data).to.include({description: 'changed meanwhile'})
        const results = (await admin(simulator, 'GET', '/edits')) as {path: string; error?: string}[]
        expect(results.map(({path}) => path)).to.deep.equal([`${vm}/config`, '/pools', '/nodes/pve1/qemu/999'])
        expect(results[2]!.error).to.match(/does not exist/)
        expect((await http.get('/pools')).body).to.include('theirs')
      },
    },
  ],
}

const short: SimulatorOptions = {
  seed: 'cluster',
  authDelay: 0,
  taskTime: 0,
  statusInterval: 0,
  proxyTimeout: 40,
  adminPort: 0,
}

describe('faults of the simulator', () => {
  it('are all tested', () => expect(Object.keys(cases)).to.have.members(Object.keys(faultKinds)))

  for (const {fault, check} of Object.values(cases).flat()) {
    it(`from the start: ${fault.slice(0, 80)}`, async () => {
      const simulator = await startSimulator({...short, faults: [parseFault(fault)]})
      try {
        await check(Http.withToken(simulator), simulator)
      } finally {
        await simulator.stop()
      }
    })

    it(`over the admin port: ${fault.slice(0, 80)}`, async () => {
      const simulator = await startSimulator(short)
      try {
        await admin(simulator, 'POST', '/faults', fault.startsWith('{') ? JSON.parse(fault) : {fault})
        await check(Http.withToken(simulator), simulator)
      } finally {
        await simulator.stop()
      }
    })
  }

  it('come and go over the admin port, and leave the cluster as it was', async () => {
    const simulator = await startSimulator(short)
    try {
      const before = JSON.stringify(simulator.simulation.state)
      for (const one of Object.values(cases).flat()) {
        const body = one.fault.startsWith('{') ? {kind: 'edits', calls: []} : {fault: one.fault}
        const {id} = (await admin(simulator, 'POST', '/faults', body)) as {id: number}
        const list = (await admin(simulator, 'GET', '/faults')) as {id: number}[]
        expect(list.map((entry) => entry.id)).to.deep.equal([id])
        await admin(simulator, 'DELETE', `/faults/${id}`)
      }
      expect(JSON.stringify(simulator.simulation.state)).to.equal(before)
      await expectReply(Http.withToken(simulator).get('/nodes/pve2/status'), 200, 'OK')
    } finally {
      await simulator.stop()
    }
  })

  it('begin and end by time', async () => {
    const faults = [parseFault('status:status=500,reason=x,at=0.05,for=0.1')]
    const simulator = await startSimulator({...short, faults})
    const until = async (status: number): Promise<void> => {
      while ((await http.get('/version')).status !== status) await new Promise((resolve) => setTimeout(resolve, 5))
    }
    const http = Http.withToken(simulator)
    try {
      expect(simulator.simulation.faults.all()[0]!.state).to.equal('waiting')
      await until(500)
      await until(200)
      expect(simulator.simulation.faults.all()[0]!.state).to.equal('over')
    } finally {
      await simulator.stop()
    }
  })

  it('of tasks are over after so many tasks, those of requests after so many requests', async () => {
    const faults = ['task-fail:type=qmsnapshot,times=2', 'status:path=^/version,times=1'].map(parseFault)
    const simulator = await startSimulator({...short, faults})
    const http = Http.withToken(simulator)
    const states = (): string[] => simulator.simulation.faults.all().map(({state}) => state)
    try {
      await http.task('POST', `${vm}/snapshot`, {snapname: 'one'})
      expect(states()).to.deep.equal(['active', 'active'])
      await http.get('/version')
      expect(states()).to.deep.equal(['active', 'over'])
      expect(simulator.simulation.faults.specs()).to.deep.equal([{kind: 'task-fail', type: 'qmsnapshot', times: 1}])
      await http.task('POST', `${vm}/snapshot`, {snapname: 'two'})
      expect(states()).to.deep.equal(['over', 'over'])
    } finally {
      await simulator.stop()
    }
  })

  for (const [text, problem] of [
    ['nonsense', /there is no fault 'nonsense'; there are node-offline, /],
    ['node-offline', /needs node=/],
    ['drop:delay=1', /has no option 'delay'/],
    ['latency:delay=soon', /delay must be a number/],
    ['drop:path=(', /path must be a regular expression/],
    ['drop:once', /'once' is no option=value/],
    ['edits:calls=x', /each call needs a path/],
  ] as const) {
    it(`refuses ${text}`, () => expect(() => parseFault(text)).to.throw(problem))
  }

  it('refuses nodes and storages that are not there', async () => {
    const simulator = await startSimulator(short)
    try {
      for (const fault of ['node-offline:node=nine', 'disk-full:storage=none'])
        expect(await admin(simulator, 'POST', '/faults', {fault}).catch((error: Error) => error.message)).to.match(
          /^there is no (node|storage) '(nine|none)'$/,
        )
      expect(await admin(simulator, 'GET', '/faults')).to.deep.equal([])
    } finally {
      await simulator.stop()
    }
  })
})

describe('workers of a node', () => {
  it('serve so many calls at once; the others wait their turn', async () => {
    const simulator = await startSimulator({...short, workers: 3, latency: 60, proxyTimeout: 30_000})
    try {
      const http = Http.withToken(simulator)
      const began = performance.now()
      const answered: string[] = []
      const ask = async (node: string): Promise<void> => {
        await http.get(`/nodes/${node}/status`)
        answered.push(node)
      }
      await Promise.all([...Array.from({length: 7}, () => ask('pve1')), ask('pve2')])
      expect(performance.now() - began).to.be.at.least(3 * 60 - 5)
      expect(answered.indexOf('pve2'), 'another node has workers of its own').to.be.below(7)
    } finally {
      await simulator.stop()
    }
  })
})
