import {Args, BaseCommand, clusterFlag, Flags} from '../kit/cli/index.js'
import {exitCodes, isPmpcError, PmpcError} from '../kit/errors/index.js'
import {shellWord} from '../kit/files/inside.js'
import {openRepository, type Repository} from '../kit/git/index.js'
import {
  changesBetween,
  changesStat,
  changesText,
  knownBefore,
  knownClusters,
  objectsAndRest,
  readableStates,
  wantedOf,
  type Changes,
  type PastNaming,
} from '../kit/observed/index.js'
import type {ObjectRef} from '../kit/resources/model.js'
import {formatRef, parseRefs} from '../kit/resources/refs.js'
import {findWorkspace, joinedWords, knownIn, lookUp, requireWorkspace} from '../kit/workspace/index.js'

export default class Diff extends BaseCommand<Changes> {
  static override readonly effect = 'reads'
  static override summary = 'Show what changed in the clusters, by object and field.'
  static override description = `Compares observed states: without arguments those of the last sync that saw a change and of the one before;
with REV that revision and the working tree. Drift against what is declared is shown by git diff, and by pmpc status.`
  static override examples = [
    '<%= config.bin %> diff',
    '<%= config.bin %> diff HEAD~5',
    '<%= config.bin %> diff v1.0..main vm/100',
    '<%= config.bin %> diff HEAD~20 infra/home/vm --stat',
    "<%= config.bin %> diff 'HEAD@{yesterday}' --json",
  ]
  static override strict = false
  static override args = {
    range: Args.string({
      description: 'REV or REV..REV, then what to look at: objects (vm/100, web01), manifests or folders of them',
    }),
  }
  static override flags = {
    cluster: clusterFlag,
    stat: Flags.boolean({summary: 'Only how many fields of each object changed.'}),
    'detailed-exitcode': Flags.boolean({summary: 'Exit with 2 where anything changed.'}),
  }

  async run(): Promise<Changes> {
    const {argv, flags} = await this.parse(Diff)
    const {root} = findWorkspace(this.folder)
    const repository = await openRepository(root)
    try {
      const all = await knownClusters(repository, root)
      const clusters = flags.cluster ? await wantedOf(root, all, {only: flags.cluster, command: 'pmpc diff'}) : all
      const known = knownIn(argv.length > 0 ? await readableStates(root, clusters) : [])
      const naming = {
        known,
        before: () => knownBefore(repository, root, clusters),
        clusters,
        all,
        command: 'pmpc diff',
        found: 'was seen at the last sync, or in the last commits',
      }
      const {words, isWanted} = await this.paths(joinedWords(argv.map(String)), naming, repository)
      const {refs, rest: revisions} = await objectsAndRest(words, naming, async (word) => revision(repository, word))
      const range = revisions.length > 1 ? revisions.join('..') : revisions[0]
      const changes = await changesBetween({
        repository,
        root,
        range,
        refs: refs.length > 0 ? refs : undefined,
        isWanted,
        clusters: flags.cluster && clusters,
      })
      this.say((flags.stat ? changesStat : changesText)(changes, this.paint).trimEnd())
      if (flags['detailed-exitcode'] && changes.changes.length > 0) this.setExitCode(exitCodes.differs)
      return changes
    } finally {
      repository.close()
    }
  }

  /** Takes the paths of manifests out of what was typed. Throws PMPC_AMBIGUOUS for what is also a revision or an object, PMPC_NOT_FOUND for what never was. */
  private async paths(
    words: string[],
    naming: PastNaming,
    repository: Repository,
  ): Promise<{words: string[]; isWanted?: (ref: ObjectRef) => boolean}> {
    if (words.length === 0) return {words}
    // No diff without words pays for what reads manifests.
    const {holdsManifests, objectsBelow, typedPath} = await import('../kit/verbs/below.js')
    const {root} = findWorkspace(this.folder)
    const paths: string[] = []
    const lost: string[] = []
    const others: string[] = []
    for (const word of words) {
      const named = lookUp(word, naming)
      const isObject = parseRefs(word, naming.clusters) !== undefined || named.length > 0
      const isRange = word.includes('..') && !/^\.\.?(?:\/|$)/.test(word)
      const typed = isObject || isRange ? undefined : typedPath(root, this.folder, word)
      if (parseRefs(word, naming.clusters) === undefined && named.length > 0 && holdsManifests(root, this.folder, word))
        throw bothPathAndObject(word, named.map(formatRef))
      const commit = typed && (await revision(repository, word))
      if (typed?.isThere && commit !== undefined) throw bothPathAndRevision(word, commit)
      if (typed && commit === undefined) {
        paths.push(typed.path)
        if (!typed.isThere) lost.push(typed.path)
      } else others.push(word)
    }
    if (paths.length === 0) return {words}
    const workspace = await requireWorkspace(root)
    for (const path of lost) {
      const isBelow = await objectsBelow(workspace, repository, [path])
      if (!(await wasThere(naming, isBelow))) throw noManifest(path)
    }
    return {words: others, isWanted: await objectsBelow(workspace, repository, paths)}
  }
}

/** Whether any object that is known, or was before, is wanted. */
async function wasThere({known, before}: PastNaming, isWanted: (ref: ObjectRef) => boolean): Promise<boolean> {
  if (known.some(({ref}) => isWanted(ref))) return true
  for await (const earlier of before()) if (earlier.some(({ref}) => isWanted(ref))) return true
  return false
}

function noManifest(path: string): PmpcError {
  return new PmpcError('PMPC_NOT_FOUND', `${path} is no manifest, and was none of any object that was observed.`, {
    suggestions: [`git log --oneline -- ${shellWord(path)}`, 'pmpc diff ./infra'],
    data: {path},
  })
}

function bothPathAndObject(word: string, objects: string[]): PmpcError {
  return new PmpcError('PMPC_AMBIGUOUS', `"${word}" is a path, and may be ${objects.join(' or ')}.`, {
    suggestions: [...objects, `./${word}`].map((each) => `pmpc diff ${shellWord(each)}`),
    data: {word, objects},
  })
}

function bothPathAndRevision(word: string, commit: string): PmpcError {
  return new PmpcError('PMPC_AMBIGUOUS', `"${word}" is a path and a revision.`, {
    suggestions: [`pmpc diff ./${word}`, `pmpc diff ${commit.slice(0, 12)}`],
    data: {word, commit},
  })
}

/** The commit that a word means; undefined: none. */
async function revision(repository: Repository, word: string): Promise<string | undefined> {
  return repository.resolve(word).catch((error: unknown) => {
    if (isPmpcError(error) && error.code === 'PMPC_UNKNOWN_REVISION') return undefined
    throw error
  })
}
