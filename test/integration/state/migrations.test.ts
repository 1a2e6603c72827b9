import {expect} from 'chai'
import fc from 'fast-check'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import type {ClusterState} from '../../../src/kit/resources/model.js'
import {
  migrateState,
  readState,
  schemaVersion,
  stateToText,
  verifyState,
  writeState,
} from '../../../src/kit/state/index.js'
import {migrations, schemaVersions} from '../../../src/kit/state/schema.js'
import {rows, withDatabase} from '../../../src/kit/state/sqlite.js'
import {clusterState} from '../../unit/state/arbitrary.js'

const fixtures = fileURLToPath(new URL('fixtures', import.meta.url))
const old = readFileSync(join(fixtures, 'v1.db'))
const content = JSON.parse(readFileSync(join(fixtures, 'v1.json'), 'utf8')) as ClusterState

const shared: ClusterState['objects'] = [
  {
    kind: 'acl',
    id: 'acl',
    config: {'/': {'@admins': ['Administrator']}, '/vms/100': {'a@pve!t': ['PVEAuditor:propagate=0', 'PVEVMUser']}},
    facts: {},
  },
  {kind: 'ha-resource', id: 100, config: {group: 'g'}, facts: {state: 'started'}},
  {
    kind: 'firewall',
    id: 'guest/100',
    config: {
      options: {enable: 1},
      rules: [
        {type: 'in', action: 'ACCEPT', proto: 'tcp', dport: '22', enable: 1},
        {type: 'group', action: 'web'},
      ],
      ipsets: {blk: {members: {'192.0.2.0/24': {comment: 'x'}}}},
    },
    facts: {},
  },
  {kind: 'sdn-zone', id: 'z1', config: {type: 'simple', mtu: 1450}, running: {mtu: null}, facts: {}, extra: {odd: [1]}},
]

describe('state: migrations', () => {
  it('are numbered without a gap', () => {
    expect(schemaVersions.map(({version}) => version)).to.deep.equal([...Array(schemaVersion).keys()].map((i) => i + 1))
    expect(migrations.map(({to}) => to)).to.deep.equal(schemaVersions.slice(1).map(({version}) => version))
  })

  it('let a file of the first version be read as it is', async () => {
    const byIdentity = (state: ClusterState) => state.objects.map((object) => [`${object.kind}/${object.id}`, object])
    expect(Object.fromEntries(byIdentity(await readState(old)))).to.deep.equal(Object.fromEntries(byIdentity(content)))
    expect(await stateToText(old)).to.include('\nvm/100 on pve1 running\n')
  })

  it('forwards write what a fresh file would be', async () => {
    const {bytes, ...report} = await migrateState(old)
    expect(report).to.deep.equal({from: 1, to: 4, lost: []})
    expect(Buffer.compare(bytes, await writeState(content))).to.equal(0)
  })

  it('back write the old file again, byte for byte', async () => {
    const {bytes} = await migrateState(await writeState(content), 1)
    expect(Buffer.compare(bytes, old)).to.equal(0)
  })

  it('from version 3 keep all of it, and back again, byte for byte', async () => {
    const v3 = readFileSync(join(fixtures, 'v3.db'))
    const of3 = JSON.parse(readFileSync(join(fixtures, 'v3.json'), 'utf8')) as ClusterState
    expect(await readState(v3)).to.deep.equal(of3)
    const {bytes, ...report} = await migrateState(v3)
    expect(report).to.deep.equal({from: 3, to: 4, lost: []})
    expect(Buffer.compare(bytes, await writeState(of3))).to.equal(0)
    const back = await migrateState(bytes, 3)
    expect(back.lost).to.deep.equal([])
    expect(Buffer.compare(back.bytes, v3)).to.equal(0)
  })

  it('back to version 3 say how many objects have no table there', async () => {
    const {objects} = JSON.parse(readFileSync(join(fixtures, 'v3.json'), 'utf8')) as ClusterState
    const {bytes, lost} = await migrateState(await writeState({cluster: 'home', objects: [...objects, ...shared]}), 3)
    expect(lost.map(({count}) => count)).to.deep.equal([4])
    expect(lost[0]!.what).to.contain('objects of kinds')
    expect((await readState(bytes)).objects).to.deep.equal(objects)
  })

  it('back say what the old version cannot keep, and lose nothing else', async () => {
    const facts = {node: 'pve1', pool: 'web', status: 'running'}
    const state: ClusterState = {
      cluster: 'home',
      objects: [
        {kind: 'node', id: 'pve1', config: {}, facts: {status: 'online', maxcpu: 8, version: '9.2.3'}},
        {
          kind: 'vm',
          id: 100,
          config: {name: 'web', memory: 512},
          facts: {...facts, uptime: 'odd'},
          running: {memory: 256},
          snapshots: [{name: 'a', vmstate: 1, snaptime: 5}],
          extra: {odd: [1]},
        },
      ],
    }
    const {bytes, lost} = await migrateState(await writeState(state), 1)
    expect(lost.map(({count}) => count)).to.deep.equal([2, 1, 1, 1])
    expect((await readState(bytes)).objects).to.deep.equal([
      {kind: 'node', id: 'pve1', config: {}, facts: {status: 'online'}},
      {kind: 'vm', id: 100, config: {name: 'web', memory: 512}, facts, snapshots: [{name: 'a', snaptime: 5}]},
    ])
  })

  it('back and forth end where they began, for any state: what is lost is lost once', async function () {
    this.timeout(120_000)
    await fc.assert(
      fc.asyncProperty(clusterState, async (state) => {
        const one = await migrateState(await writeState(state), 1)
        const two = await migrateState(one.bytes)
        const again = await migrateState(two.bytes, 1)
        expect(Buffer.compare(again.bytes, one.bytes)).to.equal(0)
        expect(again.lost).to.deep.equal([])
        expect((await verifyState(two.bytes)).problems).to.deep.equal([])
      }),
      {numRuns: 40},
    )
  })

  it('to a version that there is not are refused', async () => {
    const code = await migrateState(old, 7).catch((error: {code: string}) => error.code)
    expect(code).to.equal('PMPC_STATE_VERSION')
  })
})

describe('state: verification', () => {
  it('finds nothing in what pmpc wrote', async () => {
    const {problems, version, objects, cluster} = await verifyState(await writeState(content))
    expect({problems, version, objects, cluster}).to.deep.equal({problems: [], version: 4, objects: 7, cluster: 'home'})
  })

  it('names an old version', async () => {
    expect((await verifyState(old)).problems).to.deep.equal(['its schema is version 1; the current one is 4'])
  })

  it('finds bytes that pmpc would not have written', async () => {
    const bytes = await writeState(content)
    bytes[27] = 9
    bytes[95] = 9
    expect((await verifyState(bytes)).problems).to.deep.equal([
      'its bytes are not the ones that pmpc writes for this content',
    ])
  })

  it('finds damaged pages and broken references', async () => {
    const bytes = await writeState(content)
    bytes.fill(0xff, 4096, 4200)
    expect((await verifyState(bytes)).problems).not.to.deep.equal([])
    const broken = await withDatabase(await writeState(content), (db) => {
      db.run("PRAGMA foreign_keys = OFF; DELETE FROM nodes WHERE node = 'pve1'")
      return db.export()
    })
    expect((await verifyState(broken)).problems).to.deep.equal(['a row of guests refers to none of nodes'])
  })
})

describe('state: views', () => {
  const ask = async (sql: string) => withDatabase(await writeState(content), (db) => [...rows(db, sql)])

  it('spread the configuration key by key, sub-key by sub-key', async () => {
    expect(await ask("SELECT value FROM guest_config WHERE vmid = 100 AND key = 'memory'")).to.deep.equal([[8192]])
    expect(
      await ask("SELECT value FROM guest_property WHERE vmid = 100 AND key = 'net0' AND subkey = 'tag'"),
    ).to.deep.equal([[42]])
    expect(await ask("SELECT subkey, value FROM guest_property WHERE vmid = 100 AND key = 'cores'")).to.deep.equal([
      ['', 4],
    ])
  })

  it('list disks, NICs and tags of both kinds of guest', async () => {
    expect(await ask('SELECT vmid, key, volume, size FROM disks ORDER BY vmid')).to.deep.equal([
      [100, 'scsi0', 'local-zfs:vm-100-disk-0', '32G'],
      [101, 'rootfs', 'local-zfs:subvol-101-disk-0', '8G'],
    ])
    expect(await ask('SELECT vmid, model, macaddr, bridge, tag FROM nics ORDER BY vmid')).to.deep.equal([
      [100, 'virtio', 'BC:24:11:5A:01:02', 'vmbr0', 42],
      [101, 'veth', 'BC:24:11:5A:01:03', 'vmbr0', null],
    ])
    expect(await ask('SELECT tag FROM guest_tags WHERE vmid = 100')).to.deep.equal([['prod'], ['web']])
    expect(await ask('SELECT name FROM guests ORDER BY vmid')).to.deep.equal([['web01'], ['dns'], ['orphan']])
  })

  it('spread the objects of kinds that share a table: their keys, entries, rights and rules', async () => {
    const bytes = await writeState({cluster: 'home', objects: shared})
    const of = async (sql: string) => withDatabase(bytes, (db) => [...rows(db, sql)])
    expect(await of("SELECT key, value FROM object_config WHERE kind = 'sdn-zone' AND id = 'z1'")).to.deep.equal([
      ['mtu', 1450],
      ['type', 'simple'],
    ])
    expect(await of('SELECT value FROM object_config WHERE id = 100')).to.deep.equal([['g']])
    expect(
      await of("SELECT entry, value FROM object_entries WHERE kind = 'firewall' AND key = 'ipsets'"),
    ).to.deep.equal([['blk', '{"members":{"192.0.2.0/24":{"comment":"x"}}}']])
    expect(await of('SELECT path, who, role, propagate FROM acl')).to.deep.equal([
      ['/', '@admins', 'Administrator', 1],
      ['/vms/100', 'a@pve!t', 'PVEAuditor', 0],
      ['/vms/100', 'a@pve!t', 'PVEVMUser', 1],
    ])
    expect(await of('SELECT object, pos, action, enable, dport, rule FROM firewall_rules')).to.deep.equal([
      ['guest/100', 0, 'ACCEPT', 1, '22', '{"action":"ACCEPT","dport":"22","enable":1,"proto":"tcp","type":"in"}'],
      ['guest/100', 1, 'web', 0, null, '{"action":"web","type":"group"}'],
    ])
  })
})
