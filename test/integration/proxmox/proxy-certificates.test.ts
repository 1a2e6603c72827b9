import {once} from 'node:events'
import {createServer, type Server} from 'node:http'
import {connect, type AddressInfo, type Socket} from 'node:net'
import {expect} from 'chai'
import {
  clusterCaOf,
  createClient,
  fetchCertificate,
  normalFingerprint,
  trustId,
  type CertificateInfo,
} from '../../../src/kit/proxmox/index.js'
import {proxyFor} from '../../../src/kit/proxmox/proxy.js'
import {
  failureOf,
  makeAuthority,
  makeIdentity,
  ok,
  startServer,
  type Authority,
  type Identity,
  type TestServer,
} from './support.js'
import {readLines, referencePath} from '../../support/reference.js'

describe('proxies', () => {
  it('follow HTTPS_PROXY and NO_PROXY', async () => {
    const at = async (endpoint: string, env: Record<string, string>) => (await proxyFor(new URL(endpoint), env))?.host
    const env = {HTTPS_PROXY: 'http://proxy.example.com:3128'}
    expect(await at('https://pve1.example.com:8006', env)).to.equal('proxy.example.com:3128')
    expect(await at('https://pve1.example.com:8006', {})).to.equal(undefined)
    expect(await at('https://pve1.example.com:8006', {HTTPS_PROXY: 'x:1', https_proxy: 'proxy2:2'})).to.equal(
      'proxy2:2',
    )
    const except: [string, string, boolean][] = [
      ['example.com', 'https://pve1.example.com:8006', true],
      ['.example.com', 'https://pve1.example.com:8006', true],
      ['ample.com', 'https://pve1.example.com:8006', false],
      ['pve1.example.com:8006', 'https://pve1.example.com:8006', true],
      ['pve1.example.com:443', 'https://pve1.example.com:8006', false],
      ['192.0.2.0/24', 'https://192.0.2.10:8006', true],
      ['192.0.2.0/24', 'https://198.51.100.1:8006', false],
      ['2001:db8::/32', 'https://[2001:db8::1]:8006', true],
      ['a.example, *', 'https://192.0.2.10:8006', true],
    ]
    for (const [list, endpoint, direct] of except)
      expect((await at(endpoint, {...env, NO_PROXY: list})) === undefined, `${list} ${endpoint}`).to.equal(direct)
  })

  describe('that tunnel', () => {
    let authority: Authority
    let server: TestServer
    let proxy: Server
    let asked: {target: string | undefined; login: string | undefined}[]
    const sockets: Socket[] = []

    before(async () => {
      authority = makeAuthority()
      server = await startServer(makeIdentity(authority), (_, response) => ok(response, 'through'))
      proxy = createServer().listen(0, '127.0.0.1')
      proxy.on('connect', (request, socket) => {
        asked.push({target: request.url, login: request.headers['proxy-authorization']})
        sockets.push(socket as Socket)
        if (request.url?.startsWith('blocked') === true) return socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
        const upstream = connect(server.port, '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
          socket.pipe(upstream).pipe(socket)
        })
        upstream.on('error', () => socket.destroy())
        socket.on('error', () => upstream.destroy())
      })
      await once(proxy, 'listening')
    })

    beforeEach(() => {
      asked = []
    })

    after(async () => {
      sockets.forEach((socket) => socket.destroy())
      await new Promise((done) => proxy.close(done))
      await server.close()
    })

    const variables = () => ({HTTPS_PROXY: `http://user:p%40ss@127.0.0.1:${(proxy.address() as AddressInfo).port}`})

    it('see the name of the endpoint and their own login, and the certificate is still judged', async () => {
      const client = createClient({
        endpoints: ['https://pve1.invalid:8006'],
        trust: {ca: authority.pem},
        env: variables(),
      })
      expect(await client.get('/version')).to.equal('through')
      await client.close()
      expect(asked).to.deep.equal([
        {target: 'pve1.invalid:8006', login: `Basic ${Buffer.from('user:p@ss').toString('base64')}`},
      ])
      const stranger = createClient({
        endpoints: ['https://pve1.invalid:8006'],
        trust: {fingerprint: 'AA'.repeat(32)},
        env: variables(),
      })
      expect((await failureOf(stranger.get('/version'))).code).to.equal('PMPC_TLS_CHANGED')
      await stranger.close()
      expect((await fetchCertificate('https://pve1.invalid:8006', {env: variables()})).subject).to.contain(
        'pve1.test.local',
      )
    })

    it('and refuse are named, without their password', async () => {
      const client = createClient({
        endpoints: ['https://blocked.invalid:8006'],
        trust: {ca: authority.pem},
        env: variables(),
      })
      const error = await failureOf(client.get('/version'))
      await client.close()
      expect(error.code).to.equal('PMPC_UNREACHABLE')
      expect(error.message)
        .to.contain('HTTPS_PROXY')
        .and.to.contain('403')
        .and.not.to.contain('p@ss')
        .and.not.to.contain('p%40ss')
    })
  })
})

describe('certificates', () => {
  let authority: Authority
  let identity: Identity
  let server: TestServer

  before(async () => {
    authority = makeAuthority()
    identity = makeIdentity(authority, {names: ['pve1', 'pve1.test.local', '127.0.0.1']})
    server = await startServer(identity, (_, response) => ok(response, null))
  })
  after(() => server.close())

  it('are shown before anything is trusted, and no request is sent', async () => {
    const facts = await fetchCertificate(server.url)
    expect(facts).to.include({fingerprint: identity.fingerprint, selfSigned: false, systemTrusted: false})
    expect(facts.subject).to.contain('pve1.test.local')
    expect(facts.issuer).to.contain('Proxmox Virtual Environment')
    expect(facts.names).to.include.members(['pve1', '127.0.0.1'])
    expect(server.received).to.have.length(0)
  })

  it('the CA that really signed one is found among those a node lists', async () => {
    const namesake = makeAuthority()
    const list: CertificateInfo[] = [
      {filename: 'pve-ssl.pem', pem: identity.cert},
      {filename: 'other.pem', pem: namesake.pem},
      {filename: 'no.pem'},
      {filename: 'pve-root-ca.pem', pem: authority.pem},
    ]
    const found = await clusterCaOf(list, identity.cert)
    expect(await trustId({ca: found ?? ''})).to.equal(`ca:${authority.fingerprint}`)
    expect(await clusterCaOf([{filename: 'pve-root-ca.pem', pem: namesake.pem}], identity.cert)).to.equal(undefined)
  })

  it('and in the answer of a real node', async () => {
    const exchanges = readLines<{path: string; body: {data: CertificateInfo[]}}>(
      referencePath('daemon', 'walk-get.jsonl'),
    )
    const {data} = exchanges.find(({path}) => path === '/nodes/pve1/certificates/info')!.body
    const leaf = data.find(({filename}) => filename === 'pve-ssl.pem')?.pem ?? ''
    expect((await clusterCaOf(data, leaf))?.trim()).to.equal(
      data.find(({filename}) => filename === 'pve-root-ca.pem')?.pem?.trim(),
    )
  })

  it('fingerprints are one, however they are typed', () => {
    const digits = identity.fingerprint.replaceAll(':', '')
    for (const typed of [
      identity.fingerprint,
      digits,
      digits.toLowerCase(),
      `SHA256:${digits}`,
      `sha256 Fingerprint=`.slice(0, 6) + '=' + identity.fingerprint,
    ]) {
      expect(normalFingerprint(typed), typed).to.equal(identity.fingerprint)
    }
    for (const typed of ['', 'AA:BB', digits.slice(2), 'x'.repeat(64)])
      expect(normalFingerprint(typed)).to.equal(undefined)
  })

  it('a credential is bound to the content of a CA, and a CA that is none is refused', async () => {
    expect(await trustId({ca: `\n${authority.pem}\n`})).to.equal(await trustId({ca: authority.pem}))
    expect((await failureOf(trustId({ca: 'not a certificate'}))).code).to.equal('PMPC_TLS_BAD_CA')
    expect((await failureOf(trustId({caFile: '/no/such/file'}))).code).to.equal('PMPC_TLS_BAD_CA')
    expect((await failureOf(trustId({fingerprint: 'AA'}))).code).to.equal('PMPC_BAD_FINGERPRINT')
  })
})
