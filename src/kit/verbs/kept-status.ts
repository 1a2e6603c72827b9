import {driverKeys, judgeDrivers, type DriversState} from '../git/drivers.js'
import {operationInProgress, type Head, type Operation} from '../git/head.js'
import type {Repository} from '../git/repository.js'
import {keepAt, recallAt, type Glance} from './kept-glance.js'
import type {WorkspaceStatus} from './read-status.js'

/** A status, and what Git makes of the repository's configuration: the keys of the drivers. */
interface KeptStatus {
  status: WorkspaceStatus
  drivers: [string, string][]
}

const NAME = 'status'

/** How a workspace stands, and Git around it. */
export interface Standing {
  status: WorkspaceStatus
  head: Head
  operation: Operation | null
  drivers: DriversState
}

/** The status that was kept, where nothing that it follows from has changed. */
export function recallStatus(glance: Glance): Standing | undefined {
  const kept = recallAt(glance, NAME) as KeptStatus | undefined
  if (!kept) return undefined
  const {place, head} = glance
  return {
    status: kept.status,
    head,
    operation: operationInProgress(place),
    drivers: judgeDrivers(new Map(kept.drivers)),
  }
}

/** Keeps a status that was read after the glance; see `keepAt`. */
export async function keepStatus(
  glance: Glance,
  status: WorkspaceStatus,
  {context}: Pick<Repository, 'context'>,
  read: Parameters<typeof keepAt>[3],
): Promise<void> {
  const [config, own] = await Promise.all([context.config(), context.ownKeys()])
  const drivers = driverKeys.flatMap((key): [string, string][] => (config.has(key) ? [[key, config.get(key)!]] : []))
  // What is set elsewhere may be set otherwise without a trace in the repository.
  if (drivers.length < driverKeys.length || drivers.some(([key]) => !own.has(key))) return
  const kept: KeptStatus = {status, drivers}
  keepAt(glance, NAME, kept, read)
}
