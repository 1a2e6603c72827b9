import {lower} from './bytes.js'
import {atomsOf, hasAtom} from './scan.js'

/** Something of a table, in a word. */
export interface Run<T> {
  start: number
  end: number
  found: T
}

/** Of the table of hashes: enough that of some thousand names few words share one by chance. */
const BITS = 1 << 16

/** Texts that are found within words, from the beginning of an atom to the end of one: `web01` in `web01-backup`. */
export class Runs<T> {
  readonly #found = new Map<string, T>()
  /** How the texts are spelled, but for their case. */
  readonly #spelled = new Set<string>()
  /** Of how many atoms the texts are that begin with an atom: a word whose atoms begin none needs no other look. */
  readonly #counts = new Map<string, number[]>()
  /** The same roughly, a bit for the hash of each: most words need not even be taken out of their text. */
  readonly #bits = new Uint8Array(BITS / 8)
  readonly #ignoresCase: boolean
  readonly #fold: (text: string) => string

  /** @param ignoresCase of letters of ASCII; what joins the parts of a name does not count then, either: `web_01` is `web-01` */
  constructor(ignoresCase: boolean) {
    this.#ignoresCase = ignoresCase
    this.#fold = ignoresCase ? (text) => lower(text).replaceAll('_', '-') : (text) => text
  }

  get size(): number {
    return this.#found.size
  }

  get(text: string): T | undefined {
    return this.#found.get(this.#fold(text))
  }

  set(text: string, found: T): void {
    const folded = this.#fold(text)
    const atoms = atomsOf(folded)
    if (atoms.length === 0) return
    this.#found.set(folded, found)
    if (this.#ignoresCase) this.#spelled.add(lower(text))
    const first = folded.slice(...atoms[0]!)
    hasAtom(first, 0, first.length, this.#ignoresCase, (hash) => {
      this.#bits[(hash & (BITS - 1)) >> 3]! |= 1 << (hash & 7)
      return false
    })
    const counts = this.#counts.get(first) ?? []
    if (counts.includes(atoms.length)) return
    this.#counts.set(
      first,
      [...counts, atoms.length].sort((a, b) => b - a),
    )
  }

  /** Whether something may stand in a word, by a look at the text; where it does not, nothing does. */
  mayHold(text: string, start: number, end: number): boolean {
    return hasAtom(
      text,
      start,
      end,
      this.#ignoresCase,
      (hash) => (this.#bits[(hash & (BITS - 1)) >> 3]! & (1 << (hash & 7))) !== 0,
    )
  }

  /** `web_db` in `web_db_host` is no `web-db`: it is the beginning of a key. */
  #isOfKey(word: string, start: number, end: number): boolean {
    return (word[start - 1] === '_' || word[end] === '_') && !this.#spelled.has(lower(word.slice(start, end)))
  }

  /** What stands in a word, the longest first; none over another. */
  in(word: string): Run<T>[] {
    const runs: Run<T>[] = []
    const folded = this.#fold(word)
    const atoms = atomsOf(folded)
    for (let from = 0; from < atoms.length;) {
      const [start, end] = atoms[from]!
      const counts = this.#counts.get(folded.slice(start, end)) ?? []
      let taken = 1
      for (const count of counts) {
        const last = atoms[from + count - 1]
        const found = last && this.#found.get(folded.slice(start, last[1]))
        if (found === undefined || (this.#ignoresCase && this.#isOfKey(word, start, last![1]))) continue
        runs.push({start, end: last![1], found})
        taken = count
        break
      }
      from += taken
    }
    return runs
  }
}
