import {parseField, type Field, type Observed} from '../resources/index.js'
import {travelOf} from '../resources/kinds/travels.js'
import {copyOf, manifestOf, observedDocument} from '../reconcile/documents.js'
import {copyField, type Document} from '../reconcile/fields.js'
import type {Wanted} from './model.js'

/**
 * What is wanted of an object that is there: all as it is now, with the wished fields replaced. What moved since the plan was made, and nobody wished for, so stays as it is.
 */
export function targetOf(is: Observed, {ref, document, fields}: Wanted & {document: Document}): Document {
  const target = copyOf(observedDocument(is, manifestOf(ref, document)))
  for (const {field} of fields) {
    const place = parseField(field)
    if (place) copyField(target, whole(is, place), document)
  }
  return target
}

/** A part whose keys hang together is wished for as a whole. */
function whole({kind}: Observed, place: Field): Field {
  const {parts = {}} = travelOf(kind)
  const [first, key = ''] = place.path
  return first === 'config' && Object.hasOwn(parts, key) && parts[key]!.settled ? {path: [first, key]} : place
}
