import {stopTask, waitForTask, type Clock, type TaskResult, type Writer} from '../proxmox/index.js'

/**
 * Has PVE stop a task, and waits until it has ended. PVE answers when it has told the worker, which may take its time or not listen
 * (pve-common, PVE/RESTEnvironment.pm (check_worker)).
 * @param timeout milliseconds
 * @throws as `waitForTask`: PMPC_TASK_STOPPED or another error of the task's is how one ends that was stopped, PMPC_TASK_TIMEOUT says that it goes on;
 * PMPC_NOT_ALLOWED where it is somebody else's, and Sys.Modify on its node is lacking
 */
export async function cancelTask(
  writer: Writer,
  upid: string,
  {timeout, clock, signal}: {timeout: number; clock?: Clock | undefined; signal?: AbortSignal | undefined},
): Promise<TaskResult> {
  await stopTask(writer, upid)
  return waitForTask(writer, upid, {timeout, ...(signal && {signal}), ...(clock && {clock})})
}
