import {requireAll} from '../../access/checks.js'
import {badParameter, failure, forbidden} from '../../errors.js'
import {parsePropertyString} from '../../contract/schema.js'
import {volumesIn} from '../../guests/drives.js'
import {splitList} from '../../contract/scalars.js'
import {text, type Call, type Endpoints} from '../../calls/call.js'
import {sectionsOf} from '../../calls/sections.js'
import type {Section} from '../../state/model.js'
import {nextEvent} from '../../backup/calendar.js'
import {removeJob, requireReplicate} from './replication.js'
import {sectionEndpoints, type SectionKind} from '../shared/sections.js'

const mappingPrivileges = ['Mapping.Modify', 'Mapping.Use', 'Mapping.Audit']

/** Whether a directory is there: that of a storage, or one the world is said to have. */
function directoryExists(call: Call, path: string): boolean {
  const {directories} = call.sim.state.world
  const known = Object.values(call.sim.state.storages).map(({config}) => String(config.path ?? ''))
  return directories === undefined || [...directories, ...known].includes(path)
}

/** What is wrong with the directories of a mapping: each has to be there, and each node stands once. */
function directoryProblem(call: Call, maps: string[]): string | undefined {
  const part = (map: string, key: string): string => new RegExp(`(?:^|,)${key}=([^,]+)`).exec(map)?.[1] ?? ''
  const missing = maps.map((map) => part(map, 'path')).find((path) => !directoryExists(call, path))
  if (missing !== undefined) return `Path ${missing} does not exist`
  const nodes = maps.map((map) => part(map, 'node'))
  const twice = nodes.find((node, index) => nodes.indexOf(node) !== index)
  return twice && `Node '${twice}' is specified ${nodes.filter((node) => node === twice).length} times.`
}

/** Mappings of host devices and directories: three kinds alike. Facts: pve-manager, PVE/API2/Cluster/Mapping. */
function mapping(type: 'dir' | 'pci' | 'usb', what: string): SectionKind {
  const prefix = {create: `create ${what} mapping failed: `, update: `update ${what} mapping failed: `}
  const checks = type === 'usb' ? 'errors' : 'checks'
  return {
    path: `/cluster/mapping/${type}`,
    id: 'id',
    file: `mapping/${type}`,
    prefix,
    exists: (id) => `${type} ID '${id}' already defined`,
    missing: {show: (id) => `mapping '${id}' not found`, update: (id) => `${type} ID '${id}' does not exist`},
    unknownKey: (key) => `no such option '${key}'`,
    needed: ['map'],
    setAndDelete: true,
    shown: (call, _id, section, where) => {
      const node = call.param['check-node']
      if (where === 'show' || node === undefined) return {type, ...section}
      const mapped = (section.map as string[]).some((map) => map.split(',').includes(`node=${String(node)}`))
      const missing = {severity: 'warning', message: `No mapping for node ${String(node)}.`}
      return {type, ...section, [checks]: mapped ? [] : [missing]}
    },
    visible: (call, id) => call.sim.permissions.hasAny(call.auth, `/mapping/${type}/${id}`, mappingPrivileges),
    before: (call, _id, action) => {
      const problem = type === 'dir' && action === 'create' && directoryProblem(call, call.param.map as string[])
      if (problem) throw failure(problem)
    },
    prepare: (call, _id, section, action) => {
      if (action === 'update' && call.param.map === undefined)
        throw failure(`${prefix.update}missing value for required option 'map'`)
      const problem = type === 'dir' && action === 'update' && directoryProblem(call, section.map as string[])
      if (problem) throw failure(`${prefix.update}${problem}`)
    },
  }
}

/** Parameter errors raised inside a locked section come as 500: the lock makes a text of them. Fact: pve-cluster, PVE/Cluster.pm (cfs_lock). */
const inner = (key: string, problem: string): Error => failure(`400 Parameter verification failed.\n${key}: ${problem}`)

function checkJob(call: Call, section: Section): void {
  const pool = section.pool
  if (pool !== undefined && !call.sim.state.pools[String(pool)])
    throw forbidden(`pool '${String(pool)}' does not exist`)
  const isGiven = (key: string): boolean => section[key] !== undefined && section[key] !== 0
  if (isGiven('exclude') && !isGiven('pool')) section.all = 1
  if (!['vmid', 'all', 'pool', 'stop'].some(isGiven)) throw inner('vmid', 'property is missing')
  const rival = isGiven('vmid') && ['all', 'exclude', 'pool'].find(isGiven)
  if (rival) throw inner(rival, `option conflicts with option 'vmid'`)
}

/** A choice of guests takes the place of the one before. Fact: pve-manager, update_job. */
const replaced: [string, string[]][] = [
  ['vmid', ['all', 'exclude', 'pool']],
  ['all', ['vmid', 'pool']],
  ['pool', ['vmid', 'all', 'exclude']],
]

function replaceChoice({param}: Call, section: Section): void {
  const chosen = replaced.find(([key]) => param[key] !== undefined && String(param[key]) !== '0')
  for (const key of chosen?.[1] ?? []) if (param[key] === undefined) delete section[key]
}

/** Options of a job that only root, or who may change the datacenter, sets. @throws ApiError */
function checkJobRights(call: Call): void {
  for (const key of ['tmpdir', 'dumpdir', 'script'])
    if (call.param[key] !== undefined) throw badParameter(key, 'Only root may set this option.')
  if (['bwlimit', 'ionice', 'performance'].some((key) => call.param[key] !== undefined))
    requireAll(call.sim, call.auth, '/', ['Sys.Modify'])
  const fleecing = /(?:^|,)storage=([^,]+)/.exec(text(call, 'fleecing') ?? '')?.[1]
  if (fleecing !== undefined) requireAll(call.sim, call.auth, `/storage/${fleecing}`, ['Datastore.AllocateSpace'])
  const before = call.verb === 'PUT' ? (sectionsOf(call, 'jobs')[String(call.param.id)] ?? {}) : undefined
  const storages = [text(call, 'storage'), before && (before.storage ?? 'local')]
  for (const storage of storages)
    if (storage !== undefined) requireAll(call.sim, call.auth, `/storage/${String(storage)}`, ['Datastore.Allocate'])
  const pool = text(call, 'pool')
  if (pool !== undefined) requireAll(call.sim, call.auth, `/pool/${pool}`, ['VM.Backup'])
}

function jobValue(call: Call, key: string, value: unknown): unknown {
  const format =
    key === 'prune-backups'
      ? 'prune-backups'
      : key === 'fleecing'
        ? 'backup-fleecing'
        : key === 'performance'
          ? 'backup-performance'
          : undefined
  const named = format === undefined ? undefined : call.sim.contract.formats[format]
  return named ? parsePropertyString(String(value), named, key, call.sim.context) : value
}

/** When a job runs next; undefined for one that never does. */
const nextRun = (call: Call, schedule: unknown): number | undefined => nextEvent(String(schedule), call.sim.now())

const backupJobs: SectionKind = {
  path: '/cluster/backup',
  id: 'id',
  file: 'jobs',
  showId: true,
  digest: {list: false, show: false},
  exists: (id) => `Job '${id}' already exists`,
  missing: {
    show: (id) => badParameter('id', `No such job '${id}'`),
    update: () => 'no such vzdump job',
    delete: (id) => inner('id', `No such job '${id}'`),
  },
  unknownKey: (key) => inner('delete', `unknown option '${key}'`),
  notDeletable: ['enabled', 'schedule', 'starttime', 'dow'],
  nameOf: (call, given) => (given === '' ? call.sim.random.uuid() : given),
  shown: (call, _id, section, where) => ({
    type: 'vzdump',
    ...Object.fromEntries(Object.entries(section).map(([key, value]) => [key, jobValue(call, key, value)])),
    ...(where === 'list' && section.schedule !== undefined && {'next-run': nextRun(call, section.schedule)}),
  }),
  prepare: (call, id, section, action) => {
    if (call.auth !== 'root@pam') checkJobRights(call)
    if (action === 'update') replaceChoice(call, section)
    if (section.starttime !== undefined) {
      const days = section.dow === undefined ? '' : `${String(section.dow)} `
      section.schedule = `${days}${String(section.starttime)}`
      delete section.starttime
      delete section.dow
    }
    if (action === 'create' && section.schedule === undefined)
      throw badParameter('schedule', `neither 'starttime' nor 'schedule' were set`)
    if (action === 'create') section.enabled ??= 1
    if (section.vmid !== undefined) section.vmid = splitList(String(section.vmid)).join(',')
    checkJob(call, section)
    if (call.sim.state.world.noLockFolder) {
      const file = `/var/lock/pve-manager/vzdump-${id}.lck`
      throw failure(`can't lock file '${file}' - can't open file - No such file or directory`)
    }
  },
}

const replication: SectionKind = {
  path: '/cluster/replication',
  id: 'id',
  file: 'replication',
  showId: true,
  digest: {list: false, show: true},
  unknownKey: (key) => `no such option '${key}'`,
  needed: ['target'],
  exists: (id) => `replication job '${id}' already exists`,
  missing: {
    show: (id) => `no such replication job '${id}'`,
    update: (id) => `no such job '${id}'`,
  },
  visible: (call, id) => call.sim.permissions.has(call.auth, `/vms/${id.split('-')[0]}`, 'VM.Audit'),
  shown: (_call, id, section) => ({...section, guest: Number(id.split('-')[0]), jobnum: Number(id.split('-')[1])}),
  before: requireReplicate,
  prepare: (call, id, section, action) => {
    if (action === 'update') return
    const guest = call.sim.state.guests[id.split('-')[0]!]
    if (!guest) throw failure(`Guest '${id.split('-')[0]}' does not exist.`)
    const target = String(section.target)
    const node = call.sim.state.nodes[target]
    if (!node || target === guest.node) throw failure(`Target '${target}' does not exist.`)
    const twin = Object.entries(call.sim.state.sections.replication ?? {}).find(
      ([other, job]) => other.split('-')[0] === id.split('-')[0] && job.target === target,
    )
    if (twin)
      throw failure(`replication job for guest '${id.split('-')[0]}' to target 'local/${target}' already exists`)
    const volumes = volumesIn(guest.type, guest.config).filter(
      ([key]) => !/replicate=0/.test(String(guest.config[key])),
    )
    if (volumes.length === 0) throw failure('No replicatable volumes found')
    section.source ??= guest.node
  },
}

const metrics: SectionKind = {
  path: '/cluster/metrics/server',
  createPath: '/cluster/metrics/server/{id}',
  id: 'id',
  file: 'status',
  digest: {list: false, show: false},
  exists: (id) => `Metric server '${id}' already exists`,
  missing: {
    show: (id) => `status server entry '${id}' does not exist`,
    delete: () => 'cannot lookup undefined type! at /usr/share/perl5/PVE/API2/Cluster/MetricServer.pm line 295.',
  },
  shown: (_call, _id, section, where) => {
    if (where === 'show') return {...section}
    const {type, server, port, disable} = section
    return {type, server, port, disable: disable ?? 0}
  },
}

const kinds = [
  mapping('dir', 'directory'),
  mapping('pci', 'hardware'),
  mapping('usb', 'hardware'),
  backupJobs,
  replication,
  metrics,
]

export const sectionKindEndpoints: Endpoints = {
  ...(Object.assign({}, ...kinds.map(sectionEndpoints)) as Endpoints),
  'DELETE /cluster/replication/{id}': removeJob,
}
