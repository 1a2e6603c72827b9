import type {RightsAt} from './held.js'

/** A privilege on a path, as ACLs have them. */
export interface Right {
  readonly path: string
  readonly privilege: string
}

/** What a request asks of whoever sends it: a privilege, root@pam itself (no token has its rights here) with the reason, all of several, or one of several. */
export type Demand =
  Right | {readonly root: string} | {readonly all: readonly Demand[]} | {readonly any: readonly Demand[]}

/** Asks for nothing. */
export const nothing: Demand = {all: []}

/** Is met by nobody; stands among others of which one is enough. */
export const never: Demand = {any: []}

/** All of these privileges on a path. */
export const every = (path: string, ...privileges: readonly string[]): Demand => ({
  all: privileges.map((privilege) => ({path, privilege})),
})

/** One of these privileges on a path. */
export const some = (path: string, ...privileges: readonly string[]): Demand => ({
  any: privileges.map((privilege) => ({path, privilege})),
})

/** What lacks for a demand. */
export interface Lack {
  readonly rights: readonly Right[]
  /** Why only root@pam itself may do it. */
  readonly root: readonly string[]
  /** Nobody may. */
  readonly never: boolean
  /** Paths on which it is not known what is held; nothing is said to lack there. */
  readonly unknown: readonly string[]
}

const none: Lack = {rights: [], root: [], never: false, unknown: []}

/** What lacks for a demand; of several ways the one that lacks least, beside what lacks anyhow. */
export function lackFor(demand: Demand, rightsAt: RightsAt): Lack {
  if ('root' in demand) return {...none, root: [demand.root]}
  if ('all' in demand) return lackForAll(demand.all, rightsAt)
  if ('any' in demand) {
    const [least = {...none, never: true}] = demand.any
      .map((one) => lackFor(one, rightsAt))
      .sort((a, b) => weightOf(a) - weightOf(b))
    return least
  }
  const held = rightsAt(demand.path)
  if (held === undefined) return {...none, unknown: [demand.path]}
  return held.has(demand.privilege) ? none : {...none, rights: [{path: demand.path, privilege: demand.privilege}]}
}

function lackForAll(demands: readonly Demand[], rightsAt: RightsAt): Lack {
  const [choices, fixed] = [demands.filter(hasChoice), demands.filter((one) => !hasChoice(one))]
  return choices.reduce(
    (lack, one) => united([lack, lackFor(one, withRights(rightsAt, lack.rights))]),
    united(fixed.map((one) => lackFor(one, rightsAt))),
  )
}

const hasChoice = (demand: Demand): boolean =>
  'any' in demand ? demand.any.length > 1 : 'all' in demand && demand.all.some(hasChoice)

/** As if what lacks were held: it has to be granted anyhow. */
function withRights(rightsAt: RightsAt, rights: readonly Right[]): RightsAt {
  if (rights.length === 0) return rightsAt
  return (path) => {
    const held = rightsAt(path)
    return (
      held && {
        has: (privilege) =>
          held.has(privilege) || rights.some((one) => one.path === path && one.privilege === privilege),
      }
    )
  }
}

/** Whether anything lacks, as far as it is known. */
export const isLacking = ({rights, root, never}: Lack): boolean => rights.length > 0 || root.length > 0 || never

function united(lacks: readonly Lack[]): Lack {
  const rights = new Map(lacks.flatMap((one) => one.rights).map((right) => [`${right.path} ${right.privilege}`, right]))
  return {
    rights: [...rights.values()],
    root: [...new Set(lacks.flatMap(({root}) => root))],
    never: lacks.some((one) => one.never),
    unknown: [...new Set(lacks.flatMap(({unknown}) => unknown))],
  }
}

const heavy = 1000
/** Met comes first, then what may be met, then the fewest privileges; nobody becomes root. */
const weightOf = ({rights, root, never, unknown}: Lack): number =>
  (never ? heavy * heavy : 0) + root.length * heavy + rights.length * 2 + (unknown.length > 0 ? 1 : 0)

/** The paths on which a demand looks. */
export function pathsOf(demand: Demand): string[] {
  if ('path' in demand) return [demand.path]
  if ('root' in demand) return []
  return [...new Set(('all' in demand ? demand.all : demand.any).flatMap(pathsOf))]
}
