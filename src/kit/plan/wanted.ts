import {copyField, fieldsOf, getField, type Document} from '../reconcile/fields.js'
import {boundDocument, copyOf, declaredDocument, observedDocument} from '../reconcile/documents.js'
import type {Wish} from '../reconcile/overview.js'
import {formatField, isWithin, localKey, parseField, parseRef} from '../resources/index.js'
import type {Declared, Field, Observed} from '../resources/index.js'
import type {Wanted, WishedField} from './model.js'

/** What people want, and what there is. */
export interface Wishes {
  wishes: readonly Wish[]
  /** The manifest of an object, `home/vm/100`. */
  declared: (object: string) => Declared | undefined
  /** An object as it is, by `localKey`. */
  observed: (key: string) => Observed | undefined
}

/** What is wanted of each object, in the order of the wishes: the object as it is, with the wished fields as its manifest has them. Their commits are not told here. */
export function wantedOf({wishes, declared, observed}: Wishes): Wanted[] {
  const objects = new Map<string, Wish[]>()
  for (const wish of wishes) objects.set(wish.object, [...(objects.get(wish.object) ?? []), wish])
  return [...objects].flatMap(([object, mine]): Wanted[] => {
    const ref = parseRef(object)
    if (mine.some(({absent}) => absent)) return [{ref, document: null, fields: []}]
    const manifest = declared(object)
    if (!manifest) return []
    const is = observed(localKey(ref))
    const now = is && observedDocument(is, manifest)
    const want = boundDocument(declaredDocument(manifest), now)
    const fields = mine.flatMap(({field}) => {
      const parsed = field === undefined ? undefined : parseField(field)
      return parsed ? [parsed] : fieldsOf([want])
    })
    return [
      {
        ref,
        ...(manifest.from && {from: manifest.from}),
        ...(manifest.placement && {node: manifest.placement.node}),
        document: now ? withFields(now, fields, want) : want,
        fields: outermost(fields).map((field): WishedField => {
          const name = formatField(field)
          return {field: name, is: getField(now, field), want: getField(want, field), commit: null}
        }),
      },
    ]
  })
}

function withFields(now: Document, fields: readonly Field[], want: Document): Document {
  const document = copyOf(now)
  for (const field of fields) copyField(document, field, want)
  return document
}

/** Without those that are a part of another one. */
function outermost(fields: readonly Field[]): Field[] {
  return fields.filter((field) => !fields.some((other) => other !== field && isWithin(field, other)))
}
