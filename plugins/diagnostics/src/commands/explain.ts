import type {Match} from 'pmpc/kit/catalogue'
import {Args, BaseCommand} from 'pmpc/kit/cli'
import {exitCodes, PmpcError} from 'pmpc/kit/errors'
import {text as readAll} from 'node:stream/consumers'
import {explain, type ExplainResult} from '../explain/explain.js'

export type {ExplainResult}

export default class Explain extends BaseCommand<ExplainResult> {
  static override readonly effect = 'reads'
  static override summary = 'Tell what an error means, why it happens and what to type.'

  static override description = `Takes the text of an error of Proxmox VE, Terraform, Ansible, Git or TLS, as long as it is, or the code of one: PVE-LOCK-001, or PMPC_… of pmpc's own. No cluster is asked.
Exits with 1 where nothing in the catalogue fits. docs/explain.md lists it.`

  static override examples = [
    '<%= config.bin %> <%= command.id %> "VM is locked (backup)"',
    '<%= config.bin %> <%= command.id %> PVE-LOCK-001',
    'terraform apply 2>&1 | <%= config.bin %> <%= command.id %> -',
  ]

  static override args = {
    text: Args.string({description: 'the text of an error, its code, or - for standard input', required: true}),
  }

  /** An error that was typed without quotes is one text. */
  static override strict = false

  async run(): Promise<ExplainResult> {
    const {argv} = await this.parse(Explain)
    const typed = (argv as string[]).join(' ')
    const result = explain(typed === '-' ? await this.piped() : typed, this.config.root)
    for (const match of result.matches) this.tell(match)
    if (result.matches.length === 0) {
      this.say('Nothing in the catalogue fits that text.')
      this.hint('Ask somebody: pmpc report-issue -o report.tar.gz')
      this.setExitCode(exitCodes.failed)
    }
    return result
  }

  private async piped(): Promise<string> {
    if (process.stdin.isTTY)
      throw new PmpcError('PMPC_USAGE', '- reads the error from standard input, and nothing is piped there', {
        suggestions: ['terraform apply 2>&1 | pmpc explain -'],
      })
    return readAll(process.stdin)
  }

  private tell({id, source, meaning, causes, steps, docs}: Match): void {
    const list = (lines: readonly string[]): void => {
      for (const line of lines) this.say(`  ${line}`)
    }
    this.say(`${this.paint('bold', id)} (${source}): ${meaning}`)
    if (causes.length > 0) this.say('Why:')
    list(causes)
    this.say('What to do:')
    list(steps)
    this.say(this.paint('dim', `More: ${docs}`))
    this.say()
  }
}
