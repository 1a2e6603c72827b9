import {formatRef, isMap, own, type ObjectRef, type Value} from '../resources/index.js'
import {guestTravelOf, keptApart} from '../resources/travels/index.js'
import type {Around} from './model.js'

/**
 * For which others each guest waits, by name, where not all are to be away at a time: on each node they go one after the other, and so do those that one rule of high
 * availability names. They go in the order of their `startup`, those without one last, and then in that of their ids; on the way down the other way round, as Proxmox VE
 * does (pve-manager, PVE/API2/Nodes.pm (get_start_stop_list)).
 */
export function rollingWaits(guests: readonly ObjectRef[], around: Around, way: 'up' | 'down'): Map<string, string[]> {
  const sorted = guests
    .map((ref) => ({ref, is: around.object(ref.kind, ref.id)}))
    .map(({ref, is}) => ({ref, order: orderIn(own(is?.config, 'startup')), node: String(is?.facts.node)}))
    .sort((a, b) => a.order - b.order || Number(a.ref.id) - Number(b.ref.id))
  if (way === 'down') sorted.reverse()
  const last = new Map<string, string>()
  return new Map(
    sorted.map(({ref, node}) => {
      const object = formatRef(ref)
      const lanes = [`node ${node}`, ...rulesOf(ref, around)]
      const before = [...new Set(lanes.flatMap((lane) => last.get(lane) ?? []))]
      for (const lane of lanes) last.set(lane, object)
      return [object, before]
    }),
  )
}

function orderIn(startup: Value | undefined): number {
  const order = isMap(startup) ? startup.order : undefined
  return order === undefined ? Number.MAX_SAFE_INTEGER : Number(order)
}

/** The rules that name a guest together with others. */
function rulesOf({kind, id}: ObjectRef, around: Around): string[] {
  const sid = guestTravelOf(kind).sid.replace('{id}', String(id))
  return around
    .objects(keptApart.kind)
    .filter(({config}) => config.type === keptApart.type && namesIn(own(config, keptApart.key)).includes(sid))
    .map((rule) => `rule ${rule.id}`)
}

const namesIn = (value: Value | undefined): string[] =>
  Array.isArray(value) ? value.map(String) : String(value ?? '').split(/[,; ]+/)
