import {nearest} from '../errors/nearest.js'
import {kindOf} from '../resources/index.js'
import type {Named} from '../resources/kinds/travels.js'
import {namedBy} from '../resources/named.js'
import {called, fieldOf, severityOf, type Say} from './remark.js'
import type {Thing, World} from './world.js'

/**
 * Names of what is neither declared nor recorded. Of a cluster that was never read nothing is said, as nobody knows what there is. It is only odd
 * where the cluster has it so, where Proxmox VE takes such a name, and where nothing of that kind is known, as whoever read it may lack the rights to see it.
 */
export function checkReferences(world: World, say: Say): void {
  if (!world.isRecorded) return
  for (const thing of world.things.values())
    if (thing.declared) for (const named of namedBy(thing.naming)) checkName(world, thing, named, say)
}

function checkName(world: World, thing: Thing, {kinds, keyOf, id, path, odd}: Named, say: Say): void {
  if (world.has(kinds, id)) return
  const keys = world.keys(keyOf, world.nodeOf(thing))
  const all = keyOf === undefined ? kinds : [...kinds, keyOf]
  if (keys === undefined || keys.includes(id) || all.some((kind) => world.mayBeIgnored(kind, id))) return
  const at = placeOf(thing, path)
  // What it was made from may be gone.
  if (at[0] === 'from' && thing.recorded) return
  const known = [...world.ids(kinds), ...keys]
  const field = fieldOf(at)
  const leaving = kinds.map((kind) => world.leaving.get(`${kind}/${id}`)).find((one) => one !== undefined)
  const meant = nearest(id, known)
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`
  const who = `${called(thing.naming)}${field === undefined ? '' : ` ${field}`}`
  say({
    thing,
    severity: odd || (known.length === 0 && !leaving) ? 'warning' : leaving ? 'error' : severityOf(thing, at),
    code: leaving ? 'leaving-reference' : 'unknown-reference',
    message: leaving
      ? `${who}: ${called(leaving.ref)} is to go, as ${leaving.path}, line ${leaving.position.line}, says`
      : `${who}: there is no ${words(kinds, keyOf)} ${id}, neither declared nor recorded${hint}`,
    path: at.length > 0 ? at : ['id'],
    ...(at.length > 0 && {word: id}),
  })
}

/** From the manifest's top. */
function placeOf({naming: {kind}}: Thing, path: readonly string[]): readonly string[] {
  const isBeside = path[0] !== undefined && path[0] in (kindOf(kind).beside ?? {})
  return path.length === 0 || isBeside ? path : ['config', ...path]
}

function words(kinds: readonly string[], keyOf: string | undefined): string {
  return [...kinds, ...(keyOf === undefined ? [] : [`interface of a ${keyOf}`])].join(' or ')
}
