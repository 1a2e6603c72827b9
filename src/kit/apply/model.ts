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

/** How many objects go on at a time, and when the next one may begin. It stands in the journal: what is gone on with keeps to it. */
export interface Pace {
  /** So many at a time; as many as the cluster bears unless given. */
  atOnce?: number
  /** What an object has to do before what comes after it begins: to run, or to answer with its agent; that its tasks ended well unless given. */
  healthy?: 'running' | 'agent'
  /** How long that is waited for, in seconds. */
  patience?: number
  /** Seconds from one object to what comes after it. */
  pause?: number
  /** Nothing more is begun once something has failed. */
  failFast?: true
  /** Tasks are begun and not waited for. */
  isAsync?: true
}

/** Whether an error is that nobody gets in any more, or was told to stop: nothing is wrong with the object. */
export const isCutOff = (code: string): boolean =>
  /^PMPC_(?:INTERRUPTED|UNREACHABLE|NOT_AUTHENTICATED|TLS_[A-Z]+)$/.test(code)

/** Whether an object is gone on with (`--resume`): nobody knows what came of it yet, or the run was cut off. */
export const isLeft = ({how, code}: {how?: Outcome['how']; code?: string}): boolean =>
  (how === 'unknown' && code !== 'PMPC_CANNOT_TELL') || (code !== undefined && isCutOff(code))

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
  /** What had come to its end before, by its name. */
  ended: ReadonlyMap<string, Outcome>
  /** A secret that a request names. @throws PMPC_NO_SECRET */
  secretOf(object: string, name: string): string
  /** A text without the secrets of the run. */
  hide(text: string): string
  /** Nothing more is begun once it is aborted. */
  signal?: AbortSignal | undefined
  /** Tasks are stopped once it is aborted. */
  cancel?: AbortSignal | undefined
  /** Nothing more is begun once something has failed. */
  failFast: boolean
  pace?: Pace
  progress: Progress
  clock?: Clock
}
