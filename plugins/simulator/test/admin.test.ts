import {expect} from 'chai'
import {startSimulator, type Simulator, type SimulatorOptions} from '../src/index.js'
import {admin, Http} from './support/http.js'

const options: SimulatorOptions = {
  seed: 'cluster',
  authDelay: 0,
  taskTime: 0,
  statusInterval: 3_600_000,
  proxyTimeout: 40,
  adminPort: 0,
}

/** Calls of the admin port, as the README lists them, and what a client of the API sees then. */
const calls: Record<
  string,
  (
    http: Http,
    ask: (verb: string, path: string, body?: object) => Promise<unknown>,
    simulator: Simulator,
  ) => Promise<void>
> = {
  async 'POST /nodes/NODE/offline, /hang, /online'(http, ask) {
    for (const [power, status] of [
      ['offline', 595],
      ['hang', 596],
      ['online', 200],
    ] as const) {
      await ask('POST', `/nodes/pve2/${power}`)
      expect((await http.get('/nodes/pve2/status')).status, power).to.equal(status)
    }
    expect(await ask('POST', '/nodes/pve9/offline').catch((error: Error) => error.message)).to.match(
      /there is no node 'pve9'/,
    )
  },
  async 'POST /status/round'(http, ask) {
    const name = async (): Promise<unknown> =>
      ((await http.get('/cluster/resources?type=vm')).data as {vmid: number; name: string}[]).find(
        ({vmid}) => vmid === 120,
      )!.name
    await http.put('/nodes/pve1/qemu/120/config', {name: 'other'})
    expect(await name()).to.equal('web01-nightly')
    await ask('POST', '/status/round')
    expect(await name()).to.equal('other')
  },
  async 'POST /status/expire'(http, ask) {
    await ask('POST', '/nodes/pve2/offline')
    await ask('POST', '/status/expire')
    const guests = (await http.get('/cluster/resources?type=vm')).data as Record<string, unknown>[]
    expect(guests.find(({vmid}) => vmid === 101))
      .to.include({status: 'unknown'})
      .and.not.have.property('name')
    expect(guests.find(({vmid}) => vmid === 120)).to.include({name: 'web01-nightly'})
  },
  async 'POST /quorum/lost, /quorum/ok'(http, ask) {
    await ask('POST', '/quorum/lost')
    expect((await http.post('/pools', {poolid: 'x'})).reason).to.equal(`cfs-lock 'file-user_cfg' error: no quorum!`)
    await ask('POST', '/quorum/ok')
    expect((await http.post('/pools', {poolid: 'x'})).status).to.equal(200)
  },
  async 'POST /tickets/expire'(http, ask, simulator) {
    const ticket = await Http.withTicket(simulator)
    expect((await ticket.get('/version')).status).to.equal(200)
    await ask('POST', '/tickets/expire')
    expect((await ticket.get('/version')).status).to.equal(401)
    expect((await http.get('/version')).status).to.equal(200)
  },
  async 'POST /certificate'(http, ask) {
    const {fingerprint} = (await ask('POST', '/certificate')) as {fingerprint: string}
    expect((await http.get('/version')).fingerprint).to.equal(fingerprint)
  },
  async 'POST /latency'(http, ask) {
    await ask('POST', '/latency', {milliseconds: 50})
    const began = performance.now()
    await http.get('/version')
    expect(performance.now() - began).to.be.at.least(45)
    expect(await ask('POST', '/latency', {milliseconds: 'long'}).catch((error: Error) => error.message)).to.match(
      /milliseconds/,
    )
  },
  async 'POST /workers'(http, ask) {
    await ask('POST', '/workers', {workers: 1})
    await ask('POST', '/latency', {milliseconds: 30})
    const began = performance.now()
    await Promise.all([http.get('/nodes/pve1/status'), http.get('/nodes/pve1/status')])
    expect(performance.now() - began).to.be.at.least(55)
  },
  async 'GET /counters, DELETE /counters'(http, ask) {
    await Promise.all([http.get('/version'), http.get('/nodes/pve1/status')])
    const counters = (await ask('GET', '/counters')) as {requests: number; byPath: Record<string, number>}
    expect(counters.requests).to.equal(2)
    expect(counters.byPath).to.deep.equal({'GET /version': 1, 'GET /nodes/pve1/status': 1})
    await ask('DELETE', '/counters')
    expect(await ask('GET', '/counters')).to.include({requests: 0})
  },
  async 'GET /state, PUT /state'(http, ask) {
    const state = (await ask('GET', '/state')) as object
    await http.post('/pools', {poolid: 'x'})
    await ask('PUT', '/state', state)
    expect((await http.get('/pools')).body).to.not.include('"x"')
  },
  async 'POST /stop'(_http, ask, simulator) {
    await ask('POST', '/stop')
    await simulator.ended
  },
}

describe('the admin port', () => {
  for (const [call, check] of Object.entries(calls))
    it(call, async () => {
      const simulator = await startSimulator(options)
      try {
        await check(Http.withToken(simulator), (verb, path, body) => admin(simulator, verb, path, body), simulator)
      } finally {
        await simulator.stop()
      }
    })
})
