import type {Consequence} from '../kinds/travel.js'

/**
 * How changes of a guest travel, beside the calls of its row: which calls there are for what, and what Proxmox VE does with each key of one that runs. Loaded by what plans and
 * applies only. Paths are as the contracts name them, below `/nodes/{node}/qemu/{vmid}` or `/nodes/{node}/lxc/{vmid}`.
 */
export interface GuestTravel {
  readonly changes: readonly ChangeRow[]
  /** Changes that no call makes. The first that fits. */
  readonly refused: readonly RefusedRow[]
  readonly volumes: VolumeKeys
  /** Keys with calls of their own, in this order, after all else: `boot` is edited by PVE itself when devices come and go. */
  readonly alone: readonly string[]
  /** A key that goes in a call of its own, before another one falls below it: PVE holds the new value against what is still there. */
  readonly goesBefore?: {readonly key: string; readonly than: string}
  /** A removal of a key leaves the change of it that is pending, which brings it back: that is taken back first. */
  readonly revertsFirst?: true
  /** How a configuration that allocates is sent. */
  readonly allocate: {readonly method: 'POST' | 'PUT'; readonly task?: true}
  readonly calls: GuestCalls
  /** Sub-keys that PVE makes up where they are absent, by key: they are sent as they are, or it would make up others. */
  readonly repeated: readonly {readonly keys: RegExp; readonly subkeys: readonly string[]}[]
  /** What a new one has though nobody asked for it. `*` stands for what PVE makes up, `{id}` for the id. */
  readonly born: readonly BornRow[]
  /** Keys that only root@pam itself may set, by ticket; no token may. */
  readonly rootOnly: RegExp
  /** The key whose value, where it is 1, keeps volumes and the guest from being removed. */
  readonly protection: string
  /** Which keys such protection keeps from being set, too. */
  readonly protects?: RegExp
  /** A hook of PVE's names the boot order, which it edits. */
  readonly order?: BootOrder
  /** Parameters of the removal that take along what the guest is named in. */
  readonly purge: string
  /** How the HA manager names it. */
  readonly sid: string
}

/** What becomes of a key of a guest that runs. The first row that fits tells. */
export interface ChangeRow {
  readonly keys: RegExp
  /** What happens to the key; anything unless given. */
  readonly on?: readonly Happening[]
  /** One of these sub-keys differs. */
  readonly differs?: readonly string[]
  /** No other sub-keys than these differ. */
  readonly only?: readonly string[]
  readonly when?: Predicate
  readonly unless?: Predicate
  /** What its `hotplug` has to name; where it does not, the change is pending. */
  readonly flag?: HotplugFeature
  readonly takes: Takes
  /** What it means, where that is not what `takes` says. */
  readonly consequence?: Consequence
  readonly irreversible?: true
  readonly ifGuestLetsGo?: true
  readonly note?: string
}

export type Happening = 'added' | 'changed' | 'removed'
export type HotplugFeature = 'network' | 'disk' | 'usb' | 'cpu' | 'memory'

/**
 * `live`: taken at once. `pending`: written, and taken at the next stop through PVE. `stopped`: PVE answers 400 and keeps it pending all the
 * same, or does something else than what was asked for; a plan stops the guest first.
 */
export type Takes = 'live' | 'pending' | 'stopped'

/** What the tables ask that a key and its sub-keys do not tell; answered by `plan/consequences.ts`. */
export type Predicate =
  | 'bootDevice'
  | 'cdrom'
  | 'emptyDrive'
  | 'mediaChanges'
  | 'namesCpuOrMemory'
  | 'staysOn'
  | 'takesUsb'
  | 'shrinks'
  | 'beyondCpus'
  | 'belowStatic'
  | 'withoutBridge'
  | 'noSlot'
  | 'buffersNative'

export interface RefusedRow {
  readonly keys: RegExp
  readonly on?: readonly Happening[]
  readonly differs?: readonly string[]
  /** Only where the value is to be this one. */
  readonly to?: readonly (string | number | undefined)[]
  readonly when?: Predicate
  /** As a sentence that begins with the field: `cannot be changed …`. */
  readonly why: string
  readonly instead: string
}

export interface VolumeKeys {
  readonly slots: RegExp
  /** The sub-key that names the volume. */
  readonly subkey: 'file' | 'volume'
  /** Slots that cannot be left empty, nor get another volume. */
  readonly fixed?: RegExp
  /** Slots whose size PVE decides, which therefore do not grow: by which size, where it is known. */
  readonly sized: readonly {readonly keys: RegExp; readonly size: string}[]
  /** An unused volume that comes into a slot is written as used before the one that was there becomes unused: that one may get its place. */
  readonly usedFirst?: true
  readonly move: {readonly path: string; readonly slot: string}
  /** Slots that are moved of a stopped guest only. */
  readonly movedStopped: RegExp
  /** Others that are, unless this key has this value in what runs: else it has no such device. */
  readonly movedLiveWith?: {readonly keys: RegExp; readonly key: string; readonly value: string}
}

export interface GuestCalls {
  /** Asks whether what runs in it answers, below its path; it has no agent unless given. */
  readonly ping?: readonly string[]
  readonly clone: string
  /** Parameter of a clone, and key of the configuration, with the name. */
  readonly name: string
  /** What a clone is called to which nobody gave a name; `{name}` is that of its source, or its id. The same as its source unless given. */
  readonly copyName?: string
  /** Parameters of a creation from an archive. */
  readonly archive: {
    readonly parameter: string
    readonly besides: Readonly<Record<string, number>>
    /** Keys that are the archive's with `unique`, whatever is sent along. */
    readonly keeps?: RegExp
  }
  readonly migrate: {
    /** What is sent besides of one that runs. */
    readonly running: Readonly<Record<string, number>>
    readonly consequence: Consequence
    /** What is sent besides where it has volumes on its node alone; a container's go along by themselves. */
    readonly local: Readonly<Record<string, number>>
  }
}

export interface BornRow {
  readonly key: string
  readonly value: string | number | Readonly<Record<string, string | number>>
  /** Only where none of these is given. */
  readonly unless?: RegExp
}

export interface BootOrder {
  readonly key: string
  readonly subkey: string
}
