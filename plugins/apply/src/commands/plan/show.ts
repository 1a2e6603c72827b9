import {Args, BaseCommand, Flags} from 'pmpc/kit/cli'
import type {Plan} from 'pmpc/kit/plan'
import {loadPlan} from '../../plan-file.js'
import {planMarkdown} from '../../print/markdown.js'
import {planTextFor} from '../../print/text.js'

export default class PlanShow extends BaseCommand<Plan> {
  static override readonly effect = 'reads'
  static override summary = 'Show a plan that was saved with pmpc plan --out.'
  static override description =
    'Asks no cluster, and needs no workspace: what is shown is what the plan was when it was made.'
  static override examples = [
    '<%= config.bin %> plan show .pmpc/local/plans/plan.json',
    {description: 'With the requests', command: '<%= config.bin %> plan show plan.json --verbose'},
    {description: 'For a comment on a pull request', command: '<%= config.bin %> plan show plan.json --markdown'},
  ]

  static override args = {file: Args.string({description: 'a file that pmpc plan --out wrote', required: true})}
  static override flags = {
    markdown: Flags.boolean({summary: 'Print it as a comment for a pull request.', exclusive: ['json']}),
  }

  async run(): Promise<Plan> {
    const {args, flags} = await this.parse(PlanShow)
    const plan = loadPlan(this.folder, args.file)
    const {paint, columns: width, verbose} = this
    this.say(flags.markdown ? planMarkdown(plan, {verbose}).trimEnd() : planTextFor(plan, {paint, width, verbose}))
    return plan
  }
}
