// Backup and replication jobs: bpg/terraform-provider-proxmox v0.112.0, fwprovider/cluster/backup/model.go, fwprovider/cluster/replication/model.go (fromAPI).
import type {Value} from 'pmpc/kit/resources'
import type {Expression} from '../hcl.js'
import {lost, observed} from './asides.js'
import {constant, derived, flag, has, idOf, not, number, ordered, text} from './fields.js'
import type {Field, KindRows} from './row.js'

/** A property string as an attribute with parts: PVE's key, the provider's, and what its value is. */
type Parts = Readonly<Record<string, readonly [to: string, as: (value: Value) => Expression]>>

const partsOf = (to: string, from: string, parts: Parts): Field => ({
  ...{to, from},
  as: (value) => {
    const of = value as Record<string, Value>
    return Object.fromEntries(
      Object.entries(parts).flatMap(([key, [name, as]]) => (of[key] === undefined ? [] : [[name, as(of[key])]])),
    )
  },
})

const isOn = (value: Value): boolean => Number(value) === 1

const backup: KindRows = {
  kind: 'backup-job',
  resources: [
    {
      type: 'proxmox_backup_job',
      file: 'backup',
      importId: idOf,
      fields: [
        derived('id', idOf),
        text('schedule', 'config.schedule', {absent: ''}),
        {
          ...{to: 'storage', from: 'config.storage', absent: ''},
          as: (value, at) => at.reference('storage', String(value), String(value)),
        },
        flag('enabled', 'config.enabled'),
        text('node', 'config.node'),
        flag('all', 'config.all'),
        ordered('vmid', 'config.vmid'),
        ordered('exclude', 'config.exclude'),
        {
          ...{to: 'pool', from: 'config.pool'},
          as: (value, at) => at.reference('pool', String(value), String(value)),
        },
        text('mode', 'config.mode'),
        text('compress', 'config.compress'),
        number('zstd', 'config.zstd'),
        number('pigz', 'config.pigz'),
        number('bwlimit', 'config.bwlimit'),
        number('ionice', 'config.ionice'),
        number('lockwait', 'config.lockwait'),
        number('stopwait', 'config.stopwait'),
        number('maxfiles', 'config.maxfiles'),
        {
          ...{to: 'prune_backups', from: 'config.prune-backups'},
          as: (value) => Object.fromEntries(Object.entries(value).map(([key, count]) => [key, String(count)])),
        },
        flag('remove', 'config.remove'),
        flag('protected', 'config.protected'),
        flag('repeat_missed', 'config.repeat-missed'),
        flag('stdexcludes', 'config.stdexcludes'),
        ordered('mailto', 'config.mailto'),
        text('mailnotification', 'config.mailnotification'),
        text('notes_template', 'config.notes-template'),
        text('script', 'config.script'),
        text('tmpdir', 'config.tmpdir'),
        text('pbs_change_detection_mode', 'config.pbs-change-detection-mode'),
        partsOf('fleecing', 'config.fleecing', {
          enabled: ['enabled', isOn],
          storage: ['storage', String],
        }),
        partsOf('performance', 'config.performance', {
          'max-workers': ['max_workers', Number],
          'pbs-entries-max': ['pbs_entries_max', Number],
        }),
      ],
    },
  ],
  asides: [
    lost(
      ...['comment', 'notification-mode', 'notification-policy', 'notification-target', 'dumpdir', 'quiet', 'stop'],
      ...['dow', 'size', 'job-id'],
    ),
    {of: 'config.starttime', how: 'leftOut', why: 'the schedule says it'},
  ],
  unmanageable: [
    {
      when: has('config.exclude-path'),
      why: 'exclude-path: Proxmox VE tells it as a list, and the provider wants a text',
      change: () => ['--unset=exclude-path'],
    },
  ],
  notes: [
    {
      when: not(has('config.storage')),
      why: 'it names no storage, and the provider sends an empty name with an edit, which Proxmox VE does not take: set one first',
    },
  ],
}

const replication: KindRows = {
  kind: 'replication-job',
  resources: [
    {
      type: 'proxmox_replication',
      file: 'backup',
      importId: idOf,
      fields: [
        derived('id', idOf),
        constant('type', 'local'),
        text('target', 'config.target'),
        text('schedule', 'config.schedule'),
        number('rate', 'config.rate'),
        flag('disable', 'config.disable', {default: false}),
        text('comment', 'config.comment'),
      ],
    },
  ],
  asides: [observed('source'), {of: 'config.source', how: 'leftOut', why: 'it follows the guest'}, lost('remove_job')],
}

export const jobs: readonly KindRows[] = [backup, replication]
