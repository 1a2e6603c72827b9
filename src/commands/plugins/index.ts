import {BaseCommand} from '../../kit/cli/index.js'
import {listPlugins, type ListedPlugin} from '../../plugins/list.js'

export default class Plugins extends BaseCommand<ListedPlugin[]> {
  static override readonly effect = 'reads'
  static override summary = 'List plugins, and what of them is installed.'
  static override examples = ['<%= config.bin %> plugins', '<%= config.bin %> plugins inspect sync']

  async run(): Promise<ListedPlugin[]> {
    await this.parse(Plugins)
    const plugins = listPlugins(this.config)
    this.printTable(plugins, [
      {header: 'NAME', value: ({name}) => name},
      {header: 'VERSION', value: ({version}) => version},
      {header: 'STATE', value: ({state}) => state},
    ])
    if (plugins.some(({state}) => state === 'not installed')) this.hint('Install one: pmpc plugins install NAME')
    return plugins
  }
}
