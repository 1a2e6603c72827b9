import type {Tables} from '../emit.js'
import {access} from './access.js'
import {container} from './container.js'
import {datacenter} from './datacenter.js'
import {firewalls} from './firewall.js'
import {ha} from './ha.js'
import {jobs} from './jobs.js'
import {mappings} from './mapping.js'
import {networks} from './network.js'
import {nodes} from './node.js'
import {others} from './others.js'
import {pool} from './pool.js'
import {realms} from './realm.js'
import type {KindRows} from './row.js'
import {sdn} from './sdn.js'
import {storages} from './storage.js'
import {vm} from './vm.js'

const rows: readonly KindRows[] = [
  vm,
  container,
  pool,
  ...storages,
  ...access,
  ...realms,
  ...nodes,
  ...networks,
  ...firewalls,
  ...ha,
  ...jobs,
  ...mappings,
  ...datacenter,
  ...sdn,
  ...others,
]

/** What the objects of each kind become. */
export const tables: Tables = Object.fromEntries(rows.map((each) => [each.kind, each]))
