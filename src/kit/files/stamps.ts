import type {Stats} from 'node:fs'

/** What is remembered of a file, to tell without reading it that it has not changed. */
export interface Stamp {
  size: number
  /** Milliseconds since the epoch, with fractions. */
  mtime: number
  ctime: number
  ino: number
  /** When it was read, by this machine's clock. */
  readAt: number
  /** Git's id of its content as a blob (SHA-1). */
  oid: string
}

/** Ticks of file systems are up to 10 ms long; some keep whole seconds only, or even ones. */
export const TICK = 50
const COARSE_TICK = 2100

export function stampOf(stats: Stats, readAt: number, oid: string): Stamp {
  return {size: stats.size, mtime: stats.mtimeMs, ctime: stats.ctimeMs, ino: stats.ino, readAt, oid}
}

/** Whether a file is as it was stamped. */
export function isUnchanged(stamp: Stamp, stats: Stats): boolean {
  return (
    stamp.size === stats.size &&
    stamp.mtime === stats.mtimeMs &&
    stamp.ctime === stats.ctimeMs &&
    stamp.ino === stats.ino
  )
}

/**
 * Whether a stamp proves that a file has not changed. One that was read in the tick in which it was last written does not:
 * it may have been written again in that tick, and shows the same times (Git calls such an entry racy). Then its content decides.
 */
export function isSettled({mtime, ctime, readAt}: Stamp, skew: number): boolean {
  return settledAt(mtime, ctime) < readAt + skew
}

/** When the tick in which a file was last written is over. */
export function settledAt(mtime: number, ctime: number): number {
  return Math.max(mtime, ctime) + (mtime % 1000 === 0 ? COARSE_TICK : TICK)
}

/** Git's id of a blob. */
export function blobId(content: Uint8Array): string {
  // Loading node:crypto costs 3 ms, and where nothing changed nothing is hashed.
  const {createHash} = process.getBuiltinModule('node:crypto')
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')
}
