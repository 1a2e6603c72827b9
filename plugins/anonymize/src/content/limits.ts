import {bombError} from '../errors.js'

/** Bytes that may come out of anything, however small it is. */
const ALWAYS = 2 ** 30
/** And of more, so many times what went in: logs that repeat themselves shrink to a hundredth. */
const TIMES = 250
/** Entries of an archive. */
export const MOST_ENTRIES = 100_000

/** Counts what comes out of something packed. @throws PMPC_ANONYMIZE_BOMB */
export class Unpacking {
  private bytes = 0

  /** @param packed how many bytes went in by now */
  constructor(
    private readonly name: string,
    private readonly packed: () => number,
  ) {}

  add(bytes: number): void {
    this.bytes += bytes
    if (this.bytes > Math.max(ALWAYS, this.packed() * TIMES))
      throw bombError(this.name, `becomes more than ${TIMES} times as much`)
  }
}

/** @throws PMPC_ANONYMIZE_BOMB */
export function requireFew(name: string, entries: number): void {
  if (entries > MOST_ENTRIES) throw bombError(name, `holds more than ${MOST_ENTRIES} entries`)
}
