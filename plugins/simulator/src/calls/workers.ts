interface Pool {
  busy: number
  /** Occupied by a fault. */
  blocked: boolean
  waiting: (() => void)[]
}

/**
 * The workers of each node: with a limit, so many calls are served at once and the others wait, as PVE's daemons do with three each.
 * Fact: pve-manager, PVE/Service/pvedaemon.pm (max_workers).
 */
export class Workers {
  private readonly pools = new Map<string, Pool>()
  private allBlocked = 0

  /** @param limit workers a node; 0 for no limit */
  constructor(
    public limit: number,
    private readonly timeout: () => number,
  ) {}

  private pool(node: string): Pool {
    let pool = this.pools.get(node)
    if (!pool) this.pools.set(node, (pool = {busy: 0, blocked: false, waiting: []}))
    return pool
  }

  private isFree(pool: Pool): boolean {
    return !pool.blocked && this.allBlocked === 0 && (this.limit === 0 || pool.busy < this.limit)
  }

  /** Takes a worker of a node, waiting for one. Returns what gives it back, or undefined when none came free in time. */
  async take(node: string): Promise<(() => void) | undefined> {
    const pool = this.pool(node)
    if (this.isFree(pool)) pool.busy++
    else if (!(await this.wait(pool))) return undefined
    return () => {
      pool.busy--
      this.wake(pool)
    }
  }

  /** Waits for a turn; whoever is woken has taken the worker already. */
  private wait(pool: Pool): Promise<boolean> {
    return new Promise((resolve) => {
      const go = (): void => {
        clearTimeout(timer)
        pool.busy++
        resolve(true)
      }
      const timer = setTimeout(() => {
        pool.waiting.splice(pool.waiting.indexOf(go), 1)
        resolve(false)
      }, this.timeout()).unref()
      pool.waiting.push(go)
    })
  }

  private wake(pool: Pool): void {
    while (pool.waiting.length > 0 && this.isFree(pool)) pool.waiting.shift()!()
  }

  /** Occupies all workers of a node, or of all nodes; the returned function lets them go. */
  occupy(node: string | undefined): () => void {
    if (node === undefined) this.allBlocked++
    else this.pool(node).blocked = true
    return () => {
      if (node === undefined) this.allBlocked--
      else this.pool(node).blocked = false
      for (const pool of this.pools.values()) this.wake(pool)
    }
  }
}
