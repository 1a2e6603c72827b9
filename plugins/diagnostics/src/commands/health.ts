import path from 'node:path'
import {BaseCommand, clusterFlag, Flags} from 'pmpc/kit/cli'
import {exitCodes, PmpcError} from 'pmpc/kit/errors'
import {replaceFile} from 'pmpc/kit/files'
import {clustersOf, requireWorkspace, type Workspace} from 'pmpc/kit/workspace'
import {formats, formatNames, writeTextfile} from '../health/formats/index.js'
import {counts, summaryText} from '../health/formats/summary.js'
import {columns, fixesOf, rowsOf} from '../health/formats/table.js'
import {allChecks, health, listChecks, type HealthRequest, type HealthResult} from '../health/health.js'
import {watch} from '../health/watch.js'

export type {HealthResult}

export default class Health extends BaseCommand<HealthResult> {
  static override readonly effect = 'reads'
  static override summary = 'Check how the clusters are: what is wrong, why it matters, what to do.'

  static override description = `Looks at the ways to the clusters, the workspace and some ninety things of each cluster. Each path of the API is read once for all checks, and nothing is changed. Thresholds and exceptions stand below health: in pmpc.yaml.
Exits with 2 where something is critical, with 1 where there are warnings, or something could not be read: what is not known is not healthy.
What is open between clusters and workspace is told by pmpc status, how this installation is by pmpc doctor.`

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'Storages and backups only',
      command: '<%= config.bin %> <%= command.id %> --only "storage.*" --only "backup.*"',
    },
    {
      description: 'For the textfile collector of node_exporter',
      command: '<%= config.bin %> <%= command.id %> --quiet --textfile /var/lib/prometheus/node-exporter',
    },
    {description: 'As a dashboard', command: '<%= config.bin %> <%= command.id %> --watch --interval 60'},
  ]

  static override flags = {
    cluster: clusterFlag,
    only: Flags.string({
      summary: 'Only these checks; * and ? stand for others. May be given more than once.',
      helpValue: 'CHECK',
      multiple: true,
      multipleNonGreedy: true,
    }),
    list: Flags.boolean({summary: 'List all checks with what they hold clusters against; no cluster is asked.'}),
    format: Flags.option({options: formatNames, summary: 'Print a report in this form.'})(),
    markdown: Flags.boolean({summary: 'The same as --format markdown.', exclusive: ['format']}),
    junit: Flags.string({summary: 'Write a report in the form of JUnit, too; - prints it instead.', helpValue: 'FILE'}),
    textfile: Flags.string({
      summary: 'Write pmpc_health.prom for node_exporter into this folder, too: whole or not at all.',
      helpValue: 'DIR',
    }),
    watch: Flags.boolean({char: 'w', summary: 'Look again and again, on a terminal, until Ctrl-C.'}),
    interval: Flags.integer({
      summary: 'Seconds between two looks of --watch; 30 unless given.',
      min: 1,
      default: 30,
    }),
  }

  async run(): Promise<HealthResult> {
    const {flags} = await this.parse(Health, withJunitFile(this.argv))
    const workspace = await requireWorkspace(this.folder)
    if (flags.list) return this.list()
    const request = {clusters: clustersOf(workspace, flags.cluster, 'pmpc health'), only: flags.only}
    if (flags.watch) return this.watching(workspace, request, flags.interval)
    const result = await health(workspace, request, this.caller)
    this.write(result, flags)
    const format = flags.markdown ? 'markdown' : flags.junit === '-' ? 'junit' : flags.format
    if (format === undefined) this.tell(result)
    else this.say(formats[format](result).trimEnd())
    this.setExitCode(exitCodeOf(result))
    return result
  }

  /** What goes to files. */
  private write(
    result: HealthResult,
    {junit, textfile}: {junit?: string | undefined; textfile?: string | undefined},
  ): void {
    if (junit !== undefined && junit !== '-') replaceFile(path.resolve(this.folder, junit), formats.junit(result))
    if (textfile !== undefined) writeTextfile(path.resolve(this.folder, textfile), result)
  }

  private tell(result: HealthResult): void {
    const clusters = new Set(result.checks.flatMap(({cluster}) => cluster ?? [])).size > 1
    const rows = rowsOf(result.checks, {all: this.verbose, clusters})
    if (rows.length > 0) this.printTable(rows, columns)
    const numbers = counts(result)
    const color = numbers.critical > 0 ? 'red' : numbers.warning + numbers.unknown > 0 ? 'yellow' : 'green'
    this.say(`${rows.length > 0 ? '\n' : ''}${this.paint(color, summaryText(result))}`)
    for (const {id, why, fix} of fixesOf(result.checks)) this.hint(`${id}: ${this.verbose ? `${why} ` : ''}${fix}`)
  }

  /** A dashboard: the table anew at each look, from the top of the screen, until Ctrl-C. */
  private async watching(workspace: Workspace, request: HealthRequest, seconds: number): Promise<HealthResult> {
    if (!process.stdout.isTTY || this.jsonEnabled())
      throw new PmpcError('PMPC_NO_TERMINAL', '--watch draws on a terminal, and there is none', {
        suggestions: ['pmpc health', 'watch pmpc health'],
      })
    const end = new AbortController()
    void this.interrupts.awaitSignal().then(() => end.abort())
    const caller = {...this.caller, signal: end.signal}
    const last = await watch(
      async () => health(workspace, request, caller),
      {seconds, signal: end.signal},
      (result) => {
        this.clearScreen()
        const time = new Date().toTimeString().slice(0, 8)
        this.say(`${this.paint('bold', `pmpc health ${request.clusters.join(', ')}`)}  ${time}\n`)
        this.tell(result)
        this.hint(`Again in ${seconds} s; Ctrl-C ends.`)
      },
    )
    this.setExitCode(exitCodeOf(last))
    return last
  }

  private list(): HealthResult {
    this.printTable(allChecks, [
      {header: 'CHECK', value: ({id}) => id, keep: true},
      {header: 'AT MOST', value: ({severity}) => severity},
      {
        header: 'LIMITS',
        value: ({limits = {}}) =>
          Object.entries(limits)
            .map(([name, limit]) => `${name} ${limit.default}`)
            .join(', '),
      },
      {header: 'WHAT', value: ({about}) => about},
    ])
    return listChecks()
  }
}

/** `--junit` alone prints, as `--junit -` does. */
function withJunitFile(argv: readonly string[]): string[] {
  return argv.flatMap((word, at) => {
    const next = argv[at + 1]
    return word === '--junit' && (next === undefined || /^-./.test(next)) ? [word, '-'] : [word]
  })
}

function exitCodeOf(result: HealthResult): number {
  const {critical, warning, unknown} = counts(result)
  if (critical > 0) return exitCodes.differs
  return warning + unknown > 0 ? exitCodes.failed : exitCodes.ok
}
