import type {GuestType} from '../state/model.js'
import {guestFile, storageFile} from '../tasks/locks.js'
import {workerPid} from '../tasks/runner.js'

// What PVE says when it cannot take a lock or write to /etc/pve, by what a call changes. Facts: pve-cluster, PVE/Cluster.pm (cfs_lock, check_cfs_quorum);
// pve-common, PVE/Tools.pm (lock_file_full); pve-storage, PVE/Storage/Plugin.pm (cluster_lock_storage).

/** Cluster-wide files: those of a path below which every write takes the file's lock. */
const clusterFiles: [RegExp, string][] = [
  [/^\/access\/domains/, 'file-domains_cfg'],
  [/^\/access\//, 'file-user_cfg'],
  [/^\/pools/, 'file-user_cfg'],
  [/^\/storage/, 'file-storage_cfg'],
  [/^\/cluster\/ha/, 'domain-ha'],
  [/^\/cluster\/backup/, 'file-jobs_cfg'],
  [/^\/cluster\/replication/, 'file-replication_cfg'],
  [/^\/cluster\/options/, 'file-datacenter_cfg'],
  [/^\/cluster\/sdn/, 'domain-sdn'],
  [/^\/cluster\/firewall/, 'domain-firewall'],
  [/^\/cluster\//, 'file-cluster_cfg'],
]

/** Writes that need no quorum: they change no cluster file. */
const local =
  /^\/access\/(ticket|vncticket|openid)|\/agent(\/|$)|\/(vncproxy|spiceproxy|termproxy)$|\/status\/(stop|shutdown|reset)$|^\/nodes\/[^/]+\/(network|dns|hosts|time|tasks|apt|status|services|disks)/

const guestPath = /^\/nodes\/([^/]+)\/(qemu|lxc)\/(\d+)(\/.*)?$/
const fileOf = (path: string): string | undefined => clusterFiles.find(([pattern]) => pattern.test(path))?.[1]

/** The text of a write without quorum; undefined for writes that go through. */
export function quorumText(verb: string, path: string): string | undefined {
  if (verb === 'GET' || local.test(path)) return undefined
  const file = fileOf(path)
  if (file !== undefined) return `cfs-lock '${file}' error: no quorum!`
  const guest = guestPath.exec(path)
  const folder = guest?.[2] === 'lxc' ? 'lxc' : 'qemu-server'
  return guest && /^\/(config|resize|firewall)/.test(guest[4] ?? '')
    ? `unable to open file '/etc/pve/nodes/${guest[1]}/${folder}/${guest[3]}.conf.tmp.${workerPid}' - Permission denied`
    : 'cluster not ready - no quorum?'
}

/** The text of a write whose lock somebody else holds for too long; undefined where no lock is taken. */
export function lockText(verb: string, path: string): string | undefined {
  if (verb === 'GET' || /^\/access\/(ticket|vncticket)/.test(path)) return undefined
  const file = fileOf(path)
  if (file !== undefined) return `cfs-lock '${file}' error: got lock request timeout`
  const guest = guestPath.exec(path)
  if (guest) return `can't lock file '${guestFile(guest[2] as GuestType, guest[3]!)}' - got timeout`
  const storage = /^\/nodes\/[^/]+\/storage\/([^/]+)/.exec(path)?.[1]
  if (storage !== undefined) return `can't lock file '${storageFile(storage)}' - got timeout`
  return undefined
}

/** Reason phrases of the proxying node's own statuses. Fact: pve-http-server, PVE/APIServer/AnyEvent.pm (proxy_request), with the pseudo statuses of AnyEvent::HTTP. */
export const proxyReasons: Record<number, string> = {
  595: 'No route to host',
  596: 'Connection timed out',
  597: 'Broken pipe',
  599: 'Too many redirections',
}
