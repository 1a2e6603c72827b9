import {CommandHelp, Help} from '@oclif/core/help'
import {effects, type Effect} from './kit/cli/effects.js'

/** Help of a command says what the command does to the world, below how it is called. */
class EffectHelp extends CommandHelp {
  protected override sections(): ReturnType<CommandHelp['sections']> {
    const [usage, ...others] = super.sections()
    const {effect} = this.command as {effect?: Effect}
    // Commands of other people's plugins may not say.
    if (usage === undefined || effect === undefined || !(effect in effects)) return super.sections()
    return [usage, {header: 'EFFECT', generate: () => this.wrap(`${effect}: ${effects[effect]}`)}, ...others]
  }
}

/** What oclif prints for `--help` and `pmpc help`; named in package.json as `helpClass`. */
export default class PmpcHelp extends Help {
  protected override CommandHelpClass = EffectHelp
}
