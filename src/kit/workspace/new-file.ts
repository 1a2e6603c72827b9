import {MANIFESTS} from '../files/names.js'
import {kindOf} from '../resources/kinds/index.js'
import type {ObjectRef} from '../resources/model.js'
import {formatRef, parentsOf, partOf} from '../resources/refs.js'
import {fileNameOf} from './file-name.js'

/** The file in which an object's manifest begins its life, unless it joins another's: as its kind says. */
export function ownFileOf({cluster, kind, id}: ObjectRef): string {
  return `${MANIFESTS}/${cluster}/${kindOf(kind).file.replace('{id}', () => fileNameOf(id))}`
}

/** Where manifests stand, by `formatRef`. */
export type Places = ReadonlyMap<string, {readonly ref: ObjectRef; readonly path: string}>

/**
 * Tells the file that the new manifest of a part joins (docs/manifests.md, "Parts of other objects"): its parent's, where more manifests of its
 * sort stand in their parents' files than elsewhere, or, where none tells, another part of that parent stands there; undefined: its own.
 */
export function joinedFiles(places: Places): (ref: ObjectRef, parentPath: string) => string | undefined {
  /** By sort of part: how many more stand with their parent than elsewhere. */
  const habits = new Map<string, number>()
  const withPart = new Set<string>()
  for (const {ref, path} of places.values()) {
    const sort = sortOf(ref)
    const parent = sort?.parents.map((one) => places.get(formatRef(one))).find((one) => one !== undefined)
    if (!sort || !parent) continue
    habits.set(sort.name, (habits.get(sort.name) ?? 0) + (parent.path === path ? 1 : -1))
    if (parent.path === path) withPart.add(formatRef(parent.ref))
  }
  return (ref, parentPath) => {
    const habit = habits.get(sortOf(ref)?.name ?? '') ?? 0
    const isBeside = parentsOf(ref).some((parent) => withPart.has(formatRef(parent)))
    return habit > 0 || (habit === 0 && isBeside) ? parentPath : undefined
  }
}

/** Of which sort a part is: of one kind, in one cluster, of one sort of parent. */
function sortOf(ref: ObjectRef): {name: string; parents: ObjectRef[]} | undefined {
  const part = partOf(ref)
  return part && {name: `${ref.cluster} ${ref.kind} ${part.rule}`, parents: part.parents}
}
