import type {Round, StatusBoard} from '../nodes/status.js'

/**
 * The status rounds of a simulator in the same process. A recording does not say when rounds fell, its answers do: one may have been
 * after any exchange, and what it told stands until the next.
 */
export class Rounds {
  private looks: Round[] = []

  constructor(private readonly board: StatusBoard) {}

  /** Notes what a round would find at this moment. */
  look(): void {
    this.looks.push(this.board.look())
  }

  /** Shows the round for which an answer differs least, the earliest of these; never one before the round shown last. */
  async settle<T>(first: T, ask: () => Promise<T>, differences: (answer: T) => number): Promise<T> {
    const before = this.board.memory
    let best = {answer: first, memory: before, looks: this.looks, count: differences(first)}
    for (const [index, look] of this.looks.entries()) {
      if (best.count === 0) break
      this.board.memory = before
      this.board.tell(look)
      const answer = await ask()
      const count = differences(answer)
      if (count < best.count) best = {answer, memory: this.board.memory, looks: this.looks.slice(index + 1), count}
    }
    this.board.memory = best.memory
    this.looks = best.looks
    return best.answer
  }
}
