import {expect} from 'chai'
import {keeping, Sight} from '../../../src/kit/apply/index.js'
import type {Reading} from '../../../src/kit/fetch/index.js'
import type {Reader} from '../../../src/kit/proxmox/index.js'
import {localKey} from '../../../src/kit/resources/index.js'
import type {ClusterState, Observed} from '../../../src/kit/resources/index.js'

describe('lists that tell of all objects', () => {
  const asked: string[] = []
  let fails = false
  const reader = {
    get: async (path: string) => {
      asked.push(path)
      if (fails) throw new Error('not today')
      return [path, asked.length]
    },
  } as unknown as Reader
  beforeEach(() => (asked.length = 0))

  const lists = ['/access/permissions', '/nodes', '/cluster/resources', '/nodes/pve1/qemu', '/nodes/pve1/lxc']
  const guest = '/nodes/pve1/qemu/100'

  it('are asked for once, and all else each time', async () => {
    const kept = keeping(reader, new Map([['/nodes', 'as it was answered before']]))
    expect(await kept.get('/nodes')).to.equal('as it was answered before')
    for (const path of ['/nodes/pve1/qemu', '/nodes/pve1/qemu', `${guest}/config`, `${guest}/config`])
      await kept.get(path)
    await kept.get('/access/permissions', {path: '/vms/1'})
    await kept.get('/access/permissions', {path: '/vms/1'})
    expect(asked).to.deep.equal([
      ...['/nodes/pve1/qemu', `${guest}/config`, `${guest}/config`],
      ...['/access/permissions', '/access/permissions'],
    ])
  })

  it('are asked for again where one failed', async () => {
    const kept = keeping(reader, new Map())
    fails = true
    expect(await kept.get('/cluster/resources').catch((error: Error) => error.message)).to.equal('not today')
    fails = false
    expect(await kept.get('/cluster/resources')).to.deep.equal(['/cluster/resources', 2])
  })

  const moved: Record<string, readonly string[]> = {
    [`${guest}/config`]: [],
    [`${guest}/resize`]: [],
    [`${guest}/firewall/rules`]: [],
    '/cluster/firewall/aliases/web': [],
    '/access/acl': ['/access/permissions'],
    [`${guest}/status/stop`]: ['/nodes/pve1/qemu', '/nodes/pve1/lxc'],
    '/storage/local': ['/cluster/resources'],
    '/pools': ['/access/permissions', '/cluster/resources'],
    [guest]: ['/cluster/resources', '/nodes/pve1/qemu', '/nodes/pve1/lxc'],
    '/nodes/pve1/qemu': ['/cluster/resources', '/nodes/pve1/qemu', '/nodes/pve1/lxc'],
    [`${guest}/clone`]: ['/cluster/resources', '/nodes/pve1/qemu', '/nodes/pve1/lxc'],
    [`${guest}/migrate`]: ['/cluster/resources', '/nodes/pve1/qemu', '/nodes/pve1/lxc'],
    [`${guest}/template`]: ['/cluster/resources', '/nodes/pve1/qemu', '/nodes/pve1/lxc'],
    '/cluster/ha/resources/vm:100': ['/cluster/resources', '/nodes/pve1/qemu', '/nodes/pve1/lxc'],
    '/cluster/sdn': ['/cluster/resources', '/nodes/pve1/qemu', '/nodes/pve1/lxc'],
  }
  for (const [path, expected] of Object.entries(moved)) {
    it(`of which ${path} changes ${expected.join(', ') || 'none'}`, async () => {
      const kept = keeping(reader, new Map(lists.map((list) => [list, 'kept'])))
      kept.forget(path)
      for (const list of lists) await kept.get(list)
      expect(asked).to.deep.equal(expected)
    })
  }

  it('are all asked for where nobody knows what became of them', async () => {
    const kept = keeping(reader, new Map(lists.map((list) => [list, 'kept'])))
    kept.forget()
    await kept.get('/nodes')
    expect(asked).to.deep.equal(['/nodes'])
  })
})

describe('a cluster as it was read last', () => {
  const vm = (id: number, cores: number): Observed => ({kind: 'vm', id, config: {cores}, facts: {}})
  const group = (id: string, comment: string): Observed => ({kind: 'group', id, config: {comment}, facts: {}})
  const [vm1, vm2] = [{cluster: 'home', kind: 'vm', id: 1} as const, {cluster: 'home', kind: 'vm', id: 2} as const]
  const recorded: ClusterState = {cluster: 'home', objects: [vm(1, 1), vm(2, 1), vm(3, 1)]}

  let reads: string[][]
  let now: Observed[]
  let sight: Sight
  let during: () => void
  beforeEach(() => {
    reads = []
    now = [vm(1, 10), vm(2, 20), vm(3, 30)]
    during = () => undefined
    sight = new Sight(
      recorded,
      {},
      {
        forget: () => undefined,
        async read(before, objects) {
          reads.push([...objects].sort())
          during()
          const read = now.filter((object) => objects.has(localKey(object)))
          const others = before.objects.filter((object) => !objects.has(localKey(object)))
          return {
            ...{state: {cluster: 'home', objects: [...others, ...read]}, digests: {}, stale: [], withheld: []},
            ...{ignoredObjects: new Set(), partial: []},
          } as unknown as Reading
        },
      },
    )
  })
  const cores = ({objects}: ClusterState) => objects.map(({config}) => config.cores)
  const keys = new Set(['vm/1', 'vm/2'])

  it('reads those at once that are looked at meanwhile', async () => {
    await Promise.all([sight.at(vm1), sight.at(vm2), sight.at(vm2)])
    expect(reads).to.deep.equal([['vm/1', 'vm/2']])
  })

  it('tells what was seen among what was recorded, and reads nothing again', async () => {
    await Promise.all([sight.at(vm1), sight.at(vm2), sight.at({...vm2, id: 3})])
    expect(cores((await sight.seenIn(recorded, keys)).state)).to.deep.equal([10, 20, 1])
    expect(reads).to.have.length(1)
  })

  it('reads what nobody has seen since something was sent for it', async () => {
    await sight.at(vm1)
    sight.sent(vm1, '/nodes/pve1/qemu/1/config')
    now[0] = vm(1, 11)
    expect(cores((await sight.seenIn(recorded, keys)).state)).to.deep.equal([11, 20, 1])
    expect(reads).to.deep.equal([['vm/1'], ['vm/1', 'vm/2']])
  })

  it('and what is doubted while it is read', async () => {
    during = () => sight.doubt([vm2])
    await sight.at(vm2)
    during = () => undefined
    await sight.seenIn(recorded, keys)
    expect(reads).to.deep.equal([['vm/2'], ['vm/1', 'vm/2']])
  })

  it('takes nothing for seen where what is no guest was changed, as that may change others along', async () => {
    now.push(group('web', 'x'))
    const ref = {cluster: 'home', kind: 'group', id: 'web'} as const
    await sight.at(vm1)
    sight.sent(ref, '/access/groups/web')
    await sight.at(ref)
    await sight.seenIn(recorded, new Set(['vm/1', 'group/web']))
    expect(reads).to.deep.equal([['vm/1'], ['group/web'], ['vm/1']])
  })

  it('leaves out what is there no more', async () => {
    now = [vm(2, 20)]
    expect(cores((await sight.seenIn(recorded, keys)).state)).to.deep.equal([20, 1])
  })
})
