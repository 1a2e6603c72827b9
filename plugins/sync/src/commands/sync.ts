import {BaseCommand, confirm, Flags} from 'pmpc/kit/cli'
import {exitCodes, isPmpcError, PmpcError, retold} from 'pmpc/kit/errors'
import {kindsNamed} from 'pmpc/kit/resources'
import type {KindName} from 'pmpc/kit/resources'
import type {Repository} from 'pmpc/kit/git'
import {change} from 'pmpc/kit/runs'
import {requireWorkspace} from 'pmpc/kit/workspace'
import type {Workspace} from 'pmpc/kit/workspace'
import type {ClusterResult} from '../report.js'
import {describeChange, summarise} from '../report.js'
import type {SyncResult} from '../report.js'
import type {Suspect} from '../secrets.js'
import {fetchCluster} from '../sync.js'
import type {Fetched, SyncOptions} from '../sync.js'

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
      summary: 'Agree with everything that is open, in the same commit.',
      exclusive: ['dry-run', 'no-commit'],
    }),
    'dry-run': Flags.boolean({summary: 'Read and report; write nothing.'}),
    'no-commit': Flags.boolean({summary: 'The same as --dry-run, for pipelines that may not commit.'}),
    cluster: Flags.string({
      summary: 'Only this cluster; may be given more than once.',
      helpValue: 'NAME',
      multiple: true,
    }),
    only: Flags.string({
      summary: 'Only this kind (vm, container, storage, …); may be given more than once.',
      helpValue: 'KIND',
      multiple: true,
    }),
    'detailed-exitcode': Flags.boolean({
      summary: 'Exit with 2 while anything is open, with 3 where something could not be read.',
    }),
  }

  async run(): Promise<SyncResult> {
    const {flags} = await this.parse(Sync)
    const workspace = await requireWorkspace(this.folder)
    const clusters = clustersOf(workspace, flags.cluster)
    const only = kindsOf(flags.only)
    const readOnly = flags['dry-run'] || flags['no-commit']
    const results: ClusterResult[] = []
    const failures: {cluster: string; error: PmpcError}[] = []
    const work = async (repository: Repository) => {
      for (const cluster of clusters) {
        try {
          results.push(await this.sync({workspace, repository, cluster, accept: flags.accept, readOnly, only}))
        } catch (error) {
          // The others are still synced: one cluster that is down must not blind us to all.
          if (clusters.length === 1 || !isPmpcError(error)) throw error
          failures.push({cluster, error})
        }
      }
    }
    if (readOnly) await reading(workspace, work)
    else await change(workspace.root, {command: this.typed, run: this.record.id}, work)
    const result = summarise(this.record.id, results)
    if (results.length > 0 || failures.length === 0) this.tell(result, readOnly)
    if (failures.length > 0) throw this.failureOf(failures, result)
    if (flags['detailed-exitcode']) this.setExitCode(exitCodeOf(result))
    return result
  }

  /** The first failure is the run's; what was recorded in spite of it is told before, and stands in its data. */
  private failureOf(failures: {cluster: string; error: PmpcError}[], result: SyncResult): PmpcError {
    const [first, ...others] = failures
    for (const {cluster, error} of others) this.warnUser(`${cluster}: ${error.message}`, error.suggestions[0])
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

  private async sync(options: {
    workspace: Workspace
    repository: Repository
    cluster: string
    accept: boolean
    only?: KindName[]
    readOnly: boolean
  }): Promise<ClusterResult> {
    const {cluster, readOnly} = options
    const fetched = await this.fetch({
      ...options,
      record: this.record,
      command: options.accept ? 'sync --accept' : 'sync',
      env: process.env,
    })
    try {
      if (!readOnly && fetched.suspects.length > 0) await this.askAbout(cluster, fetched.suspects)
      return readOnly ? fetched.result : await fetched.write()
    } finally {
      await fetched.close()
    }
  }

  private async fetch(options: SyncOptions): Promise<Fetched> {
    const {cluster} = options
    const context: {fetched?: Fetched} = {}
    await this.steps(
      [
        {
          title: `Read ${cluster}`,
          run: async (_, report) => {
            context.fetched = await fetchCluster({...options, onProgress: (text) => report.detail(text)})
            const {requests, time} = context.fetched.result
            report.title(`Read ${cluster}: ${requests} requests in ${Math.round(time.read ?? 0)} ms`)
          },
        },
      ],
      context,
    )
    return context.fetched!
  }

  /** Before the first commit of what looks like a secret: a person is asked, a script is warned. */
  private async askAbout(cluster: string, suspects: Suspect[]): Promise<void> {
    for (const {object, field, looksLike, key} of suspects) {
      this.warnUser(
        `${cluster}/${object} ${field} holds what looks like ${looksLike}, and would be in Git for good`,
        `take it out in Proxmox VE${key ? `, or leave the key out: \`- {key: ${key}}\` below \`ignore:\` in pmpc.yaml` : ''}`,
      )
    }
    if (!this.interactive) return
    if (await confirm(this.prompts, {message: 'Commit it?', flag: '--no-prompt'})) return
    throw new PmpcError('PMPC_SECRET_REFUSED', 'nothing was committed', {
      suggestions: ['pmpc sync   (once it is taken out, or ignored)'],
    })
  }

  private tell(result: SyncResult, readOnly: boolean): void {
    for (const warning of result.warnings) this.warnUser(warning)
    for (const {cluster, changes, commit, drift, conflicts, stale, ignored} of result.clusters) {
      const lines = changes.flatMap(describeChange)
      const nothing = commit ? 'nothing changed in it, but what is open has' : 'nothing changed'
      const outcome = changes.length === 0 ? nothing : `${changes.length} changed`
      this.say(`${cluster}: ${outcome}${commit ? `, commit ${commit.slice(0, 10)}` : ''}`)
      for (const line of lines.slice(0, 30)) this.say(`  ${line}`)
      if (lines.length > 30) this.say(`  … and ${lines.length - 30} more: pmpc diff`)
      if (ignored.objects > 0 || ignored.keys > 0)
        this.say(`  ignored by rule: ${count(ignored.objects, 'object')}, ${count(ignored.keys, 'key')}`)
      for (const {object, why} of stale.slice(0, 10))
        this.warnUser(`${object} was not read and is kept as it was: ${why}`)
      if (stale.length > 10) this.warnUser(`… and ${stale.length - 10} more were not read: pmpc status --verbose`)
      if (stale.some(({why}) => why.includes(' is missing')))
        this.hint(`What the token lacks: pmpc auth test ${cluster}`)
      if (drift + conflicts > 0) this.say(`  open: ${drift} drift, ${count(conflicts, 'conflict')}`)
    }
    if (readOnly) return this.hint('Nothing was written. Record it: pmpc sync')
    if (result.open.conflicts > 0)
      this.hint("See both sides: pmpc status. Take the cluster's: pmpc accept vm/100. Keep yours: pmpc reject vm/100")
    else if (result.open.drift > 0) this.hint('See it: git diff. Agree: pmpc accept. Disagree: pmpc reject')
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

function exitCodeOf({open, stale}: SyncResult): number {
  if (open.drift + open.conflicts > 0) return exitCodes.differs
  return stale.length > 0 ? exitCodes.partial : exitCodes.ok
}

/** Reading only takes no lock, asks for no identity, and goes on in the middle of a merge. */
async function reading(workspace: Workspace, work: (repository: Repository) => Promise<void>): Promise<void> {
  const {openRepository} = await import('pmpc/kit/git')
  const repository = await openRepository(workspace.root)
  try {
    await work(repository)
  } finally {
    repository.close()
  }
}

function clustersOf(workspace: Workspace, named: string[] | undefined): string[] {
  const unknown = named?.find((name) => !workspace.clusters.includes(name))
  if (unknown !== undefined || workspace.clusters.length === 0) {
    throw new PmpcError(
      'PMPC_UNKNOWN_CLUSTER',
      unknown === undefined ? 'pmpc.yaml names no cluster' : `pmpc.yaml names no cluster "${unknown}"`,
      {
        suggestions: workspace.clusters.length > 0 ? [`pmpc sync --cluster ${workspace.clusters[0]!}`] : ['pmpc init'],
      },
    )
  }
  return workspace.clusters.filter((name) => !named || named.includes(name))
}

function kindsOf(words: string[] | undefined): KindName[] | undefined {
  return words?.flatMap((word) => {
    const kinds = kindsNamed(word)
    if (kinds.length > 0) return kinds.map((kind) => kind.name)
    throw new PmpcError('PMPC_UNKNOWN_KIND', `"${word}" is no kind of object`, {
      suggestions: [
        'pmpc sync --only vm',
        'pmpc sync --only container',
        'pmpc sync --only storage',
        'pmpc sync --only pool',
      ],
    })
  })
}
