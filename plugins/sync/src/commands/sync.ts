import {BaseCommand, choose, clusterFlag, confirm, count, Flags} from 'pmpc/kit/cli'
import {keepCommands} from 'pmpc/kit/completion'
import {exitCodes, PmpcError, retold} from 'pmpc/kit/errors'
import type {Withheld} from 'pmpc/kit/fetch'
import {kindsNamed, type KindName} from 'pmpc/kit/resources'
import {describeSecret, sync, type SyncOutcome, type SyncResult} from 'pmpc/kit/verbs'
import {clustersOf, nearestKind, requireWorkspace, unknownKind} from 'pmpc/kit/workspace'
import {summaryOf} from '../summary.js'

export default class Sync extends BaseCommand<SyncResult> {
  static override readonly effect = 'declares'
  static override summary = 'Record what the clusters are, and offer their changes in the working tree.'

  static override description = `Reads each cluster, commits what was observed and what is open (nothing else), and writes the changes that nobody has agreed on yet into the manifests, so that "git diff" shows them. Agree with pmpc accept, disagree with pmpc reject.`

  static override examples = [
    {
      description: 'What changed in the cluster since it was last agreed on',
      command: '<%= config.bin %> sync && git diff',
    },
    {description: 'Record and agree in one commit', command: '<%= config.bin %> sync --accept'},
    {description: 'Raise an alarm in a pipeline', command: '<%= config.bin %> sync --detailed-exitcode'},
    {description: 'Look without touching anything', command: '<%= config.bin %> sync --dry-run'},
  ]

  static override flags = {
    accept: Flags.boolean({
      summary: 'Agree with everything that is open, conflicts too, in the same commit.',
      exclusive: ['dry-run', 'no-commit'],
    }),
    'dry-run': Flags.boolean({summary: 'Read and report; write nothing.'}),
    'no-commit': Flags.boolean({summary: 'The same as --dry-run, for pipelines that may not commit.'}),
    cluster: clusterFlag,
    only: Flags.string({
      summary: 'Only these kinds, or guests, with commas between them; may be given more than once.',
      helpValue: 'KIND,…',
      multiple: true,
    }),
    'fail-on-secrets': Flags.boolean({
      summary: 'Write nothing where something looks like a secret that pmpc.yaml does not allow.',
    }),
    'detailed-exitcode': Flags.boolean({
      summary: 'Exit with 2 while anything is open, with 3 where something could not be read.',
    }),
  }

  async run(): Promise<SyncResult> {
    const {flags} = await this.parse(Sync)
    const workspace = await requireWorkspace(this.folder)
    const request = {
      clusters: clustersOf(workspace, flags.cluster, 'pmpc sync'),
      only: kindsOf(flags.only),
      accept: flags.accept,
      readOnly: flags['dry-run'] || flags['no-commit'],
      failOnSecrets: flags['fail-on-secrets'],
      approve: async (cluster: string, secrets: Withheld[]) => this.approve(cluster, secrets),
    }
    const outcome = await sync(workspace, request, this.caller)
    keepCommands(this.config)
    const {result, failures} = outcome
    if (result.clusters.length > 0 || failures.length === 0) this.tell(result, request.readOnly)
    if (outcome.withoutSchema > 0)
      this.hint(
        `${count(outcome.withoutSchema, 'kind')} without a schema for editors in .pmpc/schema: pmpc state migrate`,
      )
    if (failures.length > 0) throw this.failureOf(outcome)
    if (flags['detailed-exitcode']) this.setExitCode(exitCodeOf(result))
    return result
  }

  /** The first failure is the run's; what was recorded in spite of it is told before, and stands in its data. */
  private failureOf({result, failures}: SyncOutcome): PmpcError {
    const [first, ...others] = failures
    for (const {cluster, error} of others) this.warnUser(`${cluster}: ${error.message}`, error.suggestions[0])
    this.noteErrors(others.map(({error}) => error.message))
    const {cluster, error} = first!
    return retold(error, {
      message: `${cluster}: ${error.message}`,
      data: {
        cluster,
        failed: failures.map((failure) => failure.cluster),
        ...(result.clusters.length > 0 && {recorded: result}),
      },
    })
  }

  /** Before secrets are withheld for the first time a person may let some through; a script gets them withheld, and a warning. */
  private async approve(cluster: string, secrets: Withheld[]): Promise<Withheld[]> {
    if (!this.interactive) return []
    for (const secret of secrets) this.hint(describeSecret(cluster, secret))
    const answer = await choose(this.prompts, {
      message: 'Something looks like a secret. What goes into Git?',
      flag: '--no-prompt',
      choices: [
        {
          value: 'none',
          name: 'A marker in its place',
          description: 'The value stays out of Git, and out of all that pmpc writes.',
        },
        {
          value: 'all',
          name: 'All of it as it is',
          description: 'It is in Git for good. pmpc.yaml will list what was allowed.',
        },
        {value: 'some', name: 'Ask for each'},
      ],
    })
    const allowed: Withheld[] = answer === 'all' ? secrets : []
    for (const secret of answer === 'some' ? secrets : []) {
      const message = `Have ${describeSecret(cluster, secret)} in Git as it is?`
      if (await confirm(this.prompts, {message, flag: '--no-prompt'})) allowed.push(secret)
    }
    if (allowed.length > 0) this.hint('pmpc.yaml lists it below allow:, for you to commit. Other clones follow it.')
    return allowed
  }

  private tell(result: SyncResult, readOnly: boolean): void {
    const {warnings, clusters, hint} = summaryOf(result, readOnly)
    for (const warning of warnings) this.warnUser(warning)
    for (const {lines, warnings: ofCluster, hint: next} of clusters) {
      for (const line of lines) this.say(line)
      for (const warning of ofCluster) this.warnUser(warning)
      if (next) this.hint(next)
    }
    if (hint) this.hint(hint)
  }
}

function exitCodeOf({open, stale}: SyncResult): number {
  if (open.drift + open.conflicts > 0) return exitCodes.differs
  return stale.length > 0 ? exitCodes.partial : exitCodes.ok
}

function kindsOf(words: string[] | undefined): KindName[] | undefined {
  return words?.flatMap(wordsIn).flatMap((word) => {
    const kinds = kindsNamed(word)
    if (kinds.length > 0) return kinds.map((kind) => kind.name)
    throw new PmpcError('PMPC_UNKNOWN_KIND', unknownKind(word), {
      suggestions: [`pmpc sync --only ${nearestKind(word) ?? 'guests'}`, 'pmpc sync --help'],
      data: {kind: word},
    })
  })
}

/** The words between commas; one that is empty where there is none, as without any all would be meant. */
function wordsIn(text: string): string[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '')
  return words.length > 0 ? words : ['']
}
