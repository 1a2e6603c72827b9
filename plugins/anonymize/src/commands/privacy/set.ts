import {Args, BaseCommand, Flags} from 'pmpc/kit/cli'
import {PmpcError} from 'pmpc/kit/errors'
import {setRules} from '../../run/privacy.js'
import {KINDS} from '../../rules/rules.js'

/** What `pmpc privacy set --json` prints. */
export interface PrivacySetResult {
  path: string
  changed: boolean
}

const several = {multiple: true, multipleNonGreedy: true} as const

export default class PrivacySet extends BaseCommand<PrivacySetResult> {
  static override readonly effect = 'records'
  static override strict = false
  static override summary = 'Change the rules of the workspace: what stays, what goes, and how.'
  static override description = `Settings: notes=scan|drop, vendors=keep|hide, unknown=keep|hide, strict=true|false. Patterns of your own are written into .pmpc/privacy.yaml by hand.
The file belongs into Git; it is not committed by this.`

  static override examples = [
    '<%= config.bin %> <%= command.id %> strict=true notes=drop',
    '<%= config.bin %> <%= command.id %> --block "Contoso Ltd" --kind name',
    '<%= config.bin %> <%= command.id %> --allow example-host',
  ]

  static override args = {settings: Args.string({description: 'such as strict=true; several may be given'})}

  static override flags = {
    allow: Flags.string({summary: 'This text stays.', helpValue: 'TEXT', ...several}),
    block: Flags.string({summary: 'This text goes, wherever it stands.', helpValue: 'TEXT', ...several}),
    kind: Flags.string({summary: 'What the text that goes is.', options: [...KINDS], dependsOn: ['block']}),
    remove: Flags.string({
      summary: 'Take a rule away: its text, or the id of a pattern.',
      helpValue: 'RULE',
      ...several,
    }),
  }

  async run(): Promise<PrivacySetResult> {
    const {argv, flags} = await this.parse(PrivacySet)
    const {allow = [], block = [], remove = []} = flags
    const settings = argv as string[]
    if (settings.length + allow.length + block.length + remove.length === 0)
      throw new PmpcError('PMPC_USAGE', 'nothing to set was named', {
        suggestions: ['pmpc privacy set strict=true', 'pmpc privacy set --help'],
      })
    const kind = KINDS.find((one) => one === flags.kind)
    const result = setRules(this.folder, {settings, allow, block, remove, kind})
    this.say(result.changed ? `Wrote ${result.path}.` : `${result.path} says so already.`)
    if (result.changed) this.hint(`Commit it: git add ${result.path}`)
    return result
  }
}
