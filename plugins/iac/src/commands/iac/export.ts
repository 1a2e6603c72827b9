import {BaseCommand, count, Flags} from 'pmpc/kit/cli'
import {exitCodes} from 'pmpc/kit/errors'
import {requireWorkspace} from 'pmpc/kit/workspace'
import {differences} from '../../differences.js'
import {exportTo, wouldExport, type Exported, type ExportResult} from '../../export/export.js'

export type {ExportResult}

export default class IacExport extends BaseCommand<ExportResult> {
  static override readonly effect = 'records'
  static override summary = 'Write code that makes what was recorded in another cluster.'

  static override description = `Terraform that creates and imports nothing, and an inventory of Ansible, with the names that nodes, storages, bridges and guests have there.
The file of --map says which; a name that is used and not in it is an error that says what to add.`

  static override examples = [
    '<%= config.bin %> <%= command.id %> --map lab.yaml',
    {description: 'What would be written', command: '<%= config.bin %> <%= command.id %> --map lab.yaml --dry-run'},
    {
      description: 'Into a folder of its own',
      command: '<%= config.bin %> <%= command.id %> --map lab.yaml -o code/lab',
    },
  ]

  static override flags = {
    map: Flags.string({summary: 'How things are called in the other cluster.', helpValue: 'FILE', required: true}),
    dir: Flags.string({
      char: 'o',
      summary: 'Write it there, in the workspace; iac/export/CLUSTER unless given.',
      helpValue: 'DIR',
    }),
    'dry-run': Flags.boolean({summary: 'Show what would be otherwise; write nothing.'}),
    force: Flags.boolean({summary: 'Write over generated files that were edited and not committed.'}),
  }

  async run(): Promise<ExportResult> {
    const {flags} = await this.parse(IacExport)
    const workspace = await requireWorkspace(this.folder)
    const {map, dir: output, force, 'dry-run': isDry} = flags
    const request = {map, from: this.folder, ...(output !== undefined && {output}), force}
    const made = isDry ? await wouldExport(workspace, request) : await exportTo(workspace, request, this.caller)
    if (isDry && made.changes.length > 0) this.say(await differences(made.changes))
    this.tell(made, isDry)
    for (const one of made.left) this.warnUser(one)
    if (made.left.length > 0) this.setExitCode(exitCodes.failed)
    return made.result
  }

  private tell({folder, cluster, result: {written, removed, leftOut}}: Exported, isDry: boolean): void {
    const verb = isDry ? 'would be written' : 'written'
    this.say(`${count(written.length, 'file')} ${verb} for ${cluster}, ${removed.length} removed.`)
    if (leftOut.length > 0) this.say(`${count(leftOut.length, 'object')} left out: ${folder}/README.md says why.`)
    if (!isDry) this.hint(`See what it would make: cd ${folder}/terraform && tofu init && tofu plan`)
  }
}
