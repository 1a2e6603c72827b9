import {splitList} from '../contract/scalars.js'
import type {Simulation} from '../simulation.js'
import type {Section} from '../state/model.js'
import {comesBetween} from './calendar.js'

/** Keys of a job that are not options of vzdump. */
const ofTheJob = new Set(['enabled', 'schedule', 'comment', 'repeat-missed', 'node', 'id', 'type'])

/** Jobs that come due in a span of time, its end included, by their ids. */
export const dueJobs = (jobs: Record<string, Section>, after: number, until: number): string[] =>
  Object.keys(jobs).filter((id) => {
    const {enabled, schedule} = jobs[id]!
    return Number(enabled ?? 1) === 1 && schedule !== undefined && comesBetween(String(schedule), after, until)
  })

/** Runs a backup job: one task on each node that is on and has guests of it, as root. Returns their UPIDs. */
async function runJob(sim: Simulation, id: string): Promise<string[]> {
  const job = sim.state.sections.jobs?.[id]
  if (!job) return []
  const options = Object.fromEntries(Object.entries(job).filter(([key]) => !ofTheJob.has(key)))
  const nodes = job.node === undefined ? Object.keys(sim.state.nodes) : splitList(String(job.node))
  const upids: string[] = []
  for (const node of nodes.filter((name) => sim.state.nodes[name]?.power === 'online')) {
    const body = {...options, quiet: '1', 'job-id': id}
    const begun = sim.listener.perform({verb: 'POST', path: `/nodes/${node}/vzdump`, query: {}, body, auth: 'root@pam'})
    // A job that is refused leaves no task; its reason would stand in the system log.
    const upid = await begun.catch(() => undefined)
    if (typeof upid === 'string' && upid.startsWith('UPID:')) upids.push(upid)
  }
  return upids
}

/** What runs backup jobs when they are due, once a minute, as pvescheduler does. */
export class BackupScheduler {
  private last: number
  private readonly timer: NodeJS.Timeout

  constructor(private readonly sim: Simulation) {
    this.last = sim.now()
    this.timer = setInterval(() => void this.round(), 60_000).unref()
  }

  /** Runs what has come due since the round before. */
  async round(until = this.sim.now()): Promise<string[]> {
    const due = dueJobs(this.sim.state.sections.jobs ?? {}, this.last, until)
    this.last = Math.max(this.last, until)
    if (!this.sim.state.quorum) return []
    const begun: string[] = []
    for (const id of due) begun.push(...(await runJob(this.sim, id)))
    return begun
  }

  stop(): void {
    clearInterval(this.timer)
  }
}
