import {isGuest, kindOf} from './kinds/index.js'
import type {Config, Declared, Observed, Scalar, Value, ValueMap} from './model.js'

/** Whether a value is a property string's map. */
export function isMap(value: unknown): value is ValueMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A member of a map whose keys come from outside: `constructor` is no member of `{}`. */
export function own<T>(map: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined
}

/** Sets a member, or takes it out, in place. Not by assignment: `__proto__` is a key like any other. */
export function setOwn<T>(map: Record<string, T>, key: string, value: T | undefined): void {
  if (value === undefined) delete map[key]
  else Object.defineProperty(map, key, {value, enumerable: true, writable: true, configurable: true})
}

/** Deep equality of canonical values; `undefined` is an absent key. */
export function equalValues(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => equalValues(item, b[i]))
    )
  }
  if (!isMap(a) || !isMap(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equalValues(a[key], b[key]))
  )
}

/**
 * What a manifest of this object says: its configuration without the keys that PVE makes up, and its pool.
 * Where it runs and whether it runs is not declared; see `besideOf`.
 */
export function declaredOf(observed: Observed): Declared {
  const {generated} = kindOf(observed.kind)
  const kept: [string, Value][] = []
  for (const key of Object.keys(observed.config)) {
    if (generated?.keys.test(key)) continue
    const rest = withoutSubkeys(observed.config[key]!, own(generated?.subkeys, key))
    if (rest !== undefined) kept.push([key, rest])
  }
  // Not by assignment: `__proto__` is a key like any other.
  const config: Config = Object.fromEntries(kept)
  const declared: Declared = {kind: observed.kind, id: observed.id, config}
  const pool = poolOf(observed)
  if (pool !== undefined) declared.pool = pool
  return declared
}

function withoutSubkeys(value: Value, subkeys: readonly string[] | undefined): Value | undefined {
  if (!subkeys || !isMap(value)) return value
  const kept = Object.entries(value).filter(([subkey]) => !subkeys.includes(subkey))
  return kept.length > 0 ? Object.fromEntries(kept) : undefined
}

/**
 * pmpc's own keys that stand beside `config`, as field to value. Placement and power are observed only where a manifest asks for them.
 * @param asked the manifest that decides what is asked for
 */
export function besideOf(observed: Observed, asked: Declared | undefined): Record<string, Scalar> {
  const beside: Record<string, Scalar> = {}
  const {placement, power} = kindOf(observed.kind).beside ?? {}
  const pool = poolOf(observed)
  if (pool !== undefined) beside.pool = pool
  const [place, state] = [placement, power].map((each) => each && own(observed.facts, each.fact))
  if (asked?.placement?.pinned && place !== undefined) beside['placement.node'] = place
  if (asked?.power && state !== undefined && !power!.neither?.includes(state))
    beside.power = power!.stopped.includes(state) ? 'stopped' : 'running'
  return beside
}

function poolOf({kind, facts}: Observed): string | undefined {
  const {pool} = kindOf(kind).beside ?? {}
  const name = pool && own(facts, pool.fact)
  return typeof name === 'string' ? name : undefined
}

/** What PVE has from the beginning, and nobody has set anything in: it is observed, and no manifest of it is missing. */
export function isBuiltin({kind, id, config, facts}: Observed): boolean {
  return kindOf(kind).builtin?.({id, config, facts}) ?? false
}

/** pmpc's own keys of a manifest, as field to value. */
export function besideOfDeclared(declared: Declared): Record<string, Scalar> {
  const beside: Record<string, Scalar> = {}
  if (declared.pool !== undefined) beside.pool = declared.pool
  if (declared.placement?.pinned) beside['placement.node'] = declared.placement.node
  if (declared.power) beside.power = declared.power
  return beside
}

/**
 * Whether the same VMID is another object now: PVE keeps the time of creation in `meta`; without it, both generated ids must differ.
 * A restore or a rollback renews one of them at most. Containers have no such mark, and what people name has none either.
 */
export function isAnotherIncarnation(before: Observed, after: Observed): boolean {
  if (before.kind !== after.kind) return true
  if (!isGuest(after.kind)) return false
  const [was, is] = [ctime(before), ctime(after)]
  if (was !== undefined && is !== undefined) return was !== is
  const ids = (observed: Observed) => [uuid(observed), observed.config.vmgenid]
  const [wasIds, isIds] = [ids(before), ids(after)]
  return wasIds.every((id, i) => id !== undefined && isIds[i] !== undefined && id !== isIds[i])
}

/** The keys that tell a guest from another one that has its VMID later. */
const telling = /^(?:meta|smbios1|vmgenid|net\d+)$/

/** What of a guest tells it from another one that has its VMID later, for {@link isAnotherGuest}. */
export function markOf({config}: Pick<Observed, 'config'>): Config {
  return Object.fromEntries(Object.entries(config).filter(([key]) => telling.test(key)))
}

/**
 * Whether what stands under a VMID may be another guest than the one that was seen there before: as {@link isAnotherIncarnation}, and of containers, too, where they have no MAC
 * address in common. It is for those who ask before they destroy: to have asked once too often does no harm.
 */
export function isAnotherGuest(before: Observed, after: Observed): boolean {
  if (isAnotherIncarnation(before, after)) return true
  if (kindOf(after.kind).guest !== 'lxc') return false
  const [was, is] = [before, after].map(({config}) => new Set(Object.values(config).flatMap(macOf)))
  return was!.size > 0 && is!.size > 0 && ![...was!].some((mac) => is!.has(mac))
}

const macOf = (value: Value): string[] =>
  isMap(value) && typeof value.hwaddr === 'string' ? [value.hwaddr.toUpperCase()] : []

/** What tells a guest from others that have its VMID before or after it; undefined where nothing does. */
export function incarnationOf(observed: Observed): string | undefined {
  if (!isGuest(observed.kind)) return undefined
  const created = ctime(observed)
  if (created !== undefined) return `ctime ${created}`
  const ids = [uuid(observed), observed.config.vmgenid]
  return ids.includes(undefined) ? undefined : `ids ${ids.join(' ')}`
}

function ctime(observed: Observed): Scalar | undefined {
  const {meta} = observed.config
  if (isMap(meta)) return scalarOf(meta.ctime)
  return typeof meta === 'string' ? /(?:^|,)ctime=(\d+)/.exec(meta)?.[1] : undefined
}

function uuid(observed: Observed): Scalar | undefined {
  const {smbios1} = observed.config
  return isMap(smbios1) ? scalarOf(smbios1.uuid) : undefined
}

function scalarOf(value: Value | undefined): Scalar | undefined {
  return typeof value === 'object' ? undefined : value
}
