import type {Action, Consequence} from '../plan/index.js'
import type {Clock, Writer} from '../proxmox/index.js'
import type {Journal, Recorded} from './journal.js'
import type {Sight} from './look.js'

/** What came of one object. */
export interface Outcome {
  /** `home/vm/100` */
  object: string
  /** `unknown`: something was sent, and nobody can tell whether it was done. */
  how: 'done' | 'failed' | 'skipped' | 'unknown'
  /** The gravest of what was to be done. */
  consequence: Consequence | null
  /** How many requests were sent for it that change anything. */
  requests: number
  upids: string[]
  /** Why it is not done: a code of docs/errors.md, what happened, and what to type. */
  code?: string
  message?: string
  suggestions?: readonly string[]
  /** What PVE warned of. */
  warnings?: string[]
  /** What of a guest that runs waits for its next restart, whoever wished it; and where it runs. */
  pending?: {fields: string[]; node: string}
}

/** What is told while a plan is carried out. */
export interface Progress {
  onEnd?(outcome: Outcome): void
  /** A request is sent, the task of one says a line, or what is waited for is told. */
  onDetail?(object: string, text: string): void
}

/** What carrying out a plan needs in one cluster. */
export interface Execution {
  actions: readonly Action[]
  /** For which others each object waits, by `localKey`. */
  waits: ReadonlyMap<string, readonly string[]>
  writer: Writer
  sight: Sight
  journal: Journal
  /** The run that is gone on with. */
  resumed?: Recorded
  /** A secret that a request names. @throws PMPC_NO_SECRET */
  secretOf(object: string, name: string): string
  /** Nothing more is begun once it is aborted. */
  signal?: AbortSignal | undefined
  /** Tasks are stopped once it is aborted. */
  cancel?: AbortSignal | undefined
  /** Nothing more is begun once something has failed. */
  failFast: boolean
  progress: Progress
  clock?: Clock
}
