import {isPmpcError, retold, type PmpcError} from '../errors/index.js'
import type {Listed} from '../live/index.js'
import type {Reader} from '../proxmox/index.js'
import type {Caller} from '../runs/index.js'
import type {Workspace} from '../workspace/index.js'
import {readerOf} from './sync-fetch.js'

/** What was read of clusters just now. Nothing of it is recorded. */
export interface ListedNow<Item> extends Listed<Item> {
  /** The clusters that could not be read while others were. */
  failures: {cluster: string; error: PmpcError}[]
}

/**
 * Opens a reader of each cluster, has something done with them, and closes them.
 * @throws as `connectReader`, where a cluster has no credential
 */
export async function withReaders<T>(
  workspace: Workspace,
  clusters: readonly string[],
  caller: Caller,
  work: (readers: Reader[]) => Promise<T>,
): Promise<T> {
  const readers = await Promise.all(clusters.map(async (cluster) => readerOf(workspace, cluster, caller)))
  try {
    return await work(readers)
  } finally {
    await Promise.all(readers.map(async (reader) => reader.close()))
  }
}

/** What a listing is about. */
interface Listing<Item> {
  clusters: readonly string[]
  read: (reader: Reader, readers: readonly Reader[]) => Promise<Listed<Item>>
}

/**
 * Reads clusters one beside the other.
 * @throws what the client throws where the only cluster cannot be read, or none
 */
export async function listNow<Item>(
  workspace: Workspace,
  {clusters, read}: Listing<Item>,
  caller: Caller,
): Promise<ListedNow<Item>> {
  return withReaders(workspace, clusters, caller, async (readers) => {
    const failures: ListedNow<Item>['failures'] = []
    const lists = await Promise.all(
      readers.map(async (reader) =>
        read(reader, readers).catch((error: unknown) => {
          if (!isPmpcError(error) || caller.signal?.aborted) throw error
          failures.push({cluster: reader.cluster!, error})
          return undefined
        }),
      ),
    )
    const listed = lists.filter((list) => list !== undefined)
    if (listed.length === 0 && failures[0]) throw failures[0].error
    return {
      items: listed.flatMap(({items}) => items),
      unread: listed.flatMap(({unread}) => unread),
      more: listed.reduce((sum, {more}) => sum + more, 0),
      failures,
    }
  })
}

/** The first failure as the run's error, with what was read in spite of it in its data. */
export function failureOf<Item>({failures, items}: ListedNow<Item>): PmpcError | undefined {
  const [first] = failures
  return (
    first &&
    retold(first.error, {
      message: `${first.cluster}: ${first.error.message}`,
      data: {cluster: first.cluster, failed: failures.map(({cluster}) => cluster), listed: items},
    })
  )
}

/** What a listing lacks, as warnings. */
export function unreadTexts<Item>({unread, failures}: ListedNow<Item>): string[] {
  return [
    ...unread.map(({cluster, what, why}) => `${cluster}: ${what} is not in it: ${why}`),
    // The first one is the run's error.
    ...failures.slice(1).map(({cluster, error}) => `${cluster}: ${error.message}`),
  ]
}
