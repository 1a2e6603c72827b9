import {isEntry} from 'pmpc/kit/proxmox'
import type {Facts} from '../facts.js'
import {nicsOf} from '../guest-facts.js'
import type {Check} from '../model.js'
import {isSet, maps, number, text} from '../values.js'
import {critical, warning} from './grade.js'

/** An interface of a node. */
interface Interface {
  node: string
  entry: Record<string, unknown>
}

function interfacesOf(facts: Facts): Interface[] {
  return facts
    .answers('network')
    .flatMap(({place, data}) => (isEntry(data) ? maps(data.data) : []).map((entry) => ({node: place.node!, entry})))
}

const isBridge = ({entry}: Interface): boolean => /bridge/i.test(text(entry.type))

/** Networks of the nodes, and SDN. */
export const networkChecks: readonly Check[] = [
  {
    id: 'net.bridge',
    severity: 'critical',
    about: 'The bridges of the guests are there',
    why: 'A guest whose bridge is missing does not start, and does not come to that node.',
    fix: 'Make the bridge on that node (pmpc apply, or Network in the web interface), or correct netN of the guest.',
    reads: ['guests', 'network', 'vnets'],
    whole: ['vnets', 'network'],
    find: (facts) => {
      const vnets = facts.list('vnets').map(({vnet}) => text(vnet))
      const known = facts.answers('network').map(({place}) => place.node!)
      const bridges = new Set(interfacesOf(facts).map(({node, entry}) => `${node} ${text(entry.iface)}`))
      return facts.guests
        .filter(({guest}) => known.includes(guest.node))
        .flatMap((one) =>
          nicsOf(one)
            .filter(
              ({bridge}) => bridge !== '' && !vnets.includes(bridge) && !bridges.has(`${one.guest.node} ${bridge}`),
            )
            .map(({key, bridge}) =>
              critical(one.name, `${key} is on ${bridge}, which ${one.guest.node} does not have`),
            ),
        )
    },
  },
  {
    id: 'net.pending',
    severity: 'warning',
    about: 'The networks of the nodes are applied',
    why: 'What is written and not applied comes with the next restart, when nobody thinks of it.',
    fix: 'Look at the difference, and apply or revert it: Network in the web interface, or ifreload -a.',
    reads: ['network'],
    find: (facts) =>
      facts
        .answers('network')
        .filter(({data}) => isEntry(data) && text(data.changes) !== '')
        .map(({place}) => warning(`node/${place.node}`, 'changes of its network are not applied')),
  },
  {
    id: 'net.down',
    severity: 'warning',
    about: 'Interfaces that start by themselves are up',
    why: 'A bond without one of its links, or a bridge that is down, is noticed when the other one fails.',
    fix: 'Look at cables and switch: ip -br link on the node; then ifreload -a.',
    reads: ['network'],
    find: (facts) =>
      interfacesOf(facts)
        .filter(({entry}) => isSet(entry.autostart) && !isSet(entry.active))
        .map(({node, entry}) => warning(`node/${node}`, `${text(entry.iface)} is not up`)),
  },
  {
    id: 'net.mtu',
    severity: 'warning',
    about: 'Bridges and bonds of one name have one MTU',
    why: 'Where one node sends larger packets than another takes, migrations and storage hang, and ping works.',
    fix: 'Set the same MTU on all nodes and on the switch.',
    reads: ['network'],
    find: (facts) => {
      const byName = new Map<string, Map<number, string>>()
      for (const one of interfacesOf(facts)) {
        if (!isBridge(one) && !/bond/i.test(text(one.entry.type))) continue
        const name = text(one.entry.iface)
        // 1500 where nothing is said.
        const mtus = byName.get(name) ?? new Map<number, string>()
        byName.set(name, mtus.set(number(one.entry.mtu) || 1500, one.node))
      }
      return [...byName]
        .filter(([, mtus]) => mtus.size > 1)
        .map(([name, mtus]) => {
          const told = [...mtus].toSorted((a, b) => a[0] - b[0]).map(([mtu, node]) => `${mtu} on ${node}`)
          return warning(`network/${name}`, `its MTU is ${told.join(', ')}`)
        })
    },
  },
  {
    id: 'sdn.pending',
    severity: 'warning',
    about: 'Zones and virtual networks are applied',
    why: 'What is declared and not applied is not there: guests of a new network do not start.',
    fix: 'Apply them: pvesh set /cluster/sdn, or SDN > Apply in the web interface.',
    reads: ['zones', 'vnets'],
    find: (facts) =>
      (['zones', 'vnets'] as const).flatMap((source) =>
        facts
          .list(source)
          .filter(({state}) => text(state) !== '')
          .map(({zone, vnet, state}) =>
            warning(
              source === 'zones' ? `zone/${text(zone)}` : `vnet/${text(vnet)}`,
              `it is ${text(state)} and not applied`,
            ),
          ),
      ),
  },
  {
    id: 'sdn.state',
    severity: 'critical',
    about: 'Zones work on all nodes',
    why: 'Guests of a zone that is in error have no network.',
    fix: 'Look at SDN in the web interface, and at ifquery -a -c on the node; then apply SDN again.',
    reads: ['resources'],
    find: (facts) =>
      facts
        .list('resources')
        .filter(({type, status}) => /^(?:sdn|network)$/.test(text(type)) && /error|pending/i.test(text(status)))
        .map(({sdn, network, node, status}) =>
          critical(`zone/${text(node)}/${text(sdn) || text(network)}`, `it is in state ${text(status)}`),
        ),
  },
]
