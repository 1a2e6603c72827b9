import {Args, BaseCommand} from '../../kit/cli/index.js'
import {exitCodes} from '../../kit/errors/index.js'
import {mergeFiles} from '../../kit/observed/index.js'

/** What `pmpc state merge --json` prints. */
export interface StateMerge {
  path: string
  conflicts: string[]
}

export default class StateMergeCommand extends BaseCommand<StateMerge> {
  static override readonly effect = 'records'
  static override hidden = true
  static override summary = "Git's merge driver for state files: merges object by object, into the file OURS."
  static override examples = ['<%= config.bin %> state merge %O %A %B %P']
  static override args = {
    base: Args.string({description: '%O', required: true}),
    ours: Args.string({description: '%A', required: true}),
    theirs: Args.string({description: '%B', required: true}),
    path: Args.string({description: '%P', default: ''}),
  }

  async run(): Promise<StateMerge> {
    const {args} = await this.parse(StateMergeCommand)
    const path = args.path || args.ours
    const conflicts = await mergeFiles(args.base, args.ours, args.theirs)
    if (conflicts.length > 0) {
      this.setExitCode(exitCodes.failed)
      this.warnUser(
        `${path}: both sides changed ${conflicts.join(', ')}; only the cluster knows. Our side was kept.`,
        `git add ${path} && git commit --no-edit && pmpc sync`,
      )
    }
    return {path, conflicts}
  }
}
