import type {Reply} from './client.js'
import {compareBodies, compareText, type Comparison} from './compare.js'
import type {Exchange} from './exchange.js'
import {isLagging, Lag} from './lag.js'
import {Mapping} from './made-up.js'
import {taskEnds} from './task.js'
import {recordedTimes, Timeline} from './timeline.js'

/** Compares the answers of a server with those of a recording, one after another. */
export class Judge {
  readonly mapping = new Mapping()
  readonly timeline: Timeline
  private readonly lag: Lag
  private readonly ends: ReadonlyMap<string, unknown>

  /** With `anyRound` a guest in a list may be as another status round of the recording told it. */
  constructor(
    private readonly exchanges: Exchange[],
    private readonly anyRound: boolean,
  ) {
    this.timeline = new Timeline(recordedTimes(exchanges))
    this.lag = new Lag(exchanges)
    this.ends = taskEnds(exchanges)
  }

  /** Notes that a request goes out at a moment, in seconds since the epoch. */
  send(index: number, now: number): void {
    const {path, query, requestBody} = this.exchanges[index]!
    this.timeline.pass(index, now)
    this.mapping.given(JSON.stringify([path, query, requestBody]))
  }

  /** What differs between an answer and the recorded one; nothing is remembered of it. */
  compare(index: number, reply: Reply): Comparison {
    const exchange = this.exchanges[index]!
    const state: Comparison = {
      path: exchange.path.replace(/\?.*/, ''),
      mapping: new Mapping(this.mapping),
      timeline: this.timeline,
      ends: this.ends,
      differences: [],
      ...(this.anyRound && isLagging(exchange) && {moments: (guest) => this.lag.moments(index, guest)}),
    }
    const {status, contentType: type} = reply
    if (status !== exchange.status) state.differences.push(`status: expected ${exchange.status}, got ${status}`)
    compareText(exchange.reason, reply.reason, 'reason', state)
    if (type !== exchange.contentType)
      state.differences.push(`content type: expected ${exchange.contentType}, got ${type}`)
    compareBodies(exchange.body, reply.body, state)
    return state
  }

  /** The same, and remembers what stands for the recording's made-up values. */
  settle(index: number, reply: Reply): string[] {
    const {differences, mapping} = this.compare(index, reply)
    this.mapping.keep(mapping)
    return differences
  }
}
