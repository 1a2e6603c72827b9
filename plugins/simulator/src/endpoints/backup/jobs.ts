import {nextEvent} from '../../backup/calendar.js'
import {backupVolumes, jobGuests} from '../../backup/selection.js'
import {badParameter} from '../../errors.js'
import {guestName} from '../../guests/figures.js'
import {integer, required, type Call, type Endpoints} from '../../calls/call.js'

/** What a backup job takes of each of its guests, as a tree. */
function includedVolumes(call: Call): unknown {
  const job = call.sim.state.sections.jobs?.[required(call, 'id')]
  if (!job) throw badParameter('id', `No such job '${required(call, 'id')}'`)
  const children = jobGuests(call.sim.state, job).map((guest) => ({
    id: guest.vmid,
    name: guestName(guest),
    type: guest.type,
    leaf: 0,
    children: backupVolumes(call, guest).map(({key, volid, included, reason}) => ({
      id: `${guest.vmid}:${key}`,
      name: volid,
      leaf: 1,
      included: included ? 1 : 0,
      reason,
    })),
  }))
  return {children}
}

function notBackedUp(call: Call): unknown {
  const jobs = Object.values(call.sim.state.sections.jobs ?? {}).filter((job) => job.enabled !== 0)
  const covered = new Set(jobs.flatMap((job) => jobGuests(call.sim.state, job).map(({vmid}) => vmid)))
  return Object.values(call.sim.state.guests)
    .filter((guest) => !covered.has(guest.vmid))
    .filter(({vmid}) => call.sim.permissions.has(call.auth, `/vms/${vmid}`, 'VM.Audit'))
    .map((guest) => ({vmid: guest.vmid, name: guestName(guest), type: guest.type}))
}

/** A moment as C's `asctime` prints it: `Sun Nov 22 00:00:00 2026`. */
function spelled(seconds: number): string {
  const [weekday, day, month, year, clock] = new Date(seconds * 1000).toUTCString().split(/,? /)
  return `${weekday} ${month} ${String(Number(day)).padStart(2, ' ')} ${clock} ${year}`
}

/** The next times of a schedule, in UTC. */
function analyze(call: Call): unknown {
  const times: {timestamp: number; utc: string}[] = []
  let after = integer(call, 'starttime', call.sim.now())
  for (let count = integer(call, 'iterations', 10); count > 0; count--) {
    const next = nextEvent(required(call, 'schedule'), after)
    if (next === undefined) break
    times.push({timestamp: next, utc: spelled(next)})
    after = next
  }
  return times
}

export const backupJobEndpoints: Endpoints = {
  'GET /cluster/backup/{id}/included_volumes': includedVolumes,
  'GET /cluster/backup-info/not-backed-up': notBackedUp,
  'GET /cluster/jobs/schedule-analyze': analyze,
}
