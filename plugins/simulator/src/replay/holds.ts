import type {TaskRunner} from '../tasks/runner.js'
import type {Exchange} from './exchange.js'
import {taskIn} from './task.js'

/** Tasks of a simulator in the same process last as long as the recorded ones did: until the last answer that shows them running. */
export class Holds {
  private readonly lastSeen: ReadonlyMap<string, number>
  private readonly held: {until: number; end: () => Promise<void>}[] = []

  constructor(
    private readonly tasks: TaskRunner,
    exchanges: Exchange[],
  ) {
    this.lastSeen = new Map(
      exchanges.flatMap(({body}, index) => {
        const task = taskIn(body)
        return task?.status === 'running' ? [[String(task.upid), index]] : []
      }),
    )
  }

  /** Sends a request; the task that it begins is held if the recorded one was seen running. */
  async during<T>({body}: Exchange, send: () => Promise<T>): Promise<T> {
    const upid = (body as {data?: unknown} | null)?.data
    const until = typeof upid === 'string' ? this.lastSeen.get(upid) : undefined
    if (until === undefined) return send()
    this.tasks.hold = (begun) => {
      let release = (): void => undefined
      const promise = new Promise<void>((resolve) => (release = resolve))
      const end = (): Promise<void> => {
        release()
        return this.tasks.ended(begun)
      }
      this.held.push({until, end})
      return promise
    }
    try {
      return await send()
    } finally {
      this.tasks.hold = () => undefined
    }
  }

  /** Ends the tasks that were not seen running from this exchange on. */
  async endBefore(index: number): Promise<void> {
    for (const one of this.held.filter(({until}) => until < index)) {
      this.held.splice(this.held.indexOf(one), 1)
      await one.end()
    }
  }
}
