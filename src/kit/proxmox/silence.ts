import type {PmpcError} from '../errors/index.js'
import type {Clock} from './clock.js'

/** Remembers which nodes have fallen silent; what any node answers counts as one more, without a name. */
export interface Silence {
  /** What a call to a silent node gets at once, or undefined for one that answers. */
  of(node: string | undefined): PmpcError | undefined
  /** An answer came, good or bad, from the node itself. */
  heard(node: string | undefined): void
  /** A call got no answer for long. */
  missed(node: string | undefined, error: PmpcError): void
}

/** One call may hang on a dead share while the node is well; two in a row without any answer in between are the node. */
const enough = 2
/** Milliseconds after which a silent node is asked again. */
const pause = 60_000

/**
 * PVE takes 30 s to say that a node hangs. Without a memory each of its hundred guests would cost that again;
 * with it, all of them cost it once.
 */
export function createSilence(clock: Clock): Silence {
  const missed = new Map<string, {times: number; error: PmpcError; since: number}>()
  return {
    of(node = '') {
      const found = missed.get(node)
      return found !== undefined && found.times >= enough && clock.now() - found.since < pause ? found.error : undefined
    },
    heard(node = '') {
      missed.delete(node)
    },
    missed(node = '', error) {
      missed.set(node, {times: (missed.get(node)?.times ?? 0) + 1, error, since: clock.now()})
    },
  }
}
