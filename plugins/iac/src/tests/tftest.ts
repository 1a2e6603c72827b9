import type {GeneratedFile} from '../generated.js'
import type {Emitted} from '../terraform/emit.js'
import {printBody, Raw, type Block, type Body} from '../terraform/hcl.js'
import {assertionsOf, places} from './assertions.js'
import type {ExpectedCluster, ExpectedGuest, ExpectedObjects} from './expected.js'

/** The code of a cluster, as far as it is tested. */
export interface TestedCode {
  cluster: string
  module: string
  resources: readonly Pick<Emitted, 'type' | 'name' | 'kind' | 'id' | 'block'>[]
}

/** A resource of a guest. */
interface Tested {
  key: string
  address: string
  body: Body
  guest: ExpectedGuest
}

/** What holds of all guests together. */
interface Rule {
  field: string
  /** Whether it can be asked of these. */
  when?: (guests: readonly Tested[], expected: ExpectedObjects) => boolean
  condition: (guests: readonly Tested[]) => string
  otherwise: string
}

const rules: readonly Rule[] = [
  {
    field: 'vmids',
    condition: (guests) => isDistinct(vmids(guests)),
    otherwise: 'two have the same',
  },
  {
    field: 'macs',
    condition: (guests) => isDistinct(`compact(flatten([${partsOf(guests, 'nic', 'mac_address').join(', ')}]))`),
    otherwise: 'two have the same',
  },
  {
    field: 'storages',
    when: (guests, {storages}) =>
      guests.every(({guest}) =>
        Object.values(guest.disks).every(({storage}) => storage === null || Object.hasOwn(storages, storage)),
      ),
    condition: (guests) => {
      const used = `compact(flatten([${partsOf(guests, 'disk', 'datastore_id').join(', ')}]))`
      return `length(setsubtract(${used}, keys(var.expected.storages))) == 0`
    },
    otherwise: 'one lies on a storage that nobody expects',
  },
  {
    field: 'ha',
    when: (guests, {ha}) =>
      Object.keys(ha).length > 0 && Object.keys(ha).every((id) => guests.some(({guest}) => String(guest.vmid) === id)),
    condition: (guests) =>
      `length(setsubtract(keys(var.expected.ha), [for id in ${vmids(guests)} : tostring(id)])) == 0`,
    otherwise: 'one that is to be kept running is not there',
  },
]

const isDistinct = (list: string) => `length(distinct(${list})) == length(${list})`

const vmids = (guests: readonly Tested[]) => `[${guests.map(({address}) => `${address}.vm_id`).join(', ')}]`

/** An attribute of all blocks of a sort, of each guest with such a block. */
function partsOf(guests: readonly Tested[], sort: 'nic' | 'disk', attribute: string): string[] {
  return guests.flatMap(({address, body, guest}) => {
    const block = places[guest.kind][sort]
    const isThere = body.some((item) => 'body' in item && item.type === block)
    return isThere ? [`${address}.${block}[*].${attribute}`] : []
  })
}

/**
 * The test of a cluster's module: what it plans is what is expected. It asks no cluster, as the provider is a mock; the test of the root module could not be so, as
 * Terraform imports nothing from mocks.
 */
export function testFile(
  mark: string,
  {cluster, module, resources}: TestedCode,
  {objects}: ExpectedCluster,
): GeneratedFile {
  const guests = resources.flatMap(({type, name, kind, id, block}): Tested[] => {
    const key = `${kind}/${id}`
    const guest = Object.hasOwn(objects.guests, key) ? objects.guests[key] : undefined
    return guest && isGuestItself(type) ? [{key, address: `${type}.${name}`, body: block.body, guest}] : []
  })
  const body: Body = [
    {type: 'mock_provider', labels: ['proxmox'], body: []},
    {
      type: 'variables',
      body: [{name: 'expected', value: new Raw(`jsondecode(file("../expected.json")).clusters["${cluster}"].objects`)}],
    },
    ...(guests.length > 0
      ? [
          run(
            module,
            'guests',
            guests.flatMap((guest) => assertsOf(cluster, guest)),
          ),
          run(
            module,
            'together',
            rules
              .filter(({when}) => when?.(guests, objects) ?? true)
              .map(({field, condition, otherwise}) =>
                assert(condition(guests), `"${cluster}/guests ${field}: ${otherwise}"`),
              ),
          ),
        ]
      : [run(module, 'plan', [])]),
  ]
  return {path: `tests/terraform/${module}.tftest.hcl`, text: `# ${mark}: edits are lost.\n\n${printBody(body)}`}
}

/** A guest has more resources than itself: options and rules of its firewall, its place in a pool. */
const isGuestItself = (type: string): boolean => /_(?:vm|container)$/.test(type)

const run = (module: string, name: string, asserts: Block[]): Block => ({
  type: 'run',
  labels: [name],
  body: [
    {name: 'command', value: new Raw('plan')},
    {type: 'module', body: [{name: 'source', value: `../../terraform/modules/${module}`}]},
    ...asserts,
  ],
})

function assertsOf(cluster: string, {key, address, body, guest}: Tested): Block[] {
  return assertionsOf(address, `var.expected.guests["${key}"]`, body, guest).map(({field, found, expected}) =>
    // What was found the program tells by itself.
    assert(`${found} == ${expected}`, `"${cluster}/${key} ${field}: \${jsonencode(${expected})} is expected"`),
  )
}

/** @param message in quotes, as a template */
const assert = (condition: string, message: string): Block => ({
  type: 'assert',
  body: [
    {name: 'condition', value: new Raw(condition)},
    {name: 'error_message', value: new Raw(message)},
  ],
})
