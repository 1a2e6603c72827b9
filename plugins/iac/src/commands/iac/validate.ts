import {BaseCommand, count} from 'pmpc/kit/cli'
import {exitCodes} from 'pmpc/kit/errors'
import {requireWorkspace} from 'pmpc/kit/workspace'
import {pluginDirExample, pluginDirFlag, pluginDirIn} from '../../plugin-dir.js'
import {validateCode, type ValidateCodeResult} from '../../validate/validate.js'
import type {Check} from '../../validate/checks.js'

export type {ValidateCodeResult}

const colors = {passed: 'green', failed: 'red', absent: 'yellow'} as const

export default class IacValidate extends BaseCommand<ValidateCodeResult> {
  static override readonly effect = 'reads'
  static override summary = 'Check the code in iac/ with the tools that are installed; no cluster is asked.'

  static override description = `The syntax of HCL and YAML needs no tool. terraform or tofu (fmt, validate), ansible-lint, ansible-inventory and ansible-playbook --syntax-check are used where they are on PATH, and named where they are not.
Exits with 1 where a check failed.`

  static override examples = ['<%= config.bin %> <%= command.id %>', pluginDirExample]

  static override flags = {
    'plugin-dir': pluginDirFlag,
  }

  async run(): Promise<ValidateCodeResult> {
    const {flags} = await this.parse(IacValidate)
    const workspace = await requireWorkspace(this.folder)
    const pluginDir = pluginDirIn(this.folder, flags['plugin-dir'])
    const result = await validateCode(workspace, {pluginDir}, this.caller)
    this.tell(result.checks)
    if (result.checks.some((check) => check.result === 'failed')) this.setExitCode(exitCodes.failed)
    return result
  }

  private tell(checks: readonly Check[]): void {
    for (const {findings} of checks)
      for (const {file, line, message} of findings)
        this.say(
          `${this.paint('bold', `${file}${line === null ? '' : `:${line}`}:`)} ${this.paint('red', 'error')}: ${message}`,
        )
    this.printTable(checks, [
      {header: 'TOOL', value: ({tool}) => tool, keep: true},
      {header: 'RESULT', value: ({result}) => result, color: ({result}) => colors[result]},
      {header: '', value: ({why, findings}) => why ?? (findings.length === 0 ? '' : count(findings.length, 'finding'))},
    ])
  }
}
