import {own} from '../resources/documents.js'
import {kindOf} from '../resources/kinds/index.js'
import type {KindName} from '../resources/model.js'
import {type Format, type Schema, type Table, type Version, findKey, formatOf} from './schema.js'
import {parseBoolean} from './scalars.js'

/** What is known of a key of the configuration. */
export interface KeyInfo {
  /** The contracts have it. */
  known: boolean
  /** Its number, where it is one of several: 0 for `net0`. */
  slot?: number
  /** PVE's type: `string`, `integer`, `number`, `boolean`, `array`; `string` for an unknown key. */
  type: string
  /** Its canonical value is a map of sub-keys; not so where there is only one sub-key (`memory`). */
  isPropertyString: boolean
  /** Its canonical value is an array without order. */
  isSet: boolean
  /** Its text is a list, the order of which counts. */
  isList: boolean
  /** PVE does not give the value away. */
  masked: boolean
  /** PVE makes it up: observed, never declared. */
  generated: boolean
  /** Of a property string: the sub-keys that PVE makes up. */
  generatedSubkeys?: string[]
  /** Why it is not kept at all. */
  volatile?: string
  /** What PVE takes where the key is absent, in PVE's words; only where the contract, qm.conf(5) or pct.conf(5) name a value. */
  defaultValue?: string
  /** Only this version has it. */
  in?: Version
}

/** How a key is written beyond what the contracts say of it. */
export interface Rule {
  /** Elements are joined with this; their order does not count. */
  set?: string
  /** Joined with blanks, split as PVE splits lists. */
  list?: true
  /** Of a property string: the sub-keys that are lists, their order kept; joined with semicolons. Manifests have them as lists. */
  lists?: string[]
  /** A text of several lines: white space at its end means nothing. */
  text?: true
  /** The value itself is percent-encoded. */
  uri?: true
  masked?: true
  /** Shown in the place of a masked value, and no secret. */
  shown?: RegExp
  generated?: true
  /** Of a property string: only these sub-keys are made up by PVE. */
  generatedSubkeys?: string[]
  volatile?: string
  default?: string
  /** Overrides the contract's format: a property string that it only names. */
  format?: Format
  /** A boolean or a path. */
  booleanOrText?: true
  /** Sub-keys that PVE prints even where they were not given. */
  fixed?: Record<string, string>
}

const startup: Format = {
  order: {type: 'integer', optional: 1, default_key: 1},
  up: {type: 'integer', optional: 1},
  down: {type: 'integer', optional: 1},
}

const lasting = 'is observed beside the configuration, where it lasts longer than a task'
const snapshotOf = 'names the last snapshot; snapshots are kept beside the configuration'
const checksum = 'a checksum of the file'

const guest: Record<string, Rule> = {
  tags: {set: ';'},
  description: {text: true},
  nameserver: {list: true},
  searchdomain: {list: true},
  startup: {format: startup},
  digest: {volatile: checksum},
  lock: {volatile: lasting},
  parent: {volatile: snapshotOf},
  'unused[n]': {generated: true},
  cpuunits: {default: '100'},
}

/** Beyond the contracts. Sources: qm.conf(5), pct.conf(5), and what PVE's own code makes of values (test/unit/values). */
const rules: Record<Table, Record<string, Rule>> = {
  qemu: {
    ...guest,
    hotplug: {set: ','},
    sshkeys: {uri: true},
    cipassword: {masked: true},
    meta: {generated: true},
    vmgenid: {generated: true},
    vmstate: {generated: true},
    runningmachine: {generated: true},
    runningcpu: {generated: true},
    'running-nets-host-mtu': {generated: true},
    smbios1: {generatedSubkeys: ['uuid']},
    machine: {default: 'pc'},
    boot: {lists: ['order']},
    cpu: {default: 'kvm64', lists: ['flags']},
    'net[n]': {lists: ['trunks']},
    vga: {default: 'std'},
    memory: {default: '512'},
    agent: {default: '0'},
    ostype: {default: 'other'},
  },
  lxc: {
    ...guest,
    'net[n]': {fixed: {type: 'veth'}, lists: ['trunks']},
    'mp[n]': {lists: ['mountoptions']},
    rootfs: {lists: ['mountoptions']},
    features: {lists: ['mount']},
  },
  storage: {
    content: {set: ','},
    nodes: {set: ','},
    monhost: {list: true},
    digest: {volatile: `${checksum} of all storages`},
    password: {masked: true},
    keyring: {masked: true},
    'encryption-key': {masked: true, shown: /^(?:1|autogen|[0-9a-f]{2}(?::[0-9a-f]{2})+)$/i},
    is_mountpoint: {booleanOrText: true},
  },
  pool: {
    storage: {set: ','},
    comment: {text: true},
    digest: {volatile: checksum},
  },
  node: {
    description: {text: true},
    digest: {volatile: checksum},
  },
}

/** PVE's own name of a kind of guest, and the names of our other kinds. */
export const tableOf = (kind: KindName): Table => kindOf(kind).guest ?? kind

/** A key's schema, its rule and its slot; the schema is empty for an unknown key. */
export function lookUp(
  kind: KindName,
  key: string,
): {schema: Schema; rule: Rule; known: boolean; slot?: number; format?: Format} {
  const table = tableOf(kind)
  const found = findKey(table, key)
  const rule = own(own(rules, table) ?? {}, found?.name ?? key) ?? {}
  const schema = found?.schema ?? {}
  const format = rule.format ?? formatOf(schema)
  return {
    schema,
    rule,
    known: found !== undefined,
    ...(found?.slot === undefined ? {} : {slot: found.slot}),
    ...(format ? {format} : {}),
  }
}

/** The sub-keys of a format that are no other names of others. */
export const realSubkeys = (format: Format): string[] => Object.keys(format).filter((name) => !format[name]!.alias)

/** What is known of a key. Never fails: an unknown key is a string. */
export function keyInfo(kind: KindName, key: string): KeyInfo {
  const {schema, rule, known, slot, format} = lookUp(kind, key)
  const defaultValue = rule.default ?? defaultText(schema)
  return {
    known,
    ...(slot === undefined ? {} : {slot}),
    type: schema.type ?? 'string',
    isPropertyString: format !== undefined && realSubkeys(format).length > 1,
    isSet: rule.set !== undefined,
    isList: rule.list ?? false,
    masked: rule.masked ?? false,
    generated: rule.generated ?? false,
    ...(rule.generatedSubkeys ? {generatedSubkeys: rule.generatedSubkeys} : {}),
    ...(rule.volatile ? {volatile: rule.volatile} : {}),
    ...(defaultValue === undefined ? {} : {defaultValue}),
    ...(schema.in ? {in: schema.in} : {}),
  }
}

/** The default that a contract names, if it is a value: some are a sentence ("1 (autogenerated)", "cgroup v1: 1024, …"). */
export function defaultText(schema: Schema): string | undefined {
  const text = schema.default === undefined ? undefined : String(schema.default)
  if (text === undefined) return undefined
  if (schema.type === 'boolean') return parseBoolean(text)?.toString()
  if (schema.type === 'integer' || schema.type === 'number') return Number.isFinite(Number(text)) ? text : undefined
  if (schema.enum) return schema.enum.some((word) => String(word) === text) ? text : undefined
  return /^[\w,./-]+$/.test(text) ? text : undefined
}
