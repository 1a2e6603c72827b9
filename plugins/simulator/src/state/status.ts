import {guestFigures} from '../guests/figures.js'
import {isOnNode} from '../storage/volumes.js'
import type {Simulation} from '../simulation.js'
import type {Guest} from './model.js'

/** How long figures of a node that is off stay known, in seconds. */
const expiry = 300

interface Seen {
  guest: Guest
  figures: Record<string, unknown>
  at: number
}

/** Guests by VMID, as one round of pvestatd found them. */
export type Round = ReadonlyMap<number, Seen>

/**
 * What pvestatd last told the cluster about guests: names, states and figures lag behind by up to one round, and those of a node
 * that is off expire. Facts: FACTS 4.
 */
export class StatusBoard {
  /** What the last round found. */
  shown: Round = new Map()
  private timer: NodeJS.Timeout | undefined
  /** Guests and storages that some round has told of: their statistics stay. */
  private readonly told = new Set<string>()

  constructor(private readonly sim: Simulation) {
    const {statusInterval} = sim.settings
    this.round()
    if (statusInterval > 0) this.timer = setInterval(() => this.round(), statusInterval).unref()
  }

  /** One round of pvestatd on every node that is on, and of the HA manager. */
  round(): void {
    this.sim.ha.round()
    this.tell(this.look())
  }

  /** What a round finds now. */
  look(): Round {
    const {state} = this.sim
    const now = this.sim.now()
    const next = new Map<number, Seen>()
    for (const guest of Object.values(state.guests)) {
      const node = state.nodes[guest.node]
      const before = this.shown.get(guest.vmid)
      if (node?.power === 'online') {
        next.set(guest.vmid, {guest, figures: guestFigures(guest, node.cpus, now), at: now})
      } else if (before && before.guest === guest && now - before.at < expiry) {
        next.set(guest.vmid, before)
      }
    }
    return next
  }

  /** Tells the cluster what a round found. */
  tell(round: Round): void {
    this.shown = round
    this.note()
  }

  private note(): void {
    const {guests, storages, nodes} = this.sim.state
    const on = Object.values(nodes).filter(({power}) => power === 'online')
    for (const {vmid, node} of Object.values(guests)) if (nodes[node]?.power === 'online') this.told.add(`vm/${vmid}`)
    for (const storage of Object.values(storages)) {
      if (Number(storage.config.disable ?? 0) === 1) continue
      for (const {name} of on) if (isOnNode(storage, name)) this.told.add(`storage/${name}/${storage.storage}`)
    }
  }

  /** Whether a round has told of a guest or storage, such as `vm/100` or `storage/pve1/local`: from then on it has statistics. */
  hasStatistics(name: string): boolean {
    if (this.sim.settings.statusInterval === 0) this.note()
    return this.told.has(name)
  }

  /** Last known figures of a guest, or undefined for a new one and for one whose node has been off for long. */
  of(guest: Guest): Record<string, unknown> | undefined {
    const {state, settings} = this.sim
    const node = state.nodes[guest.node]
    if (settings.statusInterval === 0 && node?.power === 'online') return guestFigures(guest, node.cpus, this.sim.now())
    const seen = this.shown.get(guest.vmid)
    if (!seen || seen.guest !== guest || this.sim.now() - seen.at >= expiry) return undefined
    return seen.figures
  }

  /** Makes figures of nodes that are off expire at once, as they do after five minutes. */
  expire(): void {
    const isOn = ({guest}: Seen): boolean => this.sim.state.nodes[guest.node]?.power === 'online'
    this.shown = new Map([...this.shown].filter(([, one]) => isOn(one)))
  }

  stop(): void {
    clearInterval(this.timer)
  }
}
