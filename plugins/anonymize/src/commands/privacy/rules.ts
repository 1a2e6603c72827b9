import {BaseCommand} from 'pmpc/kit/cli'
import {listedRules, type ListedRule} from '../../run/privacy.js'

/** What `pmpc privacy rules --json` prints. */
export interface PrivacyRulesResult {
  /** null: there is none. */
  path: string | null
  rules: ListedRule[]
}

export default class PrivacyRules extends BaseCommand<PrivacyRulesResult> {
  static override readonly effect = 'reads'
  static override summary = 'Check and list the rules of the workspace, in .pmpc/privacy.yaml.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json']

  async run(): Promise<PrivacyRulesResult> {
    await this.parse(PrivacyRules)
    const result = listedRules(this.folder)
    if (result.rules.length === 0) this.say('There are no rules but the usual ones.')
    else
      this.printTable(result.rules, [
        {header: 'RULE', value: ({rule}) => rule, keep: true},
        {header: 'KIND', value: ({kind}) => kind ?? ''},
        {header: 'TEXT', value: ({text}) => text},
      ])
    this.hint('Add one: pmpc privacy set --block TEXT')
    return result
  }
}
