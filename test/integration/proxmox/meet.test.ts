import {expect} from 'chai'
import {meetCluster, normalEndpoint, showCertificate, type MeetOptions} from '../../../src/kit/proxmox/index.js'
import {needsOf} from '../../../src/kit/fetch/needs.js'
import {auditor} from '../../support/auditor.js'
import {
  closedPort,
  failureOf,
  makeAuthority,
  makeIdentity,
  ok,
  refuse,
  startServer,
  type Authority,
  type Identity,
  type TestServer,
} from './support.js'

describe('meeting a cluster', () => {
  let authority: Authority
  let identity: Identity
  let server: TestServer
  let certificates: {filename: string; pem?: string}[] | undefined

  before(async () => {
    authority = makeAuthority()
    identity = makeIdentity(authority)
    server = await startServer(identity, (request, response) => {
      if (request.headers.authorization !== 'PVEAPIToken=pmpc@pve!sync=right')
        return refuse(response, 401, 'Authentication failed!')
      if (request.path === '/version') return ok(response, {version: '9.2.3', release: '9.2'})
      if (request.path === '/access/permissions') return ok(response, {'/': auditor})
      if (request.path === '/nodes')
        return ok(response, [
          {node: 'pve2', status: 'offline'},
          {node: 'pve1', status: 'online'},
        ])
      if (request.path === '/nodes/pve1/certificates/info' && certificates !== undefined)
        return ok(response, certificates)
      return refuse(response, 403, 'Permission check failed')
    })
  })

  beforeEach(() => {
    server.received.length = 0
    certificates = [
      {filename: 'pve-root-ca.pem', pem: authority.pem},
      {filename: 'pve-ssl.pem', pem: identity.cert},
    ]
  })
  after(() => server.close())

  const options = (change: Partial<MeetOptions> = {}): MeetOptions => ({
    cluster: 'home',
    endpoint: server.url,
    trust: {fingerprint: identity.fingerprint},
    credential: {tokenId: 'pmpc@pve!sync', secret: 'right'},
    wanted: needsOf(),
    env: {},
    ...change,
  })

  it('pins the CA that signed what the server shows, proven by a second connection', async () => {
    const met = await meetCluster(options())
    expect(met.pinned).to.deep.equal({what: 'ca', fingerprint: authority.fingerprint})
    expect(met).to.deep.include({who: 'pmpc@pve!sync', nodes: ['pve1', 'pve2']})
    expect(met.version?.text).to.equal('9.2.3')
    expect(met.privileges.missing).to.deep.equal([])
    expect(server.received.filter(({path}) => path === '/version')).to.have.length(2)
    expect(server.received.some(({path}) => path.startsWith('/nodes/pve2'))).to.equal(false)
  })

  it('stays with the fingerprint when the CA did not sign it, or cannot be read', async () => {
    certificates = [{filename: 'pve-root-ca.pem', pem: makeAuthority().pem}]
    expect((await meetCluster(options())).pinned).to.deep.equal({
      what: 'certificate',
      fingerprint: identity.fingerprint,
    })
    certificates = undefined
    expect((await meetCluster(options())).trust).to.deep.equal({fingerprint: identity.fingerprint})
  })

  it('keeps a CA that was given', async () => {
    const met = await meetCluster(options({trust: {ca: authority.pem}}))
    expect(met.trust).to.deep.equal({ca: authority.pem})
    expect(server.received.some(({path}) => path.includes('certificates'))).to.equal(false)
  })

  it('a wrong secret, fingerprint or port stops it', async () => {
    expect(
      (await failureOf(meetCluster(options({credential: {tokenId: 'pmpc@pve!sync', secret: 'wrong'}})))).code,
    ).to.equal('PMPC_NOT_AUTHENTICATED')
    server.received.length = 0
    expect((await failureOf(meetCluster(options({trust: {fingerprint: 'AB'.repeat(32)}})))).code).to.equal(
      'PMPC_TLS_CHANGED',
    )
    expect(server.received).to.have.length(0)
    expect((await failureOf(showCertificate(`https://127.0.0.1:${await closedPort()}`, {}))).code).to.equal(
      'PMPC_UNREACHABLE',
    )
  })

  it('endpoints are understood as people type them', () => {
    const typed: [string, string][] = [
      ['192.0.2.10', 'https://192.0.2.10:8006'],
      ['pve1.example.com', 'https://pve1.example.com:8006'],
      ['pve1:8443', 'https://pve1:8443'],
      ['https://pve1', 'https://pve1:8006'],
      ['https://pve1:443', 'https://pve1'],
      ['https://pve1:8006/', 'https://pve1:8006'],
      ['2001:db8::1', 'https://[2001:db8::1]:8006'],
      ['https://[2001:db8::1]:8006', 'https://[2001:db8::1]:8006'],
    ]
    for (const [text, endpoint] of typed) expect(normalEndpoint(text), text).to.equal(endpoint)
    for (const text of ['http://pve1:8006', '', 'https://u:p@pve1', 'https://pve1:8006/api2', 'https://pve1?x'])
      expect(() => normalEndpoint(text), text).to.throw(/no endpoint/)
  })
})
