/** What work claims while it lasts. */
export interface Claim {
  /** `guest/100`, `storage/local-lvm`, `node/pve1`. */
  key: string
  /** How many such claims hold at once; 1 unless given: the work has it to itself. One that is alone and ones that are shared exclude each other. */
  most?: number
}

interface Waiting {
  most: number
  start: () => void
}

interface Lane {
  holding: number
  /** Whether one holds it alone. */
  isAlone: boolean
  queue: Waiting[]
}

/** Lets work begin when nothing else holds what it claims, in the order in which it came. */
export class Claims {
  private readonly lanes = new Map<string, Lane>()

  /** Runs work while it holds all that it claims. */
  async holding<T>(claims: readonly Claim[], work: () => Promise<T>): Promise<T> {
    // In one order everywhere, or two callers could wait for each other.
    const sorted = [...new Map(claims.map((claim) => [claim.key, claim])).values()].sort((a, b) =>
      a.key < b.key ? -1 : 1,
    )
    for (const claim of sorted) await this.take(claim)
    try {
      return await work()
    } finally {
      for (const {key} of sorted) this.give(key)
    }
  }

  private async take({key, most = 1}: Claim): Promise<void> {
    const lane = this.lanes.get(key) ?? {holding: 0, isAlone: false, queue: []}
    this.lanes.set(key, lane)
    await new Promise<void>((start) => {
      lane.queue.push({most, start})
      startWaiting(lane)
    })
  }

  private give(key: string): void {
    const lane = this.lanes.get(key)!
    lane.holding--
    lane.isAlone = false
    startWaiting(lane)
    if (lane.holding === 0 && lane.queue.length === 0) this.lanes.delete(key)
  }
}

function startWaiting(lane: Lane): void {
  for (let first = lane.queue[0]; first; first = lane.queue[0]) {
    const isFree = lane.holding === 0 || (!lane.isAlone && first.most > 1 && lane.holding < first.most)
    if (!isFree) return
    lane.queue.shift()
    lane.holding++
    lane.isAlone = first.most === 1
    first.start()
  }
}
