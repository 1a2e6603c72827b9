import {BaseCommand, Flags} from 'pmpc/kit/cli'
import {sinceOf} from 'pmpc/kit/live'
import {LEVELS, type Level} from 'pmpc/kit/runs'
import {visible} from 'pmpc/kit/text'
import {findWorkspace} from 'pmpc/kit/workspace'
import {Follower, type LoggedLine} from '../runs/files.js'
import {isWanted, patternOf, readLogs, textOf, type Wanted} from '../runs/logs.js'

/** Lines that are shown where nobody says which. */
const fewLines = 100
/** Milliseconds between two looks for further lines. */
const pace = 300

const colors = {error: 'red', warn: 'yellow', debug: 'dim'} as const

export default class Logs extends BaseCommand<undefined> {
  static override readonly effect = 'reads'
  static override summary = 'Show what commands have logged in this clone.'
  static override description = `Each line tells when, how grave, in which run, by which command, and what. The last 100 lines, unless --since, --run or --lines says more.
Requests, Git commands and tasks are lines of the level debug. With --json each line is a document as it is in the file. What a run committed is told by pmpc log --run.`

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {description: 'What went wrong today', command: '<%= config.bin %> <%= command.id %> --since 1d --level warn'},
    '<%= config.bin %> <%= command.id %> --run 01kb4r --level debug',
    "<%= config.bin %> <%= command.id %> --since 1h --level debug --grep 'vm/100|nodes/pve1'",
    "<%= config.bin %> <%= command.id %> --follow --json | jq -c 'select(.error)'",
  ]

  static override flags = {
    follow: Flags.boolean({char: 'f', summary: 'Go on with what is logged from now on, until Ctrl-C.'}),
    grep: Flags.string({summary: 'Only lines in which this regular expression is found.', helpValue: 'PATTERN'}),
    level: Flags.option({options: LEVELS, default: 'info', summary: 'Only lines as grave as this, or graver.'})(),
    lines: Flags.integer({char: 'n', min: 1, summary: 'Only the last lines.', helpValue: 'LINES'}),
    run: Flags.string({summary: 'Only of this run; the beginning of its id is enough.', helpValue: 'ID'}),
    since: Flags.string({summary: 'Only what was logged since then: 15m, 2h, 7d ago, or a date.', helpValue: 'TIME'}),
  }

  async run(): Promise<undefined> {
    const {flags} = await this.parse(Logs)
    const {root} = findWorkspace(this.folder)
    const since = flags.since === undefined ? undefined : sinceOf(flags.since, `${this.typed} --since`)
    const isBounded = since !== undefined || flags.run !== undefined
    const wanted: Wanted = {
      ...{since, run: flags.run, level: flags.level as Level, but: this.runId},
      grep: flags.grep === undefined ? undefined : patternOf(flags.grep),
      last: flags.lines ?? (isBounded ? undefined : fewLines),
    }
    const follower = flags.follow ? new Follower(root) : undefined
    const lines = readLogs(root, wanted)
    lines.forEach((line) => this.tell(line))
    if (follower) await this.follow(follower, wanted)
    else if (lines.length === 0) this.hint(`Nothing of this was logged: ${this.typed} --since 30d --level debug`)
    else if (flags.run !== undefined) this.hint(`As a tree, with times: pmpc trace ${flags.run}`)
    return undefined
  }

  private async follow(follower: Follower, wanted: Wanted): Promise<void> {
    let isEnded = false
    const ended = this.interrupts.awaitSignal().then(() => (isEnded = true))
    const runs = wanted.run?.toLowerCase()
    this.hint('Ctrl-C ends it.')
    while (!isEnded) {
      for (const line of follower.look())
        if (isWanted(line, wanted) && (runs === undefined || line.run?.startsWith(runs))) this.tell(line)
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, pace))])
    }
  }

  private tell(line: LoggedLine): void {
    if (this.jsonEnabled()) return this.print(`${JSON.stringify(line)}\n`)
    const color = colors[line.level as keyof typeof colors]
    const text = visible(textOf(line))
    this.say(color ? this.paint(color, text) : text)
  }
}
