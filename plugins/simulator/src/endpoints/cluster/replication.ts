import {failure} from '../../errors.js'
import {Answer} from '../../http/print.js'
import {isSet, required, type Call, type Endpoints} from '../../simulation.js'
import type {Section} from '../../state/model.js'
import {nodeName} from '../guests/guest-access.js'

/** What a node knows about a replication job. */
function jobStatus(call: Call, id: string, job: Section): Section {
  const [vmid, number] = id.split('-')
  return {
    ...job,
    id,
    guest: Number(vmid),
    jobnum: Number(number),
    vmtype: call.state.guests[vmid!]?.type ?? 'qemu',
    last_sync: 0,
    last_try: 0,
    next_sync: 1800,
    fail_count: 0,
  }
}

const jobsOf = (call: Call): [string, Section][] =>
  Object.entries(call.state.sections.replication ?? {}).filter(([, job]) => job.source === nodeName(call))

function find(call: Call): Section {
  const id = required(call, 'id')
  const job = call.state.sections.replication?.[id]
  if (!job) throw failure(`no such replication job '${id}'`)
  return jobStatus(call, id, job)
}

function remove(call: Call): unknown {
  const id = required(call, 'id')
  const jobs = call.state.sections.replication ?? {}
  if (isSet(call, 'force')) {
    delete jobs[id]
    return null
  }
  if (!jobs[id]) throw failure(`no such job '${id}'`)
  jobs[id].remove_job = isSet(call, 'keep') ? 'local' : 'full'
  return null
}

export const replicationEndpoints: Endpoints = {
  'GET /nodes/{node}/replication': (call) => jobsOf(call).map(([id, job]) => jobStatus(call, id, job)),
  'GET /nodes/{node}/replication/{id}/status': find,
  'GET /nodes/{node}/replication/{id}/log': (call) => {
    find(call)
    return new Answer([{n: 1, t: 'unable to open file - No such file or directory'}], {total: 1})
  },
  'POST /nodes/{node}/replication/{id}/schedule_now': (call) => {
    find(call)
    return ''
  },
  'DELETE /cluster/replication/{id}': remove,
}
