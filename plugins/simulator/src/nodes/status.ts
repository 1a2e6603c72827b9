import {guestFigures} from '../guests/figures.js'
import {isOnNode} from '../storage/volumes.js'
import type {Simulation} from '../simulation.js'
import type {Guest} from '../state/model.js'

/** How long figures of a node that is off stay known, in seconds. */
const expiry = 300

interface Seen {
  guest: Guest
  figures: Record<string, unknown>
  at: number
}

/** Guests by VMID, as one round of pvestatd found them. */
export type Round = ReadonlyMap<number, Seen>

interface Memory {
  /** What the last round found. */
  shown: Round
  /** Guests and storages that some round has told of: their statistics stay. */
  told: ReadonlySet<string>
}

/**
 * What pvestatd last told the cluster about guests: names, states and figures lag behind by up to one round, and those of a node
 * that is off expire. Facts: pve-manager, PVE/API2Tools.pm (extract_vm_stats); pve-cluster, pmxcfs/status.c (five minutes).
 */
export class StatusBoard {
  /** What rounds have told so far: replaced by each, never changed. */
  memory: Memory = {shown: new Map(), told: new Set()}
  private timer: NodeJS.Timeout | undefined

  constructor(private readonly sim: Simulation) {
    const {statusInterval} = sim.settings
    this.round()
    if (statusInterval > 0) this.timer = setInterval(() => this.round(), statusInterval).unref()
  }

  /** One round of pvestatd on every node that is on, and of the HA manager. */
  round(): void {
    this.sim.ha.round()
    this.sim.replication.round()
    this.tell(this.look())
  }

  /** What a round finds now. */
  look(): Round {
    const {state} = this.sim
    const now = this.sim.now()
    const next = new Map<number, Seen>()
    for (const guest of Object.values(state.guests)) {
      const node = state.nodes[guest.node]
      const before = this.memory.shown.get(guest.vmid)
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
    this.memory = {shown: round, told: new Set([...this.memory.told, ...this.named()])}
  }

  /** What a round tells of now. */
  private named(): string[] {
    const {guests, storages, nodes} = this.sim.state
    const on = Object.values(nodes).filter(({power}) => power === 'online')
    const used = Object.values(storages).filter(({config}) => Number(config.disable ?? 0) !== 1)
    return [
      ...Object.values(guests).flatMap(({vmid, node}) => (nodes[node]?.power === 'online' ? [`vm/${vmid}`] : [])),
      ...used.flatMap((storage) =>
        on.flatMap(({name}) => (isOnNode(storage, name) ? [`storage/${name}/${storage.storage}`] : [])),
      ),
    ]
  }

  /** Whether a round has told of a guest or storage, such as `vm/100` or `storage/pve1/local`: from then on it has statistics. */
  hasStatistics(name: string): boolean {
    if (this.sim.settings.statusInterval === 0) this.tell(this.look())
    return this.memory.told.has(name)
  }

  /** Last known figures of a guest, or undefined for a new one and for one whose node has been off for long. */
  of(guest: Guest): Record<string, unknown> | undefined {
    const {state, settings} = this.sim
    const node = state.nodes[guest.node]
    if (settings.statusInterval === 0 && node?.power === 'online') return guestFigures(guest, node.cpus, this.sim.now())
    const seen = this.memory.shown.get(guest.vmid)
    if (!seen || seen.guest !== guest || this.sim.now() - seen.at >= expiry) return undefined
    return seen.figures
  }

  /** Makes figures of nodes that are off expire at once, as they do after five minutes. */
  expire(): void {
    const isOn = ({guest}: Seen): boolean => this.sim.state.nodes[guest.node]?.power === 'online'
    this.memory = {...this.memory, shown: new Map([...this.memory.shown].filter(([, one]) => isOn(one)))}
  }

  stop(): void {
    clearInterval(this.timer)
  }
}
