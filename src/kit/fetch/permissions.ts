import type {Reader} from '../proxmox/index.js'

type Privileges = Record<string, unknown>

/**
 * What the caller's token may see, from `GET /access/permissions`. PVE leaves out of its lists what a caller may not see,
 * so only this tells a deleted object from one that is out of sight.
 */
export class Permissions {
  private constructor(
    private readonly reader: Reader,
    private readonly all: Record<string, Privileges> | undefined,
  ) {}

  static async read(reader: Reader): Promise<Permissions> {
    const all = await reader.get<Record<string, Privileges>>('/access/permissions').catch((error: unknown) => {
      if ((error as {code?: string}).code === 'PMPC_NOT_IMPLEMENTED') return undefined
      throw error
    })
    return new Permissions(reader, all)
  }

  /** The token has no privilege anywhere. */
  get none(): boolean {
    return this.all !== undefined && Object.values(this.all).every((privileges) => Object.keys(privileges).length === 0)
  }

  /**
   * Whether any of the privileges holds on a path. The path itself is asked for: an entry without rights on it
   * (NoAccess) is not in the whole map, where it would seem to inherit.
   */
  async maySee(path: string, privileges: string[]): Promise<boolean> {
    if (!this.all) return true
    if (this.none) return false
    const answer = await this.reader.get<Record<string, Privileges>>('/access/permissions', {path})
    return privileges.some((privilege) => privilege in (answer[path] ?? {}))
  }
}
