import {kinds, type FactColumn, type KindName} from '../resources/kinds/index.js'

/** Version of the schema that is written. Older ones are migrated when read; newer ones are refused. */
export const schemaVersion = 4

/** Statements that make an empty database of a version, in order. Comments are stored with them: `sqlite3 home.db .schema` shows them. */
export interface SchemaVersion {
  version: number
  tables: string[]
  views: string[]
}

/** How kinds are stored. */
export interface KindTable {
  table: string
  /** Kinds kept in this table. */
  kinds: readonly KindName[]
  /** The columns of its key, in their order. */
  key: readonly string[]
  /** Which of them holds the id. */
  id: string
  facts: readonly FactColumn[]
  /** Whether there are columns for the kind, and for the values that something runs with. */
  has: {kind: boolean; running: boolean; snapshots: boolean}
}

/** In the order of writing: what is referred to comes first. What has no table of its own shares the last, so that a new kind is no new version. */
export const kindTables: readonly KindTable[] = [...ownTables(), sharedTable()]

/** The table of a kind. */
export function tableOf(kind: KindName): KindTable {
  return kindTables.find(({kinds: kept}) => kept.includes(kind))!
}

function ownTables(): KindTable[] {
  const specs = new Map(kinds.flatMap(({table}) => (table ? [[table.table, table] as const] : [])))
  const left = [...specs.values()]
  const tables: KindTable[] = []
  const isWritten = (name: string) => tables.some(({table}) => table === name)
  while (left.length > 0) {
    const next = left.findIndex(({facts}) => facts.every(({references}) => !references || isWritten(references)))
    if (next < 0) throw new TypeError('the tables of kinds refer to each other in a circle')
    const [{table, id, facts, guest = false}] = left.splice(next, 1) as [(typeof left)[number]]
    const kept = kinds.filter((kind) => kind.table?.table === table).map(({name}) => name)
    tables.push({table, kinds: kept, key: [id], id, facts, has: {kind: guest, running: guest, snapshots: guest}})
  }
  return tables
}

function sharedTable(): KindTable {
  const kept = kinds.filter(({table}) => !table).map(({name}) => name)
  const has = {kind: true, running: true, snapshots: false}
  return {table: 'objects', kinds: kept, key: ['kind', 'id'], id: 'id', facts: [], has}
}

/** The table of snapshots, keyed by guest and name; its own facts. */
export const snapshotFacts: readonly FactColumn[] = [
  {fact: 'parent', type: 'text'},
  {fact: 'description', type: 'text'},
  {fact: 'snaptime', type: 'integer'},
  {fact: 'vmstate', type: 'integer'},
]

const meta = `CREATE TABLE meta (
  -- About the file: 'cluster' is the name that the workspace gives the cluster.
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID`

const guestConfig = `CREATE VIEW guest_config AS
  -- One row a key; the value of a property string or a set is JSON.
  SELECT vmid, key, value FROM guests, json_each(guests.config)`

const version1: SchemaVersion = {
  version: 1,
  tables: [
    meta,
    `CREATE TABLE nodes (
  node TEXT NOT NULL PRIMARY KEY,
  status TEXT,
  config TEXT -- canonical JSON; NULL: a guest names this node, the cluster did not report it
) WITHOUT ROWID`,
    `CREATE TABLE pools (
  poolid TEXT NOT NULL PRIMARY KEY,
  config TEXT -- canonical JSON; NULL: a guest names this pool, the cluster did not report it
) WITHOUT ROWID`,
    `CREATE TABLE storages (
  storage TEXT NOT NULL PRIMARY KEY,
  config TEXT NOT NULL -- canonical JSON
) WITHOUT ROWID`,
    `CREATE TABLE guests (
  vmid INTEGER NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('vm', 'container')),
  node TEXT REFERENCES nodes,
  pool TEXT REFERENCES pools,
  name TEXT,
  status TEXT,
  config TEXT NOT NULL -- canonical JSON
) WITHOUT ROWID`,
    `CREATE TABLE snapshots (
  vmid INTEGER NOT NULL REFERENCES guests,
  name TEXT NOT NULL,
  parent TEXT,
  description TEXT,
  snaptime INTEGER, -- seconds since the epoch
  PRIMARY KEY (vmid, name)
) WITHOUT ROWID`,
  ],
  views: [guestConfig],
}

const version2: SchemaVersion = {
  version: 2,
  tables: [
    meta,
    `CREATE TABLE nodes (
  node TEXT NOT NULL PRIMARY KEY,
  status TEXT,
  maxcpu INTEGER,
  maxmem INTEGER, -- bytes
  config TEXT CHECK (json_valid(config)), -- canonical JSON; NULL: a guest names this node, the cluster did not report it
  facts TEXT CHECK (json_valid(facts)), -- canonical JSON: what else was observed beside the configuration
  extra TEXT CHECK (json_valid(extra)) -- canonical JSON: keys that pmpc does not know, verbatim
) WITHOUT ROWID`,
    `CREATE TABLE pools (
  poolid TEXT NOT NULL PRIMARY KEY,
  config TEXT CHECK (json_valid(config)), -- NULL: a guest names this pool, the cluster did not report it
  facts TEXT CHECK (json_valid(facts)),
  extra TEXT CHECK (json_valid(extra))
) WITHOUT ROWID`,
    `CREATE TABLE storages (
  storage TEXT NOT NULL PRIMARY KEY,
  config TEXT NOT NULL CHECK (json_valid(config)),
  facts TEXT CHECK (json_valid(facts)),
  extra TEXT CHECK (json_valid(extra))
) WITHOUT ROWID`,
    `CREATE TABLE guests (
  vmid INTEGER NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('vm', 'container')),
  node TEXT REFERENCES nodes,
  pool TEXT REFERENCES pools,
  status TEXT,
  config TEXT NOT NULL CHECK (json_valid(config)), -- canonical JSON, pending values included
  running TEXT CHECK (json_valid(running)), -- canonical JSON: keys with which it runs, where they differ; null: without the key
  facts TEXT CHECK (json_valid(facts)),
  extra TEXT CHECK (json_valid(extra)),
  name TEXT AS (coalesce(config ->> '$.name', config ->> '$.hostname')) VIRTUAL
) WITHOUT ROWID`,
    `CREATE TABLE snapshots (
  vmid INTEGER NOT NULL REFERENCES guests,
  name TEXT NOT NULL,
  parent TEXT,
  description TEXT,
  snaptime INTEGER, -- seconds since the epoch
  vmstate INTEGER, -- 1: the memory was saved too
  facts TEXT CHECK (json_valid(facts)),
  PRIMARY KEY (vmid, name)
) WITHOUT ROWID`,
  ],
  views: [
    guestConfig,
    `CREATE VIEW guest_property AS
  -- One row a sub-key of a property string; a plain value has the sub-key ''.
  SELECT vmid, k.key AS key, s.key AS subkey, s.value AS value
    FROM guests, json_each(guests.config) AS k, json_each(guests.config, k.fullkey) AS s WHERE k.type = 'object'
  UNION ALL
  SELECT vmid, k.key, '', k.value FROM guests, json_each(guests.config) AS k WHERE k.type <> 'object'`,
    `CREATE VIEW disks AS
  -- Drives of VMs and volumes of containers; those of a CD-ROM have media = 'cdrom'.
  SELECT vmid, key, coalesce(config ->> (fullkey || '.file'), config ->> (fullkey || '.volume')) AS volume,
    config ->> (fullkey || '.size') AS size, config ->> (fullkey || '.media') AS media, config ->> (fullkey || '.mp') AS mp
  FROM guests, json_each(guests.config)
  WHERE type = 'object' AND volume IS NOT NULL
    AND rtrim(key, '0123456789') IN ('ide', 'sata', 'scsi', 'virtio', 'efidisk', 'tpmstate', 'rootfs', 'mp')`,
    `CREATE VIEW nics AS
  SELECT vmid, key, coalesce(config ->> (fullkey || '.model'), config ->> (fullkey || '.type')) AS model,
    coalesce(config ->> (fullkey || '.macaddr'), config ->> (fullkey || '.hwaddr')) AS macaddr,
    config ->> (fullkey || '.bridge') AS bridge, config ->> (fullkey || '.tag') AS tag
  FROM guests, json_each(guests.config)
  WHERE type = 'object' AND key GLOB 'net[0-9]*'`,
    `CREATE VIEW guest_tags AS
  SELECT vmid, t.value AS tag FROM guests, json_each(guests.config, '$.tags') AS t WHERE t.type = 'text'`,
  ],
}

/** The tables stayed; a pmpc that reads no pairs of agreement must not take their workspace for one of its own. */
const version3: SchemaVersion = {...version2, version: 3}

const version4: SchemaVersion = {
  version: 4,
  tables: [
    ...version3.tables,
    `CREATE TABLE objects (
  -- Objects of all kinds that have no table of their own. An id is a number where PVE counts, else a text.
  kind TEXT NOT NULL,
  id NOT NULL CHECK (typeof(id) IN ('integer', 'text')),
  config TEXT NOT NULL CHECK (json_valid(config)), -- canonical JSON, pending values included
  running TEXT CHECK (json_valid(running)), -- canonical JSON: keys that are not in force yet, with the values that are; null: without the key
  facts TEXT CHECK (json_valid(facts)),
  extra TEXT CHECK (json_valid(extra)),
  PRIMARY KEY (kind, id)
) WITHOUT ROWID`,
  ],
  views: [
    ...version3.views,
    `CREATE VIEW object_config AS
  -- One row a key; the value of a map, a set or a list is JSON.
  SELECT kind, objects.id AS id, key, value FROM objects, json_each(objects.config)`,
    `CREATE VIEW object_entries AS
  -- One row an entry of a map, a set or a list in the configuration; of sets and lists "entry" counts from 0.
  SELECT kind, objects.id AS id, k.key AS key, e.key AS entry, e.value AS value
    FROM objects, json_each(objects.config) AS k, json_each(objects.config, k.fullkey) AS e WHERE k.type IN ('object', 'array')`,
    `CREATE VIEW acl AS
  -- Who has which role where: one row a right, of what is kept by path. Groups are @NAME, tokens USER!TOKEN.
  SELECT p.key AS path, w.key AS who, substr(r.value, 1, instr(r.value || ':', ':') - 1) AS role,
    r.value NOT LIKE '%:propagate=0' AS propagate
  FROM objects, json_each(objects.config) AS p, json_each(objects.config, p.fullkey) AS w,
    json_each(objects.config, w.fullkey) AS r
  WHERE p.key GLOB '/*' AND p.type = 'object' AND w.type = 'array'`,
    `CREATE VIEW firewall_rules AS
  -- Rules in their order; "rule" is all of one, as JSON.
  SELECT kind, objects.id AS object, key AS pos, value ->> '$.type' AS type, value ->> '$.action' AS action,
    coalesce(value ->> '$.enable', 0) AS enable, value ->> '$.macro' AS macro, value ->> '$.source' AS source,
    value ->> '$.dest' AS dest, value ->> '$.proto' AS proto, value ->> '$.dport' AS dport, value AS rule
  FROM objects, json_each(objects.config, '$.rules') WHERE json_each.type = 'object'`,
  ],
}

/** All versions there have been, oldest first. */
export const schemaVersions: readonly SchemaVersion[] = [version1, version2, version3, version4]

/** Copies all rows of tables that stayed; what is computed is left to the new database. */
const copies = Object.entries({
  meta: 'key, value',
  nodes: 'node, status, maxcpu, maxmem, config, facts, extra',
  pools: 'poolid, config, facts, extra',
  storages: 'storage, config, facts, extra',
  guests: 'vmid, kind, node, pool, status, config, running, facts, extra',
  snapshots: 'vmid, name, parent, description, snaptime, vmstate, facts',
}).map(([table, columns]) => `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM old_${table}`)

/** A step between two neighbouring versions: statements that copy from the tables `old_…` into those of the other version. */
export interface Migration {
  /** From `to - 1`. */
  to: number
  up: string[]
  down: string[]
  /** What going back cannot keep: a sentence's subject, and a query (on the newer version) that counts it. */
  lost: {what: string; count: string}[]
}

/** Numbered migrations, forwards and back. */
export const migrations: readonly Migration[] = [
  {
    to: 2,
    up: [
      'INSERT INTO meta SELECT key, value FROM old_meta',
      'INSERT INTO nodes (node, status, config) SELECT node, status, config FROM old_nodes',
      'INSERT INTO pools (poolid, config) SELECT poolid, config FROM old_pools',
      'INSERT INTO storages (storage, config) SELECT storage, config FROM old_storages',
      `INSERT INTO guests (vmid, kind, node, pool, status, config)
         SELECT vmid, kind, node, pool, status, config FROM old_guests`,
      `INSERT INTO snapshots (vmid, name, parent, description, snaptime)
         SELECT vmid, name, parent, description, snaptime FROM old_snapshots`,
    ],
    down: [
      'INSERT INTO meta SELECT key, value FROM old_meta',
      'INSERT INTO nodes (node, status, config) SELECT node, status, config FROM old_nodes',
      'INSERT INTO pools (poolid, config) SELECT poolid, config FROM old_pools',
      'INSERT INTO storages (storage, config) SELECT storage, config FROM old_storages',
      `INSERT INTO guests (vmid, kind, node, pool, name, status, config)
         SELECT vmid, kind, node, pool, name, status, config FROM old_guests`,
      `INSERT INTO snapshots (vmid, name, parent, description, snaptime)
         SELECT vmid, name, parent, description, snaptime FROM old_snapshots`,
    ],
    lost: [
      {
        what: 'objects with facts beside the configuration (maxcpu, version, …)',
        count: `SELECT (SELECT count(*) FROM guests WHERE facts IS NOT NULL) + (SELECT count(*) FROM pools WHERE facts IS NOT NULL)
          + (SELECT count(*) FROM storages WHERE facts IS NOT NULL)
          + (SELECT count(*) FROM nodes WHERE coalesce(facts, maxcpu, maxmem) IS NOT NULL)`,
      },
      {
        what: 'guests that run with other values than configured',
        count: 'SELECT count(*) FROM guests WHERE running IS NOT NULL',
      },
      {
        what: 'objects with keys that pmpc does not know',
        count: `SELECT (SELECT count(*) FROM guests WHERE extra IS NOT NULL) + (SELECT count(*) FROM nodes WHERE extra IS NOT NULL)
          + (SELECT count(*) FROM pools WHERE extra IS NOT NULL) + (SELECT count(*) FROM storages WHERE extra IS NOT NULL)`,
      },
      {
        what: 'snapshots with saved memory or facts of their own',
        count: 'SELECT count(*) FROM snapshots WHERE coalesce(vmstate, facts) IS NOT NULL',
      },
    ],
  },
  {to: 3, up: copies, down: copies, lost: []},
  {
    to: 4,
    up: copies,
    down: copies,
    lost: [
      {
        what: 'objects of kinds for which it has no table (firewall, acl, user, …)',
        count: 'SELECT count(*) FROM objects',
      },
    ],
  },
]
