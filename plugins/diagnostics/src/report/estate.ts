import type {ClusterState, Config, Observed, Scalar, Value} from 'pmpc/kit/resources'
import {encode, keyInfo} from 'pmpc/kit/values'
import {firewallsOf} from './firewalls.js'
import {interfacesText} from './interfaces.js'

/** A seed of the simulator, `pmpc simulator start --seed FILE`; its README tells what may stand in it. */
export type Estate = Record<string, unknown> & {nodes: unknown[]}

type Row = Record<string, unknown>

/** How an object of a kind is a section of a file of the cluster. */
interface SectionRow {
  /** The name under which the simulator keeps the file. */
  file: string
  /** What the section is called; its id unless given. */
  name?: (one: Observed, objects: readonly Observed[]) => string
  /** What stands in it beside what was recorded as its configuration. */
  beside?: (one: Observed) => Row
  /** Keys that are recorded with it, and are sections of their own. */
  without?: readonly string[]
}

/** Kinds that are sections. What needs a secret to be what it is, is not among them. */
const SECTIONS: Readonly<Partial<Record<Observed['kind'], SectionRow>>> = {
  realm: {file: 'domains'},
  'realm-sync': {file: 'jobs/realm-sync'},
  'backup-job': {file: 'jobs', beside: () => ({type: 'vzdump'})},
  'replication-job': {file: 'replication', beside: replicated},
  'ha-resource': {file: 'ha/resources', name: sidOf, beside: ({facts}) => ({state: facts.state})},
  'ha-group': {file: 'ha/groups'},
  'ha-rule': {file: 'ha/rules'},
  'metric-server': {file: 'status'},
  'sdn-zone': {file: 'sdn/zones'},
  'sdn-vnet': {file: 'sdn/vnets', without: ['subnets']},
  'sdn-controller': {file: 'sdn/controllers'},
  'pci-mapping': {file: 'mapping/pci', beside: mapped},
  'usb-mapping': {file: 'mapping/usb', beside: mapped},
  'dir-mapping': {file: 'mapping/dir', beside: mapped},
}

function sidOf({id}: Observed, objects: readonly Observed[]): string {
  const isVm = objects.some((one) => one.kind === 'vm' && one.id === id)
  return `${isVm ? 'vm' : 'ct'}:${id}`
}

function replicated({id, facts}: Observed): Row {
  const [guest, jobnum] = String(id).split('-').map(Number)
  return {type: 'local', id, guest, jobnum, source: facts.source}
}

/** By node the devices, each a property string. */
function mapped({config: {map}}: Observed): Row {
  const entries = typeof map === 'object' && !Array.isArray(map) ? Object.entries(map) : []
  return {
    map: entries.flatMap(([node, devices]) =>
      [devices]
        .flat()
        .map((device) =>
          [`node=${node}`, ...Object.entries(device as Config).map(([key, value]) => `${key}=${value as Scalar}`)].join(
            ',',
          ),
        ),
    ),
  }
}

/** What was recorded of a cluster, as what a simulated one begins with. Secrets are in neither. */
export function estateOf({cluster, objects}: ClusterState): Estate {
  const of = (kind: Observed['kind']): Observed[] => objects.filter((one) => one.kind === kind)
  const each = (kind: Observed['kind'], make: (one: Observed, config: Row) => Row): Row[] =>
    of(kind).map((one) => made(make(one, sent(one, one.config))))
  const nodes = of('node').map((one) =>
    nodeOf(
      one,
      of('network').find(({id}) => id === one.id),
    ),
  )
  const known = new Set(of('user').map(({id}) => String(id)))
  return {
    ...(nodes.length > 1 && {cluster: cluster.replaceAll(/[^A-Za-z0-9-]/g, '-').slice(0, 15)}),
    nodes,
    users: each('user', ({id, config}, {comment, email, firstname, lastname, enable, expire}) => ({
      ...{userid: id, comment, email, firstname, lastname, enable, expire},
      groups: config.groups,
    })),
    groups: each('group', ({id}, {comment}) => ({groupid: id, comment})),
    roles: of('role')
      .filter(({facts}) => facts.special !== 1)
      .map(({id, config}) => ({roleid: id, privs: config.privs ?? []})),
    tokens: of('user').flatMap(tokensOf),
    acl: of('acl').flatMap(({config}) => aclOf(config, known)),
    storages: each('storage', ({id}, {type, ...config}) => ({storage: id, type, config})),
    pools: each('pool', ({id, config}, {comment}) => ({poolid: id, comment, storage: config.storage})),
    options: Object.assign({}, ...each('options', (_, config) => config)) as Row,
    guests: [...of('vm'), ...of('container')].map(guestOf),
    firewall: firewallsOf(objects),
    sections: sectionsOf(objects),
  }
}

/** Without what there is not. */
function made(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined))
}

/** Values as the API tells them: a number where it has one; the memory of a VM is a text. */
function sent({kind}: Observed, config: Config): Record<string, Scalar> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      const isNumber = typeof value === 'number' && !(keyInfo(kind, key).known && keyInfo(kind, key).type === 'string')
      return [key, isNumber ? value : encode(kind, key, value)]
    }),
  )
}

function nodeOf(node: Observed, network: Observed | undefined): Row {
  const {dns, hosts, timezone, ...config} = node.config
  const {ip, maxcpu, maxmem, status} = node.facts
  return made({
    name: String(node.id),
    ip,
    cpus: maxcpu,
    memory: maxmem,
    offline: status === 'online' ? undefined : true,
    hosts,
    dns,
    timezone,
    config: sent(node, config),
    ...(network && interfacesText(network.config)),
  })
}

function guestOf(guest: Observed): Row {
  const {config, running = {}, facts, snapshots} = guest
  const own = sent(guest, withoutRows(config))
  const changed = Object.keys(running)
  const runs = sent(
    guest,
    Object.fromEntries(Object.entries(running).filter((entry): entry is [string, Value] => entry[1] !== null)),
  )
  const pending = changed.filter((key) => own[key] !== undefined)
  return made({
    vmid: Number(guest.id),
    type: guest.kind === 'vm' ? 'qemu' : 'lxc',
    node: facts.node,
    pool: facts.pool,
    running: facts.status === 'running' ? true : undefined,
    config: {...Object.fromEntries(Object.entries(own).filter(([key]) => !changed.includes(key))), ...runs},
    pending: pending.length > 0 ? Object.fromEntries(pending.map((key) => [key, own[key]])) : undefined,
    pendingDelete: changed.length > pending.length ? changed.filter((key) => own[key] === undefined) : undefined,
    snapshots: snapshots?.toSorted((a, b) => (a.snaptime ?? 0) - (b.snaptime ?? 0)).map(snapshotOf),
  })
}

/** Lines that Proxmox VE hands on to LXC are no key of the API. */
function withoutRows({lxc: _lxc, ...config}: Config): Config {
  return config
}

function snapshotOf({name, description, parent, snaptime}: NonNullable<Observed['snapshots']>[number]): Row {
  return made({name, description, parent, snaptime})
}

function tokensOf({id, config: {tokens}}: Observed): Row[] {
  if (typeof tokens !== 'object' || Array.isArray(tokens)) return []
  return Object.entries(tokens).map(([name, token]) => {
    const {privsep, expire, comment} = token as Config
    return made({tokenid: `${id}!${name}`, privsep, expire, comment})
  })
}

/** `config["/vms/110"]["@shop"]: [Operator:propagate=0]`. Who is not there any more is left out. */
function aclOf(config: Config, known: ReadonlySet<string>): Row[] {
  return Object.entries(config)
    .flatMap(([path, whom]) =>
      Object.entries(whom as Record<string, Scalar[]>).flatMap(([who, roles]) =>
        [roles].flat().map((role) => {
          const [roleid, propagate] = String(role).split(':propagate=')
          const type = who.startsWith('@') ? 'group' : who.includes('!') ? 'token' : 'user'
          return made({path, roleid, [type]: who.replace(/^@/, ''), propagate: propagate === '0' ? 0 : undefined})
        }),
      ),
    )
    .filter(({user}) => user === undefined || known.has(String(user)))
}

function sectionsOf(objects: readonly Observed[]): Record<string, Record<string, Row>> {
  const sections: Record<string, Record<string, Row>> = {}
  for (const one of objects) {
    const row = SECTIONS[one.kind]
    if (!row) continue
    const kept = Object.fromEntries(Object.entries(one.config).filter(([key]) => !row.without?.includes(key)))
    const section = (sections[row.file] ??= {})
    section[row.name?.(one, objects) ?? String(one.id)] = made({...sent(one, kept), ...row.beside?.(one)})
  }
  return sections
}
