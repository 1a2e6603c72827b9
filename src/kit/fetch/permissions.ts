import {permissionsIn, type Permissions as Rights, type Reader} from '../proxmox/index.js'

/**
 * What the caller's token may see, from `GET /access/permissions`. PVE leaves out of its lists what a caller may not see,
 * so only this tells a deleted object from one that is out of sight.
 */
export class Permissions {
  private constructor(
    private readonly reader: Reader,
    private readonly all: Rights | undefined,
  ) {}

  static async read(reader: Reader): Promise<Permissions> {
    const answer = await reader.get<unknown>('/access/permissions').catch((error: unknown) => {
      if ((error as {code?: string}).code === 'PMPC_NOT_IMPLEMENTED') return undefined
      throw error
    })
    return new Permissions(reader, answer === undefined ? undefined : permissionsIn(answer))
  }

  /** The token has no privilege anywhere. */
  get none(): boolean {
    return this.all !== undefined && Object.values(this.all).every((privileges) => Object.keys(privileges).length === 0)
  }

  /**
   * Where any of the privileges is held: on a path and all below it, on some paths there, or on none. A pool gives rights on its members;
   * what is held elsewhere, as a role on `/nodes` that names all privileges, shows nothing.
   */
  held(above: string, privileges: readonly string[]): 'everywhere' | 'somewhere' | 'nowhere' {
    if (!this.all) return 'everywhere'
    const concerning = Object.entries(this.all).filter(
      ([path]) => path === '/' || isWithin(path, above) || isWithin(path, '/pool'),
    )
    if (!concerning.some(([, rights]) => hasAny(rights, privileges))) return 'nowhere'
    const rights = this.all[above] ?? this.all['/'] ?? {}
    const propagated = Object.fromEntries(Object.entries(rights).filter(([, propagates]) => Number(propagates) === 1))
    return hasAny(propagated, privileges) ? 'everywhere' : 'somewhere'
  }

  /**
   * Whether any of the privileges holds on a path. The path itself is asked for: an entry without rights on it
   * (NoAccess) is not in the whole map, where it would seem to inherit.
   */
  async maySee(path: string, privileges: readonly string[]): Promise<boolean> {
    if (!this.all) return true
    if (this.none) return false
    const rights = permissionsIn(await this.reader.get<unknown>('/access/permissions', {path}))[path] ?? {}
    return hasAny(rights, privileges)
  }
}

function isWithin(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}/`)
}

function hasAny(rights: Rights[string], privileges: readonly string[]): boolean {
  return privileges.some((privilege) => Object.hasOwn(rights, privilege))
}
