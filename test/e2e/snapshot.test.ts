import {expect} from 'chai'
import {createHash} from 'node:crypto'
import {existsSync, mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {gunzipSync, gzipSync} from 'node:zlib'
import type {TakenSnapshot} from '../../plugins/diagnostics/src/commands/snapshot/take.js'
import type {SnapshotDiff} from '../../plugins/diagnostics/src/snapshot/diff.js'
import {unpacked} from '../../plugins/diagnostics/src/snapshot/file.js'
import type {Snapshot} from '../../plugins/diagnostics/src/snapshot/model.js'
import {meansEverything} from '../../plugins/apply/src/everything.js'
import {readState} from '../../src/kit/state/index.js'
import {secretTexts, secretWords} from '../support/forty-secrets.js'
import {Lab, type Clone} from '../support/lab.js'
import {assertSchema} from '../support/schemas.js'

const vm100 = 'infra/home/vm/100.yaml'

const note = secretTexts.join('\n\n')

describe('pmpc snapshot', function () {
  this.timeout(180_000)
  let lab: Lab
  let ws: Clone

  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    ws = await lab.agreed('ws')
  })
  after(async () => lab.stop())

  const take = async (...args: string[]): Promise<TakenSnapshot> => {
    const result = (await ws.must('snapshot', 'take', '--json', ...args)).json<TakenSnapshot>()
    assertSchema('snapshot-take', result)
    return result
  }
  const diff = async (...args: string[]): Promise<SnapshotDiff> => {
    const result = (await ws.must('snapshot', 'diff', '--json', ...args)).json<SnapshotDiff>()
    assertSchema('snapshot-diff', result)
    return result
  }
  const textOf = (file: string): string => gunzipSync(readFileSync(path.join(ws.root, file))).toString()
  const contents = (file: string): Snapshot => (JSON.parse(textOf(file)) as {snapshot: Snapshot}).snapshot
  /** What a diff holds of differences. */
  const told = ({changes, declared, manifests, open, config, versions, health}: SnapshotDiff) => ({
    changes: changes.map(({kind, id, fields}) => `${kind}/${id} ${fields.map(({field}) => field).join(' ')}`),
    declared: declared.map(({kind, id, fields}) => `${kind}/${id} ${fields.map(({field}) => field).join(' ')}`),
    manifests: manifests.map(({path: file, change}) => `${change} ${file}`),
    open: [...open.closed.map(({text}) => `- ${text}`), ...open.opened.map(({text}) => `+ ${text}`)],
    others: [...config, ...versions, ...health].map(({name}) => name),
  })
  const nothing = {changes: [], declared: [], manifests: [], open: [], others: []}

  it('holds the state of the cluster, manifests, what is open, versions, and records nothing', async () => {
    const before = await ws.picture()
    const result = await take('-o', 'a.json.gz')
    expect(result.clusters).to.deep.equal([{cluster: 'home', from: 'cluster', stale: 0}])
    const snapshot = contents('a.json.gz')
    expect(Date.now() - Date.parse(snapshot.taken)).to.be.within(0, 60_000)
    const state = await readState(Buffer.from(snapshot.clusters[0]!.state!, 'base64'))
    expect(state).to.deep.equal(await readState(readFileSync(path.join(ws.root, '.pmpc/state/home.db'))))
    const manifest = snapshot.manifests.find((one) => one.path === vm100)!
    expect(manifest).to.deep.equal({path: vm100, objects: ['home/vm/100'], text: ws.read(vm100)})
    expect(snapshot.manifests.length).to.equal(result.manifests)
    expect(snapshot.versions).to.include.keys('pmpc', 'node', 'git', 'plugin diagnostics', 'pve home')
    expect(snapshot.git).to.deep.equal({branch: 'main', commit: await ws.head()})
    expect(JSON.stringify(snapshot.config)).to.include('root@pam!sim').and.not.include('BEGIN CERTIFICATE')
    expect(snapshot.health).to.equal(null)
    expect(statSync(path.join(ws.root, 'a.json.gz')).mode & 0o777).to.equal(0o600)
    ws.remove('a.json.gz')
    expect(await ws.picture()).to.deep.equal(before)
  })

  it('is written into the own folder of the clone unless a file is named, which is not written over', async () => {
    const {file} = await take()
    expect(file).to.match(/^\.pmpc\/local\/snapshots\/[\dT-]+\.json\.gz$/)
    expect(ws.has(file)).to.equal(true)
    expect(told(await diff(path.basename(file)))).to.deep.equal(nothing)
    expect(told(await diff(path.basename(file, '.json.gz')))).to.deep.equal(nothing)
    ws.write('mine.txt', 'mine')
    const error = await ws.fails(['snapshot', 'take', '-o', 'mine.txt'])
    expect(error).to.include({code: 'PMPC_USAGE', exitCode: 64})
    expect(ws.read('mine.txt')).to.equal('mine')
    expect((await ws.fails(['snapshot', 'take', '-o', 'nowhere/x'])).code).to.equal('PMPC_USAGE')
  })

  it('is what `pmpc snapshot` takes where no guest is meant', async () => {
    const run = await ws.must('snapshot', '-o', 'short.json.gz', '--json')
    assertSchema('snapshot-take', run.json())
    expect(contents('short.json.gz').clusters.length).to.equal(1)
    expect(meansEverything([])).to.equal(true)
    expect(meansEverything(['-o', 'x', '--cluster', 'home', '--recorded'])).to.equal(true)
    for (const words of [['vm/100'], ['--name', 'x'], ['--tag', 'web', '-o', 'x'], ['-o', 'x', 'vm/100'], ['-y']])
      expect(meansEverything(words), words.join(' ')).to.equal(false)
    // With a guest it is what it was: a snapshot in Proxmox VE.
    expect((await ws.fails(['snapshot', 'vm/100'])).message).to.include('--name')
    await ws.must('snapshot', 'vm/100', '--name', 'mine', '--yes')
    const names = (await lab.api<{name: string}[]>('GET', '/nodes/pve1/qemu/100/snapshot')).map(({name}) => name)
    expect(names).to.include('mine')
    await ws.must('delsnapshot', 'vm/100', '--name', 'mine', '--yes', '--confirm', 'home/vm/100')
  })

  it('diff tells each part that is another one, and nothing else', async () => {
    await take('-o', 'b.json.gz')
    expect(told(await diff('b.json.gz'))).to.deep.equal(nothing)
    expect(told(await diff('b.json.gz', 'b.json.gz'))).to.deep.equal(nothing)

    await lab.set('/nodes/pve1/qemu/100', {memory: 5120})
    expect(told(await diff('b.json.gz'))).to.deep.equal({...nothing, changes: ['vm/100 config.memory running.memory']})
    const {stdout} = await ws.must('snapshot', 'diff', 'b.json.gz')
    expect(stdout).to.match(
      /^b\.json\.gz \(\d{4}-\d\d-\d\d \d\d:\d\d UTC\) → now\n~ vm\/100 web01\n {4}config\.memory {3}\d+ → 5120\n {4}running\.memory {2}runs .*\n1 changed$/m,
    )

    await ws.sync()
    const synced = told(await diff('b.json.gz'))
    expect(synced.open).to.have.lengthOf(1)
    expect(synced.open[0]).to.match(/^\+ home\/vm\/100 config\.memory: \d+ → 5120/)
    await ws.must('accept')
    expect(told(await diff('b.json.gz'))).to.deep.equal({
      ...nothing,
      changes: ['vm/100 config.memory running.memory'],
      declared: ['vm/100 config.memory'],
    })

    await take('-o', 'c.json.gz')
    ws.append(vm100, '# in other words\n')
    ws.append('pmpc.yaml', 'policy: [{tag: prod, never: [destroys-data]}]\n')
    ws.write('infra/home/vm/999.yaml', 'kind: vm\nid: 999\nconfig: {memory: 512}\n')
    const edited = told(await diff('c.json.gz'))
    expect(edited.manifests).to.deep.equal([`text ${vm100}`, 'added infra/home/vm/999.yaml'])
    expect(edited.declared).to.have.lengthOf(1)
    expect(edited.open).to.deep.equal(['+ home/vm/999: not in the cluster'])
    expect(edited.others).to.deep.equal(['policy'])
    const text = (await ws.must('snapshot', 'diff', 'c.json.gz')).stdout
    expect(text).to.include('In the manifests\n').and.include('  + infra/home/vm/999.yaml\n')
    expect(text).to.include('Open\n  + yours home/vm/999: not in the cluster\n').and.include('In pmpc.yaml\n')
    expect((await ws.pmpc(['snapshot', 'diff', 'c.json.gz', '--detailed-exitcode'])).code).to.equal(2)
    expect((await ws.pmpc(['snapshot', 'diff', 'c.json.gz', 'c.json.gz', '--detailed-exitcode'])).code).to.equal(0)
    await ws.git('checkout', '-q', '--', 'infra', 'pmpc.yaml')
    ws.remove('infra/home/vm/999.yaml')
  })

  it('compares two files outside of a workspace', async () => {
    const files = ['first.json.gz', 'second.json.gz'].map((name) => path.join(ws.root, name))
    await take('-o', files[0]!)
    await lab.set('/nodes/pve1/qemu/100', {description: 'seen by the second only'})
    await take('-o', files[1]!)
    const run = await lab.box.pmpc(['snapshot', 'diff', ...files, '--json'])
    expect(told(run.json<SnapshotDiff>()).changes).to.deep.equal(['vm/100 config.description'])
    const alone = (await lab.box.pmpc(['snapshot', 'diff', files[0]!, '--json'])).json<{error: {code: string}}>()
    expect(alone.error.code).to.equal('PMPC_NO_WORKSPACE')
  })

  it('holds what health finds, and tells of a check that came out otherwise', async () => {
    await take('-o', 'healthy.json.gz', '--health')
    expect(contents('healthy.json.gz').health!.length).to.be.greaterThan(0)
    const fault = lab.simulator.simulation.faults.add({kind: 'no-quorum'})
    const {health} = await diff('healthy.json.gz', '--health')
    lab.simulator.simulation.faults.clear(fault.id)
    expect(health.map(({name}) => name)).to.include('home cluster.quorum')
  })

  it('stands there as it was recorded where the cluster is away, or is not to be asked', async () => {
    const recorded = await take('--recorded', '-o', 'recorded.json.gz')
    expect(recorded.clusters[0]!.from).to.equal('record')
    const env = {PMPC_TOKEN_HOME: 'ffffffff-0000-4000-8000-000000000009'}
    const error = await ws.fails(['snapshot', 'take', '-o', 'none.json.gz'], {env})
    expect(error.suggestions).to.include('pmpc snapshot take --recorded   # what the last sync saw')
    expect(ws.has('none.json.gz')).to.equal(false)
  })

  it('holds the other clusters where one is away, tells so, and does not compare that one', async () => {
    const clone = await lab.workspace('two')
    await clone.must('sync')
    const {fingerprint} = lab.simulator
    clone.edit(
      'pmpc.yaml',
      'clusters:\n',
      `clusters:\n  away:\n    endpoints: [https://127.0.0.1:9]\n    token: root@pam!sim\n    trust: {fingerprint: "${fingerprint}"}\n`,
    )
    const env = {PMPC_TOKEN_AWAY: '00000000-0000-4000-8000-000000000001'}
    const run = await clone.pmpc(['snapshot', 'take', '-o', 'two.json.gz', '--json'], {env})
    expect(run.code).to.equal(1)
    expect(run.stderr).to.include('away stands there as it was recorded')
    const {clusters} = run.json<TakenSnapshot>()
    expect(clusters.map(({cluster, from, why}) => [cluster, from, why !== undefined])).to.deep.equal([
      ['away', 'nothing', true],
      ['home', 'cluster', false],
    ])
    const {incomparable, changes} = (
      await clone.pmpc(['snapshot', 'diff', 'two.json.gz', '--json'], {env})
    ).json<SnapshotDiff>()
    expect(changes).to.deep.equal([])
    expect(incomparable.some((line) => line.startsWith('away could not be read for the first: '))).to.equal(true)
  })

  describe('a file', () => {
    before(async () => void (await take('-o', 'whole.json.gz')))

    const broken = (name: string, bytes: Uint8Array | string): string => {
      writeFileSync(path.join(ws.root, name), bytes)
      return name
    }
    const whole = (): Buffer => readFileSync(path.join(ws.root, 'whole.json.gz'))
    const envelope = () => JSON.parse(textOf('whole.json.gz')) as {format: number; digest: string; snapshot: Snapshot}
    const refused = async (file: string): Promise<string> =>
      (await ws.fails(['snapshot', 'diff', file, 'whole.json.gz'])).code

    it('that is cut off, or was changed, is refused', async () => {
      expect(await refused(broken('cut.gz', whole().subarray(0, 900)))).to.equal('PMPC_SNAPSHOT_DAMAGED')
      const flipped = whole()
      flipped[500]! ^= 0xff
      expect(await refused(broken('flipped.gz', flipped))).to.equal('PMPC_SNAPSHOT_DAMAGED')
      expect(await refused(broken('cut.json', textOf('whole.json.gz').slice(0, 500)))).to.equal('PMPC_SNAPSHOT_DAMAGED')
      const edited = textOf('whole.json.gz').replace('"branch": "main"', '"branch": "mine"')
      expect(await refused(broken('edited.gz', gzipSync(edited)))).to.equal('PMPC_SNAPSHOT_DAMAGED')
      expect(await refused(broken('empty.json', '{"pmpc": "snapshot"}'))).to.equal('PMPC_SNAPSHOT_DAMAGED')
    })

    it('of a newer pmpc is refused, with what to do', async () => {
      const text = JSON.stringify({...envelope(), format: 2, version: '9.9.9'})
      const error = await ws.fails(['snapshot', 'diff', broken('newer.gz', gzipSync(text))])
      expect(error).to.include({code: 'PMPC_SNAPSHOT_NEWER', exitCode: 64})
      expect(error.message).to.include('pmpc 9.9.9 in format 2')
    })

    it('of which a part is something else is refused, whatever its digest says', async () => {
      const changes: Record<string, unknown> = {
        ...{clusters: {}, taken: 1, open: [{}], health: 3, manifests: [{path: 1}], config: []},
        declared: [{cluster: 'home', objects: [{kind: 'nonsense', id: 1, config: {}, facts: {}}]}],
      }
      for (const [part, value] of Object.entries(changes)) {
        const {snapshot, ...rest} = envelope()
        const changed = {...snapshot, [part]: value}
        const digest = createHash('sha256').update(JSON.stringify(changed)).digest('hex')
        const bytes = gzipSync(JSON.stringify({...rest, digest, snapshot: changed}))
        expect(() => unpacked(bytes, 'x'), part).to.throw(`x is damaged: its ${part} cannot be read`)
      }
    })

    it('whose state is damaged is refused', async () => {
      const {snapshot, ...rest} = envelope()
      snapshot.clusters[0]!.state = Buffer.from('no state').toString('base64')
      const digest = createHash('sha256').update(JSON.stringify(snapshot)).digest('hex')
      expect(await refused(broken('state.gz', gzipSync(JSON.stringify({...rest, digest, snapshot}))))).to.equal(
        'PMPC_SNAPSHOT_DAMAGED',
      )
    })

    it('that is none, or is not there, is told apart', async () => {
      expect(await refused(broken('other.json', '{"a": 1}'))).to.equal('PMPC_NOT_A_SNAPSHOT')
      expect(await refused(broken('other.gz', gzipSync('nothing')))).to.equal('PMPC_NOT_A_SNAPSHOT')
      expect(await refused('lost.gz')).to.equal('PMPC_NOT_FOUND')
    })

    it('that is not packed is read', async () => {
      expect(told(await diff(broken('plain.json', textOf('whole.json.gz')), 'whole.json.gz'))).to.deep.equal(nothing)
    })
  })

  it('holds no secret, wherever one was: in the cluster, a manifest, a comment, what Git has, or what is allowed', async () => {
    const clone = await lab.workspace('secrets')
    const {node} = lab.simulator.simulation.state.guests[101]!
    await lab.set(`/nodes/${node}/qemu/101`, {description: note, ciuser: 'ada'})
    clone.append('pmpc.yaml', 'allow:\n  - {object: vm/101, key: description}\n')
    await clone.must('sync', '--accept')
    expect(clone.read('infra/home/vm/101.yaml')).to.include(secretWords[0])
    clone.edit(
      'infra/home/vm/100.yaml',
      'config:',
      `config:\n  cipassword: hunter2-in-a-manifest\n  x_password: '4711471147'\n  # password: hunter2-in-a-comment`,
    )
    mkdirSync(path.join(clone.root, 'infra/home/broken'), {recursive: true})
    clone.write('infra/home/broken/x.yaml', 'kind: vm\nid: [\npassword: hunter2-that-is-broken\n')
    await clone.must('snapshot', 'take', '-o', 's.json.gz')
    await clone.must('snapshot', 'take', '-o', 'r.json.gz', '--recorded')
    const secrets = [...secretWords, 'hunter2', '4711471147', ...Object.values(lab.simulator.tokens)]
    for (const file of ['s.json.gz', 'r.json.gz']) {
      const text = gunzipSync(readFileSync(path.join(clone.root, file))).toString()
      const {snapshot} = JSON.parse(text) as {snapshot: Snapshot}
      const state = Buffer.from(snapshot.clusters[0]!.state!, 'base64').toString('latin1')
      for (const secret of secrets) {
        expect(text.includes(secret), `${secret} in ${file}`).to.equal(false)
        expect(state.includes(secret), `${secret} in the state of ${file}`).to.equal(false)
      }
      // What is no secret stays.
      expect(text).to.include('ciuser: ada')
    }
    const {stdout} = await clone.must('snapshot', 'diff', 's.json.gz')
    expect(stdout).to.include('Nothing changed.')
    // That a secret is another one now can be seen.
    await lab.set(`/nodes/${node}/qemu/101`, {description: note.replace(secretWords[0]!, 'another-s3cret-99')})
    const changed = await clone.must('snapshot', 'diff', 's.json.gz')
    expect(changed.stdout).to.include('vm/101').and.not.include('s3cret-99')
    expect(existsSync(path.join(clone.root, 's.json.gz'))).to.equal(true)
  })
})
