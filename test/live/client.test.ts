import {expect} from 'chai'
import {
  apiPath,
  atLeast,
  clusterVersions,
  connectCluster,
  meetCluster,
  waitForTask,
  waitUntil,
  type Client,
  type ClusterAccess,
} from '../../src/kit/proxmox/index.js'
import {failureOf} from '../integration/proxmox/support.js'
import {startSimulator, type Simulator} from '../../plugins/simulator/src/index.js'

/**
 * The client against a node that it may change: PMPC_LIVE_URL, PMPC_LIVE_TOKEN_ID, PMPC_LIVE_TOKEN, PMPC_LIVE_FINGERPRINT, and
 * PMPC_LIVE_VMID, the first of two VMIDs that it may create and delete (990001). Without them, against the simulator.
 */
describe('live: the client', () => {
  const {env} = process
  const vmid = Number(env.PMPC_LIVE_VMID ?? 990_001)
  let simulator: Simulator | undefined
  let client: Client
  let node: string

  before(async () => {
    if (env.PMPC_LIVE_URL === undefined) simulator = await startSimulator({seed: 'homelab'})
    const endpoint = env.PMPC_LIVE_URL ?? simulator?.url ?? ''
    const tokenId = env.PMPC_LIVE_TOKEN_ID ?? simulator?.tokenId ?? ''
    const secret = env.PMPC_LIVE_TOKEN ?? simulator?.tokenSecret ?? ''
    const fingerprint = env.PMPC_LIVE_FINGERPRINT ?? simulator?.fingerprint ?? ''
    const met = await meetCluster({
      cluster: 'live',
      endpoint,
      trust: {fingerprint},
      credential: {tokenId, secret},
      env: {},
    })
    const access: ClusterAccess = {cluster: 'live', endpoints: [endpoint], trust: met.trust, tokenId}
    client = await connectCluster(access, {env: {PMPC_TOKEN_LIVE: secret}})
    const nodes = await client.get<{node: string; status: string}[]>('/nodes')
    node = nodes.find(({status}) => status === 'online')?.node ?? ''
    await remove(vmid)
    await remove(vmid + 1)
  })

  after(async () => {
    await remove(vmid)
    await remove(vmid + 1)
    await client.close()
    await simulator?.stop()
  })

  const vm = (id: number, ...parts: string[]) => apiPath('nodes', node, 'qemu', id, ...parts)

  async function remove(id: number): Promise<void> {
    try {
      const {status} = await client.get<{status: string}>(vm(id, 'status', 'current'))
      if (status === 'running')
        await waitForTask(client, await client.request<string>({method: 'POST', path: vm(id, 'status', 'stop')}))
      await waitForTask(client, await client.request<string>({method: 'DELETE', path: vm(id), query: {purge: 1}}))
    } catch (error) {
      expect((error as {code: string}).code).to.equal('PMPC_NOT_FOUND')
    }
  }

  const create = (id: number) =>
    client.request<string>({
      method: 'POST',
      path: apiPath('nodes', node, 'qemu'),
      body: {vmid: id, name: 'pmpc-live', memory: 64, description: "a=b & 50 % of ü\nd's"},
    })

  it('every node says its version', async () => {
    const versions = await clusterVersions(client)
    const version = versions.get(node)
    expect(version !== undefined && atLeast(version, '7.4')).to.equal(true)
  })

  it('a VM is created by a task, and keeps what was sent', async () => {
    const result = await waitForTask(client, await create(vmid))
    expect(result.exitstatus).to.equal('OK')
    const config = await client.get<{description: string; memory: string | number}>(vm(vmid, 'config'))
    expect(config.description.trimEnd()).to.equal("a=b & 50 % of ü\nd's")
    expect(Number(config.memory)).to.equal(64)
  })

  it('a taken id, a bad value and a stale digest are told apart', async () => {
    expect((await failureOf(create(vmid))).code).to.equal('PMPC_EXISTS')
    const put = (body: Record<string, string | number>) =>
      failureOf(client.request({method: 'PUT', path: vm(vmid, 'config'), body}))
    const bad = await put({cores: 'many'})
    expect(bad.code).to.equal('PMPC_BAD_PARAMETER')
    expect(bad.data?.fields).to.have.property('cores')
    expect((await put({cores: 2, digest: '0'.repeat(40)})).code).to.equal('PMPC_CHANGED_MEANWHILE')
  })

  it('a change takes the digest that was read', async () => {
    const {digest} = await client.get<{digest: string}>(vm(vmid, 'config'))
    await client.request({method: 'PUT', path: vm(vmid, 'config'), body: {tags: 'b;a', digest}})
    expect((await client.get<{tags: string}>(vm(vmid, 'config'))).tags.split(/[;,]/).sort()).to.deep.equal(['a', 'b'])
  })

  it('a clone is told by its task, with a log', async () => {
    const lines: string[] = []
    await waitForTask(
      client,
      await client.request<string>({
        method: 'POST',
        path: vm(vmid, 'clone'),
        body: {newid: vmid + 1, name: 'pmpc-live-clone', full: true},
      }),
      {onLog: (line) => lines.push(line)},
    )
    expect(lines.at(-1)).to.equal('TASK OK')
    const all = await client.get<{vmid: number}[]>(apiPath('nodes', node, 'qemu'))
    expect(all.map((one) => Number(one.vmid))).to.include(vmid + 1)
  })

  it('what was deleted is not found, and an unknown call is named', async () => {
    await waitForTask(client, await client.request<string>({method: 'DELETE', path: vm(vmid + 1)}))
    await waitUntil(
      () => client.get<{vmid: number}[]>(apiPath('nodes', node, 'qemu')),
      (list) => !list.some((one) => Number(one.vmid) === vmid + 1),
      'the clone gone',
    )
    expect((await failureOf(client.get(vm(vmid + 1, 'config')))).code).to.equal('PMPC_NOT_FOUND')
    expect((await failureOf(client.get('/no/such/path'))).code).to.equal('PMPC_NOT_IMPLEMENTED')
    expect((await failureOf(client.get(apiPath('nodes', 'no-such-node', 'status')))).code).to.equal('PMPC_NOT_FOUND')
  })
})
