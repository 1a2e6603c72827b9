import type {Context} from './context.js'

/** Adds what a commit wrote to the account of loose objects. */
export function noteWritten(_context: Context, _oids: string[]): void {
  return
}
