import type {ListrTask} from 'listr2'
import {writeError} from './output.js'

/**
 * How progress is shown: not at all (`--json`, `--quiet`), a line a step for logs of pipelines, or moving on a terminal.
 * Always on standard error.
 */
export type ProgressMode = 'silent' | 'plain' | 'live'

/** What a step may say while it runs. */
export interface StepReport {
  /** One line below the title, `42 of 1000 guests`; replaces the line before. Lost in the plain mode. */
  detail(text: string): void
  /** Another title, `Read 1000 guests of home`, to say what came of it. */
  title(text: string): void
}

export interface Step<Context> {
  title: string
  /** When true the step is left out. */
  skip?(context: Context): boolean
  run(context: Context, report: StepReport): Promise<void> | void
}

/** Runs steps one after the other; the first that throws ends them, and its error is the caller's. */
export async function runSteps<Context>(
  steps: readonly Step<Context>[],
  context: Context,
  mode: ProgressMode,
): Promise<Context> {
  if (mode === 'live') await runLive(steps, context)
  else for (const step of steps) await runPlainly(step, context, mode)
  return context
}

async function runPlainly<Context>(step: Step<Context>, context: Context, mode: ProgressMode): Promise<void> {
  if (step.skip?.(context)) return
  let {title} = step
  const say = (text: string): void => {
    if (mode === 'plain') writeError(text)
  }
  await step.run(context, {
    detail: () => undefined,
    title(text) {
      title = text
    },
  })
  say(`${title}\n`)
}

async function runLive<Context>(steps: readonly Step<Context>[], context: Context): Promise<void> {
  const {Listr, ListrLogger, ProcessOutput} = await import('listr2')
  const logger = new ListrLogger({processOutput: new ProcessOutput(process.stderr, process.stderr)})
  const tasks = steps.map((step): ListrTask<Context> => ({
    title: step.title,
    skip: () => step.skip?.(context) ?? false,
    task: async (_, task) => {
      await step.run(context, {
        detail(text) {
          task.output = text
        },
        title(text) {
          task.title = text
        },
      })
    },
  }))
  await new Listr<Context, 'default', 'simple'>(tasks, {
    ctx: context as never,
    concurrent: false,
    exitOnError: true,
    registerSignalListeners: false,
    renderer: 'default',
    fallbackRenderer: 'simple',
    rendererOptions: {logger, collapseSkips: true, formatOutput: 'truncate', showErrorMessage: false} as never,
    fallbackRendererOptions: {logger} as never,
  }).run()
}
