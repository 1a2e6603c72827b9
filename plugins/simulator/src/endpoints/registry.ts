import type {Endpoints} from '../simulation.js'
import {accessEndpoints} from './access/access.js'
import {bulkEndpoints} from './nodes/bulk.js'
import {agentEndpoints} from './guests/agent.js'
import {cloneEndpoints} from './guests/clone.js'
import {capabilityEndpoints} from './nodes/capabilities.js'
import {clusterEndpoints} from './cluster/cluster.js'
import {consoleEndpoints} from './guests/consoles.js'
import {cpuModelEndpoints} from './cluster/cpu-models.js'
import {diskEndpoints} from './guests/disks.js'
import {firewallEndpoints} from './firewall/firewall.js'
import {haEndpoints} from './cluster/ha.js'
import {acmeEndpoints} from './cluster/acme.js'
import {cephEndpoints} from './cluster/ceph.js'
import {metricEndpoints} from './cluster/metrics.js'
import {membershipEndpoints} from './cluster/membership.js'
import {sectionKindEndpoints} from './cluster/kinds.js'
import {networkEndpoints} from './nodes/network.js'
import {nodeConfigEndpoints} from './nodes/node-config.js'
import {guestExtraEndpoints} from './guests/guest-extras.js'
import {backupJobEndpoints} from './backup/jobs.js'
import {vzdumpEndpoints} from './backup/vzdump.js'
import {storageBackupEndpoints} from './storage/backups.js'
import {storageContentEndpoints} from './storage/content.js'
import {storageEndpoints} from './storage/definitions.js'
import {scanEndpoints} from './storage/scan.js'
import {storageStatusEndpoints} from './storage/status.js'
import {storageTransferEndpoints} from './storage/transfer.js'
import {replicationEndpoints} from './cluster/replication.js'
import {sdnEndpoints} from './sdn/sdn.js'
import {notificationEndpoints} from './cluster/notifications.js'
import {guestReadEndpoints} from './guests/guests-read.js'
import {lifecycleEndpoints} from './guests/lifecycle.js'
import {lxcCloneEndpoints} from './guests/lxc-clone.js'
import {lxcConfigEndpoints} from './guests/lxc-config.js'
import {lxcConsoleEndpoints} from './guests/lxc-consoles.js'
import {lxcDiskEndpoints} from './guests/lxc-disks.js'
import {lxcInterfaceEndpoints} from './guests/lxc-interfaces.js'
import {nodeEndpoints} from './nodes/nodes.js'
import {optionEndpoints} from './cluster/options.js'
import {poolEndpoints} from './cluster/pools.js'
import {powerEndpoints} from './guests/power.js'
import {qemuConfigEndpoints} from './guests/qemu-config.js'
import {certificateEndpoints} from './nodes/certificates.js'
import {subscriptionEndpoints} from './nodes/subscription.js'
import {packageEndpoints} from './nodes/packages.js'
import {hardwareEndpoints} from './nodes/hardware.js'
import {shellEndpoints} from './nodes/shells.js'
import {nodeCephEndpoints} from './nodes/ceph.js'
import {localDiskEndpoints} from './nodes/local-disks.js'
import {diskStorageEndpoints} from './nodes/disk-storages.js'
import {hostEndpoints} from './nodes/host.js'
import {journalEndpoints} from './nodes/journal.js'
import {serviceEndpoints} from './nodes/services.js'
import {statisticsEndpoints} from './nodes/statistics.js'
import {snapshotEndpoints} from './guests/snapshots.js'
import {realmEndpoints} from './access/realms.js'
import {tfaEndpoints} from './access/tfa.js'
import {ticketEndpoints} from './access/ticket.js'

/** Every method the simulator serves, as `VERB path of the contract`. */
export const endpoints: Endpoints = {
  ...clusterEndpoints,
  ...nodeEndpoints,
  ...guestReadEndpoints,
  ...qemuConfigEndpoints,
  ...lxcConfigEndpoints,
  ...powerEndpoints,
  ...lifecycleEndpoints,
  ...snapshotEndpoints,
  ...cloneEndpoints,
  ...diskEndpoints,
  ...lxcCloneEndpoints,
  ...lxcConsoleEndpoints,
  ...lxcDiskEndpoints,
  ...lxcInterfaceEndpoints,
  ...consoleEndpoints,
  ...storageEndpoints,
  ...poolEndpoints,
  ...firewallEndpoints,
  ...optionEndpoints,
  ...sectionKindEndpoints,
  ...haEndpoints,
  ...bulkEndpoints,
  ...membershipEndpoints,
  ...acmeEndpoints,
  ...cephEndpoints,
  ...metricEndpoints,
  ...networkEndpoints,
  ...nodeConfigEndpoints,
  ...statisticsEndpoints,
  ...serviceEndpoints,
  ...journalEndpoints,
  ...hostEndpoints,
  ...nodeCephEndpoints,
  ...shellEndpoints,
  ...packageEndpoints,
  ...hardwareEndpoints,
  ...certificateEndpoints,
  ...subscriptionEndpoints,
  ...guestExtraEndpoints,
  ...agentEndpoints,
  ...capabilityEndpoints,
  ...cpuModelEndpoints,
  ...storageContentEndpoints,
  ...storageStatusEndpoints,
  ...vzdumpEndpoints,
  ...backupJobEndpoints,
  ...storageBackupEndpoints,
  ...storageTransferEndpoints,
  ...scanEndpoints,
  ...localDiskEndpoints,
  ...diskStorageEndpoints,
  ...sdnEndpoints,
  ...replicationEndpoints,
  ...notificationEndpoints,
  ...accessEndpoints,
  ...ticketEndpoints,
  ...realmEndpoints,
  ...tfaEndpoints,
}
