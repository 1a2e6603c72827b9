import {own} from '../resources/documents.js'
import {kindOf, type Shape, type Shapes} from '../resources/kinds/index.js'
import {wireKindOf} from '../resources/kinds/on-wire.js'
import type {KindName} from '../resources/model.js'
import {type Properties, propertiesOf, realSubkeys} from './properties.js'
import {
  type Format,
  type Schema,
  type Table,
  type Version,
  findKey,
  formatOf,
  keysOf,
  keyTables,
  otherSlots,
} from './schema.js'
import {networkName} from './networks.js'
import {parseBoolean} from './scalars.js'

/** What is known of a key of the configuration. */
export interface KeyInfo {
  /** Contracts or row have it. */
  known: boolean
  /** Its number, where it is one of several: 0 for `net0`. */
  slot?: number
  /** PVE's type: `string`, `integer`, `number`, `boolean`, `array`; `string` for an unknown key. */
  type: string
  /** Its canonical value is a map of sub-keys; not so where there is only one sub-key (`memory`). */
  isPropertyString: boolean
  /** The row says that its canonical value is a map. */
  isMap: boolean
  /** The row says that its canonical value is a list of maps. */
  isRows: boolean
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

/** How a key is written beyond what contracts and rows say of it. */
export interface Rule {
  /** Elements are joined with this; their order does not count. */
  set?: string
  /** Joined with blanks, split as PVE splits lists. */
  list?: true
  /** Of a property string: the sub-keys that are lists, their order kept; joined with semicolons. Manifests have them as lists. */
  lists?: string[]
  /** A list of pairs of texts. */
  pairs?: true
  /** The value itself is percent-encoded. */
  uri?: true
  /** Shown in the place of a secret, and none. */
  shown?: RegExp
  default?: string
  /** Overrides the contract's format: a property string that it only names. */
  format?: Format
  /** A boolean, though the contract calls it something else: a path may stand there too, or another number. */
  isSwitch?: true
  /** An address or a network; a host is kept without its length (pve-firewall, PVE/Firewall.pm, parse_ip_or_cidr). */
  isAddress?: true
  /** Sub-keys that PVE prints even where they were not given. */
  fixed?: Record<string, string>
}

const startup: Format = {
  order: {type: 'integer', optional: 1, default_key: 1},
  up: {type: 'integer', optional: 1},
  down: {type: 'integer', optional: 1},
}

const guest: Record<string, Rule> = {
  tags: {set: ';'},
  nameserver: {list: true},
  searchdomain: {list: true},
  startup: {format: startup},
  cpuunits: {default: '100'},
}

/** Of keys that are written alike wherever they are. */
const anywhere: Record<string, Rule> = {
  // pve-storage, PVE/Storage/DirPlugin.pm (parse_is_mountpoint)
  is_mountpoint: {isSwitch: true},
  // Of firewalls and their rules; an integer to the contract.
  enable: {isSwitch: true},
  // A fingerprint in the place of the key (pve-storage, PVE/Storage/PBSPlugin.pm).
  'encryption-key': {shown: /^(?:1|autogen|[0-9a-f]{2}(?::[0-9a-f]{2})+)$/i},
}

/** PVE makes a rule disabled where nothing else is asked for (pve-firewall, PVE/API2/Firewall/Rules.pm, create_rule), and tells it of each. */
const firewallRule: Record<string, Rule> = {enable: {default: '0'}}

/** Beyond the contracts, by their tables. Sources: qm.conf(5), pct.conf(5), and what PVE's own code makes of values (test/unit/values). */
const rules: Record<Table, Record<string, Rule>> = {
  qemu: {
    ...guest,
    hotplug: {set: ','},
    sshkeys: {uri: true},
    machine: {default: 'pc'},
    boot: {lists: ['order']},
    cpu: {default: 'kvm64', lists: ['flags']},
    'net[n]': {lists: ['trunks']},
    vga: {default: 'std'},
    memory: {default: '512'},
    agent: {default: '0'},
    ostype: {default: 'other'},
    // What PVE takes where it is absent is lsi; but other programs take another controller then, and who writes it down means it.
    scsihw: {default: ''},
  },
  lxc: {
    ...guest,
    'net[n]': {fixed: {type: 'veth'}, lists: ['trunks']},
    'mp[n]': {lists: ['mountoptions']},
    rootfs: {lists: ['mountoptions']},
    features: {lists: ['mount']},
    lxc: {pairs: true},
  },
  'firewall.aliases': {cidr: {isAddress: true}},
  'firewall.rules': firewallRule,
  'security-group.rules': firewallRule,
}

/** The contract's table of a kind's keys: by PVE's own name of a kind of guest, and by our names of the others. */
export function tableOf(kind: KindName): Table {
  return kindOf(kind).guest ?? kind
}

/**
 * A place below `config`, made ready: looking it up again for each of a thousand guests would cost more than decoding.
 * The root, `config` itself, is one too.
 */
export interface Key {
  kind: KindName
  /** The keys that lead there, joined with `.`; names that people or PVE gave (`*` of the shapes) are left out: `tokens.value`. */
  path: string
  /** 0 of `config` itself. */
  depth: number
  /** Empty where no contract has the key. */
  schema: Schema
  rule: Rule
  /** A contract has the key. */
  known: boolean
  /** The row has the key by its name. */
  named: boolean
  /** The name is none of PVE's keys, but one that was given: of a network's interface, of a token. */
  given: boolean
  slot?: number
  /** Of a property string, or of the property strings that are its elements. */
  format?: Format
  properties?: Properties
  /** What its value is made of; undefined: a scalar, or a property string of the contract's. */
  shape?: Exclude<Shape, 'scalar'>
  /** Never given away: masked wherever it comes from. */
  secret: boolean
  /** Something in it is a secret. */
  guards: boolean
  isGuest: boolean
  /** The keys in it that have been asked for. Only those that contract or row name: the others are all alike. */
  inner: Map<string, Key>
  /** Stands for all names that were given. */
  any?: Key
  /** Stands for all keys that nobody knows. */
  unknown?: Key
}

// Derived from constants and never changed once made: caches, not state.
const roots = new Map<KindName, Key>()
const made = new Map<Format, Properties>()

function rootOf(kind: KindName): Key {
  const known = roots.get(kind)
  if (known) return known
  const {shapes = {}, guest: type} = kindOf(kind)
  const root: Key = {
    kind,
    path: '',
    depth: 0,
    schema: {},
    rule: {},
    known: true,
    named: true,
    given: false,
    shape: {map: shapes},
    secret: false,
    guards: false,
    isGuest: type !== undefined,
    inner: new Map(),
  }
  roots.set(kind, root)
  return root
}

/** Stands in the path of all keys that nobody knows: no table is called so, and what is in them is as unknown. */
const anyUnknown = '?'

/** A key of a kind's configuration. Never fails: what is not known is a scalar. */
export function prepare(kind: KindName, key: string): Key {
  return below(rootOf(kind), key)
}

/** The place to which these keys lead, from `config` on. The elements of rows are no step: `['rules', 'dport']`. */
export function keyAt(kind: KindName, path: readonly string[]): Key {
  return path.reduce(below, rootOf(kind))
}

/** A key in a map, or in each of rows. */
export function below(parent: Key, name: string): Key {
  const cached = parent.inner.get(name)
  if (cached) return cached
  const shapes = shapesIn(parent.shape)
  const named = shapes !== undefined && name !== '*' && Object.hasOwn(shapes, name)
  const wild = named ? undefined : shapes?.['*']
  const found = lookUp(parent, name, wild)
  if (!named && !found) {
    if (wild !== undefined) return (parent.any ??= keyOf(parent, name, wild, {given: true}))
    // The row may know of a secret what no contract and no shape has.
    if (!isSecret(parent, name) && !hasSecrets(parent.kind, pathOf(parent, name)))
      return (parent.unknown ??= keyOf(parent, anyUnknown, undefined, {}))
  }
  const key = keyOf(parent, name, named ? shapes[name] : wild, {found, named})
  parent.inner.set(name, key)
  return key
}

function shapesIn(shape: Shape | undefined): Shapes | undefined {
  if (typeof shape !== 'object') return undefined
  return 'map' in shape ? shape.map : shape.rows
}

interface Found {
  schema: Schema
  /** Under which the contract has it: `net[n]`. */
  name: string
  slot?: number
}

/**
 * What a contract says of a key: the property string or object that it is a part of, or the table of that part of the kind.
 * @param wild the shape of what any name stands for here
 */
function lookUp({properties, schema, kind, path}: Key, name: string, wild: Shape | undefined): Found | undefined {
  if (typeof wild === 'object') return undefined
  const part = properties?.subkeys.get(name) ?? own(schema.properties, name) ?? own(schema.items?.properties, name)
  if (part) return {schema: part, name}
  return wild === undefined ? findKey(tableBelow(kind, path), name) : undefined
}

function tableBelow(kind: KindName, path: string): Table {
  return path === '' ? tableOf(kind) : `${tableOf(kind)}.${path}`
}

/** The one spelling of a name that was given, where its place has several for one thing. */
export function canonicalName({shape}: Key, name: string): string {
  return typeof shape === 'object' && 'map' in shape && shape.names === 'network' ? networkName(name) : name
}

/** {@link canonicalName}, of a map below `config`. */
export function canonicalNameAt(kind: KindName, path: readonly string[], name: string): string {
  return canonicalName(keyAt(kind, path), name)
}

/** How many slots a family of keys has in a place: 32 of `net`; 0 where no contract tells. */
export function slotsOf({kind, path}: Key, family: string): number {
  return own(keysOf(tableBelow(kind, path)).slots, family) ?? own(otherSlots, family) ?? 0
}

/** The names of the keys in a place, as its contract has them (`net[n]`); undefined where no contract tells, or where names are given. */
export function knownIn({properties, schema, shape, kind, path}: Key): string[] | undefined {
  const shapes = shapesIn(shape) ?? {}
  if (typeof shapes['*'] === 'object') return undefined
  if (properties) return [...properties.subkeys].flatMap(([name, {alias}]) => (alias ? [] : [name]))
  const table = tableBelow(kind, path)
  const inside = schema.properties ?? schema.items?.properties ?? own(keyTables().kinds, table)?.keys
  if (inside) return Object.keys(inside)
  // All that there is are parts, each with a table of its own.
  const hasParts = path === '' && Object.keys(keyTables().kinds).some((name) => name.startsWith(`${table}.`))
  return hasParts ? Object.keys(shapes) : undefined
}

function isSecret(parent: Key, name: string): boolean {
  return Object.hasOwn(secretsOf(parent.kind), pathOf(parent, name))
}

const hasSecrets = (kind: KindName, path: string): boolean =>
  Object.keys(secretsOf(kind)).some((secret) => secret.startsWith(`${path}.`))

const pathOf = ({path}: Key, name: string): string => (path === '' ? name : `${path}.${name}`)

const secretsOf = (kind: KindName): Readonly<Record<string, string>> => wireKindOf(kind)?.secret ?? {}

function keyOf(
  parent: Key,
  name: string,
  shape: Shape | undefined,
  {found, named = false, given = false}: {found?: Found | undefined; named?: boolean; given?: boolean},
): Key {
  const {kind, isGuest} = parent
  const schema = given ? givenSchema(parent) : (found?.schema ?? {})
  const table = tableBelow(kind, parent.path)
  const rule = given ? {} : {...own(anywhere, name), ...own(rules[table] ?? {}, found?.name ?? name)}
  const format = formatIn(schema, rule, shape)
  const path = given ? parent.path : pathOf(parent, name)
  const guards = hasSecrets(kind, path)
  const fits = shape === 'scalar' ? undefined : (shape ?? (guards ? {map: {}} : shapeOf(schema, rule)))
  return {
    kind,
    path,
    depth: parent.depth + 1,
    schema,
    rule,
    known: found !== undefined,
    named,
    given,
    ...(found?.slot === undefined ? {} : {slot: found.slot}),
    ...(format ? {format, properties: readyOf(format, rule)} : {}),
    ...(fits === undefined ? {} : {shape: fits}),
    secret: !given && isSecret(parent, name),
    guards,
    isGuest,
    inner: new Map(),
  }
}

/** The property string that a value, or each of its rows, is. */
function formatIn(schema: Schema, rule: Rule, shape: Shape | undefined): Format | undefined {
  if (shape === 'scalar') return undefined
  const isRows = typeof shape === 'object' && 'rows' in shape
  return rule.format ?? formatOf(schema) ?? (isRows && schema.items ? formatOf(schema.items) : undefined)
}

/** Where names were given, the row made a map of what PVE has as a list: of its elements the contract tells. */
function givenSchema({schema}: Key): Schema {
  const {items} = schema
  const properties = items && (items.properties ?? formatOf(items))
  return properties ? {type: 'object', properties} : {}
}

/** What a contract tells of a value that the row says nothing of. */
function shapeOf(schema: Schema, {set}: Rule): Key['shape'] {
  if (set !== undefined) return 'set'
  return schema.type === 'object' || schema.properties ? {map: {}} : undefined
}

function readyOf(format: Format, {fixed}: Rule): Properties {
  const known = made.get(format)
  if (known) return known
  const ready = propertiesOf(format, fixed)
  made.set(format, ready)
  return ready
}

/**
 * What is known of a key. Never fails: an unknown key is a string.
 * @param path the keys below `config` that lead to it; elements of rows are no step
 */
export function keyInfo(kind: KindName, ...path: string[]): KeyInfo {
  const {schema, rule, known, named, given, slot, format, shape, secret} = keyAt(kind, path)
  const defaultValue = rule.default ?? defaultText(schema)
  const isTop = path.length === 1
  const {generated} = kindOf(kind)
  const subkeys = isTop ? own(generated?.subkeys, path[0]!) : undefined
  const volatile = isTop ? own(wireKindOf(kind)?.leftOut, path[0]!) : undefined
  return {
    known: known || named || given || secret,
    ...(slot === undefined ? {} : {slot}),
    type: schema.type ?? 'string',
    isPropertyString: format !== undefined && realSubkeys(format).length > 1,
    isMap: typeof shape === 'object' && 'map' in shape,
    isRows: typeof shape === 'object' && 'rows' in shape,
    isSet: shape === 'set',
    isList: shape === 'list' || (rule.list ?? false),
    masked: secret,
    generated: isTop && (generated?.keys.test(path[0]!) ?? false),
    ...(subkeys ? {generatedSubkeys: [...subkeys]} : {}),
    ...(volatile === undefined ? {} : {volatile}),
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
