import {BaseCommand, clusterFlag, Flags, taskArg} from 'pmpc/kit/cli'
import {taskLog, type TaskLog as Result} from 'pmpc/kit/verbs'
import {clustersOf, requireWorkspace} from 'pmpc/kit/workspace'

export default class TaskLog extends BaseCommand<Result> {
  static override readonly effect = 'reads'
  static override summary = 'Print the log of a task.'
  static override description =
    'With --follow it goes on until the task has ended; Ctrl-C ends that with 130, and the task goes on. How the task ended is in the last line, and not in the exit code: pmpc task wait has it there.'

  static override examples = [
    {description: 'Of the last task of a guest', command: '<%= config.bin %> <%= command.id %> vm/100'},
    '<%= config.bin %> <%= command.id %> UPID:pve1:0003F1A2 -n 20 --follow',
  ]

  static override args = {task: taskArg}

  static override flags = {
    cluster: clusterFlag,
    follow: Flags.boolean({char: 'f', summary: 'Wait for further lines until the task has ended.'}),
    lines: Flags.integer({char: 'n', summary: 'Only the last lines.', min: 1, helpValue: 'LINES'}),
  }

  async run(): Promise<Result> {
    const {args, flags} = await this.parse(TaskLog)
    const workspace = await requireWorkspace(this.folder)
    const clusters = clustersOf(workspace, flags.cluster, this.typed)
    const {follow, lines: last} = flags
    const onLine = (line: string): void => this.say(line)
    const request = {clusters, word: args.task, command: this.typed, last, follow, onLine}
    const log = await taskLog(workspace, request, this.caller)
    if (log.lines.length === 0) this.hint('The log is empty.')
    else if (!follow && log.task.status === 'running') this.hint(`It still runs: ${this.typed} ${args.task} --follow`)
    return log
  }
}
