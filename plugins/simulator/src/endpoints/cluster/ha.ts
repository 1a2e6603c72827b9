import {failure} from '../../errors.js'
import {required, type Call, type Endpoints} from '../../simulation.js'

const services = (call: Call): [string, Record<string, unknown>][] =>
  Object.entries(call.state.sections['ha/resources'] ?? {})

function current(call: Call): unknown {
  const node = call.sim.localNode
  const list: Record<string, unknown>[] = [
    {
      id: 'quorum',
      type: 'quorum',
      node,
      status: call.state.quorum ? 'OK' : 'No quorum on node!',
      quorate: call.state.quorum ? 1 : 0,
    },
  ]
  if (call.sim.settings.release !== '8.4') {
    list.push({
      id: 'fencing',
      type: 'fencing',
      node,
      status: 'standby (CRM watchdog standby)',
      'armed-state': 'standby',
    })
  }
  for (const [sid, service] of services(call)) {
    const guest = call.state.guests[sid.split(':')[1]!]
    const wanted = service.state === 'enabled' ? 'started' : String(service.state ?? 'started')
    list.push({
      id: `service:${sid}`,
      type: 'service',
      sid,
      node: guest?.node,
      state: 'queued',
      request_state: wanted,
      status: `${sid} (${guest?.node}, queued)`,
      max_restart: 1,
      max_relocate: 1,
      failback: 1,
      ...service,
      ...(service.state !== undefined && {state: 'queued'}),
    })
  }
  return list
}

function request(call: Call): unknown {
  const sid = required(call, 'sid')
  if (!call.state.sections['ha/resources']?.[sid]) throw failure(`no such resource '${sid}'`)
  const node = required(call, 'node')
  return call.sim.settings.release === '8.4' ? null : {sid, 'requested-node': node}
}

const migrated = (what: string) => (): never => {
  throw failure(`cannot ${what}: ha groups have been migrated to rules`)
}

export const haEndpoints: Endpoints = {
  'GET /cluster/ha/status': () => ['current', 'manager_status', 'disarm-ha', 'arm-ha'].map((name) => ({name})),
  'GET /cluster/ha/status/current': current,
  'GET /cluster/ha/status/manager_status': (call) => ({
    quorum: {quorate: call.state.quorum ? '1' : '0', node: call.sim.localNode},
    manager_status: {node_status: {}},
  }),
  'POST /cluster/ha/resources/{sid}/migrate': request,
  'POST /cluster/ha/resources/{sid}/relocate': request,
  'GET /cluster/ha/groups': migrated('index groups'),
  'POST /cluster/ha/groups': migrated('create group'),
  'GET /cluster/ha/groups/{group}': migrated('read group'),
  'PUT /cluster/ha/groups/{group}': migrated('update group'),
  'DELETE /cluster/ha/groups/{group}': migrated('delete group'),
}
