import {Args, BaseCommand} from '../../kit/cli/index.js'
import {installedPlugins} from '../../plugins/installed.js'
import {knownPlugins, listPlugins, notInstalled, type ListedPlugin} from '../../plugins/list.js'
import {packageName} from '../../plugins/wanted.js'

/** What `pmpc plugins inspect --json` prints. */
export interface InspectResult extends ListedPlugin {
  description: string | null
  /** The folder of the package. */
  folder: string
  /** Where it was fetched from, if from no registry. */
  from: string | null
  commands: string[]
  /** Its own dependencies, with the versions that it asks for. */
  dependencies: Record<string, string>
}

export default class PluginsInspect extends BaseCommand<InspectResult> {
  static override readonly effect = 'reads'
  static override summary = 'Show where a plugin is, where it came from, and its commands.'
  static override examples = ['<%= config.bin %> plugins inspect sync']
  static override args = {
    plugin: Args.string({description: 'name as `pmpc plugins` prints it, or that of the package', required: true}),
  }

  async run(): Promise<InspectResult> {
    const {args} = await this.parse(PluginsInspect)
    const result = this.inspect(args.plugin)
    const {name, version, state, description, folder, from, commands, dependencies} = result
    const needs = Object.entries(dependencies).map(([dependency, range]) => `${dependency} ${range}`)
    this.say(this.paint('bold', `${name} ${version}`))
    if (description !== null) this.say(description)
    const rows = [
      ['package', result.package],
      ['state', state],
      ['folder', folder],
      ...(from === null ? [] : [['from', from]]),
      ['commands', commands.map((id) => id.replaceAll(':', ' ')).join(', ')],
      ['depends on', needs.join(', ') || 'nothing'],
    ]
    this.printTable(
      rows,
      [
        {header: '', value: ([label = '']) => label},
        {header: '', value: ([, value = '']) => value},
      ],
      {headers: false},
    )
    return result
  }

  private inspect(typed: string): InspectResult {
    const wanted = packageName(typed, knownPlugins(this.config))
    const plugin = this.config.plugins.get(wanted)
    const listed = listPlugins(this.config).find((each) => each.package === wanted)
    if (!plugin || !listed) throw notInstalled(typed, this.config)
    const {pjson, root, commandIDs} = plugin
    return {
      ...listed,
      description: (pjson.description as string | undefined) ?? null,
      folder: root,
      from: installedPlugins(this.config.dataDir).find(({name}) => name === wanted)?.url ?? null,
      commands: [...commandIDs].sort(),
      dependencies: pjson.dependencies ?? {},
    }
  }
}
