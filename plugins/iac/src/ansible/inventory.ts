import type {Observed} from 'pmpc/kit/resources'
import {nameOf, type Cluster} from '../estate.js'
import {
  effective,
  guestVars,
  nodeAddress,
  nodeVars,
  osFamily,
  staticAddress,
  tagsOf,
  vmFamilies,
  type Address,
} from './host.js'
import {FIXED, groupNames, hostNames} from './names.js'
import type {Data} from './yaml.js'

/** A host of an inventory. */
export interface Host {
  name: string
  /** Its full name. */
  object: string
  vars: Record<string, Data>
}

/** An inventory, as data. */
export interface Inventory {
  hosts: Host[]
  /** What `hosts.yml` holds. */
  groups: Record<string, Data>
  /** What the groups are about, by their names: `tag_a_b` and the tag `a-b`. Only those that are not spelled alike. */
  spelled: Record<string, string>
  hasWindows: boolean
}

interface Member {
  object: Observed
  name: string
  address: Address | undefined
}

/** A sort of groups: what it is called, and the texts that put a guest into one of it. */
interface Sort {
  prefix: string
  of(guest: Observed): readonly string[]
  claimed?: readonly string[]
}

const osOf = (guest: Observed): string[] => [osFamily(guest)]

const sorts: readonly Sort[] = [
  {prefix: 'node_', of: ({facts}) => texts(facts.node)},
  {prefix: 'os_', of: osOf, claimed: vmFamilies},
  {prefix: 'pool_', of: ({facts}) => texts(facts.pool)},
  {prefix: 'status_', of: ({facts}) => texts(facts.status), claimed: ['running', 'stopped']},
  {prefix: 'tag_', of: tagsOf},
]

const texts = (value: string | number | undefined): string[] => (value === undefined ? [] : [String(value)])

/** The inventory of a cluster. Templates are hosts of the group `templates` and of no other: nothing can be done on them. */
export function inventoryOf(cluster: Cluster): Inventory {
  const guests = [...cluster.of('vm'), ...cluster.of('container')]
  const nodes = cluster.of('node')
  const names = hostNames([...nodes, ...guests])
  const member = (object: Observed): Member => ({
    object,
    name: names.get(object)!,
    address: object.kind === 'node' ? nodeAddress(object) : staticAddress(effective(object)),
  })
  const isTemplate = ({config}: Observed) => config.template === 1
  const [here, templates] = [guests.filter((guest) => !isTemplate(guest)), guests.filter(isTemplate)]
  const {groups, spelled} = sortedGroups(here.map(member))
  const addressed = (kind: string) => hostsOf(here.filter((guest) => guest.kind === kind).map(member), true)
  const all: Record<string, Data> = {
    ...groups,
    [FIXED.guests]: {children: {[FIXED.lxc]: null, [FIXED.qemu]: null}},
    [FIXED.lxc]: addressed('container'),
    [FIXED.qemu]: addressed('vm'),
    [FIXED.nodes]: hostsOf(nodes.map(member), true),
    [FIXED.templates]: hostsOf(templates.map(member), false),
  }
  return {
    hosts: [...nodes, ...guests]
      .map(member)
      .map((one) => hostOf(cluster, one))
      .sort(byName),
    groups: {[FIXED.all]: {children: ordered(all)}},
    spelled,
    hasWindows: here.some((guest) => osFamily(guest) === 'windows'),
  }
}

const byName = (a: {name: string}, b: {name: string}) => (a.name < b.name ? -1 : 1)

const ordered = (map: Record<string, Data>): Record<string, Data> =>
  Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)))

/**
 * Hosts of a group. Addresses stand here and not in `host_vars`, as whatever people say there, or in `host_vars/HOST/main.yml`, then wins
 * (Ansible's "Understanding variable precedence": host variables of an inventory file come before those of host_vars).
 */
function hostsOf(members: readonly Member[], withAddress: boolean): Data {
  const hosts = [...members]
    .sort(byName)
    .map(({name, address}): [string, Data] => [name, withAddress && address ? {ansible_host: address.address} : null])
  return {hosts: Object.fromEntries(hosts)}
}

/** The groups by node, pool, tag, … */
function sortedGroups(members: readonly Member[]): {groups: Record<string, Data>; spelled: Record<string, string>} {
  const groups: Record<string, Data> = {}
  const spelled: Record<string, string> = {}
  const distributions = new Set<string>()
  for (const {prefix, of, claimed} of sorts) {
    const names = groupNames(
      prefix,
      members.flatMap(({object}) => of(object)),
      claimed,
    )
    for (const [text, name] of names) {
      const inside = members.filter(({object}) => of(object).includes(text))
      if (inside.length > 0 || isFixed(name)) groups[name] = hostsOf(inside, false)
      if (inside.length > 0 && name !== prefix + text) spelled[name] = text
      if (of === osOf && inside.some(({object}) => object.kind !== 'vm')) distributions.add(name)
    }
  }
  // What runs in containers is Linux, whatever its distribution.
  if (distributions.size > 0) {
    const children = Object.fromEntries([...distributions].sort().map((name) => [name, null]))
    groups[FIXED.linux] = {...(groups[FIXED.linux] as Record<string, Data>), children}
  }
  return {groups, spelled: Object.fromEntries(Object.entries(spelled).sort(([a], [b]) => (a < b ? -1 : 1)))}
}

const isFixed = (name: string): boolean => Object.values<string>(FIXED).includes(name)

function hostOf(cluster: Cluster, {object, name, address}: Member): Host {
  const vars = object.kind === 'node' ? nodeVars(object, address) : guestVars(object, address)
  return {name, object: nameOf(cluster, object), vars}
}
