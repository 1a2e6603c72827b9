import type {Endpoints} from '../simulation.js'
import {accessEndpoints} from './access.js'
import {cloneEndpoints} from './clone.js'
import {clusterEndpoints} from './cluster.js'
import {diskEndpoints} from './disks.js'
import {firewallEndpoints} from './firewall.js'
import {haEndpoints} from './ha.js'
import {sectionKindEndpoints} from './kinds.js'
import {networkEndpoints} from './network.js'
import {nodeConfigEndpoints} from './nodeConfig.js'
import {guestExtraEndpoints} from './guestExtras.js'
import {storageContentEndpoints} from './storageContent.js'
import {replicationEndpoints} from './replication.js'
import {sdnEndpoints} from './sdn.js'
import {notificationEndpoints} from './notifications.js'
import {guestReadEndpoints} from './guestsRead.js'
import {lifecycleEndpoints} from './lifecycle.js'
import {lxcConfigEndpoints} from './lxcConfig.js'
import {nodeEndpoints} from './nodes.js'
import {optionEndpoints} from './options.js'
import {poolEndpoints} from './pools.js'
import {powerEndpoints} from './power.js'
import {qemuConfigEndpoints} from './qemuConfig.js'
import {snapshotEndpoints} from './snapshots.js'
import {smallReadEndpoints} from './smallReads.js'
import {storageEndpoints} from './storage.js'
import {ticketEndpoints} from './ticket.js'

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
  ...storageEndpoints,
  ...poolEndpoints,
  ...firewallEndpoints,
  ...optionEndpoints,
  ...sectionKindEndpoints,
  ...haEndpoints,
  ...networkEndpoints,
  ...nodeConfigEndpoints,
  ...guestExtraEndpoints,
  ...storageContentEndpoints,
  ...smallReadEndpoints,
  ...sdnEndpoints,
  ...replicationEndpoints,
  ...notificationEndpoints,
  ...accessEndpoints,
  ...ticketEndpoints,
}
