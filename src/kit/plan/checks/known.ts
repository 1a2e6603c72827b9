import type {Permissions} from '../../proxmox/index.js'
import type {Calls} from './calls.js'

/** An entry of a list, as PVE answers it. */
export type Entry = Readonly<Record<string, unknown>>

/** What came of a question: PVE's data, or why there is none. */
export type Answer = {readonly data: unknown} | {readonly failed: {readonly status?: number; readonly message: string}}

/** Something to read before a plan can be checked. */
export interface Need {
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
}

/** Under which an answer to a need is kept. */
export function keyOf({path, query}: Need): string {
  const pairs = Object.entries(query ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  return pairs.length === 0 ? path : `${path}?${pairs.map(([name, value]) => `${name}=${value}`).join('&')}`
}

/** What was read live for a plan. Nothing is read while it is checked. */
export interface Known {
  /** Token id or user. */
  readonly who: string
  /** Where pmpc reaches the cluster: `https://HOST:8006`. */
  readonly endpoints: readonly string[]
  /** GET /access/permissions. */
  readonly permissions: Permissions
  /** GET /cluster/resources. */
  readonly resources: readonly Entry[]
  /** GET /cluster/status; nothing where it could not be read. */
  readonly status: readonly Entry[]
  /** GET /cluster/ha/resources; undefined where it could not be read. */
  readonly ha?: readonly Entry[]
  /** GET /cluster/replication; undefined where it could not be read. */
  readonly replication?: readonly Entry[]
  /** Answers to what `needsOf` named, by `keyOf`. */
  readonly answers: ReadonlyMap<string, Answer>
  /** What the contract of a version says of calls; `9.2`. */
  calls(version: string): Calls
}

/** The data of an answer; undefined where there is none. */
export function dataOf(known: Known, need: Need): unknown {
  const answer = known.answers.get(keyOf(need))
  return answer && 'data' in answer ? answer.data : undefined
}

/** The entries of a list that was asked for; undefined where there is no such answer. */
export function entriesOf(known: Known, need: Need): readonly Entry[] | undefined {
  const data = dataOf(known, need)
  return Array.isArray(data) ? data.filter((one): one is Entry => typeof one === 'object' && one !== null) : undefined
}
