import path from 'node:path'
import {expect} from 'chai'
import {Lab, type Clone} from '../support/lab.js'
import {bin} from '../support/pmpc.js'
import {inPty, noPty} from '../support/pty.js'
import {assertSchema} from '../support/schemas.js'
import {skipFor} from '../support/skip.js'

interface Changed {
  cluster: string
  id: number | string
  change: string
  fields: {field: string; ignored?: true}[]
}

const vm = (id: number) => `infra/home/vm/${id}.yaml`

describe('what is said is so', function () {
  this.timeout(60_000)
  let lab: Lab
  let clone: Clone
  let copies = 0
  before(async () => {
    lab = await Lab.start({seed: 'homelab'})
    await lab.agreed('ws')
  })
  after(async () => lab.stop())
  beforeEach(async () => {
    clone = await lab.clone('ws.git', `copy${++copies}`)
    await clone.must('sync', '--accept')
  })

  const set = (id: number, params: Record<string, string | number>) => lab.set(`/nodes/pve/qemu/${id}`, params)
  /** Drift on vm/100, and on vm/101 a conflict with what is committed. */
  async function driftAndConflict(): Promise<void> {
    clone.edit(vm(101), /memory: \d+/, 'memory: 3000')
    await clone.git('commit', '-qam', 'mine')
    await set(100, {memory: 4000 + copies * 16})
    await set(101, {memory: 2000 + copies * 16})
  }

  it('of a first sync: what was added is not called changed', async () => {
    const fresh = await lab.workspace(`fresh${copies}`)
    const {stdout} = await fresh.must('sync')
    expect(stdout).to.match(/^home: \d+ added, commit/m)
    expect(stdout).not.to.match(/^home: .*changed/m)
    await set(100, {memory: 3072 + copies * 16})
    expect((await fresh.must('sync')).stdout).to.match(/^home: 1 changed, commit/m)
  })

  describe('of what is open', () => {
    beforeEach(driftAndConflict)

    it('hints name it: who follows the one about drift takes no conflict', async () => {
      const {stderr} = await clone.pmpc(['sync'])
      expect(stderr).to.contain("Take the cluster's: pmpc accept home/vm/101:config.memory")
      expect(stderr).to.contain('Agree: pmpc accept home/vm/100:config.memory')
      expect(stderr).not.to.contain('vm/100. Keep yours')
      const {stdout} = await clone.must('status')
      expect(stdout).to.contain('agree: pmpc accept home/vm/100:config.memory;')
      expect(stdout).to.contain("take the cluster's: pmpc accept home/vm/101:config.memory;")
      const failure = await clone.fails(['accept', 'vm/102'])
      expect(failure.suggestions.join()).to.contain('pmpc accept home/vm/100:config.memory')
      await clone.must('accept', 'home/vm/100:config.memory')
      expect((await clone.open()).join('\n'))
        .to.contain('"conflict"')
        .and.not.to.contain('"drift"')
      expect(clone.read(vm(101))).to.contain('memory: 3000')
    })

    it("a bare accept says where it takes the cluster's side, and sync --accept too", async () => {
      const twin = await lab.clone('ws.git', `twin${copies}`)
      await clone.sync()
      const {stdout} = await clone.must('accept')
      expect(stdout).to.match(/side of a conflict was taken: home\/vm\/101 config\.memory: 3000 → 20\d\d$/m)
      expect(stdout).to.match(/^ {2}home\/vm\/100 config\.memory: \d+ → 4\d{3}$/m)
      expect(await clone.git('log', '-1', '--format=%B'))
        .to.match(/^home\/vm\/101 config\.memory: 3000 → 20\d\d \(conflict: ours was 3000\)$/m)
        .and.to.match(/^home\/vm\/100 config\.memory: \d+ → 4\d{3}$/m)
      twin.edit(vm(101), /memory: \d+/, 'memory: 3000')
      await twin.git('commit', '-qam', 'mine')
      const {warnings} = await twin.sync('--accept')
      expect(warnings.join('\n')).to.match(/home\/vm\/101 config\.memory: the cluster's side of a conflict was taken/)
      expect(twin.read(vm(101))).not.to.contain('memory: 3000')
    })

    it('a bare accept asks on a terminal, and no leaves all as it is', async function () {
      skipFor(this, noPty())
      await clone.sync()
      const before = await clone.picture()
      const accept = (args: string[], type: string) =>
        inPty(process.execPath, [bin, 'accept', ...args], {
          cwd: clone.root,
          env: lab.box.env,
          answers: [{when: "Take the cluster's side?", type}],
          columns: 200,
        })
      const no = await accept([], 'n\r')
      expect(no.output)
        .to.contain('1 conflict among what is open:')
        .and.to.contain('home/vm/101 config.memory: 3000 → 20')
      expect(no.output).to.contain('Nothing was accepted.').and.to.contain('pmpc reject home/vm/101:config.memory')
      expect(no.code).to.equal(1)
      expect(await clone.picture()).to.deep.equal(before)
      const named = await accept(['vm/100'], '')
      expect(named.output).not.to.contain('Take the')
      for (const covering of ['infra/home', 'vm/101', vm(101)]) {
        const left = await clone.picture()
        expect((await accept([covering], 'n\r')).output, covering).to.contain('Nothing was accepted.')
        expect(await clone.picture(), covering).to.deep.equal(left)
      }
      expect((await accept([], 'y\r')).code).to.equal(0)
      expect(await clone.open()).to.deep.equal([])
      expect(clone.read(vm(101))).not.to.contain('memory: 3000')
    })

    it('a conflict whose field is named is taken without a question, also when its object is named beside it', async function () {
      skipFor(this, noPty())
      await clone.sync()
      const {output, code} = await inPty(process.execPath, [bin, 'accept', 'vm/101', 'vm/101:memory'], {
        cwd: clone.root,
        env: lab.box.env,
        answers: [],
      })
      expect(output).not.to.contain('Take the')
      expect(code).to.equal(0)
      expect(clone.read(vm(101))).not.to.contain('memory: 3000')
    })

    it('a bare reject asks on a terminal, and tells what it rejected', async function () {
      skipFor(this, noPty())
      await clone.sync()
      const before = await clone.picture()
      const reject = (args: string[], type: string) =>
        inPty(process.execPath, [bin, 'reject', ...args], {
          cwd: clone.root,
          env: lab.box.env,
          answers: [{when: 'Reject all of it, for good?', type}],
          columns: 200,
        })
      const no = await reject([], 'n\r')
      expect(no.output).to.contain('2 items open:').and.to.contain('Nothing was rejected.')
      expect(no.output).to.match(/home\/vm\/101 config\.memory: stays 3000, not 2\d{3}/)
      expect(no.code).to.equal(1)
      expect(await clone.picture()).to.deep.equal(before)
      const conflict = await clone.must('reject', 'vm/101')
      expect(conflict.stdout).to.match(/^Rejected 1 item\.\n {2}home\/vm\/101 config\.memory: stays 3000, not 2\d{3}\n/)
      expect(await clone.git('log', '-1', '--format=%B')).to.match(/stays 3000, not 2\d{3} \(conflict\)$/m)
      const yes = await reject([], 'y\r')
      expect(yes.code).to.equal(0)
      expect(yes.output).to.match(/Rejected 1 item in 1 manifest\.\r?\n {2}home\/vm\/100 config\.memory: stays/)
      expect(await clone.open()).to.deep.equal([])
    })

    it('without a question for scripts: --no-prompt, and without a terminal', async () => {
      await clone.sync()
      await clone.must('accept', 'infra/home', '--no-prompt')
      expect(await clone.open()).to.deep.equal([])
    })
  })

  describe('of a rule that leaves something out', () => {
    const rule = (text: string) => clone.append('pmpc.yaml', `ignore:\n  - ${text}\n`)

    it('it is ignored from here on: in the sync, its commit, diff and log; the manifest stays', async () => {
      const manifest = clone.read(vm(100))
      rule('{kind: vm, key: description}')
      const {stdout, stderr} = await clone.must('sync')
      expect(stdout).to.contain('~ vm/100 homeassistant: config.description ignored from here on')
      expect(stdout).not.to.contain('(none)')
      const message = await clone.git('log', '-1', '--format=%B')
      expect(message)
        .to.match(/^sync\(home\): 2 ignored from here on$/m)
        .and.to.match(/^Pmpc-Ignored: vm\/\* description$/m)
      expect(message)
        .to.match(/^Pmpc-Changed: 0$/m)
        .and.not.to.match(/unknown|removed,|none/)
      const diff = await clone.must('diff')
      expect(diff.stdout)
        .to.match(/config\.description {2}ignored from here on/)
        .and.to.match(/^2 ignored from here on$/m)
      expect((await clone.must('log', 'vm/100')).stdout).to.contain('config.description  ignored from here on')
      for (const [schema, args] of [
        ['diff', ['diff', 'HEAD~1', 'HEAD']],
        ['log', ['log', 'vm/100']],
      ] as const) {
        const told = (await clone.must(...args, '--json')).json<object>()
        assertSchema(schema, told)
        expect(JSON.stringify(told)).to.contain('"ignored":true')
      }
      expect(clone.read(vm(100))).to.equal(manifest)
      expect(await clone.open()).to.deep.equal([])
      expect((await clone.must('status')).stdout + stderr).to.contain('Nothing is open')
      expect((await clone.sync()).commit).to.equal(null)
    })

    it('a guest is ignored, not gone, also where all of them are; what is removed beside it is', async () => {
      await lab.api('POST', '/pools', {poolid: `p${copies}`})
      await clone.must('sync', '--accept')
      await lab.api('DELETE', '/pools', {poolid: `p${copies}`})
      rule('{kind: vm}')
      const result = await clone.sync()
      expect(result.warnings).to.deep.equal([])
      expect(result.counts.vm).to.deep.include({removed: 0})
      expect(result.counts.pool).to.deep.include({removed: 1})
      assertSchema('sync', result)
      const {changes, counts} = (await clone.must('diff', '--json')).json<{changes: Changed[]; counts: object}>()
      expect(counts).to.deep.include({removed: 1, ignored: 5})
      expect(changes.filter(({change}) => change === 'removed').map(({id}) => id)).to.deep.equal([`p${copies}`])
      const message = await clone.git('log', '-1', '--format=%B')
      expect(message)
        .to.match(/^~ vm\/100 homeassistant: ignored from here on$/m)
        .and.to.match(/^Pmpc-Ignored: vm\/\*$/m)
      expect(message).not.to.match(/Changed-By: \S+ vm/)
      expect((await clone.must('log', 'vm/100')).stdout).to.contain('~ vm/100 homeassistant is ignored from here on')
      expect(clone.has(vm(100))).to.equal(true)
      const status = (await clone.must('status', '--json')).json<{clusters: {yours: {object: string}[]}[]}>()
      expect(status.clusters[0]!.yours.filter(({object}) => object.includes('/vm/'))).to.deep.equal([])
    })
  })

  describe('of a rule that is taken back', () => {
    const guest = (id: number) => `/nodes/pve/qemu/${id}`
    const ignoring = async (rule: string, meanwhile: () => Promise<unknown>): Promise<void> => {
      const before = clone.read('pmpc.yaml')
      clone.append('pmpc.yaml', `ignore:\n  - ${rule}\n`)
      await clone.git('commit', '-qam', 'ignore')
      await clone.must('sync')
      await meanwhile()
      await clone.must('sync')
      clone.write('pmpc.yaml', before)
      await clone.git('commit', '-qam', 'ignore no more')
    }
    const yours = async (of: Clone) =>
      (await of.must('status', '--json'))
        .json<{clusters: {yours: unknown[]}[]}>()
        .clusters.flatMap((each) => each.yours)

    it('a key that differs is a question, one that does not is none, and neither is a wish', async () => {
      await set(101, {description: 'ours'})
      await set(103, {description: 'ours'})
      await clone.must('sync', '--accept')
      await ignoring('{kind: vm, key: description}', async () => {
        await lab.api('PUT', `${guest(100)}/config`, {delete: 'description'})
        await set(101, {description: 'theirs'})
      })
      const elsewhere = await lab.clone(path.basename(clone.root), `elsewhere${copies}`)
      for (const each of [clone, elsewhere]) {
        const manifests = await Promise.all([100, 101, 103].map((id) => each.read(vm(id))))
        const {open} = (await each.sync()).clusters[0]!
        // Who it was is known to a clone that synced shortly before.
        expect(open.map(({by: _by, at: _at, ...item}) => item)).to.have.deep.members([
          {object: 'home/vm/100', field: 'config.description', offer: null, state: 'conflict'},
          {object: 'home/vm/101', field: 'config.description', offer: 'theirs', state: 'conflict'},
        ])
        expect([100, 101, 103].map((id) => each.read(vm(id)))).to.deep.equal(manifests)
        expect(await yours(each)).to.deep.equal([])
        expect((await each.sync()).open).to.deep.equal({drift: 0, conflicts: 2})
      }
      await clone.must('accept', 'vm/100')
      expect(clone.read(vm(100))).not.to.contain('description')
      await clone.must('reject', 'vm/101')
      expect(clone.read(vm(101))).to.contain('ours')
      expect(await yours(clone)).to.have.length(1)
      expect((await clone.sync()).open).to.deep.equal({drift: 0, conflicts: 0})
    })

    it('a guest that went meanwhile is a question, too; one that came is offered', async () => {
      await ignoring('{tag: windows}', async () => lab.api('PUT', `${guest(101)}/config`, {tags: 'windows'}))
      const {open} = (await clone.sync()).clusters[0]!
      expect(open.map(({object, field, state}) => `${object} ${field} ${state}`)).to.deep.equal([
        'home/vm/101 config.tags[media] conflict',
        'home/vm/101 config.tags[windows] conflict',
      ])
      expect(await yours(clone)).to.deep.equal([])
      await clone.must('accept')
      await lab.api('POST', `/nodes/pve/qemu`, {vmid: 700 + copies, name: 'gone', tags: 'windows'})
      await clone.must('sync', '--accept')
      await ignoring('{tag: windows}', async () => lab.api('DELETE', guest(700 + copies)))
      const gone = (await clone.sync()).clusters[0]!.open
      expect(gone.map(({object, field, offer, state}) => ({object, field, offer, state}))).to.deep.equal([
        {object: `home/vm/${700 + copies}`, field: undefined, offer: null, state: 'drift'},
      ])
      expect(await yours(clone)).to.deep.equal([])
      await clone.must('accept')
      expect(clone.has(vm(700 + copies))).to.equal(false)
    })
  })

  it('diff shows what the last sync saw in all clusters, and only that', async () => {
    const other = await Lab.start({seed: 'homelab'})
    try {
      const {simulator} = other
      const added = await lab.init(path.basename(clone.root), simulator.tokenId, {cluster: 'lab', simulator})
      expect(added.code, added.stderr).to.equal(0)
      await set(102, {memory: 5040})
      await clone.must('sync', '--accept')
      await set(100, {memory: 5008})
      await other.set('/nodes/pve/qemu/101', {memory: 5024})
      await clone.must('sync')
      const {stdout} = await clone.must('diff')
      expect(stdout).to.contain('home/vm/100').and.to.contain('lab/vm/101').and.not.to.contain('vm/102')
      expect(stdout).to.match(/^2 changed$/m)
    } finally {
      await other.stop()
    }
  })
})
