import {Args, clusterFlag, meantFlags} from 'pmpc/kit/cli'
import {destroy, type ApplyResult} from 'pmpc/kit/verbs'
import {clustersOf, requireWorkspace} from 'pmpc/kit/workspace'
import {ApplyingCommand, consentFlags} from '../applying.js'
import {meantBy} from '../meant.js'

export default class Destroy extends ApplyingCommand {
  static override readonly effect = 'destroys'
  static override summary = 'Destroy objects, or volumes that no slot holds.'

  static override description = `Says in the manifests that they are to go, shows the plan with all that goes along, asks, and does it; then the manifests go, too.
Guests may be selected as by the other verbs; each whose data goes is named once more, at the question or by --confirm.
Refused is what is protected, locked, or stood on by linked clones. Where it is not agreed to, the working tree is as it was.`

  static override examples = [
    '<%= config.bin %> <%= command.id %> vm/101',
    {
      description: 'In a script, though it runs',
      command: '<%= config.bin %> <%= command.id %> vm/101 --confirm vm/101 --yes',
    },
    {
      description: 'Two of several, in a script',
      command: '<%= config.bin %> <%= command.id %> --tag test --status stopped --confirm vm/901,vm/902',
    },
    {description: 'An unused volume', command: '<%= config.bin %> <%= command.id %> vm/101:unused0'},
  ]

  static override strict = false
  static override args = {
    objects: Args.string({
      description: 'what is to go: vm/101, web01, vm/101:unused0; guests by 100-110, test*, tag:test, too',
    }),
  }

  static override flags = {cluster: clusterFlag, ...meantFlags, ...consentFlags}

  protected override get looks(): string[] {
    return []
  }

  async run(): Promise<ApplyResult> {
    const {argv, flags} = await this.parse(Destroy)
    const workspace = await requireWorkspace(this.folder)
    const clusters = clustersOf(workspace, flags.cluster, 'pmpc destroy')
    const request = {
      ...this.applying(flags),
      clusters,
      meant: meantBy(argv as string[], flags),
      failFast: false,
      resume: false,
    }
    const result = await destroy(workspace, request, this.caller, this.config.version)
    this.tell(result)
    return result
  }
}
