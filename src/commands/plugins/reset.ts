import {count} from '../../kit/cli/index.js'
import {PluginsCommand} from '../../plugins/command.js'
import {isPmpcError} from '../../kit/errors/index.js'
import {forgetAll, installedPlugins} from '../../plugins/installed.js'
import type {UninstallResult} from './uninstall.js'

export default class PluginsReset extends PluginsCommand<UninstallResult> {
  static override readonly effect = 'records'
  static override summary = 'Remove all plugins that were installed or linked.'
  static override description = 'Also where their list is damaged. Folders that were linked stay as they are.'
  static override examples = ['<%= config.bin %> plugins reset']

  async run(): Promise<UninstallResult> {
    await this.parse(PluginsReset)
    const {dataDir} = this.config
    const uninstalled = namesIn(dataDir)
    forgetAll(dataDir)
    this.say(`Removed ${count(uninstalled.length, 'plugin')}${uninstalled.map((name) => `\n  ${name}`).join('')}`)
    return {uninstalled}
  }
}

function namesIn(data: string): string[] {
  try {
    return installedPlugins(data).map(({name}) => name)
  } catch (error) {
    if (isPmpcError(error) && error.code === 'PMPC_PLUGINS_DAMAGED') return []
    throw error
  }
}
