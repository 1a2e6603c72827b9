import {accessOnWire} from './access.js'
import {acmeOnWire} from './acme.js'
import {datacenterOnWire} from './datacenter.js'
import {firewallOnWire} from './firewall.js'
import {guestsOnWire} from './guests.js'
import {haOnWire} from './ha.js'
import {kinds, type Kind, type KindName} from './index.js'
import {jobsOnWire} from './jobs.js'
import {mappingOnWire} from './mapping.js'
import {networksOnWire, nodesOnWire} from './nodes.js'
import {sdnOnWire} from './sdn.js'
import {storageOnWire} from './storage.js'
import type {KindWire} from './wire.js'

export type {Entry, Join, KindWire, Listing, Locks, Part, Pending, Scope, Where} from './wire.js'

const wires: ReadonlyMap<string, KindWire> = new Map(
  [
    ...nodesOnWire(),
    ...guestsOnWire(),
    ...storageOnWire(),
    ...accessOnWire(),
    ...jobsOnWire(),
    ...haOnWire(),
    ...firewallOnWire(),
    ...sdnOnWire(),
    ...networksOnWire(),
    ...datacenterOnWire(),
    ...mappingOnWire(),
    ...acmeOnWire(),
  ].map((wire): [string, KindWire] => [wire.name, wire]),
)

/** A row, but for how changes travel. */
export type WireKind = Kind & KindWire

/** All kinds with what is named and what is read of them, in the order in which they are reported. */
export const wireKinds: readonly WireKind[] = kinds.map((kind) => ({
  ...kind,
  ...wires.get(kind.name)!,
  name: kind.name,
}))

const byName: ReadonlyMap<string, WireKind> = new Map(wireKinds.map((kind) => [kind.name, kind]))

/** The row of a kind, but for how changes travel. */
export function wireKindOf(name: KindName): WireKind {
  return byName.get(name)!
}
