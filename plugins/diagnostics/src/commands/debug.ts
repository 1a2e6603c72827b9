import {Args, BaseCommand} from 'pmpc/kit/cli'
import {setDebug} from 'pmpc/kit/runs'
import {findWorkspace} from 'pmpc/kit/workspace'
import {debugging, type DebugResult} from '../runs/debugging.js'

export type {DebugResult}

export default class Debug extends BaseCommand<DebugResult> {
  static override readonly effect = 'records'
  static override summary = 'Have more logged in this clone, or tell what is logged.'
  static override description = `While it is on, each command also logs the names of parameters, the arguments of Git commands and programs, and how each object goes on; never a value. For one command: --debug, which prints it as well.
Without a word: whether it is on, how much has been logged, and where traces are sent.`

  static override examples = [
    '<%= config.bin %> <%= command.id %> on',
    '<%= config.bin %> <%= command.id %> off',
    '<%= config.bin %> <%= command.id %>',
  ]

  static override args = {
    switch: Args.string({description: 'on or off', options: ['on', 'off']}),
  }

  async run(): Promise<DebugResult> {
    const {args} = await this.parse(Debug)
    const {root} = findWorkspace(this.folder)
    if (args.switch !== undefined) setDebug(root, args.switch === 'on')
    const result = debugging(root, process.env)
    this.tell(result)
    return result
  }

  private tell({debug, since, logs, traces}: DebugResult): void {
    this.say(debug ? `Debugging is on, since ${since}.` : 'Debugging is off.')
    const size = `${(logs.bytes / 2 ** 20).toFixed(1)} MiB`
    this.say(`${logs.files} logs in ${logs.folder}, ${size}${logs.oldest === null ? '' : `, since ${logs.oldest}`}.`)
    if (traces.endpoint !== null) this.say(`Traces are sent to ${traces.endpoint}.`)
    if (traces.failed) this.warnUser(`The last trace did not reach ${traces.failed.endpoint}: ${traces.failed.why}`)
    if (debug) this.hint('See it: pmpc logs --level debug. End it: pmpc debug off')
  }
}
