import {Args, BaseCommand, clusterFlag, Flags} from 'pmpc/kit/cli'
import {exitCodes} from 'pmpc/kit/errors'
import {shellWord} from 'pmpc/kit/files'
import type {Plan} from 'pmpc/kit/plan'
import {plan} from 'pmpc/kit/verbs'
import {clustersOf, requireWorkspace} from 'pmpc/kit/workspace'
import {planFolder} from '../../plan-file.js'
import {planTextFor} from '../../print/text.js'
import {excludeFlag} from '../../selection.js'

export default class PlanCommand extends BaseCommand<Plan> {
  static override readonly effect = 'records'
  static override summary = 'Show what an apply would do, and what it would cost; nothing is sent.'

  static override description = `Compares what manifests wish with what the clusters are now, and tells each request that would bring them nearer: what it does, what needs consent, and what stands in its way.
Only what somebody wishes otherwise is read. What nobody has decided is listed and left alone: pmpc status.
Objects are selected by id or name (vm/100, web01), glob (web*), range of VMIDs (100-110), kind (vms), tag:TAG, pool:POOL and node:NODE.`

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {description: 'Some objects only', command: '<%= config.bin %> <%= command.id %> tag:web storages --exclude web03'},
    {description: 'With the requests as they would be sent', command: '<%= config.bin %> <%= command.id %> --verbose'},
    {
      description: 'Keep it, and comment on a pull request',
      command: '<%= config.bin %> <%= command.id %> --out plan.json --markdown',
    },
    {
      description: 'Exit with 2 while there is anything to do',
      command: '<%= config.bin %> <%= command.id %> --detailed-exitcode',
    },
  ]

  static override strict = false
  static override args = {
    selectors: Args.string({
      description: 'what to plan: vm/100, web*, 100-110, vms, tag:web, pool:shop, node:pve1; all unless given',
    }),
  }

  static override flags = {
    cluster: clusterFlag,
    exclude: excludeFlag,
    refresh: Flags.boolean({summary: 'Read all of the cluster, and not only what somebody wishes otherwise.'}),
    out: Flags.string({summary: 'Save the plan in this file, for its owner alone.', helpValue: 'FILE'}),
    markdown: Flags.boolean({summary: 'Print it as a comment for a pull request.', exclusive: ['json']}),
    'detailed-exitcode': Flags.boolean({summary: 'Exit with 2 while there is anything to do, or undecided.'}),
  }

  async run(): Promise<Plan> {
    const {argv, flags} = await this.parse(PlanCommand)
    const workspace = await requireWorkspace(this.folder)
    // Loaded where it is needed: most often there is nothing to do, and that is told without all this.
    const {planFileAt, savePlan} = flags.out === undefined ? {} : await import('../../plan-file.js')
    const file = planFileAt?.(workspace.root, this.folder, flags.out!)
    const request = {
      clusters: clustersOf(workspace, flags.cluster, 'pmpc plan'),
      words: argv as string[],
      exclude: flags.exclude ?? [],
      refresh: flags.refresh,
    }
    const made = await plan(workspace, request, this.caller, this.config.version)
    if (file) savePlan!(workspace.root, file, made)
    this.say(await this.textOf(made, flags.markdown))
    this.advise(made, flags.out)
    this.setExitCode(exitCodeOf(made, flags['detailed-exitcode']))
    return made
  }

  private async textOf(made: Plan, isMarkdown: boolean): Promise<string> {
    const {paint, columns: width, verbose} = this
    if (!isMarkdown) return planTextFor(made, {paint, width, verbose})
    const {planMarkdown} = await import('../../print/markdown.js')
    return planMarkdown(made, {verbose}).trimEnd()
  }

  /** What to type next. */
  private advise({actions, undecided, checks}: Plan, out: string | undefined): void {
    if (undecided.length > 0) this.hint('Decide what is undecided: pmpc status')
    const failed = [...new Set(checks.flatMap(({object, severity}) => (severity === 'error' ? [object] : [])))]
    if (failed.length > 0) return this.hint(`Without what failed: pmpc plan ${excluding(failed)}`)
    if (out !== undefined) return this.hint(`Saved. Show it again: pmpc plan show ${shellWord(out)}`)
    if (actions.length === 0) return
    const more = this.verbose ? '' : 'See the requests: pmpc plan --verbose. '
    this.hint(`${more}Save it: pmpc plan --out ${planFolder}/plan.json`)
  }
}

/** How many objects a hint names. */
const mostNamed = 4

function excluding(objects: readonly string[]): string {
  const named = objects.length > mostNamed ? ['OBJECT'] : objects
  return named.map((object) => `--exclude ${shellWord(object)}`).join(' ')
}

function exitCodeOf({actions, undecided, checks}: Plan, isDetailed: boolean): number {
  if (checks.some(({severity}) => severity === 'error')) return exitCodes.failed
  return isDetailed && actions.length + undecided.length > 0 ? exitCodes.differs : exitCodes.ok
}
