import {SeedError} from '../errors.js'
import type {Release} from '../contract/contract.js'
import {faultFrom} from '../faults/parse.js'
import type {FaultSpec} from '../faults/kinds.js'
import type {Simulation} from '../simulation.js'
import {withTables} from '../state/tables.js'
import type {State} from '../state/model.js'

const format = 'pmpc simulator state'

/** A simulation as a file: everything it answers from. */
export interface Saved {
  format: typeof format
  version: 1
  release: Release
  /** Token whose id and secret the ready line shows. */
  token: string
  /** Where the sequence of random numbers stands, so that generated ids recur. */
  random: number[]
  pid: number
  faults: FaultSpec[]
  state: State
}

export const isSaved = (value: unknown): value is Saved =>
  typeof value === 'object' && value !== null && (value as Saved).format === format

/** Everything about a simulation that a replay needs. Secrets of its users are in it. */
export function saveSimulation(sim: Simulation): Saved {
  return {
    format,
    version: 1,
    release: sim.settings.release,
    token: sim.shownToken,
    random: sim.random.save(),
    pid: sim.tasks.nextPid,
    faults: sim.faults.specs(),
    state: sim.faults.without(() => structuredClone(sim.state)),
  }
}

/** Checks what was read from a file. @throws SeedError when it is no state or one that this version cannot read */
export function checkSaved(value: unknown): Saved {
  if (!isSaved(value)) throw new SeedError('this is no saved state: `format` is missing')
  if (value.version !== 1) throw new SeedError(`a saved state of version ${String(value.version)} cannot be read`)
  return value
}

/** A task that ran when the state was saved has lost its worker, as after a crash of its node. */
function endTasks(state: State, now: number): void {
  for (const task of state.tasks) {
    if (task.endtime !== undefined) continue
    task.endtime = now
    task.exitstatus = 'unexpected status'
  }
}

/** Replaces the state of a running simulation, and its faults. @throws SeedError when the state is of another release */
export function restoreSimulation(sim: Simulation, value: unknown): void {
  const saved = checkSaved(structuredClone(value))
  if (saved.release !== sim.settings.release)
    throw new SeedError(`the state is of Proxmox VE ${saved.release}, the simulator runs as ${sim.settings.release}`)
  const faults = saved.faults.map((spec) => faultFrom({...spec}))
  sim.faults.clear()
  sim.tasks.stop()
  const current = sim.state as unknown as Record<string, unknown>
  for (const key of Object.keys(current)) delete current[key]
  Object.assign(sim.state, withTables(saved.state))
  endTasks(sim.state, sim.now())
  sim.localNode = Object.keys(sim.state.nodes)[0]!
  sim.shownToken = saved.token
  sim.random.restore(saved.random)
  sim.tasks.nextPid = saved.pid
  sim.permissions.invalidate()
  sim.board.round()
  for (const fault of faults) sim.faults.add(fault)
}
