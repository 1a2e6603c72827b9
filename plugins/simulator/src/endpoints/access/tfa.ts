import {ApiError, badParameter, failure, forbidden} from '../../errors.js'
import {splitAuthId} from '../../access/permissions.js'
import {parseTotp, totpMatches} from '../../access/totp.js'
import {isSet, required, text, type Call, type Endpoints} from '../../calls/call.js'
import {sectionsOf} from '../../calls/sections.js'
import type {TfaEntry, User} from '../../state/model.js'

/** Wrong values after which the TOTP of a user is locked. Fact: proxmox-tfa. */
const totpLimit = 8

function userOf(call: Call): User {
  const user = call.sim.state.users[required(call, 'userid')]
  if (!user) throw failure(`no such user ('${required(call, 'userid')}')`)
  return user
}

const shown = ({id, type, description, created, enable}: TfaEntry): Record<string, unknown> => ({
  id,
  type,
  description,
  created,
  ...(!enable && {enable: 0}),
})

/** Recovery keys come first, then the others by kind. */
const kinds = ['recovery', 'totp', 'webauthn', 'u2f', 'yubico']

function entriesOf({tfa}: User): TfaEntry[] {
  return [...(tfa?.entries ?? [])].sort((one, other) => kinds.indexOf(one.type) - kinds.indexOf(other.type))
}

function list(call: Call): unknown {
  const all = call.sim.permissions.hasAny(call.auth, '/access/groups', ['User.Modify', 'Sys.Audit'])
  return Object.values(call.sim.state.users)
    .filter(({userid, tfa}) => tfa && (all || userid === splitAuthId(call.auth).userid))
    .map((user) => ({
      userid: user.userid,
      entries: entriesOf(user).map(shown),
      ...(user.tfa!.locked && {'totp-locked': 1}),
    }))
}

function find(call: Call): TfaEntry {
  const id = required(call, 'id')
  const entry = call.sim.state.users[required(call, 'userid')]?.tfa?.entries.find((one) => one.id === id)
  if (!entry) throw new ApiError(404, `No such tfa entry '${id}'`)
  return entry
}

/** Whoever is not root@pam confirms a change with the password. */
function confirm(call: Call): User {
  const user = userOf(call)
  if (call.auth === 'root@pam') return user
  if (user.userid === 'root@pam') throw forbidden()
  const password = text(call, 'password')
  if (password === undefined) throw badParameter('password', 'password is required to modify TFA data')
  if (call.sim.state.users[call.auth]?.password !== password) throw new ApiError(401, 'authentication failure\n')
  return user
}

const described = (call: Call): string => {
  const description = text(call, 'description')
  if (description === undefined) throw failure(`'description' is required for new entries`)
  return description
}

/** Refuses parameters that an entry of this type has no use for. */
function without(call: Call, keys: string[], problem: string): void {
  if (keys.some((key) => call.param[key] !== undefined)) throw failure(problem)
}

function newTotp(call: Call): Partial<TfaEntry> {
  without(call, ['challenge'], `'challenge' parameter is invalid for 'totp' entries`)
  const description = described(call)
  const [uri, value] = [text(call, 'totp'), text(call, 'value')]
  if (uri === undefined || value === undefined) throw failure(`'totp' type requires both 'totp' and 'value' parameters`)
  let matches: boolean
  try {
    matches = totpMatches(parseTotp(uri), value, call.sim.now())
  } catch (error) {
    throw failure((error as Error).message)
  }
  if (!matches) throw failure('failed to verify TOTP challenge')
  return {description, totp: uri}
}

function newRecovery(call: Call, user: User): Partial<TfaEntry> {
  without(call, ['totp', 'value', 'challenge'], 'generating recovery tokens does not allow additional parameters')
  if (user.tfa?.entries.some(({type}) => type === 'recovery')) throw failure('user already has recovery keys')
  const keys = Array.from({length: 10}, () => Array.from({length: 4}, () => call.sim.random.hex(4)).join('-'))
  return {id: 'recovery', description: '', recovery: keys}
}

/** What a new entry of each type holds; what needs a device or a server of others is refused as where none is set up. */
const makers: Record<string, (call: Call, user: User) => Partial<TfaEntry>> = {
  totp: newTotp,
  recovery: newRecovery,
  webauthn: (call) => {
    without(call, ['totp'], `'totp' parameter is invalid for 'webauthn' entries`)
    if (call.param.challenge === undefined) described(call)
    throw failure('no webauthn configuration available')
  },
  u2f: (call) => {
    without(call, ['totp'], `'totp' parameter is invalid for 'u2f' entries`)
    if (call.param.challenge === undefined) described(call)
    throw failure('no u2f configuration available')
  },
  yubico: (_call, {userid}) => {
    throw failure(`no yubico otp configuration available for realm ${userid.slice(userid.lastIndexOf('@') + 1)}`)
  },
}

function add(call: Call): unknown {
  const user = confirm(call)
  const type = required(call, 'type') as TfaEntry['type']
  const made = makers[type]!(call, user)
  const id = made.id ?? call.sim.random.uuid()
  const entry: TfaEntry = {type, created: call.sim.now(), enable: true, description: '', ...made, id}
  user.tfa = {...user.tfa, entries: [...(user.tfa?.entries ?? []), entry]}
  user.keys = 'x'
  return {id, ...(made.recovery && {recovery: made.recovery})}
}

function mine(call: Call, user: User): TfaEntry {
  const entry = user.tfa?.entries.find(({id}) => id === required(call, 'id'))
  if (!entry) throw failure('no such entry')
  return entry
}

function update(call: Call): unknown {
  const entry = mine(call, confirm(call))
  entry.description = text(call, 'description') ?? entry.description
  if (call.param.enable !== undefined) entry.enable = isSet(call, 'enable')
  return null
}

function remove(call: Call): unknown {
  const user = confirm(call)
  const entry = mine(call, user)
  const left = user.tfa!.entries.filter((other) => other !== entry)
  if (left.length > 0) user.tfa!.entries = left
  else {
    delete user.tfa
    delete user.keys
  }
  return null
}

function unlock(call: Call): unknown {
  const user = userOf(call)
  const locked = user.tfa?.locked === true
  if (user.tfa) Object.assign(user.tfa, {locked: false, failures: 0})
  return locked ? 1 : 0
}

/** Kinds of factors of a user, as its own answer names them. */
function types(call: Call): unknown {
  const userid = required(call, 'userid')
  const realm = userid.slice(userid.lastIndexOf('@') + 1)
  if (!sectionsOf(call, 'domains')[realm]) throw failure(`auth domain '${realm}' does not exist`)
  const user = call.sim.state.users[userid]
  const found = [...new Set((user ? entriesOf(user) : []).map(({type}) => type))]
  if (found.length === 0) return {}
  if (isSet(call, 'multiple')) return {types: found.filter((type) => type !== 'recovery')}
  return found.includes('totp') ? {user: 'oath'} : found.includes('u2f') ? {user: 'u2f'} : {}
}

/** What a user who logs in has to answer; undefined without a second factor. */
export function challengeOf({tfa}: User): Record<string, unknown> | undefined {
  const enabled = (tfa?.entries ?? []).filter(({enable}) => enable)
  if (enabled.length === 0) return undefined
  const recovery = enabled.find(({type}) => type === 'recovery')?.recovery
  return {
    ...(enabled.some(({type}) => type === 'totp') && !tfa!.locked && {totp: true}),
    ...(recovery && {recovery: recovery.flatMap((key, index) => (key === '' ? [] : [index]))}),
  }
}

/** Whether `totp:123456` or `recovery:…` answers a user's challenge. A recovery key holds once, and unlocks. */
export function answersChallenge(call: Call, {tfa}: User, answer: string): boolean {
  const [kind, value = ''] = answer.split(/:(.*)/s)
  const enabled = (tfa?.entries ?? []).filter(({enable, type}) => enable && type === kind)
  if (kind === 'recovery') {
    const keys = enabled[0]?.recovery ?? []
    const index = value === '' ? -1 : keys.indexOf(value)
    if (index < 0) return false
    keys[index] = ''
    Object.assign(tfa!, {locked: false, failures: 0})
    return true
  }
  if (kind !== 'totp' || tfa?.locked) return false
  if (enabled.some(({totp}) => totpMatches(parseTotp(totp!), value, call.sim.now()))) {
    tfa!.failures = 0
    return true
  }
  if (tfa) tfa.failures = (tfa.failures ?? 0) + 1
  if (tfa && tfa.failures! >= totpLimit) tfa.locked = true
  return false
}

export const tfaEndpoints: Endpoints = {
  'GET /access/tfa': list,
  'GET /access/tfa/{userid}': (call) => {
    const user = call.sim.state.users[required(call, 'userid')]
    return user ? entriesOf(user).map(shown) : []
  },
  'POST /access/tfa/{userid}': add,
  'GET /access/tfa/{userid}/{id}': (call) => shown(find(call)),
  'PUT /access/tfa/{userid}/{id}': update,
  'DELETE /access/tfa/{userid}/{id}': remove,
  'PUT /access/users/{userid}/unlock-tfa': unlock,
  'GET /access/users/{userid}/tfa': types,
}
