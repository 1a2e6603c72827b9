import {visible} from '../text/index.js'
import type {LoggedCommit} from './log.js'

/** The trailers of pmpc's commits, and what their values are. Plain Git understands them: `git log --format='%(trailers:key=Pmpc-Run)'`. */
const trailerKeys = {
  run: 'Pmpc-Run',
  cluster: 'Pmpc-Cluster',
  command: 'Pmpc-Command',
  /** `alice@pve vm/101 UPID`, or `unknown vm/101`; one an object. */
  changedBy: 'Pmpc-Changed-By',
  /** Objects, of a sync. */
  added: 'Pmpc-Added',
  changed: 'Pmpc-Changed',
  removed: 'Pmpc-Removed',
  stale: 'Pmpc-Stale',
  /** `vm/100`, or `vm/100 description` of a key: what a rule leaves out from this commit on; one each. */
  ignored: 'Pmpc-Ignored',
  /** Items that are open after it. */
  drift: 'Pmpc-Drift',
  conflicts: 'Pmpc-Conflicts',
  /** Items that were decided. */
  accepted: 'Pmpc-Accepted',
  rejected: 'Pmpc-Rejected',
} as const

export type TrailerKey = keyof typeof trailerKeys

/**
 * A commit message: a line of what was done, more for people, and trailers for programs in the order given. Whatever a cluster calls its
 * objects, each of these stays one line: no name makes a trailer, ends the message or steers the terminal of who reads it.
 */
export function commitMessage(subject: string, lines: string[], trailers: [TrailerKey, string | number][]): string {
  const body = lines.length > 0 ? ['', ...lines] : []
  const told = [subject, ...body, '', ...trailers.map(([key, value]) => `${trailerKeys[key]}: ${value}`)]
  return [...told.map(visible), ''].join('\n')
}

/** The values of one of pmpc's trailers in a commit. */
export function trailersOf({trailers}: Pick<LoggedCommit, 'trailers'>, key: TrailerKey): string[] {
  return trailers.filter((trailer) => isKey(trailer.key, trailerKeys[key])).map(({value}) => value)
}

/** All trailers that begin with `Pmpc-`, by their keys as written. */
export function pmpcTrailers({trailers}: Pick<LoggedCommit, 'trailers'>): Record<string, string[]> {
  const found: Record<string, string[]> = {}
  for (const {key, value} of trailers) if (/^pmpc-/i.test(key)) (found[key] ??= []).push(value)
  return found
}

/** Git compares keys of trailers without their case. */
function isKey(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
