import {accessSync, constants, statSync} from 'node:fs'

/** Whether there is a folder that this user may write. */
export function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return statSync(folder).isDirectory()
  } catch {
    return false
  }
}
