import type {Exchange} from './exchange.js'

/** Seconds by which moments may differ: those between two exchanges are only estimated. */
const slack = 20

const upids = /UPID:[A-Za-z0-9-]+:[0-9A-F]{8}:[0-9A-F]{8,9}:([0-9A-F]{8}):/g

/** Moments that answers tell: what a clock showed, and when a task began that no earlier answer names. */
function toldMoments(exchanges: Exchange[]): {index: number; time: number}[] {
  const told: {index: number; time: number}[] = []
  const known = new Set<string>()
  exchanges.forEach(({path, body}, index) => {
    const clock = (body as {data?: {time?: unknown}} | null)?.data?.time
    const times = /^\/nodes\/[^/]+\/time$/.test(path) && typeof clock === 'number' ? [clock] : []
    for (const [upid, hex] of JSON.stringify(body ?? null).matchAll(upids)) {
      if (!known.has(upid)) times.push(parseInt(hex!, 16))
      known.add(upid)
    }
    const time = Math.max(...times)
    if (times.length > 0 && time >= (told.at(-1)?.time ?? 0)) told.push({index, time})
  })
  return told
}

/** When each exchange was recorded, in seconds since the epoch: as answers tell, evenly spread between these. */
export function recordedTimes(exchanges: Exchange[]): number[] | undefined {
  const told = toldMoments(exchanges)
  if (told.length === 0) return undefined
  return exchanges.map((_, index) => {
    const after = told.find((one) => one.index >= index) ?? told.at(-1)!
    const before = told.findLast((one) => one.index <= index) ?? after
    const share = after.index === before.index ? 0 : (index - before.index) / (after.index - before.index)
    return before.time + (after.time - before.time) * share
  })
}

/** The recording's clock beside the one of the server under test. */
export class Timeline {
  private readonly passed: {recorded: number; actual: number}[] = []

  constructor(private readonly times: number[] | undefined) {}

  /** When an exchange was recorded. */
  at(index: number): number | undefined {
    return this.times?.[index]
  }

  /** Notes that an exchange is now sent. */
  pass(index: number, actual: number): void {
    const recorded = this.at(index)
    if (recorded !== undefined) this.passed.push({recorded, actual})
  }

  /** Whether a moment is not ahead. */
  isPast(actual: number): boolean {
    const now = this.passed.at(-1)
    return Number.isInteger(actual) && actual > 0 && (!now || actual <= now.actual + slack)
  }

  /** Whether something may have begun at the same moment, so many seconds before the present. */
  isSameSpan(recorded: number, actual: number): boolean {
    const now = this.passed.at(-1)
    return !now || !this.differs(Math.floor(now.recorded) - recorded, Math.floor(now.actual) - actual)
  }

  /** Whether a moment cannot be the recorded one: before the recording, the same span into it, or the same span ahead. */
  differs(recorded: number, actual: number): boolean {
    const [first, last] = [this.passed[0], this.passed.at(-1)]
    if (!Number.isInteger(actual) || actual <= 0) return true
    if (!first || !last) return false
    if (recorded < first.recorded - slack) return actual > first.actual + slack
    const beside = this.passed.findLast((one) => one.recorded <= recorded) ?? first
    const expected = beside === last ? last.actual + recorded - last.recorded : beside.actual
    return Math.abs(actual - expected) > slack
  }
}
