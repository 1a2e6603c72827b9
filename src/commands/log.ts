import {Args, BaseCommand, Flags} from '../kit/cli/index.js'
import {PmpcError} from '../kit/errors/index.js'
import type {Repository} from '../kit/git/index.js'
import {
  knownClusters,
  logText,
  objectLog,
  objectsAndRest,
  pmpcLog,
  runLog,
  runLogText,
  type LogEntry,
  type RunLog,
} from '../kit/observed/index.js'
import type {ObjectRef} from '../kit/resources/model.js'
import {reading} from '../kit/runs/index.js'
import {findWorkspace} from '../kit/workspace/index.js'

export default class Log extends BaseCommand<LogEntry[] | RunLog> {
  static override readonly effect = 'reads'
  static override summary = 'Show what pmpc committed, or how one object changed.'
  static override description = `Without an object: the commits that pmpc made. With one: the commits in which the cluster had it changed, and how.
Who changed a manifest, and why, is told by git log and git blame.`
  static override examples = [
    '<%= config.bin %> log',
    '<%= config.bin %> log vm/100',
    '<%= config.bin %> log -n 3 --json',
    '<%= config.bin %> log --run 01kb4r',
  ]
  static override strict = false
  static override args = {object: Args.string({description: 'vm/100, home/vm/100 or 100'})}
  static override flags = {
    number: Flags.integer({char: 'n', min: 1, default: 20, summary: 'How many commits at most.', helpValue: 'N'}),
    run: Flags.string({
      summary: 'What this run committed and logged; the beginning of an id is enough for its log.',
      helpValue: 'ID',
    }),
  }

  async run(): Promise<LogEntry[] | RunLog> {
    const {argv, flags} = await this.parse(Log)
    const {root} = findWorkspace(this.folder)
    return reading(root, async (repository): Promise<LogEntry[] | RunLog> => {
      const {refs, rest} = objectsAndRest(argv.map(String), await knownClusters(repository, root))
      if (rest.length > 0) throw noObject(rest.join(' '))
      if (flags.run !== undefined) return this.tellRun(repository, root, flags.run)
      return this.tellCommits(repository, root, flags.number, refs)
    })
  }

  private async tellRun(repository: Repository, root: string, id: string): Promise<RunLog> {
    const result = await runLog(root, id, (run) => pmpcLog({repository, root, limit: 100, run}))
    this.say(runLogText(result, this.paint).trimEnd())
    return result
  }

  private async tellCommits(
    repository: Repository,
    root: string,
    limit: number,
    refs: ObjectRef[],
  ): Promise<LogEntry[]> {
    const request = {repository, root, limit}
    const {entries, unreadable} =
      refs.length > 0 ? await objectLog({...request, refs}) : {entries: await pmpcLog(request), unreadable: []}
    if (entries.length > 0) this.say(logText(entries, this.paint).trimEnd())
    else this.hint('No commit was found.')
    if (unreadable.length > 0) this.warnUnreadable(unreadable, repository.isShallow)
    return entries
  }

  private warnUnreadable(commits: string[], shallow: boolean): void {
    const names = commits.map((commit) => commit.slice(0, 12)).join(', ')
    this.warnUser(
      `What ${names} changed is unknown: the state there, or before it, cannot be read.`,
      shallow ? 'git fetch --unshallow' : `git show --stat ${commits[0]!.slice(0, 12)}`,
    )
  }
}

function noObject(words: string): PmpcError {
  return new PmpcError('PMPC_BAD_OBJECT', `"${words}" names no object.`, {
    suggestions: ['pmpc log vm/100', 'git log'],
    data: {object: words},
  })
}
