import path from 'node:path'
import {Args} from '../../kit/cli/index.js'
import {PluginsCommand} from '../../plugins/command.js'
import {linkPlugin, type InstalledResult} from '../../plugins/install.js'
import {shortName} from '../../plugins/wanted.js'

/** What `pmpc plugins link --json` prints. */
export interface LinkResult extends Omit<InstalledResult, 'previous'> {
  folder: string
}

export default class PluginsLink extends PluginsCommand<LinkResult> {
  static override readonly effect = 'records'
  static override summary = 'Use a plugin from a folder, as it is there, to work on it.'
  static override description =
    'Its own dependencies have to be installed in it, and it has to be built: nothing in the folder is run but what a command of the plugin is.'
  static override examples = ['<%= config.bin %> plugins link ./my-plugin']
  static override args = {folder: Args.string({description: 'folder of the plugin', default: '.'})}

  async run(): Promise<LinkResult> {
    const {args} = await this.parse(PluginsLink)
    const folder = path.resolve(this.folder, args.folder)
    const {root: host, dataDir: data, pjson} = this.config
    const known = pjson.oclif.jitPlugins ?? {}
    const {name, version} = await linkPlugin(folder, {host, data, known, caller: this.caller})
    const short = shortName(name, known)
    this.say(`Linked ${short} ${version}: ${folder}`)
    this.hint(`Undo: pmpc plugins uninstall ${short}`)
    return {name, version, folder}
  }
}
