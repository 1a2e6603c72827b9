import {glanceAt, recallStatus, type Standing} from './kept-status.js'

/**
 * How a workspace and its repository stand, from Git and the files alone; no cluster is asked. What was told before is told again where nothing
 * has changed since. Errors as of `requireWorkspace`, `openRepository` and `Session.open`.
 */
export async function status(root: string): Promise<Standing> {
  const glance = glanceAt(root)
  const known = glance && recallStatus(glance)
  if (known) return known
  const {readStatus} = await import('./read-status.js')
  return readStatus(root, glance)
}
