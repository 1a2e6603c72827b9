import type {Value} from 'pmpc/kit/resources'
import {encode} from 'pmpc/kit/values'
import {flag, is, not, number, text, valueOf, verbatim} from './fields.js'
import {hasGap} from './guests.js'
import type {At, Block, Doubt, Field, Hindrance} from './row.js'

// Network cards: proxmoxtf/resource/vm/network (ReadNetworkDeviceObjects, Schema), vms/custom_network_device.go (UnmarshalJSON).

const cards = 'config.net*'
const models = ['e1000', 'e1000e', 'rtl8139', 'virtio', 'vmxnet3'] as const

/** A bridge of the node, or a vnet of the cluster. */
export const bridge = (to = 'bridge', from = 'bridge'): Field => ({
  ...{to, from, absent: '', always: true},
  as: (value, at) => {
    const name = String(value)
    if (at.cluster.get('sdn-vnet', name)) return at.reference('sdn-vnet', name, name)
    return at.reference('network', `${valueOf(at, 'facts.node', '')}/${name}`, name)
  },
})

const block: Block = {
  block: 'network_device',
  each: cards,
  fields: [
    bridge(),
    text('model', 'model', {default: 'virtio'}),
    verbatim('mac_address', 'macaddr'),
    flag('firewall', 'firewall', {default: false}),
    number('vlan_id', 'tag', {default: 0}),
    number('queues', 'queues', {default: 0}),
    number('rate_limit', 'rate', {default: 0}),
    number('mtu', 'mtu', {default: 0}),
    verbatim('trunks', 'trunks', {default: ''}),
    flag('disconnected', 'link_down', {default: false}),
  ],
}

const hindrances: readonly Hindrance[] = [
  {
    when: hasGap(cards),
    of: ['network_device'],
    ignore: ['network_device', 'ipv4_addresses', 'ipv6_addresses', 'network_interface_names'],
    why: 'a number of the cards is missing, for which the provider reads a card without values',
  },
  {
    when: (at) => at.each(cards).some(not(is('model', ...models))),
    of: ['network_device'],
    ignore: [],
    why: 'the provider does not take the model of a card; without the cards in the code it leaves all as they are',
  },
]

const rangesOf = (at: At): At[] => at.each(cards).filter((card) => String(valueOf(card, 'trunks', '')).includes('-'))

/** How many VLANs a command may name one by one. */
const most = 64

function vlansOf(trunks: string): number[] {
  return trunks.split(';').flatMap((part) => {
    const [from = 0, to = from] = part.split('-').map(Number)
    return Array.from({length: Math.max(0, to - from + 1)}, (_, at) => from + at)
  })
}

const unmanageable: readonly Doubt[] = [
  {
    when: (at) => rangesOf(at).length > 0,
    why: (at) => `${namesOf(rangesOf(at))}: the provider cannot read a range of VLANs in trunks`,
    change: (at) =>
      rangesOf(at).flatMap((card) => {
        const vlans = vlansOf(String(card.get('trunks')))
        return vlans.length > most ? [] : [`${card.path.at(-1)!}.trunks=${vlans.join(';')}`]
      }),
  },
]

const unsafe: readonly Doubt[] = [
  {
    when: hasGap(cards),
    why: 'a number of the cards is missing: the first edit of anything adds a card there',
    change: (at) => renumbered(at),
  },
]

/** The last cards take the numbers that are missing. */
function renumbered(at: At): string[] {
  const there = at.each(cards)
  const slots = new Set(there.map(({slot}) => slot))
  const free = there.flatMap((_, slot) => (slots.has(slot) ? [] : [slot]))
  const moved = there.filter(({slot = 0}) => slot >= there.length)
  return moved.flatMap((card, index) => [
    `net${free[index]!}=${encode('vm', card.path.at(-1)!, card.value as Value)}`,
    `--unset=${card.path.at(-1)!}`,
  ])
}

const namesOf = (places: readonly At[]): string => places.map(({path}) => path.at(-1)!).join(', ')

export const networkDevices = {block, hindrances, unmanageable, unsafe}
