import type {Simulation} from '../simulation.js'
import type {HaService, HaState, Section} from '../state/model.js'
import {betterPlace, placesFor} from './placement.js'
import {guestOf, wishOf} from './services.js'

type Parameters = Record<string, unknown>

const folder = (sid: string): 'qemu' | 'lxc' => (sid.startsWith('vm:') ? 'qemu' : 'lxc')

/**
 * The HA manager and the local resource managers of all nodes as one: each round takes every resource one step towards what it is asked
 * to be. Facts: pve-ha-manager, src/PVE/HA/Manager.pm and LRM.pm; the times between the steps are one round each.
 */
export class HaManager {
  /** Resources that a task is at work on. */
  private readonly busy = new Set<string>()

  constructor(private readonly sim: Simulation) {}

  /** Where no time passes between rounds, every request finds the work of one done. */
  settle(): void {
    if (this.sim.settings.statusInterval === 0) this.round()
  }

  /** One round of the manager; without quorum nobody may act. */
  round(): void {
    const {state} = this.sim
    const resources = state.sections['ha/resources'] ?? {}
    const idle = state.ha === undefined && Object.keys(resources).length === 0
    if (idle || state.world.ha === false || !state.quorum) return
    const ha = (state.ha ??= {services: {}, nodes: {}, commands: []})
    for (const sid of Object.keys(ha.services)) {
      const wish = resources[sid] && guestOf(state, sid) ? wishOf(resources[sid]) : undefined
      if (wish === undefined || wish === 'ignored' || ha.disarmed === 'ignore') delete ha.services[sid]
    }
    this.watchNodes(ha)
    if (ha.disarmed !== undefined) return
    this.takeCommands(ha)
    for (const [sid, resource] of Object.entries(resources)) {
      const guest = guestOf(state, sid)
      if (!guest || wishOf(resource) === 'ignored' || this.busy.has(sid)) continue
      const known = ha.services[sid]
      if (known) this.step(sid, known, resource, ha)
      else {
        const state = wishOf(resource) === 'started' ? 'request_start' : 'request_stop'
        ha.services[sid] = {state, node: guest.node, uid: this.sim.random.hex(22)}
      }
    }
  }

  /** A node that is off is fenced first, then gone. */
  private watchNodes(ha: HaState): void {
    for (const {name, power} of Object.values(this.sim.state.nodes)) {
      const before = ha.nodes[name]
      if (power === 'online') ha.nodes[name] = 'online'
      else if (before === 'fence' || before === 'gone') ha.nodes[name] = 'gone'
      else {
        const serves = Object.values(ha.services).some(({node}) => node === name)
        ha.nodes[name] = serves ? 'fence' : 'unknown'
        if (serves) this.note(`fencing: node '${name}' is to be fenced`)
      }
    }
  }

  private takeCommands(ha: HaState): void {
    for (const {sid, kind, node} of ha.commands.splice(0)) {
      const service = ha.services[sid]
      const ready = service?.state === 'started' || service?.state === 'stopped'
      if (!ready || service.node === node || this.sim.state.nodes[node]?.power !== 'online') continue
      Object.assign(service, {state: kind, target: node})
    }
  }

  private step(sid: string, service: HaService, resource: Section, ha: HaState): void {
    const guest = guestOf(this.sim.state, sid)!
    if (ha.nodes[service.node] !== 'online') return this.recover(sid, service, resource, ha)
    service.node = guest.node
    const wish = wishOf(resource)
    if (service.state === 'error' && wish !== 'disabled') return
    if (service.target !== undefined) return this.move(sid, service)
    service.running = guest.running
    if (wish !== 'started') {
      service.state = guest.running ? 'request_stop' : 'stopped'
      delete service.failures
      delete service.tried
      if (guest.running) this.run(sid, 'status/shutdown', {forceStop: 1, timeout: 60})
      return
    }
    service.state = 'started'
    const better = betterPlace(this.sim.state, sid)
    if (better !== undefined) Object.assign(service, {state: 'migrate', target: better})
    else if (!guest.running) this.run(sid, 'status/start', {}, (good) => this.started(sid, service, resource, good))
  }

  /** A start that fails is tried again, then on another node. */
  private started(sid: string, service: HaService, resource: Section, good: boolean): void {
    service.running = good
    if (good) {
      delete service.failures
      delete service.tried
      return
    }
    service.failures = (service.failures ?? 0) + 1
    if (service.failures <= Number(resource.max_restart ?? 1)) return
    const tried = (service.tried = [...(service.tried ?? []), service.node])
    const next = placesFor(this.sim.state, sid).find((node) => !tried.includes(node))
    if (next === undefined || tried.length > Number(resource.max_relocate ?? 1)) service.state = 'error'
    else Object.assign(service, {state: 'relocate', target: next, failures: 0})
  }

  private move(sid: string, service: HaService): void {
    const guest = guestOf(this.sim.state, sid)!
    const target = service.target!
    const live = guest.running && service.state === 'migrate'
    const begin = (): void =>
      this.run(sid, 'migrate', {target, ...(live && {[guest.type === 'qemu' ? 'online' : 'restart']: 1})}, () => {
        service.node = guestOf(this.sim.state, sid)?.node ?? service.node
        service.state = 'started'
        delete service.target
      })
    if (guest.running && !live) this.run(sid, 'status/shutdown', {forceStop: 1, timeout: 60}, begin)
    else begin()
  }

  /** Resources of a node that was fenced go to another one; what is disabled stays. */
  private recover(sid: string, service: HaService, resource: Section, ha: HaState): void {
    const guest = guestOf(this.sim.state, sid)!
    delete service.target
    if (wishOf(resource) === 'disabled') {
      service.state = 'stopped'
      return
    }
    if (ha.nodes[service.node] !== 'gone') {
      service.state = 'fence'
      return
    }
    const [target] = placesFor(this.sim.state, sid)
    if (target === undefined) {
      service.state = 'recovery'
      return
    }
    this.note(`recover service '${sid}' from fenced node '${service.node}' to node '${target}'`)
    Object.assign(guest, {node: target, running: false, paused: false, startTime: 0})
    Object.assign(service, {
      node: target,
      running: false,
      state: wishOf(resource) === 'started' ? 'started' : 'request_stop',
    })
  }

  private run(sid: string, action: string, body: Parameters, then: (good: boolean) => void = () => undefined): void {
    this.busy.add(sid)
    void this.task(sid, action, body).then((good) => {
      this.busy.delete(sid)
      then(good)
    })
  }

  /** Has a guest's node do something, as root; whether it went well. */
  private async task(sid: string, action: string, body: Parameters): Promise<boolean> {
    const {node, vmid} = guestOf(this.sim.state, sid)!
    const path = `/nodes/${node}/${folder(sid)}/${vmid}/${action}`
    try {
      const request = {verb: 'POST', path, query: {}, body, auth: 'root@pam', byManager: true}
      const upid = String(await this.sim.listener.perform(request))
      await this.sim.tasks.ended(upid)
      const result = this.sim.state.tasks.find((task) => task.upid === upid)?.exitstatus ?? ''
      return result === 'OK' || result.startsWith('WARNINGS')
    } catch {
      return false
    }
  }

  private note(msg: string): void {
    this.sim.tasks.clusterLog(this.sim.localNode, 'root@pam', msg, 4, 'pve-ha-crm')
  }
}
