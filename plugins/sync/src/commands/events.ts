import {BaseCommand, clusterFlag, Flags} from 'pmpc/kit/cli'
import {sinceOf, type LiveEvent} from 'pmpc/kit/live'
import {eventText, followEvents} from 'pmpc/kit/verbs'
import {visible} from 'pmpc/kit/text'
import {clustersOf, requireWorkspace} from 'pmpc/kit/workspace'

export default class Events extends BaseCommand<undefined> {
  static override readonly effect = 'reads'
  static override summary = 'Follow what happens in the clusters: tasks that begin and end, and the cluster log.'
  static override description =
    'Asks every three seconds, and prints one line an event, with --json one document a line. Nothing is recorded. A cluster that does not answer is told of once, and followed again when it does. Ctrl-C is how it ends: 0. Tasks and log entries of others need Sys.Audit and Sys.Syslog on /.'

  static override examples = [
    '<%= config.bin %> events',
    {description: 'From an hour ago on', command: '<%= config.bin %> events --since 1h'},
    {description: 'What fails', command: `<%= config.bin %> events --json | jq -c 'select(.task.status == "error")'`},
  ]

  static override flags = {
    cluster: clusterFlag,
    since: Flags.string({
      summary: 'Begin with what happened since then: 15m, 2h, 7d ago, or a date.',
      helpValue: 'TIME',
    }),
  }

  async run(): Promise<undefined> {
    const {flags} = await this.parse(Events)
    const workspace = await requireWorkspace(this.folder)
    const clusters = clustersOf(workspace, flags.cluster, this.typed)
    const since = flags.since === undefined ? undefined : sinceOf(flags.since, `${this.typed} --since`)
    const end = new AbortController()
    void this.interrupts.awaitSignal().then(() => end.abort())
    const request = {
      clusters,
      since,
      onEvent: (event: LiveEvent) => this.tell(event, clusters.length > 1),
      onLacking: (cluster: string, privileges: string[]) =>
        this.hint(`${cluster}: without ${privileges.join(' and ')} on / only your own tasks and entries are told.`),
    }
    this.hint('Ctrl-C ends it.')
    await followEvents(workspace, request, {...this.caller, signal: end.signal})
    return undefined
  }

  private tell(event: LiveEvent, clusters: boolean): void {
    if (this.jsonEnabled()) return this.print(`${JSON.stringify(event)}\n`)
    const text = visible(eventText(event, {clusters}))
    const isBad = event.event === 'unreachable' || (event.event === 'task-ended' && event.task.status === 'error')
    this.say(isBad ? this.paint('red', text) : text)
  }
}
