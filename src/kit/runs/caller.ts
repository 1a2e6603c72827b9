import type {ClusterState} from '../resources/index.js'
import type {Run} from './run.js'

/** How far one of several objects is. `unknown`: nobody can tell whether it was done. */
export type ItemState = 'waiting' | 'working' | 'done' | 'failed' | 'skipped' | 'unknown'

/** What a step may say while it runs. */
export interface StepReport {
  /** One line below the title, `42 of 1000 guests`; replaces the line before. Lost where nothing moves. */
  detail(text: string): void
  /** Another title, to say what came of it. */
  title(text: string): void
  /** How far one of several objects is that are worked on beside each other. `text`: what is being done with it, or why it ended so. */
  item(name: string, state: ItemState, text?: string): void
  /** Something that has to be seen now, whatever else is shown. */
  note(text: string): void
}

const unheard: StepReport = {
  detail: () => undefined,
  title: () => undefined,
  item: () => undefined,
  note: () => undefined,
}

/** A file that follows from what was recorded, and is committed with it. */
export interface DerivedFile {
  /** From the workspace. */
  path: string
  /** null removes it. */
  content: Uint8Array | null
}

/** What follows from what is about to be recorded; what could not be derived is a warning. */
export interface Derived {
  files: DerivedFile[]
  warnings: string[]
}

/** Who runs a verb, and how the two hear of each other: a command, a test, later a console or a server. */
export interface Caller {
  /** Its id stands in commits and in the lock; its log tells of what was done. */
  run: Run
  /** As a person types it, `pmpc sync`: for the lock and for trailers. */
  command: string
  env: Record<string, string | undefined>
  /** Aborted when the verb is to end: nothing more is begun, and what must not be torn in two ends whole. */
  signal?: AbortSignal
  /** Aborted when it is to end now: what runs elsewhere is stopped, too. */
  cancel?: AbortSignal
  /** Runs what must not be torn in two: until it is over nobody ends the process. */
  critical?: <T>(work: () => Promise<T>) => Promise<T>
  /** Where code of the workspace is written anew with each commit of what was recorded: has it written, of these states. */
  derive?: (root: string, states: readonly ClusterState[]) => Promise<Derived>
  /** Runs one step and shows how it goes; it is simply run where nobody looks. */
  step?: <T>(title: string, work: (report: StepReport) => Promise<T>) => Promise<T>
}

/**
 * Runs one step of a caller's.
 * @param phase under which its time is counted, one word: a title is a sentence, and another one for each cluster
 */
export async function step<T>(
  caller: Caller,
  title: string,
  work: (report: StepReport) => Promise<T>,
  phase?: string,
): Promise<T> {
  const run = async (): Promise<T> => (caller.step ? caller.step(title, work) : work(unheard))
  return phase === undefined ? run() : caller.run.phase(phase, run)
}
