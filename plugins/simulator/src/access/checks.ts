import type {Check, Method} from '../contract/contract.js'
import {ApiError, failure, forbidden} from '../errors.js'
import type {Params} from '../contract/schema.js'
import type {State} from '../state/model.js'
import type {Permissions} from './permissions.js'
import {splitList} from '../contract/scalars.js'

export interface Checker {
  state: State
  permissions: Permissions
}

/** Requires all privileges on a path. @throws ApiError 403 that names the first one missing. */
export function requireAll({permissions}: Checker, authid: string, path: string, privileges: string[]): void {
  const missing = privileges.find((privilege) => !permissions.has(authid, path, privilege))
  if (missing !== undefined) throw forbidden(`${path}, ${missing}`)
}

/** Requires one of the privileges on a path. @throws ApiError 403 that names them all. */
export function requireAny({permissions}: Checker, authid: string, path: string, privileges: string[]): void {
  if (!permissions.hasAny(authid, path, privileges)) throw forbidden(`${path}, ${privileges.join('|')}`)
}

function fill(template: string, param: Params): string {
  const path = fillIn(template, param)
  return /^[A-Za-z0-9.\-_/]*$/.test(path) ? path : ''
}

function fillIn(template: string, param: Params): string {
  return template.replace(/\{([^}]+)\}/g, (_, key: string) => String(param[key] ?? ''))
}

/** What a check says of a user who is not there; where it is one of several, that it does not pass. */
class NoSuchUser extends ApiError {
  constructor(userid: string) {
    super(500, `no such user ('${userid}')\n`)
  }
}

function requireUser({state}: Checker, userid: string): void {
  if (!state.users[userid]) throw new NoSuchUser(userid)
}

type Rule = (checker: Checker, authid: string, rest: unknown[], param: Params) => void

/** Whether one of several checks passes. One that is made of others refuses for all of them, as in PVE. */
function passes(checker: Checker, authid: string, check: Check, param: Params): boolean {
  if (check[0] === 'and') {
    runCheck(checker, authid, check, param)
    return true
  }
  try {
    runCheck(checker, authid, check, param)
    return true
  } catch (error) {
    if (error instanceof NoSuchUser || (error instanceof ApiError && error.status === 403)) return false
    throw error
  }
}

function checkUserGroup(checker: Checker, authid: string, [privileges, ...options]: unknown[], param: Params): void {
  const wanted = privileges as string[]
  const named = options[0] === 'groups_param' ? options[1] : undefined
  const userid = String(param.userid)
  if (named !== 'create') requireUser(checker, userid)
  const may = (group: string): boolean => checker.permissions.hasAny(authid, `/access/groups${group}`, wanted)
  if (may('')) return
  if (named !== undefined) {
    const groups = splitList(String(param.groups ?? '')).map((group) => `/${group}`)
    const refused = groups.length === 0 ? '' : groups.find((group) => !may(group))
    if (refused !== undefined) throw forbidden(`/access/groups${refused}, ${wanted.join('|')}`)
  }
  if (named !== 'create' && !checker.state.users[userid]!.groups.some((group) => may(`/${group}`))) throw forbidden()
}

function checkUserParam(checker: Checker, authid: string, [what]: unknown[], param: Params): void {
  const userid = String(param.userid ?? '')
  if (!/^[^\s:/]+@[A-Za-z][A-Za-z0-9.\-_]+$/.test(userid))
    throw failure(`value '${userid}' does not look like a valid user name`)
  if (what === 'self') {
    requireUser(checker, userid)
    if (authid !== userid) throw forbidden()
    return
  }
  const realm = userid.slice(userid.lastIndexOf('@') + 1)
  requireAll(checker, authid, `/access/realm/${realm}`, [String(what)])
}

const ownerPrivileges: [RegExp, string][] = [
  [/^\/storage\/[^/]+$/, 'Datastore.Allocate'],
  [/^\/vms\/\d+$/, 'VM.Allocate'],
  [/^\/pool\/.+$/, 'Pool.Allocate'],
]

/** Whether someone may change ACLs on a path: Permissions.Modify, or the Allocate right of what the path stands for. */
export function mayModifyPermissions({permissions}: Checker, authid: string, path: string): boolean {
  const owner = ownerPrivileges.find(([pattern]) => pattern.test(path))
  return permissions.hasAny(authid, path, ['Permissions.Modify', ...(owner ? [owner[1]] : [])])
}

const rules: Record<string, Rule> = {
  and: (checker, authid, rest, param) => rest.forEach((check) => runCheck(checker, authid, check as Check, param)),
  or: (checker, authid, rest, param) => {
    if (!rest.some((check) => passes(checker, authid, check as Check, param))) throw forbidden()
  },
  perm: (checker, authid, [template, privileges, ...options], param) => {
    const named = options.indexOf('require_param')
    if (named >= 0 && param[String(options[named + 1])] === undefined) throw forbidden()
    const any = options.indexOf('any')
    const require = any >= 0 && options[any + 1] ? requireAny : requireAll
    const path = fill(String(template), param)
    if (path === '') throw forbidden(`, ${(privileges as string[])[0]}`)
    require(checker, authid, path, privileges as string[])
  },
  'perm-modify': (checker, authid, [template], param) => {
    const path = fill(String(template), param)
    if (!mayModifyPermissions(checker, authid, path)) throw forbidden(`${path}, Permissions.Modify`)
  },
  'userid-group': checkUserGroup,
  'userid-param': checkUserParam,
}

function runCheck(checker: Checker, authid: string, [name, ...rest]: Check, param: Params): void {
  const rule = rules[name]
  if (!rule) throw new Error(`unknown permission check '${name}'`)
  rule(checker, authid, rest, param)
}

/** The check a method's schema declares. @throws ApiError 403. Fact: pve-access-control, PVE/RPCEnvironment.pm (check_api2_permissions). */
export function checkMethod(checker: Checker, authid: string | undefined, method: Method, param: Params): void {
  const rule = method.permissions
  if (authid === undefined) {
    if (rule?.user !== 'world') throw forbidden('user != null')
    return
  }
  if (authid === 'root@pam') return
  if (!rule) throw forbidden('user != root@pam')
  if (rule.user === 'all' || rule.user === 'world') return
  if (rule.check) runCheck(checker, authid, rule.check, param)
}
