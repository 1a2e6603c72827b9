import {elementsOfSet} from './lists.js'
import {every, never, nothing, some, type Demand} from './demands.js'
import type {World} from './world.js'
import type {CallRights} from '../../values/index.js'

/** Path variables and parameters of a request. */
export type Given = Readonly<Record<string, string>>

/**
 * What the contract's own check of a call asks for, with a request's variables and parameters filled in
 * (pve-access-control, PVE/RPCEnvironment.pm (check_api2_permissions, exec_api2_perm_check)).
 */
export function contractDemand(rights: CallRights, given: Given, world: World): Demand {
  if (rights === 'anyone') return nothing
  if (rights === 'root') return {root: 'Proxmox VE takes this call from root@pam alone'}
  return demandOf(rights, given, world)
}

type Operator = (rest: readonly unknown[], given: Given, world: World) => Demand

const operators: Readonly<Record<string, Operator>> = {
  and: (rest, given, world) => ({all: rest.map((one) => demandOf(one, given, world))}),
  or: (rest, given, world) => ({any: rest.map((one) => demandOf(one, given, world))}),
  perm: ([template, privileges, ...options], given) => {
    const {require_param: needed, any} = optionsOf(options)
    if (needed !== undefined && given[String(needed)] === undefined) return never
    const path = fill(String(template), given)
    return any ? some(path, ...(privileges as string[])) : every(path, ...(privileges as string[]))
  },
  'perm-modify': ([template], given) => modifyDemand(fill(String(template), given)),
  'userid-param': ([what], {userid = ''}, {who}) => {
    if (what === 'self') return who === userid ? nothing : never
    return every(`/access/realm/${userid.slice(userid.lastIndexOf('@') + 1)}`, String(what))
  },
  'userid-group': ([privileges, ...options], given, world) =>
    userGroupDemand(privileges as string[], String(optionsOf(options).groups_param ?? ''), given, world),
}

function demandOf(check: unknown, given: Given, world: World): Demand {
  const [name, ...rest] = check as [string, ...unknown[]]
  const operator = Object.hasOwn(operators, name) ? operators[name] : undefined
  // A later contract may have another one: what nobody here can read is left to PVE to say.
  return operator ? operator(rest, given, world) : nothing
}

/** `'any', 1` behind a check. */
function optionsOf(options: readonly unknown[]): Record<string, unknown> {
  const pairs = options.flatMap((name, at) => (at % 2 === 0 ? [[String(name), options[at + 1]] as const] : []))
  return Object.fromEntries(pairs)
}

/** On the groups that are asked for, and on one of those that the user is in; or on all groups at once. */
function userGroupDemand(
  privileges: string[],
  groupsParam: string,
  {userid = '', groups}: Given,
  world: World,
): Demand {
  const on = (group: string): Demand => some(`/access/groups${group}`, ...privileges)
  const wanted = elementsOfSet(groups).map((group) => on(`/${group}`))
  const isIn = elementsOfSet(world.find('user', userid)?.config.groups).map((group) => on(`/${group}`))
  const onNamed: Demand = groupsParam === '' ? nothing : wanted.length === 0 ? on('') : {all: wanted}
  const onPresent: Demand = groupsParam === 'create' ? nothing : {any: isIn}
  return {any: [on(''), {all: [onNamed, onPresent]}]}
}

const owners: readonly [RegExp, string][] = [
  [/^\/storage\/.+$/, 'Datastore.Allocate'],
  [/^\/vms\/.+$/, 'VM.Allocate'],
  [/^\/pool\/.+$/, 'Pool.Allocate'],
]

/** To change who may do what on a path (pve-access-control, PVE/RPCEnvironment.pm (check_perm_modify)). */
export function modifyDemand(path: string): Demand {
  const owner = owners.find(([pattern]) => pattern.test(path))
  return some(path, 'Permissions.Modify', ...(owner ? [owner[1]] : []))
}

/** As PVE fills in and tidies a path: what is not given leaves nothing. */
function fill(template: string, given: Given): string {
  const path = template.replaceAll(/\{([^}]+)\}/g, (_, name: string) => given[name] ?? '')
  return `/${path
    .split('/')
    .filter((part) => part !== '')
    .join('/')}`
}
