import {Args, Flags} from 'pmpc/kit/cli'
import {PmpcError} from 'pmpc/kit/errors'
import {kindsNamed, type KindName} from 'pmpc/kit/resources'
import {assignmentsIn, create, type CreateOutcome, type CreateResult} from 'pmpc/kit/verbs'
import {clustersOf, requireWorkspace} from 'pmpc/kit/workspace'
import {DeclaringCommand, declaringFlags} from '../declaring.js'

export default class Create extends DeclaringCommand<CreateResult> {
  static override readonly effect = 'destroys'
  static override summary = 'Write and commit the manifest of a new VM or container.'

  static override description = `Its id is the lowest that no manifest and no guest has; what is not said is as in Proxmox VE's own wizard: 1 core, 2048 MiB and 32 GiB for a VM, 512 MiB and 8 GiB for a container. At a terminal it asks for what lacks.
FROM is a template or another guest (900, debian-12), or a volume: STORAGE:vztmpl/… of a container, STORAGE:iso/… or STORAGE:import/… of a VM, STORAGE:backup/… of both.
FIELD=VALUE are as of pmpc set. What pmpc plan would refuse is told, and then nothing is written. The guest itself is made by pmpc apply, or with --apply.`

  static override examples = [
    '<%= config.bin %> <%= command.id %> vm web01 --from debian-12-template memory=4096 tags=web',
    {
      description: 'An empty VM with a medium to install from',
      command:
        '<%= config.bin %> <%= command.id %> vm win01 --from local:iso/win.iso --storage local-lvm --size 64 ostype=win11',
    },
    {
      description: 'A container, made at once',
      command:
        '<%= config.bin %> <%= command.id %> ct dns2 --from local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst --apply',
    },
  ]

  static override strict = false
  static override args = {
    type: Args.string({description: 'vm or ct', required: true}),
    name: Args.string({description: 'what it is called; asked for at a terminal'}),
    fields: Args.string({description: 'what else it is to have: memory=4096 net0.tag=7'}),
  }

  static override flags = {
    cluster: Flags.string({summary: 'In this cluster; needed where there are several.', helpValue: 'NAME'}),
    from: Flags.string({summary: 'What it is made of: a template, another guest, or a volume.', helpValue: 'FROM'}),
    full: Flags.boolean({
      summary: 'Copy all of a template, so that the new one does not need it.',
      dependsOn: ['from'],
    }),
    id: Flags.integer({summary: 'This VMID.', helpValue: 'VMID', min: 100, max: 999_999_999}),
    node: Flags.string({summary: 'Where to make it; needed where there are several.', helpValue: 'NAME'}),
    storage: Flags.string({summary: 'Where its volumes go; needed where several take them.', helpValue: 'NAME'}),
    size: Flags.integer({summary: 'How large its disk is to be, in GiB.', helpValue: 'GIB', min: 1}),
    unset: Flags.string({
      summary: 'Leave out what it would have by default; may be given more than once.',
      helpValue: 'FIELD',
      multiple: true,
      multipleNonGreedy: true,
    }),
    ...declaringFlags,
  }

  async run(): Promise<CreateResult> {
    const {argv, flags} = await this.parse(Create)
    const [type, ...words] = argv as string[]
    const kind = kindCalled(type!)
    const {others, assignments} = assignmentsIn(words)
    if (others.length > 1) throw tooMany(type!, others)
    const workspace = await requireWorkspace(this.folder)
    const {from, full, id, node, storage, size, unset = []} = flags
    const {result} = await create(
      workspace,
      {
        cluster: await this.cluster(
          clustersOf(workspace, flags.cluster === undefined ? undefined : [flags.cluster], 'pmpc create'),
        ),
        ...{kind, name: others[0], from, isFull: full, id, node, storage, size},
        assignments: [...assignments, ...unset.map((name) => ({name}))],
        ask: async (question) => this.answer(question),
        isAsked: this.interactive,
        ...this.declaring(flags),
        onDeclared: (outcome) => this.tellCreated(outcome, flags.apply),
      },
      this.caller,
      this.config.version,
    )
    if (result.applied) this.tell(result.applied)
    return result
  }

  private async cluster(clusters: readonly string[]): Promise<string> {
    if (clusters.length === 1) return clusters[0]!
    return this.answer({message: 'Cluster', flag: '--cluster', choices: clusters.map((value) => ({value}))})
  }

  private tellCreated({result, text, warnings}: CreateOutcome, isApplied: boolean): void {
    this.say(`${result.file}:`)
    this.say(text.replaceAll(/^(?=.)/gm, '  ').trimEnd())
    this.tellDeclared(result, {objects: [result.object], files: [result.file], warnings, isApplied})
  }
}

/** @throws PMPC_USAGE for what is no kind of guests */
function kindCalled(word: string): KindName {
  const [kind, other] = kindsNamed(word)
  if (kind?.guest && !other) return kind.name
  throw new PmpcError(
    'PMPC_USAGE',
    `${JSON.stringify(word)} is neither vm nor ct: other objects are made by a manifest of yours`,
    {
      suggestions: ['pmpc create vm web01', 'pmpc create ct dns1', 'pmpc accept --help   # takes over what is there'],
    },
  )
}

function tooMany(type: string, words: readonly string[]): PmpcError {
  return new PmpcError('PMPC_USAGE', `one name is taken, and these are ${words.length}: ${words.join(' ')}`, {
    suggestions: [`pmpc create ${type} ${words[0]} memory=4096   # what it is to have stands behind a =`],
  })
}
