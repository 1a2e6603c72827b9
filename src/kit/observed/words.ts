import {PmpcError} from '../errors/index.js'
import type {ObjectRef} from '../resources/model.js'
import {formatRef, parseRefs} from '../resources/refs.js'
import {
  joinedWords,
  lookUp,
  nearestObject,
  refuseCluster,
  resolveObject,
  type KnownObject,
  type Naming,
} from '../workspace/objects.js'

/** Among what words are looked up by who looks back. */
export interface PastNaming extends Naming {
  /** What was known of the clusters before that, for a name that nothing has any more: the newest first. */
  before(): AsyncIterable<readonly KnownObject[]>
}

/**
 * What a word means to who looks back: an object that is there, by id or name, or one that is gone: by its id, in any cluster, or by the name
 * that it had last. A bare VMID may have been a VM's and a container's.
 * @throws as `resolveObject`
 */
export async function pastObjects(word: string, naming: PastNaming): Promise<ObjectRef[]> {
  const isThere = lookUp(word, naming).length > 0
  const gone = isThere ? undefined : parseRefs(word, naming.clusters)
  if (gone) return gone
  const found = resolveObject(
    word,
    isThere ? naming : {...naming, known: (await lastKnown(word, naming)) ?? naming.known},
  )
  return parseRefs(word, [found[0]!.cluster]) ?? found
}

/** The newest earlier knowledge in which a word means anything. */
async function lastKnown(word: string, naming: PastNaming): Promise<readonly KnownObject[] | undefined> {
  for await (const known of naming.before()) if (lookUp(word, {...naming, known}).length > 0) return known
  return undefined
}

/**
 * Tells objects (`vm/100`, `vm 100`, `100`, `web01`) from all else that was typed, revisions say.
 * @param revision the commit that a word names; undefined: none
 * @throws PMPC_AMBIGUOUS for what is both an object and a revision; else as `resolveObject`
 */
export async function objectsAndRest(
  words: readonly string[],
  naming: PastNaming,
  revision: (word: string) => Promise<string | undefined>,
): Promise<{refs: ObjectRef[]; rest: string[]}> {
  const refs: ObjectRef[] = []
  const rest: string[] = []
  for (const word of joinedWords(words)) {
    const found = parseRefs(word, naming.clusters) === undefined ? lookUp(word, naming) : undefined
    const commit = found && (await revision(word))
    if (commit !== undefined && found!.length > 0) throw alsoRevision(word, commit, found!, naming)
    const isObject = commit === undefined && (!found || found.length > 0 || (await wasObject(word, naming)))
    if (isObject) refs.push(...(await pastObjects(word, naming)))
    else rest.push(word)
  }
  return {refs, rest}
}

/** Whether a word that is no revision names what was there once. @throws PMPC_NOT_FOUND for a slip of the pen; PMPC_BAD_OBJECT for a cluster */
async function wasObject(word: string, naming: PastNaming): Promise<boolean> {
  // What Git would take for two revisions, or for one of its operators, is no name.
  if (/[~^@]|\.\./.test(word)) return false
  if (await lastKnown(word, naming)) return true
  refuseCluster(word, naming)
  if (nearestObject(word, naming) !== undefined)
    resolveObject(word, {...naming, found: `${naming.found}, and no revision is called so`})
  return false
}

function alsoRevision(word: string, commit: string, found: ObjectRef[], {command}: Naming): PmpcError {
  const objects = found.map(formatRef)
  return new PmpcError('PMPC_AMBIGUOUS', `"${word}" is a revision, and may be ${objects.join(' or ')}.`, {
    suggestions: [...objects.map((object) => `${command} ${object}`), `${command} ${commit.slice(0, 12)}`],
    data: {objects, commit},
  })
}
