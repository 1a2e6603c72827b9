import {accessSync, constants, statSync} from 'node:fs'
import {delimiter, join} from 'node:path'

/** The path of a program that is on PATH; undefined where it is not installed. Folders that are named relatively are left out. */
export function programOn(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  return (env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => join(folder, name))
    .find((path) => isProgram(path))
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
