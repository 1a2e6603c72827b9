import type {ByteString} from './model.js'

/** How many words are remembered: a log of many gigabytes has ever new numbers. */
const most = 400_000

/**
 * What was found out about words, to be looked up by their place in a text: most words of a log are the same again and again, and taking each
 * out of the text to look it up costs more than all the rest.
 */
export class Seen<T> {
  #slots = new Int32Array(1 << 16)
  #words: string[] = []
  #hashes: number[] = []
  #found: T[] = []

  /** @returns undefined where the word was not met before */
  get(text: ByteString, start: number, end: number): T | undefined {
    const hash = hashOf(text, start, end)
    const mask = this.#slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const at = this.#slots[slot]!
      if (at === 0) return undefined
      if (this.#hashes[at - 1] === hash && isAt(text, start, end, this.#words[at - 1]!)) return this.#found[at - 1]
    }
  }

  /** Remembers a word that was not met before. */
  add(text: ByteString, start: number, end: number, found: T): void {
    if (this.#words.length >= most) this.clear()
    if (this.#words.length * 2 >= this.#slots.length) this.#grow()
    const hash = hashOf(text, start, end)
    // A part of a text would keep the whole of it in memory.
    this.#words.push(Buffer.from(text.slice(start, end), 'latin1').toString('latin1'))
    this.#hashes.push(hash)
    this.#found.push(found)
    this.#place(hash, this.#words.length)
  }

  clear(): void {
    this.#slots = new Int32Array(1 << 16)
    this.#words = []
    this.#hashes = []
    this.#found = []
  }

  #place(hash: number, at: number): void {
    const mask = this.#slots.length - 1
    let slot = hash & mask
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
    this.#slots[slot] = at
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 4)
    for (const [at, hash] of this.#hashes.entries()) this.#place(hash, at + 1)
  }
}

/** FNV-1a, and its bits mixed once more, as the last of them choose the slot. */
function hashOf(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash ^ (hash >>> 15)
}

function isAt(text: string, start: number, end: number, word: string): boolean {
  if (word.length !== end - start) return false
  for (let at = 0; at < word.length; at++) if (text.charCodeAt(start + at) !== word.charCodeAt(at)) return false
  return true
}
