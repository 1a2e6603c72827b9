import {expect} from 'chai'
import {formatRef} from '../../../src/kit/resources/index.js'
import type {KindName} from '../../../src/kit/resources/model.js'
import {joinedWords, lookUp, resolveObject} from '../../../src/kit/workspace/index.js'
import {failure} from '../../support/states.js'

const known = (
  [
    ['home', 'node', 'pve1'],
    ['home', 'vm', 100, 'web01'],
    ['home', 'vm', 101, 'db', 'database'],
    ['home', 'vm', 102, '103'],
    ['home', 'vm', 103, 'mail'],
    ['home', 'vm', 104, '999'],
    ['home', 'vm', 105, 'pve1'],
    ['home', 'vm', 106, 'twin'],
    ['home', 'container', 200, 'twin'],
    ['home', 'container', 201, 'local'],
    ['home', 'container', 202, '$(reboot)'],
    ['home', 'container', 203, 'vm'],
    ['home', 'storage', 'local'],
    ['home', 'storage', 'nas'],
    ['home', 'pool', '101'],
    ['home', 'pool', 'web'],
    ['home', 'pool', 'web/front'],
    ['lab', 'vm', 100, 'web02'],
    ['lab', 'vm', 300, 'shared'],
    ['home', 'vm', 300, 'shared'],
    ['home', 'vm', 400, 'gone'],
    ['home', 'container', 400, 'instead'],
    // Kinds of which all but the first are called like something above, or like one another.
    ['home', 'acl', 'acl'],
    ['lab', 'options', 'options'],
    ['home', 'ha-resource', 100],
    ['home', 'network', 'pve1'],
    ['home', 'realm', 'nas'],
    ['home', 'firewall', 'cluster'],
    ['home', 'firewall', 'guest/100'],
    ['home', 'firewall', 'node/pve1'],
    ['home', 'user', 'ann@pve'],
    ['home', 'sdn-vnet', 'v1'],
    ['home', 'group', 'ops'],
    ['home', 'role', 'ops'],
  ] as [string, KindName, string | number, ...string[]][]
).map(([cluster, kind, id, ...names]) => ({ref: {cluster, kind, id}, names}))
const naming = {known, clusters: ['home', 'lab'], command: 'pmpc describe', found: 'was seen at the last sync'}
const resolve = (word: string, clusters = naming.clusters) =>
  resolveObject(word, {...naming, clusters, known: known.filter(({ref}) => clusters.includes(ref.cluster))}).map(
    formatRef,
  )

describe('workspace: what words name', () => {
  const found: Record<string, string[]> = {
    web01: ['home/vm/100'],
    'vm/web01': ['home/vm/100'],
    'home/web01': ['home/vm/100'],
    'home/vm/web01': ['home/vm/100'],
    'guests/web01': ['home/vm/100'],
    'home/vm/100': ['home/vm/100'],
    'home/100': ['home/vm/100'],
    db: ['home/vm/101'],
    database: ['home/vm/101'],
    'vm/101': ['home/vm/101'],
    'pool/101': ['home/pool/101'],
    'vm/103': ['home/vm/103'],
    nas: ['home/storage/nas'],
    'storage/local': ['home/storage/local'],
    'container/local': ['home/container/201'],
    'web/front': ['home/pool/web/front'],
    'pool/web/front': ['home/pool/web/front'],
    'container/vm': ['home/container/203'],
    vm: ['home/container/203'],
    acl: ['home/acl/acl'],
    acls: ['home/acl/acl'],
    'home/acl': ['home/acl/acl'],
    'acl/acl': ['home/acl/acl'],
    options: ['lab/options/options'],
    'ha-resource/100': ['home/ha-resource/100'],
    'network/pve1': ['home/network/pve1'],
    'realm/nas': ['home/realm/nas'],
    'firewall/cluster': ['home/firewall/cluster'],
    'firewall/guest/100': ['home/firewall/guest/100'],
    'home/firewall/node/pve1': ['home/firewall/node/pve1'],
    'firewalls/node/pve1': ['home/firewall/node/pve1'],
    'ann@pve': ['home/user/ann@pve'],
    'role/ops': ['home/role/ops'],
    'lab/shared': ['lab/vm/300'],
    '400': ['home/vm/400', 'home/container/400'],
  }
  for (const [word, refs] of Object.entries(found))
    it(`${word} is ${refs.join(' and ')}`, () => expect(resolve(word)).to.deep.equal(refs))

  it('--cluster narrows what is meant', () => {
    expect(resolve('vm/100', ['lab'])).to.deep.equal(['lab/vm/100'])
    expect(resolve('shared', ['home'])).to.deep.equal(['home/vm/300'])
  })

  const refused: Record<string, string[]> = {
    'two guests of one name': ['twin', 'home/vm/106', 'home/container/200'],
    'a name in two clusters': ['shared', 'home/vm/300', 'lab/vm/300'],
    'a VMID in two clusters': ['vm/100', 'home/vm/100', 'lab/vm/100'],
    'a name that is a node too': ['pve1', 'home/node/pve1', 'home/vm/105'],
    'a name that is a storage too': ['local', 'home/container/201', 'home/storage/local'],
    'a number that is a name too': ['103', 'home/vm/102', 'home/vm/103'],
    'a number that is a pool too': ['101', 'home/vm/101', 'home/pool/101'],
  }
  for (const [what, [word, ...objects]] of Object.entries(refused)) {
    it(`${what} is refused, and each may be typed`, async () => {
      const error = await failure(async () => resolve(word!))
      expect(error.code).to.equal('PMPC_AMBIGUOUS')
      expect(error.suggestions).to.deep.equal(objects.map((object) => `pmpc describe ${object}`))
      expect(error.data?.objects).to.deep.equal(objects)
      for (const object of objects) expect(resolve(object)).to.deep.equal([object])
    })
  }

  it('every object can be named in one way', () => {
    for (const {ref} of known) expect(resolve(formatRef(ref))).to.deep.equal([formatRef(ref)])
  })

  const slips: Record<string, [code: string, meant?: string]> = {
    wbe01: ['PMPC_NOT_FOUND', 'web01'],
    WEB01: ['PMPC_NOT_FOUND', 'web01'],
    'vm/wbe01': ['PMPC_NOT_FOUND', 'vm/web01'],
    'vm/200': ['PMPC_NOT_FOUND', 'home/container/200'],
    'lab/web01': ['PMPC_NOT_FOUND', 'home/vm/100'],
    'stroage/nas': ['PMPC_BAD_OBJECT', 'storage/nas'],
    'hmoe/vm/100': ['PMPC_BAD_OBJECT', 'home/vm/100'],
    '999': ['PMPC_NOT_FOUND', 'home/vm/104'],
    '1001': ['PMPC_NOT_FOUND'],
    'vm/1001': ['PMPC_NOT_FOUND'],
    nonsense: ['PMPC_NOT_FOUND'],
    'a b:c': ['PMPC_BAD_OBJECT'],
    'disk/1': ['PMPC_BAD_OBJECT'],
    '$(rebooot)': ['PMPC_NOT_FOUND', '$(reboot)'],
  }
  for (const [word, [code, meant]] of Object.entries(slips)) {
    it(`${word} is ${meant === undefined ? 'nothing known' : `a slip of the pen for ${meant}`}`, async () => {
      const error = await failure(async () => resolve(word))
      expect([error.code, error.data?.nearest]).to.deep.equal([code, meant ?? null])
      if (meant !== undefined) expect(error.message).to.contain(`Did you mean ${meant}?`)
    })
  }

  it('who mistypes what is to be destroyed is told to look at the other one first', async () => {
    const doomed = {...naming, command: 'pmpc destroy', looks: 'pmpc describe'}
    const {suggestions} = await failure(async () => resolveObject('wbe01', doomed))
    expect(suggestions![0]).to.equal('pmpc describe web01')
    expect(suggestions!.join('\n')).not.to.include('destroy')
  })

  it('a cluster alone is no object, and one that --cluster left out is contradicted', async () => {
    const naming = {known: [], clusters: ['lab'], all: ['home', 'lab'], command: 'pmpc accept', found: 'is there'}
    const told = async (word: string) => {
      const {code, message, suggestions} = await failure(async () => resolveObject(word, naming))
      return [code, message, ...suggestions]
    }
    expect(await told('home/vm/100')).to.deep.equal([
      'PMPC_BAD_OBJECT',
      '"home/vm/100" contradicts --cluster lab.',
      'pmpc accept home/vm/100',
    ])
    expect(await told('lab')).to.deep.equal([
      'PMPC_BAD_OBJECT',
      '"lab" is a cluster, and no object.',
      'pmpc accept --cluster lab',
    ])
  })

  it('a kind alone is no object where there may be several, and some of them are named', async () => {
    const users = ['ann@pve', 'bob@pve', 'cas@pve', 'dan@pve']
    const naming = {
      known: users.map((id) => ({ref: {cluster: 'home', kind: 'user' as const, id}, names: []})),
      clusters: ['home'],
      command: 'pmpc accept',
      found: 'is in a cluster or a manifest',
    }
    const told = async (word: string) => {
      const {code, message, suggestions} = await failure(async () => resolveObject(word, naming))
      return [code, message, ...suggestions]
    }
    for (const word of ['user', 'users', 'home/user'])
      expect(await told(word)).to.deep.equal([
        'PMPC_BAD_OBJECT',
        `"${word}" is a kind of objects; name one of them.`,
        'pmpc accept home/user/ann@pve',
        'pmpc accept home/user/bob@pve',
        'pmpc accept home/user/cas@pve',
        'pmpc get users',
      ])
    expect(await told('firewall')).to.deep.equal([
      'PMPC_BAD_OBJECT',
      '"firewall" is a kind of objects, and none is in a cluster or a manifest.',
      'pmpc get firewalls',
    ])
    expect((await told('vms')).at(-1)).to.equal('pmpc get vms')
  })

  it('the list that is suggested is that of the kind which was meant', async () => {
    const known = [{ref: {cluster: 'home', kind: 'storage' as const, id: 'local'}, names: []}]
    const naming = {known, clusters: ['home'], command: 'pmpc describe', found: 'is there'}
    const {suggestions} = await failure(async () => resolveObject('lcoal', naming))
    expect(suggestions.slice(0, 2)).to.deep.equal(['pmpc describe local', 'pmpc get storages'])
  })

  it('what is suggested runs nothing else', async () => {
    const error = await failure(async () => resolve('$(rebooot)'))
    expect(error.suggestions[0]).to.equal("pmpc describe '$(reboot)'")
  })

  it('ten thousand guests of one name are not all spelled out', async () => {
    const many = Array.from({length: 10_000}, (_, at) => ({
      ref: {cluster: 'home', kind: 'vm' as const, id: 1000 + at},
      names: ['x'],
    }))
    const error = await failure(async () => resolveObject('x', {...naming, known: many}))
    expect(error.message).to.contain('or one of 9990 more').and.to.have.length.below(400)
    expect(error.suggestions).to.have.length(10)
  })

  it('finds all that a list may mean', () => {
    expect(lookUp('twin', naming).map(formatRef)).to.deep.equal(['home/vm/106', 'home/container/200'])
  })

  it('joins a kind with what follows, unless it stands for itself', () => {
    expect(joinedWords(['vm', '100', 'web01', 'storage', 'local'])).to.deep.equal(['vm/100', 'web01', 'storage/local'])
    expect(joinedWords(['vm', 'container'], (word) => word === 'vm')).to.deep.equal(['vm', 'container'])
    expect(joinedWords(['vm'])).to.deep.equal(['vm'])
  })
})
