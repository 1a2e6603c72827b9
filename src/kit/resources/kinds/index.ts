import {access} from './access.js'
import {acme} from './acme.js'
import {datacenter} from './datacenter.js'
import {firewall} from './firewall.js'
import {guests} from './guests.js'
import {ha} from './ha.js'
import {jobs} from './jobs.js'
import type {Kind as Row, Shape, Shapes} from './kind.js'
import {mapping} from './mapping.js'
import {networks, nodes} from './nodes.js'
import {sdn} from './sdn.js'
import {storage} from './storage.js'

export type {Beside, Column, FactColumn, Shape, Shapes, TableSpec} from './kind.js'

/** All rows, in the order in which kinds are reported. */
const rows = [
  ...nodes,
  ...guests,
  ...storage,
  ...access,
  ...jobs,
  ...ha,
  ...firewall,
  ...sdn,
  ...networks,
  ...datacenter,
  ...mapping,
  ...acme,
] as const

/** Names of kinds, as in `kind:` of a manifest and in `vm/100`. */
export type KindName = (typeof rows)[number]['name']

/** A row, with its name. */
export interface Kind extends Row {
  readonly name: KindName
}

/** All kinds, in the order in which they are reported. */
export const kinds: readonly Kind[] = rows

/** Kinds by a name people type: `vm`, `vms`, `qemu`, `guests` (both kinds of guest). Empty when there is none. */
export function kindsNamed(word: string): Kind[] {
  const name = word.toLowerCase()
  if (name === 'guest' || name === 'guests') return kinds.filter((kind) => kind.guest)
  return kinds.filter((kind) => kind.name === name || kind.plural === name || kind.aliases.includes(name))
}

const byName: ReadonlyMap<string, Kind> = new Map(kinds.map((kind) => [kind.name, kind]))

/** Whether there is a kind of this exact name. */
export function isKind(name: unknown): name is KindName {
  return byName.has(name as string)
}

/** The kind of this exact name. */
export function kindOf(name: KindName): Kind {
  const kind = byName.get(name)
  if (!kind) throw new TypeError(`no kind is named ${name}`)
  return kind
}

/** Whether a kind is one of guests: a VM or a container. */
export function isGuest(name: KindName): boolean {
  return kindOf(name).guest !== undefined
}

/** Whether people are offered a manifest of an object: its kind can be declared, and it is not one that every PVE has, as PVE made it. */
export function isOfferable(object: Parameters<NonNullable<Row['builtin']>>[0] & {readonly kind: KindName}): boolean {
  const {declared, builtin} = kindOf(object.kind)
  return declared && !builtin?.(object)
}

/** The shape of a value below `config`, by the keys that lead to it; undefined where the row does not say. */
export function shapeAt(kind: KindName, path: readonly string[]): Shape | undefined {
  let shapes: Shapes | undefined = kindOf(kind).shapes
  let shape: Shape | undefined
  for (const key of path) {
    shape = shapes && (Object.hasOwn(shapes, key) ? shapes[key] : shapes['*'])
    shapes = typeof shape === 'object' ? ('map' in shape ? shape.map : shape.rows) : undefined
  }
  return shape
}
