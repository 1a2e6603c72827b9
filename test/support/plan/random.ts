/** Random numbers that a seed gives again (mulberry32). */
export class Dice {
  private state: number

  constructor(readonly seed: number) {
    this.state = seed >>> 0
  }

  /** From 0 to below 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** One of 0 … most - 1. */
  below(most: number): number {
    return Math.floor(this.next() * most)
  }

  chance(share: number): boolean {
    return this.next() < share
  }

  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new Error('there is nothing to pick from')
    return list[this.below(list.length)]!
  }

  /** So many different ones, in the order of the list. */
  some<T>(list: readonly T[], most: number): T[] {
    const rest = list.map((_, at) => at)
    const chosen = Array.from({length: Math.min(most, list.length)}, () => rest.splice(this.below(rest.length), 1)[0]!)
    return chosen.sort((a, b) => a - b).map((at) => list[at]!)
  }
}
