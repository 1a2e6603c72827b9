import type {Permissions} from '../../proxmox/index.js'
import {isMap} from '../../resources/index.js'
import type {World} from './world.js'

/** Privileges that are held on a path. */
export interface Held {
  has(privilege: string): boolean
}

const everything: Held = {has: () => true}
const nothingHeld: Held = {has: () => false}

/** What somebody may do on a path; undefined where nobody can tell without asking for just this path. */
export type RightsAt = (path: string) => Held | undefined

/** Listed for everybody who has anything on them (pve-access-control, PVE/RPCEnvironment.pm (get_effective_permissions)). */
const alwaysListed = ['/', '/access', '/access/groups', '/nodes', '/pool', '/sdn', '/storage', '/vms']

/**
 * Rights by path, from what GET /access/permissions lists. A path that is not listed has what the next one above it hands down, or it has nothing, as
 * an entry without rights on it (NoAccess) is left out of the list. Which of both, the cluster's ACL tells, where it is known.
 * @param permissions the whole list
 * @param exact the answers to `?path=`
 */
export function heldRights(permissions: Permissions, exact: Permissions, world: World): RightsAt {
  if (world.who === 'root@pam') return () => everything
  const entries = world.find('acl', 'acl')?.config
  const named = entries && pathsNamed(Object.keys(entries))
  const emptied = (path: string, isOwn: boolean): boolean | undefined => {
    if (alwaysListed.includes(path)) return true
    if (named === undefined) return undefined
    return named.has(path) || (isOwn && isOfPool(path, world))
  }
  return (path) => {
    if (Object.hasOwn(exact, path)) return heldIn(exact[path]!)
    for (const at of upFrom(path)) {
      const rights = Object.hasOwn(permissions, at) ? permissions[at] : undefined
      if (rights) return at === path ? heldIn(rights) : handedDown(rights)
      const isEmpty = emptied(at, at === path)
      if (isEmpty === undefined) return undefined
      if (isEmpty) return nothingHeld
    }
    return nothingHeld
  }
}

const heldIn = (rights: Permissions[string]): Held => ({has: (privilege) => Object.hasOwn(rights, privilege)})

/** A role that holds for its path alone may hide one that is handed down from further up. */
function handedDown(rights: Permissions[string]): Held | undefined {
  return Object.values(rights).every((bit) => Number(bit) === 1) ? heldIn(rights) : undefined
}

/** A path and all above it. */
function upFrom(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '')
  return [...parts.map((_, at) => `/${parts.slice(0, parts.length - at).join('/')}`), '/']
}

/** Paths of ACLs, and those that lie above them: PVE's tree has a place for each. */
const pathsNamed = (paths: readonly string[]): ReadonlySet<string> => new Set(paths.flatMap(upFrom))

/** A pool gives its rights to its members. */
function isOfPool(path: string, world: World): boolean {
  const vmid = /^\/vms\/(\d+)$/.exec(path)?.[1]
  if (vmid !== undefined) return world.guest(vmid)?.facts.pool !== undefined
  const storage = /^\/storage\/([^/]+)$/.exec(path)?.[1]
  return storage !== undefined && world.all('pool').some(({config}) => hasMember(config.storage, storage))
}

function hasMember(value: unknown, name: string): boolean {
  if (Array.isArray(value)) return value.map(String).includes(name)
  return isMap(value)
    ? Object.hasOwn(value, name)
    : String(value ?? '')
        .split(/[\s,;]+/)
        .includes(name)
}
