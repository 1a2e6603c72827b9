/** How much time something took, where much of it ran at the same time: seconds that two requests share count once. */
export class Covered {
  count = 0
  failed = 0
  /** Stretches that do not touch, in order. */
  private readonly stretches: {start: number; end: number}[] = []

  /** Adds a stretch that is over; none that was added before ended later. */
  add(start: number, end: number, failed = false): void {
    this.count++
    if (failed) this.failed++
    let from = start
    for (;;) {
      const last = this.stretches.at(-1)
      if (!last || last.end < from) break
      this.stretches.pop()
      from = Math.min(from, last.start)
    }
    this.stretches.push({start: from, end})
  }

  /** What is covered, in milliseconds. */
  get milliseconds(): number {
    return this.stretches.reduce((sum, {start, end}) => sum + end - start, 0)
  }
}
