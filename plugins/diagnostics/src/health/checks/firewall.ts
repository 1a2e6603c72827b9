import type {Entry} from 'pmpc/kit/proxmox'
import type {Facts} from '../facts.js'
import {nicsOf} from '../guest-facts.js'
import type {Check} from '../model.js'
import {isSet, number, text} from '../values.js'
import {warning} from './grade.js'

/** Whether the firewall of the cluster is on; without an entry it is off (pve-firewall, PVE/Firewall.pm). */
const isOn = (facts: Facts): boolean => facts.list('firewall').some(({enable}) => number(enable) > 0)

/** Ports of nodes that nobody but administrators and other nodes needs, and what is behind them. */
const services: readonly {ports: readonly [number, number]; macro?: RegExp; what: string}[] = [
  {ports: [8006, 8006], what: 'the web interface'},
  {ports: [22, 22], macro: /^SSH$/i, what: 'SSH'},
  {ports: [3128, 3128], what: 'SPICE'},
  {ports: [5900, 5999], macro: /^VNC$/i, what: 'consoles'},
  {ports: [111, 111], what: 'rpcbind'},
  {ports: [2049, 2049], what: 'NFS'},
  {ports: [3260, 3260], what: 'iSCSI'},
  {ports: [6789, 6789], macro: /^Ceph$/i, what: 'Ceph'},
  {ports: [85, 85], what: 'pvedaemon'},
]

/** What a rule lets anybody in to. */
function exposed({dport, macro, proto, type, action, source, enable}: Entry): string[] {
  const isOpen = text(type) === 'in' && text(action) === 'ACCEPT' && number(enable ?? 1) > 0
  if (!isOpen || !/^(?:|0\.0\.0\.0\/0|::\/0)$/.test(text(source))) return []
  if (text(macro) !== '') return services.filter((one) => one.macro?.test(text(macro))).map(({what}) => what)
  if (!/^(?:|tcp|udp|6|17)$/i.test(text(proto))) return []
  if (text(dport) === '') return ['all ports']
  const ranges = text(dport)
    .split(',')
    .map((range) => range.split(':').map(Number))
  return services
    .filter(({ports: [first, last]}) => ranges.some(([from = 0, to = from]) => from <= last && to >= first))
    .map(({what}) => what)
}

/** The firewall. */
export const firewallChecks: readonly Check[] = [
  {
    id: 'firewall.off',
    severity: 'warning',
    about: 'The firewall is on',
    why: 'Rules that are written, of guests too, do nothing while the firewall of the cluster is off.',
    fix: 'Allow your own address first (ipset management), then enable it: Datacenter > Firewall > Options.',
    reads: ['firewall'],
    find: (facts) => (isOn(facts) ? [] : [warning('cluster', 'the firewall is off')]),
  },
  {
    id: 'firewall.node',
    severity: 'warning',
    about: 'No node has its firewall switched off',
    why: 'Its services are open, while the rules of the cluster seem to protect them.',
    fix: 'pvesh set /nodes/NODE/firewall/options --enable 1',
    reads: ['firewall', 'nodeFirewall'],
    find: (facts) =>
      isOn(facts)
        ? facts
            .atNodes('nodeFirewall')
            .filter(({entry}) => entry.enable !== undefined && !isSet(entry.enable))
            .map(({node}) => warning(`node/${node}`, 'its firewall is off'))
        : [],
  },
  {
    id: 'firewall.policy',
    severity: 'warning',
    about: 'What no rule names does not come in',
    why: 'With ACCEPT the rules only forbid what somebody thought of.',
    fix: 'Set the input policy to DROP: Datacenter > Firewall > Options.',
    reads: ['firewall'],
    find: (facts) =>
      facts
        .list('firewall')
        .filter((options) => number(options.enable) > 0 && text(options.policy_in) === 'ACCEPT')
        .map(() => warning('cluster', 'the input policy is ACCEPT')),
  },
  {
    id: 'firewall.exposed',
    severity: 'warning',
    about: 'No rule opens services of the nodes to everybody',
    why: 'Whoever reaches the network may try passwords, and the next hole in that service.',
    fix: 'Give the rule a source: an address, or +management.',
    reads: ['firewall', 'firewallRules'],
    find: (facts) =>
      isOn(facts)
        ? facts
            .list('firewallRules')
            .flatMap((rule) =>
              exposed(rule).map((what) => warning(`rule/${text(rule.pos)}`, `it opens ${what} to everybody`)),
            )
        : [],
  },
  {
    id: 'firewall.nics',
    severity: 'warning',
    about: 'The firewall guards the NICs of running guests',
    why: 'Rules of a guest count for NICs only that have firewall=1.',
    fix: 'pmpc set GUEST net0.firewall=1',
    reads: ['firewall', 'guests'],
    find: (facts) =>
      isOn(facts)
        ? facts.guests
            .filter(({guest}) => guest.isRunning)
            .flatMap((one) =>
              nicsOf(one)
                .filter(({hasFirewall}) => !hasFirewall)
                .map(({key}) => warning(one.name, `${key} passes the firewall by`)),
            )
        : [],
  },
]
