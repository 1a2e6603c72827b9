import type {State} from '../state/model.js'

/** Privilege to whether it propagates below the path. */
export type Privileges = Map<string, 0 | 1>

const noPrivileges: Privileges = new Map()

/** Splits `user@realm!token`; `token` is undefined for a user. */
export function splitAuthId(authid: string): {userid: string; token?: string} {
  const at = authid.indexOf('!')
  return at < 0 ? {userid: authid} : {userid: authid.slice(0, at), token: authid.slice(at + 1)}
}

/** A path and all above it, from the top. */
export function pathLevels(path: string): string[] {
  const levels = ['/']
  let current = ''
  for (const part of path.split('/')) {
    if (part === '') continue
    current += `/${part}`
    levels.push(current)
  }
  return levels
}

/**
 * Effective rights of users and tokens, by path. Rules: a deeper path replaces inherited roles, an own entry beats those of groups
 * on the same path, NoAccess beats all, a pool's rights reach its members, a privilege-separated token holds at most what its user holds.
 * Facts: pve-access-control, PVE/AccessControl.pm (roles) and PVE/RPCEnvironment.pm (permissions, compute_api_permission).
 */
export class Permissions {
  private cache = new Map<string, Privileges>()

  constructor(
    private readonly state: State,
    private readonly allPrivileges: () => string[],
  ) {}

  /** Forgets what was computed; to be called after any change of users, roles, ACLs or pools. */
  invalidate(): void {
    this.cache.clear()
  }

  of(authid: string, path: string): Privileges {
    const key = `${authid} ${path}`
    let found = this.cache.get(key)
    if (!found) this.cache.set(key, (found = this.compute(authid, path)))
    return found
  }

  has(authid: string, path: string, privilege: string): boolean {
    return authid === 'root@pam' || this.of(authid, path).has(privilege)
  }

  hasAny(authid: string, path: string, privileges: string[]): boolean {
    return privileges.some((privilege) => this.has(authid, path, privilege))
  }

  private compute(authid: string, path: string): Privileges {
    const {userid, token} = splitAuthId(authid)
    const user = this.state.users[userid]
    if (!user) return noPrivileges
    if (token !== undefined) {
      const separated = user.tokens[token]?.privsep !== 0
      if (!separated) return this.of(userid, path)
      const own = this.withPools(authid, path)
      const limit = this.of(userid, path)
      return new Map([...own].filter(([privilege]) => limit.has(privilege)))
    }
    if (userid === 'root@pam') return new Map(this.allPrivileges().map((privilege) => [privilege, 1]))
    return this.withPools(userid, path)
  }

  /** Rights by roles of the path and, without propagation, of the pools it is in; NoAccess of either leaves none. */
  private withPools(authid: string, path: string): Privileges {
    const roles = this.roles(authid, path)
    const pooled = this.poolsOf(path).flatMap((poolid) => [...this.roles(authid, `/pool/${poolid}`).keys()])
    if (roles.has('NoAccess') || pooled.includes('NoAccess')) return new Map()
    for (const roleid of pooled) if (!roles.has(roleid)) roles.set(roleid, 0)
    return this.privilegesOf(roles)
  }

  private poolsOf(path: string): string[] {
    const guest = /^\/vms\/(\d+)$/.exec(path)
    if (guest) {
      const poolid = this.state.guests[guest[1]!]?.pool
      return poolid === undefined ? [] : [poolid]
    }
    const storage = /^\/storage\/([^/]+)$/.exec(path)
    if (!storage) return []
    return Object.keys(this.state.pools).filter((poolid) => this.state.pools[poolid]!.storage.includes(storage[1]!))
  }

  private privilegesOf(roles: Map<string, 0 | 1>): Privileges {
    const rights: Privileges = new Map()
    for (const [roleid, propagate] of roles) {
      for (const privilege of this.state.roles[roleid] ?? []) {
        if (propagate || !rights.has(privilege)) rights.set(privilege, propagate)
      }
    }
    return rights
  }

  /** Roles that hold on a path, with their propagate flag. */
  roles(authid: string, path: string): Map<string, 0 | 1> {
    const groups = this.state.users[splitAuthId(authid).userid]?.groups ?? []
    const levels = pathLevels(path)
    let roles = new Map<string, 0 | 1>()
    levels.forEach((level, index) => {
      const last = index === levels.length - 1
      const entries = this.state.acl.filter((entry) => entry.path === level && (last || entry.propagate))
      const own = entries.filter((entry) => entry.type !== 'group' && entry.ugid === authid)
      const relevant =
        own.length > 0 || authid.includes('!')
          ? own
          : entries.filter((e) => e.type === 'group' && groups.includes(e.ugid))
      if (relevant.length > 0) roles = new Map(relevant.map((entry) => [entry.roleid, entry.propagate]))
    })
    return roles
  }
}
