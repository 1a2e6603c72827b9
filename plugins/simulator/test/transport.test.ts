import {expect} from 'chai'
import {createHash, X509Certificate} from 'node:crypto'
import {request} from 'node:https'
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
