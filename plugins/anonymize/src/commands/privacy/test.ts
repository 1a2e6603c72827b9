import {Args, BaseCommand, Flags} from 'pmpc/kit/cli'
import {tryRules, type Tried} from '../../run/privacy.js'

/** What `pmpc privacy test --json` prints. */
export type PrivacyTestResult = Tried

export default class PrivacyTest extends BaseCommand<PrivacyTestResult> {
  static override readonly effect = 'reads'
  static override summary = 'Try the rules on a text: what it becomes, and what each find is. Nothing is kept.'
  static override description =
    'The text comes from a file or standard input and not from the command line, which others can see and shells remember.'

  static override examples = [
    '<%= config.bin %> <%= command.id %> ticket.txt',
    'echo "Contoso 10.1.2.3" | <%= config.bin %> <%= command.id %>',
  ]

  static override args = {input: Args.string({description: 'a file; standard input unless given', default: '-'})}

  static override flags = {strict: Flags.boolean({summary: 'Replace what only looks like a secret as well.'})}

  async run(): Promise<PrivacyTestResult> {
    const {args, flags} = await this.parse(PrivacyTest)
    const tried = await tryRules({folder: this.folder, input: args.input, strict: flags.strict}, this.caller)
    this.say(tried.text.replace(/\n$/, ''))
    for (const {line, column, kind, confidence} of tried.found)
      this.hint(`${line}:${column} ${kind}${confidence === 'likely' ? ' (likely)' : ''}`)
    if (tried.found.length === 0) this.hint('Nothing was found that tells of anybody.')
    return tried
  }
}
