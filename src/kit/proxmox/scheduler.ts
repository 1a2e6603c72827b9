/** What a request tells about the load of its node. */
export type Verdict = 'fine' | 'node-overloaded' | 'all-overloaded'

export interface Budget {
  /** Requests in flight for one owning node; PVE runs 3 workers a daemon (pve-manager, PVE/Service/pvedaemon.pm, max_workers). */
  perNode: number
  /** Requests in flight in all. */
  total: number
}

export interface Job<T> {
  /** The node whose daemon does the work; undefined for what any node answers. */
  node?: string
  /** Jobs with the same lock run one after the other, in the order they came. */
  lock?: string
  run: (report: (verdict: Verdict) => void) => Promise<T>
}

export interface Scheduler {
  run<T>(job: Job<T>): Promise<T>
  /** What is allowed now: the budget given, or less after overload. */
  limits(node?: string): Budget
}

/** A limit that halves on overload and grows back by one after each run of good answers. */
interface Gate {
  max: number
  limit: number
  running: number
  good: number
  /** Counts the halvings: answers to requests sent before the last one say nothing new. */
  epoch: number
}

interface Lane extends Gate {
  queue: (() => void)[]
  /** When it last got a turn. */
  served: number
}

const answersToGrow = 8

/**
 * Keeps few requests in flight per owning node and in all, and fewer still after overload.
 * Nodes take turns, so that one slow node cannot starve the others.
 */
export function createScheduler(budget: Budget): Scheduler {
  const all = newGate(budget.total)
  const lanes = new Map<string, Lane>()
  const tails = new Map<string, Promise<unknown>>()
  let turns = 0

  function laneOf(node: string): Lane {
    const known = lanes.get(node)
    if (known !== undefined) return known
    const lane: Lane = {...newGate(budget.perNode), queue: [], served: 0}
    lanes.set(node, lane)
    return lane
  }

  function startWaiting(): void {
    while (all.running < all.limit) {
      const lane = emptiest([...lanes.values()].filter((one) => one.queue.length > 0 && one.running < one.limit))
      if (lane === undefined) return
      lane.running++
      all.running++
      lane.served = ++turns
      lane.queue.shift()?.()
    }
  }

  async function inTurn<T>(job: Job<T>): Promise<T> {
    const lane = laneOf(job.node ?? '')
    await new Promise<void>((start) => {
      lane.queue.push(start)
      startWaiting()
    })
    const epochs = {lane: lane.epoch, all: all.epoch}
    let verdict = 'fine' as Verdict
    try {
      return await job.run((reported) => (verdict = reported))
    } finally {
      lane.running--
      all.running--
      judge(lane, verdict !== 'fine', epochs.lane)
      judge(all, verdict === 'all-overloaded', epochs.all)
      startWaiting()
    }
  }

  return {
    run: (job) => (job.lock === undefined ? inTurn(job) : afterLast(tails, job.lock, () => inTurn(job))),
    limits: (node) => ({perNode: lanes.get(node ?? '')?.limit ?? budget.perNode, total: all.limit}),
  }
}

/** The lane with the least in flight; among equals the one that waited longest. */
function emptiest(lanes: Lane[]): Lane | undefined {
  return lanes.sort((a, b) => a.running - b.running || a.served - b.served)[0]
}

function newGate(max: number): Gate {
  return {max, limit: max, running: 0, good: 0, epoch: 0}
}

function judge(gate: Gate, overloaded: boolean, epoch: number): void {
  if (!overloaded) {
    if (gate.limit < gate.max && ++gate.good >= answersToGrow) {
      gate.limit++
      gate.good = 0
    }
    return
  }
  if (epoch !== gate.epoch) return
  gate.limit = Math.max(1, Math.floor(gate.limit / 2))
  gate.good = 0
  gate.epoch++
}

/** Runs `work` when the last one with the same key has ended, well or badly. */
export async function afterLast<T>(
  tails: Map<string, Promise<unknown>>,
  key: string,
  work: () => Promise<T>,
): Promise<T> {
  const before = tails.get(key) ?? Promise.resolve()
  const mine = before.then(work, work)
  const tail = mine.then(
    () => undefined,
    () => undefined,
  )
  tails.set(key, tail)
  try {
    return await mine
  } finally {
    if (tails.get(key) === tail) tails.delete(key)
  }
}
