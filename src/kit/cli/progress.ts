import type {StepReport} from '../runs/caller.js'
import {writeError} from './output.js'

/**
 * How progress is shown: not at all (`--json`, `--quiet`), a line a step for logs of pipelines, or moving on a terminal.
 * Always on standard error.
 */
export type ProgressMode = 'silent' | 'plain' | 'live'

/** Runs one step and shows how it goes. @returns what it returns; what it throws is the caller's */
export async function runStep<T>(
  title: string,
  work: (report: StepReport) => Promise<T>,
  mode: ProgressMode,
): Promise<T> {
  return mode === 'live' ? runLive(title, work) : runPlainly(title, work, mode)
}

async function runPlainly<T>(first: string, work: (report: StepReport) => Promise<T>, mode: ProgressMode): Promise<T> {
  let title = first
  const result = await work({
    detail: () => undefined,
    title(text) {
      title = text
    },
  })
  if (mode === 'plain') writeError(`${title}\n`)
  return result
}

async function runLive<T>(title: string, work: (report: StepReport) => Promise<T>): Promise<T> {
  const {Listr, ListrLogger, ProcessOutput} = await import('listr2')
  const logger = new ListrLogger({processOutput: new ProcessOutput(process.stderr, process.stderr)})
  const done: T[] = []
  const list = new Listr<object, 'default', 'simple'>(
    [
      {
        title,
        task: async (_, task) => {
          const report: StepReport = {
            detail(text) {
              task.output = text
            },
            title(text) {
              task.title = text
            },
          }
          done.push(await work(report))
        },
      },
    ],
    {
      concurrent: false,
      exitOnError: true,
      registerSignalListeners: false,
      renderer: 'default',
      fallbackRenderer: 'simple',
      rendererOptions: {logger, collapseSkips: true, formatOutput: 'truncate', showErrorMessage: false} as never,
      fallbackRendererOptions: {logger} as never,
    },
  )
  await list.run()
  return done[0]!
}
