import {Args, BaseCommand, count, Flags} from 'pmpc/kit/cli'
import {exitCodes} from 'pmpc/kit/errors'
import {validate, type Finding, type Validation} from 'pmpc/kit/validation'
import {formats, printFindings} from '../formats.js'

/** What `pmpc validate --json` prints. */
export interface ValidateResult {
  problems: Finding[]
}

export default class Validate extends BaseCommand<ValidateResult> {
  static override readonly effect = 'reads'
  static override summary = 'Check pmpc.yaml and the manifests; no cluster is asked.'

  static override description = `Holds them against each other, against what Proxmox VE takes, and against what the last sync recorded, and tells all that is wrong with line and column.
Exits with 1 where anything cannot be so; what is only odd is a warning, and changes nothing.`

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {description: 'Only what one folder declares', command: '<%= config.bin %> <%= command.id %> infra/home/vm'},
    {
      description: 'Marks beside the lines of a pull request',
      command: '<%= config.bin %> <%= command.id %> --format github',
    },
  ]

  static override strict = false

  static override args = {
    paths: Args.string({description: 'files and folders of the workspace; all of it unless given'}),
  }

  static override flags = {
    format: Flags.option({options: formats, summary: 'Print it for a program.', exclusive: ['json']})(),
  }

  async run(): Promise<ValidateResult> {
    const {argv, flags} = await this.parse(Validate)
    const validation = await validate(this.folder, argv as string[])
    const {problems} = validation
    if (flags.format) this.say(printFindings[flags.format](inRepository(validation)))
    else this.tell(validation)
    if (problems.some(({severity}) => severity === 'error')) this.setExitCode(exitCodes.failed)
    return {problems}
  }

  private tell({problems, files, objects}: Validation): void {
    for (const {file, line, column, severity, message} of problems)
      this.say(
        `${this.paint('bold', `${file}:${line}:${column}:`)} ${this.paint(severity === 'error' ? 'red' : 'yellow', severity)}: ${message}`,
      )
    const sum = (wanted: Finding['severity']): number => problems.filter(({severity}) => severity === wanted).length
    const found = `${count(sum('error'), 'error')}, ${count(sum('warning'), 'warning')}`
    this.say(
      `${count(objects, 'object')} in ${count(files, 'file')}: ${problems.length === 0 ? 'all is well' : found}.`,
    )
  }
}

/** As the repository calls the files. */
function inRepository({problems, prefix}: Validation): Finding[] {
  return problems.map((problem) => ({...problem, file: prefix + problem.file}))
}
