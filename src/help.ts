import type {Command} from '@oclif/core/command'
import {CommandHelp, Help} from '@oclif/core/help'
import type * as Interfaces from '@oclif/core/interfaces'
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

  protected override summary(command: Command.Loadable): string | undefined {
    const summary = super.summary(command)
    return isMissing(command) ? `${summary ?? ''} ${NOT_INSTALLED}` : summary
  }

  protected override formatTopics(topics: Interfaces.Topic[]): string {
    return super.formatTopics(topics.map((topic) => (this.isMissingTopic(topic) ? markedTopic(topic) : topic)))
  }

  private isMissingTopic({name}: Interfaces.Topic): boolean {
    const below = this.config.commands.filter(({id}) => id.startsWith(`${name}:`))
    return below.length > 0 && below.every(isMissing)
  }
}

const NOT_INSTALLED = '(not installed)'

/** Of a plugin that the host knows and that is not there; typing it offers to install it. */
function isMissing({pluginType}: Command.Loadable): boolean {
  return pluginType === 'jit'
}

function markedTopic(topic: Interfaces.Topic): Interfaces.Topic {
  return {...topic, description: `${topic.description ?? ''} ${NOT_INSTALLED}`}
}
