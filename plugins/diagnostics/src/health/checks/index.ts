import type {Check} from '../model.js'
import {accessChecks} from './access.js'
import {backupChecks} from './backup.js'
import {capacityChecks} from './capacity.js'
import {cephChecks} from './ceph.js'
import {certificateChecks} from './certificates.js'
import {clusterChecks} from './cluster.js'
import {diskChecks} from './disks.js'
import {firewallChecks} from './firewall.js'
import {guestChecks} from './guests.js'
import {haChecks} from './ha.js'
import {networkChecks} from './network.js'
import {nodeChecks} from './nodes.js'
import {packageChecks} from './packages.js'
import {storageChecks} from './storage.js'
import {taskChecks} from './tasks.js'

/** All checks of a cluster, in the order in which they are told. */
export const checks: readonly Check[] = [
  ...clusterChecks,
  ...nodeChecks,
  ...capacityChecks,
  ...certificateChecks,
  ...storageChecks,
  ...diskChecks,
  ...cephChecks,
  ...backupChecks,
  ...haChecks,
  ...guestChecks,
  ...networkChecks,
  ...accessChecks,
  ...firewallChecks,
  ...packageChecks,
  ...taskChecks,
]
