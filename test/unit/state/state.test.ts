import {expect} from 'chai'
import fc from 'fast-check'
import {kinds} from '../../../src/kit/resources/kinds/index.js'
import type {ClusterState, Observed, ValueMap} from '../../../src/kit/resources/model.js'
import {
  canonicalJson,
  canonicalState,
  readObject,
  readState,
  stateDigest,
  stateToText,
  writeState,
} from '../../../src/kit/state/index.js'
import {withDatabase} from '../../../src/kit/state/sqlite.js'
import {anyText, clusterState} from './arbitrary.js'

const vm = (id: number, more: Partial<Observed> = {}): Observed => ({kind: 'vm', id, config: {}, facts: {}, ...more})
const home = (...objects: Observed[]): ClusterState => ({cluster: 'home', objects})

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (error: {code?: string}) => String(error.code),
  )
}

describe('state: canonical JSON', () => {
  it('has one spelling for one meaning', () => {
    expect(canonicalJson({b: [1, 'ä'], a: {d: undefined, c: null}})).to.equal('{"a":{"c":null},"b":[1,"ä"]}')
  })

  it('is JSON of the same meaning, for any value', () => {
    fc.assert(
      fc.property(fc.dictionary(anyText, fc.oneof(anyText, fc.integer())), (object) => {
        expect(JSON.parse(canonicalJson(object))).to.deep.equal({...object})
      }),
    )
  })
})

describe('state: SQLite files', () => {
  it('keep any state that the model can express', async () => {
    await fc.assert(
      fc.asyncProperty(clusterState, async (state) => {
        expect(await readState(await writeState(state))).to.deep.equal(canonicalState(state))
      }),
      {numRuns: 150},
    )
  })

  it('are read where rows of all sizes left pages free while they were written', async () => {
    const jobs = Array.from({length: 60}, (_none, n): Observed => {
      const comment = 'x'.repeat((n * 111) % 900)
      return {kind: 'backup-job', id: `j${String(n).padStart(3, '0')}`, config: {comment}, facts: {}}
    })
    const bytes = await writeState(home(...jobs))
    expect(await readState(bytes)).to.deep.equal(canonicalState(home(...jobs)))
    expect(Buffer.from(await writeState(home(...[...jobs].reverse()))).equals(bytes)).to.equal(true)
    // Offset of the number of free pages: https://sqlite.org/fileformat2.html.
    expect(Buffer.from(bytes).readUInt32BE(36)).to.equal(0)
  })

  it('give any single object', async () => {
    await fc.assert(
      fc.asyncProperty(clusterState, async (state) => {
        const bytes = await writeState(state)
        for (const object of canonicalState(state).objects)
          expect(await readObject(bytes, object)).to.deep.equal(object)
        expect(await readObject(bytes, {kind: 'vm', id: 1_000_000_000})).to.equal(undefined)
      }),
      {numRuns: 30},
    )
  })

  it('give a guest of the other kind for its VMID, and no placeholder for a node', async () => {
    const bytes = await writeState(home({...vm(100, {facts: {node: 'gone'}}), kind: 'container'}))
    expect((await readObject(bytes, {kind: 'vm', id: 100}))?.kind).to.equal('container')
    expect(await readObject(bytes, {kind: 'node', id: 'gone'})).to.equal(undefined)
  })

  it('keep the objects of every kind, an id that is a number as a number and one that looks like it as a text', async () => {
    const ids = {vmid: 100, name: '100'} as const
    for (const {name: kind, id: sort} of kinds) {
      const object: Observed = {kind, id: sort === 'single' ? kind : ids[sort], config: {a: {b: [{c: 1}]}}, facts: {}}
      const bytes = await writeState(home(object))
      expect((await readState(bytes)).objects, kind).to.deep.equal([object])
      expect(await readObject(bytes, object), kind).to.deep.equal(object)
    }
  })

  it('of a pmpc that knows more kinds are refused, and not read without them', async () => {
    const state = home({kind: 'firewall', id: 'cluster', config: {}, facts: {}})
    const bytes = await withDatabase(await writeState(state), (db) => {
      db.run("UPDATE objects SET kind = 'fire\ndoor'")
      return db.export()
    })
    const error = await readState(bytes).catch((thrown: Error & {code?: string}) => thrown)
    expect(error).to.include({code: 'PMPC_STATE_NEWER'})
    expect((error as Error).message).to.contain('a kind "fire\\ndoor", which this one does not know')
    expect(await readObject(bytes, {kind: 'firewall', id: 'cluster'})).to.equal(undefined)
  })

  it('have the same bytes for the same content, in whatever order it came', async () => {
    await fc.assert(
      fc.asyncProperty(clusterState, fc.infiniteStream(fc.nat()), async (state, random) => {
        const bytes = await writeState(state)
        const shuffled = shuffle(state, random)
        expect(Buffer.compare(await writeState(shuffled), bytes)).to.equal(0)
        expect(stateDigest(shuffled)).to.equal(stateDigest(state))
      }),
      {numRuns: 60},
    )
  })

  it('have other bytes and another digest for other content', async () => {
    const [one, two] = [home(vm(100, {config: {memory: 512}})), home(vm(100, {config: {memory: '512'}}))]
    expect(Buffer.compare(await writeState(one), await writeState(two))).not.to.equal(0)
    expect(stateDigest(one)).not.to.equal(stateDigest(two))
  })

  it('say in their header what they are and nothing of who wrote them', async () => {
    const header = Buffer.from(await writeState(home(vm(100)))).subarray(0, 100)
    expect(header.toString('latin1', 0, 15)).to.equal('SQLite format 3')
    expect([24, 60, 92, 96].map((offset) => header.readUInt32BE(offset))).to.deep.equal([1, 4, 1, 3_054_000])
    expect(header.toString('latin1', 68, 72)).to.equal('pmpc')
  })

  it('keep a guest on a node and in a pool that the cluster did not report, and make no objects of them', async () => {
    const state = home(vm(100, {facts: {node: 'gone', pool: 'secret'}}))
    expect((await readState(await writeState(state))).objects.map(({kind}) => kind)).to.deep.equal(['vm'])
  })

  it('refuse only impossible identities', async () => {
    const impossible = [
      home(vm(100), vm(100)),
      home(vm(100), {kind: 'container', id: 100, config: {}, facts: {}}),
      home({...vm(0)}),
      home({...vm(1), id: 'abc'}),
      home({kind: 'node', id: '', config: {}, facts: {}}),
      home(vm(100, {snapshots: [{name: 'a'}, {name: 'a'}]})),
    ]
    for (const state of impossible) expect(await codeOf(writeState(state))).to.equal('PMPC_STATE_IDENTITY')
  })

  it('that are none, or damaged, are told apart from newer ones', async () => {
    const bytes = await writeState(home(vm(100, {config: {description: 'x'.repeat(9000)}})))
    const newer = bytes.slice()
    newer[63] = 99
    expect(await codeOf(readState(newer))).to.equal('PMPC_STATE_NEWER')
    const damaged = bytes.slice()
    damaged.fill(0xff, 4096, 4200)
    const others = [
      new Uint8Array(),
      bytes.slice(0, 50),
      bytes.slice(0, 5000),
      damaged,
      Buffer.from('<<<<<<< ours\n'.repeat(20)),
      Buffer.from('version https://git-lfs.github.com/spec/v1\n'.padEnd(200)),
    ]
    for (const other of others) expect(await codeOf(readState(other))).to.equal('PMPC_STATE_CORRUPT')
  })
})

describe('state: text form', () => {
  const state = home(
    {kind: 'node', id: 'pve1', config: {}, facts: {status: 'online', version: '9.2.3'}},
    vm(100, {
      config: {
        name: 'web01',
        description: 'Front end.\nTwo lines ',
        net0: {model: 'virtio', tag: 42},
        tags: ['prod', 'web'],
      },
      facts: {node: 'pve1', status: 'running', pool: 'web'},
      running: {memory: 512, balloon: null},
      snapshots: [{name: 'before', snaptime: 1700000000}, {name: 'bare'}],
      extra: {odd: {deep: [1, {a: 'b'}]}},
    }),
  )

  it('is an object a block and a value a line', async () => {
    expect(await stateToText(await writeState(state))).to.equal(`cluster home

node/pve1 online
  version: 9.2.3

vm/100 on pve1 running
  config.description: "Front end.\\nTwo lines "
  config.name: web01
  config.net0.model: virtio
  config.net0.tag: 42
  config.tags: [prod, web]
  extra.odd: {"deep":[1,{"a":"b"}]}
  pool: web
  running.balloon: null
  running.memory: 512
  snapshots.bare: {}
  snapshots.before.snaptime: 1700000000
`)
  })

  it('has a line a rule, and a line each for what lies deeper', async () => {
    const rules: ValueMap[] = [
      {type: 'in', action: 'ACCEPT', dport: '22', comment: 'from outside'},
      {type: 'group', action: 'web'},
    ]
    const ipsets = {blk: {members: {'192.0.2.0/24': {nomatch: 1}, '192.0.2.9': {}}}}
    const firewall = home({kind: 'firewall', id: 'cluster', config: {rules, ipsets}, facts: {}})
    expect(await stateToText(await writeState(firewall))).to.equal(`cluster home

firewall/cluster
  config.ipsets.blk.members["192.0.2.0/24"].nomatch: 1
  config.ipsets.blk.members["192.0.2.9"]: {}
  config.rules:
    in ACCEPT dport=22 comment="from outside"
    group web
`)
  })

  it('differs whenever the content does, and holds one line a field', async () => {
    await fc.assert(
      fc.asyncProperty(clusterState, clusterState, async (one, two) => {
        const [first, second] = await Promise.all([one, two].map(async (each) => stateToText(await writeState(each))))
        expect(first === second).to.equal(stateDigest(one) === stateDigest(two))
        expect(first).not.to.match(/[\0\r\u2028\u2029]/)
      }),
      {numRuns: 60},
    )
  })
})

function shuffle(state: ClusterState, random: Iterator<number>): ClusterState {
  const mix = <T>(items: T[]): T[] =>
    items
      .map((item) => ({item, at: random.next().value as number}))
      .sort((a, b) => a.at - b.at)
      .map(({item}) => item)
  const keys = <T extends object>(object: T): T => Object.fromEntries(mix(Object.entries(object))) as T
  const objects = mix(state.objects).map((object) => ({
    ...keys(object),
    config: keys(object.config),
    facts: keys(object.facts),
    ...(object.snapshots && {snapshots: mix(object.snapshots).map(keys)}),
  }))
  return {...state, objects}
}
