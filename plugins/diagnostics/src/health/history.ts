import {isPmpcError} from 'pmpc/kit/errors'
import {STATE_FOLDER} from 'pmpc/kit/files'
import {prefixOf} from 'pmpc/kit/git'
import {statesAt} from 'pmpc/kit/observed'
import type {ClusterState} from 'pmpc/kit/resources'
import {reading} from 'pmpc/kit/runs'
import {isEntry} from 'pmpc/kit/proxmox'
import {parseSize} from 'pmpc/kit/values'
import {driveKey} from './guest-facts.js'
import {DAY} from './values.js'

/** What guests were promised of the storages when a state was committed. */
export interface Promised {
  /** Seconds since the epoch. */
  at: number
  /** Bytes, by `NODE STORAGE`: a shared storage has several. */
  bytes: ReadonlyMap<string, number>
}

/** How far back is looked, and how far apart two states have to be at least. */
const MOST_DAYS = 90
const LEAST_DAYS = 2

/**
 * The oldest state of a cluster in the last three months of its history, and the newest: what guests were promised then and now. Empty where there is
 * no history, or a short one.
 */
export async function promisedIn(root: string, cluster: string): Promise<Promised[]> {
  return reading(root, async (repository) => {
    const commits = await repository.log({
      paths: [`${prefixOf(repository, root)}${STATE_FOLDER}/${cluster}.db`],
      since: `${MOST_DAYS} days ago`,
      firstParent: true,
    })
    const [newest, oldest] = [commits[0], commits.at(-1)]
    if (!newest || !oldest || secondsOf(newest) - secondsOf(oldest) < LEAST_DAYS * DAY) return []
    const both = await Promise.all(
      [oldest, newest].map(async (commit) => {
        const states = await statesAt(repository, root, commit.oid)
        const state = states.find((one) => one.cluster === cluster)
        return state === undefined ? [] : [{at: secondsOf(commit), bytes: promisedOf(state)}]
      }),
    ).catch((error: unknown) => {
      // A state of long ago that cannot be read tells nothing.
      if (isPmpcError(error)) return []
      throw error
    })
    return both.flat()
  })
}

const secondsOf = ({committer}: {committer: {date: string}}): number => Date.parse(committer.date) / 1000

/** What the disks of all guests may grow to, by node and storage. */
function promisedOf({objects}: ClusterState): Map<string, number> {
  const sums = new Map<string, number>()
  for (const {config, facts} of objects)
    for (const [key, drive] of Object.entries(config)) {
      if (!driveKey.test(key) || !isEntry(drive)) continue
      const storage = /^([^/:\s]+):/.exec(String(drive.file ?? drive.volume ?? ''))?.[1]
      const size = typeof drive.size === 'string' && drive.media !== 'cdrom' ? parseSize(drive.size) : undefined
      if (storage === undefined || size === undefined) continue
      const place = `${String(facts.node)} ${storage}`
      sums.set(place, (sums.get(place) ?? 0) + size)
    }
  return sums
}
