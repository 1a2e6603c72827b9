import {expect} from 'chai'
import {X509Certificate} from 'node:crypto'
import {connect} from 'node:tls'
import {createAuthority} from 'pmpc/kit/tls'
import {Lab} from './support.js'

type Row = Record<string, unknown>

/** Facts: pve-manager, PVE/API2/{Certificates,ACME,Subscription,APT}.pm; pve-common, PVE/Certificate.pm; the contracts, and seen on the real daemon. */
describe('certificates, packages and subscription of a node', () => {
  let lab: Lab
  beforeEach(async () => {
    lab = await Lab.start({seed: 'cluster'})
  })
  afterEach(() => lab.stop())

  const send = (method: string, path: string, form: Record<string, string> = {}) =>
    lab.send(`/nodes/pve1/${path}`, {method, ...(method === 'DELETE' ? {} : {form})})

  it('name the node in its certificate as PVE does', async () => {
    const own = await Lab.start({seed: 'daemon'})
    try {
      const [, leaf] = await own.get<Row[]>('/nodes/pve1/certificates/info')
      expect(leaf).to.deep.include({
        subject: '/OU=PVE Cluster Node/O=Proxmox Virtual Environment/CN=pve1.test.local',
        san: [
          '127.0.0.1',
          '0000:0000:0000:0000:0000:0000:0000:0001',
          'localhost',
          '198.51.100.11',
          'pve1',
          'pve1.test.local',
        ],
      })
    } finally {
      await own.stop()
    }
  })

  it('take a certificate of yours, show it, and go back', async () => {
    const {leaf, ca, key} = createAuthority().issue('pve.example.org', ['pve.example.org', '127.0.0.1'])
    const shown = (): Promise<string> =>
      new Promise((resolve, reject) => {
        const port = Number(new URL(lab.simulator.url).port)
        const socket = connect({port, host: '127.0.0.1', rejectUnauthorized: false}, () => {
          resolve(socket.getPeerCertificate().fingerprint256)
          socket.end()
        })
        socket.on('error', reject)
      })
    Object.assign(lab.simulator, {ca: `${lab.simulator.ca}${ca}`})
    const bad = await send('POST', 'certificates/custom', {certificates: 'nonsense'})
    expect(bad.body.errors?.certificates).to.equal('invalid format - not a valid PEM-formatted string.\n\n')
    const keyless = await send('POST', 'certificates/custom', {certificates: leaf})
    expect(keyless.body.errors?.key).to.equal('Attempted to upload custom certificate without (existing) key.')
    const other = createAuthority().issue('x', ['x'])
    const mismatch = await send('POST', 'certificates/custom', {certificates: leaf, key: other.key})
    expect(mismatch.status).to.equal(500)
    const stored = await send('POST', 'certificates/custom', {certificates: `${leaf}${ca}`, key, restart: '1'})
    const {fingerprint256} = new X509Certificate(leaf)
    expect(stored.body.data).to.include({filename: 'pveproxy-ssl.pem', fingerprint: fingerprint256})
    expect(await shown()).to.equal(fingerprint256)
    const node = (await lab.get<Row[]>('/nodes')).find(({node: name}) => name === 'pve1')
    expect(node?.ssl_fingerprint).to.equal(fingerprint256)
    const again = await send('POST', 'certificates/custom', {certificates: leaf, key})
    expect(again.reason).to.equal('Custom certificate file exists but force flag is not set.')
    expect((await send('PUT', 'certificates/acme/certificate')).body.errors?.force).to.match(
      /^Certificate does not expire/,
    )
    expect((await lab.send('/nodes/pve1/certificates/custom?restart=1', {method: 'DELETE'})).status).to.equal(200)
    expect(await shown()).to.equal(lab.simulator.fingerprint)
  })

  it('order certificates for the domains of the node options', async () => {
    const order = () => lab.send('/nodes/pve2/certificates/acme/certificate', {method: 'POST', form: {}})
    expect((await order()).reason).to.equal('ACME domain list in node configuration is missing!')
    await lab.run('PUT', '/nodes/pve2/config', {acme: 'domains=pve2.example.org'})
    expect(await lab.run('POST', '/nodes/pve2/certificates/acme/certificate')).to.equal(
      `ACME account config file 'default' does not exist.`,
    )
    lab.simulator.simulation.state.sections['acme/account'] = {default: {}}
    expect(await lab.run('POST', '/nodes/pve2/certificates/acme/certificate')).to.equal('OK')
    const ordered = (await lab.get<Row[]>('/nodes/pve2/certificates/info')).at(-1)
    expect(ordered).to.deep.include({filename: 'pveproxy-ssl.pem', san: ['pve2.example.org']})
    expect((await order()).body.errors?.force).to.equal(`Custom certificate exists but 'force' is not set.`)
    expect(await lab.run('DELETE', '/nodes/pve2/certificates/acme/certificate')).to.equal('OK')
    expect(await lab.get<Row[]>('/nodes/pve2/certificates/info')).to.have.length(2)
  })

  it('keep a subscription key', async () => {
    expect(await lab.get('/nodes/pve1/subscription')).to.include({status: 'notfound'})
    const wrong = await send('PUT', 'subscription', {key: 'pve3x-0000000000'})
    expect(wrong.body.errors?.key).to.equal('value does not match the regex pattern')
    expect((await send('PUT', 'subscription', {key: 'pve2b-0123456789'})).status).to.equal(200)
    expect(await lab.get('/nodes/pve1/subscription')).to.include({
      status: 'active',
      level: 'b',
      key: 'pve2b-0123456789',
    })
    expect((await lab.get<Row[]>('/nodes')).find(({node}) => node === 'pve1')?.level).to.equal('b')
    await send('DELETE', 'subscription')
    expect(await lab.get('/nodes/pve1/subscription')).to.include({status: 'notfound'})
  })

  it('change package repositories, whose digest guards them', async () => {
    interface Repositories {
      digest: string
      files: {path: string; repositories: Row[]}[]
      'standard-repos': Row[]
    }
    const read = (): Promise<Repositories> => lab.get('/nodes/pve1/apt/repositories')
    const status = async (handle: string) =>
      (await read())['standard-repos'].find((one) => one.handle === handle)?.status
    expect(await lab.run('POST', '/nodes/pve1/apt/update'), 'only subscribers may read it').to.equal(
      `command 'apt-get update' failed: exit code 100`,
    )
    const {digest} = await read()
    expect([await status('enterprise'), await status('no-subscription')]).to.deep.equal([1, undefined])
    for (const name of ['pve-enterprise', 'ceph'])
      await lab.run('POST', '/nodes/pve1/apt/repositories', {
        path: `/etc/apt/sources.list.d/${name}.sources`,
        index: '0',
        enabled: '0',
      })
    const late = await send('PUT', 'apt/repositories', {handle: 'no-subscription', digest})
    expect(late.reason).to.equal('detected modified configuration - file changed by other user? Try again.')
    await lab.run('PUT', '/nodes/pve1/apt/repositories', {handle: 'no-subscription'})
    expect([await status('enterprise'), await status('no-subscription')]).to.deep.equal([0, 1])
    expect(await lab.get('/nodes/pve1/apt/update')).to.deep.equal([])
    expect(await lab.run('POST', '/nodes/pve1/apt/update')).to.equal('OK')
    expect(await lab.get('/nodes/pve1/apt/update')).to.have.length(1)
    const index = await send('POST', 'apt/repositories', {path: '/etc/apt/nothing', index: '0'})
    expect(index.reason).to.equal('invalid path - /etc/apt/nothing')
    expect((await send('PUT', 'apt/repositories', {handle: 'none'})).reason).to.equal(
      `unknown repository handle 'none'`,
    )
  })

  it('tell versions of packages, and what they changed', async () => {
    const packages = await lab.get<Row[]>('/nodes/pve1/apt/versions')
    expect(packages[0]).to.include({Package: 'proxmox-ve', CurrentState: 'Installed'}).and.include.keys('RunningKernel')
    expect(packages[1]).to.include({Package: 'pve-manager'}).and.include.keys('ManagerVersion')
    expect(await lab.get('/nodes/pve1/apt/changelog?name=nothing')).to.equal(
      'E: Unable to locate package nothing\nRC: 100',
    )
  })

  it('list devices, less the classes that nobody passes on', async () => {
    const all = await lab.get<Row[]>('/nodes/pve1/hardware/pci?pci-class-blacklist=')
    const usual = await lab.get<Row[]>('/nodes/pve1/hardware/pci')
    expect(usual).to.have.length(all.length - 1)
    const brief = await lab.get<Row[]>('/nodes/pve1/hardware/pci?verbose=0')
    expect(brief[0]).to.have.all.keys('id', 'class', 'vendor', 'device', 'iommugroup')
    expect(await lab.get('/nodes/pve1/hardware/usb')).to.have.length(2)
  })
})
