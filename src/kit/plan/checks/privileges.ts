import {grantLines} from '../../proxmox/index.js'
import type {Check} from '../model.js'
import {isLacking, lackFor, pathsOf, type Lack, type Right} from './demands.js'
import type {Need} from './known.js'
import {failed, odd, permissionsNeed, type Plan, type Seen} from './seen.js'

/** Paths on which nobody can tell what is held, without asking for them. */
export function rightsNeeds({steps, rightsAt}: Plan): Need[] {
  const paths = new Set(steps.flatMap(({demand}) => (demand ? pathsOf(demand) : [])))
  return [...paths].filter((path) => rightsAt(path) === undefined).map(permissionsNeed)
}

/** Whether whoever sends the requests may: once an object, with the lines that grant what lacks. */
export function checkPrivileges(plan: Plan): Check[] {
  return [...byObject(plan.steps)].flatMap(([, steps]) => [
    ...lacking(steps, plan),
    ...forRoot(steps, plan),
    ...untold(steps, plan),
  ])
}

function byObject(steps: readonly Seen[]): Map<string, Seen[]> {
  const found = new Map<string, Seen[]>()
  for (const step of steps) found.set(step.object, [...(found.get(step.object) ?? []), step])
  return found
}

const lackOf = ({demand}: Seen, {rightsAt}: Plan): Lack | undefined => (demand ? lackFor(demand, rightsAt) : undefined)

function lacking(steps: readonly Seen[], plan: Plan): Check[] {
  const lacks = new Map<string, {right: Right; step: Seen}>()
  for (const step of steps)
    for (const right of lackOf(step, plan)?.rights ?? []) {
      const key = `${right.path} ${right.privilege}`
      if (!lacks.has(key)) lacks.set(key, {right, step})
    }
  if (lacks.size === 0) return []
  const all = [...lacks.values()]
  const byPath = new Map<string, string[]>()
  for (const {right} of all) byPath.set(right.path, [...(byPath.get(right.path) ?? []), right.privilege])
  const told = [...byPath].map(([path, privileges]) => `${privileges.join(', ')} on ${path}`)
  const {who} = plan.known
  return [
    failed(
      all[0]!.step,
      'privileges',
      `${who} lacks ${told.join('; ')}: ${requestOf(all[0]!.step)} would be refused`,
      grantsFor(byPath, plan),
    ),
  ]
}

/** An entry on a path takes the place of what is handed down to it: what is held there now is granted along. */
function grantsFor(byPath: ReadonlyMap<string, readonly string[]>, {known, rightsAt, world}: Plan): string[] {
  const isTaken = (role: string): boolean => world.find('role', role) !== undefined
  return [...byPath].flatMap(([path, privileges]) => {
    const held = concerning(path).filter((privilege) => rightsAt(path)?.has(privilege))
    return grantLines(known.who, path, [...privileges, ...held], isTaken)
  })
}

/** The privileges that mean something on a path, of all that there are. */
function concerning(path: string): readonly string[] {
  const family = families.find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`))
  return family ? [...family[1], 'Permissions.Modify'] : []
}

const families: readonly [string, readonly string[]][] = [
  [
    '/vms',
    [
      ...['Allocate', 'Audit', 'Backup', 'Clone', 'Console', 'Migrate', 'PowerMgmt', 'Snapshot', 'Snapshot.Rollback'],
      ...['Config.CDROM', 'Config.CPU', 'Config.Cloudinit', 'Config.Disk', 'Config.HWType', 'Config.Memory'],
      ...['Config.Network', 'Config.Options', 'Monitor', 'Replicate'],
      ...['GuestAgent.Audit', 'GuestAgent.FileRead', 'GuestAgent.FileSystemMgmt', 'GuestAgent.FileWrite'],
      'GuestAgent.Unrestricted',
    ].map((name) => `VM.${name}`),
  ],
  ['/storage', ['Allocate', 'AllocateSpace', 'AllocateTemplate', 'Audit'].map((name) => `Datastore.${name}`)],
  ['/sdn', ['Allocate', 'Audit', 'Use'].map((name) => `SDN.${name}`)],
  ['/mapping', ['Audit', 'Modify', 'Use'].map((name) => `Mapping.${name}`)],
  ['/pool', ['Pool.Allocate', 'Pool.Audit', 'VM.Audit', 'VM.Allocate', 'Datastore.Audit']],
  ['/nodes', ['Audit', 'Console', 'Modify', 'PowerMgmt', 'Syslog', 'AccessNetwork'].map((name) => `Sys.${name}`)],
  ['/access', ['Group.Allocate', 'Realm.Allocate', 'Realm.AllocateUser', 'User.Modify', 'Sys.Audit', 'Sys.Modify']],
  [
    '/',
    ['Audit', 'Console', 'Incoming', 'Modify', 'PowerMgmt', 'Syslog', 'AccessNetwork'].map((name) => `Sys.${name}`),
  ],
]

function forRoot(steps: readonly Seen[], plan: Plan): Check[] {
  if (plan.known.who === 'root@pam') return []
  const lacks = steps.map((step) => ({step, lack: lackOf(step, plan)}))
  const reasons = new Set(lacks.flatMap(({lack}) => lack?.root ?? []))
  const refused = lacks.find(({lack}) => lack?.never)
  const [first] = steps
  return [
    ...[...reasons].map((reason) =>
      failed(first!, 'root-only', `${reason}, and ${plan.known.who} is not root@pam with a password`, [
        'Make the change by hand as root on a node, or take it out of the manifest',
      ]),
    ),
    ...(refused ? [failed(refused.step, 'privileges', `nobody may send ${requestOf(refused.step)} so`, [])] : []),
  ]
}

/** What could not be asked for. */
function untold(steps: readonly Seen[], plan: Plan): Check[] {
  const unknown = new Set(
    steps.flatMap((step) => {
      const lack = lackOf(step, plan)
      return lack && !isLacking(lack) ? lack.unknown : []
    }),
  )
  return unknown.size === 0
    ? []
    : [
        odd(
          steps[0]!,
          'privileges',
          `it is not known what ${plan.known.who} may do on ${[...unknown].join(', ')}: the cluster did not say`,
        ),
      ]
}

const requestOf = ({step: {request}}: Seen): string => `${request.method} ${request.path}`
