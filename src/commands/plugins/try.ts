import path from 'node:path'
import {Args, BaseCommand} from '../../kit/cli/index.js'
import {PmpcError} from '../../kit/errors/index.js'

/** What `pmpc plugins try --json` prints. */
export interface TryResult {
  /** Commands and hooks that were loaded. */
  loaded: string[]
}

export default class PluginsTry extends BaseCommand<TryResult> {
  static override readonly effect = 'reads'
  static override hidden = true
  static override summary = 'Load all of a plugin that is not installed, and run none of it.'
  static override description = 'An installation does this in a process of its own before it switches over.'
  static override examples = ['<%= config.bin %> plugins try ./my-plugin']
  static override args = {folder: Args.string({description: 'folder of the package', required: true})}

  async run(): Promise<TryResult> {
    const {args} = await this.parse(PluginsTry)
    const loaded = await loadAll(path.resolve(this.folder, args.folder))
    for (const each of loaded) this.say(each)
    return {loaded}
  }
}

async function loadAll(root: string): Promise<string[]> {
  const {ModuleLoader, Plugin} = await import('@oclif/core')
  const plugin = new Plugin({root, ignoreManifest: true, type: 'user'})
  try {
    await plugin.load()
    for (const id of plugin.commandIDs) await plugin.findCommand(id, {must: true})
    const hooks = Object.values(plugin.hooks).flat()
    for (const {target} of hooks) await ModuleLoader.load(plugin, target)
    return [...plugin.commandIDs, ...Object.keys(plugin.hooks)]
  } catch (error) {
    const [first = ''] = (error as Error).message.split('\n')
    throw new PmpcError('PMPC_PLUGIN_BROKEN', first, {suggestions: [`ls -l ${root}`], cause: error})
  }
}
