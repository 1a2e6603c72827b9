import {badParameter} from '../../errors.js'
import {requireAll, requireAny} from '../../access/checks.js'
import {Answer, unordered} from '../../calls/print.js'
import {steady} from '../../guests/figures.js'
import {integer, isSet, required, text, type Call, type Endpoints} from '../../calls/call.js'
import type {Task} from '../../state/model.js'
import {splitAuthId} from '../../access/permissions.js'
import {splitList} from '../../contract/scalars.js'
import {shownFingerprint} from '../../nodes/certificates.js'
import {maySeeTask, taskEntry} from '../../tasks/shown.js'
import {lacks} from '../../storage/world.js'
import {nodeName, findNode, versionAt, versionOf} from '../../calls/node.js'
import {nodeFigures} from '../../nodes/figures.js'

function version(call: Call): unknown {
  const {release, version: number, repoid} = versionOf(call)
  return {release, version: number, repoid}
}

/** The same of one node, which may be newer or older than the one that answers. */
function nodeVersion(call: Call): unknown {
  const {release, version: number, repoid} = versionAt(call)
  return {release, version: number, repoid}
}

function listNodes(call: Call): unknown {
  return unordered(
    Object.values(call.sim.state.nodes).map((node) => ({
      ...nodeFigures(call, node),
      ssl_fingerprint: node.power === 'online' ? shownFingerprint(call, node) : null,
    })),
  )
}

function nodeStatus(call: Call): unknown {
  const node = findNode(call)
  const {version: number, repoid, kernel} = versionAt(call)
  const {conditions = {}} = node
  const figures = nodeFigures(call, node)
  const used = Number(figures.mem ?? 0)
  const disk = Number(figures.disk ?? 0)
  const load = (index: number): string => (conditions.load?.[index] ?? steady(node.id, 11 + index) * 2).toFixed(2)
  const swap = conditions.swap ?? {total: 0, used: 0}
  return {
    uptime: figures.uptime,
    loadavg: [load(0), load(1), load(2)],
    pveversion: `pve-manager/${number}/${repoid}`,
    rootfs: {total: node.disk, used: disk, free: node.disk - disk, avail: Math.floor((node.disk - disk) * 0.95)},
    idle: 0,
    wait: 0,
    cpu: figures.cpu,
    ksm: {shared: 0},
    cpuinfo: {
      model: 'AMD EPYC',
      vendor: 'AuthenticAMD',
      family: '25',
      cores: node.cpus,
      cpus: node.cpus,
      sockets: 1,
      mhz: '2596.134',
      hvm: '1',
      user_hz: 100,
      flags:
        'fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr sse sse2 ht syscall nx lm aes avx avx2',
    },
    memory: {total: node.memory, used, free: node.memory - used, available: node.memory - used},
    swap: {...swap, free: swap.total - swap.used},
    kversion: `Linux ${kernel} #1 SMP PREEMPT_DYNAMIC PMX`,
    'current-kernel': {sysname: 'Linux', release: kernel, version: '#1 SMP PREEMPT_DYNAMIC PMX', machine: 'x86_64'},
    'boot-info': {mode: 'legacy-bios'},
  }
}

const upidPattern = /^UPID:[A-Za-z0-9-]+:[0-9A-Fa-f]{8}:[0-9A-Fa-f]{8,9}:[0-9A-Fa-f]{8}:[^:\s/]+:[^:\s/]*:[^:\s/]+:$/

/** The task a call names. @throws ApiError 400 as PVE */
function findTask(call: Call): Task {
  const upid = required(call, 'upid')
  if (!upidPattern.test(upid)) throw badParameter('upid', 'unable to parse worker upid')
  const task = call.sim.state.tasks.find((candidate) => candidate.upid === upid)
  if (!task || task.node !== nodeName(call)) throw badParameter('upid', 'no such task')
  return task
}

function readableTask(call: Call): Task {
  const task = findTask(call)
  if (!maySeeTask(call, task)) requireAll(call.sim, call.auth, `/nodes/${task.node}`, ['Sys.Audit'])
  return task
}

function taskStatus(call: Call): unknown {
  const task = readableTask(call)
  return {
    ...taskEntry(task),
    status: task.endtime === undefined ? 'running' : 'stopped',
    ...(task.endtime !== undefined && {exitstatus: task.exitstatus}),
  }
}

function taskLog(call: Call): unknown {
  // The log is a file on the node, and PVE reads it without asking for the task.
  if (!call.sim.state.tasks.some(({upid}) => upid === call.param.upid) && upidPattern.test(required(call, 'upid'))) {
    return new Answer([{n: 1, t: 'unable to open file - No such file or directory'}], {total: 1})
  }
  const {log} = readableTask(call)
  const lines = log.length > 0 ? log : ['no content']
  const start = integer(call, 'start', 0)
  const limit = integer(call, 'limit', 50)
  const shown = lines.slice(start, limit === 0 ? undefined : start + limit)
  return new Answer(
    shown.map((line, index) => ({n: start + index + 1, t: line})),
    {total: lines.length},
  )
}

function stopTask(call: Call): unknown {
  const task = findTask(call)
  if (task.user !== call.auth && splitAuthId(task.user).userid !== call.auth) {
    requireAny(call.sim, call.auth, `/nodes/${task.node}`, ['Sys.Modify'])
  }
  call.sim.tasks.interrupt(task.upid)
  return null
}

const taskStates: Record<string, (status: string) => boolean> = {
  ok: (status) => status === 'OK',
  warning: (status) => status.startsWith('WARNINGS'),
  unknown: (status) => status === 'unexpected status',
  error: (status) => status !== 'OK' && !status.startsWith('WARNINGS') && status !== 'unexpected status',
}

function listTasks(call: Call): unknown {
  const node = nodeName(call)
  const source = text(call, 'source') ?? 'archive'
  const states = splitList(text(call, 'statusfilter') ?? '').map((state) => state.toLowerCase())
  const [type, user, vmid] = [text(call, 'typefilter'), text(call, 'userfilter'), text(call, 'vmid')]
  const [since, until] = [text(call, 'since'), text(call, 'until')]
  const found = call.sim.state.tasks.filter((task) => {
    if (task.node !== node || !maySeeTask(call, task)) return false
    const done = task.endtime !== undefined
    if (source === 'archive' && !done) return false
    if (source === 'active' && done) return false
    if (type !== undefined && task.type !== type) return false
    if (user !== undefined && !task.user.includes(user)) return false
    if (vmid !== undefined && task.id !== vmid) return false
    if (since !== undefined && task.starttime < Number(since)) return false
    if (until !== undefined && task.starttime > Number(until)) return false
    const result = task.exitstatus ?? ''
    if (isSet(call, 'errors') && (result === 'OK' || result.startsWith('WARNINGS'))) return false
    return states.length === 0 || states.some((state) => taskStates[state]?.(result))
  })
  const start = integer(call, 'start', 0)
  const limit = integer(call, 'limit', 50)
  const shown = found.slice(start, start + limit).map((task) => ({
    ...taskEntry(task),
    ...(task.endtime === undefined ? {status: 'RUNNING'} : {endtime: task.endtime, status: task.exitstatus}),
  }))
  return found.length === 0 ? [] : new Answer(shown, {total: found.length})
}

function taskIndex(call: Call): unknown {
  findTask(call)
  return [{name: 'log'}, {name: 'status'}]
}

function nodeTime(call: Call): unknown {
  const {timezone, conditions} = findNode(call)
  const now = call.sim.now() + (conditions?.clock ?? 0)
  const shown = new Date(now * 1000).toLocaleString('sv-SE', {timeZone: timezone})
  // The name is read back from a file of its own; without it the clock goes by the zone all the same.
  const named = lacks(call.sim.state, '/etc/timezone') ? 'UTC' : timezone
  return {timezone: named, time: now, localtime: Date.parse(`${shown.replace(' ', 'T')}Z`) / 1000}
}

export const nodeEndpoints: Endpoints = {
  'GET /version': version,
  'GET /nodes': listNodes,
  'GET /nodes/{node}/version': nodeVersion,
  'GET /nodes/{node}/status': nodeStatus,
  'GET /nodes/{node}/tasks': listTasks,
  'GET /nodes/{node}/tasks/{upid}': taskIndex,
  'GET /nodes/{node}/tasks/{upid}/status': taskStatus,
  'GET /nodes/{node}/tasks/{upid}/log': taskLog,
  'DELETE /nodes/{node}/tasks/{upid}': stopTask,
  'GET /nodes/{node}/time': nodeTime,
}
