import {PmpcError} from '../errors/index.js'
import type {ObjectRef} from '../resources/model.js'
import {formatRef, parseRefs} from '../resources/refs.js'
import {joinedWords, lookUp, nearestObject, resolveObject, type Naming} from '../workspace/objects.js'

/**
 * What a word means to who looks back: an object that is there, by id or name; or by its id one that is gone, in any cluster. A bare VMID may
 * have been a VM's and a container's.
 * @throws as `resolveObject`
 */
export function pastObjects(word: string, naming: Naming): ObjectRef[] {
  const gone = lookUp(word, naming).length === 0 ? parseRefs(word, naming.clusters) : undefined
  if (gone) return gone
  const found = resolveObject(word, naming)
  return parseRefs(word, [found[0]!.cluster]) ?? found
}

/**
 * Tells objects (`vm/100`, `vm 100`, `100`, `web01`) from all else that was typed, revisions say.
 * @param revision the commit that a word names; undefined: none
 * @throws PMPC_AMBIGUOUS for what is both an object and a revision; else as `resolveObject`
 */
export async function objectsAndRest(
  words: readonly string[],
  naming: Naming,
  revision: (word: string) => Promise<string | undefined>,
): Promise<{refs: ObjectRef[]; rest: string[]}> {
  const refs: ObjectRef[] = []
  const rest: string[] = []
  for (const word of joinedWords(words)) {
    const isId = parseRefs(word, naming.clusters) !== undefined
    const found = isId ? [] : lookUp(word, naming)
    if (isId || found.length > 0) {
      const commit = isId ? undefined : await revision(word)
      if (commit !== undefined) throw alsoRevision(word, commit, found, naming)
      refs.push(...pastObjects(word, naming))
    } else {
      const isSlip = nearestObject(word, naming) !== undefined && (await revision(word)) === undefined
      if (isSlip) resolveObject(word, {...naming, found: `${naming.found}, and no revision is called so`})
      rest.push(word)
    }
  }
  return {refs, rest}
}

function alsoRevision(word: string, commit: string, found: ObjectRef[], {command}: Naming): PmpcError {
  const objects = found.map(formatRef)
  return new PmpcError('PMPC_AMBIGUOUS', `"${word}" is a revision, and may be ${objects.join(' or ')}.`, {
    suggestions: [...objects.map((object) => `${command} ${object}`), `${command} ${commit.slice(0, 12)}`],
    data: {objects, commit},
  })
}
