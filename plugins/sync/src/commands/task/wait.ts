import {BaseCommand, clusterFlag, Flags, tasksArg} from 'pmpc/kit/cli'
import {secondsOf} from 'pmpc/kit/live'
import {exitCodeOfTasks, outcomeText, waitForTasks, type TaskOutcomes} from 'pmpc/kit/verbs'
import {clustersOf, requireWorkspace} from 'pmpc/kit/workspace'

export default class TaskWait extends BaseCommand<TaskOutcomes> {
  static override readonly effect = 'reads'
  static override summary = 'Wait until tasks have ended, and tell how.'
  static override description =
    'Ends with 0 only where all ended well, which warnings are, too; with 1 where one failed, and with 75 where one still runs after --timeout or its node stays away. Ctrl-C ends the waiting (130); the tasks go on.'

  static override examples = [
    {description: 'For the last task of a guest', command: '<%= config.bin %> <%= command.id %> vm/100'},
    "<%= config.bin %> <%= command.id %> 'UPID:pve1:0003F1A2:00B4C1D2:6B0C03AE:vzdump:100:root@pam:' --timeout 1h",
  ]

  static override strict = false
  static override args = {tasks: tasksArg}

  static override flags = {
    cluster: clusterFlag,
    timeout: Flags.string({
      summary: 'No longer than this: 90s, 15m, 2h; without it as long as it takes.',
      helpValue: 'TIME',
    }),
  }

  async run(): Promise<TaskOutcomes> {
    const {argv, flags} = await this.parse(TaskWait)
    const workspace = await requireWorkspace(this.folder)
    const clusters = clustersOf(workspace, flags.cluster, this.typed)
    const timeout = flags.timeout === undefined ? undefined : secondsOf(flags.timeout, `${this.typed} --timeout`) * 1000
    const request = {clusters, words: argv as string[], command: this.typed, timeout}
    const outcomes = await waitForTasks(workspace, request, this.caller)
    for (const outcome of outcomes.results) this.say(outcomeText(outcome))
    this.setExitCode(exitCodeOfTasks(outcomes))
    return outcomes
  }
}
