import {follow, spanText, type LiveEvent} from '../live/index.js'
import {permissionsIn, type Clock, type Reader} from '../proxmox/index.js'
import type {Caller} from '../runs/index.js'
import type {Workspace} from '../workspace/index.js'
import {withReaders} from './live.js'
import {nameOf} from './tasks.js'

export interface EventsRequest {
  clusters: readonly string[]
  /** Seconds since the epoch: what happened since is told first. */
  since?: number | undefined
  onEvent(event: LiveEvent): void
  /** Told once of what a token may not see of a cluster: it sees its own tasks and entries only. */
  onLacking?(cluster: string, privileges: string[]): void
  clock?: Clock
}

/** What shows all tasks, and all of the log, on `/` (pve-manager, PVE/API2/Cluster.pm (tasks, log)). */
const showing = ['Sys.Audit', 'Sys.Syslog'] as const

/**
 * Tells what happens in clusters until the caller's signal aborts.
 * @throws as `follow`, for whichever cluster it is first
 */
export async function followEvents(
  workspace: Workspace,
  {clusters, since, onEvent, onLacking, clock}: EventsRequest,
  caller: Caller & {signal: AbortSignal},
): Promise<void> {
  await withReaders(workspace, clusters, caller, async (readers) => {
    await Promise.all(
      readers.map(async (reader) => {
        const lacking = await lackingOf(reader)
        if (lacking.length > 0) onLacking?.(reader.cluster!, lacking)
        await follow(reader, {since, signal: caller.signal, onEvent, ...(clock && {clock})})
      }),
    )
  })
}

/** A cluster that does not answer is told of when it is looked at. */
async function lackingOf(reader: Reader): Promise<string[]> {
  const permissions = await reader.get('/access/permissions').then(permissionsIn, () => undefined)
  return permissions === undefined ? [] : showing.filter((privilege) => permissions['/']?.[privilege] === undefined)
}

/** One line for people: `11-29 11:02:03  pve1  qmstart vm/100 (web01): started by root@pam`. */
export function eventText(event: LiveEvent, {clusters}: {clusters: boolean}): string {
  const time = event.time.slice(5, 19).replace('T', ' ')
  return [time, ...(clusters ? [event.cluster] : []), ...whatOf(event)].join('  ')
}

function whatOf(event: LiveEvent): string[] {
  switch (event.event) {
    case 'task-started':
      return [event.task.node, `${nameOf(event.task)}: started by ${event.task.user}`]
    case 'task-ended': {
      const {exitstatus, status, duration} = event.task
      const after = duration === undefined ? '' : ` after ${spanText(duration)}`
      return [event.task.node, `${nameOf(event.task)}: ${exitstatus ?? status}${after}`]
    }
    case 'log':
      return [event.node, `${event.user === '' ? event.program : event.user}: ${event.message}`]
    default:
      return [`${event.cluster}: ${event.message}`]
  }
}
