import {isMap, kinds, type KindName, type Observed, type Scalar, type Value} from '../../resources/index.js'
import {lookedUp} from '../../resources/kinds/looked-up.js'
import {decode} from '../../values/index.js'
import type {Around, Request} from '../model.js'

/** The kinds of guest, by PVE's word for them. */
export type GuestType = 'qemu' | 'lxc'

/** What the checks look at: the objects around as they are before a request, and who sends it. */
export interface World {
  /** Token id or user. */
  readonly who: string
  /** `9.2`, of the node that does the work. */
  readonly version: string
  /** An object by what it is to a check. */
  find(what: keyof typeof lookedUp, id: string | number): Observed | undefined
  all(what: keyof typeof lookedUp): readonly Observed[]
  object(kind: KindName, id: string | number): Observed | undefined
  ofKind(kind: KindName): readonly Observed[]
  /** A guest, of whichever kind. */
  guest(vmid: string | number): Observed | undefined
  guests(): readonly Observed[]
}

const guestKinds = kinds.filter(({guest}) => guest)

/** The kind of a guest by PVE's word. */
export const kindOfGuest = (type: GuestType): KindName => guestKinds.find(({guest}) => guest === type)!.name

/**
 * The objects around.
 * @param now the object that is changed, as it is before the request; null: it is not there
 */
export function worldOf(
  around: Around,
  {who, version, now}: {who: string; version: string; now?: {kind: KindName; id: string | number; is: Observed | null}},
): World {
  const object = (kind: KindName, id: string | number): Observed | undefined =>
    now?.kind === kind && String(now.id) === String(id) ? (now.is ?? undefined) : around.object(kind, id)
  const objects = (kind: KindName): readonly Observed[] => around.objects(kind)
  return {
    who,
    version,
    find: (what, id) => object(lookedUp[what], id),
    all: (what) => objects(lookedUp[what]),
    object,
    ofKind: objects,
    guest: (vmid) => guestKinds.map(({name}) => object(name, Number(vmid))).find((one) => one !== undefined),
    guests: () => guestKinds.flatMap(({name}) => objects(name)),
  }
}

/** A key of a guest with which it runs: what is pending does not count. */
export function runningValue({config, running}: Observed, key: string): Value | undefined {
  if (running && Object.hasOwn(running, key)) return running[key] ?? undefined
  return Object.hasOwn(config, key) ? config[key] : undefined
}

/** A sub-key of a property string as text; a value that is no map is that of its first sub-key. */
export function partOf(value: Value | undefined, name: string, first?: string): string | undefined {
  const found = isMap(value)
    ? Object.hasOwn(value, name)
      ? value[name]
      : undefined
    : name === first
      ? value
      : undefined
  return found === undefined || typeof found === 'object' ? undefined : String(found)
}

/** The value of a parameter as the objects have it. */
export const readParameter = (kind: KindName, key: string, raw: Scalar): Value => decode(kind, key, raw)

/** The parameters of a request that are no secrets, as text. */
export function textsOf({parameters}: Request): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, typeof value === 'object' ? '' : String(value)]),
  )
}
