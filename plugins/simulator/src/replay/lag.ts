import type {Exchange} from './exchange.js'

type Entry = Record<string, unknown>

/** What pvestatd tells of a guest every ten seconds; all else in a list is read afresh for each answer. */
const figures =
  'name status uptime cpu maxcpu mem maxmem memhost disk maxdisk template netin netout diskread diskwrite'.split(' ')

/** Whether an answer shows what status rounds told. */
export const isLagging = ({method, path}: Exchange): boolean =>
  method === 'GET' && /^\/(?:cluster\/resources|pools)(?:[/?]|$)|\/rrd(?:data)?$/.test(path)

function guestsIn(body: unknown): Entry[] {
  if (Array.isArray(body)) return body.flatMap(guestsIn)
  if (typeof body !== 'object' || body === null) return []
  const entry = body as Entry
  return entry.vmid === undefined ? Object.values(entry).flatMap(guestsIn) : [entry]
}

/** What a recording shows of guests: the figures of each, in the order of the answers. */
export class Lag {
  private readonly seen: {index: number; guest: Entry}[]

  constructor(exchanges: Exchange[]) {
    this.seen = exchanges.flatMap((exchange, index) =>
      isLagging(exchange) ? guestsIn(exchange.body).map((guest) => ({index, guest})) : [],
    )
  }

  /** A recorded guest as earlier answers show it, as the next that differs does, or as one that no round has seen yet. */
  moments(index: number, guest: Entry): Entry[] {
    const same = this.seen.filter(({guest: {vmid}}) => vmid === guest.vmid)
    const next = same.findIndex((one) => one.index > index && figuresOf(one.guest) !== figuresOf(guest))
    const fresh = Object.fromEntries(Object.entries(guest).filter(([key]) => !figures.includes(key)))
    return [{status: 'unknown'}, ...same.slice(0, next < 0 ? same.length : next + 1).map((one) => one.guest)].map(
      (told: Entry) => ({
        ...fresh,
        ...Object.fromEntries(figures.filter((key) => told[key] !== undefined).map((key) => [key, told[key]])),
      }),
    )
  }
}

const figuresOf = (guest: Entry): string => JSON.stringify(figures.map((key) => guest[key] ?? null))
