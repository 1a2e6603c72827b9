import {BaseCommand, count, Flags} from 'pmpc/kit/cli'
import {exitCodes, PmpcError} from 'pmpc/kit/errors'
import {requireWorkspace} from 'pmpc/kit/workspace'
import {generate, wouldGenerate, type GenerateResult, type Generation} from '../../generate.js'
import {targetNames, type TargetName, type VerdictWord} from '../../generated.js'
import {differences} from '../../differences.js'

export type {GenerateResult}

export default class IacGenerate extends BaseCommand<GenerateResult> {
  static override readonly effect = 'records'
  static override summary = 'Write Terraform, Ansible and tests from what was recorded.'

  static override description = `Writes them into iac/ and commits them: what is there already, as code that imports without a change. Files of yours beside them are never touched.
What became of each key, and which objects are not safe to edit with Terraform: iac/COVERAGE.md. Whether it is right: pmpc iac prove.`

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {description: 'Only the inventory and playbooks', command: '<%= config.bin %> <%= command.id %> --target ansible'},
    {description: 'What would be otherwise', command: '<%= config.bin %> <%= command.id %> --dry-run'},
    {
      description: 'In a pipeline: fails where the code is behind',
      command: '<%= config.bin %> <%= command.id %> --check',
    },
  ]

  static override flags = {
    target: Flags.option({
      options: [...targetNames, 'all'] as const,
      summary: 'Write only this; may be given more than once.',
      multiple: true,
      multipleNonGreedy: true,
    })(),
    provider: Flags.option({
      options: ['bpg', 'telmate'] as const,
      summary: 'Write Terraform for this provider; telmate is a best effort without proof, into iac/terraform-telmate.',
      default: 'bpg',
    })(),
    only: Flags.string({
      summary: 'Write only the files of these objects; may be given more than once.',
      helpValue: 'SELECTOR',
      multiple: true,
      multipleNonGreedy: true,
    }),
    terratest: Flags.boolean({
      summary: 'Write tests for Terratest, in Go, too; once written they are kept up to date.',
    }),
    'dry-run': Flags.boolean({summary: 'Show what would be otherwise; write nothing.', exclusive: ['check']}),
    check: Flags.boolean({summary: 'Exit with 1 where a file would be otherwise; write nothing.'}),
    force: Flags.boolean({summary: 'Write over generated files that were edited and not committed.'}),
  }

  async run(): Promise<GenerateResult> {
    const {flags} = await this.parse(IacGenerate)
    const workspace = await requireWorkspace(this.folder)
    const {only = [], force, provider, target, terratest} = flags
    if (provider === 'telmate' && target && !wantedTargets(target).includes('terraform')) throw noTelmate(target)
    const request = {targets: wantedTargets(target), provider, only, force, terratest}
    const isDry = flags['dry-run'] || flags.check
    const generation = isDry ? await wouldGenerate(workspace, request) : await generate(workspace, request, this.caller)
    if (flags['dry-run'] && generation.changes.length > 0) this.say(await differences(generation.changes))
    this.tell(generation, isDry)
    for (const one of generation.left) this.warnUser(one)
    if ((flags.check && generation.changes.length > 0) || generation.left.length > 0) this.setExitCode(exitCodes.failed)
    return generation.result
  }

  private tell({changes, imports, result: {written, removed, verdicts, coverage}}: Generation, isDry: boolean): void {
    const of = (word: VerdictWord) => verdicts.filter(({verdict}) => verdict === word)
    for (const {object, verdict, why, change} of [...of('unmanageable'), ...of('unsafe')]) {
      this.say(`${this.paint(verdict === 'unsafe' ? 'yellow' : 'red', verdict)} ${object}: ${why}`)
      if (change !== null) this.hint(change)
    }
    const verb = isDry ? 'would be written' : 'written'
    this.say(`${count(written.length, 'file')} ${verb}, ${removed.length} removed.`)
    if (verdicts.length > 0)
      this.say(
        `${count(verdicts.length, 'object')}: ${of('safe').length} safe, ${of('unsafe').length} unsafe to edit, ${of('unmanageable').length} not manageable. ` +
          `${count(coverage.mapped, 'key')} in the code, ${coverage.inexpressible} inexpressible, ${coverage.leftOut} left out: iac/COVERAGE.md`,
      )
    if (imports.objects > 0)
      this.say(
        `${count(imports.resources, 'import')}, of ${count(imports.objects, 'object')}: some are several resources, and what every cluster has from the beginning is none.`,
      )
    if (changes.length > 0 && verdicts.length > 0)
      this.hint(isDry ? 'Write it: pmpc iac generate' : 'See whether it is right: pmpc iac prove')
  }
}

function noTelmate(target: readonly string[]): PmpcError {
  const message = `--provider telmate is Terraform, and --target ${target.join(' and ')} is not`
  return new PmpcError('PMPC_USAGE', message, {
    suggestions: ['pmpc iac generate --provider telmate', `pmpc iac generate --target ${target[0]}`],
    data: {},
  })
}

function wantedTargets(words: readonly string[] | undefined): TargetName[] {
  return targetNames.filter((name) => !words || words.includes('all') || words.includes(name))
}
