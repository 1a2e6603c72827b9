import type {ByteString} from './model.js'
import {isOrdinary, numbered, systemUsers, technical} from './words.js'

/** How many hosts must share the beginning of their names, and what that is in a name; undefined where it has none. */
const kinships: readonly {atLeast: number; sharedOf: (word: ByteString) => string | undefined}[] = [
  // `hv01` and `hv02`, `store-a` and `store-b`: one tells what the others are.
  {
    atLeast: 1,
    sharedOf(word) {
      const shared = /^[a-z][a-z0-9-]*(?:[a-z-](?=\d{1,3}$)|-(?=[a-z]$))/.exec(word)?.[0]
      const isOne = shared !== undefined && shared.length > 1 && !numbered.has(shared.replace(/-$/, ''))
      return isOne && !technical.has(word) ? shared : undefined
    },
  },
  // `site-web` and `site-db`: it takes two.
  {
    atLeast: 2,
    sharedOf(word) {
      const shared = /^[a-z]{3,}(?=-[a-z]{2,}[a-z0-9-]*$)/.exec(word)?.[0]
      return shared === undefined || isOrdinary(shared) || systemUsers.has(shared) ? undefined : shared
    },
  },
]

/** Words of one family that are remembered. */
const most = 1000

/** Hosts that have siblings: whose name begins as theirs does is one, too, wherever it stands. */
export class Families {
  readonly #families = kinships.map(() => new Map<string, {hosts: Set<string>; words: Set<string>}>())

  /**
   * A word was met, or a host was learnt.
   * @param word in lower case
   * @returns what is known to be a host by that
   */
  meet(word: ByteString, isHost: boolean): string[] {
    return kinships.flatMap(({atLeast, sharedOf}, i) => {
      const shared = sharedOf(word)
      if (shared === undefined) return []
      const family = this.#families[i]!.get(shared) ?? {hosts: new Set(), words: new Set()}
      this.#families[i]!.set(shared, family)
      if (family.words.size < most) family.words.add(word)
      if (isHost) family.hosts.add(word)
      if (family.hosts.size < atLeast) return []
      const others = [...family.words].filter((one) => !family.hosts.has(one))
      for (const one of others) family.hosts.add(one)
      return others
    })
  }
}
