import type {State} from '../../src/state/model.js'

/** What of a state points to what is not there. */
export function contradictions({
  guests,
  nodes,
  pools,
  storages,
  roles,
  users,
  groups,
  acl,
  volumes,
  sections,
}: State): string[] {
  const found: string[] = []
  const check = (holds: boolean, what: string): void => void (holds || found.push(what))
  for (const {vmid, node, pool, parent, snapshots} of Object.values(guests)) {
    check(nodes[node] !== undefined, `guest ${vmid} is on no node`)
    check(pool === undefined || pools[pool] !== undefined, `guest ${vmid} is in no pool ${pool}`)
    for (const name of [parent, ...Object.values(snapshots).map((one) => one.parent)])
      check(name === undefined || snapshots[name] !== undefined, `guest ${vmid} has no snapshot ${name}`)
  }
  for (const {volid, size, used} of Object.values(volumes))
    check(Number.isFinite(size) && size >= 0 && Number.isFinite(used) && used >= 0, `${volid} has no size`)
  for (const [poolid, {storage}] of Object.entries(pools))
    for (const one of storage) check(storages[one] !== undefined, `pool ${poolid} has no storage ${one}`)
  for (const {path, type, ugid, roleid} of acl) {
    const [userid = '', token = ''] = ugid.split('!')
    const is = {user: users[ugid], group: groups[ugid], token: users[userid]?.tokens[token]}[type]
    check(roles[roleid] !== undefined && is !== undefined, `the ACL of ${path} names ${type} ${ugid}, role ${roleid}`)
  }
  for (const user of Object.values(users))
    for (const one of user.groups) check(groups[one] !== undefined, `${user.userid} is in no group ${one}`)
  for (const sid of Object.keys(sections['ha/resources'] ?? {}))
    check(guests[sid.split(':')[1]!] !== undefined, `HA resource ${sid} is no guest`)
  return found
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || (typeof value === 'object' && value !== null && Object.values(value).every(isEmpty))

const filled = (value: unknown): unknown =>
  typeof value !== 'object' || value === null || Array.isArray(value)
    ? value
    : Object.fromEntries(
        Object.entries(value)
          .filter(([, item]) => !isEmpty(item))
          .map(([key, item]) => [key, filled(item)]),
      )

/** What clients can tell of a state: files that were read for the first time are not there yet, and the HA manager moves by itself. */
export function visible(state: State): string {
  const {tasks: _tasks, log: _log, ha: _ha, sections, nodes, ...rest} = state
  const kept = Object.entries(sections).filter(([file]) => !/^running$|^acme\/plugins$/.test(file))
  const hosts = Object.entries(nodes).map(([name, {sources: _sources, ...node}]) => [name, node])
  return JSON.stringify(filled({...rest, sections: Object.fromEntries(kept), nodes: Object.fromEntries(hosts)}))
}
