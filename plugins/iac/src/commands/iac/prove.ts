import {BaseCommand, count, Flags} from 'pmpc/kit/cli'
import {exitCodes} from 'pmpc/kit/errors'
import {requireWorkspace} from 'pmpc/kit/workspace'
import {pluginDirExample, pluginDirFlag, pluginDirIn} from '../../plugin-dir.js'
import {holds, prove, type ProveResult, type Residual} from '../../prove/prove.js'

export type {ProveResult}

/** How many attributes are told to people; `--json` tells all. */
const told = 50

export default class IacProve extends BaseCommand<ProveResult> {
  static override readonly effect = 'records'
  static override summary = 'Prove that the generated Terraform code imports what is there without a change.'

  static override description = `Runs terraform or tofu in a folder of its own, with the real provider, and reads its plan: every import must leave its object as it is, and there must be nothing else to do.
The provider asks the cluster through pmpc, which lets reads pass and nothing else; it gets no credential of yours. Exits with 1 where the plan would change anything.`

  static override examples = ['<%= config.bin %> <%= command.id %>', pluginDirExample]

  static override flags = {
    'plugin-dir': pluginDirFlag,
    commit: Flags.boolean({summary: 'Record the proof in iac/proof.json, and commit it.'}),
  }

  async run(): Promise<ProveResult> {
    const {flags} = await this.parse(IacProve)
    const workspace = await requireWorkspace(this.folder)
    const pluginDir = pluginDirIn(this.folder, flags['plugin-dir'])
    const result = await prove(workspace, {pluginDir, commit: flags.commit}, this.caller)
    for (const warning of result.warnings) this.warnUser(warning)
    this.tell(result)
    if (!holds(result)) this.setExitCode(exitCodes.failed)
    return result
  }

  private tell(result: ProveResult): void {
    const {imports, noop, residual, program, requests} = result
    for (const one of residual.slice(0, told)) this.say(this.lineOf(one))
    if (residual.length > told) this.say(`and ${count(residual.length - told, 'more attribute')}: --json`)
    const sum = `${noop} of ${count(imports, 'import')} change nothing`
    this.say(
      `${holds(result) ? this.paint('green', 'proved') : this.paint('red', 'not proved')}: ${sum} (${program}, ${count(requests, 'read')}).`,
    )
    if (!holds(result)) this.hint('What was recorded may be behind: pmpc sync && pmpc iac generate')
  }

  private lineOf({object, attribute, before, after, manifest}: Residual): string {
    const where = manifest === null ? '' : ` (${manifest})`
    const what = attribute === '' ? String(after) : `${attribute}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`
    return `${this.paint('red', '~')} ${object} ${what}${where}`
  }
}
