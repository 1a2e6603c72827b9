import {expect} from 'chai'
import {createHash, X509Certificate} from 'node:crypto'
import {request} from 'node:https'
import {connect as connectPlain} from 'node:net'
import {connect} from 'node:tls'
import {gunzipSync} from 'node:zlib'
import {Lab} from './support.js'

/** Sends bytes as they are; resolves to everything that came back until the connection closed. */
function raw(lab: Lab, text: string): Promise<string> {
  const {port} = new URL(lab.simulator.url)
  return new Promise((resolve, reject) => {
    const socket = connect({port: Number(port), host: '127.0.0.1', ca: lab.simulator.ca, servername: 'localhost'})
    let answer = ''
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => (answer += chunk))
    socket.on('end', () => resolve(answer))
    socket.on('error', reject)
    socket.write(text)
  })
}

const authorization = ({simulator}: Lab): string =>
  `Authorization: PVEAPIToken=${simulator.tokenId}=${simulator.tokenSecret}`

describe('how the simulator speaks HTTP', () => {
  let lab: Lab
  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
  })
  after(() => lab.stop())

  it('sends only its own certificate, which the CA of the cluster signed', async () => {
    const {port} = new URL(lab.simulator.url)
    const leaf = await new Promise<Buffer>((resolve, reject) => {
      const socket = connect({port: Number(port), host: '127.0.0.1', rejectUnauthorized: false}, () => {
        const certificate = socket.getPeerCertificate(true)
        socket.end()
        resolve(certificate.raw)
      })
      socket.on('error', reject)
    })
    const certificate = new X509Certificate(leaf)
    const authority = new X509Certificate(lab.simulator.ca)
    expect(certificate.verify(authority.publicKey)).to.equal(true)
    for (const name of ['localhost', 'pve1', 'pve3']) expect(certificate.checkHost(name), name).to.equal(name)
    expect(certificate.checkIP('127.0.0.1')).to.equal('127.0.0.1')
    expect(certificate.fingerprint256).to.equal(lab.simulator.fingerprint)
    expect(createHash('sha256').update(leaf).digest('hex')).to.equal(
      lab.simulator.fingerprint.replaceAll(':', '').toLowerCase(),
    )
    const listed = await lab.get<{fingerprint: string}[]>('/nodes/pve1/certificates/info')
    expect(listed.map(({fingerprint}) => fingerprint)).to.include(lab.simulator.fingerprint)
  })

  it('orders keys and lists anew in each answer', async () => {
    const texts = new Set<string>()
    for (let turn = 0; turn < 5; turn++) texts.add((await lab.send('/nodes/pve1/qemu/100/config')).text)
    expect(texts.size).to.be.greaterThan(1)
  })

  it('compresses what is longer than 1 KiB, when that is accepted', async () => {
    const bytes = (path: string): Promise<{encoding?: string; body: Buffer}> =>
      new Promise((resolve, reject) => {
        const [name, value] = authorization(lab).split(': ') as [string, string]
        const headers = {[name]: value, 'Accept-Encoding': 'gzip'}
        request(`${lab.simulator.url}/api2/json${path}`, {ca: lab.simulator.ca, headers}, (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () =>
            resolve({encoding: response.headers['content-encoding'], body: Buffer.concat(chunks)}),
          )
        })
          .on('error', reject)
          .end()
      })
    const long = await bytes('/cluster/resources')
    expect(long.encoding).to.equal('gzip')
    expect(JSON.parse(gunzipSync(long.body).toString())).to.have.property('data')
    expect((await bytes('/version')).encoding).to.equal(undefined)
  })

  it('closes the connection after an error, and says the first line of the message as the reason', async () => {
    const answer = await raw(
      lab,
      `GET /api2/json/nodes/pve1/qemu/999/config HTTP/1.1\r\nHost: x\r\n${authorization(lab)}\r\n\r\n`,
    )
    expect(answer).to.match(
      /^HTTP\/1\.1 500 Configuration file 'nodes\/pve1\/qemu-server\/999\.conf' does not exist\r\n/,
    )
    expect(answer.toLowerCase()).to.include('\r\nconnection: close\r\n')
    expect(answer).to.include(String.raw`does not exist\n"`)
  })

  it('answers 501 to what PVE does not know', async () => {
    const unknown = await lab.send('/nodes/pve1/nothing')
    expect(unknown.status).to.equal(501)
    expect(unknown.reason).to.equal(`Method 'GET /nodes/pve1/nothing' not implemented`)
    expect((await lab.send('/version', {method: 'POST'})).status).to.equal(501)
  })

  it('refuses bodies of DELETE, chunked bodies and other content types', async () => {
    const withBody = await lab.send('/nodes/pve1/qemu/100', {method: 'DELETE', form: {purge: '1'}})
    expect(withBody.status).to.equal(501)
    const chunked = await raw(
      lab,
      `POST /api2/json/pools HTTP/1.1\r\nHost: x\r\n${authorization(lab)}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    )
    expect(chunked).to.match(/^HTTP\/1\.1 501 /)
    const xml = await lab.send('/pools', {method: 'POST', form: {poolid: 'a'}, headers: {'Content-Type': 'text/xml'}})
    expect(xml.status).to.equal(506)
  })

  describe('order and forms of what is wrong with a request', () => {
    const status = (answer: string): string => answer.split('\r\n')[0]!.replace(/^HTTP\/1\.1 /, '')
    const ask = async (line: string, ...rest: string[]): Promise<string> =>
      raw(lab, `${[`${line} HTTP/1.1`, 'Host: x', 'Connection: close', ...rest].join('\r\n')}\r\n\r\n`)
    const cases: [what: string, line: string, head: string[], expected: string | RegExp][] = [
      ['a verb it does not know', 'PATCH /api2/json/version', [], `501 method 'PATCH' not available`],
      ['HEAD', 'HEAD /api2/json/version', [], `501 method 'HEAD' not available`],
      ['OPTIONS', 'OPTIONS /api2/json/version', [], `501 method 'OPTIONS' not available`],
      ['no format', 'GET /api2/', [], '501 no such uri'],
      [
        'an unknown format, once it knows who asks',
        'GET /api2/xml/version',
        ['auth'],
        '501 no formatter for uri /version, xml',
      ],
      ['an unknown format of nobody', 'GET /api2/xml/version', [], '401 No ticket'],
      ['a body of GET, once it knows who asks', 'GET /api2/json/version', ['Content-Length: 3'], '401 No ticket'],
      [
        'a body of GET',
        'GET /api2/json/version',
        ['auth', 'Content-Length: 3'],
        `501 Unexpected content for method 'GET'`,
      ],
      ['too large a body', 'POST /api2/json/pools', ['auth', 'Content-Length: 524289'], '501 for data too large'],
      [
        'an unknown transfer encoding',
        'POST /api2/json/pools',
        ['auth', 'Transfer-Encoding: gzip, chunked'],
        /^501 Unknown transfer encoding/,
      ],
      ['no path, which no contract has', 'GET /api2/json', ['auth'], `501 Method 'GET /' not implemented`],
      ['slashes', 'GET /api2/json/version/', ['auth'], '200 OK'],
      ['a broken escape', 'GET /api2/json/%zz', ['auth'], `501 Method 'GET /%zz' not implemented`],
      ['nothing of the API', 'GET /favicon.ico', [], /^404 /],
    ]
    for (const [what, line, head, expected] of cases) {
      it(what, async () => {
        const answer = status(await ask(line, ...head.map((one) => (one === 'auth' ? authorization(lab) : one))))
        if (typeof expected === 'string') expect(answer).to.equal(expected)
        else expect(answer).to.match(expected)
      })
    }

    it('drops a connection whose head is too long, without an answer', async () => {
      expect(await ask('GET /api2/json/version', authorization(lab), `X: ${'x'.repeat(9000)}`)).to.equal('')
      const many = Array.from({length: 70}, (_, index) => `X-${index}: 1`)
      expect(await ask('GET /api2/json/version', authorization(lab), ...many)).to.equal('')
    })

    it('names the content type it does not take, and where JSON is broken', async () => {
      const xml = await lab.send('/pools', {method: 'POST', form: {a: '1'}, headers: {'Content-Type': 'text/xml'}})
      expect([xml.status, xml.reason]).to.deep.equal([506, `upload 'Content-Type 'text/xml' not implemented`])
      const broken = await lab.send('/pools', {
        method: 'POST',
        form: {a: '1'},
        headers: {'Content-Type': 'application/json; charset=utf-8'},
      })
      expect([broken.status, broken.reason]).to.deep.equal([501, 'malformed JSON string'])
    })

    it('takes requests without a host, with any expectation, and with names that JavaScript has', async () => {
      const send = async (...lines: string[]): Promise<string> =>
        status(await raw(lab, [...lines, 'Connection: close', '', ''].join('\r\n')))
      const who = authorization(lab)
      expect(await send('GET /api2/json/version HTTP/1.1', who)).to.equal('200 OK')
      expect(await send('POST /api2/json/pools?poolid=odd HTTP/1.1', who, 'Expect: miracles')).to.equal('200 OK')
      const format = await send('GET /api2/constructor/version HTTP/1.1', who)
      expect(format).to.equal('501 no formatter for uri /version, constructor')
    })

    it('reads JSON as deep as Perl does', async () => {
      const of = async (depth: number): Promise<string> => {
        const body = `{"poolid":${'['.repeat(depth)}${']'.repeat(depth)}}`
        const head = ['Content-Type: application/json', `Content-Length: ${body.length}`, authorization(lab)]
        return status(await raw(lab, ['POST /api2/json/pools HTTP/1.1', ...head, '', body].join('\r\n')))
      }
      expect(await of(500)).to.equal('400 Parameter verification failed.')
      const deep = '501 json text or perl structure exceeds maximum nesting level (max_depth set too low?)'
      expect(await of(20_000)).to.equal(deep)
    })

    it('says nothing of clients that leave in the middle', async () => {
      const told: string[] = []
      const write = process.stderr.write
      process.stderr.write = (text: string | Uint8Array) => told.push(String(text)) > 0
      try {
        const {url, ca} = lab.simulator
        await new Promise<void>((resolve) => {
          const socket = connect({port: Number(new URL(url).port), host: '127.0.0.1', ca, servername: 'localhost'})
          socket.on('close', () => resolve())
          const head = ['POST /api2/json/pools HTTP/1.1', authorization(lab), 'Content-Length: 100', '', 'poolid=half']
          socket.write(head.join('\r\n'), () => socket.destroy())
        })
        await lab.get('/version')
      } finally {
        process.stderr.write = write
      }
      expect(told).to.deep.equal([])
      expect(await lab.get('/pools')).to.not.deep.include({poolid: 'half'})
    })

    it('sends plain HTTP to HTTPS: 301 for reads, 308 for the rest', async () => {
      const {port} = new URL(lab.simulator.url)
      const plain = (verb: string): Promise<string> =>
        new Promise((resolve, reject) => {
          let answer = ''
          const socket = connectPlain({port: Number(port), host: '127.0.0.1'})
          socket.on('data', (chunk) => (answer += chunk.toString()))
          socket.on('end', () => resolve(answer))
          socket.on('error', reject)
          socket.write(`${verb} /api2/json/version?a=1 HTTP/1.1\r\nHost: pve:8006\r\n\r\n`)
        })
      expect(await plain('GET')).to.match(
        /^HTTP\/1\.1 301 [^]*\r\nLocation: https:\/\/pve:8006\/api2\/json\/version\?a=1\r\n/,
      )
      expect(await plain('POST')).to.match(/^HTTP\/1\.1 308 /)
    })

    it('wraps answers for ExtJS: always 200', async () => {
      const get = async (path: string): Promise<[string, Record<string, unknown>]> => {
        const answer = await ask(`GET /api2/extjs${path}`, authorization(lab))
        return [status(answer), JSON.parse(/\{[^]*\}/.exec(answer)![0]) as Record<string, unknown>]
      }
      const [fine, version] = await get('/version')
      expect([fine, version.success]).to.deep.equal(['200 OK', 1])
      const [wrong, problem] = await get('/nodes/pve1/qemu/999/config')
      expect(wrong).to.equal('200 OK')
      expect(problem).to.deep.equal({
        data: null,
        success: 0,
        status: 500,
        message: `Configuration file 'nodes/pve1/qemu-server/999.conf' does not exist\n`,
      })
    })

    it('takes a ticket in either header, a token after a blank, and keys without a value as not sent', async () => {
      const login = await lab.send('/access/ticket', {
        method: 'POST',
        token: false,
        form: {username: 'root@pam', password: 'simulator'},
      })
      const {ticket} = login.body.data as {ticket: string}
      const by = (headers: Record<string, string>) => lab.send('/version', {token: false, headers})
      expect((await by({Authorization: `PVEAuthCookie=${encodeURIComponent(ticket)}`})).status).to.equal(200)
      expect((await by({Cookie: `a=b; PVEAuthCookie=${encodeURIComponent(ticket)}`})).status).to.equal(200)
      const {tokenId, tokenSecret} = lab.simulator
      expect((await by({Authorization: `PVEAPIToken ${tokenId}=${tokenSecret}`})).status).to.equal(200)
      expect((await by({Authorization: 'PVEAPIToken=%zz'})).status).to.equal(401)
      expect((await lab.send('/nodes/pve1/qemu?full&_dc=17')).status).to.equal(200)
    })
  })

  it('takes forms and JSON alike, and prints umlauts and line breaks as given', async () => {
    const description = 'Größe: 7 µm\nzweite Zeile ✓'
    await lab.run('PUT', '/nodes/pve3/qemu/110/config', {description})
    const {description: kept} = await lab.get<{description: string}>('/nodes/pve3/qemu/110/config')
    expect(kept).to.equal(description)
    const json = await lab.send('/nodes/pve3/qemu/110/config', {method: 'PUT', json: {description: 'x', onboot: true}})
    expect(json.status).to.equal(200)
    expect(await lab.get('/nodes/pve3/qemu/110/config')).to.include({description: 'x', onboot: 1})
  })

  it('delays answers without holding up others', async () => {
    const slow = await Lab.start({latency: 100})
    try {
      const began = Date.now()
      await Promise.all(Array.from({length: 20}, () => slow.send('/version')))
      expect(Date.now() - began).to.be.within(95, 1500)
    } finally {
      await slow.stop()
    }
  })
})
