import {expect} from 'chai'
import {authorsOf} from '../../../src/kit/fetch/index.js'
import type {Deed} from '../../../src/kit/git/trailers.js'
import type {Reader} from '../../../src/kit/proxmox/index.js'
import type {FieldChange} from '../../../src/kit/resources/index.js'
import type {ObjectChange} from '../../../src/kit/state/index.js'

/** The log and the task list of a real daemon (9.2), after `POST` and `PUT` of a VM's configuration, a resize, a snapshot, a move. */
const begin = 1_795_900_926
const task = (pid: string, type: string, after: number, user = 'alice@pve', id = '300') => ({
  upid: `UPID:pve1:${pid}:0026A9C6:${(begin + after).toString(16).toUpperCase()}:${type}:${id}:${user}:`,
  user: user.split('!')[0],
  ...(user.includes('!') && {tokenid: user.split('!')[1]}),
  type,
  id,
  starttime: begin + after,
  status: 'OK',
})
const entry = (pid: number, msg: string, after: number, user = 'alice@pve') => ({
  node: 'pve1',
  pid,
  user,
  time: begin + after,
  msg,
  pri: 6,
})
const create = task('000000BC', 'qmcreate', 0, 'root@pam!full')
const config = task('000000CB', 'qmconfig', 3)
const resize = task('000000CC', 'resize', 5)
const snapshot = task('000000D6', 'qmsnapshot', 8)
const move = task('000000E3', 'qmmove', 12)
const tasks = [move, snapshot, resize, config, create]
const log = [
  entry(0xe3, 'move disk VM 300: move --disk scsi0 --storage local', 12),
  entry(0x90, `starting task ${move.upid}`, 12),
  entry(0xd6, 'snapshot VM 300: s1', 8),
  entry(0xcc, 'update VM 300: resize --disk scsi0 --size +1G', 5),
  entry(0x90, 'update VM 300: -net0 virtio,bridge=vmbr0,tag=5 -tags a;b', 5, 'root@pam!full'),
  entry(0xcb, 'update VM 300: -delete net1,net2 -memory 2048', 3),
  entry(0x92, 'update VM 300: -cores 2 -description hello -sockets 3#010line two -memory 1024', 3, 'web@pve'),
  entry(0x56, 'starting cluster log', -50, 'root'),
]

const field = (name: string, before?: unknown, after?: unknown): FieldChange => ({
  field: name,
  ...(before !== undefined && {before}),
  ...(after !== undefined && {after}),
})
const changed = (fields: (string | FieldChange)[], kind: ObjectChange['kind'] = 'vm', id: string | number = 300) => ({
  kind,
  id,
  change: 'changed' as const,
  fields: fields.map((each) => (typeof each === 'string' ? field(each, 1, 2) : each)),
})

async function authors(
  changes: ObjectChange[],
  {log: entries = log, tasks: done = tasks, since = begin - 5}: {log?: unknown; tasks?: unknown; since?: number} = {},
): Promise<Deed[]> {
  const asked: string[] = []
  const get = async (path: string) => {
    asked.push(path)
    const answer = path === '/cluster/log' ? entries : done
    if (answer instanceof Error) throw answer
    return answer
  }
  const deeds = await authorsOf({get} as unknown as Reader, changes, since)
  expect(asked.sort()).to.deep.equal(['/cluster/log', '/cluster/tasks'])
  return deeds
}

const at = (after: number) => new Date((begin + after) * 1000).toISOString().replace('.000', '')

describe('who changed what', () => {
  it('is told by the log with time and, where its process wrote it, the task', async () => {
    expect(await authors([changed(['config.net1', 'config.net2'])])).to.deep.equal([
      {object: 'vm/300', what: ['config.net1', 'config.net2'], user: 'alice@pve', at: at(3), upid: config.upid},
    ])
    expect(await authors([changed(['config.cores'])])).to.deep.equal([
      {object: 'vm/300', what: ['config.cores'], user: 'web@pve', at: at(3)},
    ])
  })

  it('is a line a user with his fields', async () => {
    const fields = [
      'config.cores',
      'config.net0.tag',
      field('config.tags', [], ['a', 'b']),
      'config.scsi0.size',
      'pool',
    ]
    expect(await authors([changed(fields)])).to.deep.equal([
      {object: 'vm/300', what: ['config.cores'], user: 'web@pve', at: at(3)},
      {object: 'vm/300', what: ['config.net0.tag', 'config.tags'], user: 'root@pam!full', at: at(5)},
      {object: 'vm/300', what: ['config.scsi0.size'], user: 'alice@pve', at: at(12), upid: move.upid},
      {object: 'vm/300', what: ['pool'], user: null},
    ])
  })

  it('of a value without parts is the last who wrote it; of one with parts all who did', async () => {
    const later = [
      entry(1, 'update VM 300: -memory 4096 -net0 virtio', 20, 'bob@pve'),
      entry(1, 'update VM 300: -memory 2048 -net0 virtio', 10, 'carol@pve'),
    ]
    const found = await authors([changed(['config.memory', 'config.net0.tag'])], {log: [...later, ...log]})
    expect(found.map(({user, what}) => [user, what])).to.deep.equal([
      ['bob@pve', ['config.memory', 'config.net0.tag']],
      ['carol@pve', ['config.net0.tag']],
      ['root@pam!full', ['config.net0.tag']],
    ])
    const same = [
      entry(1, 'update VM 300: -cores 1', 20, 'bob@pve'),
      entry(2, 'update VM 300: -cores 2', 20, 'eve@pve'),
    ]
    expect((await authors([changed(['config.cores'])], {log: same})).map(({user}) => user)).to.deep.equal([
      'bob@pve',
      'eve@pve',
    ])
  })

  it('a task that may have done it says less than an entry that names the key, unless it overwrites all', async () => {
    const other = task('000000F1', 'qmconfig', 30, 'bob@pve')
    const user = async (done: unknown[]) => (await authors([changed(['config.cores'])], {tasks: done}))[0]!.user
    expect(await user([other, ...tasks])).to.equal('web@pve')
    expect(await user([task('000000F2', 'qmrollback', 30, 'bob@pve'), ...tasks])).to.equal('bob@pve')
    expect(await user([task('000000F2', 'qmrollback', 1, 'bob@pve'), ...tasks])).to.equal('web@pve')
    // The log may have forgotten, or must not be read.
    const [deed] = await authors([changed(['config.cores'])], {log: new Error('403'), tasks: [other]})
    expect(deed).to.deep.equal({
      object: 'vm/300',
      what: ['config.cores'],
      user: 'bob@pve',
      at: at(30),
      upid: other.upid,
    })
  })

  it('is told by tasks of whole guests, of containers and of power, each of what it may have done', async () => {
    const started = task('00000001', 'vzstart', 2, 'bob@pve', '200')
    const stopped = task('00000002', 'vzstop', 4, 'eve@pve', '200')
    const grown = task('00000003', 'resize', 6, 'carol@pve', '200')
    const changes: ObjectChange[] = [
      {kind: 'vm', id: 300, change: 'added', fields: []},
      {kind: 'vm', id: 301, change: 'removed', fields: []},
      changed(['status', 'config.rootfs.size', 'config.memory'], 'container', 200),
    ]
    expect(await authors(changes, {tasks: [grown, stopped, started, ...tasks]})).to.deep.equal([
      {object: 'vm/300', what: 'added', user: 'root@pam!full', at: at(0), upid: create.upid},
      {object: 'vm/301', what: 'removed', user: null},
      {object: 'container/200', what: ['status'], user: 'eve@pve', at: at(4), upid: stopped.upid},
      {object: 'container/200', what: ['config.rootfs.size'], user: 'carol@pve', at: at(6), upid: grown.upid},
      {object: 'container/200', what: ['config.memory'], user: null},
    ])
  })

  it('is never guessed: not from what is older, of another guest, or of another kind', async () => {
    const nobody = [{object: 'vm/300', what: ['config.cores'], user: null}]
    expect(await authors([changed(['config.cores'])], {since: begin + 4})).to.deep.equal(nobody)
    expect((await authors([changed(['config.cores'], 'vm', 30)]))[0]!.user).to.equal(null)
    // A pool may be called as a guest is.
    expect((await authors([changed(['config.comment'], 'pool', '300')]))[0]!.user).to.equal(null)
    expect(await authors([changed(['config.cores'])], {log: new Error('403'), tasks: {}})).to.deep.equal(nobody)
  })

  it('takes from a hostile cluster nothing that is no user, no time and no task', async () => {
    const users = [
      '',
      'root',
      'a b@pve',
      'a@pve\nPmpc-Run: 1',
      `${'a'.repeat(65)}@pve`,
      'a@pve!',
      '@pve',
      'a@p v',
      5,
      {},
    ]
    for (const user of users) {
      const told = [entry(1, 'update VM 300: -cores 1', 9, user as string)]
      expect((await authors([changed(['config.cores'])], {log: told, tasks: []}))[0], String(user)).to.deep.equal({
        object: 'vm/300',
        what: ['config.cores'],
        user: null,
      })
    }
    for (const time of [1e300, 'soon', null, -1, '9'.repeat(40)]) {
      const told = [{...log[6]!, time}]
      expect((await authors([changed(['config.cores'])], {log: told, tasks: []}))[0]!.user, String(time)).to.equal(null)
    }
    const forged = {...create, upid: 'UPID:x\nPmpc-Run: 1'}
    const [deed] = await authors([{kind: 'vm', id: 300, change: 'added', fields: []}], {tasks: [forged]})
    expect(deed).to.deep.equal({object: 'vm/300', what: 'added', user: 'root@pam!full', at: at(0)})
    for (const odd of [null, 5, 'x', [null], [[]], [5], ['x'], {a: 1}])
      expect((await authors([changed(['config.cores'])], {log: odd, tasks: odd}))[0]!.user).to.equal(null)
  })
})
