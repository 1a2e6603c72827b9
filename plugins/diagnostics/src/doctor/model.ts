import type {Surroundings} from './surroundings.js'
import type {ClusterVisit} from './visits.js'

/** How a check ended. `unknown`: it could not be looked at, which is not fine; `skipped`: there is nothing to look at. */
export type Result = 'ok' | 'warning' | 'critical' | 'unknown' | 'skipped'

/** What is wrong at worst: `critical` keeps pmpc from working, with a `warning` it works, and not as it should. */
export type Severity = 'warning' | 'critical'

/** What a row saw of one thing. */
export interface Seen {
  result: Result
  message: string
  /** What it is about: a cluster, an endpoint, a file. */
  objects?: readonly string[]
  /** A command to type. */
  fix?: string
  /** The row's `mend` mends this. */
  isMendable?: true
}

type Some<T> = T | readonly T[]

/** A check: what it looks at, how grave it is at worst, and what to do. */
interface Base {
  /** `git.version`: stable, scripts know it. */
  id: string
  looksAt: string
  severity: Severity
  /** What `pmpc doctor --fix` does about it, to be told before it is done. */
  mends?: string
  /** Mends it where that is safe. @returns what was done */
  mend?(at: Surroundings): Promise<string>
}

/** Looks at this machine, or at the workspace. */
export interface LocalRow extends Base {
  /** What has to be there. Without a workspace there is nothing to look at; of one that cannot be read nobody can tell. */
  needs?: 'workspace' | 'config' | 'repository'
  /** For whoever sits at a terminal: not in a pipeline. */
  isPeoples?: true
  look(at: Surroundings): Some<Seen> | Promise<Some<Seen>>
}

/** Looks at the way to each cluster. */
export interface ClusterRow extends Base {
  ofCluster(visit: ClusterVisit, at: Surroundings): Some<Seen> | Promise<Some<Seen>>
}

export type Row = LocalRow | ClusterRow

/** One line of what `pmpc doctor` found; part of its `--json`. */
export interface Finding {
  id: string
  looksAt: string
  result: Result
  objects: string[]
  message: string
  /** A command to type, or null. */
  fix: string | null
  /** `pmpc doctor --fix` mends it. */
  mendable: boolean
}

export const fine = (message: string, objects: readonly string[] = []): Seen => ({result: 'ok', message, objects})
export const nothing = (message: string, fix?: string): Seen => ({result: 'skipped', message, ...(fix && {fix})})
export const unseen = (message: string, objects: readonly string[] = [], fix?: string): Seen => ({
  ...{result: 'unknown', message, objects},
  ...(fix && {fix}),
})

type Trouble = Pick<Seen, 'objects' | 'isMendable'> & {fix: string | undefined}

const trouble =
  (result: Severity) =>
  (message: string, {fix, ...rest}: Trouble): Seen => ({result, message, ...(fix !== undefined && {fix}), ...rest})

export const warning = trouble('warning')
export const critical = trouble('critical')
