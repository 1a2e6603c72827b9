import {own} from '../resources/documents.js'
import type {Version} from './schema.js'

/**
 * Who may send a call: `root` root@pam itself alone, `anyone` whoever is logged in (and the code behind looks on), else a check in the prefix form in
 * which PVE writes it: `['perm', '/vms/{vmid}', ['VM.Audit']]` (pve-access-control, PVE/RPCEnvironment.pm (exec_api2_perm_check)).
 */
export type CallRights = 'root' | 'anyone' | readonly unknown[]

/** The checks of all writing calls of a version. */
export interface Rights {
  version: Version
  /** Of a call as the contract names it, `PUT /nodes/{node}/qemu/{vmid}/config`; undefined where the version has no such call. */
  of(call: string): CallRights | undefined
}

interface Data {
  /** 0 stands for root alone, 1 for anyone. */
  checks: Record<string, 0 | 1 | readonly unknown[]>
  /** One number for both versions, or 8.4's and 9.2's; -1 where there is no such call. */
  calls: Record<string, readonly number[]>
}

/** Loads what the contract of a version says of who may send which write. */
export async function loadRights(version: Version): Promise<Rights> {
  const {rightsJson} = await import('./data/rights.js')
  const {checks, calls} = JSON.parse(rightsJson) as Data
  return {
    version,
    of: (call) => {
      const both = own(calls, call)
      const number = both?.[version === '8.4' ? 0 : both.length - 1] ?? -1
      if (number < 0) return undefined
      const check = checks[number]!
      return check === 0 ? 'root' : check === 1 ? 'anyone' : check
    },
  }
}
