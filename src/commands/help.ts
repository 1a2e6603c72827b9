import {Args, Command} from '@oclif/core'
import {loadHelpClass} from '@oclif/core/help'
import type {Effect} from '../kit/cli/index.js'

export default class Help extends Command {
  static readonly effect: Effect = 'reads'
  static override summary = 'Show what a command does and takes.'
  static override strict = false
  static override args = {command: Args.string({description: 'The command to explain.'})}
  static override examples = ['<%= config.bin %> help', '<%= config.bin %> help get']

  async run(): Promise<void> {
    const {argv} = await this.parse(Help)
    const HelpClass = await loadHelpClass(this.config)
    const help = new HelpClass(this.config, this.config.pjson.oclif.helpOptions ?? {})
    await help.showHelp(argv.map(String))
  }
}
