import {ApiError, badParameter, failure} from '../../errors.js'
import {parsePropertyString} from '../../contract/schema.js'
import {isSet, required, text, type Call, type Endpoints} from '../../calls/call.js'
import {TaskError} from '../../tasks/runner.js'
import type {Directory, Section} from '../../state/model.js'
import {sectionEndpoints, type SectionKind} from '../shared/sections.js'
import {sectionsOf} from '../../calls/sections.js'
import {table} from '../../state/tables.js'

const ldap = (
  'port secure sslversion default comment tfa verify capath cert certkey bind_dn password filter sync_attributes user_classes ' +
  'group_dn group_name_attr group_filter group_classes sync-defaults-options mode case-sensitive'
).split(' ')

/** Keys of each type of realm. Facts: pve-access-control, src/PVE/Auth/*.pm. */
const types: Record<string, {needed: string[]; optional: string[]; fixed?: string[]}> = {
  pam: {needed: [], optional: ['default', 'comment', 'tfa']},
  pve: {needed: [], optional: ['default', 'comment', 'tfa']},
  ldap: {needed: ['user_attr', 'server1', 'base_dn'], optional: ['server2', ...ldap]},
  ad: {needed: ['server1', 'domain'], optional: ['server2', 'base_dn', ...ldap]},
  openid: {
    needed: ['issuer-url', 'client-id'],
    optional: (
      'client-key autocreate username-claim groups-claim groups-autocreate groups-overwrite prompt scopes acr-values default comment ' +
      'query-userinfo audiences'
    ).split(' '),
    fixed: ['username-claim'],
  },
}

/** Refuses keys that a type of realm does not have, or lacks. */
function checkKeys(call: Call, id: string, section: Section, action: 'create' | 'update', prefix: string): void {
  const {needed, optional, fixed} = types[String(section.type)]!
  if (action === 'update') {
    const changed = fixed?.find((key) => call.param[key] !== undefined)
    if (changed !== undefined) throw failure(`${prefix}can't change value of fixed parameter '${changed}'`)
  }
  const foreign = Object.keys(section).find((key) => key !== 'type' && ![...needed, ...optional].includes(key))
  if (foreign !== undefined) throw failure(`${prefix}unexpected property '${foreign}'`)
  const missing = needed.find((key) => section[key] === undefined)
  if (missing === undefined) return
  throw failure(
    `${prefix}${action === 'create' ? '' : `section '${id}' - `}missing value for required option '${missing}'`,
  )
}

const prefixes = {
  create: 'add auth server failed: ',
  update: 'update auth server failed: ',
  delete: 'delete auth server failed: ',
}

const realms: SectionKind = {
  path: '/access/domains',
  id: 'realm',
  file: 'domains',
  digest: {list: false, show: true},
  prefix: prefixes,
  exists: (id) => `domain '${id}' already exists`,
  missing: {
    show: (id) => `domain '${id}' does not exist`,
    update: (id) => `domain '${id}' does not exist`,
    delete: (id) => `authentication domain '${id}' does not exist`,
  },
  shown: (_call, id, {password: _secret, ...section}, where) => {
    if (where === 'show') return {...section, ...(id === 'pam' && {plugin: 'PVE::Auth::PAM'})}
    const {type, comment, default: preset, tfa} = section
    const factor = /(?:^|,)type=([^,]+)/.exec(String(tfa ?? ''))?.[1]
    return {
      type,
      ...(comment !== undefined && {comment}),
      ...(Number(preset ?? 0) === 1 && {default: 1}),
      ...(factor !== undefined && {tfa: factor}),
    }
  },
  prepare: (call, id, section, action) => {
    const prefix = prefixes[action]
    delete section['check-connection']
    const type = String(section.type)
    if (action === 'create' && (type === 'pam' || type === 'pve'))
      throw failure(`${prefix}unable to create builtin type '${type}'`)
    if (action === 'update' && Object.keys(call.param).every((key) => ['realm', 'digest', 'password'].includes(key)))
      if (call.param.password === undefined) throw failure(`${prefix}no options specified`)
    checkKeys(call, id, section, action, prefix)
    if (Number(section.default ?? 0) === 1)
      for (const [other, realm] of Object.entries(sectionsOf(call, 'domains'))) if (other !== id) delete realm.default
  },
}

interface SyncOptions {
  scope: string
  enableNew: boolean
  /** What of those that the server no longer has is removed: `acl`, `entry`, `properties`. */
  vanished: string[]
}

function syncOptions(call: Call, realm: Section): SyncOptions {
  const format = call.sim.contract.formats['realm-sync-options'] ?? {
    scope: {type: 'string', optional: true},
    'remove-vanished': {type: 'string', optional: true},
    'enable-new': {type: 'boolean', optional: true},
    full: {type: 'boolean', optional: true},
    purge: {type: 'boolean', optional: true},
  }
  const kept = realm['sync-defaults-options']
  const preset =
    kept === undefined ? {} : parsePropertyString(String(kept), format, 'sync-defaults-options', call.sim.context)
  const value = (key: string): string | undefined =>
    text(call, key) ?? (preset[key] === undefined ? undefined : String(preset[key]))
  const scope = value('scope')
  if (scope === undefined)
    throw badParameter('scope', 'Not passed as parameter and not defined in realm default sync options.')
  return {
    scope,
    enableNew: (value('enable-new') ?? '1') === '1',
    vanished: (value('remove-vanished') ?? 'none').split(';'),
  }
}

/** Takes over the users of a directory, `name@realm`. */
function syncUsers(
  call: Call,
  realm: string,
  people: Directory['users'],
  options: SyncOptions,
  log: (line: string) => void,
): void {
  const {state} = call.sim
  log('syncing users')
  const wanted = new Map(people.map((person) => [`${person.name}@${realm}`, person]))
  for (const userid of Object.keys(state.users)) {
    if (!userid.endsWith(`@${realm}`) || wanted.has(userid)) continue
    if (options.vanished.includes('entry')) {
      delete state.users[userid]
      log(`remove user '${userid}'`)
    }
    if (options.vanished.includes('acl')) state.acl = state.acl.filter(({ugid}) => ugid !== userid)
  }
  for (const [userid, {name: _name, ...fields}] of wanted) {
    const known = state.users[userid]
    if (known) Object.assign(known, fields)
    else
      state.users[userid] = {
        userid,
        enable: options.enableNew ? 1 : 0,
        expire: 0,
        groups: [],
        tokens: table({}),
        ...fields,
      }
    log(`${known ? 'updated' : 'added'} user '${userid}'`)
  }
}

/** Takes over the groups of a directory, `name-realm`, with their members. */
function syncGroups(
  call: Call,
  realm: string,
  groups: NonNullable<Directory['groups']>,
  options: SyncOptions,
  log: (line: string) => void,
): void {
  const {state} = call.sim
  log('syncing groups')
  const wanted = new Map(groups.map((group) => [`${group.name}-${realm}`, group]))
  for (const groupid of Object.keys(state.groups)) {
    if (!groupid.endsWith(`-${realm}`) || wanted.has(groupid) || !options.vanished.includes('entry')) continue
    delete state.groups[groupid]
    for (const user of Object.values(state.users)) user.groups = user.groups.filter((group) => group !== groupid)
    log(`removed group '${groupid}'`)
  }
  for (const [groupid, {members}] of wanted) {
    log(`${state.groups[groupid] ? 'updated' : 'added'} group '${groupid}'`)
    state.groups[groupid] ??= {}
    for (const user of Object.values(state.users)) {
      const member = members.some((name) => user.userid === `${name}@${realm}`)
      const others = user.groups.filter((group) => group !== groupid)
      user.groups = member ? [...others, groupid] : others
    }
  }
}

function sync(call: Call): unknown {
  const realm = required(call, 'realm')
  const section = sectionsOf(call, 'domains')[realm]
  if (!section) throw badParameter('realm', 'Realm does not exist.')
  const type = String(section.type)
  if (type !== 'ldap' && type !== 'ad')
    throw failure(`Cannot sync realm type '${type}'! Only LDAP/AD realms can be synced.`)
  const options = syncOptions(call, section)
  const dry = isSet(call, 'dry-run')
  const what = options.scope === 'both' ? 'users and groups' : options.scope
  const request = {
    node: call.sim.localNode,
    type: dry ? 'auth-realm-sync-test' : 'auth-realm-sync',
    id: realm,
    user: call.auth,
  }
  return call.sim.tasks.start(request, (task) => {
    task.log(`${dry ? '(dry test run) ' : ''}starting sync for realm ${realm}`)
    if (call.sim.state.world.offline) throw new TaskError(`Unable to connect to ${String(section.server1)}`)
    const {users, groups = []} = call.sim.state.world.directory?.[realm] ?? {users: []}
    task.log(`got data from server, updating ${what}`)
    const before = {users: call.sim.state.users, groups: call.sim.state.groups, acl: call.sim.state.acl}
    if (dry) Object.assign(call.sim.state, structuredClone(before))
    if (options.scope !== 'groups') syncUsers(call, realm, users, options, task.log)
    if (options.scope !== 'users') syncGroups(call, realm, groups, options, task.log)
    if (dry) {
      Object.assign(call.sim.state, before)
      task.log('\nNOTE: Dry test run, changes were NOT written to the configuration.')
    } else task.log(`successfully updated ${what} configuration`)
    call.sim.permissions.invalidate()
  })
}

/** Where a user logs in with another provider; that provider is not simulated, so nobody ever comes back from there. */
function authUrl(call: Call): unknown {
  const realm = required(call, 'realm')
  const section = sectionsOf(call, 'domains')[realm]
  if (!section) throw failure(`authentication domain '${realm}' does not exist`)
  if (section.type !== 'openid') throw failure(`wrong realm type (${String(section.type)} != openid)`)
  if (call.sim.state.world.offline) throw failure('Request failed')
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: String(section['client-id']),
    state: `{"realm":"${realm}"}:${call.sim.random.hex(32)}`,
    nonce: call.sim.random.hex(32),
    redirect_uri: required(call, 'redirect-url'),
    scope: `openid ${String(section.scopes ?? 'email profile')}`,
    ...(section.prompt !== undefined && {prompt: String(section.prompt)}),
  })
  return `${String(section['issuer-url']).replace(/\/$/, '')}/auth?${query.toString()}`
}

/** Jobs that sync realms. Facts: pve-access-control, src/PVE/API2/Jobs/RealmSync.pm. */
const syncJobs: SectionKind = {
  path: '/cluster/jobs/realm-sync',
  createPath: '/cluster/jobs/realm-sync/{id}',
  id: 'id',
  file: 'jobs/realm-sync',
  showId: false,
  digest: {list: false, show: false},
  exists: (id) => `Job '${id}' already exists`,
  missing: {
    show: (id) => badParameter('id', `No such job '${id}'`),
    update: () => 'no such realm-sync job',
    delete: (id) => failure(`400 Parameter verification failed.\nid: No such job '${id}'`),
  },
  unknownKey: (key) => `no such option '${key}'`,
  needed: ['schedule', 'scope'],
  fixed: ['realm'],
  setAndDelete: true,
  shown: (_call, _id, section) => ({type: 'realm-sync', enabled: 1, ...section}),
  prepare: (call, _id, section, action) => {
    delete section.type
    if (action === 'update') return
    section.enabled ??= 1
    const inner = (problem: string): Error => failure(`400 Parameter verification failed.\nrealm: ${problem}`)
    if (section.realm === undefined) throw failure(`missing value for required option 'realm'`)
    const realm = sectionsOf(call, 'domains')[String(section.realm)]
    if (!realm) throw inner(`No such realm '${String(section.realm)}'`)
    if (realm.type !== 'ldap' && realm.type !== 'ad') throw inner('Only LDAP/AD realms can be synced.')
    if (section.scope === undefined) throw failure(`missing value for required option 'scope'`)
  },
}

export const realmEndpoints: Endpoints = {
  ...sectionEndpoints(realms),
  ...sectionEndpoints(syncJobs),
  'POST /access/domains/{realm}/sync': sync,
  'POST /access/openid/auth-url': authUrl,
  'POST /access/openid/login': () => {
    throw new ApiError(401, 'authentication failure\n')
  },
}
