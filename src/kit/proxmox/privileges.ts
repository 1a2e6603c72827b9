import type {Reader} from './client.js'
import {isEntry, mapIn} from './shapes.js'

/** GET /access/permissions: path to privilege to whether it goes on below that path. */
export type Permissions = Record<string, Record<string, number | boolean | string>>

/** What a sync needs on `/`: to read, and to see kinds that are shown to those only who may change them. */
export interface Wanted {
  reading: readonly string[]
  /** By kind. */
  writing: Readonly<Record<string, string>>
}

/** Only names the authors of changes, from the cluster log. */
const authorPrivilege = 'Sys.Syslog'

export interface PrivilegeReport {
  /** Needed for a whole sync, and not held on `/` for everything below. */
  missing: string[]
  /** Privileges that are held somewhere below `/` only, with those paths: a sync sees a part. */
  partial: Record<string, string[]>
  /** Paths below `/` where something held on `/` is taken away. */
  restricted: string[]
  /** Whether commits can name who changed what. */
  canNameAuthors: boolean
  /** Kinds that are shown to those only who may change them, and the privilege on `/` that is not held and would show them. No sync warns of them. */
  unseen: Record<string, string>
  /** No privilege at all: every list will be empty, which is no empty cluster. */
  none: boolean
}

/** What the credential may do, as far as a sync is concerned. Every user may ask this of itself. */
export async function readPrivileges(client: Reader, wanted: Wanted): Promise<PrivilegeReport> {
  return judgePrivileges(permissionsIn(await client.get('/access/permissions')), wanted)
}

/** An answer of GET /access/permissions; what is no map of maps in it gives no right. @throws PMPC_NOT_PVE */
export function permissionsIn(answer: unknown): Permissions {
  const paths = Object.entries(mapIn(answer, '/access/permissions'))
  return Object.fromEntries(
    paths.flatMap(([path, rights]) => (isEntry(rights) ? [[path, rights as Permissions[string]]] : [])),
  )
}

/** Compares effective rights with what a sync needs. */
export function judgePrivileges(permissions: Permissions, wanted: Wanted): PrivilegeReport {
  const root = permissions['/'] ?? {}
  const below = Object.entries(permissions).filter(([path]) => path !== '/')
  const missing = wanted.reading.filter((privilege) => !propagates(root[privilege]))
  const partial = missing.map(
    (privilege) =>
      [
        privilege,
        below
          .filter(([, rights]) => Object.hasOwn(rights, privilege))
          .map(([path]) => path)
          .sort(),
      ] as const,
  )
  const restricted = below.filter(([path, rights]) =>
    concerning(path).some(
      (privilege) =>
        wanted.reading.includes(privilege) && propagates(root[privilege]) && !Object.hasOwn(rights, privilege),
    ),
  )
  return {
    missing,
    partial: Object.fromEntries(partial.filter(([, paths]) => paths.length > 0)),
    restricted: restricted.map(([path]) => path).sort(),
    canNameAuthors: Object.hasOwn(root, authorPrivilege),
    unseen: Object.fromEntries(Object.entries(wanted.writing).filter(([, one]) => !Object.hasOwn(root, one))),
    none: Object.values(permissions).every((rights) => Object.keys(rights).length === 0),
  }
}

function propagates(bit: number | boolean | string | undefined): boolean {
  return bit !== undefined && Number(bit) === 1
}

/** A path takes away only what could be used there: PVE lists `/storage` without VM.Audit, and nobody misses it. */
function concerning(path: string): string[] {
  if (path.startsWith('/vms')) return ['VM.Audit']
  if (path.startsWith('/storage')) return ['Datastore.Audit']
  if (path.startsWith('/nodes')) return ['Sys.Audit']
  if (path.startsWith('/pool')) return ['Pool.Audit']
  return []
}

/**
 * The lines that make a read-only role, user and token, or give an existing token what it lacks, to be typed as root on a node.
 * @param reading what the role may do
 * @param authors also allow to read the cluster log, which names who changed what
 */
export function pveumLines(
  tokenId: string,
  options: {reading: readonly string[]; exists: boolean; authors?: boolean},
): string[] {
  const [user = tokenId, token] = tokenId.split('!')
  const privileges = [...options.reading, ...(options.authors === true ? [authorPrivilege] : [])].sort().join(' ')
  const role = [`pveum role add pmpc-read --privs "${privileges}"`]
  const account = [`pveum user add ${user} --comment "pmpc, reads only"`]
  const rights = [`pveum acl modify / --users ${user} --roles pmpc-read`]
  if (token === undefined) return [...role, ...(options.exists ? [] : account), ...rights]
  const made = [`pveum user token add ${user} ${token} --privsep 1`]
  return [
    ...role,
    ...(options.exists ? [] : account),
    ...rights,
    ...(options.exists ? [] : made),
    `pveum acl modify / --tokens '${tokenId}' --roles pmpc-read`,
  ]
}

/**
 * The lines that give a user or token privileges on a path, to be typed as root on a node. An entry on a path takes the place of what is handed down
 * to it: name what is held there, too. A token has at most what its user has.
 * @param isTaken whether there is a role of this name
 */
export function grantLines(
  who: string,
  path: string,
  privileges: readonly string[],
  isTaken: (role: string) => boolean,
): string[] {
  const [user = who, token] = who.split('!')
  const role = roleFor(path)
  const names = [...new Set(privileges)].sort().join(' ')
  const made = isTaken(role) ? `pveum role modify ${role} --append 1 --privs` : `pveum role add ${role} --privs`
  const ofUser = `pveum acl modify ${path} --users ${user} --roles ${role}`
  if (token === undefined) return [`${made} "${names}"`, ofUser]
  return [
    `${made} "${names}"`,
    `pveum acl modify ${path} --tokens '${who}' --roles ${role}`,
    ...(user === 'root@pam' ? [] : [`${ofUser}   # where ${user} lacks it, too`]),
  ]
}

/** `pmpc-vms-100` for `/vms/100`. */
function roleFor(path: string): string {
  const name = path
    .split('/')
    .filter((part) => part !== '')
    .join('-')
    .replaceAll(/[^A-Za-z0-9_.-]/g, '-')
  return `pmpc-${name === '' ? 'cluster' : name}`
}
