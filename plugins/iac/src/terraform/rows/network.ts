// Interfaces of nodes: bpg/terraform-provider-proxmox v0.112.0, fwprovider/nodes/network/resource_linux_{bridge,vlan,bond}.go
// (importFromNetworkInterfaceList). An object has all of a node's, each by its name.
import {fieldName} from 'pmpc/kit/resources'
import {elsewhere} from './asides.js'
import {unmodelled} from './guests.js'
import {allOf, derived, flag, has, idOf, is, list, not, number, ordered, text} from './fields.js'
import type {At, Doubt, Field, KindRows, Resource, Test} from './row.js'

const each = 'config.*'

const nameOf = ({path}: At): string => path.at(-1)!

const named =
  (pattern: RegExp): Test =>
  (at) =>
    pattern.test(nameOf(at))

const common: readonly Field[] = [
  derived('node_name', idOf),
  derived('name', nameOf),
  text('address', 'cidr'),
  text('gateway', 'gateway'),
  text('address6', 'cidr6'),
  text('gateway6', 'gateway6'),
  flag('autostart', 'autostart', {always: true, absent: false}),
  number('mtu', 'mtu'),
  // The provider cuts white space at both ends.
  {to: 'comment', from: 'comments', as: (value) => String(value).trim()},
]

const vids = /^\d+(-\d+)?( \d+(-\d+)?)*$/

/** What the provider takes of a bridge's VLANs; without it in the code it leaves them as they are. */
const vidsField: Field = {
  ...{to: 'vids', from: 'bridge_vids'},
  as: (value, at) => {
    const spelled = at.spelled('bridge_vids') ?? value
    const words = Array.isArray(spelled) ? spelled.join(' ') : String(spelled)
    return vids.test(words) ? words : undefined
  },
}

const isBridge = allOf(is('type', 'bridge'), named(/^[A-Za-z][A-Za-z0-9_]{0,9}$/))
const isBond = allOf(is('type', 'bond'), named(/^[A-Za-z][A-Za-z0-9]{0,9}$/))
const isVlan = allOf(is('type', 'vlan'), named(/^.{3,}$/s))
const isReadVlan = allOf(isVlan, has('autostart'), has('vlan-id'))

const resource = (type: string, where: Test, fields: readonly Field[]): Resource => ({
  type: `proxmox_network_linux_${type}`,
  file: 'network',
  ...{each, where},
  importId: (at) => `${idOf(at)}:${nameOf(at)}`,
  fields: [...common, ...fields],
  known: {name: nameOf},
})

/** The interfaces that a test holds of. */
const those = (at: At, test: Test): At[] => at.each(each).filter((place) => test(place))

const lostAutostart: Doubt = {
  when: (at) => those(at, allOf(isVlan, not(has('autostart')))).length > 0,
  why: (at) =>
    `${names(at, allOf(isVlan, not(has('autostart'))))} not in the code: where \`autostart\` is absent in Proxmox VE the provider reads null, and puts its default in the place of it whatever the code says`,
  change: (at) =>
    those(at, allOf(isVlan, not(has('autostart')))).map((place) => `${fieldName(nameOf(place), 'autostart')}=1`),
}

const names = (at: At, test: Test): string => those(at, test).map(nameOf).join(', ')

const otherTypes = not((at) => isBridge(at) || isBond(at) || isVlan(at))

const resources: readonly Resource[] = [
  resource('bridge', isBridge, [ordered('ports', 'bridge_ports'), flag('vlan_aware', 'bridge_vlan_aware'), vidsField]),
  resource('vlan', isReadVlan, [text('interface', 'vlan-raw-device'), number('vlan', 'vlan-id')]),
  resource('bond', isBond, [
    {...list('slaves', 'slaves'), absent: []},
    text('bond_mode', 'bond_mode'),
    text('bond_primary', 'bond-primary'),
    text('bond_xmit_hash_policy', 'bond_xmit_hash_policy'),
  ]),
]

const network: KindRows = {
  kind: 'network',
  resources,
  none: () => ({how: 'leftOut', why: 'no interface of it is one that the provider makes'}),
  asides: [
    ...elsewhere(resources),
    {
      of: each,
      where: allOf(otherTypes, is('type', 'eth')),
      how: 'leftOut',
      why: 'a card is there, and nobody makes it',
    },
    {
      of: each,
      where: allOf(otherTypes, not(is('type', 'eth'))),
      ...{how: 'inexpressible', why: 'the provider has no resource for an interface of this type, or with this name'},
    },
    {
      of: each,
      where: allOf(isVlan, not(isReadVlan)),
      ...{how: 'inexpressible', why: 'the provider reads null where `autostart` is absent, and cannot write it'},
    },
    {of: each, keys: ['type'], how: 'leftOut', why: 'the type of the resource says it'},
    {
      of: each,
      keys: [
        ...['bridge_fd', 'bridge_stp', 'bond_miimon', 'method', 'method6', 'comments6', 'options', 'options6'],
        ...[
          'bridge-access',
          'bridge-arp-nd-suppress',
          'bridge-learning',
          'bridge-multicast-flood',
          'bridge-unicast-flood',
        ],
        ...[
          'uplink-id',
          'vlan-protocol',
          'vxlan-id',
          'vxlan-local-tunnelip',
          'vxlan-physdev',
          'vxlan-svcnodeip',
          'ovs_bonds',
          'ovs_bridge',
          'ovs_options',
          'ovs_ports',
          'ovs_tag',
          'ovs_type',
          'bridge_ageing',
        ],
      ],
      ...{how: 'inexpressible', why: unmodelled},
    },
    {of: 'facts.pending', how: 'leftOut', why: 'it lasts until what is written is brought into use'},
  ],
  notes: [lostAutostart],
}

export const networks: readonly KindRows[] = [network]
