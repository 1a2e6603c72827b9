import {Args, clusterFlag, confirm, openEditor} from 'pmpc/kit/cli'
import {edit, type EditOutcome, type EditResult} from 'pmpc/kit/verbs'
import {clustersOf, requireWorkspace} from 'pmpc/kit/workspace'
import {DeclaringCommand, declaringFlags} from '../declaring.js'

export default class Edit extends DeclaringCommand<EditResult> {
  static override readonly effect = 'destroys'
  static override summary = "Edit an object's manifest in $VISUAL or $EDITOR, and commit that."

  static override description = `The editor shows the document of the object alone, whatever else stands in its file. What comes of it is checked as by pmpc validate, and committed without anything else.
A text that cannot be taken is kept, and may be edited again; one that stays as it was, or is empty, changes nothing.`

  static override examples = [
    '<%= config.bin %> <%= command.id %> vm/100',
    {description: 'And apply it at once', command: '<%= config.bin %> <%= command.id %> web01 --apply'},
  ]

  static override strict = false
  static override args = {
    object: Args.string({description: 'whose manifest: vm/100, web01, storage/local', required: true}),
  }

  static override flags = {cluster: clusterFlag, ...declaringFlags}

  async run(): Promise<EditResult> {
    const {argv, flags} = await this.parse(Edit)
    const workspace = await requireWorkspace(this.folder)
    const {result} = await edit(
      workspace,
      {
        clusters: clustersOf(workspace, flags.cluster, 'pmpc edit'),
        words: argv as string[],
        // What is typed in the editor is the editor's: Ctrl-C, too.
        edit: async (path) =>
          this.interrupts.critical(async () => openEditor(path, process.env, this.jsonEnabled() ? 2 : 1)),
        ...(this.interactive && {again: async (error) => this.again(error.message)}),
        onDeclared: (outcome) => this.tellEdited(outcome, flags.apply),
        ...this.declaring(flags),
      },
      this.caller,
      this.config.version,
    )
    if (result.changed.length === 0) this.say('Nothing was changed.')
    if (result.applied) this.tell(result.applied)
    return result
  }

  private async again(message: string): Promise<boolean> {
    this.warnUser(message)
    return confirm(this.prompts, {message: 'Edit it again?', flag: '--no-prompt', default: true})
  }

  private tellEdited({result, object, warnings}: EditOutcome, isApplied: boolean): void {
    const [{fields, file}] = result.changed as [EditResult['changed'][number]]
    this.say(`${object}: ${fields.length > 0 ? fields.join(', ') : 'written otherwise, and says the same'}.`)
    this.tellDeclared(result, {objects: fields.length > 0 ? [object] : [], files: [file], warnings, isApplied})
  }
}
