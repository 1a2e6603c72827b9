import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {listInside, readInside} from 'pmpc/kit/files'

/** What Terraform, Ansible, pytest and npm keep beside code, and nobody wrote. */
const kept = /^(?:\.terraform.*|.*\.tfstate.*|\.ansible|\.git|\.pytest_cache|__pycache__|node_modules)$/

/**
 * The regular files below a folder of the workspace with one of these endings, sorted, from the workspace; links are not followed.
 * @throws PMPC_UNSAFE_PATH
 */
export function filesBelow(root: string, folder: string, endings: readonly string[] = ['']): string[] {
  const files: string[] = []
  const walk = (path: string): void => {
    for (const entry of listInside(root, path)) {
      if (kept.test(entry.name)) continue
      if (entry.isDirectory()) walk(`${path}/${entry.name}`)
      else if (entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
        files.push(`${path}/${entry.name}`)
    }
  }
  walk(folder)
  return files.sort()
}

/** The text of a file of the workspace; empty where there is none. @throws PMPC_UNSAFE_PATH, PMPC_TOO_LARGE */
export const textOf = (root: string, path: string): string => readInside(root, path)?.toString('utf8') ?? ''

/** Has something done in a folder of its own, outside of the workspace, which is gone afterwards. */
export async function inScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'pmpc-iac-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

/** Writes a file of such a folder, with the folders above it. */
export function writeScratch(folder: string, path: string, content: string | Uint8Array): void {
  const file = join(folder, path)
  mkdirSync(dirname(file), {recursive: true})
  writeFileSync(file, content)
}
