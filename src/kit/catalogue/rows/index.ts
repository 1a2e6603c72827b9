import type {CatalogueRow} from '../model.js'
import {CLIENTS} from './clients.js'
import {GIT} from './git.js'
import {PVE_ACCESS, PVE_GENERAL} from './pve-access.js'
import {PVE_CLUSTER} from './pve-cluster.js'
import {PVE_GUESTS} from './pve-guests.js'
import {PVE_HOSTS} from './pve-hosts.js'
import {PVE_MOVES} from './pve-moves.js'
import {PVE_STORAGE} from './pve-storage.js'
import {TLS} from './tls.js'

/** All rows, in the order in which a text is held against them: what says more comes before what says less. */
export const CATALOGUE: readonly CatalogueRow[] = [
  ...PVE_CLUSTER,
  ...PVE_ACCESS,
  ...PVE_GUESTS,
  ...PVE_STORAGE,
  ...PVE_MOVES,
  ...PVE_HOSTS,
  ...CLIENTS,
  ...GIT,
  ...TLS,
  ...PVE_GENERAL,
]
