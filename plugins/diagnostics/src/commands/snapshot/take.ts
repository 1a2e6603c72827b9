import {BaseCommand, clusterFlag, count, Flags} from 'pmpc/kit/cli'
import {exitCodes} from 'pmpc/kit/errors'
import {clustersOf, requireWorkspace} from 'pmpc/kit/workspace'
import {packed, save, targetFor} from '../../snapshot/file.js'
import {takeSnapshot} from '../../snapshot/take.js'
import {snapshotFlags, versionsOf} from '../../snapshot/command.js'

/** What `pmpc snapshot take --json` prints. */
export interface TakenSnapshot {
  file: string
  /** ISO 8601. */
  taken: string
  bytes: number
  clusters: {
    cluster: string
    /** Read just then; as the last sync recorded it; or there is nothing. */
    from: 'cluster' | 'record' | 'nothing'
    /** Why it was not read, where it should have been. */
    why?: string
    /** How many objects could not be read, and stand there as they were recorded. */
    stale: number
  }[]
  manifests: number
  /** How much was open. */
  open: number
  /** Whether it holds what pmpc health found. */
  health: boolean
}

export default class Take extends BaseCommand<TakenSnapshot> {
  static override readonly effect = 'records'
  static override summary = 'Write the whole state of workspace and clusters into one file.'

  static override description = `Reads the clusters as a sync does, and records nothing. The file holds their states, the manifests, what is open, pmpc.yaml, and versions; no secret is in it.
A cluster that cannot be read stands there as it was recorded, and that is told. Compare two: pmpc snapshot diff.
\`pmpc snapshot\` without a guest is the same.`

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {description: 'Before work on the cluster', command: '<%= config.bin %> <%= command.id %> -o before.json.gz'},
    {description: 'With what health finds', command: '<%= config.bin %> <%= command.id %> --health'},
  ]

  static override flags = {
    cluster: clusterFlag,
    out: Flags.string({
      char: 'o',
      summary: 'Where to write it; .pmpc/local/snapshots, under the time, unless given.',
      helpValue: 'FILE',
    }),
    ...snapshotFlags,
  }

  async run(): Promise<TakenSnapshot> {
    const {flags} = await this.parse(Take)
    const workspace = await requireWorkspace(this.folder)
    const target = targetFor(workspace.root, this.folder, flags.out)
    const clusters = clustersOf(workspace, flags.cluster, this.typed)
    const request = {clusters, isRecorded: flags.recorded, withHealth: flags.health, versions: versionsOf(this.config)}
    const snapshot = await takeSnapshot(workspace, request, this.caller)
    const bytes = packed(snapshot, this.config.version)
    save(workspace.root, target, bytes)
    const result = {
      ...{file: target.typed, taken: snapshot.taken, bytes: bytes.length},
      clusters: snapshot.clusters.map(({cluster, from, why, stale}) => ({
        cluster,
        from,
        ...(why !== undefined && {why}),
        stale: stale.length,
      })),
      ...{manifests: snapshot.manifests.length, open: snapshot.open.length, health: snapshot.health !== null},
    }
    this.tell(result)
    if (result.clusters.some(({why}) => why !== undefined)) this.setExitCode(exitCodes.failed)
    return result
  }

  private tell({file, bytes, clusters, manifests, open}: TakenSnapshot): void {
    for (const {cluster, why, stale} of clusters) {
      if (why !== undefined) this.warnUser(`${cluster} stands there as it was recorded: ${why}`, `pmpc doctor`)
      if (stale > 0) this.warnUser(`${cluster}: ${count(stale, 'object')} could not be read`, 'pmpc status')
    }
    const what = [count(clusters.length, 'cluster'), count(manifests, 'manifest'), `${open} open`].join(', ')
    this.say(`${file}: ${what}; ${Math.ceil(bytes / 1024)} KiB`)
    this.hint(`What has changed since: pmpc snapshot diff ${file}`)
  }
}
