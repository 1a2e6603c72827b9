import type {ItemState, StepReport} from '../runs/caller.js'
import {painter, shown} from './color.js'
import {itemLine, ItemLines, Items} from './items.js'
import {writeError} from './output.js'

/**
 * How progress is shown: not at all (`--json`, `--quiet`), as lines for logs of pipelines, as lines of JSON (`--json --verbose`), or moving on a
 * terminal. Always on standard error.
 */
export type ProgressMode = 'silent' | 'plain' | 'json' | 'live'

/** Runs one step and shows how it goes. @returns what it returns; what it throws is the caller's */
export async function runStep<T>(
  title: string,
  work: (report: StepReport) => Promise<T>,
  mode: ProgressMode,
): Promise<T> {
  return mode === 'live' ? runLive(title, work) : runInLines(title, work, writers[mode])
}

/** How a line of progress is written. */
interface LineWriter {
  step(title: string): void
  item(name: string, state: ItemState, text?: string): void
  note(text: string): void
}

const writeJson = (value: Record<string, unknown>): void => writeError(`${JSON.stringify(value)}\n`)

const writers: Readonly<Record<Exclude<ProgressMode, 'live'>, LineWriter>> = {
  silent: {step: () => undefined, item: () => undefined, note: () => undefined},
  plain: {
    step: (title) => writeError(`${title}\n`),
    item: (name, state, text) => writeError(`${itemLine(name, state, text)}\n`),
    note: (text) => writeError(`${text}\n`),
  },
  json: {
    step: (title) => writeJson({step: title}),
    item: (object, state, text) => writeJson({object, state, ...(text !== undefined && {text})}),
    note: (note) => writeJson({note}),
  },
}

async function runInLines<T>(
  first: string,
  work: (report: StepReport) => Promise<T>,
  {step, item, note}: LineWriter,
): Promise<T> {
  let title = first
  const lines = new ItemLines(Date.now)
  const result = await work({
    detail: () => undefined,
    title(text) {
      title = text
    },
    item(name, state, text) {
      if (lines.isTold(name, state)) item(name, state, text)
    },
    note,
  })
  step(title)
  return result
}

async function runLive<T>(title: string, work: (report: StepReport) => Promise<T>): Promise<T> {
  const {figures, Listr, ListrLogger, ProcessOutput} = await import('listr2')
  const logger = new ListrLogger({processOutput: new ProcessOutput(process.stderr, process.stderr)})
  const paint = painter(process.stderr)
  const items = new Items(paint, figures.tick === '✔')
  let note = ''
  const done: T[] = []
  const list = new Listr<object, 'default', 'simple'>(
    [
      {
        title,
        task: async (_, task) => {
          const show = (): void => {
            const lines = items.lines()
            task.output = shown([...(note === '' ? [] : [paint('yellow', note)]), ...lines].join('\n'))
          }
          const report: StepReport = {
            detail(text) {
              task.output = text
            },
            title(text) {
              task.title = text
            },
            item(...told) {
              items.tell(...told)
              show()
            },
            note(text) {
              note = text
              show()
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
