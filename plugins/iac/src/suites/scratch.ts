import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {listInside, readInside} from 'pmpc/kit/files'
import {FOLDER} from '../generated.js'

/** Has something done in a folder of its own, which is gone afterwards. */
export async function inScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'pmpc-iac-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

/** What tools keep beside code, and nobody wrote. */
const kept = /^(?:\.terraform.*|.*\.tfstate.*|\.git|node_modules|__pycache__)$/

/**
 * Copies regular files of `iac/` below a folder into another; links are not followed, and not copied.
 * @param folder below `iac/`: `terraform`
 * @throws PMPC_UNSAFE_PATH, PMPC_TOO_LARGE
 */
export function copyCode(root: string, folder: string, to: string): void {
  for (const entry of listInside(root, `${FOLDER}/${folder}`)) {
    const path = `${folder}/${entry.name}`
    if (kept.test(entry.name)) continue
    if (entry.isDirectory()) copyCode(root, path, to)
    if (!entry.isFile()) continue
    const file = join(to, path)
    mkdirSync(dirname(file), {recursive: true})
    writeFileSync(file, readInside(root, `${FOLDER}/${path}`)!)
  }
}
