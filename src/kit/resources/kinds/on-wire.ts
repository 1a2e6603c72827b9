import {guestsOnWire} from './guests.js'
import {kinds, type Kind, type KindName} from './index.js'
import {nodesOnWire} from './nodes.js'
import {storageOnWire} from './storage.js'
import type {KindWire} from './wire.js'

export type {Entry, Join, KindWire, Listing, Locks, Part, Pending, Scope, Travel, Where} from './wire.js'

const wires: ReadonlyMap<string, KindWire> = new Map(
  [...nodesOnWire, ...guestsOnWire, ...storageOnWire].map((wire): [string, KindWire] => [wire.name, wire]),
)

/** A whole row. */
export type WireKind = Kind & KindWire

/** All kinds with both halves of their rows, in the order in which they are reported. */
export const wireKinds: readonly WireKind[] = kinds.flatMap((kind) => {
  const wire = wires.get(kind.name)
  return wire ? [{...kind, ...wire, name: kind.name}] : []
})

const byName: ReadonlyMap<string, WireKind> = new Map(wireKinds.map((kind) => [kind.name, kind]))

/** The whole row of a kind. */
export function wireKindOf(name: KindName): WireKind {
  return byName.get(name)!
}
