import type {Facts} from './facts.js'
import type {SourceName} from './sources.js'

/** How a check can come out, the worst first. `unknown`: something could not be read, and what was read shows nothing. */
export const results = ['critical', 'warning', 'unknown', 'ok'] as const

export type Result = (typeof results)[number]

/** What a finding weighs. */
export type Severity = 'warning' | 'critical'

/** Something that a check found, at one object. */
export interface Finding {
  /** `node/pve1`, `storage/pve1/local`, `vm/100`, `user/root@pam`: the kind, and the id in PVE's own words. */
  object: string
  severity: Severity
  /** What is so, with the number that was read: `local-lvm is 91% full`. Without a full stop. */
  message: string
}

/** Numbers that a check holds what it read against, by name; pmpc.yaml may say others. */
export type Limits = Readonly<Record<string, number>>

/** A number of a check, and what it means. */
export interface Limit {
  default: number
  /** What is compared, with its unit: `percent used`, `days until it ends`. */
  is: string
}

/** A check of a cluster: a row of the tables in `checks/`, which one engine reads. */
export interface Check {
  /** `storage.usage`; what pmpc.yaml and scripts name it by. */
  id: string
  /** The gravest that it can find. */
  severity: Severity
  /** What it looks for, as a heading: `Storages that are full`. */
  about: string
  /** Why it matters, a sentence. */
  why: string
  /** What to do, a sentence or a command of PVE's. */
  fix: string
  /** All that it reads. What of it cannot be read makes the check unknown. */
  reads: readonly SourceName[]
  /** Of these it must know all, or it would take for missing what it did not see: else it finds nothing, and is unknown. */
  whole?: readonly SourceName[]
  limits?: Readonly<Record<string, Limit>>
  /** It looks at the history of the state, too, where there is one. */
  history?: true
  /** Judges what was read; it asks {@link Facts} for nothing else than `reads`. */
  find(facts: Facts, limits: Limits): Finding[]
}
