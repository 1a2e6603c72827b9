import {formatRef, isMap} from '../../resources/index.js'
import {travelOf} from '../../resources/kinds/travels.js'
import type {Check} from '../model.js'
import {isLacking, lackFor} from './demands.js'
import type {Held, RightsAt} from './held.js'
import {elementsOfSet} from './lists.js'
import type {Plan} from './seen.js'
import type {World} from './world.js'

/**
 * Whether a plan takes from whoever sends it what it needs itself: by users, tokens, groups, roles and ACLs as they are and as they will be.
 * Where not all of these are known, nothing is said.
 */
export function checkOwnRights({known: {who}, actions, steps, world, will}: Plan): Check[] {
  const granting = actions.filter(({ref, steps: own}) => own.length > 0 && travelOf(ref.kind).consequence === 'grants')
  if (granting.length === 0 || who === 'root@pam' || !isTold(world, who)) return []
  const [now, then] = [rightsBy(world, who), rightsBy(will, who)]
  const lost = new Set<string>()
  for (const {demand} of steps) {
    if (!demand || isLacking(lackFor(demand, now))) continue
    for (const {path, privilege} of lackFor(demand, then).rights) lost.add(`${privilege} on ${path}`)
  }
  if (lost.size === 0) return []
  // Which of several changes it is, only all of them together tell: the one that is about whoever sends them comes first.
  const user = who.split('!')[0]!
  const [first = granting[0]!] = granting.filter(({ref}) => String(ref.id) === user)
  return [
    {
      object: formatRef(first.ref),
      check: 'own-rights',
      severity: 'error',
      message: `with this change ${who}, which pmpc uses, would lose ${[...lost].join(', ')}, which this plan needs`,
      suggestions: ['Make the change as another user', `pmpc plan --exclude ${formatRef(first.ref)}`],
    },
  ]
}

/** Whether all that rights follow from is known. */
function isTold(world: World, who: string): boolean {
  return (
    world.find('acl', 'acl') !== undefined &&
    world.find('user', who.split('!')[0]!) !== undefined &&
    world.all('role').length > 0
  )
}

/** Rights from what grants them (pve-access-control, PVE/AccessControl.pm (roles), PVE/RPCEnvironment.pm (permissions)). */
function rightsBy(world: World, who: string): RightsAt {
  const [user = who, token] = who.split('!')
  const config = world.find('user', user)?.config
  const tokens = isMap(config?.tokens) ? config.tokens : {}
  const own = token === undefined ? undefined : tokens[token]
  const isGone = !config || Number(config.enable ?? 1) === 0 || (token !== undefined && own === undefined)
  if (isGone) return () => nobody
  const isSeparated = isMap(own) && Number(own.privsep ?? 1) === 1
  const groups = elementsOfSet(config.groups).map((group) => `@${group}`)
  const ofUser = (path: string): Set<string> | undefined =>
    user === 'root@pam' ? undefined : privilegesAt(world, path, user, groups)
  return (path): Held => {
    const held = ofUser(path)
    if (!isSeparated) return held ?? everything
    const mine = privilegesAt(world, path, who, [])
    return {has: (privilege) => mine.has(privilege) && (held === undefined || held.has(privilege))}
  }
}

const nobody: Held = {has: () => false}
const everything: Held = {has: () => true}

function privilegesAt(world: World, path: string, who: string, groups: readonly string[]): Set<string> {
  const acl = world.find('acl', 'acl')?.config ?? {}
  const roles = new Set(rolesAt(acl, path, who, groups))
  const pooled = poolsOf(world, path).flatMap((pool) => rolesAt(acl, `/pool/${pool}`, who, groups))
  for (const role of pooled) roles.add(role)
  if (roles.has('NoAccess')) return new Set()
  return new Set([...roles].flatMap((role) => elementsOfSet(world.find('role', role)?.config.privs)))
}

/** A deeper entry takes the place of those above it, an own one that of groups. */
function rolesAt(
  acl: Readonly<Record<string, unknown>>,
  path: string,
  who: string,
  groups: readonly string[],
): string[] {
  const parts = path.split('/').filter((part) => part !== '')
  const levels = ['/', ...parts.map((_, at) => `/${parts.slice(0, at + 1).join('/')}`)]
  let roles: string[] = []
  for (const [at, level] of levels.entries()) {
    const entries = Object.hasOwn(acl, level) && isMap(acl[level]) ? acl[level] : {}
    const isLast = at === levels.length - 1
    const of = (name: string): string[] =>
      elementsOfSet(Object.hasOwn(entries, name) ? entries[name] : undefined).flatMap((word) => {
        const [role = '', flag] = word.split(':')
        return isLast || flag !== 'propagate=0' ? [role] : []
      })
    const own = of(who)
    const found = own.length > 0 ? own : groups.flatMap(of)
    if (found.length > 0) roles = found
  }
  return roles
}

function poolsOf(world: World, path: string): string[] {
  const vmid = /^\/vms\/(\d+)$/.exec(path)?.[1]
  const pool = vmid === undefined ? undefined : world.guest(vmid)?.facts.pool
  if (pool !== undefined) return [String(pool)]
  const storage = /^\/storage\/([^/]+)$/.exec(path)?.[1]
  if (storage === undefined) return []
  return world
    .all('pool')
    .flatMap(({id, config}) => (elementsOfSet(config.storage).includes(storage) ? [String(id)] : []))
}
