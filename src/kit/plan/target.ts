import {parseField, type Observed} from '../resources/index.js'
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
    if (place) copyField(target, place, document)
  }
  return target
}
