import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {BaseCommand, clusterFlag, count, Flags} from '../kit/cli/index.js'
import {exitCodes} from '../kit/errors/index.js'
import {shellWord} from '../kit/files/inside.js'
import type {Offer, Wish} from '../kit/reconcile/index.js'
import {differenceAt} from '../kit/state/difference.js'
import type {ClusterStatus, WorkspaceStatus} from '../kit/verbs/index.js'
import {status, type Unfinished} from '../kit/verbs/status.js'
import {visible} from '../kit/text/index.js'
import {clustersNamed, describeOpen, findWorkspace, wordOf, wordsOf} from '../kit/workspace/index.js'

/** What `pmpc status --json` prints; docs/json.md. */
export interface StatusResult extends WorkspaceStatus {
  branch: string | null
  commit: string | null
  /** What Git is in the middle of, or null. */
  operation: string | null
  /** The drivers that make state files readable in Git. */
  drivers: 'yes' | 'no' | 'outdated'
  plugins: {name: string; version: string}[]
  /** An apply that is not at its end, or null. */
  unfinished: Unfinished | null
}

/** How many items of one sort are shown without --verbose. */
const shownItems = 10

export default class Status extends BaseCommand<StatusResult> {
  static override readonly effect = 'reads'
  static override summary = 'Show what is open, and what to type next.'

  static override description = `Reads the working tree and what the last sync recorded; asks no cluster.
Drift and conflicts wait for a decision. Unmanaged objects have no manifest. Stale ones could not be read by this clone's last sync.
How the clusters are is told by pmpc health; how this installation is, credentials and Git's drivers included, by pmpc doctor.`

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'Exit with 2 while anything is open',
      command: '<%= config.bin %> <%= command.id %> --detailed-exitcode',
    },
  ]

  static override flags = {
    cluster: clusterFlag,
    'detailed-exitcode': Flags.boolean({
      summary:
        'Exit with 2 while drift or conflicts are open, with 3 while anything is stale, or a manifest cannot be read.',
    }),
  }

  async run(): Promise<StatusResult> {
    const {flags} = await this.parse(Status)
    const {root} = findWorkspace(this.folder)
    const standing = await status(root)
    const {head, operation, drivers} = standing
    const plugins = [...this.config.plugins.values()]
      .filter(({name}) => name.startsWith('@pmpc/'))
      .map(({name, version}) => ({name, version}))
    const {clusters, ...rest} = standing.status
    const all = clusters.map(({cluster}) => cluster)
    const shown = clustersNamed(all, flags.cluster, 'pmpc status')
    const result = {
      branch: head.branch,
      commit: head.oid,
      operation,
      drivers,
      plugins,
      unfinished: standing.unfinished,
      clusters: clusters.filter(({cluster}) => shown.includes(cluster)),
      ...rest,
    }
    this.tell(result, root)
    if (flags['detailed-exitcode']) this.setExitCode(exitCodeOf(result))
    return result
  }

  private tell(result: StatusResult, root: string): void {
    if (result.unfinished) this.tellUnfinished(result.unfinished)
    // Without a name all is meant that is open, conflicts too, in whichever cluster.
    const byName = result.clusters.some(({conflicts}) => conflicts.length > 0)
    const isUnread = result.problems.some(({severity}) => severity === 'error')
    for (const cluster of result.clusters) this.tellCluster(cluster, {byName, isUnread})
    const {operation, drivers, problems, emptied, parked, plugins, branch, commit} = result
    this.section(
      'In the manifests',
      problems.map(({path, line, column, message}) => `${path}:${line}:${column}: ${message}`),
      `mend ${problems[0]?.path ?? ''}`,
    )
    this.section(
      'Emptied by git restore',
      emptied,
      `pmpc sync writes those again that the cluster has; to forget one: git rm --cached -f ${quoted(emptied[0])} && rm ${quoted(emptied[0])}`,
    )
    const texts = parked?.texts ?? []
    const kept = (path = '') => `.pmpc/local/parked/${path}`
    const isTaken = (path: string) => existsSync(join(root, path))
    this.section('Parked', parked?.objects ?? [], 'out of the working tree; offer them again: pmpc unpark')
    this.section(
      'Kept of what you wrote',
      texts.filter((path) => !isTaken(path)),
      'it is below .pmpc/local/parked; put it back: pmpc unpark',
    )
    const [taken] = texts.filter(isTaken)
    this.section(
      'Kept of what you wrote, and another text is in its place',
      texts.filter(isTaken),
      `compare: git diff --no-index ${quoted(kept(taken))} ${quoted(taken)}; when it is not needed any more: rm ${quoted(kept(taken))}`,
    )
    if (operation) this.say(`Git is in the middle of a ${operation}: pmpc waits until it is done.`)
    if (branch === null && commit !== null) this.say('HEAD is detached: commits of pmpc belong to no branch.')
    if (drivers !== 'yes') this.say(`Git cannot show state files here (drivers: ${drivers}). Set them up: pmpc init`)
    if (plugins.length === 0) this.hint('No plugin is installed: pmpc plugins install sync')
  }

  private tellUnfinished({run, command, by, at, running, begun, ended, objects}: Unfinished): void {
    const since = `${at.slice(0, 16).replace('T', ' ')} UTC`
    const how = running ? 'is at work' : 'was interrupted'
    this.say(
      this.paint(
        'yellow',
        `${command} (run ${run}, by ${by}, ${since}) ${how}: ${ended} of ${count(objects, 'object')} at the end.`,
      ),
    )
    if (!running)
      this.hint(`Go on with it: pmpc apply --resume${begun ? '' : `; or begin anew, as nothing was sent: ${command}`}`)
  }

  /** @param isUnread a manifest cannot be read: that nothing is open would not be true */
  private tellCluster(status: ClusterStatus, {byName, isUnread}: {byName: boolean; isUnread: boolean}): void {
    const {cluster, endpoints, recorded, objects, synced} = status
    const paint = this.paint
    const followed = status.yours.find(({committed, absent}) => committed && !absent)
    // `agree: pmpc accept` with what means the whole list, or with the first of it as an example.
    const advice = (verb: string, command: string, items: Offer[], others: Offer[]): string => {
      if (!byName) return `${verb}: ${command}`
      const words = wordsOf(items, others)
      return words === undefined ? `${verb}, e.g.: ${command} ${wordOf(items[0]!)}` : `${verb}: ${command} ${words}`
    }
    const {drift, conflicts} = status
    this.say(`${paint('bold', cluster)} ${endpoints[0] ?? ''}`)
    if (!recorded) {
      this.say('  Never synced.')
      return this.hint('Record it: pmpc sync')
    }
    this.say(
      `  ${countsText(objects)}${synced ? `, last synced here ${synced.slice(0, 16).replace('T', ' ')} UTC` : ', not yet synced in this clone'}`,
    )
    this.section(
      paint('yellow', 'Drift'),
      drift.map(describeOpen),
      `see it: git diff; ${advice('agree', 'pmpc accept', drift, conflicts)}; ${advice('disagree', 'pmpc reject', drift, conflicts)}`,
    )
    this.section(
      paint('red', 'Conflicts'),
      conflicts.map(describeOpen),
      `${advice("take the cluster's", 'pmpc accept', conflicts, drift)}; ${advice('keep yours', 'pmpc reject', conflicts, drift)}`,
    )
    this.section(
      'Yours, not yet applied',
      status.yours.map(wishLines),
      `what the cluster has → what your manifest says; see it: pmpc plan; do it: pmpc apply; to follow the cluster${followed ? `${status.yours.length > 1 ? ', e.g.' : ''}: pmpc accept ${wordOf(followed)}` : ', edit the manifest'}`,
    )
    this.section('Undecided here, as this clone lacks older history', status.undecided, 'git fetch --unshallow')
    this.section(
      'Stale',
      status.stale.map(({object, why}) => `${object}: ${why}`),
      'pmpc sync, when it can be read again',
    )
    this.section(
      'Unmanaged',
      status.unmanaged,
      `manage it: pmpc accept ${shellWord(status.unmanaged[0] ?? '')}; or leave it out: ignore in pmpc.yaml`,
    )
    const quiet = [status.drift, status.conflicts, status.yours, status.stale].every((list) => list.length === 0)
    if (quiet && isUnread) this.say('  Whether anything is open in what cannot be read is not known.')
    else if (quiet) this.say(`  ${paint('green', 'Nothing is open.')} Look for changes in the cluster: pmpc sync`)
    const {ignored} = status
    if (ignored.objects + ignored.keys > 0)
      this.say(`  Ignored by rule: ${count(ignored.objects, 'object')}, ${count(ignored.keys, 'key')}`)
  }

  /** @param items a line each, or several */
  private section(heading: string, items: (string | string[])[], next: string): void {
    if (items.length === 0) return
    this.say(`  ${heading} (${items.length}): ${next}`)
    const most = this.verbose ? items.length : shownItems
    for (const line of items.slice(0, most).flat()) this.say(`    ${visible(line)}`)
    if (items.length > most) this.say(`    … and ${items.length - most} more: pmpc status --verbose`)
  }
}

/** `12 VMs, 3 containers, 2 nodes, and 57 objects of 14 other kinds`. */
function countsText({vm, container, node, ...others}: ClusterStatus['objects']): string {
  const there = Object.values(others).filter((number) => number > 0)
  const sum = there.reduce((all, number) => all + number, 0)
  const first = [count(vm, 'VM'), count(container, 'container'), count(node, 'node')].join(', ')
  return sum === 0 ? first : `${first}, and ${count(sum, 'object')} of ${count(there.length, 'other kind')}`
}

function quoted(path = ''): string {
  return shellWord(path)
}

function exitCodeOf({clusters, problems}: StatusResult): number {
  if (clusters.some(({drift, conflicts}) => drift.length + conflicts.length > 0)) return exitCodes.differs
  // What a manifest that cannot be read declares is not known: what is open in it is not told.
  const isUnread = problems.some(({severity}) => severity === 'error')
  return isUnread || clusters.some(({stale}) => stale.length > 0) ? exitCodes.partial : exitCodes.ok
}

function wishLines({object, field, wanted, observed, absent}: Wish): string[] {
  if (absent) return [`${object}: to be destroyed`]
  if (field === undefined) return [`${object}: not in the cluster`]
  return differenceAt(visible(`${object} ${field}:`), observed, wanted)
}
