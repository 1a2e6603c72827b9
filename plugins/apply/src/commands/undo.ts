import {Args} from 'pmpc/kit/cli'
import {leftText, undo, type ApplyResult} from 'pmpc/kit/verbs'
import {requireWorkspace} from 'pmpc/kit/workspace'
import {ApplyingCommand, consentFlags} from '../applying.js'

export default class Undo extends ApplyingCommand {
  static override readonly effect = 'destroys'
  static override summary = 'Turn round what an apply has done.'

  static override description = `Makes what was recorded before the run what the manifests wish, shows the plan, asks, and does it; what the run made is destroyed.
What cannot come back (growth, destroyed data, secrets) and what was changed since is told first, and stays. An undo can be undone.`

  static override examples = [
    {description: 'The last apply', command: '<%= config.bin %> <%= command.id %>'},
    {description: 'One of its commits', command: '<%= config.bin %> <%= command.id %> HEAD~3 --yes'},
  ]

  static override args = {
    run: Args.string({description: 'a run (Pmpc-Run), or a commit of one; the last apply unless given'}),
  }

  static override flags = {...consentFlags}

  protected override get looks(): string[] {
    return []
  }

  async run(): Promise<ApplyResult> {
    const {args, flags} = await this.parse(Undo)
    const workspace = await requireWorkspace(this.folder)
    const request = {
      ...this.applying(flags),
      of: args.run,
      failFast: false,
      resume: false,
      onLeftOut: (left: Parameters<typeof leftText>[0][]) => left.forEach((each) => this.say(leftText(each))),
    }
    const result = await undo(workspace, request, this.caller, this.config.version)
    this.tell(result)
    return result
  }
}
