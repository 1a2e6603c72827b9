import {Args, askSecret, BaseCommand, clusterFlag, confirm, count, Flags, isTrue, typeToConfirm} from 'pmpc/kit/cli'
import {exitCodes, PmpcError} from 'pmpc/kit/errors'
import {shellWord} from 'pmpc/kit/files'
import {consequences, type Consequence, type Given, type Lacking, type Plan} from 'pmpc/kit/plan'
import {apply, type ApplyRequest, type ApplyResult} from 'pmpc/kit/verbs'
import {clustersNamed, requireWorkspace, type Workspace} from 'pmpc/kit/workspace'
import {loadPlan} from '../plan-file.js'
import {planTextFor} from '../print/text.js'
import {appliedText} from '../print/applied.js'

export default class Apply extends BaseCommand<ApplyResult> {
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
    exclude: Flags.string({
      summary: 'Leave these objects out; may be given more than once.',
      helpValue: 'SELECTOR',
      multiple: true,
    }),
    expect: Flags.string({summary: 'Do nothing unless the plan has this digest.', helpValue: 'SHA256'}),
    yes: Flags.boolean({
      char: 'y',
      summary: 'Agree to all but destroys-data, detaches-data, cuts-network and grants.',
    }),
    allow: Flags.string({
      summary: 'Agree to these classes, each of all objects or of one.',
      helpValue: 'CLASS[:OBJECT],…',
    }),
    confirm: Flags.string({summary: 'Name the objects whose data may be destroyed.', helpValue: 'OBJECT,…'}),
    'fail-fast': Flags.boolean({summary: 'Begin nothing more once something has failed.'}),
    resume: Flags.boolean({summary: 'Go on with the run that was interrupted.'}),
  }

  async run(): Promise<ApplyResult> {
    const {argv, flags} = await this.parse(Apply)
    const workspace = await requireWorkspace(this.folder)
    const words = argv as string[]
    const saved = savedIn(this.folder, words)
    const request: ApplyRequest = {
      ...(saved ? ofSaved(workspace, saved) : {clusters: clustersOf(workspace, flags.cluster), words}),
      exclude: flags.exclude ?? [],
      refresh: false,
      ...(flags.expect !== undefined && {expect: digestOf(flags.expect)}),
      consent: givenBy(flags),
      ...(this.interactive && {
        approve: async (lacking: readonly Lacking[]) => this.approve(lacking),
        askSecret: async (object: string, name: string, variable: string) => this.askSecretOf(object, name, variable),
      }),
      onPlan: (plan) => this.showPlan(plan),
      failFast: flags['fail-fast'],
      resume: flags.resume,
      isPipeline: isTrue(process.env.CI),
      onOutcome: ({object, how, message}) => {
        if (this.progressMode === 'plain')
          this.hint(how === 'done' ? `${object}: done` : `${object}: ${how}: ${message}`)
      },
    }
    const result = await apply(workspace, request, this.caller, this.config.version)
    this.tell(result)
    return result
  }

  private showPlan(plan: Plan): void {
    const {paint, columns: width, verbose} = this
    this.say(planTextFor(plan, {paint, width, verbose}))
  }

  /** Each class is one question; what destroys data is named. */
  private async approve(lacking: readonly Lacking[]): Promise<void> {
    for (const {consequence, objects, named} of lacking) {
      const others = objects.filter((object) => !named.includes(object))
      if (others.length > 0) {
        const message = `${consequence}: ${others.slice(0, 10).join(', ')}${others.length > 10 ? ` and ${others.length - 10} more` : ''}. Go on?`
        if (!(await confirm(this.prompts, {message, flag: `--allow ${consequence}`}))) throw declined(consequence)
      }
      for (const object of named)
        await typeToConfirm(this.prompts, {message: `${consequence}: ${object}.`, flag: '--confirm', expected: object})
    }
  }

  private async askSecretOf(object: string, name: string, variable: string): Promise<string> {
    return askSecret(this.prompts, {message: `${object} ${name} (kept nowhere):`, flag: `${variable}=…`})
  }

  private tell(result: ApplyResult): void {
    for (const warning of result.warnings) this.warnUser(warning)
    this.say(appliedText(result, this.paint))
    const {failed, skipped, unknown} = result
    const next = [...new Set([...unknown, ...failed].flatMap(({suggestions}) => suggestions.slice(0, 1)))]
    for (const suggestion of next.slice(0, 4)) this.hint(suggestion)
    if (result.undecided.length > 0)
      this.hint(`${count(result.undecided.length, 'item')} undecided, and left alone: pmpc status`)
    const isOpen = unknown.length > 0 || [...failed, ...skipped].some(({code}) => code === 'PMPC_INTERRUPTED')
    if (isOpen) this.hint('Go on: pmpc apply --resume')
    if (failed.length + unknown.length + skipped.length > 0) this.setExitCode(exitCodes.failed)
  }
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

/** What flags agree to. @throws PMPC_USAGE for a class that is none */
function givenBy({yes, allow, confirm}: {yes: boolean; allow: string | undefined; confirm: string | undefined}): Given {
  return {
    yes,
    allow: wordsIn(allow).map((word) => {
      const [name, object] = word.split(/:(.*)/s, 2)
      const consequence = consequences.find((each) => each === name)
      if (!consequence)
        throw new PmpcError(
          'PMPC_USAGE',
          `--allow takes classes, and ${JSON.stringify(name)} is none: ${consequences.join(', ')}`,
          {
            suggestions: ['pmpc plan   # tells which are needed'],
          },
        )
      return {consequence, ...(object !== undefined && {object})}
    }),
    confirm: wordsIn(confirm),
  }
}

const wordsIn = (text = ''): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')

function declined(consequence: Consequence): PmpcError {
  return new PmpcError('PMPC_NOT_CONFIRMED', `Nothing was done: ${consequence} was not agreed to.`, {
    suggestions: ['pmpc plan', `pmpc apply --exclude ${shellWord('OBJECT')}`],
  })
}

function clustersOf({clusters}: Workspace, named: string[] | undefined): string[] {
  if (clusters.length > 0) return clustersNamed(clusters, named, 'pmpc apply')
  throw new PmpcError('PMPC_UNKNOWN_CLUSTER', 'pmpc.yaml names no cluster', {suggestions: ['pmpc init']})
}
