import {Args, BaseCommand, count, Flags} from 'pmpc/kit/cli'
import {sinceOf} from 'pmpc/kit/live'
import {durationText} from 'pmpc/kit/runs'
import {findWorkspace} from 'pmpc/kit/workspace'
import {statsOf, type StatsResult} from '../runs/stats.js'

export type {StatsResult}

export default class Stats extends BaseCommand<StatsResult> {
  static override readonly effect = 'reads'
  static override summary = 'Show how long commands took in this clone: count, median and p95, by command and phase.'
  static override description =
    'Made of the logs of past runs. Where requests, or Git commands, ran at the same time, that time counts once: so a part is never more than the whole.'

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> sync --since 7d',
    '<%= config.bin %> <%= command.id %> --json',
  ]

  static override args = {command: Args.string({description: 'only this command: sync, "state show"'})}

  static override flags = {
    since: Flags.string({summary: 'Only runs since then: 2h, 7d ago, or a date.', helpValue: 'TIME'}),
  }

  async run(): Promise<StatsResult> {
    const {args, flags} = await this.parse(Stats)
    const {root} = findWorkspace(this.folder)
    const result = statsOf(root, {
      ...(flags.since !== undefined && {since: sinceOf(flags.since, `${this.typed} --since`)}),
      ...(args.command !== undefined && {command: args.command.replace(/^pmpc /, '')}),
      but: this.runId,
    })
    this.tell(result)
    return result
  }

  private tell({runs, unfinished, figures}: StatsResult): void {
    if (figures.length === 0) this.hint('No run of this is in the logs: pmpc logs --since 30d')
    else
      this.printTable(figures, [
        {header: 'COMMAND', value: ({command, phase}) => (phase === 'total' ? command : ''), keep: true},
        {header: 'PHASE', value: ({phase}) => phase},
        {header: 'COUNT', value: (one) => String(one.count), align: 'right', fixed: true},
        {
          ...{header: 'FAILED', value: ({failed}) => (failed > 0 ? String(failed) : ''), align: 'right', fixed: true},
          color: ({failed}) => (failed > 0 ? 'red' : undefined),
        },
        {header: 'MEDIAN', value: ({median}) => durationText(median), align: 'right', fixed: true},
        {header: 'P95', value: ({p95}) => durationText(p95), align: 'right', fixed: true},
        {header: 'MAX', value: ({max}) => durationText(max), align: 'right', fixed: true},
      ])
    const open = unfinished > 0 ? `, ${unfinished} without an end` : ''
    this.say(`${count(runs, 'run')}${open}.`)
  }
}
