import {permissionsIn, type Permissions as Rights} from '../proxmox/index.js'
import {isScalar} from './answers.js'
import type {Asker} from './requests.js'

/**
 * What the caller's token may see, from `GET /access/permissions`. PVE leaves out of its lists what a caller may not see,
 * so only this tells a deleted object from one that is out of sight.
 */
export class Permissions {
  private readonly asked = new Map<string, Promise<Rights[string]>>()

  private constructor(
    private readonly asker: Asker,
    private readonly all: Rights | undefined,
  ) {}

  static async read(asker: Asker): Promise<Permissions> {
    const answer = await asker.get('/access/permissions').catch((error: unknown) => {
      if ((error as {code?: string}).code === 'PMPC_NOT_IMPLEMENTED') return undefined
      throw error
    })
    return new Permissions(asker, answer === undefined ? undefined : permissionsIn(answer))
  }

  /** The token has no privilege anywhere. */
  get none(): boolean {
    return this.all !== undefined && Object.values(this.all).every((privileges) => Object.keys(privileges).length === 0)
  }

  /**
   * Where any of the privileges is held: on a path and all below it, on some paths there, or on none. A pool gives rights on its members;
   * what is held elsewhere, as a role on `/nodes` that names all privileges, shows nothing.
   * @param below whether it is asked for what lies below the path; else for the path itself
   */
  held(above: string, privileges: readonly string[], below = true): 'everywhere' | 'somewhere' | 'nowhere' {
    const {all} = this
    if (!all) return 'everywhere'
    const nearest = Object.keys(all)
      .filter((path) => isWithin(above, path))
      .sort((a, b) => b.length - a.length)[0]
    const rights = nearest === undefined ? {} : all[nearest]!
    const holds = below || nearest !== above ? propagated(rights) : rights
    if (hasAny(holds, privileges)) return 'everywhere'
    if (!below) return 'nowhere'
    const pools = membersOfPools.includes(above) ? ['/pool'] : []
    const concerning = Object.entries(all).filter(([path]) =>
      [above, ...pools].some((within) => isWithin(path, within)),
    )
    return concerning.some(([, own]) => hasAny(own, privileges)) || hasAny(rights, privileges) ? 'somewhere' : 'nowhere'
  }

  /**
   * Whether any of the privileges holds on a path. One that is not in the whole map is asked for, once: an entry without rights on it
   * (NoAccess) is left out there, and would seem to inherit.
   */
  async maySee(path: string, privileges: readonly string[]): Promise<boolean> {
    if (!this.all) return true
    if (this.none) return false
    if (Object.hasOwn(this.all, path)) return hasAny(this.all[path]!, privileges)
    const asked = this.asked.get(path) ?? this.ask(path)
    this.asked.set(path, asked)
    return hasAny(await asked, privileges)
  }

  private async ask(path: string): Promise<Rights[string]> {
    return permissionsIn(await this.asker.get('/access/permissions', {path}))[path] ?? {}
  }
}

/** What a pool has as its members gives its rights to them (pve-access-control, PVE/RPCEnvironment.pm (permissions)). */
const membersOfPools: readonly string[] = ['/vms', '/storage']

function propagated(rights: Rights[string]): Rights[string] {
  return Object.fromEntries(
    Object.entries(rights).filter(([, propagates]) => isScalar(propagates) && Number(propagates) === 1),
  )
}

/** Whether a path is one, or lies below it. */
function isWithin(path: string, above: string): boolean {
  return path === above || above === '/' || path.startsWith(`${above}/`)
}

function hasAny(rights: Rights[string], privileges: readonly string[]): boolean {
  return privileges.some((privilege) => Object.hasOwn(rights, privilege))
}
