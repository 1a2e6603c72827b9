import path from 'node:path'

/**
 * Has the table of commands written anew that shells read at TAB, once plugins have come or gone: by a process of its own, as this one knows the
 * commands of before. That it fails is no failure of what was done to the plugins.
 */
export async function refreshKnownCommands(root: string): Promise<void> {
  const {execa} = await import('execa')
  const words = [path.join(root, 'bin', 'run.js'), 'completion', 'bash']
  await execa(process.execPath, words, {stdio: 'ignore', reject: false})
}
