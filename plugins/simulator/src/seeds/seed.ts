import {SeedError} from '../errors.js'
import {parseSize} from '../contract/scalars.js'
import {emptyFirewall} from '../firewall/empty.js'
import {volumesIn} from '../guests/drives.js'
import {shownFormat} from '../storage/names.js'
import {isShared, roundedSize, splitVolid, volumeKey} from '../storage/volumes.js'
import {localDisks, type SeedDisk} from './seed-disks.js'
import {newGuest} from '../state/guest.js'
import {keptNotes} from '../state/notes.js'
import {withTables} from '../state/tables.js'
import type {Random} from '../state/random.js'
import type {
  Config,
  FirewallState,
  Guest,
  GuestSystem,
  GuestType,
  Holds,
  NodeState,
  Scalar,
  Section,
  State,
  User,
  World,
} from '../state/model.js'
import type {Conditions} from '../state/conditions.js'
import {realms} from '../state/presets.js'

export interface SeedNode {
  name: string
  ip?: string
  cpus?: number
  /** As PVE writes sizes, such as `32G`. */
  memory?: string
  disk?: string
  offline?: boolean
  /** Text of /etc/network/interfaces. */
  network?: string
  /** Names of its network cards; `eno1` unless given. */
  cards?: string[]
  /** Other names of cards, by card. */
  altnames?: Record<string, string[]>
  hosts?: string
  dns?: Config
  timezone?: string
  config?: Config
  /** Its disks; one for the system, those its storages need and a free one unless given. */
  disks?: SeedDisk[]
  /** Where its host is not as it should be. */
  conditions?: Conditions
}

export interface SeedGuest {
  vmid: number
  type: GuestType
  node: string
  pool?: string
  running?: boolean
  lock?: string
  lxc?: [string, string][]
  /** Nothing is installed on its disks. */
  blank?: boolean
  system?: GuestSystem
  config: Config
  pending?: Config
  pendingDelete?: string[]
  /** Oldest first; each one's parent is the one before unless it says otherwise. */
  snapshots?: {name: string; description?: string; parent?: string; snaptime?: number; config?: Config}[]
}

/** What a seed file holds; everything but `nodes` may be left out. */
export interface Seed {
  cluster?: string
  nodes: SeedNode[]
  /** Token whose id and secret the ready line shows: `user@realm!name`. */
  token?: string
  users?: (Pick<User, 'userid'> &
    Partial<Pick<User, 'password' | 'comment' | 'email' | 'firstname' | 'lastname' | 'groups' | 'enable' | 'expire'>>)[]
  groups?: {groupid: string; comment?: string}[]
  roles?: {roleid: string; privs: string[]}[]
  tokens?: {tokenid: string; secret?: string; privsep?: number; expire?: number; comment?: string}[]
  acl?: {path: string; roleid: string; user?: string; group?: string; token?: string; propagate?: 0 | 1}[]
  storages?: {storage: string; type: string; total?: string; used?: string; config?: Config}[]
  volumes?: {
    volid: string
    size: string | number
    node?: string
    content?: string
    format?: string
    vmid?: number
    notes?: string
    holds?: Holds
  }[]
  pools?: {poolid: string; comment?: string; storage?: string[]}[]
  options?: Record<string, unknown>
  guests?: SeedGuest[]
  world?: World
  /** Firewall files: `cluster`, `node NAME`, or a VMID. */
  firewall?: Record<string, Partial<FirewallState>>
  /** Other files' sections, such as `ha/resources`. */
  sections?: Record<string, Record<string, Section>>
}

export interface LoadedSeed {
  state: State
  token: {id: string; secret: string}
}

const GiB = 1024 ** 3

const bytes = (size: string | number | undefined, fallback: number): number =>
  typeof size === 'number' ? size : size === undefined ? fallback : (parseSize(size) ?? fallback)

const defaultNetwork = (ip: string): string => `auto lo
iface lo inet loopback

iface eno1 inet manual

auto vmbr0
iface vmbr0 inet static
\taddress ${ip}/24
\tgateway ${ip.split('.').slice(0, 3).join('.')}.1
\tbridge-ports eno1
\tbridge-stp off
\tbridge-fd 0

source /etc/network/interfaces.d/*
`

/** A node as seeds and joins describe it. */
export function nodeState(seed: SeedNode, index: number, now: number): NodeState {
  const ip = seed.ip ?? `192.0.2.${11 + index}`
  return {
    name: seed.name,
    id: index + 1,
    ip,
    power: seed.offline ? 'offline' : 'online',
    cpus: seed.cpus ?? 8,
    memory: bytes(seed.memory, 32 * GiB),
    disk: bytes(seed.disk, 100 * GiB),
    bootTime: now - 86_400 * (3 + index),
    config: seed.config ?? {},
    hosts: seed.hosts ?? `127.0.0.1 localhost.localdomain localhost\n${ip} ${seed.name}.example.com ${seed.name}\n`,
    dns: seed.dns ?? {search: 'example.com', dns1: '192.0.2.1'},
    timezone: seed.timezone ?? 'UTC',
    interfaces: {text: seed.network ?? defaultNetwork(ip), time: (now - 86_400 * 30) * 1000},
    cards: seed.cards ?? ['eno1'],
    ...(seed.altnames !== undefined && {altnames: seed.altnames}),
    ...(seed.conditions !== undefined && {conditions: seed.conditions}),
  }
}

function contentOf(name: string): [string, string] {
  const kinds: [RegExp, string, string][] = [
    [/^iso\//, 'iso', 'iso'],
    [/^vztmpl\/.*\.tar\.gz$/, 'vztmpl', 'tgz'],
    [/^vztmpl\/.*\.tar\.zst$/, 'vztmpl', 'tzst'],
    [/^vztmpl\//, 'vztmpl', 'txz'],
    [/^snippets\//, 'snippets', 'snippet'],
    [/^import\//, 'import', 'qcow2'],
    [/^backup\//, 'backup', shownFormat('backup', name)],
  ]
  const found = kinds.find(([pattern]) => pattern.test(name))
  return found ? [found[1], found[2]] : ['images', /\.(\w+)$/.exec(name)?.[1] ?? 'raw']
}

function addVolumes(state: State, seed: Seed, now: number): void {
  for (const {volid, size, node, content, format, vmid, notes, holds} of seed.volumes ?? []) {
    const [kind, fallback] = contentOf(splitVolid(volid).name)
    const storage = state.storages[splitVolid(volid).storage]
    const places = node !== undefined ? [node] : storage && isShared(storage) ? [''] : Object.keys(state.nodes)
    for (const place of places) {
      const key = volumeKey(state, volid, place)
      state.volumes[key] = {
        volid,
        node: key.slice(0, key.indexOf('|')),
        size: bytes(size, 0),
        used: 0,
        format: format ?? fallback,
        content: content ?? kind,
        ctime: now,
        ...(vmid !== undefined && {vmid}),
        ...(holds !== undefined && {holds}),
      }
      if (notes !== undefined) state.attributes = {...state.attributes, [key]: {notes}}
    }
  }
}

/** Volumes that a guest's configuration names; their sizes are those it shows. */
function addGuestVolumes(state: State, guest: Guest, now: number): void {
  const configs = [guest.config, guest.pending, ...Object.values(guest.snapshots).map(({config}) => config)]
  for (const config of configs) {
    for (const [key, volid] of volumesIn(guest.type, config)) {
      const place = volumeKey(state, volid, guest.node)
      if (state.volumes[place] || /:(?:iso|vztmpl)\//.test(volid)) continue
      const size = /(?:^|,)size=([^,]+)/.exec(String(config[key]))?.[1]
      const {storage, name} = splitVolid(volid)
      const format = /\.(raw|qcow2|vmdk)$/.exec(name)?.[1] ?? (name.startsWith('subvol') ? 'subvol' : 'raw')
      const wanted = bytes(size, 4 * 1024 ** 2)
      const definition = state.storages[storage]
      state.volumes[place] = {
        volid,
        node: place.slice(0, place.indexOf('|')),
        size: definition ? roundedSize(definition, format, wanted) : wanted,
        used: 0,
        format,
        content: guest.type === 'lxc' ? 'rootdir' : 'images',
        vmid: guest.vmid,
        ctime: now,
      }
    }
  }
}

/** A description as it comes back from a guest's file; none where nothing of it does. */
function notes(type: GuestType, description: Scalar | undefined): {description?: string} {
  const kept = keptNotes(type, String(description ?? ''))
  return kept === '' ? {} : {description: kept}
}

function guestState(seed: SeedGuest, random: Random, now: number): Guest {
  const {description: written, ...rest} = seed.config ?? {}
  const config: Config = {...rest, ...notes(seed.type, written)}
  if (seed.type === 'qemu') {
    config.smbios1 ??= `uuid=${random.uuid()}`
    config.vmgenid ??= random.uuid()
    config.meta ??= `creation-qemu=9.2.0,ctime=${1_700_000_000 + seed.vmid * 7}`
  }
  // Without them no container of PVE's own making is, nor starts.
  if (seed.type === 'lxc') {
    config.arch ??= 'amd64'
    config.ostype ??= 'unmanaged'
  }
  const guest = newGuest(seed.vmid, seed.type, seed.node, {
    config,
    pending: {...seed.pending},
    pendingDelete: Object.fromEntries((seed.pendingDelete ?? []).map((key) => [key, 1 as const])),
    running: seed.running ?? false,
    startTime: seed.running ? now - 3600 - seed.vmid * 11 : 0,
    pid: seed.running ? 2000 + seed.vmid : 0,
    ...(seed.pool !== undefined && {pool: seed.pool}),
    ...(seed.lock !== undefined && {lock: seed.lock}),
    ...(seed.lxc !== undefined && {lxc: seed.lxc}),
    ...(seed.blank && {blank: true}),
    ...(seed.system !== undefined && {system: seed.system}),
  })
  const kept = Object.fromEntries(
    Object.entries(config).filter(([key]) => key !== 'description' && !key.startsWith('unused')),
  )
  let parent: string | undefined
  for (const {name, description, snaptime, config: changes, ...rest} of seed.snapshots ?? []) {
    const before = rest.parent ?? parent
    guest.snapshots[name] = {
      config: {...kept, ...changes},
      snaptime: snaptime ?? now - 86_400,
      ...notes(seed.type, description),
      ...(before !== undefined && {parent: before}),
    }
    parent = name
  }
  if (parent !== undefined) guest.parent = parent
  return guest
}

function addAccess(state: State, seed: Seed, random: Random): void {
  const users = [...(seed.users ?? [])]
  if (!users.some(({userid}) => userid === 'root@pam')) users.unshift({userid: 'root@pam', password: 'simulator'})
  for (const {userid, groups, enable, ...rest} of users) {
    state.users[userid] = {userid, enable: enable ?? 1, expire: 0, groups: groups ?? [], tokens: {}, ...rest}
  }
  for (const {groupid, comment} of seed.groups ?? []) state.groups[groupid] = {...(comment !== undefined && {comment})}
  for (const {roleid, privs} of seed.roles ?? []) state.roles[roleid] = privs
  for (const {tokenid, secret, privsep, expire, comment} of seed.tokens ?? []) {
    const at = tokenid.indexOf('!')
    const user = state.users[tokenid.slice(0, at)]
    if (!user) throw new SeedError(`token '${tokenid}' belongs to no user`)
    user.tokens[tokenid.slice(at + 1)] = {
      secret: secret ?? random.uuid(),
      privsep: privsep ?? 1,
      expire: expire ?? 0,
      ...(comment !== undefined && {comment}),
    }
  }
  for (const {path, roleid, user, group, token, propagate} of seed.acl ?? []) {
    const [type, ugid] = user !== undefined ? ['user', user] : group !== undefined ? ['group', group] : ['token', token]
    state.acl.push({path, type: type as 'user', ugid: ugid!, roleid, propagate: propagate ?? 1})
  }
}

/** Builds a state from a seed. The same seed and randomness give the same state. @throws SeedError when something is missing */
export function loadSeed(seed: Seed, roles: Record<string, string[]>, random: Random, now: number): LoadedSeed {
  const state: State = {
    ...(seed.cluster !== undefined && {cluster: seed.cluster}),
    nodes: Object.fromEntries(seed.nodes.map((node, index) => [node.name, nodeState(node, index, now)])),
    guests: {},
    storages: {},
    volumes: {},
    pools: {},
    users: {},
    groups: {},
    roles: structuredClone(roles),
    acl: [],
    options: {...seed.options},
    tasks: [],
    log: [],
    sections: {
      domains: structuredClone(realms),
      ...structuredClone(seed.sections ?? {}),
      'built-in roles': Object.fromEntries(Object.keys(roles).map((role) => [role, {}])),
    },
    firewall: Object.fromEntries(
      Object.entries(seed.firewall ?? {}).map(([level, file]) => [
        level,
        {...emptyFirewall(), ...structuredClone(file)},
      ]),
    ),
    quorum: true,
    world: {...seed.world},
  }
  for (const {storage, type, total, used, config} of seed.storages ?? []) {
    state.storages[storage] = {
      storage,
      type,
      config: {...config},
      total: bytes(total, 500 * GiB),
      used: bytes(used, 20 * GiB),
    }
  }
  for (const node of seed.nodes) state.nodes[node.name]!.disks = localDisks(state, node.name, node.disks)
  for (const {poolid, comment, storage} of seed.pools ?? []) {
    state.pools[poolid] = {storage: storage ?? [], ...(comment !== undefined && {comment})}
  }
  addAccess(state, seed, random)
  addVolumes(state, seed, now)
  for (const entry of seed.guests ?? []) {
    const guest = guestState(entry, random, now)
    state.guests[guest.vmid] = guest
    addGuestVolumes(state, guest, now)
  }
  state.log.push({
    node: seed.nodes[0]!.name,
    uid: 1,
    time: now,
    pri: 6,
    tag: 'cluster',
    pid: 86,
    user: 'root',
    msg: 'starting cluster log',
  })
  return {state: withTables(state), token: readyToken(state, seed.token)}
}

/** The token that is asked for, or the first one. @throws SeedError when there is none */
export function readyToken(state: State, wanted: string | undefined): {id: string; secret: string} {
  for (const user of Object.values(state.users)) {
    for (const [name, token] of Object.entries(user.tokens)) {
      const id = `${user.userid}!${name}`
      if (wanted === undefined || wanted === id) return {id, secret: token.secret}
    }
  }
  throw new SeedError(wanted === undefined ? 'tokens: at least one is needed' : `token: there is no '${wanted}'`)
}
