import {badParameter, failure} from '../../errors.js'
import {splitList} from '../../contract/scalars.js'
import {unordered} from '../../calls/print.js'
import {isSet, required, text, type Call, type Endpoints, type Handler} from '../../calls/call.js'
import type {Token, User} from '../../state/model.js'
import {splitAuthId} from '../../access/permissions.js'
import {mayModifyPermissions} from '../../access/checks.js'
import {keptAs, keptText} from '../../access/user-cfg.js'
import {table} from '../../state/tables.js'

const userFields = ['comment', 'email', 'firstname', 'lastname', 'keys'] as const

/** Those of them that user.cfg holds; one that is missing is one that is set to nothing. */
const keptFields = (user: Pick<User, (typeof userFields)[number]>): Partial<User> =>
  Object.assign({}, ...userFields.map((key) => keptAs(key, user[key]))) as Partial<User>

const realmOf = (userid: string): string => userid.slice(userid.lastIndexOf('@') + 1)

/** @throws ApiError 500 with `prefix` where PVE looks for the user inside a lock */
function findUser(call: Call, prefix = ''): User {
  const userid = required(call, 'userid')
  const user = call.sim.state.users[userid]
  if (!user) throw failure(`${prefix}no such user ('${userid}')`)
  return user
}

function findToken(call: Call): Token {
  const user = findUser(call)
  const name = required(call, 'tokenid')
  const token = user.tokens[name]
  if (!token) throw failure(`no such token '${name}' for user '${user.userid}'`)
  return token
}

function fields(user: User): Record<string, unknown> {
  const shown: Record<string, unknown> = keptFields(user)
  // An empty address shows when a later field of the user's line in user.cfg is set.
  if (shown.comment !== undefined || shown.keys !== undefined) shown.email ??= ''
  return shown
}

const shownToken = ({privsep, expire, comment}: Token): Record<string, unknown> => ({
  privsep,
  expire,
  ...keptAs('comment', comment),
})

/** Tokens of a user by name. */
const sortedTokens = ({tokens}: User): [string, Token][] =>
  Object.entries(tokens).sort(([one], [other]) => (one < other ? -1 : 1))

function maySeeUser(call: Call, user: User): boolean {
  const {userid} = splitAuthId(call.auth)
  const wanted = ['User.Modify', 'Sys.Audit']
  return (
    call.auth === user.userid ||
    (userid === user.userid && !call.auth.includes('!')) ||
    call.sim.permissions.hasAny(call.auth, '/access/groups', wanted) ||
    user.groups.some((group) => call.sim.permissions.hasAny(call.auth, `/access/groups/${group}`, wanted))
  )
}

/** Tokens for the full list of users: null where PVE has never kept any for that user. */
function tokenList(user: User): unknown {
  const list = sortedTokens(user).map(([tokenid, token]) => ({tokenid, ...shownToken(token)}))
  return list.length > 0 ? list : null
}

function listUsers(call: Call): unknown {
  const full = isSet(call, 'full')
  const enabled = text(call, 'enabled')
  return Object.values(call.sim.state.users)
    .sort((one, other) => (one.userid < other.userid ? -1 : 1))
    .filter((user) => maySeeUser(call, user) && (enabled === undefined || user.enable === Number(enabled)))
    .map((user) => ({
      userid: user.userid,
      enable: user.enable,
      expire: user.expire,
      'realm-type': call.sim.state.sections.domains?.[realmOf(user.userid)]?.type,
      ...fields(user),
      ...(full && {
        groups: [...user.groups].sort().join(','),
        tokens: tokenList(user),
      }),
    }))
}

function showUser(call: Call): unknown {
  const user = findUser(call)
  const tokens = Object.entries(user.tokens).map(([name, token]) => [name, shownToken(token)])
  return {
    enable: user.enable,
    expire: user.expire,
    groups: [...user.groups].sort(),
    tokens: tokens.length > 0 ? Object.fromEntries(tokens) : null,
    ...fields(user),
  }
}

function requireGroups(call: Call, action: string, groups: string[]): void {
  const missing = groups.find((group) => !call.sim.state.groups[group])
  if (missing !== undefined) throw failure(`${action} user failed: no such group '${missing}'`)
}

function changed(call: Call): null {
  call.sim.permissions.invalidate()
  return null
}

function createUser(call: Call): unknown {
  const userid = required(call, 'userid')
  if (!/^[^\s:/]+@[A-Za-z][A-Za-z0-9.\-_]+$/.test(userid))
    throw failure(`value '${userid}' does not look like a valid user name`)
  if (call.sim.state.users[userid]) throw failure(`create user failed: user '${userid}' already exists`)
  const groups = splitList(text(call, 'groups') ?? '')
  requireGroups(call, 'create', groups)
  const user: User = {
    userid,
    enable: Number(text(call, 'enable') ?? 1),
    expire: Number(text(call, 'expire') ?? 0),
    groups,
    tokens: table({}),
    password: text(call, 'password'),
  }
  for (const key of userFields) Object.assign(user, keptAs(key, text(call, key)))
  call.sim.state.users[userid] = user
  return changed(call)
}

function updateUser(call: Call): unknown {
  const user = findUser(call, 'update user failed: ')
  const groups = text(call, 'groups')
  if (groups !== undefined) {
    const wanted = splitList(groups)
    requireGroups(call, 'update', wanted)
    user.groups = isSet(call, 'append') ? [...new Set([...user.groups, ...wanted])] : wanted
  }
  for (const key of userFields) {
    const value = text(call, key)
    if (value === undefined) continue
    delete user[key]
    Object.assign(user, keptAs(key, value))
  }
  if (text(call, 'enable') !== undefined) user.enable = Number(text(call, 'enable'))
  if (text(call, 'expire') !== undefined) user.expire = Number(text(call, 'expire'))
  return changed(call)
}

/** That there is such a user is looked at by the check of permissions, which root@pam does not go through. */
function deleteUser(call: Call): unknown {
  const userid = required(call, 'userid')
  delete call.sim.state.users[userid]
  call.sim.state.acl = call.sim.state.acl.filter(
    (entry) => splitAuthId(entry.ugid).userid !== userid || entry.type === 'group',
  )
  return changed(call)
}

function listTokens(call: Call): unknown {
  return unordered(Object.entries(findUser(call).tokens).map(([tokenid, token]) => ({tokenid, ...shownToken(token)})))
}

/** Token settings as they were sent: text, as PVE echoes them. A comment is left out where `isNothing` says so. */
function echoed(call: Call, isNothing: (comment: string) => boolean): Record<string, string> {
  return Object.fromEntries(
    ['privsep', 'expire', 'comment']
      .filter((key) => text(call, key) !== undefined && !(key === 'comment' && isNothing(text(call, key)!)))
      .map((key) => [key, text(call, key)!]),
  )
}

function createToken(call: Call): unknown {
  const user = findUser(call)
  const name = required(call, 'tokenid')
  if (user.tokens[name]) throw badParameter('tokenid', 'Token already exists.')
  const token: Token = {
    secret: call.sim.random.uuid(),
    privsep: Number(text(call, 'privsep') ?? 1),
    expire: Number(text(call, 'expire') ?? 0),
    ...keptAs('comment', text(call, 'comment')),
  }
  user.tokens[name] = token
  changed(call)
  const info = {privsep: 1, ...echoed(call, (comment) => comment === '' || comment === '0')}
  return {'full-tokenid': `${user.userid}!${name}`, info, value: token.secret}
}

function updateToken(call: Call): unknown {
  const token = findToken(call)
  if (text(call, 'privsep') !== undefined) token.privsep = Number(text(call, 'privsep'))
  if (text(call, 'expire') !== undefined) token.expire = Number(text(call, 'expire'))
  if (text(call, 'comment') !== undefined) token.comment = keptText(text(call, 'comment'))
  for (const key of splitList(text(call, 'delete') ?? '')) {
    if (key !== 'comment')
      throw failure(`updating token info failed: 400 Parameter verification failed.\ndelete: unknown option '${key}'\n`)
    delete token.comment
  }
  changed(call)
  const isDropped = (comment: string): boolean => comment === '' && call.sim.settings.release !== '8.4'
  const answer = {...shownToken(token), ...echoed(call, isDropped)}
  if (!isSet(call, 'regenerate')) return answer
  token.secret = call.sim.random.uuid()
  return {...answer, value: token.secret, 'full-tokenid': `${required(call, 'userid')}!${required(call, 'tokenid')}`}
}

function deleteToken(call: Call): unknown {
  findToken(call)
  const user = findUser(call)
  const name = required(call, 'tokenid')
  delete user.tokens[name]
  call.sim.state.acl = call.sim.state.acl.filter((entry) => entry.ugid !== `${user.userid}!${name}`)
  return changed(call)
}

const members = (call: Call, groupid: string): string[] =>
  Object.values(call.sim.state.users)
    .filter((user) => user.groups.includes(groupid))
    .map((user) => user.userid)

function listGroups(call: Call): unknown {
  return unordered(
    Object.entries(call.sim.state.groups)
      .filter(([groupid]) =>
        call.sim.permissions.hasAny(call.auth, `/access/groups/${groupid}`, [
          'User.Modify',
          'Sys.Audit',
          'Group.Allocate',
        ]),
      )
      .map(([groupid, group]) => ({groupid, users: members(call, groupid).join(','), ...group})),
  )
}

function requireGroup(call: Call, prefix = ''): string {
  const groupid = required(call, 'groupid')
  if (!call.sim.state.groups[groupid]) throw failure(`${prefix}group '${groupid}' does not exist`)
  return groupid
}

function writeGroup(action: 'create' | 'update'): Handler {
  return (call) => {
    const groupid = required(call, 'groupid')
    if (action === 'update') requireGroup(call, 'update group failed: ')
    else if (call.sim.state.groups[groupid]) throw failure(`create group failed: group '${groupid}' already exists`)
    const comment = text(call, 'comment')
    const group = (call.sim.state.groups[groupid] ??= {})
    if (comment === undefined) return changed(call)
    delete group.comment
    Object.assign(group, keptAs('comment', comment))
    return changed(call)
  }
}

function deleteGroup(call: Call): unknown {
  const groupid = requireGroup(call, 'delete group failed: ')
  delete call.sim.state.groups[groupid]
  for (const user of Object.values(call.sim.state.users)) user.groups = user.groups.filter((group) => group !== groupid)
  call.sim.state.acl = call.sim.state.acl.filter((entry) => entry.type !== 'group' || entry.ugid !== groupid)
  return changed(call)
}

const builtIn = (call: Call, roleid: string): boolean =>
  call.sim.state.sections['built-in roles']?.[roleid] !== undefined

function listRoles(call: Call): unknown {
  return unordered(
    Object.entries(call.sim.state.roles).map(([roleid, privs]) => ({
      roleid,
      privs: [...privs].sort().join(','),
      special: builtIn(call, roleid) ? 1 : 0,
    })),
  )
}

function requireRole(call: Call, prefix = ''): string {
  const roleid = required(call, 'roleid')
  if (!call.sim.state.roles[roleid]) throw failure(`${prefix}role '${roleid}' does not exist`)
  return roleid
}

function knownPrivileges(call: Call): string[] {
  const privileges = splitList(text(call, 'privs') ?? '')
  const known = new Set(call.sim.state.roles.Administrator)
  const unknown = privileges.find((privilege) => !known.has(privilege))
  if (unknown !== undefined) throw badParameter('privs', `invalid format - invalid privilege '${unknown}'\n`)
  return privileges
}

function createRole(call: Call): unknown {
  const roleid = required(call, 'roleid')
  const privileges = knownPrivileges(call)
  if (/^pve/i.test(roleid))
    throw badParameter('roleid', `cannot use role ID starting with the (case-insensitive) 'PVE' namespace`)
  if (call.sim.state.roles[roleid]) throw failure(`create role failed: role '${roleid}' already exists`)
  call.sim.state.roles[roleid] = privileges
  return changed(call)
}

function updateRole(call: Call): unknown {
  const roleid = required(call, 'roleid')
  const privileges = knownPrivileges(call)
  if (builtIn(call, roleid)) throw failure(`auto-generated role '${roleid}' cannot be modified`)
  requireRole(call, 'update role failed: ')
  call.sim.state.roles[roleid] = isSet(call, 'append')
    ? [...new Set([...call.sim.state.roles[roleid]!, ...privileges])]
    : privileges
  return changed(call)
}

function deleteRole(call: Call): unknown {
  const roleid = required(call, 'roleid')
  if (builtIn(call, roleid)) throw failure(`auto-generated role '${roleid}' cannot be deleted`)
  requireRole(call, 'delete role failed: ')
  delete call.sim.state.roles[roleid]
  call.sim.state.acl = call.sim.state.acl.filter((entry) => entry.roleid !== roleid)
  return changed(call)
}

function listAcl(call: Call): unknown {
  return unordered(
    call.sim.state.acl
      .filter(
        (entry) =>
          call.sim.permissions.has(call.auth, '/access', 'Sys.Audit') ||
          mayModifyPermissions(call.sim, call.auth, entry.path),
      )
      .map((entry) => ({...entry})),
  )
}

const aclPath =
  /^(?:\/|\/access|\/access\/(?:groups|realm)(?:\/[\w.-]+)?|\/nodes(?:\/[\w.-]+)?|\/pool(?:\/[\w.-]+(?:\/[\w.-]+){0,2})?|\/sdn(?:\/(?:controllers|dns|fabrics|ipams|zones)(?:\/[\w.-]+){0,3})?|\/storage(?:\/[\w.-]+)?|\/vms(?:\/[1-9]\d{2,})?|\/mapping(?:\/(?:notifications|cpu|dir|pci|usb)(?:\/[\w.-]+)?)?)$/

function requireSubject(call: Call, type: 'user' | 'group' | 'token', ugid: string): void {
  if (type === 'group') {
    if (!call.sim.state.groups[ugid]) throw failure(`ACL update failed: group '${ugid}' does not exist`)
    return
  }
  const {userid, token} = splitAuthId(ugid)
  const user = call.sim.state.users[userid]
  if (type === 'user' && !user) throw failure(`ACL update failed: user '${ugid}' does not exist`)
  if (type === 'token' && !user?.tokens[token ?? ''])
    throw failure(`ACL update failed: no such token '${token}' for user '${userid}'`)
}

/**
 * Whoever may only hand out what is theirs cannot hand out more. Fact: proxmox/pve-access-control:src/PVE/API2/ACL.pm.
 * @throws ApiError 500 with the parameter error that the lock wraps
 */
function requireSuperset(call: Call, path: string, roleid: string, propagate: 0 | 1): void {
  const own = call.sim.permissions.of(call.auth, path)
  if (own.has('Permissions.Modify')) return
  const removes = isSet(call, 'delete')
  const refuse = (what: string, needed: string): never => {
    const problem = `Cannot ${removes ? 'remove' : 'add'} role '${roleid}' ${what}- requires 'Permissions.Modify'${needed}`
    throw failure(`ACL update failed: 400 Parameter verification failed.\nrole: ${problem}`)
  }
  const privileges = call.sim.state.roles[roleid]!
  if (privileges.some((one) => !own.has(one))) refuse('', ' or superset of privileges.')
  if (!removes && propagate === 1 && privileges.some((one) => own.get(one) !== 1))
    refuse('with propagation ', ' or propagated superset of privileges.')
  if (roleid === 'NoAccess') refuse('', '')
}

function updateAcl(call: Call): unknown {
  const kinds = ['group', 'user', 'token'] as const
  const subjects = kinds.flatMap((type) => splitList(text(call, `${type}s`) ?? '').map((ugid) => ({type, ugid})))
  if (!kinds.some((type) => isTrue(text(call, `${type}s`)))) {
    const problem = `either 'users', 'groups' or 'tokens' is required.`
    const error = badParameter('users', problem)
    Object.assign(error.errors!, {groups: problem, tokens: problem})
    throw error
  }
  const path = `/${splitPath(required(call, 'path'))}`
  const removes = isSet(call, 'delete')
  if (!(removes ? /^[\w./-]+$/ : aclPath).test(path))
    throw badParameter('path', `invalid ACL path '${required(call, 'path')}'`)
  const propagate = text(call, 'propagate') === '0' ? 0 : 1
  let {acl} = call.sim.state
  for (const roleid of splitList(required(call, 'roles'))) {
    if (!call.sim.state.roles[roleid]) throw failure(`ACL update failed: role '${roleid}' does not exist`)
    requireSuperset(call, path, roleid, propagate)
    for (const {type, ugid} of subjects) {
      requireSubject(call, type, ugid)
      acl = acl.filter(
        (entry) => entry.path !== path || entry.type !== type || entry.ugid !== ugid || entry.roleid !== roleid,
      )
      if (!removes) acl.push({path, type, ugid, roleid, propagate})
    }
  }
  call.sim.state.acl = acl
  return changed(call)
}

/** As Perl takes a text for true or false. */
const isTrue = (value: string | undefined): boolean => value !== undefined && value !== '' && value !== '0'

const splitPath = (path: string): string =>
  path
    .split('/')
    .filter((part) => part !== '')
    .join('/')

export const accessEndpoints: Endpoints = {
  'GET /access/users': listUsers,
  'POST /access/users': createUser,
  'GET /access/users/{userid}': showUser,
  'PUT /access/users/{userid}': updateUser,
  'DELETE /access/users/{userid}': deleteUser,
  'GET /access/users/{userid}/token': listTokens,
  'GET /access/users/{userid}/token/{tokenid}': (call) => shownToken(findToken(call)),
  'POST /access/users/{userid}/token/{tokenid}': createToken,
  'PUT /access/users/{userid}/token/{tokenid}': updateToken,
  'DELETE /access/users/{userid}/token/{tokenid}': deleteToken,
  'GET /access/groups': listGroups,
  'GET /access/groups/{groupid}': (call) => {
    const groupid = requireGroup(call)
    return {...call.sim.state.groups[groupid], members: unordered(members(call, groupid))}
  },
  'POST /access/groups': writeGroup('create'),
  'PUT /access/groups/{groupid}': writeGroup('update'),
  'DELETE /access/groups/{groupid}': deleteGroup,
  'GET /access/roles': listRoles,
  'GET /access/roles/{roleid}': (call) =>
    Object.fromEntries(call.sim.state.roles[requireRole(call)]!.map((privilege) => [privilege, 1])),
  'POST /access/roles': createRole,
  'PUT /access/roles/{roleid}': updateRole,
  'DELETE /access/roles/{roleid}': deleteRole,
  'GET /access/acl': listAcl,
  'PUT /access/acl': updateAcl,
}
