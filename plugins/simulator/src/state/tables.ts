import type {FirewallState, State} from './model.js'

/** An object by names that clients choose: it has what was put there, and nothing that every object of JavaScript has, such as `constructor`. */
export const table = <T extends object>(entries: T): T => Object.setPrototypeOf(entries, null) as T

/** Makes tables of what a firewall file names. */
export function firewallTables(firewall: FirewallState): FirewallState {
  table(firewall.aliases)
  table(firewall.ipset)
  table(firewall.groups)
  return firewall
}

/** Makes tables of everything in a state that is found by a name of a client's choice. */
export function withTables(state: State): State {
  const {nodes, guests, storages, pools, users, groups, roles, sections, firewall} = state
  for (const named of [nodes, guests, storages, pools, users, groups, roles, sections, firewall]) table(named)
  Object.values(sections).forEach(table)
  Object.values(firewall).forEach(firewallTables)
  for (const {tokens} of Object.values(users)) table(tokens)
  for (const {snapshots} of Object.values(guests)) table(snapshots)
  for (const {disks} of Object.values(nodes)) if (disks) [disks.groups, disks.zpools, disks.directories].forEach(table)
  if (state.ha) table(state.ha.services)
  return state
}
