import {requireAll} from '../../access/checks.js'
import {badParameter, failure} from '../../errors.js'
import {Answer} from '../../calls/print.js'
import {integer, isSet, required, type Call, type Endpoints} from '../../calls/call.js'
import {stepOf} from '../../replication/runner.js'
import type {Section} from '../../state/model.js'
import {nodeName} from '../../calls/node.js'

/** What a node knows about a replication job. */
function jobStatus(call: Call, id: string, job: Section): Section {
  const [vmid, number] = id.split('-')
  const known = call.sim.state.replication?.[id]
  const lastSync = known?.lastSync ?? 0
  const step = stepOf(job)
  return {
    ...job,
    id,
    guest: Number(vmid),
    jobnum: Number(number),
    vmtype: call.sim.state.guests[vmid!]?.type ?? 'qemu',
    last_sync: lastSync,
    last_try: known?.lastTry ?? 0,
    next_sync: (Math.floor(lastSync / step) + 1) * step,
    fail_count: known?.failures ?? 0,
    ...(known?.duration !== undefined && {duration: known.duration}),
    ...(known?.error !== undefined && {error: known.error}),
  }
}

/** Asks for a right on the guest of a job. @throws ApiError 403 */
const requireOnJob = (call: Call, privilege: string): void =>
  requireAll(call.sim, call.auth, `/vms/${required(call, 'id').split('-')[0]}`, [privilege])

/** In 8.4 the contract asks for a right on all storages. @throws ApiError 403 */
export function requireReplicate(call: Call): void {
  if (call.sim.settings.release !== '8.4') requireOnJob(call, 'VM.Replicate')
}

const jobsOf = (call: Call): [string, Section][] =>
  Object.entries(call.sim.state.sections.replication ?? {}).filter(([, job]) => job.source === nodeName(call))

function find(call: Call): Section {
  const id = required(call, 'id')
  const job = call.sim.state.sections.replication?.[id]
  if (!job) throw failure(`no such replication job '${id}'`)
  return jobStatus(call, id, job)
}

/** Has a job removed with the scheduler's next round, or at once where that is forced. @throws ApiError */
export function removeJob(call: Call): unknown {
  requireReplicate(call)
  const id = required(call, 'id')
  const jobs = call.sim.state.sections.replication ?? {}
  if (isSet(call, 'force')) {
    if (isSet(call, 'keep')) throw badParameter('keep', `conflicts with parameter 'force'`)
    delete jobs[id]
    delete call.sim.state.replication?.[id]
    return null
  }
  if (!jobs[id]) throw failure(`no such job '${id}'`)
  jobs[id].remove_job = isSet(call, 'keep') ? 'local' : 'full'
  return null
}

function status(call: Call): unknown {
  requireOnJob(call, 'VM.Audit')
  return find(call)
}

function log(call: Call): unknown {
  if (!call.sim.permissions.has(call.auth, `/nodes/${nodeName(call)}`, 'Sys.Audit')) requireOnJob(call, 'VM.Audit')
  find(call)
  const kept = call.sim.state.replication?.[required(call, 'id')]?.log ?? []
  const lines = kept.length > 0 ? kept : ['unable to open file - No such file or directory']
  const start = integer(call, 'start', 0)
  const shown = lines.map((t, index) => ({n: index + 1, t})).slice(start, start + integer(call, 'limit', 50))
  return new Answer(shown, {total: lines.length})
}

/** The job runs with the scheduler's next round. */
function scheduleNow(call: Call): unknown {
  requireReplicate(call)
  find(call)
  const known = call.sim.state.replication?.[required(call, 'id')]
  if (known) known.asked = true
  return ''
}

export const replicationEndpoints: Endpoints = {
  'GET /nodes/{node}/replication': (call) =>
    jobsOf(call)
      .filter(([id]) => call.sim.permissions.has(call.auth, `/vms/${id.split('-')[0]}`, 'VM.Audit'))
      .map(([id, job]) => jobStatus(call, id, job)),
  'GET /nodes/{node}/replication/{id}/status': status,
  'GET /nodes/{node}/replication/{id}/log': log,
  'POST /nodes/{node}/replication/{id}/schedule_now': scheduleNow,
}
