import {SeedError} from '../errors.js'
import type {GuestSystem, World} from '../state/model.js'
import type {Seed, SeedGuest, SeedNode} from './seed.js'
import type {SeedDisk} from './seed-disks.js'

/** What a part of a seed may look like: a map holds anything, an object only the keys it names (`!` for those that must be there). */
type Shape =
  'text' | 'number' | 'size' | 'flag' | 'map' | 'texts' | {oneOf: readonly string[]} | ObjectShape | {list: ObjectShape}

interface ObjectShape {
  keys: Record<string, Shape>
}

/** A shape for each key of a type: what the seed's types know and this table does not, or the other way round, does not compile. */
type KeysOf<T> = {[Key in keyof T & string as object extends Pick<T, Key> ? Key : `${Key}!`]-?: Shape}
type ItemOf<List> = NonNullable<List> extends (infer Item)[] ? Item : never

const object = <T>(keys: KeysOf<T>): ObjectShape => ({keys})
const list = <T>(keys: KeysOf<T>): Shape => ({list: object<T>(keys)})

/** The seed file, as the README describes it. */
const seedShape = object<Seed>({
  cluster: 'text',
  'nodes!': list<SeedNode>({
    'name!': 'text',
    ip: 'text',
    cpus: 'number',
    memory: 'size',
    disk: 'size',
    offline: 'flag',
    network: 'text',
    cards: 'texts',
    altnames: 'map',
    hosts: 'text',
    dns: 'map',
    timezone: 'text',
    config: 'map',
    conditions: 'map',
    disks: list<SeedDisk>({
      'name!': 'text',
      'size!': 'size',
      kind: {oneOf: ['hdd', 'ssd', 'nvme', 'usb', 'unknown']},
      vendor: 'text',
      model: 'text',
      serial: 'text',
      wwn: 'text',
      health: 'text',
      wearout: 'number',
      system: 'flag',
      group: 'text',
      zpool: 'text',
      directory: 'text',
    }),
  }),
  token: 'text',
  users: list<ItemOf<Seed['users']>>({
    'userid!': 'text',
    password: 'text',
    comment: 'text',
    email: 'text',
    firstname: 'text',
    lastname: 'text',
    groups: 'texts',
    enable: 'flag',
    expire: 'number',
  }),
  groups: list<ItemOf<Seed['groups']>>({'groupid!': 'text', comment: 'text'}),
  roles: list<ItemOf<Seed['roles']>>({'roleid!': 'text', 'privs!': 'texts'}),
  tokens: list<ItemOf<Seed['tokens']>>({
    'tokenid!': 'text',
    secret: 'text',
    privsep: 'flag',
    expire: 'number',
    comment: 'text',
  }),
  acl: list<ItemOf<Seed['acl']>>({
    'path!': 'text',
    'roleid!': 'text',
    user: 'text',
    group: 'text',
    token: 'text',
    propagate: 'flag',
  }),
  storages: list<ItemOf<Seed['storages']>>({
    'storage!': 'text',
    'type!': 'text',
    total: 'size',
    used: 'size',
    config: 'map',
  }),
  volumes: list<ItemOf<Seed['volumes']>>({
    'volid!': 'text',
    'size!': 'size',
    node: 'text',
    content: 'text',
    format: 'text',
    vmid: 'number',
    notes: 'text',
    holds: 'map',
  }),
  pools: list<ItemOf<Seed['pools']>>({'poolid!': 'text', comment: 'text', storage: 'texts'}),
  options: 'map',
  guests: list<SeedGuest>({
    'vmid!': 'number',
    'type!': {oneOf: ['qemu', 'lxc']},
    'node!': 'text',
    pool: 'text',
    running: 'flag',
    lock: 'text',
    lxc: 'map',
    blank: 'flag',
    system: object<Pick<GuestSystem, 'files' | 'commands'>>({files: 'map', commands: 'map'}),
    'config!': 'map',
    pending: 'map',
    pendingDelete: 'texts',
    snapshots: list<ItemOf<SeedGuest['snapshots']>>({
      'name!': 'text',
      description: 'text',
      parent: 'text',
      snaptime: 'number',
      config: 'map',
    }),
  }),
  world: object<World>({
    offline: 'flag',
    directories: 'texts',
    refuses: 'flag',
    unseen: 'flag',
    directory: 'map',
    ha: 'flag',
    scheduler: 'flag',
    corosync: 'flag',
    membership: 'number',
    urls: 'map',
    noLockFolder: 'flag',
    cgroup1: 'flag',
    inertNetwork: 'flag',
    lacks: 'texts',
    devices: 'texts',
    lxcLacks: 'texts',
    plainQemu: 'flag',
    installs: 'flag',
    localnetwork: 'flag',
    qdevice: 'map',
    ceph: 'map',
    systemd: 'text',
    statistics: 'flag',
  }),
  firewall: 'map',
  sections: 'map',
})

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** What the simple shapes take, and what they are called. */
const simple: Record<Extract<Shape, string>, {name: string; takes: (value: unknown) => boolean}> = {
  text: {name: 'text', takes: (value) => typeof value === 'string' || typeof value === 'number'},
  number: {name: 'a number', takes: (value) => typeof value === 'number'},
  size: {
    name: 'a size such as 32G, or bytes',
    takes: (value) => typeof value === 'number' || (typeof value === 'string' && /^\d+(\.\d+)?[KMGT]?$/.test(value)),
  },
  flag: {name: 'true, false, 1 or 0', takes: (value) => [true, false, 0, 1].includes(value as boolean)},
  map: {name: 'an object', takes: isObject},
  texts: {
    name: 'a list of texts',
    takes: (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
  },
}

function check(value: unknown, shape: Shape, at: string): void {
  const refuse = (wanted: string): never => {
    throw new SeedError(`${at || 'a seed'} must be ${wanted}`)
  }
  if (typeof shape === 'string') {
    if (!simple[shape].takes(value)) refuse(simple[shape].name)
  } else if ('oneOf' in shape) {
    if (!shape.oneOf.includes(value as string)) refuse(shape.oneOf.join(' or '))
  } else if ('list' in shape) {
    if (!Array.isArray(value)) return refuse('a list')
    value.forEach((item, index) => check(item, shape.list, `${at}[${index}]`))
  } else {
    if (!isObject(value) || Array.isArray(value)) return refuse('an object')
    checkKeys(value, shape.keys, at)
  }
}

function checkKeys(value: Record<string, unknown>, keys: Record<string, Shape>, at: string): void {
  const within = (key: string): string => (at === '' ? key : `${at}.${key}`)
  const known = Object.entries(keys).map(([name, shape]) => ({
    key: name.replace('!', ''),
    needed: name.endsWith('!'),
    shape,
  }))
  for (const key of Object.keys(value)) {
    if (known.some((one) => one.key === key)) continue
    throw new SeedError(`${within(key)} is not known; there are ${known.map((one) => one.key).join(', ')}`)
  }
  for (const {key, needed, shape} of known) {
    if (value[key] !== undefined) check(value[key], shape, within(key))
    else if (needed) throw new SeedError(`${within(key)} is missing`)
  }
}

/** What names what: an entry that names something which is not there is a slip of the pen. */
function checkReferences(seed: Seed): void {
  const nodes = new Set(seed.nodes.map(({name}) => name))
  const storages = new Set((seed.storages ?? []).map(({storage}) => storage))
  const pools = new Set((seed.pools ?? []).map(({poolid}) => poolid))
  const seen = new Set<number>()
  for (const [index, {vmid, node, pool}] of (seed.guests ?? []).entries()) {
    const at = `guests[${index}]`
    if (!nodes.has(node)) throw new SeedError(`${at}.node: there is no node '${node}'`)
    if (pool !== undefined && !pools.has(pool)) throw new SeedError(`${at}.pool: there is no pool '${pool}'`)
    if (seen.has(vmid)) throw new SeedError(`${at}.vmid: there is another guest ${vmid}`)
    seen.add(vmid)
  }
  for (const [index, {volid, node}] of (seed.volumes ?? []).entries()) {
    const storage = volid.slice(0, volid.indexOf(':'))
    if (!storages.has(storage)) throw new SeedError(`volumes[${index}].volid: there is no storage '${storage}'`)
    if (node !== undefined && !nodes.has(node))
      throw new SeedError(`volumes[${index}].node: there is no node '${node}'`)
  }
}

/** Checks what was read as a seed. @throws SeedError that names the part and what is wrong with it */
export function checkSeed(value: unknown): Seed {
  check(value, seedShape, '')
  const seed = value as Seed
  if (seed.nodes.length === 0) throw new SeedError('nodes: at least one node is needed')
  checkReferences(seed)
  return seed
}
