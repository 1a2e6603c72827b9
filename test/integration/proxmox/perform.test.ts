import {expect} from 'chai'
import {createClient, gated, perform, type Writer} from '../../../src/kit/proxmox/index.js'
import {
  failureOf,
  makeAuthority,
  makeIdentity,
  ok,
  quickClock,
  startServer,
  type Answer,
  type TestServer,
} from './support.js'

describe('writes', () => {
  let authority: Awaited<ReturnType<typeof makeAuthority>>
  let server: TestServer
  let client: Writer
  let answer: Answer

  before(async () => {
    authority = makeAuthority()
    server = await startServer(makeIdentity(authority), (request, response) => answer(request, response))
  })
  beforeEach(() => {
    server.received.length = 0
    client = createClient({
      endpoints: [server.url],
      trust: {ca: authority.pem},
      credential: {tokenId: 'a@pve!bc', secret: 'x'},
      env: {},
      clock: quickClock(),
    })
  })
  afterEach(() => client.close())
  after(() => server.close())

  const sent = (method: string) => server.received.filter((one) => one.method === method)

  describe('with their tasks', () => {
    /** A node that runs each task for three looks at it, and remembers how many ran at once on what. */
    function worker(): Map<string, number> {
      const running = new Map<string, {on: string; looks: number}>()
      const most = new Map<string, number>()
      let pid = 0
      answer = ({method, path, body}, response) => {
        if (method === 'POST') {
          const on = new URLSearchParams(body).get('storage') ?? path
          const upid = `UPID:pve1:${(++pid).toString(16).padStart(8, '0')}:0007BD99:6B011908:qmclone:1:a@pve!bc:`
          running.set(upid, {on, looks: 3})
          const now = [...running.values()].filter((task) => task.on === on && task.looks > 0).length
          most.set(on, Math.max(most.get(on) ?? 0, now))
          return ok(response, upid)
        }
        const task = running.get(path.split('/')[4] ?? '')
        const isRunning = task !== undefined && --task.looks > 0
        return ok(response, isRunning ? {status: 'running'} : {status: 'stopped', exitstatus: 'OK'})
      }
      return most
    }

    it('clones of one running source run one after the other, those of another beside them', async () => {
      const most = worker()
      const clone = (source: number, newid: number) =>
        perform(
          client,
          {method: 'POST', path: `/nodes/pve1/qemu/${source}/clone`, body: {newid}},
          {clock: quickClock()},
        )
      const results = await Promise.all([clone(9000, 101), clone(9000, 102), clone(9000, 103), clone(9001, 104)])
      expect(results.map(({exitstatus}) => exitstatus)).to.deep.equal(['OK', 'OK', 'OK', 'OK'])
      expect(Object.fromEntries(most)).to.deep.equal({
        '/nodes/pve1/qemu/9000/clone': 1,
        '/nodes/pve1/qemu/9001/clone': 1,
      })
    })

    it('clones of a stopped source, and allocations on one storage, run four at a time, and so does all on a node', async () => {
      const most = worker()
      const clones = Array.from({length: 50}, (_, at) =>
        perform(
          client,
          {method: 'POST', path: '/nodes/pve1/qemu/9000/clone', body: {newid: 200 + at, storage: 'zfs'}},
          {clock: quickClock(), isSourceStopped: true},
        ),
      )
      const move = (node: string, vmid: number) =>
        perform(
          client,
          {method: 'POST', path: `/nodes/${node}/qemu/${vmid}/move_disk`, body: {disk: 'scsi0', storage: 'nfs'}},
          {clock: quickClock()},
        )
      const moves = Array.from({length: 12}, (_, at) => move(`pve${2 + (at % 3)}`, 300 + at))
      await Promise.all([...clones, ...moves])
      expect(Object.fromEntries(most)).to.deep.equal({zfs: 4, nfs: 4})
    })

    it('tell the id of their task before they look at it', async () => {
      const told: string[] = []
      worker()
      await perform(
        client,
        {method: 'POST', path: '/nodes/pve1/qemu/100/move_disk', body: {disk: 'scsi0', storage: 'nfs'}},
        {clock: quickClock(), onStarted: (upid) => void told.push(`${upid} ${sent('GET').length}`)},
      )
      expect(told).to.deep.equal(['UPID:pve1:00000001:0007BD99:6B011908:qmclone:1:a@pve!bc: 0'])
    })

    it('that fail for a parameter tell which, from the log', async () => {
      const upid = 'UPID:pve1:00000001:0007BD99:6B011908:qmconfig:100:a@pve!bc:'
      const log = [
        'update VM 100: -scsi1 x',
        'TASK ERROR: Parameter verification failed.',
        'scsi1: hotplug problem - no slot',
      ]
      answer = ({method, path}, response) => {
        if (method === 'POST') return ok(response, upid)
        const isLog = path.split('?')[0]!.endsWith('/log')
        return ok(
          response,
          isLog
            ? log.map((t, at) => ({n: at + 1, t}))
            : {status: 'stopped', exitstatus: '400 Parameter verification failed.'},
        )
      }
      const change = {method: 'POST', path: '/nodes/pve1/qemu/100/config', body: {scsi1: 'zfs:1'}} as const
      const error = await failureOf(perform(client, change, {clock: quickClock()}))
      expect(error.code).to.equal('PMPC_BAD_PARAMETER')
      expect(error.message).to.contain('scsi1').and.to.contain('hotplug problem - no slot')
    })

    it('without one are done at once; a container becomes a template some time after null', async () => {
      let looks = 0
      answer = ({method}, response) => ok(response, method === 'GET' ? (++looks < 3 ? {} : {template: 1}) : null)
      const put = await perform(client, {method: 'PUT', path: '/nodes/pve1/lxc/101/config', body: {cores: 1}})
      expect([put.upid, looks]).to.deep.equal([undefined, 0])
      await perform(client, {method: 'POST', path: '/nodes/pve1/lxc/101/template'}, {clock: quickClock()})
      expect(looks).to.equal(3)
    })
  })

  describe('behind a gate', () => {
    const releases: Record<string, string> = {old: '8.4.5', new: '9.2.3', later: '9.9.1'}
    beforeEach(() => {
      answer = ({path}, response) => {
        const node = path.split('/')[2] ?? ''
        return ok(response, path.endsWith('/version') ? {version: releases[node] ?? '9.2.3'} : null)
      }
    })
    const ksm = (node: string) =>
      ({method: 'PUT', path: `/nodes/${node}/qemu/100/config`, body: {'allow-ksm': 1}}) as const

    it('a key goes to the nodes that know it, and not to those that do not', async () => {
      const error = await failureOf(gated(client).request(ksm('old')))
      expect(error).to.include({code: 'PMPC_BAD_PARAMETER'})
      expect(error.message).to.contain('old runs Proxmox VE 8.4.5').and.to.contain('allow-ksm')
      expect(error.data).to.deep.include({
        unknownHere: true,
        fields: {'allow-ksm': 'Proxmox VE 8.4.5 does not know it'},
      })
      expect(sent('PUT')).to.deep.equal([])
      await gated(client).request(ksm('new'))
      expect(sent('PUT')).to.have.length(1)
    })

    it('so does a call, by the node that answers it', async () => {
      releases[''] = '8.4.5'
      const work = {method: 'POST', path: '/cluster/bulk-action/guest/start', body: {}} as const
      answer = (_, response) => ok(response, {version: '8.4.5'})
      const error = await failureOf(gated(client).request(work))
      expect(error.code).to.equal('PMPC_NOT_IMPLEMENTED')
      expect(sent('POST')).to.deep.equal([])
    })

    it('a node is asked once; one that is newer than what is known decides itself', async () => {
      const gate = gated(client)
      await Promise.all([1, 2, 3].map(() => gate.request(ksm('new'))))
      expect(sent('GET')).to.have.length(1)
      const body = {'key-of-tomorrow': 1}
      await gate.request({method: 'PUT', path: '/nodes/later/qemu/100/config', body})
      expect(sent('PUT').at(-1)?.body).to.equal('key-of-tomorrow=1')
    })

    it('numbered keys, volume ids and indexes pass', async () => {
      const gate = gated(client)
      const path = '/nodes/new/storage/local/content/local:iso/x.iso'
      await gate.request({
        method: 'PUT',
        path: '/nodes/new/lxc/101/config',
        body: {net0: 'name=eth0', mp3: 'local:1,mp=/x'},
      })
      await gate.request({method: 'DELETE', path, query: {delay: 1}})
      expect(server.received).to.have.length(3)
    })
  })
})
