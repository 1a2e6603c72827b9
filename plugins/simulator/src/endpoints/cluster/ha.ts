import {failure} from '../../errors.js'
import {requestMove} from '../../ha/placement.js'
import {infeasible, nodePriorities, printPriorities} from '../../ha/rules.js'
import {guestOf, wishOf} from '../../ha/services.js'
import {splitList} from '../../contract/scalars.js'
import {required, text, type Call, type Endpoints, type Handler} from '../../calls/call.js'
import type {HaService, HaState, Section} from '../../state/model.js'
import {sectionEndpoints, type SectionKind} from '../shared/sections.js'
import {sectionsOf} from '../../calls/sections.js'
import {configuredNodes} from './membership.js'

const old = (call: Call): boolean => call.sim.settings.release === '8.4'
const resourcesOf = (call: Call): Record<string, Section> => sectionsOf(call, 'ha/resources')

/** `180` means the service of that guest. @throws ApiError 500 when there is no such guest */
function serviceId(call: Call, given: string): string {
  if (given.includes(':')) return given
  const guest = call.sim.state.guests[given]
  if (!guest) throw failure(`unable do add resource - VM/CT ${given} does not exist`)
  return `${guest.type === 'lxc' ? 'ct' : 'vm'}:${given}`
}

const kindNames: Record<string, {type: string; text: string}> = {
  vm: {type: 'qemu', text: 'virtual machine'},
  ct: {type: 'lxc', text: 'container'},
}

/** What a new resource names has to be there, and be of its kind. */
function checkGuest(call: Call, sid: string): void {
  const [kind = '', name = ''] = sid.split(':')
  const named = kindNames[kind]
  if (!named) throw failure(`unknown section type '${kind}'`)
  if (text(call, 'type') !== undefined && text(call, 'type') !== kind) throw failure('types does not match')
  if (!/^[1-9]\d+$/.test(name)) throw failure('invalid VMID')
  const guest = guestOf(call.sim.state, sid)
  if (!guest) throw failure(`resource '${sid}' does not exist in cluster`)
  if (guest.type !== named.type) throw failure(`resource '${sid}' - guest with ID ${name} is not a ${named.text}`)
}

function checkGroup(call: Call, action: 'create' | 'update'): void {
  const group = text(call, 'group')
  if (group === undefined) return
  if (!old(call)) throw failure(`invalid parameter 'group': ha groups have been migrated to rules`)
  if (action === 'update' && !sectionsOf(call, 'ha/groups')[group]) throw failure(`HA group '${group}' does not exist`)
}

/** Nothing is asked of a resource in error but to be disabled. */
function checkError(call: Call, sid: string, wish?: string): void {
  if (call.sim.state.ha?.services[sid]?.state === 'error' && wish !== 'disabled')
    throw failure(`service '${sid}' in error state, must be disabled and fixed first`)
}

/** Takes a resource that is gone out of the rules; one without resources goes too. */
function leaveRules(call: Call, sid: string): void {
  if (text(call, 'purge') === '0') return
  for (const [name, rule] of Object.entries(sectionsOf(call, 'ha/rules'))) {
    const left = splitList(String(rule.resources)).filter((other) => other !== sid)
    if (left.length === 0) delete sectionsOf(call, 'ha/rules')[name]
    else rule.resources = left.join(',')
  }
}

const resources: SectionKind = {
  path: '/cluster/ha/resources',
  id: 'sid',
  file: 'ha/resources',
  showId: true,
  nameOf: serviceId,
  prefix: {create: 'create resource failed: ', update: 'update resources config failed: '},
  exists: (id) => `resource ID '${id}' already defined`,
  missing: {
    show: (id) => `no such resource '${id}'`,
    delete: (id) => `cannot delete service '${id}', not HA managed!`,
  },
  unknownKey: (key) => `no such option '${key}'`,
  filter: (call, id) => call.param.type === undefined || id.startsWith(`${String(call.param.type)}:`),
  shown: (call, id, section, where) => ({
    type: id.split(':')[0],
    ...section,
    ...(where === 'list' &&
      section.group !== undefined &&
      !sectionsOf(call, 'ha/groups')[String(section.group)] && {
        errors: {group: `group '${String(section.group)}' does not exist`},
      }),
  }),
  before: (call, id, action) => {
    checkGroup(call, action)
    if (action === 'create') checkGuest(call, id)
    else {
      if (text(call, 'type') !== undefined && text(call, 'type') !== id.split(':')[0])
        throw failure('types does not match')
      checkError(call, id, text(call, 'state'))
    }
  },
  prepare: (_call, _id, section) => void delete section.type,
  removed: leaveRules,
}

const groups: SectionKind = {
  path: '/cluster/ha/groups',
  id: 'group',
  file: 'ha/groups',
  showId: true,
  prefix: {create: 'create ha group failed: ', update: 'update ha group failed: ', delete: 'delete ha group failed: '},
  exists: (id) => `ha group ID '${id}' already defined`,
  missing: {show: (id) => `no such ha group '${id}'`},
  unknownKey: (key) => `no such option '${key}'`,
  needed: ['nodes'],
  shown: (_call, _id, section) => ({type: 'group', ...section}),
  prepare: (_call, _id, section) => {
    delete section.type
    section.nodes = printPriorities(nodePriorities(section.nodes))
  },
  beforeRemoval: (call, id) => {
    const user = Object.entries(resourcesOf(call)).find(([, {group}]) => group === id)
    if (user) throw failure(`delete ha group failed: ha group is used by service '${user[0]}'`)
  },
}

/** What a rule names has to be there. */
function checkNames(call: Call, prefix: string): void {
  const given = (key: string): string[] => [...new Set(splitList(text(call, key) ?? ''))].sort()
  const unmanaged = given('resources').filter((sid) => !resourcesOf(call)[sid])
  if (unmanaged.length > 0) throw failure(`${prefix}cannot use unmanaged resource(s) ${unmanaged.join(', ')}.`)
  const unknown = given('nodes')
    .map((node) => node.split(':')[0]!)
    .filter((node) => !call.sim.state.nodes[node])
  if (unknown.length > 0) throw failure(`${prefix}cannot use non-existent node(s) ${unknown.join(', ')}.`)
}

const rulePrefix = {create: 'create ha rule failed: ', update: 'update HA rules failed: '}

/** A text whose letters are taken for the bytes of another one. */
const decodedOnceMore = (text: string): string =>
  Buffer.from(
    text.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  ).toString()

const rules: SectionKind = {
  path: '/cluster/ha/rules',
  id: 'rule',
  file: 'ha/rules',
  showId: true,
  prefix: rulePrefix,
  exists: (id) => `HA rule '${id}' already defined`,
  missing: {show: (id) => `no such ha rule '${id}'`, update: (id) => `HA rule '${id}' does not exist`},
  unknownKey: (key) => `no such option '${key}'`,
  needed: ['resources', 'nodes', 'affinity'],
  // pve-ha-manager, PVE/API2/HA/Rules.pm (update_rule): a 0 is dropped before the rule is looked at; seen on the real daemon.
  deafToZero: ['disable'],
  setAndDelete: true,
  filter: (call, _id, section) =>
    (call.param.type === undefined || section.type === call.param.type) &&
    (call.param.resource === undefined || splitList(String(section.resources)).includes(String(call.param.resource))),
  shown: (call, id, section) => {
    const problems = infeasible(sectionsOf(call, 'ha/rules'), configuredNodes(call))[id]
    const order = Object.keys(sectionsOf(call, 'ha/rules')).indexOf(id) + 1
    return {order, ...section, ...(problems && {errors: {resources: problems}})}
  },
  prepare: (call, id, section, action) => {
    const prefix = rulePrefix[action]
    const known = sectionsOf(call, 'ha/rules')
    if (action === 'update' && known[id]!.type !== section.type) throw failure(`${prefix}unexpected property 'type'`)
    checkNames(call, prefix)
    // What is sent is decoded as if it stood in the file already: pve-ha-manager, PVE/HA/Rules.pm (decode_value), by PVE/SectionConfig.pm (check_config).
    if (call.param.comment !== undefined) section.comment = decodedOnceMore(String(call.param.comment))
    section.resources = [...new Set(splitList(String(section.resources)))].sort().join(',')
    if (section.nodes !== undefined) section.nodes = printPriorities(nodePriorities(section.nodes))
    const problems = infeasible({...known, [id]: section}, configuredNodes(call))[id]
    if (problems) throw failure(`${prefix}400 Rule '${id}' is invalid.\nresources: ${problems.join(', ')}`)
  },
}

/** Groups are an older release's; in the newer one they have become rules. */
function groupEndpoints(): Endpoints {
  const names: Record<string, string> = {
    'GET /cluster/ha/groups': 'index groups',
    'POST /cluster/ha/groups': 'create group',
    'GET /cluster/ha/groups/{group}': 'read group',
    'PUT /cluster/ha/groups/{group}': 'update group',
    'DELETE /cluster/ha/groups/{group}': 'delete group',
  }
  const served = sectionEndpoints(groups)
  const handler =
    (method: string): Handler =>
    (call) => {
      if (!old(call)) throw failure(`cannot ${names[method]}: ha groups have been migrated to rules`)
      return served[method]!(call)
    }
  return Object.fromEntries(Object.keys(names).map((method) => [method, handler(method)]))
}

/** A time as Perl's `localtime` prints it. */
function timeText(call: Call): string {
  const [, day, month, year, clock] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(
    new Date(call.sim.now() * 1000).toUTCString(),
  )!
  const weekday = new Date(call.sim.now() * 1000).toUTCString().slice(0, 3)
  return `${weekday} ${month} ${String(Number(day)).padStart(2, ' ')} ${clock} ${year}`
}

/** What a service does, as people read it. Fact: pve-ha-manager, src/PVE/HA/Tools.pm. */
function verboseState(service: HaService | undefined, wish: string): string {
  if (wish === 'ignored') return 'ignored'
  if (!service) return 'queued'
  const {state, running} = service
  if (state === 'stopped') return wish === 'started' ? 'starting' : wish === 'disabled' ? 'disabled' : state
  if (state === 'started') {
    if (!running) return 'starting'
    return wish === 'started' ? state : 'stopping'
  }
  return state === 'error' && wish === 'disabled' ? 'clearing error flag' : state
}

function serviceEntry(call: Call, sid: string): Section {
  const resource = resourcesOf(call)[sid] ?? {}
  const service = call.sim.state.ha?.services[sid]
  const node = service?.node ?? guestOf(call.sim.state, sid)?.node
  const state = verboseState(service, wishOf(resource))
  return {
    id: `service:${sid}`,
    type: 'service',
    sid,
    node,
    max_restart: 1,
    max_relocate: 1,
    ...(!old(call) && {failback: 1}),
    ...resource,
    request_state: wishOf(resource),
    state,
    status: `${sid} (${node}, ${state})`,
    ...(service && {crm_state: service.state}),
  }
}

/** Whether the manager has something to look after. */
const armed = ({services}: HaState): boolean => Object.keys(services).length > 0

function managerEntries(call: Call, ha: HaState): Section[] {
  const timestamp = call.sim.now()
  const master = call.sim.localNode
  const lrm = (node: string): string => {
    if (call.sim.state.nodes[node]?.power !== 'online') return 'old timestamp - dead?'
    return Object.values(ha.services).some((service) => service.node === node) ? 'active' : 'idle'
  }
  return [
    {
      id: 'master',
      type: 'master',
      node: master,
      status: `${master} (${armed(ha) ? 'active' : 'idle'}, ${timeText(call)})`,
      timestamp,
    },
    ...Object.keys(ha.nodes)
      .sort()
      .map((node) => ({
        id: `lrm:${node}`,
        type: 'lrm',
        node,
        status: `${node} (${lrm(node)}, ${timeText(call)})`,
        timestamp,
      })),
  ]
}

function fencing(call: Call, ha: HaState | undefined): Section {
  const entry = {id: 'fencing', type: 'fencing', node: call.sim.localNode}
  if (ha?.disarmed !== undefined) {
    const status = `disarmed (resource mode: ${ha.disarmed})`
    return {...entry, status, 'armed-state': 'disarmed', resource_mode: ha.disarmed}
  }
  if (ha && armed(ha)) return {...entry, status: 'armed (CRM watchdog active)', 'armed-state': 'armed'}
  return {...entry, status: 'standby (CRM watchdog standby)', 'armed-state': 'standby'}
}

function current(call: Call): unknown {
  const node = call.sim.localNode
  const {ha, quorum} = call.sim.state
  const quorumText = quorum ? 'OK' : `No quorum on node '${node}'!`
  return [
    {id: 'quorum', type: 'quorum', node, status: quorumText, quorate: quorum ? 1 : 0},
    ...(old(call) ? [] : [fencing(call, ha)]),
    ...(ha ? managerEntries(call, ha) : []),
    ...Object.keys(resourcesOf(call))
      .filter((sid) => guestOf(call.sim.state, sid))
      .sort()
      .map((sid) => serviceEntry(call, sid)),
  ]
}

function managerStatus(call: Call): unknown {
  const {ha, quorum} = call.sim.state
  const timestamp = call.sim.now()
  const answer = {quorum: {quorate: quorum ? '1' : '0', node: call.sim.localNode}}
  if (!ha) return {...answer, manager_status: {node_status: {}}}
  const lrm = (node: string): Section => {
    const serves = Object.values(ha.services).some((service) => service.node === node)
    const silent = call.sim.state.nodes[node]?.conditions?.silent ?? 0
    const state = serves ? 'active' : 'wait_for_agent_lock'
    return {mode: 'active', state, results: {}, timestamp: timestamp - silent}
  }
  return {
    ...answer,
    manager_status: {
      master_node: call.sim.localNode,
      timestamp,
      node_status: {...ha.nodes},
      node_request: {},
      service_status: Object.fromEntries(
        Object.entries(ha.services).map(([sid, {state, node, uid, target, running}]) => [
          sid,
          {state, node, uid, ...(target !== undefined && {target}), ...(running && {running: 1})},
        ]),
      ),
    },
    lrm_status: Object.fromEntries(Object.keys(ha.nodes).map((node) => [node, lrm(node)])),
  }
}

/** Asks for a move: the manager makes it with its next round, if it can. */
function request(kind: 'migrate' | 'relocate'): Handler {
  return (call) => {
    const sid = serviceId(call, required(call, 'sid'))
    const node = required(call, 'node')
    const resource = resourcesOf(call)[sid]
    if (!resource || resource.state === 'ignored') throw failure(`resource '${sid}' is not HA managed`)
    checkError(call, sid)
    return requestMove(call, sid, node, kind)
  }
}

function disarm(call: Call): unknown {
  const ha = (call.sim.state.ha ??= {services: {}, nodes: {}, commands: []})
  ha.disarmed = required(call, 'resource-mode') as 'freeze' | 'ignore'
  return null
}

function arm(call: Call): unknown {
  delete call.sim.state.ha?.disarmed
  return null
}

export const haEndpoints: Endpoints = {
  ...sectionEndpoints(resources),
  ...sectionEndpoints(rules),
  ...groupEndpoints(),
  'GET /cluster/ha/status': (call) =>
    ['current', 'manager_status', ...(old(call) ? [] : ['disarm-ha', 'arm-ha'])].map((name) => ({name})),
  'GET /cluster/ha/status/current': current,
  'GET /cluster/ha/status/manager_status': managerStatus,
  'POST /cluster/ha/status/disarm-ha': disarm,
  'POST /cluster/ha/status/arm-ha': arm,
  'POST /cluster/ha/resources/{sid}/migrate': request('migrate'),
  'POST /cluster/ha/resources/{sid}/relocate': request('relocate'),
}
