import {createServer} from 'node:net'
import {once} from 'node:events'
import {connect as connectTcp, type AddressInfo, type Socket} from 'node:net'
import {gzipSync} from 'node:zlib'
import {expect} from 'chai'
import {apiPath, createClient, type Writer, type ClientOptions} from '../../../src/kit/proxmox/index.js'
import {
  closedPort,
  failureOf,
  makeAuthority,
  makeIdentity,
  ok,
  quickClock,
  refuse,
  startServer,
  type Answer,
  type Authority,
  type Identity,
  type TestServer,
} from './support.js'

const secret = 'aaaaaaaa-0000-4000-8000-000000000001'
const credential = {tokenId: 'pmpc@pve!sync', secret}

describe('client', () => {
  let authority: Authority
  let identity: Identity
  const open: {close(): Promise<unknown>}[] = []

  before(async () => {
    authority = makeAuthority()
    identity = makeIdentity(authority)
  })

  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()))
  })

  async function serve(answer: Answer, who = identity, port = 0): Promise<TestServer> {
    const server = await startServer(who, answer, port)
    open.push(server)
    return server
  }

  function clientOf(endpoints: string | string[], options: Partial<ClientOptions> = {}): Writer {
    const client = createClient({
      endpoints: [endpoints].flat(),
      trust: {ca: authority.pem},
      credential,
      env: {},
      clock: quickClock(),
      ...options,
    })
    open.unshift(client)
    return client
  }

  it('sends the token and returns data, with total and changes at hand', async () => {
    const server = await serve((_, response) => ok(response, [{vmid: 100}], {total: 7, changes: '--- a'}))
    const client = clientOf(server.url)
    expect(await client.get('/cluster/resources', {type: 'vm'})).to.deep.equal([{vmid: 100}])
    expect(await client.getWhole('/nodes/pve1/tasks')).to.deep.equal({data: [{vmid: 100}], total: 7, changes: '--- a'})
    expect(server.received[0]).to.include({method: 'GET', path: '/cluster/resources', query: 'type=vm', body: ''})
    expect(server.received[0]?.headers.authorization).to.equal(`PVEAPIToken=pmpc@pve!sync=${secret}`)
    expect(client.stats()).to.include({requests: 2, retries: 0})
    expect(client.stats().bytes).to.be.greaterThan(40)
  })

  it('form-encodes bodies whole, with Content-Length, and sends none with DELETE', async () => {
    const server = await serve((_, response) => ok(response, null))
    const client = clientOf(server.url)
    await client.request({
      method: 'PUT',
      path: apiPath('nodes', 'pve1', 'qemu', 100, 'config'),
      body: {description: "a=b&c d'ü", onboot: true, cores: 2, delete: undefined, link: ['a', 'b']},
    })
    await client.request({method: 'POST', path: '/nodes/pve1/qemu/100/status/start'})
    await client.request({method: 'DELETE', path: '/nodes/pve1/qemu/100', query: {purge: 1}})
    const [put, post, remove] = server.received
    expect(put?.body).to.equal('description=a%3Db%26c%20d%27%C3%BC&onboot=1&cores=2&link=a&link=b')
    expect(put?.headers).to.include({
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(put?.body.length),
    })
    expect(put?.headers).not.to.have.property('transfer-encoding')
    expect(post?.headers['content-length']).to.equal('0')
    expect(remove).to.include({query: 'purge=1', body: ''})
    expect(remove?.headers).not.to.have.property('content-type')
  })

  it('reads gzip', async () => {
    const data = Array.from({length: 500}, (_, vmid) => ({vmid}))
    const server = await serve((request, response) => {
      expect(request.headers['accept-encoding']).to.equal('gzip')
      response
        .writeHead(200, {'content-type': 'application/json', 'content-encoding': 'gzip'})
        .end(gzipSync(JSON.stringify({data})))
    })
    expect(await clientOf(server.url).get('/cluster/resources')).to.deep.equal(data)
  })

  it('keeps a connection for 100 requests at most', async () => {
    const server = await serve((_, response) => ok(response, null))
    const client = clientOf(server.url, {limits: {perNode: 1}})
    for (let i = 0; i < 150; i++) await client.get('/version')
    expect(server.connections()).to.equal(2)
  })

  describe('trust', () => {
    it('the CA of the cluster vouches for any of its nodes, whatever the host is called', async () => {
      const server = await serve((_, response) => ok(response, 1))
      expect(await clientOf(server.url).get('/version')).to.equal(1)
    })

    it('shows both CAs when another cluster answers, and sends it nothing', async () => {
      const other = makeAuthority('Proxmox Virtual Environment')
      const server = await serve((_, response) => ok(response, 1), makeIdentity(other))
      const error = await failureOf(clientOf(server.url, {cluster: 'home'}).get('/version'))
      expect(error.code).to.equal('PMPC_TLS_CHANGED')
      expect(error.message).to.contain(authority.fingerprint).and.to.contain('pve1.test.local').and.to.contain('home')
      expect(error.suggestions.join('\n')).to.contain('pmpc init --cluster home')
      expect(server.received).to.have.length(0)
    })

    it('a pinned fingerprint accepts that certificate alone, also on resumed sessions', async () => {
      const server = await serve((_, response) => {
        response.setHeader('connection', 'close')
        ok(response, 1)
      })
      const client = clientOf(server.url, {
        trust: {fingerprint: identity.fingerprint.toLowerCase().replaceAll(':', '')},
      })
      for (let i = 0; i < 3; i++) expect(await client.get('/version')).to.equal(1)
      expect(server.connections()).to.equal(3)
    })

    it('shows both fingerprints when the certificate was changed meanwhile, and sends nothing', async () => {
      const first = await serve((_, response) => {
        response.setHeader('connection', 'close')
        ok(response, 1)
      })
      const client = clientOf(first.url, {trust: {fingerprint: identity.fingerprint}})
      await client.get('/version')
      await first.close()
      open.splice(open.indexOf(first), 1)
      const renewed = makeIdentity(authority)
      const second = await serve((_, response) => ok(response, 1), renewed, first.port)
      const error = await failureOf(client.get('/version'))
      expect(error.code).to.equal('PMPC_TLS_CHANGED')
      expect(error.message).to.contain(identity.fingerprint).and.to.contain(renewed.fingerprint)
      expect(second.received).to.have.length(0)
    })

    it('an expired certificate of the right CA is not called a changed one', async () => {
      const server = await serve((_, response) => ok(response, 1), makeIdentity(authority, {days: -1}))
      const error = await failureOf(clientOf(server.url).get('/version'))
      expect(error.code).to.equal('PMPC_TLS_UNTRUSTED')
      expect(error.message).to.contain('expired')
    })

    it('with public CAs an unknown one is refused, and so is a right chain under a wrong name', async () => {
      const server = await serve((_, response) => ok(response, 1))
      expect((await failureOf(clientOf(server.url, {trust: {system: true}}).get('/version'))).code).to.equal(
        'PMPC_TLS_UNTRUSTED',
      )
      const {mkdtemp, writeFile} = await import('node:fs/promises')
      const {tmpdir} = await import('node:os')
      const caFile = `${await mkdtemp(`${tmpdir()}/pmpc-`)}/ca.pem`
      await writeFile(caFile, authority.pem)
      const error = await failureOf(clientOf(server.url, {trust: {caFile}}).get('/version'))
      expect(error.code).to.equal('PMPC_TLS_UNTRUSTED')
      expect(error.message).to.contain('127.0.0.1')
      const rightName = await serve((_, response) => ok(response, 2), makeIdentity(authority, {names: ['127.0.0.1']}))
      expect(await clientOf(rightName.url, {trust: {caFile}}).get('/version')).to.equal(2)
      expect(server.received).to.have.length(0)
    })

    it('the order of certificate errors does not leak to the next endpoint: a wrong one is an alarm', async () => {
      const bad = await serve((_, response) => ok(response, 1), makeIdentity(makeAuthority('Other')))
      const good = await serve((_, response) => ok(response, 1))
      expect((await failureOf(clientOf([bad.url, good.url]).get('/version'))).code).to.equal('PMPC_TLS_CHANGED')
      expect(good.received).to.have.length(0)
    })
  })

  describe('several endpoints', () => {
    it('goes on with the next one, also for a write of which nothing was sent, and stays there', async () => {
      const good = await serve((_, response) => ok(response, 1))
      const client = clientOf([`https://127.0.0.1:${await closedPort()}`, good.url])
      expect(await client.request({method: 'POST', path: '/nodes/pve1/qemu', body: {vmid: 100}})).to.equal(1)
      expect(client.endpoint()).to.equal(good.url)
    })

    it('a write that was sent is never sent to another one', async () => {
      const broken = await serve((request) => void request.socket.destroy())
      const good = await serve((_, response) => ok(response, 1))
      const client = clientOf([broken.url, good.url])
      const error = await failureOf(client.request({method: 'POST', path: '/nodes/pve1/qemu', body: {vmid: 100}}))
      expect(error.code).to.equal('PMPC_OUTCOME_UNKNOWN')
      expect(good.received).to.have.length(0)
      expect(await client.get('/version')).to.equal(1)
    })
  })

  describe('what comes back', () => {
    const cases: {name: string; answer: Answer; code: string; exit?: number; says: string}[] = [
      {
        name: 'a wrong secret',
        answer: (_, response) => refuse(response, 401, 'invalid token value!'),
        code: 'PMPC_NOT_AUTHENTICATED',
        exit: 77,
        says: 'pmpc@pve!sync',
      },
      {
        name: 'no privilege',
        answer: (_, response) => refuse(response, 403, 'Permission check failed (/vms/100, VM.Audit)'),
        code: 'PMPC_NOT_ALLOWED',
        exit: 77,
        says: 'VM.Audit on /vms/100',
      },
      {
        name: 'a web page',
        answer: (_, response) =>
          void response.writeHead(200, {'content-type': 'text/html'}).end('<html><title>Router login</title></html>'),
        code: 'PMPC_NOT_PVE',
        says: 'Router login',
      },
      {
        name: 'a web page that is not found',
        answer: (_, response) => void response.writeHead(404, {'content-type': 'text/html'}).end('<html></html>'),
        code: 'PMPC_NOT_PVE',
        says: '404',
      },
      {
        name: 'another program without that path',
        answer: (_, response) => void response.writeHead(404, {'content-type': 'text/plain'}).end('404 page not found'),
        code: 'PMPC_NOT_PVE',
        says: '404 with text/plain',
      },
      {
        name: 'text that would steer a terminal, as it is: what prints it makes that visible',
        answer: (_, response) =>
          void response
            .writeHead(500, 'x', {'content-type': 'application/json'})
            .end('{"data":null,"message":"a\\u001b[2Jb\\n"}'),
        code: 'PMPC_REFUSED',
        says: 'a\u001b[2Jb',
      },
      {
        name: 'other JSON',
        answer: (_, response) =>
          void response.writeHead(200, {'content-type': 'application/json'}).end('{"status":"UP"}'),
        code: 'PMPC_NOT_PVE',
        says: 'no JSON of PVE',
      },
      {
        name: 'a redirect',
        answer: (_, response) => void response.writeHead(302, {location: 'https://sso.example.com/login?x=1'}).end(),
        code: 'PMPC_NOT_PVE',
        says: 'redirect to https://sso.example.com/login,',
      },
      {
        name: 'an unknown method',
        answer: (_, response) => refuse(response, 501, "Method 'GET /foo' not implemented"),
        code: 'PMPC_NOT_IMPLEMENTED',
        says: 'GET /foo',
      },
      {
        name: 'an offline node',
        answer: (_, response) => refuse(response, 595, 'No route to host'),
        code: 'PMPC_NODE_UNREACHABLE',
        exit: 75,
        says: 'No route to host',
      },
    ]
    for (const {name, answer, code, exit, says} of cases) {
      it(`${name}: ${code}, asked once`, async () => {
        const server = await serve(answer)
        const error = await failureOf(clientOf(server.url).get('/foo'))
        expect(error).to.include({code, exitCode: exit ?? 1})
        expect(error.message).to.contain(says)
        expect(error.message + JSON.stringify(error.data) + error.suggestions.join()).not.to.contain(secret)
        expect(error.suggestions).not.to.have.length(0)
        expect(server.received).to.have.length(1)
      })
    }

    it('after a 401 the others that wait are not sent at all', async () => {
      const server = await serve((_, response) => refuse(response, 401, 'Authentication failed!'))
      const client = clientOf(server.url, {limits: {perNode: 1, total: 1}})
      const errors = await Promise.all(Array.from({length: 5}, () => failureOf(client.get('/version'))))
      expect(new Set(errors.map((error) => error.code))).to.deep.equal(new Set(['PMPC_NOT_AUTHENTICATED']))
      expect(server.received).to.have.length(1)
    })

    it('an answer cut in half by a proxy: read again, then said so', async () => {
      const server = await serve((_, response) =>
        ok(
          response,
          Array.from({length: 3000}, (__, vmid) => ({vmid})),
        ),
      )
      const cutter = createServer((downstream) => {
        const upstream = connectTcp(server.port, '127.0.0.1')
        downstream.pipe(upstream)
        let left = 20_000
        upstream.on('data', (chunk: Buffer) => {
          downstream.write(chunk.subarray(0, left), () => left <= 0 && downstream.destroy())
          left -= Math.min(left, chunk.length)
        })
        upstream.on('error', () => undefined)
        downstream.on('error', () => undefined)
        downstream.on('close', () => upstream.destroy())
      }).listen(0, '127.0.0.1')
      await once(cutter, 'listening')
      open.push({close: () => new Promise((done) => cutter.close(done))})
      const client = clientOf(`https://127.0.0.1:${(cutter.address() as AddressInfo).port}`, {limits: {retries: 2}})
      const error = await failureOf(client.get('/cluster/resources'))
      expect(error).to.include({code: 'PMPC_NOT_PVE', exitCode: 75})
      expect(error.message).to.contain('only a part')
      expect(client.stats()).to.include({requests: 3, retries: 2})
    })

    it('a closed port', async () => {
      const error = await failureOf(clientOf(`https://127.0.0.1:${await closedPort()}`).get('/version'))
      expect(error).to.include({code: 'PMPC_UNREACHABLE', exitCode: 1})
      expect(error.message).to.contain('refuses the connection')
    })

    it('a name that cannot be resolved', async () => {
      const error = await failureOf(clientOf('https://nowhere.invalid:8006').get('/version'))
      expect(error.code).to.equal('PMPC_UNREACHABLE')
      expect(error.message).to.contain('cannot be resolved')
    })

    it('no answer in time', async () => {
      const server = await serve(() => undefined)
      const client = clientOf(server.url, {limits: {timeout: 60}})
      const error = await failureOf(client.get('/version'))
      expect(error).to.include({code: 'PMPC_NO_ANSWER', exitCode: 75})
      expect(error.message).to.contain('GET /version')
      expect(client.stats().requests, 'it is not waited for again').to.equal(1)
    })

    it('a server that accepts and stays silent: the handshake has its own limit', async () => {
      const sockets: Socket[] = []
      const silent = createServer((socket) => sockets.push(socket.on('error', () => undefined))).listen(0, '127.0.0.1')
      await once(silent, 'listening')
      open.push({
        close: () => new Promise((done) => (sockets.forEach((socket) => socket.destroy()), silent.close(done))),
      })
      const error = await failureOf(
        clientOf(`https://127.0.0.1:${(silent.address() as AddressInfo).port}`, {limits: {connectTimeout: 80}}).get(
          '/version',
        ),
      )
      expect(error).to.include({code: 'PMPC_UNREACHABLE', exitCode: 75})
    })

    it('plain HTTP behind an https endpoint', async () => {
      const {createServer: createHttp} = await import('node:http')
      const plain = createHttp((_, response) => response.end('hello')).listen(0, '127.0.0.1')
      await once(plain, 'listening')
      open.push({close: () => new Promise((done) => plain.close(done))})
      const error = await failureOf(
        clientOf(`https://127.0.0.1:${(plain.address() as AddressInfo).port}`).get('/version'),
      )
      expect(error.code).to.equal('PMPC_NOT_PVE')
    })
  })

  describe('repeating', () => {
    it('reads after overload, with growing pauses', async () => {
      let count = 0
      const server = await serve((_, response) =>
        ++count < 4 ? refuse(response, 596, 'Broken pipe') : ok(response, 'there'),
      )
      const clock = quickClock()
      expect(await clientOf(server.url, {clock}).get('/nodes/pve1/qemu/100/config')).to.equal('there')
      expect(clock.slept).to.deep.equal([187.5, 375, 750])
    })

    it('reads when the connection broke, the first time at once', async () => {
      let count = 0
      const server = await serve((request, response) =>
        ++count < 2 ? void request.socket.destroy() : ok(response, 'there'),
      )
      const clock = quickClock()
      expect(await clientOf(server.url, {clock}).get('/version')).to.equal('there')
      expect(clock.slept).to.deep.equal([0])
    })

    it('reads no more often than allowed', async () => {
      const server = await serve((_, response) => refuse(response, 599, 'Too many redirections'))
      const error = await failureOf(clientOf(server.url, {limits: {retries: 2}}).get('/nodes/pve1/status'))
      expect(error.code).to.equal('PMPC_NODE_UNREACHABLE')
      expect(server.received).to.have.length(3)
    })

    it('writes never', async () => {
      for (const answer of [
        (_, response) => refuse(response, 596, 'Broken pipe'),
        (request) => void request.socket.destroy(),
        (_, response) => refuse(response, 503, 'busy'),
      ] as Answer[]) {
        const server = await serve(answer)
        const error = await failureOf(
          clientOf(server.url).request({method: 'PUT', path: '/nodes/pve1/qemu/100/config', body: {cores: 2}}),
        )
        expect(error.code).to.equal('PMPC_OUTCOME_UNKNOWN')
        expect(server.received).to.have.length(1)
      }
      const locked = await serve((_, response) =>
        refuse(response, 500, "can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout"),
      )
      expect(
        (await failureOf(clientOf(locked.url).request({method: 'PUT', path: '/nodes/pve1/qemu/100/config'}))).code,
      ).to.equal('PMPC_LOCKED')
      expect(locked.received).to.have.length(1)
    })
  })

  describe('a node that hangs', () => {
    const clock = quickClock()
    const hang: Answer = (request, response) => {
      if (request.path.startsWith('/nodes/pve2')) return ok(response, 'fine')
      clock.advance(30_000)
      refuse(response, 596, 'Connection timed out')
    }

    it('costs its time once for all of its guests, and the others none', async () => {
      const server = await serve(hang)
      const client = clientOf(server.url, {clock, limits: {perNode: 1}})
      const errors = await Promise.all(
        Array.from({length: 20}, (_, vmid) => failureOf(client.get(apiPath('nodes', 'pve1', 'qemu', vmid, 'config')))),
      )
      expect(new Set(errors.map(({code}) => code))).to.deep.equal(new Set(['PMPC_NODE_UNREACHABLE']))
      expect(server.received).to.have.length(2)
      expect(await client.get('/nodes/pve2/status')).to.equal('fine')
      clock.advance(61_000)
      await failureOf(client.get('/nodes/pve1/status'))
      expect(server.received).to.have.length(4)
    })

    it('is not one of which a single call hangs, as with a dead share', async () => {
      const server = await serve((request, response) =>
        request.path.endsWith('/storage') ? hang(request, response) : ok(response, 'fine'),
      )
      const client = clientOf(server.url, {clock, limits: {perNode: 1}})
      for (let i = 0; i < 3; i++) {
        expect((await failureOf(client.get('/nodes/pve1/storage'))).code).to.equal('PMPC_NODE_UNREACHABLE')
        expect(await client.get('/nodes/pve1/status')).to.equal('fine')
      }
    })
  })

  describe('an answer without measure', () => {
    const json = {'content-type': 'application/json;charset=UTF-8'}
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
    const limits = {bytes: 64 * 1024, depth: 50, values: 1000, answerTime: 400, timeout: 5000, retries: 3}

    const answers: Record<string, {answer: Answer; code?: string; says: string; limit?: string}> = {
      'a body that is too long': {
        answer: (_, response) => ok(response, 'x'.repeat(limits.bytes)),
        says: 'is longer than 64 KiB',
        limit: 'bytes',
      },
      'a body that never ends': {
        answer(_, response) {
          response.writeHead(200, json).write('{"data":[')
          const more = () => {
            while (!response.destroyed && response.write(`${'0,'.repeat(8000)}`));
            response.once('drain', more)
          }
          more()
        },
        says: 'is longer than 64 KiB',
        limit: 'bytes',
      },
      'a small body that unpacks to a large one': {
        answer: (_, response) =>
          void response
            .writeHead(200, {...json, 'content-encoding': 'gzip'})
            .end(gzipSync(`{"data":"${'x'.repeat(4 * limits.bytes)}"}`)),
        says: 'is longer than 64 KiB',
        limit: 'bytes',
      },
      'a failure with a body that is too long': {
        answer: (_, response) => void response.writeHead(500, 'broken', json).end('x'.repeat(2 * limits.bytes)),
        says: 'is longer than 64 KiB',
        limit: 'bytes',
      },
      'lists within lists': {
        answer: (_, response) => void response.writeHead(200, json).end(`{"data":${nested(limits.depth)}}`),
        says: 'nests deeper than 50',
        limit: 'depth',
      },
      'more entries than any cluster has': {
        answer: (_, response) => void response.writeHead(200, json).end(`{"data":[${'{},'.repeat(limits.values)}{}]}`),
        says: 'holds more values than 1000',
        limit: 'values',
      },
      'a byte now and then': {
        answer(_, response) {
          response.writeHead(200, json).write('{"data":')
          const timer = setInterval(() => response.write(' '), 20)
          response.once('close', () => clearInterval(timer))
        },
        code: 'PMPC_NO_ANSWER',
        says: 'in time',
      },
      'interim answers without end': {
        answer(_, response) {
          const timer = setInterval(() => response.writeProcessing(), 20)
          response.once('close', () => clearInterval(timer))
        },
        code: 'PMPC_NO_ANSWER',
        says: 'in time',
      },
    }
    for (const [what, {answer, code = 'PMPC_ANSWER_LIMIT', says, limit}] of Object.entries(answers)) {
      it(`${what}: refused, asked for once, and the client goes on`, async () => {
        const server = await serve((request, response) =>
          request.path === '/version' ? ok(response, {version: '9.2.3'}) : answer(request, response),
        )
        const client = clientOf(server.url, {limits})
        const error = await failureOf(client.get('/cluster/resources'))
        expect(error.code, error.message).to.equal(code)
        expect(error.message).to.contain(says).and.to.contain('/cluster/resources')
        expect(error.data?.limit).to.equal(limit)
        expect(error.suggestions).not.to.have.length(0)
        expect(server.received).to.have.length(1)
        expect(await client.get('/version')).to.deep.equal({version: '9.2.3'})
        const write = await failureOf(client.request({method: 'POST', path: '/nodes/pve1/qemu/100/status/start'}))
        expect(write.code, 'of a write nobody knows whether it was done').to.equal('PMPC_OUTCOME_UNKNOWN')
      })
    }

    it('brackets and commas within texts do not count, and what is allowed is read', async () => {
      const text = `${'[{,'.repeat(2000)}\\" ]`
      const server = await serve((_, response) => ok(response, [text, [[[]]]]))
      expect(await clientOf(server.url, {limits}).get('/version')).to.deep.equal([text, [[[]]]])
    })

    it('the text of a failure is told in part', async () => {
      const server = await serve(
        (_, response) =>
          void response.writeHead(500, 'broken', json).end(JSON.stringify({data: null, message: 'm'.repeat(30_000)})),
      )
      const error = await failureOf(clientOf(server.url, {limits}).get('/version'))
      expect(error.code).to.equal('PMPC_REFUSED')
      expect(error.message.length).to.be.below(4200)
    })

    it('a node whose calls get no answer is asked twice, and not for each of its guests', async () => {
      const server = await serve((request, response) =>
        request.path.startsWith('/nodes/pve1/') ? undefined : ok(response, {}),
      )
      const client = clientOf(server.url, {limits: {...limits, perNode: 1, timeout: 60}})
      const paths = Array.from({length: 20}, (_, index) => `/nodes/pve1/qemu/${100 + index}/config`)
      const errors = await Promise.all(paths.map((path) => failureOf(client.get(path))))
      expect(new Set(errors.map(({code}) => code))).to.deep.equal(new Set(['PMPC_NO_ANSWER']))
      expect(server.received).to.have.length(2)
      expect(await client.get('/nodes/pve2/version')).to.deep.equal({})
    })
  })

  it('keeps four requests in flight for a node, and one write for a guest', async () => {
    const running = {reads: 0, writes: 0}
    const most = {reads: 0, writes: 0}
    const server = await serve(async (request, response) => {
      const kind = request.method === 'GET' ? 'reads' : 'writes'
      most[kind] = Math.max(most[kind], ++running[kind])
      await new Promise((done) => setImmediate(() => setImmediate(done)))
      running[kind]--
      ok(response, null)
    })
    const client = clientOf(server.url)
    await Promise.all([
      ...Array.from({length: 40}, (_, vmid) => client.get(apiPath('nodes', 'pve1', 'qemu', vmid, 'config'))),
      ...Array.from({length: 10}, () =>
        client.request({method: 'PUT', path: apiPath('nodes', 'pve2', 'qemu', 100, 'config')}),
      ),
    ])
    expect(most.reads).to.be.within(2, 4)
    expect(most.writes).to.equal(1)
  })

  it('can be interrupted', async () => {
    const server = await serve(() => undefined)
    const stop = new AbortController()
    const client = clientOf(server.url)
    const waiting = failureOf(client.get('/version', {}, {signal: stop.signal}))
    while (server.received.length === 0) await new Promise((done) => setImmediate(done))
    stop.abort()
    expect(await waiting).to.include({code: 'PMPC_INTERRUPTED', exitCode: 130})
  })

  it('ends all that is under way by one signal, without a word of Node about listeners', async () => {
    const warned: string[] = []
    const onWarning = ({message}: Error) => void warned.push(message)
    process.on('warning', onWarning)
    const server = await serve(() => undefined)
    const stop = new AbortController()
    const client = clientOf(server.url, {signal: stop.signal, limits: {perNode: 16}})
    const waiting = Array.from({length: 14}, () => failureOf(client.get('/version')))
    while (server.received.length < 14) await new Promise((done) => setImmediate(done))
    stop.abort()
    expect((await Promise.all(waiting)).map(({code}) => code)).to.deep.equal(Array(14).fill('PMPC_INTERRUPTED'))
    process.removeListener('warning', onWarning)
    expect(warned).to.deep.equal([])
  })
})
