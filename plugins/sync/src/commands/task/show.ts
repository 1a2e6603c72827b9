import {BaseCommand, clusterFlag, taskArg} from 'pmpc/kit/cli'
import {shellWord} from 'pmpc/kit/files'
import {spanText, type TaskItem} from 'pmpc/kit/live'
import {nameOf, showTask} from 'pmpc/kit/verbs'
import {clustersOf, requireWorkspace} from 'pmpc/kit/workspace'

export default class TaskShow extends BaseCommand<TaskItem> {
  static override readonly effect = 'reads'
  static override summary = 'Show a task: who began it, when, and how it ended.'
  static override examples = [
    {description: 'The last task of a guest', command: '<%= config.bin %> <%= command.id %> vm/100'},
    "<%= config.bin %> <%= command.id %> 'UPID:pve1:0003F1A2:00B4C1D2:6B0C03AE:qmstart:100:root@pam:'",
    {
      description: 'As much of a UPID as no other has',
      command: '<%= config.bin %> <%= command.id %> UPID:pve1:0003F1A2',
    },
  ]

  static override args = {task: taskArg}

  static override flags = {cluster: clusterFlag}

  async run(): Promise<TaskItem> {
    const {args, flags} = await this.parse(TaskShow)
    const workspace = await requireWorkspace(this.folder)
    const clusters = clustersOf(workspace, flags.cluster, this.typed)
    const task = await showTask(workspace, {clusters, word: args.task, command: this.typed}, this.caller)
    this.say(this.paint('bold', nameOf(task)))
    for (const [name, value] of rowsOf(task)) this.say(`  ${name.padEnd(8)} ${value}`)
    this.hint(`Its log: pmpc task log ${shellWord(task.upid)}`)
    return task
  }
}

function rowsOf({
  cluster,
  node,
  user,
  started,
  ended,
  duration,
  status,
  exitstatus,
  upid,
}: TaskItem): [string, string][] {
  const took = duration === undefined ? '' : spanText(duration)
  const moment = (iso: string): string => `${iso.slice(0, 19).replace('T', ' ')} UTC`
  const end: [string, string][] = ended === undefined ? [] : [['ended', `${moment(ended)}, after ${took}`]]
  return [
    ['cluster', cluster],
    ['node', node],
    ['user', user],
    ['started', moment(started) + (status === 'running' ? `, ${took} ago` : '')],
    ...end,
    ['status', status === 'error' || status === 'unknown' ? `${status}: ${exitstatus}` : (exitstatus ?? status)],
    ['upid', upid],
  ]
}
