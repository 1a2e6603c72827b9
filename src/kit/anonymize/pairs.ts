import type {FindKind, Pair} from './model.js'

/**
 * What stands for what, text by text: `Web01` and `web01` are two pairs, so that what is restored is as it was. No two originals share a
 * pseudonym, and none is what another text already says.
 */
export class Pairs {
  readonly #byOriginal = new Map<string, Pair>()
  readonly #byPseudonym = new Map<string, Pair>()
  /** Texts that stand in what is read, and would be mistaken for a pseudonym. */
  readonly #taken = new Set<string>()

  constructor(pairs: Iterable<Pair> = []) {
    for (const pair of pairs) this.#add(pair)
  }

  #add(pair: Pair): Pair {
    this.#byOriginal.set(pair.original, pair)
    this.#byPseudonym.set(pair.pseudonym, pair)
    return pair
  }

  of(original: string): Pair | undefined {
    return this.#byOriginal.get(original)
  }

  /** Whose pseudonym it is. */
  behind(pseudonym: string): Pair | undefined {
    return this.#byPseudonym.get(pseudonym)
  }

  /** A text is in use as it is. */
  take(text: string): void {
    if (!this.#byPseudonym.has(text)) this.#taken.add(text)
  }

  /**
   * The pair of an original; a new one with the first candidate that is free.
   * @param candidate makes one, another at each attempt
   */
  pair(kind: FindKind, original: string, candidate: (attempt: number) => string): Pair {
    const known = this.#byOriginal.get(original)
    if (known) return known
    for (let attempt = 0; ; attempt++) {
      const pseudonym = candidate(attempt)
      const isFree =
        !this.#byPseudonym.has(pseudonym) && !this.#byOriginal.has(pseudonym) && !this.#taken.has(pseudonym)
      if (isFree && pseudonym !== original) return this.#add({kind, original, pseudonym})
    }
  }

  all(): Pair[] {
    return [...this.#byOriginal.values()]
  }
}
