import {badParameter, failure, forbidden} from '../../errors.js'
import {parsePropertyString} from '../../contract/property-string.js'
import {volumesIn} from '../../guests/drives.js'
import {splitList} from '../../contract/scalars.js'
import type {Call, Endpoints} from '../../simulation.js'
import type {Section} from '../../state/model.js'
import {sectionEndpoints, type SectionKind} from '../sections.js'

const mappingPrivileges = ['Mapping.Modify', 'Mapping.Use', 'Mapping.Audit']

/** Whether a directory is there: that of a storage, or one the world is said to have. */
function directoryExists(call: Call, path: string): boolean {
  const {directories} = call.state.world
  const known = Object.values(call.state.storages).map(({config}) => String(config.path ?? ''))
  return directories === undefined || [...directories, ...known].includes(path)
}

/** Mappings of host devices and directories: three kinds alike. */
function mapping(type: 'dir' | 'pci' | 'usb', what: string): SectionKind {
  return {
    path: `/cluster/mapping/${type}`,
    id: 'id',
    file: `mapping/${type}`,
    prefix: {create: `create ${what} mapping failed: `, update: `update ${what} mapping failed: `},
    exists: (id) => `${type} ID '${id}' already defined`,
    missing: {show: (id) => `${type} '${id}' does not exist`, update: (id) => `${type} mapping '${id}' does not exist`},
    shown: (call, _id, section, where) => ({
      type,
      ...section,
      ...(where === 'list' && call.param['check-node'] !== undefined && {checks: []}),
    }),
    visible: (call, id) => call.sim.permissions.hasAny(call.auth, `/mapping/${type}/${id}`, mappingPrivileges),
    prepare: (call, _id, section, action) => {
      if (action === 'update' && type !== 'dir' && call.param.map === undefined) {
        throw failure(`update hardware mapping failed: missing value for required option 'map'`)
      }
      for (const map of (section.map as string[] | undefined) ?? []) {
        const path = /(?:^|,)path=([^,]+)/.exec(map)?.[1]
        if (type === 'dir' && path !== undefined && !directoryExists(call, path)) {
          throw failure(`${action} directory mapping failed: Path ${path} does not exist`)
        }
      }
    },
  }
}

/** Parameter errors raised inside a locked section come as 500 (FACTS 10). */
const inner = (key: string, problem: string): Error => failure(`400 Parameter verification failed.\n${key}: ${problem}`)

function checkJob(call: Call, section: Section): void {
  const pool = section.pool
  if (pool !== undefined && !call.state.pools[String(pool)]) throw forbidden(`pool '${String(pool)}' does not exist`)
  const chosen = ['vmid', 'all', 'pool'].filter((key) => section[key] !== undefined && section[key] !== 0)
  if (chosen.length === 0) throw inner('vmid', 'property is missing')
  if (chosen.includes('all') && chosen.includes('vmid')) throw inner('all', `option conflicts with option 'vmid'`)
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
  nameOf: (call, given) => (given === '' ? call.sim.random.uuid() : given),
  shown: (call, _id, section, where) => ({
    type: 'vzdump',
    ...Object.fromEntries(Object.entries(section).map(([key, value]) => [key, jobValue(call, key, value)])),
    ...(where === 'list' && section.schedule !== undefined && {'next-run': call.sim.now() + 3600}),
  }),
  prepare: (call, _id, section, action) => {
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
  },
}

const replication: SectionKind = {
  path: '/cluster/replication',
  id: 'id',
  file: 'replication',
  showId: true,
  digest: {list: false, show: true},
  unknownKey: (key) => `no such option '${key}'`,
  exists: (id) => `replication job '${id}' already exists`,
  missing: {
    show: (id) => `no such replication job '${id}'`,
    update: (id) => `no such job '${id}'`,
    delete: (id) => `no such job '${id}'`,
  },
  visible: (call, id) => call.sim.permissions.has(call.auth, `/vms/${id.split('-')[0]}`, 'VM.Audit'),
  shown: (_call, id, section) => ({...section, guest: Number(id.split('-')[0]), jobnum: Number(id.split('-')[1])}),
  prepare: (call, id, section, action) => {
    if (action === 'update') return
    const guest = call.state.guests[id.split('-')[0]!]
    if (!guest) throw failure(`Guest '${id.split('-')[0]}' does not exist.`)
    const target = String(section.target)
    const node = call.state.nodes[target]
    if (!node || target === guest.node) throw failure(`Target '${target}' does not exist.`)
    const twin = Object.entries(call.state.sections.replication ?? {}).find(
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

export const sectionKindEndpoints: Endpoints = Object.assign({}, ...kinds.map(sectionEndpoints)) as Endpoints
