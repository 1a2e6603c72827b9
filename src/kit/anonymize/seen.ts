/** How many words are remembered: a log of many gigabytes has ever new numbers. */
const most = 400_000
/** Slots and bytes at the beginning: few, as most texts are small ones. */
const [SLOTS, BYTES] = [1 << 12, 1 << 16]

/**
 * What was found out about words, by the word's number, to be looked up by their place in a text: most words of a log are the same again and again, and taking each out
 * of the text costs more than all the rest. They lie in one block of bytes, so that no part of a text is kept.
 */
export class Seen<T> {
  /** For each slot the number of a word, counted from 1, and its hash. */
  #slots = new Int32Array(SLOTS * 2)
  #bytes = Buffer.alloc(BYTES)
  /** Where each word ends in the block; it begins where the one before ends. */
  #ends = new Int32Array(SLOTS)
  #count = 0
  readonly #found: T[] = []

  get isFull(): boolean {
    return this.#count >= most
  }

  get size(): number {
    return this.#count
  }

  /** @param hash of its bytes, as `scan` has it @returns the number of a word; -1 where it was not met before */
  indexOf(text: Uint8Array, start: number, end: number, hash: number): number {
    const slots = this.#slots
    const mask = slots.length - 2
    for (let slot = placeOf(hash, mask); ; slot = (slot + 2) & mask) {
      const index = slots[slot]!
      if (index === 0) return -1
      if (slots[slot + 1] === hash && this.#isAt(text, start, end, index - 1)) return index - 1
    }
  }

  /** Remembers a word that was not met before. @returns its number: they are counted from 0 */
  add(text: Uint8Array, start: number, end: number, hash: number, found: T): number {
    if (this.#count * 3 >= this.#slots.length) this.#grow()
    const from = this.#count === 0 ? 0 : this.#ends[this.#count - 1]!
    const until = from + end - start
    if (until > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)])
    this.#bytes.set(text.subarray(start, end), from)
    this.#ends[this.#count++] = until
    this.#found.push(found)
    place(this.#slots, hash, this.#count)
    return this.#count - 1
  }

  /** What was found out about the word of a number. */
  at(index: number): T {
    return this.#found[index]!
  }

  #grow(): void {
    const before = this.#slots
    this.#slots = new Int32Array(before.length * 2)
    for (let slot = 0; slot < before.length; slot += 2)
      if (before[slot] !== 0) place(this.#slots, before[slot + 1]!, before[slot]!)
    const ends = new Int32Array(this.#ends.length * 2)
    ends.set(this.#ends)
    this.#ends = ends
  }

  #isAt(text: Uint8Array, start: number, end: number, index: number): boolean {
    const from = index === 0 ? 0 : this.#ends[index - 1]!
    if (this.#ends[index]! - from !== end - start) return false
    const bytes = this.#bytes
    for (let at = start; at < end; at++) if (text[at] !== bytes[from + at - start]) return false
    return true
  }
}

/** The hash's bits mixed once more, as the last of them choose the slot. */
const placeOf = (hash: number, mask: number): number => ((hash ^ (hash >>> 15)) << 1) & mask

function place(slots: Int32Array, hash: number, index: number): void {
  const mask = slots.length - 2
  let slot = placeOf(hash, mask)
  while (slots[slot] !== 0) slot = (slot + 2) & mask
  slots[slot] = index
  slots[slot + 1] = hash
}
