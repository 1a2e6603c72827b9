import {expect} from 'chai'
import {mkdirSync} from 'node:fs'
import path from 'node:path'
import {startSimulator, type Simulator} from '../../plugins/simulator/src/index.js'
import {bin} from '../support/pmpc.js'
import {Lab, type Clone} from '../support/lab.js'
import {inPty, noPty, type Answer} from '../support/pty.js'
import {skipFor} from '../support/skip.js'
import {assertSchema} from '../support/schemas.js'

const vm = (id: number): string => `infra/home/vm/${id}.yaml`
const guest = '/nodes/pve1/qemu/9000'

interface Decided {
  dryRun: boolean
  commit: string | null
  decided: {object: string; field?: string; head: unknown; offer: unknown; state: string}[]
  stillOpen: number
  manifests: string[]
}

interface Cluster {
  drift: unknown[]
  conflicts: unknown[]
  unmanaged: string[]
  yours: {object: string; field?: string; committed: boolean}[]
}

describe('pmpc accept and reject, of what is named', function () {
  this.timeout(120_000)
  let lab: Lab
  let ws: Clone
  let copies = 0

  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    await lab.agreed('origin')
  })
  after(async () => lab.stop())
  beforeEach(async () => {
    await lab.set(guest, {memory: 2048, cores: 2})
    ws = await lab.clone('origin.git', `ws${++copies}`)
    await ws.git('config', 'user.name', 'Ann')
    // The lab's cluster is as the origin knows it, but for what a test did to it.
    if ((await ws.sync('--accept')).commit) await ws.git('push', '-q')
  })

  const decide = async (...args: string[]): Promise<Decided> => {
    const decided = (await ws.must(...args, '--json')).json<Decided>()
    assertSchema(args[0]!, decided)
    return decided
  }
  const standing = async (clone = ws): Promise<Cluster> => {
    const result = (await clone.must('status', '--json')).json<{clusters: [Cluster]}>()
    assertSchema('status', result)
    const {drift, conflicts, unmanaged, yours} = result.clusters[0]
    return {drift, conflicts, unmanaged, yours}
  }
  const nothing = {drift: [], conflicts: [], unmanaged: [], yours: []}
  /** Nothing waits, nothing is uncommitted, and the next sync has nothing to say. */
  const settled = async (clone = ws): Promise<void> => {
    expect(await standing(clone)).to.deep.equal(nothing)
    expect(await clone.git('status', '--porcelain')).to.equal('')
    const {commit, open} = await clone.sync()
    expect([commit, open]).to.deep.equal([null, {drift: 0, conflicts: 0}])
    expect(await clone.git('status', '--porcelain')).to.equal('')
  }
  const message = () => ws.git('log', '-1', '--format=%B')
  /** What the last advice of a kind in `pmpc status` says to type. */
  const advice = async (heading: string): Promise<string[]> => {
    const {stdout} = await ws.must('status')
    const line = stdout.split('\n').find((each) => each.trim().startsWith(heading))
    const words = /pmpc (accept \S+?)(?:;|$)/.exec(line ?? '')?.[1]
    if (!words) throw new Error(`no advice below ${heading}:\n${stdout}`)
    return words.split(' ')
  }
  const newGuest = async (vmid: number, name: string): Promise<() => Promise<unknown>> => {
    await lab.api('POST', '/nodes/pve1/qemu', {vmid, name, memory: 512})
    return () => lab.api('DELETE', `/nodes/pve1/qemu/${vmid}`)
  }

  it('a field is named as status tells it, behind its object with a blank between them', async () => {
    await lab.set(guest, {memory: 3001, cores: 3})
    await lab.api('PUT', '/access/acl', {path: '/vms/100', roles: 'PVEAuditor', users: 'web@pve'})
    await ws.sync()
    const lines = (await ws.must('status')).stdout.split('\n').map((line) => line.trim())
    const told = (start: string) => lines.find((line) => line.startsWith(start))!.split(/: | → /)[0]!
    const [memory, cores, acl] = ['home/vm/9000 config.memory', 'home/vm/9000 config.cores', 'home/acl/acl '].map(told)
    const decided = async (...words: string[]) => {
      const items = (await decide('accept', ...words)).decided
      return items.map(({object, field}) => `${object} ${field}`)
    }
    expect(await decided(...memory!.split(' '))).to.deep.equal([memory])
    expect(await decided(`${cores}:`)).to.deep.equal([cores])
    expect(await decided(acl!)).to.deep.equal(['home/acl/acl config["/vms/100"]'])
    const {code} = await ws.fails(['accept', 'config.memory'])
    expect(code).to.equal('PMPC_NOT_FOUND')
    await settled()
    await lab.api('PUT', '/access/acl', {path: '/vms/100', roles: 'PVEAuditor', users: 'web@pve', delete: 1})
  })

  it('what a setting leaves unread is marked as such', async () => {
    const rules = '/nodes/pve1/qemu/100/firewall/rules'
    await lab.api('POST', rules, {type: 'in', action: 'ACCEPT', comment: 'seen'})
    await ws.sync('--accept')
    expect((await ws.must('get', 'firewalls')).stdout).not.to.include('STALE')
    ws.edit('pmpc.yaml', /guestFirewalls: true/, 'guestFirewalls: false')
    await ws.sync()
    const why = 'read.guestFirewalls of pmpc.yaml is not true'
    expect((await ws.must('get', 'firewalls')).stdout)
      .to.match(/STALE\n/)
      .and.to.include(why)
    expect((await ws.must('describe', 'firewall', 'guest/100')).stdout).to.include(why)
    expect((await ws.pmpc(['sync', '--detailed-exitcode'])).code).to.equal(0)
    await lab.api('DELETE', `${rules}/0`)
  })

  describe('what is unmanaged', () => {
    for (const pulling of [
      ['pull', '-q', '--no-rebase', '--no-edit'],
      ['pull', '-q', '--rebase'],
    ]) {
      it(`a guest that was rejected is taken over as status says, and another clone sees nothing odd (${pulling.at(-1)})`, async () => {
        const remove = await newGuest(301, 'unwanted')
        await ws.sync()
        await ws.must('reject', 'unwanted')
        await ws.git('push', '-q')
        const bob = await lab.clone('origin.git', `bob${copies}`)
        expect((await standing()).unmanaged).to.deep.equal(['home/vm/301'])
        expect(await advice('Unmanaged')).to.deep.equal(['accept', 'home/vm/301'])
        const {decided, manifests, stillOpen} = await decide('accept', 'home/vm/301')
        expect(decided).to.deep.equal([
          {object: 'home/vm/301', base: 'present', offer: 'present', head: null, state: 'unmanaged'},
        ])
        expect([manifests, stillOpen]).to.deep.equal([[vm(301)], 0])
        expect(ws.read(vm(301))).to.contain('name: unwanted')
        expect(await ws.git('show', `HEAD:${vm(301)}`)).to.equal(ws.read(vm(301)).trimEnd())
        expect(await message()).to.contain('home/vm/301: managed from here on, as it is in the cluster\n')
        await settled()
        await ws.git('push', '-q')
        await lab.set(guest, {cores: 5})
        await bob.sync()
        await bob.git('restore', 'infra')
        await bob.git(...pulling)
        await bob.sync()
        expect((await standing(bob)).unmanaged).to.deep.equal([])
        expect((await bob.open()).map((line) => line.includes('vm/301'))).to.deep.equal([false])
        if (pulling.includes('--rebase')) {
          await ws.git('reset', '-q', '--hard', 'origin/main')
          return void (await remove())
        }
        // From then on it is as any other.
        await lab.set('/nodes/pve1/qemu/301', {memory: 1024})
        await ws.sync()
        expect(await ws.diff(vm(301))).to.deep.equal(['-  memory: 512', '+  memory: 1024'])
        await ws.must('reject', 'vm/301')
        await lab.set('/nodes/pve1/qemu/301', {memory: 768})
        await ws.sync()
        await ws.must('accept', 'unwanted')
        expect(ws.read(vm(301))).to.contain('memory: 768')
        await ws.must('accept')
        await settled()
        await ws.git('reset', '-q', '--hard', 'origin/main')
        await remove()
      })
    }

    it('a manifest that people took out comes back, by the name of the guest', async () => {
      const name = /name: (\S+)/.exec(ws.read(vm(9000)))![1]!
      await ws.git('rm', '-q', vm(9000))
      const deleted = await ws.fails(['accept', 'vm/9000'])
      expect(deleted.code).to.equal('PMPC_NOTHING_OPEN')
      expect(deleted.suggestions[0]).to.match(/^git restore infra\/home\/vm\/9000\.yaml /)
      await ws.git('commit', '-qm', 'Not ours')
      await ws.sync()
      expect((await standing()).unmanaged).to.deep.equal(['home/vm/9000'])
      await ws.must('accept', name)
      await settled()
      expect(await ws.git('diff', 'HEAD~2', '--stat', '--', vm(9000))).to.equal('')
    })

    it('storages and pools, too', async () => {
      await ws.git('rm', '-q', 'infra/home/storage/local.yaml')
      await ws.git('commit', '-qm', 'Not ours')
      await ws.must('accept', 'local')
      await settled()
    })

    it('a manifest of people that is not committed stays theirs, and both ways on are told', async () => {
      const remove = await newGuest(302, 'mine')
      await ws.sync()
      await ws.must('reject', 'vm/302')
      ws.write('infra/home/own.yaml', 'kind: vm\nid: 302\n')
      const before = await ws.picture()
      const {code, suggestions} = await ws.fails(['accept', 'vm/302'])
      expect(code).to.equal('PMPC_MANIFEST_UNCOMMITTED')
      expect(await ws.picture()).to.deep.equal(before)
      const [keep, take] = suggestions.map((each) => each.replace(/ {3}\(.*$/, ''))
      const shell = async (line: string) => lab.box.exec('sh', ['-c', line], {cwd: ws.root})
      await ws.git('stash', '-q', '-u')
      await ws.git('stash', 'apply', '-q')
      expect((await shell(take!)).code).to.equal(0)
      await settled()
      await ws.git('reset', '-q', '--hard', before.head)
      await ws.git('stash', 'pop', '-q')
      expect((await shell(keep!)).code).to.equal(0)
      expect((await standing()).conflicts).to.have.length.above(0)
      await ws.git('reset', '-q', '--hard', 'origin/main')
      await remove()
    })
  })

  describe('what was rejected', () => {
    const rejected = async (): Promise<void> => {
      await lab.set(guest, {memory: 4096, cores: 4})
      await ws.sync()
      await ws.must('reject', 'vm/9000')
      expect((await standing()).yours.map(({field, committed}) => [field, committed])).to.deep.equal([
        ['config.cores', true],
        ['config.memory', true],
      ])
    }

    it('a field is taken back as status says, the other one with its object', async () => {
      await rejected()
      const words = await advice('Yours, not yet applied')
      expect(words).to.deep.equal(['accept', 'home/vm/9000:config.cores'])
      const {decided} = await decide(...words)
      const [{at, ...item}, ...others] = decided as [Decided['decided'][0] & {at?: string}]
      expect(at).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
      expect([item, others]).to.deep.equal([
        {object: 'home/vm/9000', field: 'config.cores', base: 4, offer: 4, head: 2, state: 'rejected', by: 'root@pam'},
        [],
      ])
      expect(await ws.git('show', '--format=', '-U0', 'HEAD', '--', 'infra')).to.match(
        /\n- {2}cores: 2\n\+ {2}cores: 4$/,
      )
      expect((await standing()).yours.map(({field}) => field)).to.deep.equal(['config.memory'])
      await ws.must('accept', 'vm/9000')
      await settled()
      expect(ws.read(vm(9000))).to.contain('memory: 4096')
    })

    it('what is open comes first: an object with both gets what is open only', async () => {
      await rejected()
      await lab.set(guest, {memory: 8192})
      await ws.sync()
      const {decided, stillOpen} = await decide('accept', 'vm/9000')
      expect(decided.map(({field, state}) => [field, state])).to.deep.equal([['config.memory', 'conflict']])
      expect(stillOpen).to.equal(0)
      expect((await standing()).yours.map(({field}) => field)).to.deep.equal(['config.cores'])
    })

    it('without a name nothing is taken over, nor by the path of a folder', async () => {
      await rejected()
      const before = await ws.picture()
      expect((await decide('accept')).decided).to.deep.equal([])
      expect((await ws.fails(['accept', 'infra'])).code).to.equal('PMPC_NOTHING_OPEN')
      expect(await ws.picture()).to.deep.equal(before)
    })

    it('a guest that was gone and whose manifest stayed', async () => {
      const remove = await newGuest(303, 'gone')
      await ws.sync('--accept')
      await remove()
      await ws.sync()
      await ws.must('reject', 'vm/303')
      expect((await standing()).yours).to.deep.equal([{object: 'home/vm/303', committed: true}])
      expect(await advice('Yours, not yet applied')).to.deep.equal(['accept', 'home/vm/303'])
      await ws.must('accept', 'gone')
      expect(ws.has(vm(303))).to.equal(false)
      await settled()
    })

    it('a wish that nobody rejected is taken back only where its field is named', async () => {
      ws.edit(vm(9000), 'cores: 2', 'cores: 8')
      const uncommitted = await ws.fails(['accept', 'vm/9000:config.cores'])
      expect(uncommitted.code).to.equal('PMPC_NOTHING_OPEN')
      expect(uncommitted.message).to.contain('config.cores of home/vm/9000 is an edit of your own')
      expect(uncommitted.suggestions[0]).to.match(/^git restore -p -- \S+ {3}# /)
      for (const verdict of ['accept', 'reject']) {
        const slip = await ws.fails([verdict, 'vm/9000:config.coers'])
        expect(slip.message).to.contain('home/vm/9000 has no field config.coers')
        expect(slip.suggestions[0]).to.equal(`pmpc ${verdict} home/vm/9000:config.cores`)
      }
      expect((await standing()).yours.map(({committed}) => committed)).to.deep.equal([false])
      expect((await ws.must('status')).stdout).to.contain('to follow the cluster, edit the manifest')
      await ws.git('commit', '-qam', 'More cores')
      const {code, suggestions} = await ws.fails(['accept', 'vm/9000'])
      expect(code).to.equal('PMPC_NOTHING_OPEN')
      expect(suggestions[0]).to.match(/^pmpc accept home\/vm\/9000:config\.cores /)
      expect((await decide('accept', 'vm/9000:cores')).decided.map(({state}) => state)).to.deep.equal(['yours'])
      await settled()
      expect(ws.read(vm(9000))).to.contain('cores: 2')
    })
  })

  describe('what there is nothing to decide of', () => {
    it('a node as it was agreed on, and what a rule leaves out', async () => {
      for (const verdict of ['accept', 'reject'])
        expect((await ws.fails([verdict, 'node/pve1'])).code).to.equal('PMPC_NOTHING_OPEN')
      ws.append('pmpc.yaml', '\nignore:\n  - {guest: 9000}\n  - {kind: vm, key: description}\n')
      for (const step of ['before', 'after']) {
        const object = await ws.fails(['accept', 'vm/9000'])
        expect([object.code, object.exitCode], step).to.deep.equal(['PMPC_IGNORED', 64])
        expect(object.message).to.contain('home/vm/9000')
        const key = await ws.fails(['accept', 'vm/100:description'])
        expect([key.code, key.message.includes('the key description of home/vm/100')]).to.deep.equal([
          'PMPC_IGNORED',
          true,
        ])
        await ws.sync()
      }
    })

    it('a slip of the pen is told, of an object and of a field', async () => {
      const name = /name: (\S+)/.exec(ws.read(vm(100)))![1]!
      const object = await ws.fails(['accept', `${name}x`])
      expect([object.code, object.suggestions[0]]).to.deep.equal(['PMPC_NOT_FOUND', `pmpc accept ${name}`])
      await lab.set(guest, {memory: 4096})
      await ws.sync()
      const field = await ws.fails(['reject', 'vm/9000:memroy'])
      expect([field.code, field.suggestions[0]]).to.deep.equal([
        'PMPC_NOTHING_OPEN',
        'pmpc reject home/vm/9000:config.memory',
      ])
    })

    it('a name that is a path as well is refused, and both may be typed', async () => {
      const name = /name: (\S+)/.exec(ws.read(vm(9000)))![1]!
      await lab.set(guest, {memory: 4096})
      await ws.sync()
      mkdirSync(path.join(ws.root, name))
      await ws.must('accept', name, '--dry-run')
      ws.edit(vm(9000), `name: ${name}`, 'name: infra')
      const {code, suggestions} = await ws.fails(['accept', 'infra'])
      expect(code).to.equal('PMPC_AMBIGUOUS')
      expect(suggestions).to.deep.equal(['pmpc accept home/vm/9000', 'pmpc accept ./infra'])
      for (const suggestion of suggestions) await ws.must(...suggestion.split(' ').slice(1), '--dry-run')
    })
  })

  describe('--dry-run, --message, --interactive', () => {
    const drift = async (): Promise<void> => {
      await lab.set(guest, {memory: 4096, cores: 4})
      await ws.sync()
    }

    for (const verdict of ['accept', 'reject']) {
      it(`${verdict} --dry-run writes nothing, and tells what would be done`, async () => {
        await drift()
        const before = await ws.picture()
        const told = await decide(verdict, '--dry-run')
        expect(await ws.picture()).to.deep.equal(before)
        expect([told.dryRun, told.commit, told.stillOpen, told.manifests]).to.deep.equal([true, null, 0, [vm(9000)]])
        const {stdout, code} = await ws.pmpc([verdict, '--dry-run'])
        expect(code).to.equal(0)
        expect(stdout).to.contain(
          verdict === 'accept'
            ? '  home/vm/9000 config.cores: 2 → 4\n  home/vm/9000 config.memory: 2048 → 4096\n'
            : '  home/vm/9000 config.cores: stays 2, not 4\n  home/vm/9000 config.memory: stays 2048, not 4096\n',
        )
        expect(await ws.picture()).to.deep.equal(before)
        const done = await decide(verdict)
        expect(done).to.deep.equal({...told, dryRun: false, commit: await ws.head()})
      })
    }

    it('the commit tells old and new values, and so many of them', async () => {
      await drift()
      await ws.must('accept')
      expect(await message()).to.match(
        /^accept\(home\): home\/vm\/9000, 2 items\n\nhome\/vm\/9000 config\.cores: 2 → 4\nhome\/vm\/9000 config\.memory: 2048 → 4096\n\nPmpc-Run: /,
      )
      const many = Object.fromEntries(Array.from({length: 45}, (_, at) => [at, `x${at}`]))
      await lab.set(guest, {tags: Object.values(many).join(';'), description: 'd'.repeat(500)})
      await ws.sync('--accept')
      await lab.set(guest, {tags: 'x0', description: 'e'.repeat(500)})
      await ws.sync()
      await ws.must('reject')
      const lines = (await message()).split('\n')
      expect(lines.slice(2).filter((line) => line.startsWith('home/vm/9000 '))).to.have.length(40)
      expect(lines).to.include('… and 5 more')
      const [rejected, ...others] = lines.filter((line) => line.startsWith('Pmpc-Rejected: '))
      expect([rejected!.split(' ')[2]!.split(',').length, others]).to.deep.equal([45, []])
      expect(Math.max(...lines.filter((line) => line !== rejected).map((line) => line.length))).to.be.below(250)
      await lab.set(guest, {tags: '', description: ''})
    })

    it('a secret that is withheld stays withheld in it', async () => {
      await lab.set(guest, {description: 'password: first-secret-1'})
      await ws.sync('--accept')
      await lab.set(guest, {description: 'password: second-secret-2'})
      await ws.sync()
      await ws.must('accept')
      expect(await message())
        .to.contain('home/vm/9000 config.description: ')
        .and.not.to.contain('secret-2')
      await lab.set(guest, {description: ''})
    })

    it('-m is its message, without secrets and without what cannot be seen', async () => {
      await drift()
      await ws.must(
        'accept',
        'vm/9000:config.cores',
        '-m',
        'More cores for the shop  \nas Jo asked\u001b[31m for',
        '-m',
        'Pmpc-Run: 666\nthe password=hunter2222 of the shop',
      )
      const text = await message()
      expect(text).to.match(
        /^More cores for the shop\n\nas Jo asked\\u001b\[31m for\n\nPmpc-Run: 666\nthe password=\[redacted\][^\n]*\n\nhome\/vm\/9000 config\.cores: 2 → 4\n\nPmpc-Run: \w{10,}\n/,
      )
      expect(await ws.git('log', '-1', '--format=%(trailers:key=Pmpc-Run,valueonly)')).not.to.contain('666')
      const empty = await ws.fails(['accept', ''])
      expect([empty.code, empty.exitCode]).to.deep.equal(['PMPC_USAGE', 64])
      const {code, exitCode} = await ws.fails(['accept', '-m', ' \n '])
      expect([code, exitCode]).to.deep.equal(['PMPC_USAGE', 64])
      const [last] = (await ws.must('log', '-n', '1', '--json')).json<{subject: string; command: string}[]>()
      expect(last).to.include({subject: 'More cores for the shop', command: 'accept'})
    })

    /** Types keys, each when its place (`2/4`) is asked about; a terminal shows a question again with each key. */
    const asked = async (verdict: string, answers: [place: string | RegExp, key: string][]): Promise<string> => {
      const typed = answers.map(([place, key]): Answer => ({
        when: typeof place === 'string' ? `(${place})` : place,
        type: `${key}\r`,
      }))
      const {output, code} = await inPty(process.execPath, [bin, verdict, '--interactive'], {
        cwd: ws.root,
        env: lab.box.env,
        answers: typed,
        columns: 160,
      })
      expect(code, output).to.equal(0)
      return output
    }
    it('a blank line, and no more, stands between its paragraphs', async () => {
      await drift()
      await ws.must('accept', '-m', 'More', '-m', 'As Jo asked', '-m', 'Twice')
      expect(await message()).to.match(/^More\n\nAs Jo asked\n\nTwice\n\nhome\/vm\/9000 config\.cores: 2 → 4\n/)
    })

    const openFields = async () =>
      (await ws.open()).map((line) => (JSON.parse(line.slice(2)) as {object: string; field: string}).field)

    it('--interactive asks about each item, and decides what was answered with y', async function () {
      skipFor(this, noPty())
      await drift()
      const output = await asked('accept', [
        ['1/2', '?'],
        [/keys mean[^]*\(1\/2\)/, 'n'],
        ['2/2', 'y'],
      ])
      expect(output).to.contain('(1/2) home/vm/9000 config.cores: 2 → 4').and.to.contain('neither this one nor')
      expect(await openFields()).to.deep.equal(['config.cores'])
      expect(await message())
        .to.contain('config.memory: 2048 → 4096')
        .and.not.to.contain('config.cores')
      await asked('reject', [['1/1', 'y']])
      expect(await openFields()).to.deep.equal([])
      expect((await standing()).yours.map(({field}) => field)).to.deep.equal(['config.cores'])
    })

    it('what is no key is asked for anew, not typed on to; p prints both sides whole', async function () {
      skipFor(this, noPty())
      const [before, after] = [`${'a'.repeat(90)}\n`, `${'b'.repeat(90)}\nsecond`]
      await lab.set(guest, {description: before})
      await ws.sync('--accept')
      await lab.set(guest, {description: after})
      await ws.sync()
      const output = await asked('accept', [
        ['1/1', 'x'],
        [/neither this one nor[^]*\(1\/1\)/, 'p'],
        [/the cluster's:[^]*\(1\/1\)/, 'y'],
      ])
      expect(output).to.contain('b'.repeat(90)).and.to.contain('a'.repeat(90))
      expect(await openFields()).to.deep.equal([])
      await lab.set(guest, {description: ''})
    })

    it('q keeps what was answered so far; a and d are about the rest of an object; Ctrl-C is about nothing', async function () {
      skipFor(this, noPty())
      await drift()
      await lab.set('/nodes/pve1/qemu/100', {description: 'new', tags: 'prod'})
      await ws.sync()
      const all = await openFields()
      expect([all.length, all.indexOf('config.cores')]).to.deep.equal([4, 2])
      const before = await ws.picture()
      const ended = await inPty(process.execPath, [bin, 'accept', '-i'], {
        cwd: ws.root,
        env: lab.box.env,
        answers: [
          {when: '(1/4)', type: 'y\r'},
          {when: '(2/4)', type: '\u0003'},
        ],
      })
      expect(ended.code).to.equal(130)
      expect(await ws.picture()).to.deep.equal(before)
      await asked('accept', [
        ['1/4', 'd'],
        ['3/4', 'y'],
        ['4/4', 'q'],
      ])
      expect(await openFields()).to.deep.equal(all.filter((field) => field !== 'config.cores'))
      await asked('accept', [
        ['1/3', 'd'],
        ['3/3', 'a'],
      ])
      expect(await openFields()).to.deep.equal(
        all.filter((field) => !['config.cores', 'config.memory'].includes(field)),
      )
      const last = await asked('accept', [['1/2', 'q']])
      expect(last).to.contain('Nothing was accepted.')
      await ws.must('accept')
      await settled()
    })

    it('nobody to ask is an error, and nothing is decided', async () => {
      await drift()
      const before = await ws.picture()
      const {code, exitCode} = await ws.fails(['accept', '--interactive'])
      expect([code, exitCode]).to.deep.equal(['PMPC_NO_TERMINAL', 64])
      expect(await ws.picture()).to.deep.equal(before)
    })
  })

  describe('with two clusters', () => {
    let second: Simulator
    before(async () => {
      second = await startSimulator({seed: 'homelab', authDelay: 0, taskTime: 0, statusInterval: 0})
    })
    after(async () => second.stop())

    it('what both have is refused though only one has it open; --cluster tells which, and narrows all that is open', async () => {
      const name = path.basename(ws.root)
      expect((await lab.init(name, second.tokenId, {cluster: 'branch', simulator: second})).code).to.equal(0)
      await ws.sync('--accept', '--cluster', 'branch')
      await lab.set('/nodes/pve1/qemu/100', {description: 'changed'})
      await ws.sync()
      for (const verdict of ['accept', 'reject']) {
        const {code, suggestions} = await ws.fails([verdict, 'vm/100'])
        expect(code).to.equal('PMPC_AMBIGUOUS')
        expect(suggestions).to.deep.equal([`pmpc ${verdict} branch/vm/100`, `pmpc ${verdict} home/vm/100`])
        expect((await ws.fails([verdict, '--cluster', 'nowhere'])).code).to.equal('PMPC_UNKNOWN_CLUSTER')
      }
      expect((await decide('accept', '--cluster', 'branch', '--dry-run')).decided).to.deep.equal([])
      expect((await ws.fails(['accept', '--cluster', 'branch', 'vm/100'])).code).to.equal('PMPC_NOTHING_OPEN')
      const {decided} = await decide('accept', '--cluster', 'home', 'vm/100')
      expect(decided.map(({object}) => object)).to.deep.equal(['home/vm/100'])
      expect(await ws.open()).to.deep.equal([])
      await lab.set('/nodes/pve1/qemu/100', {description: ''})
    })
  })
})
