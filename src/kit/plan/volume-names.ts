import {isMap, own, type Config, type Value, type ValueMap} from '../resources/index.js'
import type {GuestTravel} from '../resources/travels/index.js'
import {parseSize, printSize} from '../values/index.js'
import {madeUp} from './model.js'

/** What stands in a slot for a volume, taken apart. */
export type Volume =
  /** `local-zfs:32`: one to be made there, of so many GiB. */
  | {is: 'new'; storage: string; file: string; bytes: number}
  /** `local-zfs:cloudinit`: a cloud-init drive to be made there; or the one that is there. */
  | {is: 'cloudinit'; storage: string; file: string}
  /** One of PVE's, by its name; the name may be `*`, where PVE made it up or any on that storage is meant. */
  | {is: 'volume'; storage: string; file: string}
  /** A medium, an empty drive, a path or a device of the host: it is sent as it stands. */
  | {is: 'other'; file: string}

const GiB = 1024 ** 3

/** What a value of a slot names; undefined where there is none. */
export function volumeIn({volumes}: GuestTravel, value: Value | undefined): Volume | undefined {
  if (value === undefined) return undefined
  const file = fileIn(value, volumes.subkey)
  const [, storage, name] = /^([^:/\s]+):(.+)$/.exec(file) ?? []
  if (storage === undefined || name === undefined) return {is: 'other', file}
  if (/^\d+(?:\.\d+)?$/.test(name)) return {is: 'new', storage, file, bytes: Number(name) * GiB}
  if (/(?:^|[-/])cloudinit(?:\.\w+|\*)?$/.test(name)) return {is: 'cloudinit', storage, file}
  if (isMap(value) && value.media === 'cdrom') return {is: 'other', file}
  return {is: 'volume', storage, file}
}

/** The name of the volume of a slot, or of an unused one, as it stands there. */
export function fileIn(value: Value, subkey: string): string {
  return String((isMap(value) ? own(value, subkey) : value) ?? '')
}

/** The size that a value names, in bytes; undefined where it names none, or where nobody can tell. */
export function sizeIn(value: Value | undefined): number | undefined {
  const size = isMap(value) ? own(value, 'size') : undefined
  return size === undefined ? undefined : parseSize(String(size))
}

/** Any volume on a storage. */
export const anyOn = (storage: string): string => `${storage}:${madeUp}`

/** Whether a name is that of one volume, and not of any. */
export const isNamed = (file: string): boolean => !file.endsWith(madeUp)

/** Whether a volume belongs to a guest (pve-storage, PVE/Storage/Plugin.pm (parse_volname)). */
export const isOwned = (file: string, id: string | number): boolean =>
  !isNamed(file) || new RegExp(`[:/](?:vm|base|subvol|basevol)-${id}-`).test(file)

/** What a volume is called once its guest is a template (pve-storage, PVE/Storage/Plugin.pm (create_base)). */
export const baseOf = (file: string): string =>
  file.replace(
    /([:/])(?:vm|(sub)vol)-(\d+-)(?!cloudinit)/,
    (_all, before: string, sub: string | undefined, rest: string) =>
      `${before}${sub === undefined ? 'base' : 'basevol'}-${rest}`,
  )

/** `32G` of bytes. */
export const sizeText = (bytes: number): string => printSize(bytes)

/** The keys of a configuration that hold volumes in slots, sorted. */
export const slotsOf = ({volumes}: GuestTravel, config: Config): string[] =>
  Object.keys(config)
    .filter((key) => volumes.slots.test(key))
    .sort()

/** Which unused volume this is; undefined where it is none. */
export function unusedKey(config: Config, file: string): string | undefined {
  return Object.keys(config).find((key) => key.startsWith('unused') && config[key] === file)
}

/** A value with another volume in it. */
export function withFile({volumes}: GuestTravel, value: Value, file: string): ValueMap {
  return {...(isMap(value) ? value : {}), [volumes.subkey]: file}
}

/** A backup tells what it is one of (pve-storage, PVE/Storage.pm and PVE/Storage/PBSPlugin.pm); one that people have named, by what it is packed in. */
const backups = [
  {of: 'qemu', pattern: /vzdump-qemu-|:backup\/vm\/|\.vma(?:\.\w+)?$/},
  {of: 'lxc', pattern: /vzdump-lxc-|:backup\/ct\/|\.(?:tgz|tar(?:\.\w+)?)$/},
] as const

/** Which sort of guests a volume is a backup of; undefined: it is no backup. */
export function backedUp(volume: string): 'qemu' | 'lxc' | undefined {
  if (!/^[^\s:/]+:backup\/\S+$/.test(volume)) return undefined
  return backups.find(({pattern}) => pattern.test(volume))?.of
}
