import type {Caller} from 'pmpc/kit/runs'
import type {Standing, Unfinished} from 'pmpc/kit/verbs'
import type {Workspace} from 'pmpc/kit/workspace'
import type {Finding, Limit, Limits, Severity} from '../model.js'
import type {Probe} from './probes.js'

/** What checks of this side look at. */
export interface Here {
  workspace: Workspace
  caller: Caller
  /** How the workspace and its repository stand. */
  standing: Standing & {unfinished: Unfinished | null}
  /** Seconds since the epoch. */
  now: number
}

/** A check of the workspace and of what pmpc needs here; it asks no cluster. */
export interface LocalCheck {
  id: string
  severity: Severity
  about: string
  why: string
  fix: string
  limits?: Readonly<Record<string, Limit>>
  find(here: Here, limits: Limits): Finding[] | Promise<Finding[]>
}

/** A check of what a workspace knows of one cluster, or of the way to it. */
export interface WayCheck extends Omit<LocalCheck, 'find'> {
  find(here: Here, cluster: string, probes: readonly Probe[], limits: Limits): Finding[]
}
