import path from 'node:path'
import {BaseCommand} from '../kit/cli/index.js'

/** Below the commands after which plugins may have come or gone. */
export abstract class PluginsCommand<T> extends BaseCommand<T> {
  /**
   * Has the table of commands written anew that shells read at TAB: by a process of its own, as this one knows the commands of before. That it
   * fails is no failure of what was done to the plugins.
   */
  protected override async finally(error: Error | undefined): Promise<void> {
    const {execa} = await import('execa')
    const words = [path.join(this.config.root, 'bin', 'run.js'), 'completion', 'bash']
    await execa(process.execPath, words, {stdio: 'ignore', reject: false})
    return super.finally(error)
  }
}
