import type {Hook} from '@oclif/core/hooks'
import {existsSync} from 'node:fs'
import path from 'node:path'
import {confirm, isTrue} from '../kit/cli/index.js'
import {PmpcError, exitCodes} from '../kit/errors/index.js'

/** What the hook needs to know of the command that was typed. */
interface Missing {
  command: string
  plugin: string
  version: string
}

/**
 * A command of a known plugin that is not installed: on a terminal pmpc offers to install it and then runs the command;
 * elsewhere it says what to type, exit code 127. `PMPC_AUTO_INSTALL=1` installs without asking, and `PMPC_PLUGIN_SOURCE`
 * names a folder of tarballs to install from, for machines without a registry.
 */
const hook: Hook.JitPluginNotInstalled = async function ({argv, command, config, pluginName, pluginVersion}) {
  const missing: Missing = {
    command: `pmpc ${command.id.replaceAll(':', ' ')}`,
    plugin: pluginName,
    version: pluginVersion,
  }
  const what = sourceOf(missing, process.env.PMPC_PLUGIN_SOURCE)
  if (!(await mayInstall(missing, argv))) throw notInstalled(missing)
  const code = await installPlugin(config.root, what)
  if (code !== 0) throw notInstalled(missing, code)
}

function shortName(plugin: string): string {
  return plugin.replace('@pmpc/plugin-', '')
}

function sourceOf(missing: Missing, folder: string | undefined): string {
  if (folder === undefined) return `${missing.plugin}@${missing.version}`
  const file = tarballIn(folder, missing.plugin, missing.version)
  if (existsSync(file)) return file
  throw new PmpcError(
    'PMPC_PLUGIN_MISSING',
    `\`${missing.command}\` needs ${missing.plugin}, and PMPC_PLUGIN_SOURCE has no ${file}.`,
    {
      suggestions: [`pmpc plugins install ${shortName(missing.plugin)}`],
      data: {...missing, file},
    },
  )
}

async function mayInstall(missing: Missing, argv: string[]): Promise<boolean> {
  if (isTrue(process.env.PMPC_AUTO_INSTALL) || process.env.PMPC_PLUGIN_SOURCE !== undefined) return true
  const terminal = Boolean(process.stdin.isTTY && process.stderr.isTTY) && !isTrue(process.env.CI)
  if (!terminal || argv.includes('--json') || argv.includes('--no-prompt')) return false
  return confirm(
    {interactive: true, command: missing.command},
    {
      flag: 'PMPC_AUTO_INSTALL=1',
      message: `${missing.command} is part of ${missing.plugin} ${missing.version}, which is not installed. Install it?`,
    },
  )
}

function notInstalled(missing: Missing, installExit?: number): PmpcError {
  const failed = installExit === undefined ? '' : ', and it could not be installed'
  return new PmpcError(
    'PMPC_PLUGIN_MISSING',
    `\`${missing.command}\` is part of ${missing.plugin}, which is not installed${failed}.`,
    {
      suggestions: [`pmpc plugins install ${shortName(missing.plugin)}`],
      data: {...missing},
    },
  )
}

/** The tarball of a known plugin in a folder of tarballs (`PMPC_PLUGIN_SOURCE`), named as `npm pack` names it. */
function tarballIn(folder: string, plugin: string, version: string): string {
  return path.resolve(folder, `${plugin.replace('@', '').replace('/', '-')}-${version}.tgz`)
}

/**
 * Installs a plugin as `pmpc plugins install` does, in a process of its own: its words must not reach the standard output of the command
 * that was typed.
 * @returns the exit code
 */
async function installPlugin(root: string, what: string): Promise<number> {
  const {execa} = await import('execa')
  const words = [path.join(root, 'bin', 'run.js'), 'plugins', 'install', what, '--yes']
  const {exitCode} = await execa(process.execPath, words, {stdin: 'ignore', stdout: 2, stderr: 2, reject: false})
  return exitCode ?? exitCodes.interrupted
}

export default hook
