import {DecideCommand} from '../decide-command.js'

export default class Accept extends DecideCommand {
  static override summary = 'Agree with the cluster: commit its side of what is open.'

  static override description = `Commits pmpc's changes of the manifests, and nothing else: your own edits in the same files stay uncommitted.
Your hooks run. An accepted conflict takes the cluster's side, too: pmpc says which and, on a terminal, asks before, unless its field is named.

An object or field of which nothing is open is taken over when it is named: one without a manifest is managed from then on, and what you rejected is as the cluster has it. A change of your own that was never rejected is taken back where its field is named.`

  static override examples = [
    {description: 'All that is open', command: '<%= config.bin %> <%= command.id %>'},
    {description: 'One object', command: '<%= config.bin %> <%= command.id %> vm/100'},
    {
      description: 'An object by its name; managed from here on, where it has no manifest',
      command: '<%= config.bin %> <%= command.id %> web01',
    },
    {description: 'One field', command: '<%= config.bin %> <%= command.id %> vm/100:config.memory'},
    {description: 'What a file or folder declares', command: '<%= config.bin %> <%= command.id %> infra/home/vm'},
    {
      description: 'Say why',
      command: '<%= config.bin %> <%= command.id %> vm/100:config.memory -m "The shop needs more"',
    },
    {description: 'Look first', command: '<%= config.bin %> <%= command.id %> --dry-run'},
    {description: 'Decide one by one', command: '<%= config.bin %> <%= command.id %> --interactive'},
  ]

  // oclif's parser looks at a class's own statics only.
  static override strict = false

  static override args = DecideCommand.args

  static override flags = DecideCommand.flags

  protected override readonly verdict = 'accept'
}
