import {Args, clusterFlag, count, Flags, meantFlags} from 'pmpc/kit/cli'
import {PmpcError} from 'pmpc/kit/errors'
import {differenceAt} from 'pmpc/kit/state'
import {assignmentsIn, isFiltered, setFields, type SetOutcome, type SetResult} from 'pmpc/kit/verbs'
import {clustersOf, requireWorkspace} from 'pmpc/kit/workspace'
import {DeclaringCommand, declaringFlags} from '../declaring.js'
import {meantBy} from '../meant.js'

/** How many changed fields are told without --verbose. */
const mostLines = 20

export default class SetFields extends DeclaringCommand<SetResult> {
  static override readonly effect = 'destroys'
  static override summary = 'Set fields in the manifests of objects, and commit that.'

  static override description = `FIELD is a key of Proxmox VE's (memory, net0), a part of one (net0.bridge), or pool, power, placement.node; VALUE is what Proxmox VE itself takes.
Of a set +WORD puts in and -WORD takes out: tags=+web,-old. Comments, order and all else in the files stay, and so does what you have edited or staged. What cannot be is told by object, and then nothing is written.`

  static override examples = [
    '<%= config.bin %> <%= command.id %> vm/100 memory=4096 tags=+web',
    {
      description: 'Several objects at once',
      command: '<%= config.bin %> <%= command.id %> tag:test net0.bridge=vmbr1 --unset net0.tag',
    },
    {
      description: 'And apply it at once',
      command: '<%= config.bin %> <%= command.id %> web01 cores=4 --apply --allow restart',
    },
  ]

  static override strict = false
  static override args = {
    selectors: Args.string({
      description: 'vm/100, web01, web*, 100-110, vms, tag:web: as of pmpc plan',
    }),
    fields: Args.string({description: 'what is set: memory=4096 net0.bridge=vmbr1 tags=+web'}),
  }

  static override flags = {
    cluster: clusterFlag,
    ...meantFlags,
    unset: Flags.string({
      summary: 'Take a field out; may be given more than once.',
      helpValue: 'FIELD',
      multiple: true,
      multipleNonGreedy: true,
    }),
    ...declaringFlags,
  }

  async run(): Promise<SetResult> {
    const {argv, flags} = await this.parse(SetFields)
    const {others: words, assignments} = assignmentsIn(argv as string[])
    const all = [...assignments, ...(flags.unset ?? []).map((name) => ({name}))]
    const meant = meantBy(words, flags)
    if (words.length === 0 && !isFiltered(meant)) throw nothingNamed(argv as string[])
    if (all.length === 0) throw nothingSet(words)
    const workspace = await requireWorkspace(this.folder)
    const clusters = clustersOf(workspace, flags.cluster, 'pmpc set')
    const request = {
      clusters,
      meant,
      assignments: all,
      ...this.declaring(flags),
      onDeclared: (outcome: SetOutcome) => this.tellSet(outcome, flags.apply),
    }
    const {result} = await setFields(workspace, request, this.caller, this.config.version)
    if (result.applied) this.tell(result.applied)
    return result
  }

  private tellSet({result, fields, same, left, warnings}: SetOutcome, isApplied: boolean): void {
    const lines = fields.flatMap(({object, field, from, to}) => differenceAt(`${object} ${field}:`, from, to))
    const shown = this.verbose ? lines : lines.slice(0, mostLines)
    for (const line of shown) this.say(line)
    if (lines.length > shown.length) this.say(`… and ${lines.length - shown.length} more: --verbose`)
    if (same.length > 0) this.say(`${same.length === 1 ? same[0] : count(same.length, 'object')}: nothing to change.`)
    if (left.length > 0)
      this.hint(`Left alone, as no manifest declares it: ${left.slice(0, 4).join(', ')}${left.length > 4 ? ', …' : ''}`)
    const {changed} = result
    const objects = changed.map(({object}) => object)
    this.tellDeclared(result, {objects, files: changed.map(({file}) => file), warnings, isApplied})
  }
}

function nothingNamed(words: readonly string[]): PmpcError {
  return new PmpcError('PMPC_USAGE', 'no object is named', {
    suggestions: [`pmpc set vm/100 ${words.join(' ')}`, 'pmpc get guests'],
  })
}

function nothingSet(words: readonly string[]): PmpcError {
  const [field] = words.filter((word) => /^[a-z]+\d*(?:\.[a-z]+)?$/.test(word)).slice(1)
  return new PmpcError(
    'PMPC_USAGE',
    `nothing is set: what it is to be stands behind a =, as in ${field ?? 'memory'}=4096`,
    {
      suggestions: [`pmpc set ${words[0] ?? 'vm/100'} ${field ?? 'memory'}=4096`, `pmpc edit ${words[0] ?? 'vm/100'}`],
    },
  )
}
