import {boundDocument, copyOf} from '../reconcile/documents.js'
import {copyField} from '../reconcile/fields.js'
import {
  declaredDocument,
  headEdits,
  observedDocument,
  type Edits,
  type Manifests,
  type Spliced,
  type View,
} from '../reconcile/index.js'
import {equalValues, localKey, own, parseField} from '../resources/index.js'
import type {ClusterState, ObjectRef, Observed} from '../resources/index.js'

/** A wish that HEAD does not hold yet. */
export interface Uncommitted {
  ref: ObjectRef
  /** undefined: the object as a whole. */
  fields?: readonly string[]
  /** It is to go. */
  absent?: true
}

/** A guest whose `id: next` becomes a number. */
export interface Numbered {
  path: string
  position: {line: number; column: number}
  id: number
}

/** What HEAD lacks of what people wish in the working tree, spliced into its manifests; of other edits nothing. undefined: nothing. */
export async function intentionOf(
  {head}: View,
  work: Manifests,
  wishes: readonly Uncommitted[],
  _numbers: readonly Numbered[],
): Promise<{head: Spliced; work: Spliced} | undefined> {
  const edits: Edits = wishes.flatMap(({ref, fields}) => {
    const [committed, here] = [head.declared(ref), work.declared(ref)]
    if (!here) return []
    if (!committed || !fields) return [{ref, edits: [{do: 'restore' as const}]}]
    const was = declaredDocument(committed)
    const next = copyOf(was)
    for (const field of fields) copyField(next, parseField(field)!, declaredDocument(here))
    return [{ref, edits: headEdits(ref, was, next)}]
  })
  if (edits.length === 0) return undefined
  return {head: await head.splice(edits, {restoreFrom: work, like: work}), work: await work.splice([])}
}

/** What was read after a run. */
export interface Observations {
  /** As it was recorded before. */
  before: ClusterState | undefined
  /** The objects of the run that are done, with the keys that PVE changed along, as the plan said. */
  read: readonly {ref: ObjectRef; observed: Observed; along: readonly string[]}[]
  /** Objects whose manifests go with them. */
  gone: readonly ObjectRef[]
}

/**
 * What Proxmox VE made up, written where the manifests left it open, and what it changed along with what was wished, as the plan said, where the manifest says
 * what was there before.
 */
export function fillIns({head}: View, work: Manifests, {before, read}: Observations): {head: Edits; work: Edits} {
  const had = new Map((before?.objects ?? []).map((object) => [localKey(object), object]))
  const filled = (side: Manifests): Edits =>
    read.flatMap(({ref, observed, along}) => {
      const declared = side.declared(ref)
      if (!declared) return []
      const was = declaredDocument(declared)
      const now = observedDocument(observed, declared)
      const next = boundDocument(was, now)
      const then = had.get(localKey(ref))?.config ?? {}
      for (const key of along) {
        if (!equalValues(own(was.config, key), own(then, key))) continue
        copyField(next, {path: ['config', key]}, now)
      }
      const edits = headEdits(ref, was, next)
      return edits.length > 0 ? [{ref, edits}] : []
    })
  return {head: filled(head), work: filled(work)}
}
