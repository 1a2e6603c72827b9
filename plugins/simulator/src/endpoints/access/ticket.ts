import {timingSafeEqual} from 'node:crypto'
import {splitList} from '../../contract/scalars.js'
import {ApiError} from '../../errors.js'
import {required, text, type Call, type Endpoints} from '../../calls/call.js'
import {answersChallenge, challengeOf} from './tfa.js'
import {pathLevels, splitAuthId} from '../../access/permissions.js'

const refused = (): ApiError => new ApiError(401, 'authentication failure\n')

function samePassword(given: string, kept: string | undefined): boolean {
  const left = Buffer.from(given)
  const right = Buffer.from(kept ?? '')
  return kept !== undefined && left.length === right.length && timingSafeEqual(left, right)
}

/** Privileges by area of the web interface, as a ticket's answer lists them. */
function capabilities(call: Call, userid: string): Record<string, Record<string, number>> {
  const areas: [string, string, RegExp][] = [
    ['vms', '/vms', /^VM\.|^Permissions\.Modify$/],
    ['storage', '/storage', /^Datastore\.|^Permissions\.Modify$/],
    ['access', '/access', /^(?:User\.Modify|Group\.Allocate|Permissions\.Modify)$/],
    ['nodes', '/nodes', /^Sys\.|^Permissions\.Modify$/],
    ['sdn', '/sdn', /^SDN\.|^Permissions\.Modify$/],
    ['mapping', '/mapping', /^Mapping\.|^Permissions\.Modify$/],
    ['dc', '/', /^(?:Sys\.Audit|Sys\.Modify|SDN\..*)$/],
  ]
  return Object.fromEntries(
    areas.map(([area, path, pattern]) => [
      area,
      Object.fromEntries(
        [...call.sim.permissions.of(userid, path).keys()]
          .filter((privilege) => pattern.test(privilege))
          .map((privilege) => [privilege, 1]),
      ),
    ]),
  )
}

function createTicket(call: Call): unknown {
  const realm = text(call, 'realm')
  const name = required(call, 'username')
  const userid = realm !== undefined && !name.includes('@') ? `${name}@${realm}` : name
  const user = call.sim.state.users[userid]
  const now = call.sim.now()
  const password = required(call, 'password')
  const active = user !== undefined && user.enable !== 0 && (user.expire === 0 || user.expire > now)
  const renewed = call.sim.authentication.userOfTicket(password) === userid
  const challenged = text(call, 'tfa-challenge')
  if (!active) throw refused()
  if (challenged !== undefined) {
    if (!call.sim.authentication.isChallengeTicket(userid, challenged)) throw refused()
    if (!answersChallenge(call, user, password)) throw refused()
  } else if (!renewed && !samePassword(password, user.password)) throw refused()
  const path = text(call, 'path')
  if (path !== undefined) {
    const wanted = (text(call, 'privs') ?? '').split(',')
    if (!call.sim.permissions.hasAny(userid, path, wanted)) throw refused()
    return {username: userid}
  }
  const {ticket, csrf} = call.sim.authentication.ticketFor(userid)
  const challenge = renewed || challenged !== undefined ? undefined : challengeOf(user)
  if (challenge) {
    const partial = call.sim.authentication.challengeTicket(userid, challenge)
    return {username: userid, ticket: partial, CSRFPreventionToken: csrf, NeedTFA: 1}
  }
  call.sim.tasks.clusterLog(call.sim.localNode, userid, "successful auth for user '" + userid + "'")
  return {
    username: userid,
    ticket,
    CSRFPreventionToken: csrf,
    cap: capabilities(call, userid),
    ...(call.sim.state.cluster !== undefined &&
      call.sim.permissions.has(userid, '/', 'Sys.Audit') && {clustername: call.sim.state.cluster}),
  }
}

function changePassword(call: Call): unknown {
  const userid = required(call, 'userid')
  const user = call.sim.state.users[userid]
  if (!user) throw new ApiError(500, `no such user ('${userid}')\n`)
  user.password = required(call, 'password')
  return null
}

/**
 * Paths whose rights `/access/permissions` lists when it is not asked for one: those of ACLs with all above them, and the members of pools.
 * Fact: pve-access-control, PVE/RPCEnvironment.pm (get_effective_permissions).
 */
function permissionPaths({sim: {state}}: Call): string[] {
  const usual = ['/', '/access', '/access/groups', '/nodes', '/pool', '/sdn', '/storage', '/vms']
  const named = state.acl.flatMap(({path}) => pathLevels(path))
  const guests = Object.values(state.guests).filter(({pool}) => pool !== undefined)
  const storages = Object.values(state.pools).flatMap(({storage}) => storage)
  const members = [...guests.map(({vmid}) => `/vms/${vmid}`), ...storages.map((storage) => `/storage/${storage}`)]
  return [...new Set([...usual, ...named, ...members])]
}

function permissions(call: Call): unknown {
  const authid = text(call, 'userid') ?? call.auth
  const own = authid === call.auth || splitAuthId(authid).userid === call.auth
  if (!own && !call.sim.permissions.has(call.auth, '/access', 'Sys.Audit')) {
    throw new ApiError(403, `Permission check failed (/access, Sys.Audit)\n`)
  }
  const one = text(call, 'path')
  const rights = (path: string): Map<string, 0 | 1> => call.sim.permissions.of(authid, path)
  const out: Record<string, Record<string, number>> = {}
  for (const path of one === undefined ? permissionPaths(call) : [one]) {
    const found = rights(path)
    if (one === undefined && found.size === 0) continue
    out[path] = Object.fromEntries(found)
  }
  return out
}

/** Tells a console whether its ticket is good, for this path and port. Fact: pve-access-control, API2/AccessControl.pm. */
function verifyConsoleTicket(call: Call): unknown {
  const [authid, path] = [required(call, 'authid'), required(call, 'path')]
  const port = text(call, 'port')
  const secret = [authid, path, ...(port === undefined ? [] : [port])].join(':')
  const wanted = splitList(required(call, 'privs'))
  const isGood = call.sim.authentication.isPurposeTicket('PVEVNC', required(call, 'vncticket'), secret)
  const mayUse = wanted.length > 0 && wanted.every((one) => call.sim.permissions.has(authid, path, one))
  if (!isGood || !mayUse) throw refused()
  call.sim.tasks.clusterLog(call.sim.localNode, 'root@pam', `successful auth for user '${authid}'`)
  return null
}

export const ticketEndpoints: Endpoints = {
  'POST /access/vncticket': verifyConsoleTicket,
  'GET /access/ticket': () => null,
  'POST /access/ticket': createTicket,
  'PUT /access/password': changePassword,
  'GET /access/permissions': permissions,
}
