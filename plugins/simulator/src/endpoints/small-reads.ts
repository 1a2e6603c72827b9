import {required, type Call, type Endpoints} from '../simulation.js'
import {volumesIn} from '../guests/drives.js'
import {guestName} from '../guests/figures.js'
import {splitList} from '../contract/scalars.js'
import type {Guest} from '../state/model.js'
import {badParameter} from '../errors.js'

/** Guests a backup job takes. */
function jobGuests(call: Call, job: Record<string, unknown>): Guest[] {
  const excluded = splitList(String(job.exclude ?? ''))
  const chosen = job.vmid === undefined ? undefined : splitList(String(job.vmid))
  return Object.values(call.state.guests).filter(({vmid, pool}) => {
    if (excluded.includes(String(vmid))) return false
    if (chosen) return chosen.includes(String(vmid))
    return job.pool === undefined || job.pool === pool
  })
}

function includedVolumes(call: Call): unknown {
  const job = call.state.sections.jobs?.[required(call, 'id')]
  if (!job) throw badParameter('id', `No such job '${required(call, 'id')}'`)
  const children = jobGuests(call, job).map((guest) => ({
    id: guest.vmid,
    name: guestName(guest),
    type: guest.type,
    leaf: 0,
    children: volumesIn(guest.type, guest.config)
      .filter(([key]) => !key.startsWith('unused'))
      .map(([key, volid]) => {
        const excluded = /(?:^|,)backup=0/.test(String(guest.config[key]))
        const reason = key === 'rootfs' ? 'rootfs' : excluded ? 'backup=no' : 'backup=yes'
        return {id: `${guest.vmid}:${key}`, name: volid, leaf: 1, included: excluded ? 0 : 1, reason}
      }),
  }))
  return {children}
}

function notBackedUp(call: Call): unknown {
  const jobs = Object.values(call.state.sections.jobs ?? {}).filter((job) => job.enabled !== 0)
  const covered = new Set(jobs.flatMap((job) => jobGuests(call, job).map(({vmid}) => vmid)))
  return Object.values(call.state.guests)
    .filter((guest) => !covered.has(guest.vmid))
    .map((guest) => ({vmid: guest.vmid, name: guestName(guest), type: guest.type}))
}

/** The next ten times of simple schedules: every day, or every hour. */
function analyze(call: Call): unknown {
  const schedule = required(call, 'schedule')
  const step = schedule === 'hourly' ? 3600 : 86_400
  const first = Math.ceil((call.sim.now() + 1) / step) * step
  const names = {days: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']}
  return Array.from({length: 10}, (_, index) => {
    const timestamp = first + index * step
    const [, day, month, year, clock] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(
      new Date(timestamp * 1000).toUTCString(),
    )!
    const weekday = names.days[new Date(timestamp * 1000).getUTCDay()]
    return {timestamp, utc: `${weekday} ${month} ${String(Number(day)).padStart(2, ' ')} ${clock} ${year}`}
  })
}

const none: Endpoints[string] = () => []

export const smallReadEndpoints: Endpoints = {
  'GET /cluster/backup/{id}/included_volumes': includedVolumes,
  'GET /cluster/backup-info/not-backed-up': notBackedUp,
  'GET /cluster/jobs/schedule-analyze': analyze,
  'GET /nodes/{node}/disks/list': none,
}
