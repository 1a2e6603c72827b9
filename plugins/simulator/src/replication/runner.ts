import type {Simulation} from '../simulation.js'
import type {ReplicationState, Section} from '../state/model.js'

/** Seconds between two runs: those of a schedule in minutes, a quarter of an hour for others. */
export function stepOf(job: Section): number {
  const minutes = /^\*\/(\d+)$/.exec(String(job.schedule ?? ''))?.[1]
  return 60 * Number(minutes ?? 15)
}

/** The scheduler's part in replication: with each round, jobs that are due run, and those that are to go are gone. */
export class ReplicationRunner {
  constructor(private readonly sim: Simulation) {}

  /** Where no time passes between rounds, every request finds the work of one done. */
  settle(): void {
    if (this.sim.settings.statusInterval === 0) this.round()
  }

  round(): void {
    const {state} = this.sim
    const jobs = state.sections.replication ?? {}
    if (state.world.scheduler === false || !state.quorum) return
    for (const [id, job] of Object.entries(jobs)) {
      if (state.nodes[String(job.source)]?.power !== 'online') continue
      if (job.remove_job !== undefined) {
        delete jobs[id]
        delete state.replication?.[id]
        continue
      }
      const known = ((state.replication ??= {})[id] ??= {
        since: this.sim.now(),
        lastSync: 0,
        lastTry: 0,
        failures: 0,
        log: [],
      })
      const due = known.asked || this.sim.now() - (known.lastTry || known.since) >= stepOf(job)
      if (due && Number(job.disable ?? 0) !== 1) this.run(id, job, known)
    }
  }

  private run(id: string, job: Section, known: ReplicationState): void {
    const now = this.sim.now()
    const time = new Date(now * 1000).toISOString().slice(0, 19).replace('T', ' ')
    const log = (line: string): void => void known.log.push(`${time} ${id}: ${line}`)
    known.log = []
    known.lastTry = now
    delete known.asked
    log('start replication job')
    const target = this.sim.state.nodes[String(job.target)]
    if (target?.power === 'online') {
      Object.assign(known, {lastSync: now, failures: 0, duration: 1})
      delete known.error
      log('end replication job')
      return
    }
    known.failures++
    known.error = `command '/usr/bin/ssh -e none -o 'BatchMode=yes' root@${target?.ip ?? String(job.target)} -- /bin/true' failed: exit code 255`
    log(`end replication job with error: ${known.error}`)
  }
}
