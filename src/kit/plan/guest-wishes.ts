// What is wanted of a guest, seen from what is there.
import {
  fieldName,
  isMap,
  kindOf,
  own,
  parseField,
  type Config,
  type Field,
  type KindName,
  type Observed,
  type Value,
} from '../resources/index.js'
import {guestTravelOf, type GuestTravel} from '../resources/travels/index.js'
import {setField, type Document} from '../reconcile/fields.js'
import {keyInfo, meets} from '../values/index.js'
import type {Decided, Refusal, Wanted, WishedField} from './model.js'
import {worldOf} from './guest-world.js'
import {bindVolumes, unsized, workOf} from './volumes.js'
import {devicesOf, holds} from './consequences.js'
import {baseOf, fileIn, isNamed, sizeIn, sizeText, slotsOf, volumeIn, withFile} from './volume-names.js'

/** A wished field with its place. */
export interface PlacedWish extends WishedField {
  at: Field
  /** The key of the configuration that it is, or is in; undefined: it stands beside. */
  key: string | undefined
}

/** The wished fields with their places. @throws TypeError for a name that is none: whoever plans made it */
export function placed(fields: readonly WishedField[]): PlacedWish[] {
  return fields.map((wish) => {
    const at = parseField(wish.field)
    if (!at) throw new TypeError(`${wish.field} names no field`)
    return {...wish, at, key: at.path[0] === 'config' ? at.path[1] : undefined}
  })
}

/** The object as it is, with the wished fields replaced. @param slots of the plan as a whole */
export function targetOf(is: Observed, wishes: readonly PlacedWish[], slots: Decided['slots'] = {}): Config {
  const document: Document = {kind: is.kind, beside: {}, config: {...is.config}}
  for (const {at, want, key} of wishes) if (key !== undefined) setField(document, at, wantedAt(at, want))
  const config: Config = {...document.config, ...slots}
  const travel = guestTravelOf(is.kind)
  for (const key of new Set(wishes.map((wish) => wish.key))) {
    if (key === undefined) continue
    const value = own(config, key) ?? identityIn(is, key)
    if (value !== undefined) config[key] = whole(travel, {key, value, is: own(is.config, key), wishes})
  }
  return config
}

/** What no manifest holds of a key that is to go, as it tells which guest this is: a machine's uuid. */
function identityIn({kind, config}: Observed, key: string): Value | undefined {
  const [names, value] = [own(kindOf(kind).generated?.subkeys, key), own(config, key)]
  if (!names || !isMap(value)) return undefined
  const kept = Object.entries(value).filter(([name]) => names.includes(name))
  return kept.length > 0 ? Object.fromEntries(kept) : undefined
}

/** An element of a set is there or not. */
const wantedAt = ({element}: Field, want: Value | undefined): Value | undefined =>
  element === undefined || want === undefined ? want : element

/** A value with what PVE would make up anew; another volume without the size of the one that is there. */
function whole(
  travel: GuestTravel,
  {key, value, is, wishes}: {key: string; value: Value; is: Value | undefined; wishes: readonly PlacedWish[]},
): Value {
  if (!isMap(value)) return value
  if (travel.volumes.slots.test(key)) {
    const [file, wanted] = [is && fileIn(is, travel.volumes.subkey), volumeIn(travel, value)]
    // What is a template since has its volumes under other names.
    if (wanted?.is === 'volume' && file === baseOf(wanted.file)) return withFile(travel, value, file)
    const {size: _size, ...rest} = value
    const isAnother = wanted?.is === 'volume' && isNamed(wanted.file) && wanted.file !== file
    return wanted?.is === 'other' || (isAnother && !wishes.some((wish) => namesSize(wish, key))) ? rest : value
  }
  if (!isMap(is)) return value
  const names = travel.repeated.filter(({keys}) => keys.test(key)).flatMap(({subkeys}) => subkeys)
  const lacking = names.filter((name) => value[name] === undefined && is[name] !== undefined)
  return {...value, ...Object.fromEntries(lacking.map((name) => [name, is[name]!]))}
}

function namesSize(wish: PlacedWish, key: string): boolean {
  if (wish.key !== key) return false
  return wish.at.path.length > 2 ? wish.at.path[2] === 'size' : sizeIn(wish.want) !== undefined
}

/** The keys of the configuration of which something is wished, sorted. */
export const wishedKeys = (wishes: readonly PlacedWish[]): string[] =>
  [...new Set(wishes.flatMap(({key}) => (key === undefined ? [] : [key])))].sort()

/** Whether what is wanted of a key that holds no volume is so. A secret that is there is never compared. */
export function isMet(kind: KindName, key: string, want: Value | undefined, is: Value | undefined): boolean {
  if (keyInfo(kind, key).masked) return (want === undefined) === (is === undefined)
  return meets(kind, key, want, is)
}

/** Whether what is wanted of a slot is so. */
export function isSlotMet(kind: KindName, key: string, want: Value | undefined, is: Value | undefined): boolean {
  if (want === undefined || is === undefined) return want === is
  return Object.keys(workOf({kind, travel: guestTravelOf(kind), key, is, want})).length === 1
}

/**
 * Binds the wishes for a guest to what is there, once, when its plan is made: which volume is meant, and whether it is to run in the end. What nothing can be sent for
 * is told, and left out. Binding what is bound changes nothing.
 */
export function bindGuest(is: Observed | null, wanted: Wanted): {wanted: Wanted; refused: Refusal[]} {
  if (wanted.bound || wanted.document === null) return {wanted, refused: []}
  if (!is) return {wanted: asMade(wanted), refused: []}
  const refused: Refusal[] = []
  let wishes = placed(wanted.fields)
  // What is left out of a swap leaves the rest of it without a place.
  for (;;) {
    const found = look(is, wishes)
    if (found.refused.length === 0) return {wanted: {...wanted, ...settled(is, wishes, found)}, refused}
    refused.push(...found.refused)
    const out = new Set(found.refused.map(({field}) => field))
    wishes = wishes.filter(({field, key}) => !out.has(field) && !out.has(`config.${key}`))
  }
}

/** What the wishes come to. */
interface Look {
  want: Config
  refused: Refusal[]
  files: Readonly<Record<string, string>>
  /** The slots among them. */
  slots: readonly string[]
}

function look(is: Observed, wishes: readonly PlacedWish[]): Look {
  const travel = guestTravelOf(is.kind)
  const want = targetOf(is, wishes)
  const changed = wishedKeys(wishes).filter((key) => !isKeyMet(travel, is.kind, key, want, is.config))
  const fixed = changed.flatMap((key) => refusalOf(travel, {is, want, key, wishes}) ?? [])
  const slots = changed.filter((key) => travel.volumes.slots.test(key))
  const {files, refused} = bindVolumes({travel, is: is.config, want, wished: slots, now: worldOf(is).now})
  const others = refused.filter(({field}) => !fixed.some((one) => one.field === field))
  return {want, files, slots, refused: [...fixed, ...others, ...idleRefusal(is, want, wishes)]}
}

/** The wishes, each volume by what is there; and what is decided beside. */
function settled(
  is: Observed,
  wishes: readonly PlacedWish[],
  {want, files, slots}: Look,
): Pick<Wanted, 'fields' | 'bound'> {
  const travel = guestTravelOf(is.kind)
  const power = wishes.find(({field}) => field === 'power')
  const runs = power ? power.want === 'running' : is.facts.status === 'running' && !isTemplate(want)
  const fields = wishes.map(({at: _at, key, ...wish}) => withFileOf(travel, wish, key, files))
  const changing = slotsThatChange(travel, is.config, want, slots)
  if (changing.length === 0) return {fields, bound: {runs}}
  // The size that stands there is that of the volume which goes.
  const valueOf = (key: string): Value =>
    volumeIn(travel, want[key])?.is === 'new' && !wishes.some((wish) => namesSize(wish, key))
      ? unsized(want[key]!)
      : want[key]!
  const values = Object.fromEntries(changing.map((key): [string, Value] => [key, valueOf(key)]))
  return {fields, bound: {runs, slots: values, sizes: sizesOf(travel, is.config)}}
}

function sizesOf(travel: GuestTravel, config: Config): Record<string, string> {
  const sizes = slotsOf(travel, config).flatMap((key): [string, string][] => {
    const size = sizeIn(config[key])
    return size === undefined ? [] : [[fileIn(config[key]!, travel.volumes.subkey), sizeText(size)]]
  })
  return Object.fromEntries(sizes)
}

const isTemplate = (config: Config): boolean => Number(own(config, 'template') ?? 0) === 1

/** The slots whose volumes go from one to another, those that are left for a new volume among them. */
function slotsThatChange(travel: GuestTravel, is: Config, want: Config, slots: readonly string[]): string[] {
  const {subkey} = travel.volumes
  const fileOf = (config: Config, key: string): string | undefined =>
    own(config, key) === undefined ? undefined : fileIn(config[key]!, subkey)
  const from = slots.filter((key) =>
    slots.some((other) => other !== key && fileOf(is, key) !== undefined && fileOf(is, key) === fileOf(want, other)),
  )
  const files = new Set(from.map((key) => fileOf(is, key)))
  return slots.filter((key) => want[key] !== undefined && (from.includes(key) || files.has(fileOf(want, key))))
}

/** A template does not run. */
function idleRefusal(is: Observed, want: Config, wishes: readonly PlacedWish[]): Refusal[] {
  const power = wishes.find(({field, want: to}) => field === 'power' && to === 'running')
  if (!power || !isTemplate(want)) return []
  const message = `${kindOf(is.kind).name} ${is.id} is a template, and no template runs`
  return [
    {
      field: 'power',
      code: 'PMPC_PLAN_FIXED',
      message,
      suggestions: [`pmpc clone ${kindOf(is.kind).name}/${is.id} NAME`],
    },
  ]
}

/** All of the document of what is not there yet is wished. */
function asMade(wanted: Wanted): Wanted {
  const {config, beside} = wanted.document!
  const given = new Map(wanted.fields.map((wish) => [wish.field, wish]))
  const commit = wanted.fields[0]?.commit ?? null
  const place = beside['placement.node'] ?? wanted.node
  const all: WishedField[] = [
    ...Object.entries({...beside, ...(place !== undefined && {'placement.node': place})}).map(
      ([field, want]): WishedField => ({field, is: undefined, want, commit}),
    ),
    ...Object.entries(config).map(([key, want]): WishedField => ({
      field: fieldName('config', key),
      is: undefined,
      want,
      commit,
    })),
  ]
  const fields = all.map((wish) => ({...wish, commit: given.get(wish.field)?.commit ?? commit}))
  return {...wanted, fields, bound: {runs: beside.power === 'running', made: true}}
}

export function isKeyMet(travel: GuestTravel, kind: KindName, key: string, want: Config, is: Config): boolean {
  const meets = travel.volumes.slots.test(key) ? isSlotMet : isMet
  return meets(kind, key, own(want, key), own(is, key))
}

function withFileOf(
  {volumes}: GuestTravel,
  wish: WishedField,
  key: string | undefined,
  files: Readonly<Record<string, string>>,
): WishedField {
  const file = key === undefined ? undefined : own(files, key)
  if (file === undefined) return wish
  if (wish.field === `config.${key}.${volumes.subkey}`) return {...wish, want: file}
  return wish.field === `config.${key}` && isMap(wish.want)
    ? {...wish, want: {...wish.want, [volumes.subkey]: file}}
    : wish
}

/** Why no call makes this change. */
function refusalOf(
  travel: GuestTravel,
  {is, want, key, wishes}: {is: Observed; want: Config; key: string; wishes: readonly PlacedWish[]},
): Refusal | undefined {
  const [was, will] = [own(is.config, key), own(want, key)]
  const on = was === undefined ? 'added' : will === undefined ? 'removed' : 'changed'
  const differs = wishes.flatMap(({key: other, at}) => (other === key && at.path.length > 2 ? [at.path[2]!] : []))
  const runs = is.facts.status === 'running'
  const row = travel.refused.find(
    (one) =>
      one.keys.test(key) &&
      (one.on?.includes(on) ?? true) &&
      (one.differs?.some((name) => differs.includes(name)) ?? true) &&
      (one.to?.includes(will as string | number | undefined) ?? true) &&
      (one.when === undefined || holds(one.when, {key, was, will, differs}, {runs, now: is.config})),
  )
  if (row)
    return {
      field: `config.${key}`,
      code: 'PMPC_PLAN_FIXED',
      message: `${key} ${row.why}`,
      suggestions: [row.instead],
    }
  return protectedRefusal(travel, {is, want, key, on}) ?? orderRefusal(travel, want, key)
}

/** PVE takes no boot order with a device that is not there. */
function orderRefusal({order}: GuestTravel, want: Config, key: string): Refusal | undefined {
  if (key !== order?.key) return undefined
  const missing = devicesOf(own(want, key)).find((device) => own(want, device) === undefined)
  if (missing === undefined) return undefined
  return {
    field: `config.${key}`,
    code: 'PMPC_PLAN_NO_DEVICE',
    message: `${key} names ${missing}, which is not there`,
    suggestions: [`Take ${missing} out of it, or add the device.`],
  }
}

/** Whether the volume of a slot is wanted in another one: it is taken out for that. */
function goesElsewhere(travel: GuestTravel, is: Config, want: Config, key: string): boolean {
  const {slots} = travel.volumes
  const volume = slots.test(key) ? volumeIn(travel, own(is, key)) : undefined
  if (volume?.is !== 'volume') return false
  const others = Object.entries(want).filter(([other]) => other !== key && slots.test(other))
  return others.some(([, value]) => fileIn(value, travel.volumes.subkey) === volume.file)
}

/** A guest that is protected keeps its volumes; a container's stay as they are, too. */
function protectedRefusal(
  travel: GuestTravel,
  {is, want, key, on}: {is: Observed; want: Config; key: string; on: 'added' | 'changed' | 'removed'},
): Refusal | undefined {
  const {protection, protects, volumes} = travel
  const [was, will] = [is.config, want].map((config) => Number(own(config, protection) ?? 0) === 1)
  const isTaken = on === 'removed' || goesElsewhere(travel, is.config, want, key)
  const keeps = protects?.test(key) ?? (isTaken && (volumes.slots.test(key) || key.startsWith('unused')))
  if (!was || !will || !keeps) return undefined
  return {
    field: `config.${key}`,
    code: 'PMPC_PROTECTED',
    message: `${key} stays as it is: ${kindOf(is.kind).name} ${is.id} is protected`,
    suggestions: [`Take \`${protection}: 1\` out of its manifest, or write 0.`],
  }
}
