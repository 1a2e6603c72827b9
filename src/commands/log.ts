import {Args, BaseCommand, clusterFlag, Flags} from '../kit/cli/index.js'
import type {Repository} from '../kit/git/index.js'
import {
  knownBefore,
  knownClusters,
  logText,
  objectLog,
  pastObjects,
  pmpcLog,
  readableStates,
  runLog,
  runLogText,
  wantedOf,
  type LogEntry,
  type LogRequest,
  type RunLog,
} from '../kit/observed/index.js'
import type {ObjectRef} from '../kit/resources/model.js'
import {reading} from '../kit/runs/index.js'
import {findWorkspace, joinedWords, knownIn} from '../kit/workspace/index.js'

export default class Log extends BaseCommand<LogEntry[] | RunLog> {
  static override readonly effect = 'reads'
  static override summary = 'Show what pmpc committed, or how one object changed.'
  static override description = `Without an object: the commits that pmpc made. With one: the commits in which the cluster had it changed, and how.
Who changed a manifest, and why, is told by git log and git blame.`
  static override examples = [
    '<%= config.bin %> log',
    '<%= config.bin %> log vm/100',
    '<%= config.bin %> log web01',
    '<%= config.bin %> log -n 3 --json',
    '<%= config.bin %> log --run 01kb4r',
  ]
  static override strict = false
  static override args = {object: Args.string({description: 'vm/100, home/vm/100, 100, or a name'})}
  static override flags = {
    cluster: clusterFlag,
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
      const all = await knownClusters(repository, root)
      const clusters = flags.cluster && (await wantedOf(root, all, {only: flags.cluster, command: 'pmpc log'}))
      const refs = await refsOf(argv.map(String), {repository, root, clusters: clusters ?? all, all})
      if (flags.run !== undefined) return this.tellRun(repository, root, flags.run)
      return this.tellCommits({repository, root, limit: flags.number, clusters}, refs)
    })
  }

  private async tellRun(repository: Repository, root: string, id: string): Promise<RunLog> {
    const result = await runLog(root, id, (run) => pmpcLog({repository, root, limit: 100, run}))
    this.say(runLogText(result, this.paint).trimEnd())
    return result
  }

  private async tellCommits(request: LogRequest, refs: ObjectRef[]): Promise<LogEntry[]> {
    const {entries, unreadable} =
      refs.length > 0 ? await objectLog({...request, refs}) : {entries: await pmpcLog(request), unreadable: []}
    if (entries.length > 0) this.say(logText(entries, this.paint).trimEnd())
    else this.hint('No commit was found.')
    if (unreadable.length > 0) this.warnUnreadable(unreadable, request.repository.isShallow)
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

/** The objects that words name. */
async function refsOf(
  words: string[],
  {repository, root, clusters, all}: {repository: Repository; root: string; clusters: string[]; all: string[]},
): Promise<ObjectRef[]> {
  if (words.length === 0) return []
  const naming = {
    known: knownIn(await readableStates(root, clusters)),
    before: () => knownBefore(repository, root, clusters),
    clusters,
    all,
    command: 'pmpc log',
    found: 'was seen at the last sync, or in the last commits',
  }
  const refs: ObjectRef[] = []
  for (const word of joinedWords(words)) refs.push(...(await pastObjects(word, naming)))
  return refs
}
