import {compareNatural} from 'pmpc/kit/resources'
import {Raw, type Block, type Body} from '../terraform/hcl.js'
import type {ExpectedGuest} from './expected.js'

/** What is compared of a resource: an expression of what stands in the code, and one of what is expected. */
export interface Assertion {
  /** `memory`, `disks.scsi0.bytes`. */
  field: string
  found: string
  expected: string
}

/** A field that a resource has one of. */
interface Row {
  field: keyof ExpectedGuest
  /** The attribute or the block that it stands in. */
  of: string
  found: (resource: string) => string
  /** It is something where it is not in the code, too: what the provider takes then. */
  hasDefault?: true
}

/** The first block of a sort, an attribute of it, and what the provider takes for one that is left out. */
const within = (block: string, attribute: string, otherwise: number | boolean) => (resource: string) =>
  `try(coalesce(${resource}.${block}[0].${attribute}, ${otherwise}), ${otherwise})`

const plain = (attribute: string) => (resource: string) => `${resource}.${attribute}`

const both: readonly Row[] = [
  {field: 'vmid', of: 'vm_id', found: plain('vm_id')},
  {field: 'node', of: 'node_name', found: plain('node_name')},
  {field: 'template', of: 'template', found: (one) => `coalesce(${one}.template, false)`, hasDefault: true},
  {field: 'tags', of: 'tags', found: (one) => `[for tag in try(sort(${one}.tags), []) : tag]`, hasDefault: true},
  {field: 'memory', of: 'memory', found: within('memory', 'dedicated', 512), hasDefault: true},
]

const rows: Readonly<Record<ExpectedGuest['kind'], readonly Row[]>> = {
  vm: [
    ...both,
    {field: 'name', of: 'name', found: plain('name')},
    {field: 'pool', of: 'pool_id', found: plain('pool_id')},
    {field: 'onboot', of: 'on_boot', found: plain('on_boot')},
    {
      field: 'cpus',
      of: 'cpu',
      found: (one) => `${within('cpu', 'cores', 1)(one)} * ${within('cpu', 'sockets', 1)(one)}`,
      hasDefault: true,
    },
    {field: 'agent', of: 'agent', found: within('agent', 'enabled', false), hasDefault: true},
  ],
  container: [
    ...both,
    {field: 'name', of: 'initialization', found: (one) => `${one}.initialization[0].hostname`},
    {field: 'onboot', of: 'start_on_boot', found: plain('start_on_boot')},
    {field: 'cpus', of: 'cpu', found: within('cpu', 'cores', 1)},
  ],
}

/** The blocks in which network cards and disks stand. */
export const places = {
  vm: {nic: 'network_device', disk: 'disk'},
  container: {nic: 'network_interface', disk: 'disk'},
} as const satisfies Record<ExpectedGuest['kind'], unknown>

/**
 * What a resource of a guest is to say, as far as it says it. What the code leaves alone, as it cannot be told in the provider's words, is not
 * asked for; a value that the provider fills in is.
 * @param resource `proxmox_virtual_environment_vm.vm_100`
 * @param wanted where what is expected stands: `var.expected.guests["vm/100"]`
 */
export function assertionsOf(resource: string, wanted: string, body: Body, guest: ExpectedGuest): Assertion[] {
  const blocks = (type: string) => body.filter((item): item is Block => 'body' in item && item.type === type)
  const isThere = (name: string) => blocks(name).length > 0 || valueIn(body, name) !== undefined
  const ignored = ignoredIn(blocks('lifecycle'))
  const plainOnes = rows[guest.kind].flatMap(({field, of, found, hasDefault}): Assertion[] => {
    const isAsked = isThere(of) || (hasDefault === true && !ignored.has(of))
    if (!isAsked || guest[field] === null) return []
    return [{field, found: found(resource), expected: `${wanted}.${field}`}]
  })
  const {nic, disk} = places[guest.kind]
  return [
    ...plainOnes,
    ...(guest.kind === 'vm' ? disksIn : rootIn)(resource, wanted, blocks(disk), guest),
    ...nicsIn(`${resource}.${nic}`, wanted, blocks(nic), guest),
  ]
}

const valueIn = (body: Body, name: string) =>
  body.flatMap((item) => ('value' in item && item.name === name ? [item.value] : []))[0]

function ignoredIn(lifecycles: readonly Block[]): ReadonlySet<string> {
  const lists = lifecycles.map(({body}) => valueIn(body, 'ignore_changes')).filter((list) => Array.isArray(list))
  return new Set(lists.flat().flatMap((name: unknown) => (name instanceof Raw ? [name.text] : [])))
}

/** The provider counts whole GiB. */
const gibibytes = (wanted: string, slot: string) => `floor(${wanted}.disks.${slot}.bytes / ${2 ** 30})`

function disksIn(resource: string, wanted: string, blocks: readonly Block[], {disks}: ExpectedGuest): Assertion[] {
  const written = new Map(blocks.map(({body}) => [valueIn(body, 'interface'), body]))
  const slots = Object.keys(disks).filter((slot) => written.has(slot))
  const sized = slots.filter((slot) => disks[slot]!.bytes !== null && valueIn(written.get(slot)!, 'size') !== undefined)
  const isWhole = slots.length === Object.keys(disks).length && slots.length === blocks.length
  return [
    ...(isWhole ? [{field: 'disks', found: `length(${resource}.disk)`, expected: `length(${wanted}.disks)`}] : []),
    ...sized.map((slot) => ({
      field: `disks.${slot}.bytes`,
      found: `one([for disk in ${resource}.disk : disk.size if disk.interface == ${JSON.stringify(slot)}])`,
      expected: gibibytes(wanted, slot),
    })),
  ]
}

function rootIn(resource: string, wanted: string, blocks: readonly Block[], {disks}: ExpectedGuest): Assertion[] {
  const hasSize = blocks.some(({body}) => valueIn(body, 'size') !== undefined)
  if (!hasSize || (disks.rootfs?.bytes ?? null) === null) return []
  return [{field: 'disks.rootfs.bytes', found: `${resource}.disk[0].size`, expected: gibibytes(wanted, 'rootfs')}]
}

/** A card that has none says nothing, and the provider then reads nothing or an empty text. */
const told = (expression: string) => `coalesce(${expression}, "none")`

function nicsIn(cards: string, wanted: string, blocks: readonly Block[], {nics}: ExpectedGuest): Assertion[] {
  const slots = Object.keys(nics).sort(compareNatural)
  if (blocks.length !== slots.length) return []
  return slots.flatMap((slot, at) => {
    const [card, expected] = [`${cards}[${at}]`, `${wanted}.nics.${slot}`]
    const {body} = blocks[at]!
    const isTold = (name: string) => valueIn(body, name) !== undefined
    return [
      ...(isTold('bridge')
        ? [{field: `nics.${slot}.bridge`, found: told(`${card}.bridge`), expected: told(`${expected}.bridge`)}]
        : []),
      {
        field: `nics.${slot}.vlan`,
        found: `coalesce(${card}.vlan_id, 0)`,
        expected: `coalesce(${expected}.vlan, 0)`,
      },
      ...(isTold('mac_address')
        ? [{field: `nics.${slot}.mac`, found: `upper(${card}.mac_address)`, expected: `${expected}.mac`}]
        : []),
    ]
  })
}
