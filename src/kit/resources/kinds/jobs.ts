import type {Kind} from './kind.js'

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
    file: 'jobs/replication/{id}.yaml',
    // Both are PVE's: a job goes on from the node to which its guest moves, and is marked before it is removed.
    facts: ['source', 'remove_job'],
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
