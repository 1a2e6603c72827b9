import type {Check} from '../model.js'
import {isSet, number, text} from '../values.js'
import {critical, warning} from './grade.js'

/** Days on which the support of a release ends (pve.proxmox.com/wiki/FAQ, "For how long will my Proxmox VE version be supported?"). */
const endsOfLife: Readonly<Record<number, string>> = {6: '2022-09-01', 7: '2024-07-31', 8: '2026-08-31'}

/** The cluster as a whole: quorum, nodes, corosync, releases. */
export const clusterChecks: readonly Check[] = [
  {
    id: 'cluster.quorum',
    severity: 'critical',
    about: 'The cluster has a quorum',
    why: 'Without one nothing can be configured, started or moved, and HA fences its nodes.',
    fix: 'Bring nodes or links back (pvecm status); pvecm expected only where the others are down for certain.',
    reads: ['status'],
    find: (facts) =>
      facts
        .list('status')
        .filter(({type, quorate}) => type === 'cluster' && !isSet(quorate))
        .map(({name}) => critical(`cluster/${text(name)}`, 'it has no quorum')),
  },
  {
    id: 'node.online',
    severity: 'critical',
    about: 'All nodes are online',
    why: 'Guests of a node that is off are down or wait to be recovered elsewhere, and the cluster lacks its vote.',
    fix: 'Look at its power and network, then at journalctl -u corosync -u pve-cluster on it.',
    reads: ['status'],
    find: (facts) =>
      facts
        .list('status')
        .filter(({type, online}) => type === 'node' && !isSet(online))
        .map(({name}) => critical(`node/${text(name)}`, 'it is offline')),
  },
  {
    id: 'corosync.links',
    severity: 'warning',
    about: 'Nodes are joined by more than one link',
    why: 'With one link a broken switch or cable takes the quorum, and HA fences nodes that work.',
    fix: 'Add a second link on another network: ring1_addr in /etc/pve/corosync.conf (pvecm, "Adding Redundant Links").',
    reads: ['corosyncNodes'],
    find: (facts) => {
      const nodes = facts.list('corosyncNodes')
      if (nodes.length < 2) return []
      return nodes
        .filter((entry) => Object.keys(entry).filter((key) => /^ring\d+_addr$/.test(key)).length < 2)
        .map(({node}) => warning(`node/${text(node)}`, 'it has one link to the others'))
    },
  },
  {
    id: 'corosync.votes',
    severity: 'warning',
    about: 'Every node has one vote',
    why: 'A node with more votes than others decides alone whether there is a quorum; one without any does not count.',
    fix: 'Set quorum_votes: 1 in /etc/pve/corosync.conf, and raise config_version.',
    reads: ['corosyncNodes'],
    find: (facts) =>
      facts
        .list('corosyncNodes')
        .filter(({quorum_votes: votes}) => number(votes) !== 1)
        .map(({node, quorum_votes: votes}) => warning(`node/${text(node)}`, `it has ${number(votes)} votes`)),
  },
  {
    id: 'corosync.qdevice',
    severity: 'warning',
    about: 'Two nodes have a third vote, and it answers',
    why: 'Of two nodes neither has a majority alone: where one is off the other stops.',
    fix: 'Set up a QDevice on a third machine (pvecm qdevice setup ADDRESS), or bring the one back that does not answer.',
    reads: ['corosyncNodes', 'qdevice'],
    find: (facts) => {
      const [device = {}] = facts.list('qdevice')
      const state = text(device.State)
      const name = facts.list('corosyncNodes').length === 2 ? 'cluster' : undefined
      if (state === '') return name === undefined ? [] : [warning(name, 'two nodes, and no QDevice')]
      return /^Connected/.test(state) ? [] : [warning('qdevice', `the QDevice is ${state}`)]
    },
  },
  {
    id: 'version.skew',
    severity: 'critical',
    about: 'All nodes run the same version',
    why: 'Guests do not move from a newer to an older node, and mixed major releases are meant for the hours of an upgrade only.',
    fix: 'Finish the upgrade: apt update && apt dist-upgrade on the nodes that lag behind.',
    reads: ['version'],
    find: (facts) => {
      const versions = facts.atNodes('version').map(({node, entry}) => ({node, version: text(entry.version)}))
      const newest =
        versions
          .map(({version}) => version)
          .toSorted(byVersion)
          .at(-1) ?? ''
      return versions
        .filter(({version}) => version !== newest)
        .map(({node, version}) => {
          const tell = majorOf(version) === majorOf(newest) ? warning : critical
          return tell(`node/${node}`, `it runs ${version}, another ${newest}`)
        })
    },
  },
  {
    id: 'release.eol',
    severity: 'warning',
    about: 'The release is supported',
    why: 'After its end a release gets no security updates.',
    fix: 'Upgrade to the next major release: pve8to9 --full on each node tells what stands in the way.',
    reads: ['version'],
    find: (facts) =>
      facts.atNodes('version').flatMap(({node, entry}) => {
        const end = endsOfLife[majorOf(text(entry.version))]
        const isOver = end !== undefined && facts.now * 1000 > Date.parse(end)
        return isOver ? [warning(`node/${node}`, `${text(entry.version)} is supported until ${end}`)] : []
      }),
  },
]

const majorOf = (version: string): number => Number(/^\d+/.exec(version)?.[0] ?? 0)

/** Orders versions by their numbers. */
export function byVersion(one: string, other: string): number {
  const [own, others] = [one, other].map((version) => (version.match(/\d+/g) ?? []).map(Number))
  const at = own!.findIndex((part, index) => part !== others![index])
  return at < 0 ? own!.length - others!.length : own![at]! - (others![at] ?? -1)
}
