import {Args, BaseCommand, Flags} from 'pmpc/kit/cli'
import {requireWorkspace} from 'pmpc/kit/workspace'
import {forges, writePipelines, type ForgeName, type PipelineFiles} from '../../pipelines.js'

/** What `pmpc ci init --json` prints. */
export type CiInitResult = PipelineFiles

export default class CiInit extends BaseCommand<CiInitResult> {
  static override readonly effect = 'records'
  static override summary = 'Write pipelines that plan on pull requests and watch for drift.'

  static override description = `Writes them into the repository and commits them. They validate and plan on each pull request, with one comment that is kept up to date, and read the clusters on a schedule, with one issue while anything is open.
Which secrets and variables they want: docs/pipelines.md.`

  static override examples = [
    '<%= config.bin %> <%= command.id %> github',
    {description: 'Anew, over what was changed in them', command: '<%= config.bin %> <%= command.id %> gitlab --force'},
  ]

  static override args = {
    forge: Args.string({description: 'where the repository is', options: Object.keys(forges), required: true}),
  }

  static override flags = {
    force: Flags.boolean({summary: 'Write over files that are there with another text.'}),
  }

  async run(): Promise<CiInitResult> {
    const {args, flags} = await this.parse(CiInit)
    const workspace = await requireWorkspace(this.folder)
    const request = {forge: args.forge as ForgeName, force: flags.force, version: this.config.version}
    const result = await writePipelines(workspace, request, this.caller)
    for (const file of result.files) this.say(file)
    this.hint(
      result.commit === null
        ? 'All of it was committed before.'
        : 'Which secrets and variables it wants: docs/pipelines.md',
    )
    return result
  }
}
