import {Args, Flags, confirm} from '../../kit/cli/index.js'
import {PluginsCommand} from '../../plugins/command.js'
import {PmpcError} from '../../kit/errors/index.js'
import {shellWord} from '../../kit/files/index.js'
import {installWanted, type InstalledResult} from '../../plugins/install.js'
import {meantPlugin, readWanted, shortName, type KnownPlugins} from '../../plugins/wanted.js'

/** What `pmpc plugins install --json` prints. */
export interface InstallResult {
  installed: InstalledResult[]
}

export default class PluginsInstall extends PluginsCommand<InstallResult> {
  static override readonly effect = 'records'
  static override aliases = ['plugins:add']
  static override strict = false
  static override summary = 'Install plugins, or another version of them.'
  static override description = `A short name is one of pmpc's own plugins, in the version that belongs to this pmpc. Any other package is named in full and asked about, as its code will run as you. No install script runs, neither a package's own nor one of what it depends on. A plugin that cannot be fetched, is none of pmpc's or cannot be loaded replaces nothing.

PMPC_NPM_REGISTRY names another registry; npm's own settings count, and so does an .npmrc in the folder of the plugins.`
  static override examples = [
    '<%= config.bin %> plugins install sync',
    '<%= config.bin %> plugins install ./pmpc-plugin-sync-0.1.0.tgz',
    '<%= config.bin %> plugins install @example/pmpc-plugin-dns@1.2.3 --yes',
  ]
  static override args = {
    plugin: Args.string({
      description: 'name, @SCOPE/NAME, tarball, folder or address; several of them',
      required: true,
    }),
  }
  static override flags = {
    yes: Flags.boolean({char: 'y', summary: "Install plugins that are not known to be pmpc's own without asking."}),
  }

  async run(): Promise<InstallResult> {
    const {argv, flags} = await this.parse(PluginsInstall)
    const known = this.config.pjson.oclif.jitPlugins ?? {}
    const wanted = (argv as string[]).map((typed) => readWanted(typed, known, this.folder))
    const installed: InstalledResult[] = []
    for (const each of wanted) {
      const done = await installWanted(each, {
        host: this.config.root,
        data: this.config.dataDir,
        known,
        caller: this.caller,
        approve: async (what) => this.approve(what, each.typed, known, flags.yes),
      })
      installed.push(done)
      this.say(told(done, known))
    }
    return {installed}
  }

  private async approve(what: string, typed: string, known: KnownPlugins, yes: boolean): Promise<void> {
    const isClaimed = Object.hasOwn(known, what)
    const meant = isClaimed ? undefined : meantPlugin(what, known)
    const likeOurs = meant === undefined ? '' : ` (pmpc's own is ${meant})`
    const whose = isClaimed
      ? `${typed} calls itself ${what}, which nobody can check`
      : `${what} is none of pmpc's own plugins${likeOurs}`
    if (yes) {
      if (meant !== undefined) this.warnUser(`${what} is not pmpc's own ${meant}`)
      return
    }
    const context = {...this.prompts, command: `${this.typed} ${shellWord(typed)}`}
    const agreed = await confirm(context, {
      flag: '--yes',
      message: `${whose}. Its code will run as you, and can read your tokens. Install it?`,
    })
    if (agreed) return
    throw new PmpcError('PMPC_NOT_CONFIRMED', `Nothing was done: ${what} is not installed.`, {
      suggestions: [meant === undefined ? 'pmpc plugins' : `pmpc plugins install ${shortName(meant, known)}`],
      data: {plugin: what},
    })
  }
}

function told({name, version, previous}: InstalledResult, known: KnownPlugins): string {
  const instead = previous === null ? '' : `, in place of ${previous}`
  return `Installed ${shortName(name, known)} ${version}${instead}.`
}
