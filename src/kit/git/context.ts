import type {CatFile} from './cat-file.js'
import type {Git} from './exec.js'
import type {ObjectFormat} from './objects.js'

/** What every function of this room works on: one opened repository. */
export interface Context {
  /** The top of the working tree, absolute. */
  root: string
  /** The Git folder of this working tree (`.git`, or `.git/worktrees/NAME`), absolute. */
  gitDir: string
  /** The Git folder shared by all its working trees, absolute. */
  commonDir: string
  isShallow: boolean
  objectFormat: ObjectFormat
  objects: CatFile
  read: Git
  write: Git
  /** Told of each process before it starts: for the log, and to count them. */
  onSpawn(args: string[]): void
  /** Runs what must not be torn in two, see `OpenOptions`. */
  critical<T>(work: () => Promise<T>): Promise<T>
  /** All configuration, last value of a key wins; keys as Git prints them (section and key in lower case). */
  config(): Promise<Map<string, string>>
  /** The keys of which the last value is the repository's own, not the user's, the system's or the environment's. */
  ownKeys(): Promise<Set<string>>
  /** Throws where Git is too old; it is asked once. */
  version(): Promise<void>
  /** Forget the configuration, after it was written. */
  forgetConfig(): void
}

/** Reads a configuration value as Git reads a boolean (`yes`, `on`, `1`, a key without value). */
export function isTrue(value: string | undefined, unset = false): boolean {
  if (value === undefined) return unset
  return /^(true|yes|on|[1-9]\d*)$/i.test(value.trim())
}
