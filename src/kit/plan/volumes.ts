// Wishes of volumes: what is meant by what stands in a slot, seen from what is there.
import {isMap, own, type Config, type KindName, type Value, type ValueMap} from '../resources/index.js'
import type {GuestTravel} from '../resources/travels/index.js'
import {equivalent} from '../values/index.js'
import {madeUp, type Refusal} from './model.js'
import {anyOn, fileIn, isNamed, sizeIn, sizeText, slotsOf, unusedKey, volumeIn} from './volume-names.js'

/** What has to be done about one slot, in the order in which it is done. */
export interface SlotWork {
  key: string
  /** To this storage. */
  moves?: string
  /** To so many bytes. */
  grows?: number
  /** A size is wanted that the volume cannot get. */
  misfits?: true
  /** A volume has to be made, on this storage. */
  allocates?: string
  /** Another volume takes the place of the one that is there. */
  replaces?: true
  /** What to send for the slot at last; undefined: its options are as they are to be. */
  sends?: Value
}

/** A wish of a slot: as it is, and as it is to be. */
export interface SlotWish {
  kind: KindName
  travel: GuestTravel
  key: string
  is: Value | undefined
  want: Value | undefined
  /** Sizes of volumes that come from elsewhere, by their names. */
  sizes?: Readonly<Record<string, string>> | undefined
}

const options = (value: Value | undefined): ValueMap => (isMap(value) ? value : {})

/** What a slot's wish comes down to; empty but for its key where it is met. */
export function workOf(wish: SlotWish): SlotWork {
  const {travel, key, is, want} = wish
  const wanted = volumeIn(travel, want)
  if (want === undefined || wanted === undefined) return {key}
  const there = volumeIn(travel, is)
  const isDisk = there?.is === 'volume'
  if (wanted.is === 'new' && !isDisk)
    return {
      key,
      allocates: wanted.storage,
      sends: unsized(want),
      ...(sizeRefusal({travel, is: is === undefined ? {} : {[key]: is}, want: {[key]: want}}, key) && {misfits: true}),
    }
  if (wanted.is === 'cloudinit' && there?.is !== 'cloudinit') return {key, allocates: wanted.storage, sends: want}
  if (is === undefined || there === undefined) return {key, sends: withSize(want, wish.sizes?.[wanted.file])}
  const stays = isDisk && (wanted.is === 'new' || (wanted.is === 'volume' && !isNamed(wanted.file)))
  const file = stays || wanted.is === 'cloudinit' ? there.file : wanted.file
  if (file !== there.file || !isDisk) return otherwise(wish, {key, ...(isDisk && {replaces: true})}, file)
  const bytes = growth(travel, key, is, want)
  const work: SlotWork = {
    key,
    ...(wanted.is !== 'other' && there.storage !== wanted.storage && {moves: wanted.storage}),
    ...(bytes !== undefined && {grows: bytes}),
    ...(sizeRefusal({travel, is: {[key]: is}, want: {[key]: want}}, key) && {misfits: true}),
  }
  return otherwise(wish, work, file)
}

/** What is to be made says its size by its name. */
export function unsized(value: Value): Value {
  const {size: _size, ...rest} = options(value)
  return isMap(value) ? rest : value
}

function withSize(value: Value, size: string | undefined): Value {
  return size === undefined ? value : {...options(value), size}
}

/** The work, with what is sent at last where more than place and size of the volume is to be otherwise. */
function otherwise({kind, travel, key, is, want, sizes}: SlotWish, work: SlotWork, file: string): SlotWork {
  const {subkey} = travel.volumes
  const {'import-from': _source, format: _format, size, ...wanted} = options(want)
  const {size: has, ...present} = options(is)
  if (volumeIn(travel, want)?.is === 'cloudinit') wanted.media ??= 'cdrom'
  const isSame = equivalent(kind, key, {...wanted, [subkey]: file}, present)
  const sized = file === present[subkey] ? has : (sizes?.[file] ?? size)
  return isSame ? work : {...work, sends: {...wanted, [subkey]: file, ...(sized !== undefined && {size: sized})}}
}

/** To how many bytes a volume has to grow; undefined: it has the size that is wanted, or none is. */
function growth(travel: GuestTravel, key: string, is: Value, want: Value): number | undefined {
  const [has, wants] = [sizeIn(is), wantedSize(travel, want)]
  if (wants === undefined || travel.volumes.sized.some(({keys}) => keys.test(key))) return undefined
  // Of an image that was just taken in nobody knows the size yet.
  if (has === undefined) return own(options(is), 'size') === madeUp ? wants : undefined
  return wants > has ? wants : undefined
}

/** The size that a wish asks for: the one it names, else that of the volume to be made. An image brings its own. */
function wantedSize(travel: GuestTravel, want: Value): number | undefined {
  const named = sizeIn(want)
  if (named !== undefined) return named
  const wanted = volumeIn(travel, want)
  return wanted?.is === 'new' && wanted.bytes > 0 ? wanted.bytes : undefined
}

/** What the wishes for volumes of one guest are bound to. */
export interface Binding {
  /** The volumes of the slots that mean another one than they name, by slot. */
  files: Readonly<Record<string, string>>
  refused: readonly Refusal[]
}

/** The slots of one guest, as they are and as they are to be. */
export interface Slots {
  travel: GuestTravel
  is: Config
  want: Config
  /** The slots that are wished to be otherwise. */
  wished: readonly string[]
  /** What it runs with. */
  now: Config
}

/**
 * Binds what is wished of volumes to what is there: which slot a named volume comes from, or that it is to be moved. Once: PVE gives the names of volumes anew, so that a
 * name means another disk later. What is bound already stays as it is.
 */
export function bindVolumes(slots: Slots): Binding {
  const files: Record<string, string> = {}
  const refused: Refusal[] = []
  for (const key of slots.wished) {
    const found = bindSlot(slots, key)
    if (found && 'code' in found) refused.push(found)
    else if (found) files[key] = found.file
  }
  return {files, refused}
}

function bindSlot(slots: Slots, key: string): {file: string} | Refusal | undefined {
  const {travel, is, want} = slots
  const wanted = volumeIn(travel, own(want, key))
  if (wanted === undefined || wanted.is === 'other') return undefined
  const there = volumeIn(travel, own(is, key))
  const isTaken = there?.is === 'volume'
  if (wanted.is !== 'volume')
    return is[key] !== undefined && !isTaken && isFixed(slots, key) ? fixedRefusal(key) : sizeRefusal(slots, key)
  const {file, storage} = wanted
  if (!isNamed(file) || (isTaken && there.file === file)) return sizeRefusal(slots, key)
  const twice = holderOf(travel, want, key, file)
  if (twice !== undefined)
    return refusal(key, `${file} is to stand in ${twice}, too`, [`Take it out of ${key} or of ${twice}.`])
  const holder = holderOf(travel, is, key, file)
  if (holder !== undefined || unusedKey(is, file) !== undefined)
    return turnsOut(slots, key, holder, file) ?? (holder === undefined ? undefined : sizeRefusal(slots, key, holder))
  const held = slotsOf(travel, slots.now).find((other) => fileIn(slots.now[other]!, travel.volumes.subkey) === file)
  // What the guest did not let go of stays where it is.
  if (held === key) return sizeRefusal(slots, key)
  if (held !== undefined)
    return refusal(key, `${file} is in use as ${held}, until the guest is stopped`, [
      'Stop the guest; then plan again.',
    ])
  if (isTaken && there.storage !== storage) return sizeRefusal(slots, key) ?? {file: anyOn(storage)}
  return refusal(key, `${file} is no volume of this guest`, [
    `For a new volume write its size in GiB: \`${travel.volumes.subkey}: ${storage}:32\`.`,
    'A volume that no guest names is found by `qm rescan` or `pct rescan`; sync, and attach it then.',
  ])
}

const isFixed = ({travel}: Slots, key: string): boolean => travel.volumes.fixed?.test(key) ?? false

/** The slot beside this one that holds a volume. */
function holderOf(travel: GuestTravel, config: Config, key: string, file: string): string | undefined {
  return slotsOf(travel, config).find(
    (other) => other !== key && fileIn(config[other]!, travel.volumes.subkey) === file,
  )
}

/** Why a volume of this guest cannot come here. */
function turnsOut(slots: Slots, key: string, holder: string | undefined, file: string): Refusal | undefined {
  const {travel, is, want} = slots
  if (isFixed(slots, key)) return fixedRefusal(key)
  if (holder !== undefined && isFixed(slots, holder)) return fixedRefusal(holder)
  const there = volumeIn(travel, own(is, key))
  if (holder === undefined || there?.is !== 'volume') return undefined
  // The one that is here has to have a place as well: else a name that PVE gave anew would turn out the wrong disk.
  return holderOf(travel, want, key, there.file) !== undefined
    ? undefined
    : refusal(key, `${file} is in ${holder}, and ${there.file} would be turned out for it`, [
        `Say where ${there.file} goes; or take ${key} out, apply, and put ${file} there then.`,
      ])
}

/** Why a slot cannot have the size that is wanted of it. @param from the slot that the volume is in now */
export function sizeRefusal(
  {travel, is, want}: Omit<Slots, 'wished' | 'now'>,
  key: string,
  from = key,
): Refusal | undefined {
  const wanted = volumeIn(travel, want[key])
  const isThere = volumeIn(travel, own(is, from))?.is === 'volume'
  if (!isThere && (wanted?.is !== 'new' || wanted.bytes === 0)) return undefined
  const has = isThere || wanted?.is !== 'new' ? sizeIn(is[from]) : wanted.bytes
  const wants = wantedSize(travel, want[key]!)
  if (has === undefined || wants === undefined || wants === has) return undefined
  if (travel.volumes.sized.some(({keys}) => keys.test(key)))
    return sizeIn(want[key]) === undefined
      ? undefined
      : refusal(key, 'its size is made by Proxmox VE', ['Take the size out of the manifest.'])
  if (wants > has) return undefined
  return {
    field: `config.${key}`,
    code: 'PMPC_CANNOT_SHRINK',
    message: `${key}: a volume cannot get smaller: it has ${sizeText(has)}, and ${sizeText(wants)} is wanted`,
    suggestions: [`Write \`size: ${sizeText(has)}\`, or add a smaller volume in another slot.`],
  }
}

const fixedRefusal = (key: string): Refusal =>
  refusal(key, 'Proxmox VE makes no other volume for it, and would lose the one that is there', [
    'To move it to another storage name that: `volume: STORAGE:SIZE`.',
  ])

function refusal(key: string, why: string, suggestions: readonly string[]): Refusal {
  return {field: `config.${key}`, code: 'PMPC_PLAN_NO_VOLUME', message: `${key}: ${why}`, suggestions}
}
