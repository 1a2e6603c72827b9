import {Args, Flags, type BaseCommand, type Effect} from 'pmpc/kit/cli'
import type {Scalar} from 'pmpc/kit/resources'
import type {ActName} from 'pmpc/kit/verbs'
import {meansEverything} from './everything.js'
import {cloning, restoring, type Making} from './making.js'

/** Flags as they were parsed, by name. */
export type Typed = Readonly<Record<string, unknown>>

/** A verb as a command: what it says of itself, and what it makes of its flags. */
export interface ActRow {
  readonly effect: Effect
  readonly summary: string
  readonly description: string
  /** What stands behind the command, and what for. */
  readonly examples: readonly (readonly [string, string?])[]
  readonly flags?: (typeof BaseCommand)['flags']
  /** A manifest may say what it changes. */
  readonly declares?: true
  /** What is done, where flags decide that. */
  readonly act?: (flags: Typed) => ActName
  /** Parameters of Proxmox VE's call, or of the wish that it comes to. */
  readonly given?: (flags: Typed) => Record<string, Scalar>
  /** In which order guests go with `--rolling`; up unless given. */
  readonly way?: 'down'
  /** What stands behind it, where that is not only which guests are meant. */
  readonly args?: (typeof BaseCommand)['args']
  /** The new guest that words and flags say; undefined: something is done to guests that are there. @throws PMPC_USAGE */
  readonly makes?: (words: readonly string[], flags: Typed) => Making | undefined
  /** It only makes guests: none that is there is meant. */
  readonly onlyMakes?: true
  /** The id of another command, of another plugin maybe, that is meant by what was typed; undefined: this one. */
  readonly elsewhere?: (argv: readonly string[]) => string | undefined
}

const seconds = (summary: string, value: number) =>
  Flags.integer({summary: `${summary} ${value} unless given.`, min: 1, default: value, helpValue: 'SECONDS'})
const disk = Flags.string({summary: 'Which disk: scsi0, rootfs, mp1.', helpValue: 'DISK', required: true})
const snapshotName = Flags.string({summary: 'Its name.', helpValue: 'NAME', required: true})

/** The flags that were given, under the names of Proxmox VE's parameters; what is true is 1. */
function parametersOf(flags: Typed, names: Readonly<Record<string, string>>): Record<string, Scalar> {
  return Object.fromEntries(
    Object.entries(names).flatMap(([flag, parameter]): [string, Scalar][] => {
      const value = flags[flag]
      return value === undefined || value === false ? [] : [[parameter, value === true ? 1 : (value as Scalar)]]
    }),
  )
}

const declared =
  'Where a manifest says otherwise it is edited first, as that is what is wished from then on; with --once it is left, and differs.'

const idFlag = (summary: string) => Flags.string({summary, helpValue: 'VMID|next'})
const fieldsArg = Args.string({description: 'what the new guest is to have besides: memory=4096 net0.tag=7'})

export const acts = {
  clone: {
    effect: 'changes the cluster',
    summary: 'Make a guest of a template, or of another guest.',
    description:
      'Its manifest is written and committed first. FIELD=VALUE are as of pmpc set: memory=4096 net0.tag=7 power=running. pmpc create --from writes the manifest, and makes nothing yet.',
    examples: [
      ['debian-12-template web02 memory=4096 power=running'],
      ['vm/100 web01-test --full --storage ceph', 'All of its disks copied to another storage'],
    ],
    args: {
      guest: Args.string({description: 'what it is made of: 9000, debian-12-template, vm/100', required: true}),
      name: Args.string({description: 'what it is called; asked for at a terminal'}),
      fields: fieldsArg,
    },
    flags: {
      id: idFlag('Its VMID; the lowest that is free unless given.'),
      full: Flags.boolean({summary: 'Copy all of a template, so that the new one does not need it.'}),
      storage: Flags.string({summary: 'Where its volumes go, all of them copied then.', helpValue: 'STORAGE'}),
      node: Flags.string({summary: 'Where to make it; where its source is unless given.', helpValue: 'NAME'}),
    },
    makes: cloning,
    onlyMakes: true,
  },
  start: {
    effect: 'changes the cluster',
    summary: 'Start guests.',
    description: declared,
    examples: [
      ['vm/100'],
      ['web* --tag prod --rolling --healthy agent', 'One after the other, each once its agent answers'],
    ],
    declares: true,
  },
  stop: {
    effect: 'changes the cluster',
    summary: 'Stop guests at once, as by pulling the plug.',
    description: `What runs in them has no time to end; pmpc shutdown gives it. ${declared}`,
    examples: [['vm/100'], ['--node pve1 --status running --yes', 'All that runs on a node, in a script']],
    declares: true,
    way: 'down',
  },
  shutdown: {
    effect: 'changes the cluster',
    summary: 'Ask guests to shut down, and wait until they have.',
    description: `A guest that does not end in time goes on, and that is told: pmpc stop cuts it off, and so does --force. ${declared}`,
    examples: [['vm/100'], ['pool:shop --timeout 60 --force', 'What does not end within a minute is cut off']],
    flags: {
      timeout: seconds('How long it may take.', 180),
      force: Flags.boolean({summary: 'Cut off what does not end in time.'}),
    },
    declares: true,
    given: (flags) => parametersOf(flags, {timeout: 'timeout', force: 'forceStop'}),
    way: 'down',
  },
  reboot: {
    effect: 'changes the cluster',
    summary: 'Shut guests down and start them again, with what was pending.',
    description:
      'A guest that ignores it goes on, and that is told; it is never cut off: pmpc stop and pmpc start do that.',
    examples: [
      ['vm/100 --timeout 60'],
      ['--tag web --rolling --healthy agent --pause 10', 'One a node at a time, each once the one before answers'],
    ],
    flags: {timeout: seconds('How long the shutdown may take.', 180)},
    given: (flags) => parametersOf(flags, {timeout: 'timeout'}),
  },
  suspend: {
    effect: 'changes the cluster',
    summary: 'Let guests stand still.',
    description:
      'They stay in memory; with --to-disk their memory goes to disk and they are off. pmpc resume lets them go on.',
    examples: [['vm/100'], ['vm/100 --to-disk']],
    flags: {
      'to-disk': Flags.boolean({summary: 'Write the memory to disk, and switch off. VMs only.'}),
      storage: Flags.string({summary: 'Where the memory goes.', helpValue: 'STORAGE', dependsOn: ['to-disk']}),
    },
    act: (flags) => (flags['to-disk'] === true ? 'hibernate' : 'suspend'),
    given: (flags) => parametersOf(flags, {'to-disk': 'todisk', storage: 'statestorage'}),
    way: 'down',
  },
  resume: {
    effect: 'changes the cluster',
    summary: 'Let suspended guests go on.',
    description: 'Those that stand still, and those whose memory is on disk.',
    examples: [['vm/100']],
  },
  migrate: {
    effect: 'changes the cluster',
    summary: 'Move guests to another node.',
    description: `A VM that runs moves while it runs, with the disks that are on its node alone; a container is stopped for it and started there. ${declared}`,
    examples: [['vm/100 --to pve2'], ['--node pve1 --to pve2 --at-once 2', 'All of a node, two at a time']],
    flags: {to: Flags.string({summary: 'To this node.', helpValue: 'NODE', required: true})},
    declares: true,
    given: (flags) => parametersOf(flags, {to: 'target'}),
  },
  resize: {
    effect: 'changes the cluster',
    summary: 'Let a disk grow.',
    description: `Disks cannot get smaller. What is in the guest has to grow its file system itself; a container's does by itself. ${declared}`,
    examples: [['vm/100 --disk scsi0 --size 40G'], ['ct/200 --disk rootfs --size +8G', 'By so much']],
    flags: {
      disk,
      size: Flags.string({summary: 'To this size, or by so much: 40G, +8G.', helpValue: 'SIZE', required: true}),
    },
    declares: true,
    given: (flags) => parametersOf(flags, {disk: 'disk', size: 'size'}),
  },
  'move-disk': {
    effect: 'changes the cluster',
    summary: 'Move a disk to another storage.',
    description: `A VM's disk moves while it runs; a container is stopped for it. The old volume goes, unless a snapshot needs it. ${declared}`,
    examples: [['vm/100 --disk scsi0 --storage ceph']],
    flags: {
      disk,
      storage: Flags.string({summary: 'To this storage.', helpValue: 'STORAGE', required: true}),
    },
    declares: true,
    given: (flags) => parametersOf(flags, {disk: 'disk', storage: 'storage'}),
  },
  template: {
    effect: 'changes the cluster',
    summary: 'Make templates of guests.',
    description: `Nothing makes a guest of a template again but a clone; one that runs is stopped for it. ${declared}`,
    examples: [['vm/9000']],
    declares: true,
  },
  snapshot: {
    effect: 'changes the cluster',
    summary: 'Take a snapshot.',
    description: `With --vmstate with the memory of a VM that runs: a rollback lets it go on where it was.
Without guests it is the whole state of workspace and clusters, as a file: pmpc snapshot take.`,
    examples: [['vm/100 --name before-upgrade --description "kernel 6.17"'], ['tag:web --name before-upgrade']],
    flags: {
      name: snapshotName,
      description: Flags.string({summary: 'What it is for.', helpValue: 'TEXT'}),
      vmstate: Flags.boolean({summary: 'With the memory. VMs only.'}),
    },
    elsewhere: (argv) => (meansEverything(argv) ? 'snapshot:take' : undefined),
    given: (flags) => parametersOf(flags, {name: 'snapname', description: 'description', vmstate: 'vmstate'}),
  },
  rollback: {
    effect: 'destroys',
    summary: 'Go back to a snapshot; what was written since is lost.',
    description: 'What its configuration is then, and the manifest is not, is offered as after a sync: pmpc status.',
    examples: [['vm/100 --name before-upgrade'], ['vm/100 --name before-upgrade --confirm vm/100', 'In a script']],
    flags: {
      name: snapshotName,
      start: Flags.boolean({summary: 'Start it then.'}),
    },
    given: (flags) => parametersOf(flags, {name: 'snapname', start: 'start'}),
  },
  delsnapshot: {
    effect: 'destroys',
    summary: 'Delete a snapshot.',
    description: 'Nothing can be rolled back to it then; what a guest is now stays.',
    examples: [['vm/100 --name before-upgrade']],
    flags: {name: snapshotName},
    given: (flags) => parametersOf(flags, {name: 'snapname'}),
  },
  backup: {
    effect: 'changes the cluster',
    summary: 'Back guests up.',
    description:
      'By snapshot they run on meanwhile; by stop they are shut down for a moment, which is the most consistent.',
    examples: [['vm/100 --storage backup'], ['--tag prod --storage backup --mode stop --notes "before upgrade"']],
    flags: {
      storage: Flags.string({summary: 'Where it goes.', helpValue: 'STORAGE', required: true}),
      mode: Flags.string({summary: 'How.', options: ['snapshot', 'suspend', 'stop'], default: 'snapshot'}),
      compress: Flags.string({
        summary: 'How it is compressed.',
        options: ['zstd', 'gzip', 'lzo', '0'],
        default: 'zstd',
      }),
      notes: Flags.string({summary: 'What it is for.', helpValue: 'TEXT'}),
      protected: Flags.boolean({summary: 'Keep it until somebody takes that away.'}),
    },
    given: (flags) =>
      parametersOf(flags, {
        ...{storage: 'storage', mode: 'mode', compress: 'compress', notes: 'notes-template'},
        protected: 'protected',
      }),
  },
  restore: {
    effect: 'destroys',
    summary: 'Put a backup in the place of a guest, or make a new guest of it.',
    description:
      'A guest that is there has to be off; its volumes and its configuration go, and what is otherwise then than its manifest says is offered: pmpc status. With --id a new guest is made; its manifest is written and committed first.',
    examples: [
      ['vm/100 --from backup:backup/vzdump-qemu-100-2026_11_28-02_00_00.vma.zst --confirm vm/100'],
      [
        '--from backup:backup/vzdump-qemu-100-2026_11_28-02_00_00.vma.zst --id next --name web01-old --unique',
        'Beside the guest that was backed up',
      ],
    ],
    args: {
      guests: Args.string({description: 'in whose place: vm/100, web01; none with --id'}),
      fields: fieldsArg,
    },
    flags: {
      from: Flags.string({summary: 'The backup, as pmpc get backups has it.', helpValue: 'VOLUME', required: true}),
      storage: Flags.string({summary: 'Where its volumes go; where they were unless given.', helpValue: 'STORAGE'}),
      id: idFlag('Make a new guest with this VMID, or with the lowest that is free.'),
      name: Flags.string({summary: 'What the new guest is called; as in the backup unless given.', helpValue: 'NAME'}),
      unique: Flags.boolean({summary: 'Give the new guest MAC addresses of its own.'}),
      node: Flags.string({summary: 'Where to make the new guest.', helpValue: 'NAME'}),
    },
    given: (flags) => parametersOf(flags, {from: 'archive', storage: 'storage'}),
    makes: restoring,
  },
} as const satisfies Partial<Record<ActName | 'clone', ActRow>>

/** The acts that are commands. */
export type CommandName = keyof typeof acts
