import {channel} from 'node:diagnostics_channel'

/**
 * Something that took time and is over: a request, a task of a cluster, a Git process, another program. Whoever does it tells it, and need not know
 * who listens: the run of this process does, for its log and its trace.
 */
export interface Work {
  kind: WorkKind
  milliseconds: number
  /** It did not do what it was asked to. */
  failed?: boolean
  /** What it changed or was about, `home/vm/100`. */
  objects?: readonly string[] | undefined
  /** What else is told of it. Never the value of a parameter. */
  fields: Record<string, unknown>
  /** What is told only while somebody looks for a fault; made when it is. */
  details?: () => Record<string, unknown>
}

export type WorkKind = 'request' | 'task' | 'git' | 'program'

/** Over a channel of Node's: each plugin's bundle has a copy of this module, and all of them are heard. It costs nothing where nobody listens. */
const told = channel('pmpc:work')

/** Whether anybody wants to know. */
export function isHeard(): boolean {
  return told.hasSubscribers
}

/** Tells of work that is over. Never throws. */
export function tellWork(work: Work): void {
  if (told.hasSubscribers) told.publish(work)
}

/** Listens. @returns what ends it */
export function hearWork(hear: (work: Work) => void): () => void {
  const listener = (work: unknown): void => hear(work as Work)
  told.subscribe(listener)
  return () => void told.unsubscribe(listener)
}

/** Milliseconds of a steady clock. Node loads its `performance` at first use, for 3 ms. */
export function steadyNow(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1e3 + nanoseconds / 1e6
}

/** To a tenth of a millisecond: more digits would be noise. */
export function roundMilliseconds(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10
}
