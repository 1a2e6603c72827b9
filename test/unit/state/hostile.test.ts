import {expect} from 'chai'
import {isPmpcError} from '../../../src/kit/errors/index.js'
import type {ClusterState, Observed} from '../../../src/kit/resources/model.js'
import {
  migrateState,
  readObject,
  readState,
  stateToText,
  verifyState,
  writeState,
} from '../../../src/kit/state/index.js'
import {layoutOf, pageSize} from '../../../src/kit/state/layout.js'
import {schemaVersions} from '../../../src/kit/state/schema.js'
import {loadSqlite, type Database} from '../../../src/kit/state/sqlite.js'

const vm = (id: number, config: Observed['config'] = {}): Observed => ({kind: 'vm', id, config, facts: {node: 'pve1'}})
const small: ClusterState = {cluster: 'home', objects: [vm(100, {name: 'web', memory: 512}), vm(101)]}

/** A state file that somebody changed with SQLite. */
async function changed(work: string | ((db: Database) => void), state = small): Promise<Uint8Array> {
  const sqlite = await loadSqlite()
  const db = new sqlite.Database(new Uint8Array(await writeState(state)))
  try {
    if (typeof work === 'string') db.run(work)
    else work(db)
    return db.export()
  } finally {
    db.close()
  }
}

/** A state file in which somebody changed bytes. */
async function patched(work: (file: Buffer) => void, state = small): Promise<Uint8Array> {
  const file = Buffer.from(await writeState(state))
  work(file)
  return file
}

async function thrownBy(work: Promise<unknown>): Promise<(Error & {code?: string}) | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => error as Error,
  )
}

const readers: Record<string, (bytes: Uint8Array) => Promise<unknown>> = {
  readState,
  readObject: async (bytes) => readObject(bytes, {kind: 'vm', id: 100}),
  stateToText,
  migrateState: async (bytes) => migrateState(bytes, 1),
}

/** Milliseconds in which each reader has told what is wrong; what is run by SQLite would not end. */
const PATIENCE = 5000

async function expectRefused(bytes: Uint8Array, why: RegExp, only = Object.keys(readers)): Promise<void> {
  for (const name of only) {
    const begun = Date.now()
    const error = await thrownBy(readers[name]!(bytes))
    expect(isPmpcError(error), `${name} refuses, with an error of ours: ${String(error)}`).to.equal(true)
    expect(error!.code, name).to.equal('PMPC_STATE_CORRUPT')
    expect(error!.message, name).to.match(why)
    expect(Date.now() - begun, name).to.be.below(PATIENCE)
  }
  const {problems} = await verifyState(bytes)
  expect(problems.join('\n'), 'verifyState').to.match(why)
}

const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n'

describe('a hostile state file', () => {
  const schemas: [string, string, RegExp][] = [
    [
      'a view in the place of a table',
      `ALTER TABLE guests RENAME TO g; CREATE VIEW guests AS
       SELECT (${endless}) AS vmid, kind, node, pool, status, config, running, facts, extra FROM g`,
      /has a (table "g"|view "guests") that pmpc does not make/,
    ],
    [
      'a view that never ends in the place of one of ours',
      `DROP VIEW nics; CREATE VIEW nics AS ${endless}`,
      /its schema is not the one of version \d: view (nics|guest_tags) differs/,
    ],
    ['a view more', `CREATE VIEW more AS ${endless}`, /has a view "more"/],
    ['a trigger', `CREATE TRIGGER t AFTER INSERT ON nodes BEGIN DELETE FROM guests; END`, /has a trigger "t"/],
    ['a table more', 'CREATE TABLE more (x)', /has a table "more"/],
    ['an index', 'CREATE INDEX i ON guests (node)', /has an index "i"/],
    ['figures of ANALYZE', 'ANALYZE', /has a table "sqlite_stat1"/],
    ['a virtual table', 'CREATE VIRTUAL TABLE f USING fts3(x)', /has a table "f\w*"/],
    [
      'a generated column that never ends',
      `DROP VIEW guest_config; DROP VIEW guest_property; DROP VIEW disks; DROP VIEW nics; DROP VIEW guest_tags;
       ALTER TABLE nodes ADD COLUMN x AS (length(zeroblob(1000000000)))`,
      /its schema is not the one of version \d: table nodes differs/,
    ],
    [
      'a constraint that never ends',
      `PRAGMA writable_schema = ON;
       UPDATE sqlite_schema SET sql = replace(sql, 'json_valid(running)', 'length(zeroblob(1000000000))') WHERE name = 'guests'`,
      /its schema is not the one of version \d: table guests differs/,
    ],
    [
      'a schema that is no SQL',
      `PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'odd' WHERE name = 'guests'`,
      /table guests differs/,
    ],
    [
      'a table in the pages of another',
      `PRAGMA writable_schema = ON;
       UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'guests') WHERE name = 'pools'`,
      /it refers twice to page/,
    ],
    [
      'a table in the schema itself',
      `PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 1 WHERE name = 'pools'`,
      /it refers twice to page 1/,
    ],
    [
      'a table outside of the file',
      `PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 4000 WHERE name = 'pools'`,
      /a page 4000 that it does not have/,
    ],
  ]
  for (const [what, sql, why] of schemas)
    it(`is refused for ${what}, before anything of it is run`, async () => expectRefused(await changed(sql), why))

  it('is refused for another layout than ours', async () => {
    await expectRefused(await changed('PRAGMA page_size = 512; VACUUM'), /its page size is another/)
    await expectRefused(await changed('PRAGMA page_size = 65536; VACUUM'), /its page size is another/)
    await expectRefused(await changed('PRAGMA auto_vacuum = 1; VACUUM'), /its automatic vacuum is another/)
    await expectRefused(await patched((file) => file.writeUInt16BE(0x0202, 18)), /its way of writing is another/)
    await expectRefused(await patched((file) => file.writeUInt32BE(3, 56)), /its encoding is another/)
    await expectRefused(await patched((file) => file.writeUInt8(200, 20)), /its reserved space is another/)
    await expectRefused(Buffer.from(await writeState(small)).subarray(0, -100), /in the middle of a page/)
    await expectRefused(Buffer.from(await writeState(small)).subarray(0, pageSize), /a page \d+ that it does not have/)
  })

  it('is refused where it is larger than any can be', async () => {
    const large = Buffer.concat([await writeState(small), Buffer.alloc(40 * 2 ** 20)])
    for (const read of [...Object.values(readers), verifyState]) {
      const error = await thrownBy(read(large))
      expect(error?.code).to.equal('PMPC_TOO_LARGE')
    }
  })

  /** Some hundred guests, so that their table is a tree of pages. */
  const many: ClusterState = {
    cluster: 'home',
    objects: Array.from({length: 400}, (_, at) => vm(100 + at, {description: 'x'.repeat(300)})),
  }

  /** The pages of an interior page of an index, as offsets of their numbers. */
  function interior(file: Buffer): {page: number; children: number[]} {
    for (let page = 2; page <= file.length / pageSize; page++) {
      const start = (page - 1) * pageSize
      if (file[start] !== 2 || file.readUInt16BE(start + 3) < 4) continue
      const cells = Array.from({length: file.readUInt16BE(start + 3)}, (_, at) =>
        file.readUInt16BE(start + 12 + 2 * at),
      )
      return {page, children: [...cells.map((cell) => start + cell), start + 8]}
    }
    throw new Error('no tree is deep enough')
  }

  it('is refused where pages hang from each other in more than one way, so that a table would never end', async () => {
    const shared = await patched((file) => {
      const {children} = interior(file)
      for (const child of children) file.writeUInt32BE(file.readUInt32BE(children[0]!), child)
    }, many)
    await expectRefused(shared, /it refers twice to page/)
    const circle = await patched((file) => {
      const {page, children} = interior(file)
      file.writeUInt32BE(page, children[1]!)
    }, many)
    await expectRefused(circle, /it refers twice to page/)
    const schema = await patched((file) => {
      file[100] = 5
      file.writeUInt16BE(0, 103)
      file.writeUInt32BE(1, 108)
    })
    await expectRefused(schema, /it refers twice to page/)
  })

  it('is refused where the rest of one value leads in a circle, or into that of another', async () => {
    const long: ClusterState = {cluster: 'home', objects: [vm(100, {description: 'y'.repeat(20_000)}), vm(101)]}
    const isChain = (file: Buffer, page: number) => file.toString('latin1', page * pageSize + 4).startsWith('yyyy')
    const circle = await patched((file) => {
      const pages = [...Array(file.length / pageSize).keys()].filter((page) => isChain(file, page))
      expect(pages.length).to.be.above(2)
      for (const page of pages) file.writeUInt32BE(pages[0]! + 1, page * pageSize)
    }, long)
    await expectRefused(circle, /it refers twice to page/)
    const cut = await patched((file) => {
      for (let page = 0; page < file.length / pageSize; page++)
        if (isChain(file, page)) file.writeUInt32BE(0, page * pageSize)
    }, long)
    await expectRefused(cut, /a page 0 that it does not have/)
  })

  const contents: [string, string, RegExp, string[]?][] = [
    ['bytes where text belongs', "UPDATE guests SET config = x'7b7d' WHERE vmid = 100", /./],
    ['a value that is no object', "UPDATE guests SET config = '5' WHERE vmid = 100", /no object/],
    ['a list', "UPDATE guests SET facts = '[1]' WHERE vmid = 100", /no object/],
    ['null', "UPDATE guests SET extra = 'null' WHERE vmid = 100", /no object/],
    ['a number beyond all measure', `UPDATE guests SET config = '{"a":1e999}' WHERE vmid = 100`, /beyond all measure/],
    [
      'a value nested too deeply',
      `UPDATE guests SET config = '{"a":' || replace(hex(zeroblob(100)), '00', '[') || replace(hex(zeroblob(100)), '00', ']') || '}'
       WHERE vmid = 100`,
      /nested too deeply/,
    ],
  ]
  for (const [what, sql, why] of contents)
    it(`is refused for ${what} in a column`, async () => {
      const bytes = await changed(`PRAGMA ignore_check_constraints = ON; ${sql}`)
      for (const name of ['readState', 'readObject', 'stateToText']) {
        const error = await thrownBy(readers[name]!(bytes))
        expect(error?.code, `${name}: ${error?.message}`).to.equal('PMPC_STATE_CORRUPT')
        expect(error!.message).to.match(why)
      }
    })

  it('has no more rows than there can be', async () => {
    const bytes = await changed(
      `INSERT INTO snapshots (vmid, name) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 310000)
       SELECT 100, i FROM n`,
    )
    for (const name of ['readState', 'readObject']) {
      const error = await thrownBy(readers[name]!(bytes))
      expect(error?.code, name).to.equal('PMPC_STATE_CORRUPT')
      expect(error!.message).to.match(/more than 300000 rows/)
    }
  })
})

describe('the layout of a state file', () => {
  it('is told without SQLite, of every version, for values of any length', async () => {
    const lengths = [0, 400, 480, 489, 490, 1000, 1002, 1003, 4057, 4061, 4092, 4096, 5000, 8184, 20_000, 300_000]
    const objects = lengths.map((length, at) => vm(100 + at, {description: 'é'.repeat(length / 2)}))
    const state: ClusterState = {cluster: 'home', objects}
    const bytes = await writeState(state)
    const {tables, views} = schemaVersions.at(-1)!
    expect(layoutOf(bytes).schema.map(({sql}) => sql)).to.deep.equal([...tables, ...views])
    expect((await readState(bytes)).objects).to.have.length(objects.length)
    const {bytes: old} = await migrateState(bytes, 1)
    expect(layoutOf(old).schema.map(({sql}) => sql)).to.deep.equal([
      ...schemaVersions[0]!.tables,
      ...schemaVersions[0]!.views,
    ])
  })

  it('may be one that SQLite wrote again', async () => {
    const bytes = await changed(
      `VACUUM; UPDATE guests SET status = 'stopped'; DELETE FROM guests WHERE vmid = 101; VACUUM`,
    )
    expect((await readState(bytes)).objects.map(({id, facts}) => [id, facts.status])).to.deep.equal([[100, 'stopped']])
    expect((await verifyState(bytes)).problems.join()).to.contain('not the ones that pmpc writes')
  })
})
