import type {Call} from '../calls/call.js'
import {sharedStorage, storageFile, type Wish} from '../tasks/locks.js'
import {TaskError, type TaskHandle} from '../tasks/runner.js'
import {isShared} from './volumes.js'

/**
 * Takes the time that making volumes takes: one after another, each under the lock of its storage, which is the cluster's where the storage is
 * shared, else the node's. Copying what comes into them is under no lock. Fact: pve-storage, PVE/Storage.pm (vdisk_alloc, vdisk_clone).
 *
 * @param storages one entry a volume
 * @throws ApiError 500 where a lock is not had in time, TaskError where the task was ended meanwhile
 */
export async function reserve(call: Call, node: string, storages: string[], task?: TaskHandle): Promise<void> {
  const {settings, state, locks, tasks} = call.sim
  if (settings.allocationTime === 0) return
  for (const name of storages) {
    const storage = state.storages[name]
    if (!storage) continue
    const wish: Wish = isShared(storage) ? {node: '', file: sharedStorage(name)} : {node, file: storageFile(name)}
    const giveBack = await locks.take([wish])
    await new Promise((resolve) => setTimeout(resolve, settings.allocationTime).unref())
    giveBack()
    if (task && !tasks.isRunning(task.upid)) throw new TaskError('received interrupt')
  }
}
