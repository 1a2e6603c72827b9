/** A fast source of randomness (xorshift128); the same seed gives the same sequence. */
export class Random {
  private a = 0x9e3779b9
  private b = 0x243f6a88
  private c = 0xb7e15162
  private d: number

  constructor(seed: number) {
    this.d = seed >>> 0 || 1
    for (let round = 0; round < 16; round++) this.next()
  }

  /** Where the sequence stands, to go on from there with `restore`. */
  save(): number[] {
    return [this.a, this.b, this.c, this.d]
  }

  restore(numbers: number[]): void {
    ;[this.a, this.b, this.c, this.d] = numbers as [number, number, number, number]
  }

  /** An integer of 32 bits, not negative. */
  next(): number {
    const t = this.b << 9
    let r = this.a * 5
    r = ((r << 7) | (r >>> 25)) * 9
    this.c ^= this.a
    this.d ^= this.b
    this.b ^= this.c
    this.a ^= this.d
    this.c ^= t
    this.d = (this.d << 11) | (this.d >>> 21)
    return r >>> 0
  }

  /** An integer from 0 to below `limit`. */
  below(limit: number): number {
    return this.next() % limit
  }

  hex(digits: number): string {
    let text = ''
    while (text.length < digits) text += this.next().toString(16).padStart(8, '0')
    return text.slice(0, digits)
  }

  uuid(): string {
    const hex = this.hex(32)
    const variant = (8 + this.below(4)).toString(16)
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
  }

  /** Shuffles in place and returns the list. */
  shuffle<T>(list: T[]): T[] {
    for (let index = list.length - 1; index > 0; index--) {
      const other = this.below(index + 1)
      const kept = list[index]!
      list[index] = list[other]!
      list[other] = kept
    }
    return list
  }
}
