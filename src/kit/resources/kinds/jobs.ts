import type {Kind} from './kind.js'
import type {KindTravel} from './travel.js'
import type {KindWire} from './wire.js'

const comment = {heading: 'COMMENT', field: 'config.comment', wide: true} as const
const schedule = {heading: 'SCHEDULE', field: 'config.schedule'} as const
const byName = {aliases: [], declared: true, id: 'name', idKey: 'id'} as const

/** What PVE does by itself at its hours. */
export const jobs = [
  {
    ...byName,
    name: 'realm-sync',
    plural: 'realm-syncs',
    file: 'jobs/realm-sync/{id}.yaml',
    facts: [],
    shapes: {'remove-vanished': 'set'},
    columns: [
      {heading: 'NAME', field: 'id'},
      {heading: 'REALM', field: 'config.realm'},
      schedule,
      {heading: 'ENABLED', field: 'config.enabled'},
      comment,
    ],
  },
  {
    ...byName,
    name: 'backup-job',
    plural: 'backup-jobs',
    file: 'jobs/backup/{id}.yaml',
    facts: [],
    shapes: {
      vmid: 'set',
      exclude: 'set',
      mailto: 'set',
      'exclude-path': 'list',
      fleecing: {map: {}},
      performance: {map: {}},
      'prune-backups': {map: {}},
    },
    columns: [
      {heading: 'NAME', field: 'id'},
      schedule,
      {heading: 'STORAGE', field: 'config.storage'},
      {heading: 'ENABLED', field: 'config.enabled'},
      {heading: 'VMID', field: 'config.vmid'},
      {heading: 'ALL', field: 'config.all'},
      {heading: 'POOL', field: 'config.pool'},
      comment,
    ],
  },
  {
    ...byName,
    name: 'replication-job',
    plural: 'replication-jobs',
    ids: {pattern: /^[1-9]\d{2,8}-\d{1,9}$/, words: 'VMID-NUMBER, as 100-0'},
    file: 'jobs/replication/{id}.yaml',
    // Both are PVE's: a job goes on from the node to which its guest moves, and is marked before it is removed.
    facts: ['source', 'remove_job'],
    // A guest that moves to the target is copied to where it came from (pve-guest-common, PVE/ReplicationConfig.pm (switch_replication_job_target)).
    turns: {key: 'target', fact: 'source'},
    belongs: {node: 'facts.source'},
    parents: [{id: /^(\d+)-\d+$/, kinds: ['vm', 'container']}],
    columns: [
      {heading: 'JOB', field: 'id'},
      {heading: 'SOURCE', field: 'facts.source', beside: 'facts.remove_job'},
      {heading: 'TARGET', field: 'config.target'},
      schedule,
      {heading: 'DISABLED', field: 'config.disable'},
      comment,
    ],
  },
] as const satisfies readonly Kind[]

const time = 'a time'
const constant = 'is the same for all'

export const jobsOnWire = () =>
  [
    {
      name: 'realm-sync',
      list: {path: '/cluster/jobs/realm-sync', idKey: 'id', restIsConfig: true},
      leftOut: {'last-run': time, 'next-run': time, type: constant},
      sight: {path: '/', privileges: ['Sys.Audit']},
    },
    {
      name: 'backup-job',
      list: {path: '/cluster/backup', idKey: 'id', restIsConfig: true},
      leftOut: {'next-run': time, type: constant},
      spelled: [{key: /^(?:vmid|exclude|mailto)$/}],
      sight: {path: '/', privileges: ['Sys.Audit']},
    },
    {
      name: 'replication-job',
      list: {path: '/cluster/replication', idKey: 'id', restIsConfig: true},
      leftOut: {guest: 'is in the id', jobnum: 'is in the id', type: constant, digest: 'a checksum'},
      sight: {path: '/vms/{parent}', privileges: ['VM.Audit']},
    },
  ] as const satisfies readonly KindWire[]

const guests = ['vm', 'container'] as const

export const jobsTravels = () =>
  [
    {
      name: 'realm-sync',
      create: 'POST /cluster/jobs/realm-sync/{id}',
      update: 'PUT /cluster/jobs/realm-sync/{id}',
      remove: 'DELETE /cluster/jobs/realm-sync/{id}',
      unset: 'delete',
      createOnly: ['realm'],
      resend: ['schedule'],
      consequence: 'live',
      refs: {realm: 'realm'},
      own: {enabled: 1},
      needed: ['scope', 'schedule'],
    },
    {
      name: 'backup-job',
      create: 'POST /cluster/backup',
      update: 'PUT /cluster/backup/{id}',
      remove: 'DELETE /cluster/backup/{id}',
      unset: 'delete',
      consequence: 'live',
      refs: {
        vmid: guests,
        exclude: {kinds: guests, odd: true},
        node: 'node',
        pool: 'pool',
        storage: 'storage',
        'fleecing.storage': 'storage',
      },
      own: {enabled: 1},
      needed: ['schedule'],
    },
    {
      name: 'replication-job',
      create: 'POST /cluster/replication',
      update: 'PUT /cluster/replication/{id}',
      // Marks it; the source node removes it later, and the replicas with it.
      remove: 'DELETE /cluster/replication/{id}',
      unset: 'delete',
      digest: ['update'],
      createOnly: ['target'],
      fixed: {type: 'local'},
      consequence: 'live',
      refs: {target: 'node'},
      none: {disable: 0},
      facts: (before, {parent}) => before ?? {source: parent?.facts.node ?? ''},
      marked: {fact: 'remove_job', value: 'full'},
      removal: 'destroys-data',
    },
  ] as const satisfies readonly KindTravel[]
