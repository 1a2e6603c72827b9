import type {Config, Observed, Value} from 'pmpc/kit/resources'
import {nameOf, type Cluster} from '../estate.js'
import {MARK, type GeneratedFile, type Target} from '../generated.js'
import {identifier, Names, variablesOf} from '../terraform/names.js'
import {storageOf} from '../terraform/rows/guests.js'

/** Below `iac/`. */
export const folder = 'terraform-telmate'

/**
 * Terraform for the provider Telmate/proxmox: best effort. Its templates say what is written; what they do not say is told nowhere, and whether a plan
 * is empty nobody has proved.
 */
export const telmate: Target = async ({clusters}, texts) => {
  const variables = variablesOf(clusters.map(({name}) => name))
  const aliases = new Names()
  const all = clusters.map((cluster) => ({cluster, alias: aliases.name(cluster.name, identifier(cluster.name))}))
  const names = new Names()
  const named = (cluster: Cluster, {kind, id}: Observed): string => {
    const words = all.length === 1 ? `${kind}_${id}` : `${cluster.name}_${kind}_${id}`
    return names.name(`${cluster.name}/${kind}/${id}`, words)
  }
  const file = (path: string, template: string, context: object): GeneratedFile => ({
    path: `${folder}/${path}`,
    text: texts.render(`telmate/${template}.njk`, {mark: MARK, ...context}),
  })
  const settings = all.map(({cluster: {name, config}, alias}) => ({
    ...{alias, variable: variables.get(name)!, token: config.token},
    url: `${config.endpoints[0] ?? ''}/api2/json`,
  }))
  const guests = all.flatMap(({cluster, alias}) =>
    (
      [
        ['vm', 'vm.tf', vmOf],
        ['container', 'container.tf', containerOf],
      ] as const
    ).flatMap(([kind, template, told]) =>
      cluster.of(kind).map((object): GeneratedFile => {
        const resource = named(cluster, object)
        return {
          ...file(`${resource}.tf`, template, {resource, alias, ...told(object)}),
          objects: [nameOf(cluster, object)],
        }
      }),
    ),
  )
  const pools = all.flatMap(({cluster, alias}) =>
    cluster.of('pool').map((object) => ({
      ...{resource: named(cluster, object), alias, id: String(object.id), comment: text(object.config.comment)},
    })),
  )
  const files = [
    file('versions.tf', 'versions.tf', {}),
    file('providers.tf', 'providers.tf', {clusters: settings}),
    ...guests,
    ...(pools.length > 0 ? [file('pools.tf', 'pools.tf', {pools})] : []),
  ]
  return {files, ledger: [], verdicts: []}
}

const text = (value: Value | undefined, absent = ''): string =>
  value === undefined ? absent : typeof value === 'object' ? '' : String(value)
const number = (value: Value | undefined, absent: number): number =>
  Number.isFinite(Number(value)) && value !== undefined ? Number(value) : absent
const isOn = (value: Value | undefined): boolean => Number(value) === 1

const slotsOf = (config: Config, pattern: RegExp): [string, Config][] =>
  Object.entries(config)
    .flatMap(([key, value]): [string, Config][] =>
      pattern.test(key) && typeof value === 'object' && !Array.isArray(value) ? [[key, value]] : [],
    )
    .sort(([a], [b]) => (stemOf(a) === stemOf(b) ? slotOf(a) - slotOf(b) : stemOf(a) < stemOf(b) ? -1 : 1))

const stemOf = (key: string): string => key.replace(/\d+$/, '')
const slotOf = (key: string): number => Number(/\d+$/.exec(key)?.[0] ?? 0)

/** What both have in common. */
const guestOf = ({id, config, facts}: Observed, type: string) => ({
  ...{id: `${text(facts.node)}/${type}/${id}`, vmid: Number(id), node: text(facts.node), pool: text(facts.pool)},
  description: text(config.description),
  tags: [config.tags ?? []].flat().map(String).join(';'),
  onboot: isOn(config.onboot),
  memory: number(config.memory, 512),
  cores: number(config.cores, 1),
})

function vmOf(object: Observed): object {
  const {config} = object
  const [cpu = {}, agent = {}, machine = {}, boot = {}] = ['cpu', 'agent', 'machine', 'boot'].map((key) =>
    mapAt(config, key),
  )
  return {
    ...guestOf(object, 'qemu'),
    name: text(config.name),
    bios: text(config.bios, 'seabios'),
    machine: text(machine.type ?? config.machine),
    ostype: text(config.ostype, 'other'),
    scsihw: text(config.scsihw, 'lsi'),
    boot: boot.order === undefined ? '' : `order=${[boot.order].flat().map(String).join(';')}`,
    agent: isOn(agent.enabled) ? 1 : 0,
    balloon: number(config.balloon, 0),
    sockets: number(config.sockets, 1),
    cpu: text(cpu.cputype, 'kvm64'),
    disks: slotsOf(config, /^(?:ide|sata|scsi|virtio)\d+$/).map(([slot, drive]) => driveOf(slot, drive)),
    cards: slotsOf(config, /^net\d+$/).map(([key, card]) => ({
      ...{id: slotOf(key), model: text(card.model), bridge: text(card.bridge), mac: text(card.macaddr)},
      ...{tag: number(card.tag, 0), firewall: isOn(card.firewall)},
    })),
  }
}

function driveOf(slot: string, drive: Config): object {
  const file = text(drive.file)
  const storage = storageOf(file) ?? ''
  if (file.includes('cloudinit')) return {slot, type: 'cloudinit', storage}
  if (drive.media === 'cdrom' || file === 'none') return {slot, type: 'cdrom', iso: file === 'none' ? '' : file}
  return {slot, type: 'disk', storage, size: text(drive.size)}
}

const mapAt = (config: Config, key: string): Config => {
  const value = config[key]
  return typeof value === 'object' && !Array.isArray(value) ? value : {}
}

function containerOf(object: Observed): object {
  const {config} = object
  const rootfs = mapAt(config, 'rootfs')
  return {
    ...guestOf(object, 'lxc'),
    name: text(config.hostname),
    unprivileged: isOn(config.unprivileged),
    ostype: text(config.ostype, 'unmanaged'),
    swap: number(config.swap, 0),
    rootfs: {storage: storageOf(rootfs.volume) ?? '', size: text(rootfs.size)},
    points: slotsOf(config, /^mp\d+$/).map(([key, point]) => ({
      ...{key: String(slotOf(key)), slot: slotOf(key), path: text(point.mp), size: text(point.size)},
      storage: storageOf(point.volume) ?? text(point.volume),
    })),
    cards: slotsOf(config, /^net\d+$/).map(([, card]) => ({
      ...{name: text(card.name), bridge: text(card.bridge), mac: text(card.hwaddr), firewall: isOn(card.firewall)},
      ...{ip: text(card.ip), ip6: text(card.ip6), gw: text(card.gw)},
    })),
  }
}
