import {isMap, own, parseField, type Config, type Observed, type Value} from '../resources/index.js'
import {parseSize} from '../values/scalars.js'

const unused = /^unused\d+$/
const slots = /^(?:(?:ide|sata|scsi|virtio|mp)\d+|efidisk0|tpmstate0|rootfs)$/
/** Parts of a slot that tell which volume it is. */
const names = ['file', 'volume'] as const
type Part = (typeof names)[number]

/** A part of a slot, and what it is to be so that the volume of before comes back, with the size that it has by now where that is larger; or why none does. */
export type VolumeBack = {part: Part; value: Value; grown?: {size: string; why: string}} | {why: string}

/**
 * How the volume of a slot comes back that a run changed. A name is taken by its word where that volume is still there, or where none has its name; what was moved is
 * moved back by storage and size where another volume has the name by now: Proxmox VE gives the first free number.
 * @param part of the slot that is asked for, `size`; undefined: the slot as a whole
 * @param was the guest's configuration before the run
 * @param is the one after it
 * @param now the guest as it was recorded last: what it runs with counts, too, as a volume that is to be taken out at the restart is still there
 * @returns undefined where there is nothing to do but to say what was said
 */
export function volumeBack(
  key: string,
  part: string | undefined,
  {was, is, now}: {was: Config; is: Config; now: Pick<Observed, 'config' | 'running'>},
): VolumeBack | undefined {
  if (!slots.test(key)) return undefined
  const [before, after] = [volumeOf(own(was, key)), volumeOf(own(is, key))]
  // What was put in is taken out, and stays as an unused volume.
  if (!before) return undefined
  const isMoved = after !== undefined && !after.isMedium && !before.isMedium && !filesIn(was).has(after.file)
  const isSame = after !== undefined && (isMoved || after.file === before.file)
  const grew = isSame && (bytesOf(after.size) ?? 0) > (bytesOf(before.size) ?? Infinity)
  if (part === 'size')
    return grew ? {why: `it grew from ${before.size!} to ${after.size!}, and nothing makes it smaller`} : undefined
  if (part !== undefined && part !== before.part) return undefined
  if (before.file === after?.file || before.file === 'none' || before.isMedium)
    return part === undefined && grew ? {why: 'it grew, and nothing makes it smaller'} : undefined
  const storage = storageOf(before.file)
  if (/-cloudinit\b/.test(before.file)) return {part: before.part, value: `${storage}:cloudinit`}
  const isThere = [now.config, now.running ?? {}].some((config) => filesIn(config).has(before.file))
  if (isMoved && grew) return {why: `it grew to ${after.size!}, and nothing makes it smaller`}
  if (isThere && !isMoved) {
    const size = sizeIn(now.config, before.file)
    const hasGrown = (bytesOf(size) ?? 0) > (bytesOf(before.size) ?? Infinity)
    return {
      ...{part: before.part, value: before.file},
      ...(hasGrown && {
        grown: {size: size!, why: `it grew from ${before.size!} to ${size!}, and nothing makes it smaller`},
      }),
    }
  }
  const size = bytesOf(before.size)
  if (isMoved && storage !== storageOf(after.file) && size !== undefined)
    return {part: before.part, value: isThere ? `${storage}:${size / 2 ** 30}` : before.file}
  return {why: `its volume ${before.file} was destroyed`}
}

/** What a later run did to a guest: the fields that it wished, and its configuration before and after. */
export interface Later {
  fields: readonly string[]
  before: Config
  after: Config
}

/**
 * The names that volumes have by now which later runs moved to another storage and back, by those that they had: Proxmox VE gives the first free number, and the
 * format that the storage likes.
 * @param guest the guest's configuration before the run and after it
 * @param later the runs since, the oldest first
 */
export function namedSince(guest: {was: Config; is: Config}, later: readonly Later[]): ReadonlyMap<string, string> {
  const there = filesIn(guest.is)
  const known = new Set([...filesIn(guest.was), ...there])
  const named = new Map([...there].map((file) => [file, file]))
  for (const moves of later.map(movesIn)) for (const [file, name] of named) named.set(file, moves.get(name) ?? name)
  // What went elsewhere was changed since; a name that another volume had then tells of none.
  return new Map([...named].filter(([file, name]) => !known.has(name) && storageOf(file) === storageOf(name)))
}

/** The volumes that a run moved from one storage to another: what left its slot and is nowhere any more, for what is new there. */
function movesIn({fields, before, after}: Later): Map<string, string> {
  const [had, has] = [filesIn(before), filesIn(after)]
  const wished = new Set(fields.map((name) => parseField(name)?.path[1]))
  const moves = Object.keys(after).flatMap((key): [string, string][] => {
    const [from, to] = [volumeOf(own(before, key)), volumeOf(own(after, key))]
    if (!slots.test(key) || !wished.has(key) || !from || !to || from.isMedium || to.isMedium) return []
    return has.has(from.file) || had.has(to.file) ? [] : [[from.file, to.file]]
  })
  return new Map(moves)
}

/** A guest's configuration with other names of volumes. */
export function renamed(config: Config, named: ReadonlyMap<string, string>): Config {
  const nameOf = (file: Value): Value => named.get(String(file)) ?? file
  const entries = Object.entries(config).map(([key, value]): [string, Value] => {
    if (!slots.test(key) && !unused.test(key)) return [key, value]
    if (!isMap(value)) return [key, nameOf(value)]
    const part = names.find((name) => Object.hasOwn(value, name))
    return [key, part === undefined ? value : {...value, [part]: nameOf(value[part]!)}]
  })
  return Object.fromEntries(entries)
}

interface Volume {
  part: Part
  file: string
  size?: string
  isMedium: boolean
}

function volumeOf(value: Value | undefined): Volume | undefined {
  if (!isMap(value)) return undefined
  const part = names.find((name) => Object.hasOwn(value, name))
  if (part === undefined) return undefined
  const isMedium = value.media === 'cdrom' && !/-cloudinit\b/.test(String(value[part]))
  return {part, file: String(value[part]), isMedium, ...(value.size !== undefined && {size: String(value.size)})}
}

/** All volumes that a guest's configuration names, unused ones too. */
export function filesIn(config: Readonly<Record<string, Value | null>>): Set<string> {
  return new Set(
    Object.entries(config).flatMap(([key, value]) => {
      if (value === null) return []
      if (unused.test(key)) return [isMap(value) ? String(value.file ?? value.volume) : String(value)]
      return slots.test(key) ? (volumeOf(value)?.file ?? []) : []
    }),
  )
}

/** The size of a volume in the slot that has it. */
function sizeIn(config: Config, file: string): string | undefined {
  const found = Object.entries(config).flatMap(([key, value]) => (slots.test(key) ? (volumeOf(value) ?? []) : []))
  return found.find((volume) => volume.file === file)?.size
}

const storageOf = (file: string): string => file.split(':')[0]!

const bytesOf = (size: string | undefined): number | undefined => (size === undefined ? undefined : parseSize(size))
