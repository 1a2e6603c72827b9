import type {Simulation} from '../simulation.js'
import type {NodeState} from '../state/model.js'

const kept = 1000

/** Adds a line to a node's journal, as a program of that unit would. */
export function writeJournal(sim: Simulation, node: NodeState, unit: string, msg: string): void {
  const journal = (node.journal ??= [])
  journal.push({time: sim.now(), unit, pid: unit === 'systemd' ? 1 : 101, msg})
  if (journal.length > kept) journal.splice(0, journal.length - kept)
}
