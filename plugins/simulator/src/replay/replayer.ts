import {Client, type Reply, type Target} from './client.js'
import type {Exchange} from './exchange.js'
import type {Holds} from './holds.js'
import {Judge} from './judge.js'
import {isLagging} from './lag.js'
import type {Rounds} from './rounds.js'
import {taskIn} from './task.js'

/** What a replay can do to a simulator in the same process, so that time passes there as it did in the recording. */
export interface Control {
  /** Sets the clock, in seconds since the epoch. */
  setTime(seconds: number): void
  rounds: Rounds
  holds: Holds
}

export interface Outcome {
  exchange: Exchange
  differences: string[]
}

const pollInterval = 50
const pollLimit = 600

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Sends the requests of a recording in order and compares the answers. @throws with file and line where the server cannot be reached */
export async function replay(exchanges: Exchange[], target: Target, control?: Control): Promise<Outcome[]> {
  const judge = new Judge(exchanges, control === undefined)
  const client = new Client(target, judge.mapping)
  const replayer = new Replayer(exchanges, judge, client, control)
  const outcomes: Outcome[] = []
  try {
    for (const [index, exchange] of exchanges.entries())
      outcomes.push({exchange, differences: await replayer.replay(index)})
  } finally {
    client.close()
  }
  return outcomes
}

class Replayer {
  constructor(
    private readonly exchanges: Exchange[],
    private readonly judge: Judge,
    private readonly client: Client,
    private readonly control?: Control,
  ) {}

  async replay(index: number): Promise<string[]> {
    const exchange = this.exchanges[index]!
    try {
      return this.judge.settle(index, await this.ask(index, exchange))
    } catch (error) {
      const {code, message} = error as NodeJS.ErrnoException
      if (code === undefined) return [`cannot be sent: ${message}`]
      throw new Error(`${exchange.place}: ${message}`, {cause: error})
    }
  }

  private async ask(index: number, exchange: Exchange): Promise<Reply> {
    const {judge, client, control} = this
    this.judge.send(index, this.tellTime(index))
    if (!control) return this.untilEnded(exchange, await client.ask(exchange))
    await control.holds.endBefore(index)
    let reply = await control.holds.during(exchange, () => client.ask(exchange))
    reply = await this.untilEnded(exchange, reply)
    if (isLagging(exchange)) {
      const count = (other: Reply): number => judge.compare(index, other).differences.length
      reply = await control.rounds.settle(reply, () => client.ask(exchange), count)
    }
    control.rounds.look()
    return reply
  }

  /** A task that had ended when it was recorded is waited for. */
  private async untilEnded(exchange: Exchange, first: Reply): Promise<Reply> {
    if (taskIn(exchange.body)?.status !== 'stopped') return first
    let reply = first
    for (let polls = 0; polls < pollLimit && taskIn(reply.body)?.status === 'running'; polls++) {
      await sleep(pollInterval)
      reply = await this.client.ask(exchange)
    }
    return reply
  }

  /** The moment of an exchange on the clock of the server under test. */
  private tellTime(index: number): number {
    const recorded = this.judge.timeline.at(index)
    if (!this.control || recorded === undefined) return Date.now() / 1000
    this.control.setTime(recorded)
    return recorded
  }
}
