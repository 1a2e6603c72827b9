import {Args, clusterFlag} from 'pmpc/kit/cli'
import {destroy, type ApplyResult} from 'pmpc/kit/verbs'
import {clustersOf, requireWorkspace} from 'pmpc/kit/workspace'
import {ApplyingCommand, consentFlags} from '../applying.js'

export default class Destroy extends ApplyingCommand {
  static override readonly effect = 'destroys'
  static override summary = 'Destroy objects, or volumes that no slot holds.'

  static override description = `Says in the manifests that they are to go, shows the plan with all that goes along, asks, and does it; then the manifests go, too.
Refused is what is protected, locked, or stood on by linked clones. Where it is not agreed to, the working tree is as it was.`

  static override examples = [
    '<%= config.bin %> <%= command.id %> vm/101',
    {
      description: 'In a script, though it runs',
      command: '<%= config.bin %> <%= command.id %> vm/101 --confirm vm/101 --yes',
    },
    {description: 'An unused volume', command: '<%= config.bin %> <%= command.id %> vm/101:unused0'},
  ]

  static override strict = false
  static override args = {
    objects: Args.string({description: 'what is to go: vm/101, web01, vm/101:unused0', required: true}),
  }

  static override flags = {cluster: clusterFlag, ...consentFlags}

  protected override get looks(): string[] {
    return []
  }

  async run(): Promise<ApplyResult> {
    const {argv, flags} = await this.parse(Destroy)
    const workspace = await requireWorkspace(this.folder)
    const clusters = clustersOf(workspace, flags.cluster, 'pmpc destroy')
    const request = {...this.applying(flags), clusters, words: argv as string[], failFast: false, resume: false}
    const result = await destroy(workspace, request, this.caller, this.config.version)
    this.tell(result)
    return result
  }
}
