import {mkdirSync, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {replaceFile} from '../files/write.js'
import {isTrue, type Context} from './context.js'
import {writing} from './exec.js'

/**
 * Bytes of loose objects, as pmpc wrote them, after which they are packed. A snapshot of 1,000 guests is 100 to 600 KiB of loose
 * objects, and Git's own automatic gc waits for 6,700 of these files.
 */
const looseLimit = 8 * 1024 * 1024

/** How pmpc packs. */
export interface MaintenanceOptions {
  /** Bytes; {@link looseLimit} unless given. */
  limit?: number
  /** Wait until it is done; else it goes on by itself. */
  wait?: boolean
}

/**
 * `repack --geometric` and not `maintenance run --task=loose-objects`: it removes what it packed in the same run, finds better
 * deltas because it walks the history, and keeps few packs (figures: docs/decisions). Like gc's, it may run beside anything.
 */
const repack = ['repack', '-d', '-l', '-q', '--geometric=2', '--no-write-bitmap-index']

/** Adds the loose objects that a commit wrote to the account, and returns its new total in bytes. Never throws. */
export function noteWritten(context: Context, oids: string[]): number {
  try {
    let bytes = readAccount(context)
    for (const oid of oids) {
      const found = statSync(join(context.commonDir, 'objects', oid.slice(0, 2), oid.slice(2)), {throwIfNoEntry: false})
      // What a file takes on disk: blocks, not its length.
      bytes += found ? (found.blocks ?? 0) * 512 || found.size : 0
    }
    writeAccount(context, bytes)
    return bytes
  } catch {
    return 0
  }
}

/**
 * Packs loose objects once they pass the limit, in a process of its own that pmpc does not wait for. Left out where the user has
 * turned Git's own upkeep off (`gc.auto=0`, `maintenance.auto=false`), and in a partial clone, whose packs Git treats apart.
 * @returns whether it was started
 */
export async function maintain(context: Context, bytes: number, options: MaintenanceOptions = {}): Promise<boolean> {
  if (bytes <= (options.limit ?? looseLimit)) return false
  const config = await context.config()
  const off = config.get('gc.auto')?.trim() === '0' || !isTrue(config.get('maintenance.auto'), true)
  if (off || config.has('extensions.partialclone')) return false
  writeAccount(context, 0)
  context.onSpawn(repack)
  if (options.wait) {
    await context.write(repack)
    return true
  }
  const {execa} = await import('execa')
  execa('git', repack, {...writing(context.root), stdio: 'ignore'}).unref()
  return true
}

const accountName = 'loose-bytes'

function readAccount(context: Context): number {
  try {
    return Number(readFileSync(join(context.commonDir, 'pmpc', accountName), 'utf8')) || 0
  } catch {
    return 0
  }
}

function writeAccount(context: Context, bytes: number): void {
  mkdirSync(join(context.commonDir, 'pmpc'), {recursive: true})
  replaceFile(join(context.commonDir, 'pmpc', accountName), String(bytes))
}
