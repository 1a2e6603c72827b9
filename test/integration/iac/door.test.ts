import https from 'node:https'
import {expect} from 'chai'
import {openReader, type Reader} from '../../../src/kit/proxmox/index.js'
import {openDoor, type Door} from '../../../plugins/iac/src/prove/door.js'
import {startSimulator, type Simulator} from '../../../plugins/simulator/src/index.js'

interface Answer {
  status: number
  reason: string
  body: string
}

describe('the door that programs read a cluster through', () => {
  let simulator: Simulator
  let reader: Reader
  let door: Door

  before(async () => {
    simulator = await startSimulator({seed: 'homelab', authDelay: 0, taskTime: 0, statusInterval: 0})
    reader = openReader({
      endpoints: [simulator.url],
      trust: {fingerprint: simulator.fingerprint},
      credential: {tokenId: simulator.tokenId, secret: simulator.tokenSecret},
      cluster: 'home',
      env: {},
    })
  })
  beforeEach(async () => {
    door = await openDoor(reader)
  })
  afterEach(async () => door.close())
  after(async () => {
    await reader.close()
    await simulator.stop()
  })

  const ask = async (path: string, method = 'GET', token = door.token): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const options = {
        method,
        rejectUnauthorized: false,
        agent: false,
        headers: {authorization: `PVEAPIToken=${token}`},
      }
      const request = https.request(new URL(path, door.endpoint), options, (response) => {
        let body = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
        response.on('end', () => resolve({status: response.statusCode!, reason: response.statusMessage!, body}))
      })
      request.on('error', reject).end()
    })

  const api = (path: string) => `/api2/json${path}`
  const data = ({body}: Answer) => (JSON.parse(body) as {data: unknown}).data

  it('lets reads pass, with what they ask for', async () => {
    const config = await ask(api('/nodes/pve/qemu/100/config?current=1'))
    expect(config).to.include({status: 200, reason: 'OK'})
    expect(data(config)).to.deep.equal(await reader.get('/nodes/pve/qemu/100/config', {current: 1}))
    const guests = data(await ask(api('/cluster/resources?type=vm'))) as {type: string}[]
    expect(guests.map(({type}) => type)).to.include.members(['qemu', 'lxc'])
    expect(guests.map(({type}) => type)).to.not.include('node')
    expect(door.requests()).to.equal(2)
    expect(door.refused).to.deep.equal([])
  })

  it('lets nothing else pass', async () => {
    const picture = JSON.stringify(simulator.simulation.state.guests[100]!.config)
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'])
      expect((await ask(api('/nodes/pve/qemu/100/config?name=other'), method)).status, method).to.equal(403)
    expect((await ask('/nodes/pve/qemu')).status).to.equal(403)
    expect((await ask('/api2/extjs/version')).status).to.equal(403)
    expect((await ask(api('/../../etc'))).status).to.equal(403)
    expect(door.refused.slice(0, 2)).to.deep.equal([
      'POST /nodes/pve/qemu/100/config',
      'PUT /nodes/pve/qemu/100/config',
    ])
    expect(JSON.stringify(simulator.simulation.state.guests[100]!.config)).to.equal(picture)
  })

  it('takes its own token alone', async () => {
    const [id] = door.token.split('=')
    const tokens = [
      ...['', `${id}=`, `${id}=00000000-0000-4000-8000-000000000000`, `${door.token}0`, door.token.slice(0, -1)],
      `${simulator.tokenId}=${simulator.tokenSecret}`,
    ]
    for (const token of tokens) {
      const answer = await ask(api('/version'), 'GET', token)
      expect(answer, token).to.include({status: 401, reason: 'authentication failure'})
      expect(data(answer)).to.equal(null)
    }
    expect((await ask(api('/version'))).status).to.equal(200)
  })

  it('has another token each time, and never the one of the cluster', async () => {
    const other = await openDoor(reader)
    try {
      expect(other.token).to.not.equal(door.token)
      expect(other.token).to.not.contain(simulator.tokenSecret)
    } finally {
      await other.close()
    }
  })

  it('asks no agent', async () => {
    for (const path of ['network-get-interfaces', 'ping', 'exec-status?pid=1'])
      expect(await ask(api(`/nodes/pve/qemu/100/agent/${path}`))).to.include({
        status: 403,
        reason: 'Permission check failed (no agent is asked here)',
      })
  })

  it('tells what Proxmox VE told, by status and reason', async () => {
    const asked = async (path: string) => {
      const {status, reason, body} = await ask(api(path))
      expect((JSON.parse(body) as {message: string}).message.split('\n')[0]).to.equal(reason)
      return `${status} ${reason}`
    }
    expect(await asked('/nodes/pve/qemu/777/config')).to.equal(
      "500 Configuration file 'nodes/pve/qemu-server/777.conf' does not exist",
    )
    expect(await asked('/pools/none')).to.match(/none' does not exist/)
  })

  it('is shut when it is closed', async () => {
    await door.close()
    const failed = await ask(api('/version')).then(
      () => 'answered',
      (error: NodeJS.ErrnoException) => error.code,
    )
    expect(failed).to.equal('ECONNREFUSED')
    door = await openDoor(reader)
  })

  it('answers where the cluster does not', async () => {
    const silent = openReader({
      endpoints: ['https://127.0.0.1:1'],
      trust: {fingerprint: simulator.fingerprint},
      credential: {tokenId: simulator.tokenId, secret: simulator.tokenSecret},
      limits: {retries: 0},
      env: {},
    })
    await door.close()
    door = await openDoor(silent)
    const {status, body} = await ask(api('/version'))
    expect(status).to.equal(502)
    expect(body).to.contain('127.0.0.1:1').and.not.contain(simulator.tokenSecret)
    await silent.close()
  })
})
