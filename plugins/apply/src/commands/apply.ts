import {Args, clusterFlag, Flags} from 'pmpc/kit/cli'
import {PmpcError} from 'pmpc/kit/errors'
import type {Plan} from 'pmpc/kit/plan'
import {apply, type ApplyRequest, type ApplyResult} from 'pmpc/kit/verbs'
import {clustersOf, requireWorkspace, type Workspace} from 'pmpc/kit/workspace'
import {ApplyingCommand, consentFlags} from '../applying.js'
import {loadPlan} from '../plan-file.js'
import {excludeFlag} from '../selection.js'

export default class Apply extends ApplyingCommand {
  static override readonly effect = 'destroys'
  static override summary = 'Bring clusters to what their manifests wish: do what pmpc plan shows.'

  static override description = `Shows the plan, asks for what needs consent, commits what is wished, sends the requests, looks what came of each, and commits that.
What nobody has decided is left alone. What fails ends its object and what needs it; the rest goes on. Interrupted or killed, it goes on with --resume.
PLAN is a file of pmpc plan --out: what it holds is done, or nothing where it would be another plan by now. In a pipeline (CI) HEAD is what is applied.`

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'Some objects, in a script',
      command: '<%= config.bin %> <%= command.id %> vm/100 --yes --allow restart',
    },
    {
      description: 'What was looked at before',
      command: '<%= config.bin %> <%= command.id %> .pmpc/local/plans/plan.json',
    },
    {description: 'Only if it is still that plan', command: '<%= config.bin %> <%= command.id %> --expect SHA256'},
    {description: 'Go on with what was interrupted', command: '<%= config.bin %> <%= command.id %> --resume'},
  ]

  static override strict = false
  static override args = {
    selectors: Args.string({
      description: 'a saved plan, or what to apply: vm/100, web*, 100-110, vms, tag:web; all unless given',
    }),
  }

  static override flags = {
    cluster: clusterFlag,
    exclude: excludeFlag,
    expect: Flags.string({summary: 'Do nothing unless the plan has this digest.', helpValue: 'SHA256'}),
    ...consentFlags,
    'fail-fast': Flags.boolean({summary: 'Begin nothing more once something has failed.'}),
    resume: Flags.boolean({
      summary: 'Go on with the run that was interrupted.',
      exclusive: ['cluster', 'exclude', 'expect'],
    }),
  }

  async run(): Promise<ApplyResult> {
    const {argv, flags} = await this.parse(Apply)
    const workspace = await requireWorkspace(this.folder)
    const words = argv as string[]
    if (flags.resume && words.length > 0) throw resumesAll(words)
    const saved = savedIn(this.folder, words)
    const request: ApplyRequest = {
      ...this.applying(flags),
      ...(saved ? ofSaved(workspace, saved) : {clusters: clustersOf(workspace, flags.cluster, 'pmpc apply'), words}),
      exclude: flags.exclude ?? [],
      ...(flags.expect !== undefined && {expect: digestOf(flags.expect)}),
      failFast: flags['fail-fast'],
      resume: flags.resume,
    }
    const result = await apply(workspace, request, this.caller, this.config.version)
    this.tell(result)
    return result
  }
}

/** What was agreed to is gone on with, whole. */
function resumesAll(words: readonly string[]): PmpcError {
  return new PmpcError('PMPC_USAGE', `--resume goes on with all of a run, and takes no ${words.join(' ')}`, {
    suggestions: ['pmpc apply --resume', 'pmpc status   # tells of that run'],
  })
}

/** The one word that is a file is a plan. @throws as `loadPlan` */
function savedIn(folder: string, words: readonly string[]): Plan | undefined {
  const [word] = words
  if (words.length !== 1 || word === undefined || !/\.json$/.test(word)) return undefined
  return loadPlan(folder, word)
}

function ofSaved({clusters}: Workspace, saved: Plan): Pick<ApplyRequest, 'clusters' | 'words' | 'saved' | 'only'> {
  const objects = saved.actions.map(({object}) => object)
  const named = new Set([...Object.keys(saved.clusters), ...objects.map((object) => object.split('/')[0]!)])
  const missing = [...named].find((cluster) => !clusters.includes(cluster))
  if (missing !== undefined)
    throw new PmpcError('PMPC_UNKNOWN_CLUSTER', `the plan is for cluster ${missing}, which pmpc.yaml does not name`, {
      suggestions: ['pmpc plan'],
    })
  return {clusters: [...named], words: [], saved, only: new Set(objects)}
}

function digestOf(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text
  throw new PmpcError(
    'PMPC_USAGE',
    `--expect takes the digest of a plan, 64 hexadecimal digits, and not ${JSON.stringify(text)}`,
    {
      suggestions: ['pmpc plan --json   # its "digest"'],
    },
  )
}
