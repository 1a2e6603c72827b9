import {expect} from 'chai'
import {spawn} from 'node:child_process'
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs'
import path from 'node:path'
import {createInterface} from 'node:readline'
import {gunzipSync} from 'node:zlib'
import type {ReportIssueResult} from '../../plugins/diagnostics/src/commands/report-issue.js'
import {estateOf} from '../../plugins/diagnostics/src/report/estate.js'
import {startSimulator, type Seed} from '../../plugins/simulator/src/index.js'
import {readBundle} from '../../plugins/simulator/src/seeds/replay.js'
import {unpackTar} from '../../src/kit/files/index.js'
import type {ClusterState, Observed} from '../../src/kit/resources/index.js'
import {loadState} from '../../src/kit/state/index.js'
import {Lab, type Clone} from '../support/lab.js'
import {oneOfEach} from '../support/one-of-each.js'
import {checkout} from '../support/pmpc.js'
import {secretTexts, secretWords} from '../support/forty-secrets.js'
import {inPty, noPty} from '../support/pty.js'
import {assertSchema} from '../support/schemas.js'
import {skipFor} from '../support/skip.js'

const filesIn = (file: string): Map<string, string> =>
  new Map(unpackTar(gunzipSync(readFileSync(file))).map(({name, bytes}) => [name, Buffer.from(bytes).toString('utf8')]))

describe('pmpc report-issue', () => {
  let lab: Lab
  let clone: Clone

  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    clone = await lab.agreed('ws', 'root@pam!sim')
    await clone.pmpc(['iac', 'generate'])
    const fault = lab.simulator.simulation.faults.add({kind: 'status', status: 595})
    await clone.pmpc(['sync'])
    lab.simulator.simulation.faults.clear(fault.id)
  })
  after(async () => lab.stop())

  const report = async (name: string, ...flags: string[]): Promise<ReportIssueResult> => {
    const result = await clone.pmpc(['report-issue', '-o', name, '--yes', '--json', ...flags])
    expect(result.code, result.stderr + result.stdout).to.equal(0)
    const made = result.json<ReportIssueResult>()
    assertSchema('report-issue', made)
    return made
  }

  it('holds what somebody needs to help', async () => {
    const made = await report('raw.tar.gz', '--raw')
    expect(made).to.include({anonymized: false, map: null})
    expect(made.missing).to.deep.equal([])
    const files = filesIn(made.file)
    expect([...files.keys()].sort()).to.deep.equal(made.files.map(({name}) => name).sort())
    for (const name of [
      'SUMMARY.md',
      'PROMPT.md',
      'versions.json',
      'bundle.json',
      'health.json',
      'config/pmpc.yaml',
      'states/1.json',
      'estates/1.json',
    ])
      expect([...files.keys()]).to.include(name)
    for (const folder of ['logs/', 'traces/', 'iac/'])
      expect(
        [...files.keys()].some((name) => name.startsWith(folder)),
        folder,
      ).to.equal(true)
    const summary = files.get('SUMMARY.md')!
    for (const part of ['pmpc sync', '`PMPC_NODE_UNREACHABLE`', '**PVE-PROXY-001**', `node: ${process.version}`])
      expect(summary).to.include(part)
    expect(files.get('states/1.json')).to.include('"name": "web01"')
    expect(statSync(made.file).mode & 0o777).to.equal(0o600)
  })

  it('tells nothing of whose it is when it is anonymized, and can be turned back', async () => {
    const made = await report('safe.tar.gz')
    expect(made.anonymized).to.equal(true)
    expect(existsSync(made.map!)).to.equal(true)
    const text = [...filesIn(made.file)].flat().join('\n')
    for (const [, secret] of Object.entries(lab.simulator.tokens)) expect(text).not.to.include(secret)
    for (const name of [
      'pve1',
      'web01',
      'db01',
      'win-build',
      'BC:24:11:5A:01:02',
      'ops@example.com',
      '192.0.2.102',
      'nightly',
    ])
      expect(text.includes(name), name).to.equal(name === 'nightly')
    clone.write('answer.txt', /^ {6}"name": "(.*)",$/m.exec(filesIn(made.file).get('estates/1.json')!)![1]!)
    const {stdout} = await clone.pmpc(['anonymize', 'restore', 'answer.txt'])
    expect(stdout.trim()).to.equal('pve1')
  })

  it('is refused where nobody can anonymize, unless it may be raw', async () => {
    const bare = {env: {PMPC_BARE: '1'}}
    await lab.box.pmpc(['plugins', 'link', path.join(checkout, 'plugins/diagnostics')], bare)
    const refused = await clone.pmpc(['report-issue', '-o', 'none.tar.gz', '--yes', '--json'], bare)
    expect(refused.json<{error: {code: string}}>().error.code, refused.stderr).to.equal('PMPC_REPORT_RAW')
    expect(refused.code).to.equal(64)
    expect(clone.has('none.tar.gz')).to.equal(false)
    const raw = await clone.pmpc(['report-issue', '-o', 'bare.tar.gz', '--yes', '--raw', '--offline'], bare)
    expect(raw.code, raw.stderr).to.equal(0)
    await lab.box.pmpc(['plugins', 'uninstall', 'diagnostics'], bare)
  })

  it('asks before it writes, and leaves nothing half-written', async () => {
    const asked = await clone.pmpc(['report-issue', '-o', 'asked.tar.gz', '--offline'])
    expect(asked.code, asked.stdout + asked.stderr).to.equal(64)
    expect(asked.stdout).to.include('SUMMARY.md').and.include('Replaced: ')
    expect(asked.stderr).to.include('--yes')
    const nowhere = await clone.pmpc(['report-issue', '-o', 'no/such/folder.tar.gz', '--offline', '--yes'])
    expect(nowhere.code).not.to.equal(0)
    expect(readdirSync(clone.root).filter((name) => /asked|folder|\.tmp$/.test(name))).to.deep.equal([])
  })

  it('collects the rest where a cluster cannot be asked, and outside of a workspace', async () => {
    const fault = lab.simulator.simulation.faults.add({kind: 'drop'})
    const made = await report('alone.tar.gz')
    lab.simulator.simulation.faults.clear(fault.id)
    const health = made.missing.map(({what}) => what)
    if (health.length > 0) expect(health).to.deep.equal(['how the clusters are'])
    const outside = await lab.box.pmpc(['report-issue', '-o', 'outside.tar.gz', '--yes', '--json'], {
      cwd: lab.box.folder,
    })
    expect(outside.json<ReportIssueResult>().files.map(({name}) => name)).to.include('versions.json')
  })

  it('holds no secret, raw neither, wherever people put one', async () => {
    const secrets = [
      'notes-s3cret-0001',
      '1a2b3c4d-1234-4321-8765-0123456789ab',
      'AKIAIOSFODNN7EXAMPLE',
      'ghp_0123456789abcdefghij0123456789abcdef',
      'args-s3cret-0006',
      'yaml-s3cret-0011',
      'code-s3cret-0012',
      'ci-s3cret-0013',
    ]
    const [password, token, aws, github, args, yaml, code, cloudinit] = secrets
    const description = [
      `password: ${password}\nPVEAPIToken=a@pve!b=${token}\nkey ${aws}\n${github}`,
      ...secretTexts,
    ].join('\n\n')
    await lab.api('PUT', '/nodes/pve3/qemu/110/config', {
      description,
      cipassword: cloudinit!,
      args: `-object secret,id=s,password=${args}`,
    })
    // Of every kind, in the notes of the guest, in the configuration and in code.
    await clone.must('sync')
    clone.append('pmpc.yaml', `# password: ${yaml}\n${commented(secretTexts)}`)
    clone.write('iac/extra.yml', `password: ${code}\n${commented(secretTexts)}`)
    const made = await report('secrets.tar.gz', '--raw')
    const text = [...filesIn(made.file)].flat().join('\n')
    expect(text).to.include('iac/extra.yml')
    for (const secret of [...secrets, ...secretWords, ...Object.values(lab.simulator.tokens)])
      expect(text.includes(secret), secret).to.equal(false)
    await clone.git('checkout', '-q', 'pmpc.yaml')
    clone.remove('iac/extra.yml')
    // What is withheld in the place of a secret is not what stood there: the cluster is as before for those who come next.
    await lab.api('PUT', '/nodes/pve3/qemu/110/config', {delete: 'description'})
    await clone.must('sync')
  })

  it('is written once somebody on a terminal has seen what is in it, and said yes', async function () {
    skipFor(this, noPty())
    const run = async (file: string, type: string) =>
      inPty(process.execPath, [path.join(checkout, 'bin/run.js'), 'report-issue', '-o', file, '--offline'], {
        cwd: clone.root,
        env: lab.box.env,
        columns: 200,
        answers: [{when: 'Write these', type}],
      })
    const yes = await run('yes.tar.gz', 'y\r')
    expect(yes.output.indexOf('SUMMARY.md')).to.be.greaterThan(-1).and.lessThan(yes.output.indexOf('Write these'))
    expect({code: yes.code, there: clone.has('yes.tar.gz')}).to.deep.equal({code: 0, there: true})
    const no = await run('no-thanks.tar.gz', 'n\r')
    expect({code: no.code, there: clone.has('no-thanks.tar.gz')}).to.deep.equal({code: 1, there: false})
  })

  for (const flags of [['--raw'], []])
    it(`is served as a cluster that reads as the one it was made of${flags.length > 0 ? ', raw' : ''}`, async () => {
      const made = await report(`replay${flags.length}.tar.gz`, '--offline', ...flags)
      const child = spawn(
        process.execPath,
        [
          path.join(checkout, 'bin/run.js'),
          'simulator',
          'start',
          '--replay',
          made.file,
          '--port',
          '0',
          '--status-interval',
          '0',
          '--json',
        ],
        {env: lab.box.env},
      )
      try {
        const lines = createInterface({input: child.stdout})
        const [line] = (await new Promise<string>((resolve) => lines.once('line', resolve))).split('\n')
        const {url, fingerprint, tokenId, tokenSecret} = JSON.parse(line!) as Record<string, string>
        const simulator = {url: url!, fingerprint: fingerprint!, tokens: {[tokenId!]: tokenSecret!}}
        const name = `replayed${flags.length}`
        const init = await lab.init(name, tokenId, {simulator})
        expect(init.code, init.stderr).to.equal(0)
        const again = lab.at(name)
        await again.must('sync')
        const [before, after] = await Promise.all(
          [clone, again].map(async ({root}) => (await loadState({root, cluster: 'home'}))!.objects),
        )
        const counted = (objects: typeof before) => objects!.map(({kind}) => kind).sort()
        expect(counted(after)).to.deep.equal(counted(before))
        const shape = (objects: typeof before) =>
          objects!.map(({kind, id, config, facts}) => [
            kind,
            ['vm', 'container'].includes(kind) ? id : '',
            Object.keys(config).sort(),
            facts.status,
          ])
        if (flags.length > 0) expect(withoutToken(after!)).to.deep.equal(before)
        else
          expect(shape(after!.filter(({kind}) => kind === 'vm'))).to.deep.equal(
            shape(before!.filter(({kind}) => kind === 'vm')),
          )
      } finally {
        child.kill('SIGTERM')
      }
    })

  it('is no bundle where it is anything else', async () => {
    clone.write('no.tar.gz', 'no archive')
    const {error} = (await clone.pmpc(['simulator', 'start', '--replay', 'no.tar.gz', '--json'])).json<{
      error: {code: string; message: string}
    }>()
    expect(error.code).to.equal('PMPC_SIMULATOR_SEED')
    const absent = await clone.pmpc(['simulator', 'start', '--replay', 'absent.tar.gz', '--json'])
    expect(absent.json<{error: {code: string}}>().error.code).to.equal('PMPC_SIMULATOR_SEED')
    const made = await report('clusters.tar.gz', '--raw', '--offline')
    const error2 = await readBundle(made.file, 'other').catch((thrown: Error) => thrown.message)
    expect(error2).to.include('it holds home')
  })
})

/** Without the token that a replayed cluster has beside its own. */
function withoutToken(objects: readonly Observed[]): Observed[] {
  const copy = structuredClone([...objects])
  for (const {id, config} of copy)
    if (id === 'root@pam') delete (config.tokens as Record<string, unknown> | undefined)?.replay
  return copy
}

/** Texts as comments of YAML. */
const commented = (texts: readonly string[]): string =>
  texts.map((text) => `${text.replaceAll(/^/gm, '# ')}\n`).join('')

/** What does not come back: it needs a secret to be what it is, or the seed of a simulator cannot say it. */
const NOT_REPLAYED = [
  ...['acme-plugin', 'cpu-model', 'notification-matcher', 'notification-target'],
  ...['sdn-dns', 'sdn-fabric', 'sdn-prefix-list', 'sdn-route-map', 'sdn-vnet'],
]

describe('the estate of a report', () => {
  it('is the cluster that was recorded, an object of every kind, but for what is known not to come back', async () => {
    const lab = await Lab.start({seed: 'cluster', offlineServices: 'accept'})
    for (const calls of Object.values(oneOfEach)) for (const call of calls) await lab.api(...call)
    const recorded = async (clone: Clone): Promise<ClusterState> => {
      await clone.must('sync')
      return (await loadState({root: clone.root, cluster: 'home'}))!
    }
    const before = await recorded(await lab.workspace('before', 'root@pam!sim'))
    const {tokens, ...seed} = estateOf(before) as unknown as Seed
    const replay = {tokenid: 'root@pam!replay', privsep: 0}
    const simulator = await startSimulator({
      ...{authDelay: 0, statusInterval: 0},
      seed: {...seed, token: replay.tokenid, tokens: [replay, ...(tokens ?? [])]},
    })
    const init = await lab.init('after', replay.tokenid, {simulator})
    expect(init.code, init.stderr).to.equal(0)
    const after = await recorded(lab.at('after'))
    await Promise.all([simulator.stop(), lab.stop()])
    const texts = (objects: readonly Observed[]) => new Set(objects.map((one) => JSON.stringify(one)))
    const came = texts(withoutToken(after.objects))
    const lost = before.objects.filter((one) => !came.has(JSON.stringify(one)))
    expect([...new Set(lost.map(({kind}) => kind))].sort()).to.deep.equal(NOT_REPLAYED)
  })
})
