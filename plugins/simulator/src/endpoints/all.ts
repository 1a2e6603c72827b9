import type {Endpoints} from '../calls/call.js'
import {accessEndpoints} from './access/access.js'
import {realmEndpoints} from './access/realms.js'
import {tfaEndpoints} from './access/tfa.js'
import {ticketEndpoints} from './access/ticket.js'
import {backupJobEndpoints} from './backup/jobs.js'
import {vzdumpEndpoints} from './backup/vzdump.js'
import {acmeEndpoints} from './cluster/acme.js'
import {bulkActionEndpoints} from './cluster/bulk.js'
import {cephEndpoints} from './cluster/ceph.js'
import {clusterEndpoints} from './cluster/cluster.js'
import {cpuModelEndpoints} from './cluster/cpu-models.js'
import {haEndpoints} from './cluster/ha.js'
import {sectionKindEndpoints} from './cluster/section-kinds.js'
import {membershipEndpoints} from './cluster/membership.js'
import {metricEndpoints} from './cluster/metrics.js'
import {notificationEndpoints} from './cluster/notifications.js'
import {optionEndpoints} from './cluster/options.js'
import {poolEndpoints} from './cluster/pools.js'
import {replicationEndpoints} from './cluster/replication.js'
import {firewallEndpoints} from './firewall/firewall.js'
import {agentEndpoints} from './guests/agent.js'
import {cloneEndpoints} from './guests/clone.js'
import {consoleEndpoints} from './guests/consoles.js'
import {diskEndpoints} from './guests/disks.js'
import {guestExtraEndpoints} from './guests/guest-extras.js'
import {guestReadEndpoints} from './guests/guests-read.js'
import {lifecycleEndpoints} from './guests/lifecycle.js'
import {lxcCloneEndpoints} from './guests/lxc-clone.js'
import {lxcConfigEndpoints} from './guests/lxc-config.js'
import {lxcConsoleEndpoints} from './guests/lxc-consoles.js'
import {lxcDiskEndpoints} from './guests/lxc-disks.js'
import {lxcInterfaceEndpoints} from './guests/lxc-interfaces.js'
import {powerEndpoints} from './guests/power.js'
import {qemuConfigEndpoints} from './guests/qemu-config.js'
import {snapshotEndpoints} from './guests/snapshots.js'
import {nodeBulkEndpoints} from './nodes/bulk.js'
import {capabilityEndpoints} from './nodes/capabilities.js'
import {nodeCephEndpoints} from './nodes/ceph.js'
import {certificateEndpoints} from './nodes/certificates.js'
import {nodeCommandEndpoints} from './nodes/commands.js'
import {diskDirectoryEndpoints} from './nodes/disk-directories.js'
import {lvmEndpoints} from './nodes/disk-lvm.js'
import {zfsEndpoints} from './nodes/disk-zfs.js'
import {hardwareEndpoints} from './nodes/hardware.js'
import {hostEndpoints} from './nodes/host.js'
import {journalEndpoints} from './nodes/journal.js'
import {localDiskEndpoints} from './nodes/local-disks.js'
import {networkEndpoints} from './nodes/network.js'
import {nodeConfigEndpoints} from './nodes/node-config.js'
import {nodeEndpoints} from './nodes/nodes.js'
import {packageEndpoints} from './nodes/packages.js'
import {serviceEndpoints} from './nodes/services.js'
import {shellEndpoints} from './nodes/shells.js'
import {statisticsEndpoints} from './nodes/statistics.js'
import {subscriptionEndpoints} from './nodes/subscription.js'
import {sdnEndpoints} from './sdn/sdn.js'
import {storageBackupEndpoints} from './storage/backups.js'
import {storageContentEndpoints} from './storage/content.js'
import {storageEndpoints} from './storage/definitions.js'
import {scanEndpoints} from './storage/scan.js'
import {storageStatusEndpoints} from './storage/status.js'
import {storageTransferEndpoints} from './storage/transfer.js'

/** Puts together what files of areas serve. @throws Error that names what two of them serve */
export function together(parts: Endpoints[]): Endpoints {
  const all: Endpoints = {}
  for (const part of parts)
    for (const [method, handler] of Object.entries(part)) {
      if (all[method]) throw new Error(`${method} is served twice`)
      all[method] = handler
    }
  return all
}

/** Every method the simulator serves, as `VERB path of the contract`; in the order of the files. */
export const endpoints: Endpoints = together([
  accessEndpoints,
  realmEndpoints,
  tfaEndpoints,
  ticketEndpoints,
  backupJobEndpoints,
  vzdumpEndpoints,
  acmeEndpoints,
  bulkActionEndpoints,
  cephEndpoints,
  clusterEndpoints,
  cpuModelEndpoints,
  haEndpoints,
  sectionKindEndpoints,
  membershipEndpoints,
  metricEndpoints,
  notificationEndpoints,
  optionEndpoints,
  poolEndpoints,
  replicationEndpoints,
  firewallEndpoints,
  agentEndpoints,
  cloneEndpoints,
  consoleEndpoints,
  diskEndpoints,
  guestExtraEndpoints,
  guestReadEndpoints,
  lifecycleEndpoints,
  lxcCloneEndpoints,
  lxcConfigEndpoints,
  lxcConsoleEndpoints,
  lxcDiskEndpoints,
  lxcInterfaceEndpoints,
  powerEndpoints,
  qemuConfigEndpoints,
  snapshotEndpoints,
  nodeBulkEndpoints,
  capabilityEndpoints,
  nodeCephEndpoints,
  certificateEndpoints,
  nodeCommandEndpoints,
  diskDirectoryEndpoints,
  lvmEndpoints,
  zfsEndpoints,
  hardwareEndpoints,
  hostEndpoints,
  journalEndpoints,
  localDiskEndpoints,
  networkEndpoints,
  nodeConfigEndpoints,
  nodeEndpoints,
  packageEndpoints,
  serviceEndpoints,
  shellEndpoints,
  statisticsEndpoints,
  subscriptionEndpoints,
  sdnEndpoints,
  storageBackupEndpoints,
  storageContentEndpoints,
  storageEndpoints,
  scanEndpoints,
  storageStatusEndpoints,
  storageTransferEndpoints,
])
