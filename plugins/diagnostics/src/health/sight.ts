import {permissionsIn, type Permissions, type Reader} from 'pmpc/kit/proxmox'
import type {Unread} from './facts.js'
import type {Source} from './sources.js'

/**
 * What the token may see. Proxmox VE leaves out of its lists what a caller may not see and says nothing of it: a list that is short of entries must
 * not pass for a healthy one.
 */
export class Sight {
  private constructor(private readonly all: Permissions) {}

  /** Costs one request. */
  static async read(reader: Reader): Promise<Sight> {
    return new Sight(permissionsIn(await reader.get('/access/permissions')))
  }

  /** What a source does not tell this token, if anything. */
  lacks({sight}: Source): Unread[] {
    const lacking = (sight ?? []).map((row) => row.filter(({path, privileges}) => !this.holds(path, privileges)))
    if (lacking.length === 0 || lacking.some((row) => row.length === 0)) return []
    return lacking.at(-1)!.map(({path, privileges}) => ({
      object: 'token',
      why: `it may not see all of it: ${privileges.join(' or ')} is not held on ${path} and all below`,
    }))
  }

  /** Whether one of the privileges is held on a path, and taken away nowhere below it. */
  private holds(path: string, privileges: readonly string[]): boolean {
    const isWithin = (one: string, above: string) => one === above || above === '/' || one.startsWith(`${above}/`)
    const paths = Object.keys(this.all)
    const nearest = paths.filter((one) => isWithin(path, one)).toSorted((a, b) => b.length - a.length)[0]
    if (nearest === undefined) return false
    const has = (one: string) =>
      privileges.some(
        (name) => Object.hasOwn(this.all[one]!, name) && (one !== nearest || reaches(this.all[one]![name])),
      )
    return has(nearest) && paths.filter((one) => one !== path && isWithin(one, path)).every(has)
  }
}

/** Whether a privilege goes on below its path; `0` and `"0"` are no. */
function reaches(bit: number | boolean | string | undefined): boolean {
  return Number(bit) === 1
}
