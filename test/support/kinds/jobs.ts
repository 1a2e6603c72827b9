import type {Group} from './case.js'

const backup =
  'bwlimit comment compress enabled exclude-path fleecing ionice lockwait mailnotification mailto mode node notes-template ' +
  'notification-mode notification-policy notification-target pbs-change-detection-mode performance pigz prune-backups protected ' +
  'quiet remove repeat-missed schedule script stdexcludes stop stopwait storage tmpdir dumpdir vmid zstd'

export const jobs: Group = {
  before: [
    ['POST /pools', {poolid: 'kjobs'}],
    ['POST /pools', {poolid: 'kjobstwo'}],
  ],
  cases: [
    {
      kind: 'backup-job',
      of: 'of guests',
      names: (n) => ({id: `kb${n}`}),
      id: (n) => `kb${n}`,
      keys: backup,
      needed: 'enabled schedule',
      always: 'vmid',
      values: {
        storage: ['local', 'backup'],
        node: ['pve1', 'pve2'],
        'prune-backups': ['keep-daily=7,keep-last=3', 'keep-daily=8,keep-last=3'],
        fleecing: ['enabled=1,storage=local', 'enabled=0,storage=local'],
        performance: ['max-workers=4,pbs-entries-max=1024', 'max-workers=8,pbs-entries-max=1024'],
        compress: ['zstd', 'gzip'],
        'notification-target': ['one', 'two'],
      },
    },
    {
      kind: 'backup-job',
      of: 'of all guests but some',
      names: (n) => ({id: `kba${n}`}),
      id: (n) => `kba${n}`,
      fixed: {all: 1, schedule: '02:00'},
      keys: 'exclude',
      values: {exclude: ['100,102', '101,102']},
    },
    {
      kind: 'backup-job',
      of: 'of a pool',
      names: (n) => ({id: `kbp${n}`}),
      id: (n) => `kbp${n}`,
      fixed: {schedule: '02:00'},
      keys: 'pool',
      needed: 'pool',
      values: {pool: ['kjobs', 'kjobstwo']},
    },
    {
      kind: 'backup-job',
      of: 'maxfiles, which prune-backups takes the place of',
      release: '8.4',
      names: (n) => ({id: `kbm${n}`}),
      id: (n) => `kbm${n}`,
      fixed: {schedule: '02:00', vmid: '100'},
      keys: 'maxfiles',
    },
  ],
}
