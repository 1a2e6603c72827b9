import {BaseCommand, count} from '../kit/cli/index.js'
import type {ParkResult} from '../kit/verbs/park.js'

export default class Park extends BaseCommand<ParkResult> {
  static override readonly effect = 'declares'
  static override summary = 'Take offers out of the working tree, so that Git can pull, stash or rebase.'
  static override description = `What is open stays open: pmpc unpark, or the next sync, offers it again. Your own edits stay where they are;
only a new manifest that you wrote into is moved aside, below .pmpc/local/parked, until pmpc unpark. Makes no commit and asks no cluster.`

  static override examples = [
    {
      description: 'Pull with offers in the working tree',
      command: '<%= config.bin %> <%= command.id %> && git pull --rebase --autostash && <%= config.bin %> unpark',
    },
    '<%= config.bin %> <%= command.id %>',
  ]

  async run(): Promise<ParkResult> {
    await this.parse(Park)
    const [{park}, {requireWorkspace}] = await Promise.all([
      import('../kit/verbs/park.js'),
      import('../kit/workspace/index.js'),
    ])
    const result = await park(await requireWorkspace(this.folder), this.caller)
    for (const warning of result.warnings) this.warnUser(warning)
    if (result.manifests.length === 0) {
      const {length} = result.parked
      this.say(
        `Nothing is offered in the working tree${length > 0 ? `; ${count(length, 'object')} parked already` : ''}.`,
      )
      if (length > 0) this.hint('Offer again: pmpc unpark')
      return result
    }
    this.say(`Parked what was offered in ${count(result.manifests.length, 'manifest')}; it stays open.`)
    for (const {path, kept} of result.texts) this.say(`  ${path}: what you wrote is kept in ${kept}`)
    this.hint('Now pull, stash or rebase with git. Then: pmpc unpark')
    return result
  }
}
