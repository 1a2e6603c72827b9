import {DecideCommand} from '../decide-command.js'

export default class Reject extends DecideCommand {
  static override summary = "Keep your own side: take the cluster's offers back out of the manifests, for good."

  static override description = `Undoes pmpc's changes in the working tree and closes the items in a commit. The cluster stays as it is:
what differs from now on is a change of yours, not yet applied. The way back: pmpc accept, with the object or field.
Without arguments pmpc asks before, on a terminal.`

  static override examples = [
    {description: 'All that is open', command: '<%= config.bin %> <%= command.id %>'},
    {description: 'One object', command: '<%= config.bin %> <%= command.id %> vm/100'},
    {description: 'One field', command: '<%= config.bin %> <%= command.id %> vm/100:config.memory'},
    {description: 'Look first', command: '<%= config.bin %> <%= command.id %> --dry-run'},
  ]

  // oclif's parser looks at a class's own statics only.
  static override strict = false

  static override args = DecideCommand.args

  static override flags = DecideCommand.flags

  protected override readonly verdict = 'reject'
}
