import {isPmpcError, type PmpcError} from '../errors/index.js'
import {readCluster, type Reading} from '../fetch/index.js'
import {readableStates} from '../observed/index.js'
import type {KindName} from '../resources/index.js'
import type {Caller} from '../runs/index.js'
import {allowOf, ignoreOf, type Workspace} from '../workspace/index.js'
import {readerOf} from './sync-fetch.js'

/** A cluster as it is now, or why it cannot be read. */
export type ObservedNow = {cluster: string} & ({reading: Reading} | {error: PmpcError})

/**
 * Reads clusters as they are now, as a sync reads them: by the same rules, with secrets withheld. Nothing is recorded. What cannot be read is
 * named in `stale`, and stands there as it was recorded.
 * @param kinds those that are read; of the others what was recorded is kept
 */
export async function observeNow(
  workspace: Workspace,
  {clusters, kinds}: {clusters: readonly string[]; kinds: readonly KindName[]},
  caller: Caller,
): Promise<ObservedNow[]> {
  const states = await readableStates(workspace.root, clusters)
  return Promise.all(
    clusters.map(async (cluster): Promise<ObservedNow> => {
      try {
        const reader = await readerOf(workspace, cluster, caller)
        try {
          const before = states.find((state) => state.cluster === cluster)
          const {ignore, allow} = workspace.config
          const rules = {ignore: ignoreOf(ignore), allow: allowOf(allow, cluster)}
          return {
            cluster,
            reading: await readCluster({reader, cluster, ...(before && {before}), only: kinds, ...rules}),
          }
        } finally {
          await reader.close()
        }
      } catch (error) {
        if (!isPmpcError(error) || caller.signal?.aborted) throw error
        return {cluster, error}
      }
    }),
  )
}
