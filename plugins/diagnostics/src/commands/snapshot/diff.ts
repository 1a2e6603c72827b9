import {Args, BaseCommand, Flags} from 'pmpc/kit/cli'
import {exitCodes} from 'pmpc/kit/errors'
import {lookForWorkspace, requireWorkspace} from 'pmpc/kit/workspace'
import {snapshotFlags, versionsOf} from '../../snapshot/command.js'
import {diffSnapshots, type Named, type SnapshotDiff} from '../../snapshot/diff.js'
import {load} from '../../snapshot/file.js'
import type {Snapshot} from '../../snapshot/model.js'
import {takeSnapshot} from '../../snapshot/take.js'
import {diffText, isSame} from '../../snapshot/text.js'

export type {SnapshotDiff}

export default class Diff extends BaseCommand<SnapshotDiff> {
  static override readonly effect = 'reads'
  static override summary = 'Compare two snapshots, or one with now.'

  static override description = `Tells what is different in the clusters as pmpc diff does, then in the manifests, in what is open, in pmpc.yaml, versions and health.
Two files are compared anywhere; with now, in the workspace. A file is a path, or the name of one in .pmpc/local/snapshots.`

  static override examples = [
    {description: 'With now', command: '<%= config.bin %> <%= command.id %> before.json.gz'},
    '<%= config.bin %> <%= command.id %> before.json.gz after.json.gz --detailed-exitcode',
  ]

  static override args = {
    before: Args.string({description: 'a file that pmpc snapshot has written', required: true}),
    after: Args.string({description: 'another one; now unless given'}),
  }

  static override flags = {
    ...snapshotFlags,
    'detailed-exitcode': Flags.boolean({summary: 'Exit with 2 where anything is different.'}),
  }

  async run(): Promise<SnapshotDiff> {
    const {args, flags} = await this.parse(Diff)
    const root = lookForWorkspace(this.folder)?.root
    const before = {file: args.before, snapshot: load(root, this.folder, args.before)}
    const after: Named =
      args.after === undefined
        ? {file: null, snapshot: await this.now(before.snapshot, flags)}
        : {file: args.after, snapshot: load(root, this.folder, args.after)}
    const diff = await diffSnapshots(before, after)
    this.say(diffText(diff, this.paint).trimEnd())
    if (flags['detailed-exitcode'] && !isSame(diff)) this.setExitCode(exitCodes.differs)
    return diff
  }

  /** The clusters of the snapshot that this workspace still names. */
  private async now({clusters, health}: Snapshot, flags: {recorded: boolean; health: boolean}): Promise<Snapshot> {
    const workspace = await requireWorkspace(this.folder)
    const names = clusters.map(({cluster}) => cluster).filter((name) => workspace.clusters.includes(name))
    const withHealth = flags.health || (health !== null && !flags.recorded)
    const request = {clusters: names, isRecorded: flags.recorded, withHealth, versions: versionsOf(this.config)}
    return takeSnapshot(workspace, request, this.caller)
  }
}
