import {tokenVariable} from 'pmpc/kit/proxmox'
import {compareNatural, type Config, type Observed, type Value, type ValueMap} from 'pmpc/kit/resources'
import {parseSize} from 'pmpc/kit/values'
import type {Cluster, Estate} from '../estate.js'
import {MARK} from '../generated.js'

/** What the tests of an infrastructure expect, below `iac/`: the one file that all of them read. */
export const EXPECTED = 'tests/expected.json'

/** The content of `expected.json`. */
export interface Expected {
  /** Always {@link MARK}, as the first key. */
  generatedBy: string
  clusters: Record<string, ExpectedCluster>
}

export interface ExpectedCluster {
  access: Access
  objects: ExpectedObjects
}

/** How a cluster is reached without pmpc: no secret, that stands in the variable. */
export interface Access {
  endpoints: string[]
  /** `USER@REALM!TOKEN`. */
  token: string
  /** The environment variable with the token's secret. */
  variable: string
  /** `system`: as the machine trusts; a company's CA is told to Node by NODE_EXTRA_CA_CERTS. */
  trust: {ca: string} | {fingerprint: string} | {system: true}
}

/** By sort of object and id. */
export interface ExpectedObjects {
  nodes: Record<string, {status: string}>
  bridges: Record<string, {interfaces: string[]}>
  storages: Record<string, {type: string; content: string[]}>
  pools: Record<string, Record<string, never>>
  ha: Record<string, {state: string}>
  backups: Record<string, ExpectedBackup>
  guests: Record<string, ExpectedGuest>
}

/** The guests, by their full names, that the text of an `expected.json` is about; none where it is none of pmpc's. */
export function guestsIn(text: string | undefined): string[] {
  try {
    const {clusters} = JSON.parse(text ?? '{"clusters":{}}') as Expected
    return Object.entries(clusters).flatMap(([cluster, {objects}]) =>
      Object.keys(objects.guests).map((guest) => `${cluster}/${guest}`),
    )
  } catch {
    return []
  }
}

export interface ExpectedBackup {
  enabled: boolean
  schedule: string | null
  storage: string | null
  /** Those that it covers: `vm/100`. */
  guests: string[]
}

export interface ExpectedGuest {
  kind: 'vm' | 'container'
  vmid: number
  name: string | null
  node: string
  status: string
  pool: string | null
  template: boolean
  onboot: boolean
  tags: string[]
  /** Cores times sockets; null of a container that may use all of its node. */
  cpus: number | null
  /** MiB. */
  memory: number
  /** By slot; bytes are null where Proxmox VE knows none, as of a folder of the host. */
  disks: Record<string, {storage: string | null; bytes: number | null}>
  nics: Record<string, {bridge: string | null; vlan: number | null; mac: string | null}>
  ostype: string | null
  /** `linux`, `windows`, `solaris` or `other`. */
  os: string
  /** That are set for good, without the length of the prefix. */
  addresses: string[]
  /** Whether Proxmox VE asks for a guest agent. */
  agent: boolean
  inside: ExpectedInside
}

/** What is seen from inside while it runs: as it was started, without changes that wait for its next start. The API tells it nobody. */
export interface ExpectedInside {
  /** Its name, where Proxmox VE sets it: of a container, and by cloud-init. */
  hostname: string | null
  cpus: number | null
  /** MiB: Proxmox VE takes a VM's memory down to the least while its node is short of it. */
  memory: {least: number; most: number}
  addresses: string[]
}

/** What tests expect of an estate: a pure function of what was recorded. */
export function expectedOf({clusters}: Estate): Expected {
  return {
    generatedBy: MARK,
    clusters: Object.fromEntries(
      clusters.map((cluster) => [cluster.name, {access: accessOf(cluster), objects: objectsOf(cluster)}]),
    ),
  }
}

function accessOf({name, config: {endpoints, token, trust}}: Cluster): Access {
  // The path of a CA's file is this machine's; who runs the tests elsewhere has it elsewhere.
  return {endpoints, token, variable: tokenVariable(name), trust: 'caFile' in trust ? {system: true} : trust}
}

/** What is expected of the objects of a cluster; the same of what is there now is what an audit finds. */
export function objectsOf(cluster: Pick<Cluster, 'of' | 'get'>): ExpectedObjects {
  const guests = [...cluster.of('vm'), ...cluster.of('container')]
  const byId = <T>(objects: readonly Observed[], read: (object: Observed) => T): Record<string, T> =>
    Object.fromEntries(objects.map((object) => [String(object.id), read(object)]))
  return {
    nodes: byId(cluster.of('node'), ({facts}) => ({status: text(facts.status) ?? 'unknown'})),
    bridges: byId(cluster.of('network'), ({config}) => ({interfaces: bridgesIn(config)})),
    storages: byId(cluster.of('storage'), ({config}) => ({
      type: text(config.type) ?? '',
      content: list(config.content),
    })),
    pools: byId(cluster.of('pool'), () => ({})),
    ha: byId(cluster.of('ha-resource'), ({facts}) => ({state: text(facts.state) ?? 'started'})),
    backups: byId(cluster.of('backup-job'), (job) => backupOf(job, guests)),
    guests: Object.fromEntries(guests.map((guest) => [guestKey(guest), guestOf(guest)])),
  }
}

const guestKey = ({kind, id}: Observed): string => `${kind}/${id}`

function bridgesIn(config: Config): string[] {
  return Object.entries(config)
    .filter(([, value]) => /^(?:bridge|OVSBridge)$/.test(text(map(value).type) ?? ''))
    .map(([name]) => name)
    .sort()
}

function backupOf({config}: Observed, guests: readonly Observed[]): ExpectedBackup {
  return {
    enabled: config.enabled !== 0,
    schedule: text(config.schedule) ?? null,
    storage: text(config.storage) ?? null,
    guests: guests.filter((guest) => isCovered(guest, config)).map(guestKey),
  }
}

/** pve-manager, PVE/VZDump.pm (get_included_guests): a pool's own members, no other pool's inside it; a node's where one is named. */
function isCovered({id, facts}: Observed, {all, vmid, exclude, pool, node}: Config): boolean {
  if (node !== undefined && facts.node !== node) return false
  if (pool !== undefined) return facts.pool === pool
  if (all === 1) return !list(exclude).includes(String(id))
  return list(vmid).includes(String(id))
}

function guestOf(guest: Observed): ExpectedGuest {
  const {kind, id, config, facts} = guest
  const isVm = kind === 'vm'
  return {
    kind: isVm ? 'vm' : 'container',
    vmid: Number(id),
    name: nameIn(isVm, config),
    node: text(facts.node) ?? '',
    status: text(facts.status) ?? 'unknown',
    pool: text(facts.pool) ?? null,
    template: config.template === 1,
    onboot: config.onboot === 1,
    tags: list(config.tags),
    cpus: cpusIn(isVm, config),
    memory: memoryIn(config),
    disks: Object.fromEntries((isVm ? drives(config) : volumes(config)).map(([slot, disk]) => [slot, diskOf(disk)])),
    nics: Object.fromEntries(nets(config).map(([slot, net]) => [slot, nicOf(net)])),
    ostype: text(config.ostype) ?? null,
    os: osOf(isVm, text(config.ostype)),
    addresses: addressesIn(isVm, config),
    agent: map(config.agent).enabled === 1,
    inside: insideOf(isVm, effective(guest)),
  }
}

function insideOf(isVm: boolean, config: Config): ExpectedInside {
  const [most, least] = [memoryIn(config), isVm ? number(config.balloon, 0) : 0]
  return {
    hostname: isVm && !hasCloudInit(config) ? null : nameIn(isVm, config),
    cpus: (isVm ? number(config.vcpus, null) : null) ?? cpusIn(isVm, config),
    memory: {least: least > 0 ? Math.min(least, most) : most, most},
    addresses: addressesIn(isVm, config),
  }
}

/** What a guest runs with. */
function effective({config, running = {}}: Observed): Config {
  const gone = Object.keys(running).filter((key) => running[key] === null)
  const all = Object.entries({...config, ...running}).filter(([key]) => !gone.includes(key))
  return Object.fromEntries(all) as Config
}

const nameIn = (isVm: boolean, {name, hostname}: Config): string | null => text(isVm ? name : hostname) ?? null

/** Defaults of qm.conf(5); a container without a number has all of its node's. */
function cpusIn(isVm: boolean, {cores, sockets}: Config): number | null {
  return isVm ? number(cores, 1) * number(sockets, 1) : number(cores, null)
}

/** The default of qm.conf(5) and pct.conf(5). */
const memoryIn = ({memory}: Config): number => number(map(memory).current ?? memory, 512)

const nets = (config: Config): [string, ValueMap][] => slots(config, /^net\d+$/)

const nicOf = ({bridge, tag, macaddr, hwaddr = macaddr}: ValueMap): ExpectedGuest['nics'][string] => ({
  bridge: text(bridge) ?? null,
  vlan: number(tag, null),
  mac: text(hwaddr)?.toUpperCase() ?? null,
})

/** Drives with a disk in it, in the order of their slots. */
function drives(config: Config): [string, ValueMap][] {
  return slots(config, /^(?:ide|sata|scsi|virtio)\d+$/).filter(
    ([, {media, file}]) => media !== 'cdrom' && file !== 'none',
  )
}

/** Whether a drive for cloud-init is there, which tells a VM its name (qemu-server, PVE/QemuServer/Cloudinit.pm). */
function hasCloudInit(config: Config): boolean {
  return slots(config, /^(?:ide|sata|scsi|virtio)\d+$/).some(([, {file}]) => /-cloudinit\b/.test(text(file) ?? ''))
}

function volumes(config: Config): [string, ValueMap][] {
  return slots(config, /^(?:rootfs|mp\d+)$/)
}

function diskOf({file, volume = file, size}: ValueMap): {storage: string | null; bytes: number | null} {
  const storage = /^([\w.-]+):/.exec(text(volume) ?? '')?.[1] ?? null
  return {storage, bytes: (size === undefined ? undefined : parseSize(String(size))) ?? null}
}

/** The system of a guest, as what is run in it differs by it (qm.conf(5), ostype). Each container runs Linux. */
function osOf(isVm: boolean, ostype: string | undefined): string {
  if (!isVm || /^l2[46]$/.test(ostype ?? '')) return 'linux'
  if (/^w/.test(ostype ?? '')) return 'windows'
  return ostype === 'solaris' ? 'solaris' : 'other'
}

/** Words in the place of an address. */
const noAddress = /^(?:dhcp|auto|manual)$/

function addressesIn(isVm: boolean, config: Config): string[] {
  return (isVm ? slots(config, /^ipconfig\d+$/) : nets(config))
    .flatMap(([, {ip, ip6}]) => [ip, ip6])
    .flatMap((address) => text(address) ?? [])
    .filter((address) => !noAddress.test(address))
    .map((address) => address.replace(/\/\d+$/, ''))
}

function slots(config: Config, pattern: RegExp): [string, ValueMap][] {
  return Object.keys(config)
    .filter((key) => pattern.test(key))
    .sort(compareNatural)
    .map((key) => [key, map(config[key])])
}

const map = (value: Value | undefined): ValueMap => (typeof value === 'object' && !Array.isArray(value) ? value : {})

const list = (value: Value | undefined): string[] => (Array.isArray(value) ? value.map(String) : [])

const text = (value: Value | undefined): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined

function number<Otherwise extends number | null>(value: Value | undefined, otherwise: Otherwise): number | Otherwise {
  const read = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN
  return Number.isFinite(read) ? read : otherwise
}
