import {expect} from 'chai'
import {clusterVersions, createClient, meetCluster, stopTask, waitForTask} from '../../src/kit/proxmox/index.js'
import {needsOf} from '../../src/kit/fetch/needs.js'
import {
  makeAuthority,
  makeIdentity,
  ok,
  quickClock,
  startServer,
  type Received,
  type TestServer,
} from '../integration/proxmox/support.js'
import {contractText} from '../support/reference.js'

const upid = 'UPID:pve1:0000008A:0007BD99:6B011908:qmstart:100:root@pam!full:'

interface Contract {
  paths: Record<string, Record<string, {parameters?: {properties?: Record<string, unknown>}} | undefined>>
}

/** What the kit itself asks, whatever a plugin asks beside it. */
describe('requests of the kit', () => {
  let server: TestServer

  before(async () => {
    const authority = makeAuthority()
    const identity = makeIdentity(authority)
    server = await startServer(identity, (request, response) => {
      if (request.path === '/access/ticket') return ok(response, {ticket: 'PVE:a', CSRFPreventionToken: 'b'})
      if (request.path === '/nodes') return ok(response, [{node: 'pve1', status: 'online'}])
      if (request.path.endsWith('/certificates/info')) return ok(response, [{pem: authority.pem}])
      if (request.path.endsWith('/status')) return ok(response, {status: 'stopped', exitstatus: 'WARNINGS: 1'})
      return ok(response, request.path.endsWith('/log') ? [] : {})
    })
    const client = createClient({
      endpoints: [server.url],
      trust: {ca: authority.pem},
      credential: {username: 'root@pam', password: 'x'},
      env: {},
    })
    await meetCluster({
      cluster: 'home',
      endpoint: server.url,
      trust: {fingerprint: identity.fingerprint},
      credential: {tokenId: 'a@pve!bc', secret: 'x'},
      wanted: needsOf(),
      env: {},
    })
    await clusterVersions(client)
    await waitForTask(client, upid, {clock: quickClock(), onLog: () => undefined})
    await stopTask(client, upid)
    await client.close()
  })

  after(() => server.close())

  for (const version of ['8.4', '9.2'] as const) {
    it(`are valid against the contract of ${version}`, () => {
      const contract = JSON.parse(contractText(version)) as Contract
      expect(new Set(server.received.map(({path}) => path)).size).to.be.at.least(7)
      for (const request of server.received)
        expect(problemOf(request, contract), `${request.method} ${request.path}`).to.equal(undefined)
    })
  }
})

function problemOf({method, path, query, body}: Received, contract: Contract): string | undefined {
  const template = Object.keys(contract.paths).find((one) =>
    new RegExp(`^${one.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(path),
  )
  const operation = template === undefined ? undefined : contract.paths[template]?.[method]
  if (operation === undefined) return 'no such method'
  const known = Object.keys(operation.parameters?.properties ?? {})
  const sent = [...new URLSearchParams(query).keys(), ...new URLSearchParams(body).keys()]
  const unknown = sent.filter((name) => !known.includes(name))
  return unknown.length === 0 ? undefined : `unknown parameters ${unknown.join(', ')}`
}
