import type {Check} from '../model.js'

/** The cluster as a whole: quorum, nodes. */
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
        .filter(({type, quorate}) => type === 'cluster' && Number(quorate) === 0)
        .map(({name}) => ({object: `cluster/${String(name)}`, severity: 'critical', message: 'it has no quorum'})),
  },
  {
    id: 'node.online',
    severity: 'critical',
    about: 'All nodes are online',
    why: 'Its guests are down or about to be recovered elsewhere, and the cluster lacks its vote.',
    fix: 'Look at its power and network, then at journalctl -u corosync -u pve-cluster on it.',
    reads: ['status'],
    find: (facts) =>
      facts
        .list('status')
        .filter(({type, online}) => type === 'node' && Number(online) === 0)
        .map(({name}) => ({object: `node/${String(name)}`, severity: 'critical', message: 'it is offline'})),
  },
]
