import {PluginsCommand} from '../../plugins/command.js'
import {type PmpcError, isPmpcError, retold} from '../../kit/errors/index.js'
import {installWanted, versionIn, type InstalledResult} from '../../plugins/install.js'
import {installedPlugins, packageFolder, type InstalledPlugin} from '../../plugins/installed.js'
import {knownPlugins} from '../../plugins/list.js'
import {readWanted, shortName} from '../../plugins/wanted.js'

/** What `pmpc plugins update --json` prints. */
export interface UpdateResult {
  updated: InstalledResult[]
  /** Packages that are as they were: up to date, linked, or not from a registry. */
  kept: string[]
}

export default class PluginsUpdate extends PluginsCommand<UpdateResult> {
  static override readonly effect = 'records'
  static override summary = 'Update the plugins that came from a registry.'
  static override description =
    "pmpc's own follow the version of this pmpc, others what they were installed as (`@latest`, `@^1.2`). One that cannot be updated stays as it is. What came from a tarball, a folder or an address is updated by installing it again."
  static override examples = ['<%= config.bin %> plugins update']

  async run(): Promise<UpdateResult> {
    await this.parse(PluginsUpdate)
    const result: UpdateResult = {updated: [], kept: []}
    const failed: {name: string; error: PmpcError}[] = []
    for (const plugin of installedPlugins(this.config.dataDir)) {
      try {
        const done = await this.update(plugin)
        if (done === undefined) result.kept.push(plugin.name)
        else result.updated.push(done)
      } catch (error) {
        if (!isPmpcError(error)) throw error
        failed.push({name: plugin.name, error})
      }
    }
    this.tell(result)
    const [first] = failed
    if (first) throw retold(first.error, {data: {...result, failed: failed.map(({name}) => name)}})
    return result
  }

  private async update(plugin: InstalledPlugin): Promise<InstalledResult | undefined> {
    const known = knownPlugins(this.config)
    const {name, tag, type, url} = plugin
    if (type === 'link' || url !== undefined) return undefined
    const version = versionIn(packageFolder(plugin))
    // Its name was agreed to when it was installed.
    const wanted = readWanted(tag === undefined ? name : `${name}@${tag}`, known, this.folder)
    if (wanted.spec === `${name}@${version}`) return undefined
    const {root: host, dataDir: data} = this.config
    const approve = (): Promise<void> => Promise.resolve()
    const done = await installWanted(wanted, {host, data, known, approve, caller: this.caller})
    return done.version === version ? undefined : done
  }

  private tell({updated, kept}: UpdateResult): void {
    const known = knownPlugins(this.config)
    for (const {name, version, previous} of updated)
      this.say(`Updated ${shortName(name, known)} from ${previous} to ${version}.`)
    for (const name of kept) this.say(`${shortName(name, known)} is as it was.`)
    if (updated.length + kept.length === 0) this.say('No plugin is installed.')
  }
}
