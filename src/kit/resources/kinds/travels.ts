import {accessTravels} from './access.js'
import {acmeTravels} from './acme.js'
import {datacenterTravels} from './datacenter.js'
import {firewallTravels} from './firewall.js'
import {guestsTravels} from './guests.js'
import {haTravels} from './ha.js'
import {jobsTravels} from './jobs.js'
import {mappingTravels} from './mapping.js'
import {networksTravels, nodesTravels} from './nodes.js'
import {sdnTravels} from './sdn.js'
import {storageTravels} from './storage.js'
import type {KindName} from './index.js'
import {wireKinds, type WireKind} from './on-wire.js'
import type {KindTravel, Travel} from './travel.js'

export {consequences, madeUp} from './travel.js'
export type {Calls, Claim, Consequence, Elements, KindTravel, Named, PartCalls, RefTo, Travel} from './travel.js'

const travels: ReadonlyMap<string, KindTravel> = new Map(
  [
    ...nodesTravels(),
    ...guestsTravels(),
    ...storageTravels(),
    ...accessTravels(),
    ...jobsTravels(),
    ...haTravels(),
    ...firewallTravels(),
    ...sdnTravels(),
    ...networksTravels(),
    ...datacenterTravels(),
    ...mappingTravels(),
    ...acmeTravels(),
  ].map((travel): [string, KindTravel] => [travel.name, travel]),
)

/** How changes of a kind travel. */
export function travelOf(name: KindName): Travel {
  return travels.get(name)!
}

/** A whole row. */
export type WholeKind = WireKind & {readonly change: Travel}

/** All kinds with all that their rows say, in the order in which they are reported. */
export const wholeKinds: readonly WholeKind[] = wireKinds.map((kind) => ({...kind, change: travelOf(kind.name)}))

/** The whole row of a kind. */
export function wholeKindOf(name: KindName): WholeKind {
  return wholeKinds.find((kind) => kind.name === name)!
}
