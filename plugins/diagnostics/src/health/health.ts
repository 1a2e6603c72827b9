import type {Caller} from 'pmpc/kit/runs'
import {step} from 'pmpc/kit/runs'
import {withReaders} from 'pmpc/kit/verbs'
import type {Workspace} from 'pmpc/kit/workspace'
import {checks} from './checks/index.js'
import {checkCluster, type CheckResult} from './engine.js'

/** What `pmpc health --json` prints; docs/health.md. */
export interface HealthResult {
  checks: CheckResult[]
  /** Sent to all clusters, repetitions included. */
  requests: number
}

/** Runs all checks on clusters, beside each other. @throws as `withReaders` and `checkCluster` */
export async function health(workspace: Workspace, clusters: readonly string[], caller: Caller): Promise<HealthResult> {
  return withReaders(workspace, clusters, caller, async (readers) => {
    const results = await Promise.all(
      readers.map(async (reader) => step(caller, `Check ${reader.cluster!}`, async () => checkCluster(reader, checks))),
    )
    return {checks: results.flat(), requests: readers.reduce((sum, reader) => sum + reader.stats().requests, 0)}
  })
}
