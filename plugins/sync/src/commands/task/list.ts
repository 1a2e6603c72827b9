import {BaseCommand, clusterFlag, Flags} from 'pmpc/kit/cli'
import {shellWord} from 'pmpc/kit/files'
import {sinceOf, taskColumns, taskStatuses, type TaskItem} from 'pmpc/kit/live'
import {failureOf, listTasks, unreadTexts, type ListedNow} from 'pmpc/kit/verbs'
import {clustersOf, requireWorkspace} from 'pmpc/kit/workspace'

export default class TaskList extends BaseCommand<TaskItem[]> {
  static override readonly effect = 'reads'
  static override summary = 'List the newest tasks of the clusters, as they are now.'

  static override description = `Asks every node, as a cluster's own list holds the last 25 of each only. Nothing is recorded. Without Sys.Audit on a node Proxmox VE tells your own tasks there, and says nothing of others.`

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {description: 'What went wrong today', command: '<%= config.bin %> <%= command.id %> --status error --since 24h'},
    {description: 'Of some guests', command: '<%= config.bin %> <%= command.id %> --guest vm/100 --guest web01'},
    {description: 'Backups, with their UPIDs', command: '<%= config.bin %> <%= command.id %> --type vzdump -o wide'},
  ]

  static override flags = {
    output: Flags.option({
      char: 'o',
      options: ['table', 'wide', 'json'] as const,
      default: 'table',
      summary: 'How to print it; wide has the UPIDs.',
    })(),
    cluster: clusterFlag,
    node: Flags.string({
      summary: 'Only tasks of this node; may be given more than once.',
      helpValue: 'NAME',
      multiple: true,
      multipleNonGreedy: true,
    }),
    guest: Flags.string({
      summary: 'Only tasks of this guest, also of one that is gone; may be given more than once.',
      helpValue: 'GUEST',
      multiple: true,
      multipleNonGreedy: true,
    }),
    user: Flags.string({summary: 'Only tasks of this user, with its tokens, or of this token.', helpValue: 'USER'}),
    type: Flags.string({summary: "Only tasks of this type: qmstart, vzdump, 'qm*'.", helpValue: 'TYPE'}),
    status: Flags.option({options: taskStatuses, summary: 'Only tasks that are so.'})(),
    since: Flags.string({
      summary: 'Only tasks that began then or later: 90s, 15m, 2h, 7d ago, or a date.',
      helpValue: 'TIME',
    }),
    limit: Flags.integer({summary: 'How many at most.', default: 50, min: 1, max: 5000, helpValue: 'N'}),
  }

  async run(): Promise<TaskItem[]> {
    const {flags} = await this.parse(TaskList)
    const workspace = await requireWorkspace(this.folder)
    const {node: nodes, guest: guests = [], user, type, status, limit} = flags
    const since = flags.since === undefined ? undefined : sinceOf(flags.since, `${this.typed} --since`)
    const request = {
      clusters: clustersOf(workspace, flags.cluster, this.typed),
      guests,
      filter: {nodes, user, type, status, since, limit},
      command: `${this.typed} --guest`,
    }
    const listed = await listTasks(workspace, request, this.caller)
    this.tell(listed, {wide: flags.output === 'wide', clusters: request.clusters.length > 1})
    const failure = failureOf(listed)
    if (failure) throw failure
    return listed.items
  }

  private tell(listed: ListedNow<TaskItem>, how: {wide: boolean; clusters: boolean}): void {
    const {items, more} = listed
    if (items.length > 0) this.printTable(items, taskColumns(how))
    else this.hint('No such tasks are remembered.')
    for (const text of unreadTexts(listed)) this.warnUser(text)
    if (more > 0) this.hint(`There are ${more} more: --limit, --since`)
    const [one] = [...items.filter(({status}) => status === 'error'), ...items]
    if (one && !how.wide) this.hint(`See one: pmpc task log ${shellWord(shortestOf(one.upid, items))}`)
  }
}

/** As much of a UPID as no other that is listed begins with: up to its process, or more. */
function shortestOf(upid: string, items: readonly TaskItem[]): string {
  const short = upid.split(':').slice(0, 3).join(':')
  return items.filter((item) => item.upid.startsWith(short)).length === 1 ? short : upid
}
