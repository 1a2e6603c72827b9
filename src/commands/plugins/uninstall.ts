import {Args} from '../../kit/cli/index.js'
import {PluginsCommand} from '../../plugins/command.js'
import {forgetPlugin} from '../../plugins/installed.js'
import {installedNamed, knownPlugins} from '../../plugins/list.js'
import {shortName} from '../../plugins/wanted.js'

/** What `pmpc plugins uninstall --json` prints. */
export interface UninstallResult {
  /** Names of packages. */
  uninstalled: string[]
}

export default class PluginsUninstall extends PluginsCommand<UninstallResult> {
  static override readonly effect = 'records'
  static override aliases = ['plugins:remove', 'plugins:unlink']
  static override strict = false
  static override summary = 'Remove plugins.'
  static override description = 'A folder that was linked stays as it is.'
  static override examples = ['<%= config.bin %> plugins uninstall sync']
  static override args = {
    plugin: Args.string({description: 'name as `pmpc plugins` prints it; several of them', required: true}),
  }

  async run(): Promise<UninstallResult> {
    const {argv} = await this.parse(PluginsUninstall)
    const plugins = (argv as string[]).map((typed) => installedNamed(typed, this.config))
    const known = knownPlugins(this.config)
    for (const plugin of plugins) {
      forgetPlugin(this.config.dataDir, plugin)
      this.say(`${plugin.type === 'link' ? 'Unlinked' : 'Uninstalled'} ${shortName(plugin.name, known)}.`)
    }
    return {uninstalled: plugins.map(({name}) => name)}
  }
}
