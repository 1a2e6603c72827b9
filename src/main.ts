import {run} from '@oclif/core/run'
import {settings} from '@oclif/core/settings'
import {existsSync} from 'node:fs'
import path from 'node:path'

/** Runs the command on the command line. @param root the folder of the host's package.json */
export async function main(root: string): Promise<void> {
  settings.enableAutoTranspile = false
  await run(process.argv.slice(2), {root, ...checkoutPlugins(root)})
}

/** In a checkout the workspace's plugins are there by themselves; an installed host is bare. `PMPC_BARE=1` makes a checkout bare too. */
function checkoutPlugins(root: string): {pluginAdditions?: {core: string[]; path: string}} {
  const folder = path.join(root, 'plugins')
  if (process.env.PMPC_BARE === '1' || !existsSync(path.join(folder, 'package.json'))) return {}
  return {pluginAdditions: {core: ['@pmpc/plugin-*'], path: folder}}
}
