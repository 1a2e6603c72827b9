import type {Exchange} from './exchange.js'

export interface TaskState {
  upid: unknown
  status: unknown
  exitstatus?: unknown
}

/** The task that an answer tells the state of. */
export function taskIn(body: unknown): TaskState | undefined {
  const data = (body as {data?: TaskState | null} | null)?.data
  return data?.upid === undefined ? undefined : data
}

/** How tasks ended, by UPID, as far as a recording shows it. */
export const taskEnds = (exchanges: Exchange[]): Map<string, unknown> =>
  new Map(
    exchanges.flatMap(({body}) => {
      const task = taskIn(body)
      return task?.status === 'stopped' ? [[String(task.upid), task.exitstatus]] : []
    }),
  )
