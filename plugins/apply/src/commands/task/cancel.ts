import {BaseCommand, clusterFlag, confirm, Flags, tasksArg} from 'pmpc/kit/cli'
import {PmpcError} from 'pmpc/kit/errors'
import {secondsOf, type TaskItem} from 'pmpc/kit/live'
import {cancelTasks, exitCodeOfTasks, nameOf, outcomeText, type TaskOutcomes} from 'pmpc/kit/verbs'
import {clustersOf, requireWorkspace} from 'pmpc/kit/workspace'

export default class TaskCancel extends BaseCommand<TaskOutcomes> {
  static override readonly effect = 'changes the cluster'
  static override summary = 'Stop tasks that run, and wait until they have ended.'
  static override description =
    'What a task has done so far stays done, and a guest may be left locked. Proxmox VE only tells the task to stop: one that does not listen is said to run still, and the command ends with 75. Tasks of others need Sys.Modify on their node.'

  static override examples = [
    {description: 'The last task of a guest', command: '<%= config.bin %> <%= command.id %> vm/100'},
    '<%= config.bin %> <%= command.id %> UPID:pve1:0003F1A2 --yes',
  ]

  static override strict = false
  static override args = {tasks: tasksArg}

  static override flags = {
    cluster: clusterFlag,
    yes: Flags.boolean({char: 'y', summary: 'Stop them without a question.'}),
    timeout: Flags.string({summary: 'How long to wait for their end.', default: '30s', helpValue: 'TIME'}),
  }

  async run(): Promise<TaskOutcomes> {
    const {argv, flags} = await this.parse(TaskCancel)
    const workspace = await requireWorkspace(this.folder)
    const outcomes = await cancelTasks(
      workspace,
      {
        clusters: clustersOf(workspace, flags.cluster, this.typed),
        words: argv as string[],
        command: this.typed,
        approve: async (running) => (flags.yes ? undefined : this.approve(running)),
        timeout: secondsOf(flags.timeout, `${this.typed} --timeout`) * 1000,
      },
      this.caller,
    )
    for (const outcome of outcomes.results) this.say(outcomeText(outcome))
    this.setExitCode(exitCodeOfTasks(outcomes))
    return outcomes
  }

  private async approve(running: readonly TaskItem[]): Promise<void> {
    const names = running.map((task) => `${nameOf(task)} of ${task.user}`)
    if (await confirm(this.prompts, {message: `Stop ${names.join(', ')}?`, flag: '--yes'})) return
    throw new PmpcError('PMPC_NOT_CONFIRMED', 'Nothing was stopped.', {
      suggestions: [`pmpc task list --status running`],
    })
  }
}
