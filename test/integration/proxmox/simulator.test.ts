import {expect} from 'chai'
import {
  apiPath,
  createClient,
  stopTask,
  waitForTask,
  waitUntil,
  type Writer,
  type Credential,
} from '../../../src/kit/proxmox/index.js'
import {failureOf, quickClock} from './support.js'
import {startSimulator, type Simulator} from '../../../plugins/simulator/src/index.js'

for (const pve of ['8.4', '9.2'] as const) {
  describe(`client and simulator of ${pve}`, () => {
    let simulator: Simulator
    const clients: Writer[] = []

    before(async () => {
      simulator = await startSimulator({seed: 'cluster', pve})
    })

    afterEach(async () => {
      simulator.simulation.faults.clear()
      await Promise.all(clients.splice(0).map((client) => client.close()))
    })
    after(() => simulator.stop())

    function clientOf(
      credential: Credential = {tokenId: simulator.tokenId, secret: simulator.tokenSecret},
      timeout = 500,
    ): Writer {
      const client = createClient({
        endpoints: [simulator.url],
        trust: {ca: simulator.ca},
        credential,
        env: {},
        clock: quickClock(),
        limits: {timeout, retries: 2},
      })
      clients.push(client)
      return client
    }

    const guests = (client: Writer) =>
      client.get<{vmid: number; type: string; node: string; status: string; template?: number; lock?: string}[]>(
        '/cluster/resources',
        {type: 'vm'},
      )

    it('a guest is changed, started and stopped, and its tasks waited for', async () => {
      const client = clientOf()
      const guest = (await guests(client)).find(
        ({type, status, template, lock}) =>
          type === 'qemu' && status === 'stopped' && template !== 1 && lock === undefined,
      )
      if (guest === undefined) throw new Error('the seed has no stopped VM')
      const at = (...parts: string[]) => apiPath('nodes', guest.node, 'qemu', guest.vmid, ...parts)
      await client.request({method: 'PUT', path: at('config'), body: {description: "50 % of a=b&c\nd's ü"}})
      expect((await client.get<{description: string}>(at('config'))).description).to.equal("50 % of a=b&c\nd's ü")
      const upid = await client.request<string>({method: 'POST', path: at('status', 'start')})
      expect((await waitForTask(client, upid)).exitstatus).to.equal('OK')
      await waitUntil(
        () => client.get<{status: string}>(at('status', 'current')),
        ({status}) => status === 'running',
        'running',
      )
      const stopped = await client.request<string>({method: 'POST', path: at('status', 'stop')})
      expect((await waitForTask(client, stopped)).warnings).to.equal(0)
    })

    it('a ticket does what a token does', async () => {
      const client = clientOf({username: 'root@pam', password: 'simulator'})
      expect(await guests(client)).not.to.have.length(0)
    })

    it('what is not there, not known, not valid or changed meanwhile is told apart', async () => {
      const client = clientOf()
      const [guest] = (await guests(client)).filter(({type}) => type === 'qemu')
      const config = apiPath('nodes', guest?.node ?? '', 'qemu', guest?.vmid ?? 0, 'config')
      const put = (body: Record<string, string>) => failureOf(client.request({method: 'PUT', path: config, body}))
      expect(
        (await failureOf(client.get(apiPath('nodes', guest?.node ?? '', 'qemu', 99_999, 'config')))).code,
      ).to.equal('PMPC_NOT_FOUND')
      expect((await failureOf(client.get('/nothing/here'))).code).to.equal('PMPC_NOT_IMPLEMENTED')
      const bad = await put({cores: 'many'})
      expect(bad.code).to.equal('PMPC_BAD_PARAMETER')
      expect(bad.data?.fields).to.have.property('cores')
      expect((await put({'no-such-key': '1'})).data).to.include({unknownHere: true})
      expect((await put({cores: '2', digest: '0'.repeat(40)})).code).to.equal('PMPC_CHANGED_MEANWHILE')
      expect(
        (await failureOf(stopTask(client, 'UPID:pve1:0000008A:0007BD99:6B011908:qmstart:100:root@pam:'))).code,
      ).to.equal('PMPC_NOT_FOUND')
    })

    it('its faults are survived where that is right, and named where not', async () => {
      const client = clientOf()
      const {faults} = simulator.simulation
      const fault = (kind: 'status' | 'hang' | 'half' | 'html' | 'drop', more: Record<string, unknown> = {}) =>
        faults.add({path: '^/version', kind, times: 1, ...more})
      fault('drop')
      fault('half')
      expect(await client.get('/version')).to.have.property('release', pve)
      faults.clear()
      faults.add({path: '^/version', kind: 'html'})
      expect((await failureOf(client.get('/version'))).code).to.be.oneOf(['PMPC_NOT_PVE', 'PMPC_UNREACHABLE'])
      faults.clear()
      faults.add({path: '^/version', kind: 'hang'})
      expect(await failureOf(client.get('/version'))).to.include({code: 'PMPC_NO_ANSWER', exitCode: 75})
      faults.clear()
      faults.add({path: '^/version', kind: 'status', status: 596, reason: 'Broken pipe'})
      expect((await failureOf(client.get('/version'))).code).to.equal('PMPC_NODE_UNREACHABLE')
    })

    it('never more than four requests are in flight for a node', async () => {
      const client = clientOf()
      const all = await guests(client)
      simulator.simulation.faults.resetCounters()
      await Promise.all(
        all.map(({node, type, vmid}) =>
          client.get(apiPath('nodes', node, type, vmid, 'config')).catch(() => undefined),
        ),
      )
      const {maxInFlight, maxInFlightByNode} = simulator.simulation.faults.count()
      expect(Math.max(...Object.values(maxInFlightByNode))).to.be.within(1, 4)
      expect(maxInFlight).to.be.at.most(16)
    })
  })
}
