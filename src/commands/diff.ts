import {Args, BaseCommand, clusterFlag, Flags} from '../kit/cli/index.js'
import {exitCodes, isPmpcError} from '../kit/errors/index.js'
import {openRepository, type Repository} from '../kit/git/index.js'
import {
  changesBetween,
  changesText,
  knownBefore,
  knownClusters,
  objectsAndRest,
  readableStates,
  wantedOf,
  type Changes,
} from '../kit/observed/index.js'
import {findWorkspace, knownIn} from '../kit/workspace/index.js'

export default class Diff extends BaseCommand<Changes> {
  static override readonly effect = 'reads'
  static override summary = 'Show what changed in the clusters, by object and field.'
  static override description = `Compares observed states: without arguments those of the last sync that saw a change and of the one before;
with REV that revision and the working tree. Drift against what is declared is shown by git diff, and by pmpc status.`
  static override examples = [
    '<%= config.bin %> diff',
    '<%= config.bin %> diff HEAD~5',
    '<%= config.bin %> diff v1.0..main vm/100',
    "<%= config.bin %> diff 'HEAD@{yesterday}' --json",
  ]
  static override strict = false
  static override args = {
    range: Args.string({description: 'REV or REV..REV, then objects (vm/100, web01) to look at'}),
  }
  static override flags = {
    cluster: clusterFlag,
    'detailed-exitcode': Flags.boolean({summary: 'Exit with 2 where anything changed.'}),
  }

  async run(): Promise<Changes> {
    const {argv, flags} = await this.parse(Diff)
    const {root} = findWorkspace(this.folder)
    const repository = await openRepository(root)
    try {
      const all = await knownClusters(repository, root)
      const clusters = flags.cluster ? wantedOf(all, flags.cluster) : all
      const known = knownIn(argv.length > 0 ? await readableStates(root, clusters) : [])
      const naming = {
        known,
        before: () => knownBefore(repository, root, clusters),
        clusters,
        command: 'pmpc diff',
        found: 'was seen at the last sync, or in the last commits',
      }
      const {refs, rest} = await objectsAndRest(argv.map(String), naming, async (word) => revision(repository, word))
      const range = rest.length > 1 ? rest.join('..') : rest[0]
      const changes = await changesBetween({
        repository,
        root,
        range,
        refs: refs.length > 0 ? refs : undefined,
        clusters: flags.cluster && clusters,
      })
      this.say(changesText(changes, this.paint).trimEnd())
      if (flags['detailed-exitcode'] && changes.changes.length > 0) this.setExitCode(exitCodes.differs)
      return changes
    } finally {
      repository.close()
    }
  }
}

/** The commit that a word means; undefined: none. */
async function revision(repository: Repository, word: string): Promise<string | undefined> {
  return repository.resolve(word).catch((error: unknown) => {
    if (isPmpcError(error) && error.code === 'PMPC_UNKNOWN_REVISION') return undefined
    throw error
  })
}
