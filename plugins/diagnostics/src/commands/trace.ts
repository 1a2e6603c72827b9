import path from 'node:path'
import {Args, BaseCommand, Flags} from 'pmpc/kit/cli'
import {replaceFile} from 'pmpc/kit/files'
import {chromeTrace, type Trace as RunTrace} from 'pmpc/kit/runs'
import {visible, visibleLines} from 'pmpc/kit/text'
import {findWorkspace} from 'pmpc/kit/workspace'
import {readTrace, treeRows, type Row} from '../runs/trace.js'

/** What `pmpc trace --json` prints: the run as a tree. docs/schema/trace.json */
export interface TraceResult extends RunTrace {
  /** The file that `--chrome` wrote, or null. */
  file: string | null
}

export default class Trace extends BaseCommand<TraceResult> {
  static override readonly effect = 'records'
  static override summary = 'Show what a run spent its time with: phases, requests, tasks, Git, printing.'
  static override description = `A tree with times from the beginning of the command. Where much of a kind lies side by side, the slowest are told; --all tells each.
--chrome writes a file that browsers open (chrome://tracing, ui.perfetto.dev), in the Trace Event Format.`

  static override examples = [
    {description: 'Of the last run', command: '<%= config.bin %> <%= command.id %>'},
    '<%= config.bin %> <%= command.id %> 01kb4r --all',
    '<%= config.bin %> <%= command.id %> 01kb4r --chrome sync.json',
  ]

  static override args = {
    run: Args.string({description: 'the id of a run, or its beginning; the last one unless given'}),
  }

  static override flags = {
    all: Flags.boolean({summary: 'Tell each request, and each Git command.'}),
    chrome: Flags.string({summary: 'Write a file for a browser.', helpValue: 'FILE'}),
  }

  async run(): Promise<TraceResult> {
    const {args, flags} = await this.parse(Trace)
    const {root} = findWorkspace(this.folder)
    const trace = readTrace(root, args.run)
    const file = flags.chrome === undefined ? null : path.resolve(this.folder, flags.chrome)
    if (file !== null) replaceFile(file, `${JSON.stringify(chromeTrace(trace))}\n`)
    this.tell(trace, treeRows(trace, flags.all))
    if (file !== null) this.hint(`${file} opens in chrome://tracing and in https://ui.perfetto.dev.`)
    return {...trace, file}
  }

  private tell({run, operation, began, events}: RunTrace, rows: readonly Row[]): void {
    const started = began.slice(0, 19).replace('T', ' ')
    this.say(this.paint('dim', visible(`${operation}, run ${run}, ${started} UTC`)))
    this.printTable(rows, [
      {header: 'START', value: ({start}) => start, align: 'right', fixed: true},
      {header: 'TOOK', value: ({took}) => took, align: 'right', fixed: true},
      {header: 'WHEN', value: ({bar}) => bar, fixed: true},
      {header: 'WHAT', value: ({what}) => visible(what), color: ({isBad}) => (isBad ? 'red' : undefined)},
    ])
    for (const {event, message, error} of events) {
      if (event === 'warning') this.say(set(`Warning: ${String(message)}`))
      if (!error) continue
      this.say(set(`Error: ${error.code} ${error.message}`))
      for (const cause of error.cause ?? []) this.say(set(`  from: ${cause}`))
      for (const command of error.recovery ?? []) this.say(set(`  try:  ${command}`))
    }
  }
}

/** Further lines of a text are set in, so that none of them passes for one of ours. */
const set = (text: string): string => visibleLines(text).replaceAll('\n', '\n        ')
