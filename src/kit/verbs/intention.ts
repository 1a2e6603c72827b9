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
import {parseField} from '../resources/index.js'
import type {ObjectRef, Observed} from '../resources/index.js'

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
  /** The objects that are done. */
  read: readonly {ref: ObjectRef; observed: Observed}[]
  /** Objects whose manifests go with them. */
  gone: readonly ObjectRef[]
}

/** What Proxmox VE made up (names and sizes of volumes, MAC addresses), written where the manifests left it open. */
export function fillIns({head}: View, work: Manifests, {read}: Observations): {head: Edits; work: Edits} {
  const filled = (side: Manifests): Edits =>
    read.flatMap(({ref, observed}) => {
      const declared = side.declared(ref)
      if (!declared) return []
      const was = declaredDocument(declared)
      const edits = headEdits(ref, was, boundDocument(was, observedDocument(observed, declared)))
      return edits.length > 0 ? [{ref, edits}] : []
    })
  return {head: filled(head), work: filled(work)}
}
