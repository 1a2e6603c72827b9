import {hasBegun, isAtWork, unfinishedRun} from '../apply/journal.js'
import {glanceAt} from './kept-glance.js'
import {recallStatus, type Standing} from './kept-status.js'

/**
 * How a workspace and its repository stand, from Git and the files alone; no cluster is asked. What was told before is told again where nothing
 * has changed since. Errors as of `requireWorkspace`, `openRepository` and `Session.open`.
 */
export async function status(root: string): Promise<Standing & {unfinished: Unfinished | null}> {
  const glance = glanceAt(root)
  const known = glance && recallStatus(glance)
  const unfinished = unfinishedIn(root)
  if (known) return {...known, unfinished}
  const {readStatus} = await import('./read-status.js')
  return {...(await readStatus(root, glance)), unfinished}
}

/** A run that changes the cluster and is not at its end. */
export interface Unfinished {
  run: string
  /** As it was typed, `pmpc apply`; by whom, `alice@desk`; and when, ISO 8601. */
  command: string
  by: string
  at: string
  /** It is at work now; else it was interrupted. */
  running: boolean
  /** Anything can have been sent. */
  begun: boolean
  /** How many objects have come to their end, of how many. */
  ended: number
  objects: number
}

function unfinishedIn(root: string): Unfinished | null {
  const recorded = unfinishedRun(root)
  if (!recorded) return null
  const {run, command, by, at, objects} = recorded.head
  const ended = recorded.lines.filter(({event}) => event === 'ended').length
  const [running, begun] = [isAtWork(recorded), hasBegun(recorded)]
  return {run, command, by, at, running, begun, ended, objects: Object.keys(objects).length}
}
