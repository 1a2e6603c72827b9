import {isIP, isIPv4} from 'node:net'
import type {Config, Observed, Value, ValueMap} from 'pmpc/kit/resources'
import type {Data} from './yaml.js'

/** Where a host can be reached, and from which key that is known: `192.0.2.31`, `ipconfig0`. */
export interface Address {
  address: string
  source: string
}

/** What a guest runs with at the moment: its configuration, but for changes that wait for the next start. */
export function effective({config, running = {}}: Observed): Config {
  const now: Config = {...config}
  for (const [key, value] of Object.entries(running)) {
    if (value === null) delete now[key]
    else now[key] = value
  }
  return now
}

/** A network card, with the addresses that were written down for it. */
interface Card {
  /** `net0`. */
  id: string
  card: ValueMap
  /** The key and the map that hold its addresses: `ipconfig0` of a VM, `net0` itself of a container. */
  source: string
  ip: ValueMap
}

function cardsOf(config: Config): Card[] {
  return Object.keys(config)
    .flatMap((key) => /^net(\d+)$/.exec(key)?.[1] ?? [])
    .sort((a, b) => Number(a) - Number(b))
    .map((n) => {
      const card = asMap(config[`net${n}`])
      const cloudInit = config[`ipconfig${n}`]
      return cloudInit === undefined
        ? {id: `net${n}`, card, source: `net${n}`, ip: card}
        : {id: `net${n}`, card, source: `ipconfig${n}`, ip: asMap(cloudInit)}
    })
}

const asMap = (value: Value | undefined): ValueMap => (typeof value === 'object' && !Array.isArray(value) ? value : {})

/** An address without its prefix; none of `dhcp`, `auto`, `manual` and of what is no address. */
function plainAddress(value: Value | undefined): string | undefined {
  const address = typeof value === 'string' ? value.replace(/\/\d+$/, '') : ''
  return isIP(address) > 0 && !address.includes('%') ? address : undefined
}

/** The first address that is written down for a card with its link up: of version 4, else of 6. */
export function staticAddress(config: Config): Address | undefined {
  const all = cardsOf(config).flatMap(({card, source, ip}) =>
    card.link_down === 1
      ? []
      : [plainAddress(ip.ip), plainAddress(ip.ip6)].flatMap((address) => (address ? [{address, source}] : [])),
  )
  return all.find(({address}) => isIPv4(address)) ?? all[0]
}

/** What Ansible is told of a guest, for `host_vars/HOST/pve.yml`. */
export function guestVars(guest: Observed, address: Address | undefined): Record<string, Data> {
  const {config, facts} = guest
  const now = effective(guest)
  const [kind, name] = guest.kind === 'vm' ? ['qemu', config.name] : ['lxc', config.hostname]
  return present({
    pve_kind: kind,
    pve_vmid: Number(guest.id),
    pve_name: scalar(name),
    pve_node: facts.node,
    pve_pool: facts.pool,
    pve_status: facts.status,
    pve_template: config.template === 1,
    pve_tags: tagsOf(guest),
    pve_ostype: scalar(config.ostype),
    pve_os_family: osFamily(guest),
    pve_onboot: config.onboot === 1,
    pve_ip_source: address?.source ?? 'none',
    pve_vcpus: vcpus(guest, now),
    ...memory(now),
    pve_nics: cardsOf(now).map(nic),
    pve_description: scalar(config.description),
    pve_config: audited(config),
  })
}

function nic({id, card, ip}: Card): Record<string, Data> {
  return present({
    id,
    bridge: scalar(card.bridge),
    // Of a card PVE may be left to make the address up.
    mac: scalar(card.macaddr ?? card.hwaddr)
      ?.toString()
      .toLowerCase(),
    vlan: scalar(card.tag),
    ip: scalar(ip.ip),
    ip6: scalar(ip.ip6),
  })
}

/** PVE's defaults: qemu-server, PVE/QemuServer.pm ($confdesc), pve-container, PVE/LXC/Config.pm ($confdesc). */
const memoryOfNone = 512

function vcpus({kind}: Observed, {vcpus: plugged, cores, sockets}: Config): Data | undefined {
  // A container without a number has all of its node's.
  if (kind !== 'vm') return whole(cores)
  return whole(plugged) ?? (whole(cores) ?? 1) * (whole(sockets) ?? 1)
}

/** How much it has, and how much the balloon leaves it. */
function memory({memory: most, balloon}: Config): Record<string, Data> {
  const size = whole(most) ?? whole(asMap(most).current) ?? memoryOfNone
  const least = whole(balloon) ?? size
  return {pve_memory_mib: size, pve_memory_min_mib: least > 0 && least < size ? least : size}
}

const whole = (value: Value | undefined): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) ? value : undefined

/** Keys that playbooks/pve-audit.yml compares with what the API says. */
const auditedKeys = [
  ...['name', 'hostname', 'ostype', 'cores', 'sockets', 'vcpus', 'memory', 'balloon', 'swap'],
  ...['onboot', 'protection', 'template'],
]

const audited = (config: Config): Record<string, Data> =>
  present(Object.fromEntries(auditedKeys.map((key) => [key, scalar(config[key])])))

export function tagsOf({config: {tags}}: Observed): string[] {
  return Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string') : []
}

/** Families of systems that are no distributions of Linux: none of them is a container's. */
export const vmFamilies = ['linux', 'windows', 'solaris', 'other']

/** The family of a VM's system by PVE's name of it; one that is not named here is the last. */
const families: readonly [RegExp, string][] = [
  [/^l2[46]$/, 'linux'],
  [/^(?:win|wxp$|w2k|wvista$)/, 'windows'],
  [/^solaris$/, 'solaris'],
  [/^/, 'other'],
]

/** `linux`, `windows`, `solaris`, `other`; of a container, `debian`, `alpine`, … as PVE says. */
export function osFamily({kind, config: {ostype}}: Observed): string {
  const type = typeof ostype === 'string' ? ostype : 'other'
  if (kind === 'vm') return families.find(([of]) => of.test(type))![1]
  return vmFamilies.includes(type) ? 'unmanaged' : type
}

/** What Ansible is told of a node. */
export function nodeVars({id, facts}: Observed, address: Address | undefined): Record<string, Data> {
  return present({
    pve_kind: 'node',
    pve_name: String(id),
    pve_version: facts.version,
    pve_ip_source: address?.source ?? 'none',
    pve_vcpus: facts.maxcpu,
    pve_memory_mib: typeof facts.maxmem === 'number' ? Math.floor(facts.maxmem / 2 ** 20) : undefined,
  })
}

export function nodeAddress({facts: {ip}}: Observed): Address | undefined {
  const address = plainAddress(ip)
  return address === undefined ? undefined : {address, source: 'cluster'}
}

const scalar = (value: Value | undefined): string | number | undefined =>
  typeof value === 'object' ? undefined : value

function present(map: Record<string, Data | undefined>): Record<string, Data> {
  return Object.fromEntries(
    Object.entries(map).filter((entry): entry is [string, Data] => entry[1] !== undefined && entry[1] !== null),
  )
}
