import {DecideCommand} from '../decide-command.js'

export default class Accept extends DecideCommand {
  static override summary = 'Agree with the cluster: commit its side of what is open.'

  static override description = `Commits pmpc's changes of the manifests, and nothing else: your own edits in the same files stay uncommitted.
Your hooks run. An accepted conflict takes the cluster's side, too: pmpc says which, and without arguments it asks before, on a terminal.`

  static override examples = [
    {description: 'All that is open', command: '<%= config.bin %> <%= command.id %>'},
    {description: 'One object', command: '<%= config.bin %> <%= command.id %> vm/100'},
    {description: 'One field', command: '<%= config.bin %> <%= command.id %> vm/100:config.memory'},
    {description: 'What a file or folder declares', command: '<%= config.bin %> <%= command.id %> infra/home/vm'},
  ]

  // oclif's parser looks at a class's own statics only.
  static override strict = false

  static override args = DecideCommand.args

  protected override readonly verdict = 'accept'
}
