import {statSync} from 'node:fs'
import {listLogs, localOf, LOGS} from 'pmpc/kit/files'
import {debugSince, endpointOf, failedExport, isExported, shownUrl, type FailedExport} from 'pmpc/kit/runs'

/** What is logged in a clone, and where it goes. docs/schema/debug.json */
export interface DebugResult {
  debug: boolean
  /** ISO 8601. */
  since: string | null
  logs: {folder: string; files: number; bytes: number; oldest: string | null}
  traces: {
    /** Where traces are sent, as the variables of OpenTelemetry say; null where they are not. */
    endpoint: string | null
    /** The last one, where it did not arrive. */
    failed: FailedExport | null
  }
}

/** Looks. @throws PMPC_UNSAFE_PATH */
export function debugging(root: string, env: Record<string, string | undefined>): DebugResult {
  const local = localOf(root)
  const logs = listLogs(root)
  const since = debugSince(root)
  const sizes = logs.map(({name}) => statSync(local.path(name), {throwIfNoEntry: false})?.size ?? 0)
  return {
    debug: since !== undefined,
    since: since ?? null,
    logs: {
      folder: local.path(LOGS),
      files: logs.length,
      bytes: sizes.reduce((sum, size) => sum + size, 0),
      oldest: logs[0]?.date ?? null,
    },
    traces: {endpoint: isExported(env) ? shownUrl(endpointOf(env)) : null, failed: failedExport(root) ?? null},
  }
}
