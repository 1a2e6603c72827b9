import {readdirSync, readFileSync, statSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import type {Seed} from '../../plugins/simulator/src/seeds/seed.js'
import {bin, sandbox} from '../support/pmpc.js'
import {Lab, type Clone} from '../support/lab.js'
import {inPty, noPty, type Answer} from '../support/pty.js'
import {skipFor} from '../support/skip.js'

/** Values that must be nowhere, with what stands before each of them and stays. */
const planted = {
  apikey: '1-EXAMPLEKEYexampleKEYexampleKEY',
  freenas: 'example-Passw0rd',
  clientKey: 'oidc-s3cret-of-the-client',
  credential: 'kept-by-a-plugin-0001',
  token: 'plugin-token-0002',
  number: '48151623',
  mount: 'mount-s3cret-0003',
  url: 'url-s3cret-0004',
  description: 'notes-s3cret 0005 with blanks',
  pve: '12345678-1234-4321-8765-0123456789ab',
  aws: 'AKIAIOSFODNN7EXAMPLE',
  github: 'ghp_0123456789abcdefghij0123456789abcdef',
  gitlab: 'glpat-0123456789abcdefghij',
  slack: 'xoxb-1234567890-abcdef',
  jwt: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmN',
  pem: 'MIIEpAIBAAKCAQEAplantedplantedplanted',
  args: 'args-s3cret-0006',
  environment: 'env-s3cret-0007',
  raw: 'raw-s3cret-0008',
  snapshot: 'snapshot-s3cret-0009',
  pending: 'pending-s3cret-0012',
  bearer: 'bearer0010abcdef',
}

/** What people put there: the storages of the case `third-party-storage-secret`, and guests with texts of all sorts. */
const seed: Seed = {
  nodes: [{name: 'pve1', memory: '64G'}],
  tokens: [{tokenid: 'root@pam!sim', privsep: 0}],
  storages: [
    {storage: 'local', type: 'dir', total: '200G', config: {path: '/var/lib/vz', content: 'images,iso,vztmpl,rootdir'}},
    {
      storage: 'nas',
      type: 'truenas',
      total: '800G',
      config: {
        content: 'images',
        truenas_use_ssl: 1,
        truenas_token_auth: 1,
        truenas_apikey: planted.apikey,
        'client-key': planted.clientKey,
        my_credential: planted.credential,
        api_token: planted.token,
      },
    },
    {
      storage: 'nas2',
      type: 'zfs',
      total: '800G',
      config: {
        content: 'images',
        pool: 'tank/vm',
        portal: '192.0.2.21',
        target: 'iqn.2000-01.com.example:vm',
        iscsiprovider: 'freenas',
        freenas_user: 'svc',
        freenas_password: planted.freenas,
        freenas_secret: planted.number,
      },
    },
    {
      storage: 'share',
      type: 'cifs',
      total: '800G',
      config: {content: 'iso', server: 'nas.example', share: 's', options: `vers=3.0,password=${planted.mount}`},
    },
  ],
  guests: [
    {
      vmid: 100,
      type: 'qemu',
      node: 'pve1',
      running: true,
      pending: {args: `-foo secret=${planted.pending}`},
      snapshots: [{name: 'before', description: `pw: ${planted.snapshot}`}],
      config: {
        name: 'web',
        cores: 1,
        memory: '512',
        args: `-fw_cfg name=opt/x,string=${planted.aws} -foo secret=${planted.args}`,
        description: [
          'Front end of the shop.',
          `**Password:** ${planted.description}`,
          `https://jo:${planted.url}@nas.example/x`,
          `root@pam!ci=${planted.pve}`,
          `${planted.github} ${planted.gitlab} ${planted.slack}`,
          `jwt ${planted.jwt}`,
          `Authorization: Bearer ${planted.bearer}`,
          `-----BEGIN RSA PRIVATE KEY-----\n${planted.pem}\n-----END RSA PRIVATE KEY-----`,
          'Ask Jo.',
        ].join('\n'),
      },
    },
    {
      vmid: 200,
      type: 'lxc',
      node: 'pve1',
      config: {
        memory: '512',
        arch: 'amd64',
        hostname: 'db',
        env: `LANG=C\0DB_PASSWORD=${planted.environment}`,
      },
      lxc: [['lxc.environment', `API_KEY=${planted.raw}`]],
    },
  ],
}

describe('secrets', () => {
  let lab: Lab
  let clone: Clone

  beforeEach(async () => {
    lab = await Lab.start({seed})
    clone = await lab.workspace()
  })
  afterEach(() => lab.stop())

  /** All that Git and pmpc keep: every object, every file of the workspace, logs and what is kept in the home folder. */
  async function everything(): Promise<string> {
    const {stdout} = await clone.tryGit('cat-file', '--batch', '--batch-all-objects')
    const folders = [clone.root, path.join(lab.box.folder, 'home')]
    return [stdout, ...folders.flatMap(filesBelow).map((file) => readFileSync(file, 'latin1'))].join('\n')
  }

  function leaks(text: string, but: string[] = []): string[] {
    return Object.values(planted).filter((secret) => !but.includes(secret) && text.includes(secret))
  }

  it('reach no object of Git, no file and no output, where nobody can be asked', async () => {
    const outputs: string[] = []
    const run = async (...args: string[]) => {
      const {stdout, stderr} = await clone.must(...args)
      outputs.push(stdout, stderr)
      return {stdout, stderr}
    }
    const {stderr} = await run('sync')
    expect(stderr).to.include('home/storage/nas config.truenas_apikey: a key, withheld')
    expect(stderr).to.include('{object: home/vm/100, key: snapshots.before} below allow: in pmpc.yaml')
    await run('accept')
    for (const args of [
      ['status'],
      ['describe', 'vm', '100'],
      ['get', 'storages', '-o', 'yaml'],
      ['log'],
      ['diff', 'HEAD~1'],
    ])
      await run(...args)
    await run('sync', '--json')
    const all = await everything()
    expect(leaks(all)).to.deep.equal([])
    expect(leaks(outputs.join('\n'))).to.deep.equal([])
    const storage = clone.read('infra/home/storage/nas.yaml')
    expect(storage).to.match(/truenas_apikey: "\*{10}\(key-[0-9a-f]{4}\)"/)
    expect(storage).to.include('truenas_use_ssl: 1').and.include('truenas_token_auth: 1')
    expect(clone.read('infra/home/storage/nas2.yaml')).to.include('freenas_user: svc')
    expect(clone.read('infra/home/vm/100.yaml')).to.include('Front end of the shop.').and.include('Ask Jo.')
  })

  it('stay away where a person is asked and wants a marker', async function () {
    skipFor(this, noPty())
    const {output, code} = await terminal([{when: 'What goes into Git?', type: '\r'}])
    expect(code, output).to.equal(0)
    expect(leaks(await everything())).to.deep.equal([])
    expect(leaks(output)).to.deep.equal([])
    expect(clone.read('pmpc.yaml')).to.not.include('allow:')
  })

  it('are in Git where a person says so, one by one, and pmpc.yaml tells which', async function () {
    skipFor(this, noPty())
    await clone.must('sync', '--accept')
    const [yes, no] = ['new-options-s3cret-0013', 'new-env-s3cret-0014']
    await lab.api('PUT', '/storage/share', {options: `vers=3.0,password=${yes}`})
    await lab.set('/nodes/pve1/lxc/200', {description: `pw: ${no}`})
    // Only what is new is asked about.
    const {output, code} = await terminal([
      {when: 'What goes into Git?', type: '\u001b[B\u001b[B\r'},
      {when: /container\/200 config\.description: [^?]*as it is\?/, type: 'n\r'},
      {when: /storage\/share config\.options: [^?]*as it is\?/, type: 'y\r'},
    ])
    expect(code, output).to.equal(0)
    const all = await everything()
    expect([...leaks(all), all.includes(no)]).to.deep.equal([false])
    expect(clone.read('infra/home/storage/share.yaml')).to.include(yes)
    expect(clone.read('pmpc.yaml')).to.match(/^allow:\n {2}- \{key: options, object: home\/storage\/share\}\n$/m)
    // The same clone, and another with that pmpc.yaml, see no difference any more.
    expect((await clone.sync()).commit).to.equal(null)
  })

  it('make no difference by themselves, and a new value is a change that tells neither', async () => {
    await clone.must('sync', '--accept')
    expect((await clone.sync()).commit).to.equal(null)
    const fresh = 'fresh-Passw0rd-0011'
    // As its plugin writes it; the simulator's API knows no such key.
    lab.simulator.simulation.state.storages.nas2!.config.freenas_password = fresh
    const {stdout, stderr} = await clone.must('sync')
    expect(stdout).to.include('~ storage/nas2: config.freenas_password changed')
    expect(stderr).to.include('home/storage/nas2 config.freenas_password: a password, withheld')
    const status = await clone.must('status')
    expect(status.stdout).to.include('config.freenas_password: changed')
    const diff = await clone.must('diff', 'HEAD~1')
    expect(diff.stdout).to.match(/config\.freenas_password +changed/)
    expect(await clone.git('log', '-1', '--format=%s')).to.include('config.freenas_password changed')
    const texts = [await everything(), stdout, stderr, status.stdout, diff.stdout].join('\n')
    expect(texts.includes(fresh) || leaks(texts).length > 0).to.equal(false)
    const drift = await clone.diff()
    expect(drift).to.have.length(2)
    for (const line of drift) expect(line).to.match(/^[-+] {2}freenas_password: "\*{10}\(password-[0-9a-f]{4}\)"$/)
  })

  it('end a pipeline that wants that, before anything is written, also those that Git has already', async () => {
    const before = await clone.head()
    const error = await clone.fails(['sync', '--fail-on-secrets'])
    expect(error).to.include({code: 'PMPC_SECRET_FOUND', exitCode: 1})
    const {secrets} = error.data as {secrets: {object: string; key: string; looksLike: string}[]}
    expect(secrets).to.deep.include({object: 'home/storage/nas', key: 'truenas_apikey', looksLike: 'a key'})
    expect(secrets).to.deep.include({object: 'home/vm/100', key: 'snapshots.before', looksLike: 'a password or a key'})
    expect(leaks(JSON.stringify(error))).to.deep.equal([])
    expect(await clone.head()).to.equal(before)
    expect(clone.has('infra/home')).to.equal(false)
    const rules = [...new Set(secrets.map(({object, key}) => `  - {object: ${object}, key: ${key}}\n`))]
    clone.append('pmpc.yaml', `allow:\n${rules.join('')}`)
    expect((await clone.sync('--fail-on-secrets')).clusters[0]!.withheld).to.deep.equal([])
    clone.edit('pmpc.yaml', rules[0]!, '')
    expect((await clone.fails(['sync', '--fail-on-secrets'])).code).to.equal('PMPC_SECRET_FOUND')
    // It is in Git for good: without the rule it stays as it is until it is another.
    expect((await clone.sync()).commit).to.equal(null)
  })

  async function terminal(answers: Answer[]) {
    return inPty(process.execPath, [bin, 'sync'], {env: lab.box.env, cwd: clone.root, answers, columns: 200})
  }
})

function filesBelow(folder: string): string[] {
  return readdirSync(folder, {recursive: true, encoding: 'utf8'})
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile())
}

describe('a token of the environment', () => {
  it('is in nothing that is printed, whatever it was typed into', async () => {
    const box = sandbox()
    try {
      const secret = 's3cretvalue-1234'
      const {code, stdout, stderr} = await box.pmpc(['completion', secret], {env: {PMPC_TOKEN_HOME: secret}})
      expect([code, stdout]).to.deep.equal([64, ''])
      expect(stderr).to.contain('Expected [redacted] to be one of').and.not.to.contain(secret)
    } finally {
      box.remove()
    }
  })
})
