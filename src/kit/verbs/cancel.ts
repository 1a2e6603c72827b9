import {cancelTask, writerOf} from '../apply/index.js'
import type {FoundTask, TaskItem} from '../live/index.js'
import type {Clock} from '../proxmox/index.js'
import {step, type Caller} from '../runs/index.js'
import type {Workspace} from '../workspace/index.js'
import {withReaders} from './live.js'
import {findTasks, nameOf, outcomeOf, type TaskOutcome, type TaskOutcomes} from './tasks.js'

export interface CancelRequest {
  clusters: readonly string[]
  words: readonly string[]
  /** As it is typed: `pmpc task cancel`. */
  command: string
  /** Asked before any is stopped, with those that run. @throws where the answer is no */
  approve(running: readonly TaskItem[]): Promise<void>
  /** Milliseconds for which it is waited that a task has ended. */
  timeout: number
  clock?: Clock
}

/**
 * Stops tasks, and tells what became of each: `ok` is one that does not run any more.
 * @throws as `findTask` and `approve`, before any is stopped; PMPC_INTERRUPTED
 */
export async function cancelTasks(
  workspace: Workspace,
  {clusters, words, command, approve, timeout, clock}: CancelRequest,
  caller: Caller,
): Promise<TaskOutcomes> {
  return withReaders(workspace, clusters, caller, async (readers) => {
    const found = await findTasks(words, readers, command)
    const running = found.filter(({task}) => task.status === 'running')
    if (running.length > 0) await approve(running.map(({task}) => task))
    const cancel = async ({task}: FoundTask): Promise<TaskOutcome> => {
      if (task.status !== 'running') return endedBefore(task)
      const writer = await writerOf(workspace, task.cluster, caller)
      try {
        return stoppedOf(
          await outcomeOf(task, async () => cancelTask(writer, task.upid, {timeout, clock, signal: caller.signal})),
        )
      } finally {
        await writer.close()
      }
    }
    const what = running.length === 1 ? nameOf(running[0]!.task) : `${running.length} tasks`
    const all = async (): Promise<TaskOutcome[]> => Promise.all(found.map(cancel))
    return {results: running.length === 0 ? await all() : await step(caller, `Stop ${what}`, all, 'stop')}
  })
}

function endedBefore({cluster, upid, type, object, exitstatus}: TaskItem): TaskOutcome {
  const message = `had ended already${exitstatus === undefined ? '' : `: ${exitstatus}`}`
  const ended = {cluster, upid, type, ...(object !== undefined && {object})}
  return {...ended, ok: true, ...(exitstatus !== undefined && {exitstatus}), warnings: 0, message}
}

/** One that was stopped ends with an error of its own; that it ended is what was wanted. PVE may have told it, and it goes on. */
function stoppedOf(outcome: TaskOutcome): TaskOutcome {
  const {ok, exitstatus, code, ...told} = outcome
  if (ok) return {...outcome, message: `ended by itself meanwhile: ${exitstatus}`}
  if (exitstatus !== undefined) return {...told, ok: true, exitstatus, message: `stopped: ${exitstatus}`}
  if (code !== 'PMPC_TASK_TIMEOUT') return outcome
  return {...outcome, message: 'Proxmox VE has told it to stop, and it still runs'}
}
