import type {Consequence} from '../kinds/travel.js'

/**
 * What is done to a guest once, and what no wish for its configuration, place or power tells. Paths and parameters are those of the contracts; what each does: qemu-server,
 * PVE/API2/Qemu.pm; pve-container, PVE/API2/LXC/Status.pm and Snapshot.pm; pve-manager, PVE/API2/VZDump.pm.
 */
export interface VerbRow {
  readonly method: 'POST' | 'DELETE'
  /** Whose call it is: the guest's own, that of its node, or that which makes guests of its kind. */
  readonly of: 'guest' | 'node' | 'guests'
  /** Below that; `{snapname}` is what was given, and is no parameter then. */
  readonly path: readonly string[]
  readonly consequence: Consequence
  readonly irreversible?: true
  readonly note?: string
  /** What makes it worse: a parameter with that value, of a guest that runs. */
  readonly graver?: {readonly parameter: string; readonly value: string; readonly consequence: Consequence}
  /** In which state the guest has to be. */
  readonly needs: readonly VerbNeed[]
  /** What it leaves of a guest; as it was unless given, or nobody can tell. */
  readonly leaves?: 'restarted' | 'off' | 'on'
  /** What tells afterwards that it was done; a request that nobody answered is never repeated without. */
  readonly trace?: 'snapshot' | 'noSnapshot' | 'power'
  /** Types of its tasks (the worker's name in each call). */
  readonly tasks: RegExp
  /** Parameters that only VMs know: the flag that is typed, and what to type of another guest (`{guest}`, and what is given). */
  readonly ofVms?: Readonly<Record<string, {readonly flag: string; readonly instead: string}>>
}

export type VerbNeed =
  'running' | 'stopped' | 'resumable' | 'snapshot' | 'noSnapshot' | 'noTemplate' | 'unprotected' | 'itsBackup'

export const verbs = {
  reboot: {
    method: 'POST',
    of: 'guest',
    path: ['status', 'reboot'],
    consequence: 'restart',
    note: 'it takes what was pending',
    needs: ['running'],
    leaves: 'restarted',
    tasks: /^(?:qm|vz)reboot$/,
  },
  suspend: {
    method: 'POST',
    of: 'guest',
    path: ['status', 'suspend'],
    consequence: 'stops',
    note: 'it stands still, in memory',
    needs: ['running'],
    tasks: /^(?:qmpause|vzsuspend)$/,
  },
  hibernate: {
    method: 'POST',
    of: 'guest',
    path: ['status', 'suspend'],
    consequence: 'stops',
    note: 'its memory goes to disk, and it is off',
    needs: ['running'],
    leaves: 'off',
    trace: 'power',
    tasks: /^qmsuspend$/,
    ofVms: {todisk: {flag: '--to-disk', instead: 'pmpc suspend {guest}'}},
  },
  resume: {
    method: 'POST',
    of: 'guest',
    path: ['status', 'resume'],
    consequence: 'live',
    needs: ['resumable'],
    leaves: 'on',
    tasks: /^(?:qm|vz)(?:resume|start)$/,
  },
  snapshot: {
    method: 'POST',
    of: 'guest',
    path: ['snapshot'],
    consequence: 'live',
    needs: ['noTemplate', 'noSnapshot'],
    trace: 'snapshot',
    tasks: /^(?:qm|vz)snapshot$/,
    ofVms: {vmstate: {flag: '--vmstate', instead: 'pmpc snapshot {guest} --name {snapname}'}},
  },
  rollback: {
    method: 'POST',
    of: 'guest',
    path: ['snapshot', '{snapname}', 'rollback'],
    consequence: 'destroys-data',
    irreversible: true,
    note: 'what was written since that snapshot is lost, and its configuration is as it was then',
    needs: ['snapshot'],
    tasks: /^(?:qm|vz)rollback$/,
  },
  delsnapshot: {
    method: 'DELETE',
    of: 'guest',
    path: ['snapshot', '{snapname}'],
    consequence: 'destroys-data',
    irreversible: true,
    note: 'nothing can be rolled back to it any more',
    needs: ['snapshot'],
    trace: 'noSnapshot',
    tasks: /^(?:qm|vz)delsnapshot$/,
  },
  backup: {
    method: 'POST',
    of: 'node',
    path: ['vzdump'],
    consequence: 'live',
    graver: {parameter: 'mode', value: 'stop', consequence: 'restart'},
    needs: [],
    tasks: /^vzdump$/,
  },
  restore: {
    method: 'POST',
    of: 'guests',
    path: [],
    consequence: 'destroys-data',
    irreversible: true,
    note: 'its volumes and its configuration are replaced by those of the archive',
    needs: ['itsBackup', 'stopped', 'unprotected'],
    tasks: /^(?:qm|vz)restore$/,
  },
} as const satisfies Record<string, VerbRow>

export type VerbName = keyof typeof verbs

export const verbOf = (name: VerbName): VerbRow => verbs[name]
