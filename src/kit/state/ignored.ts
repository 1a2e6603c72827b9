import {localKey} from '../resources/refs.js'
import {parseFieldName} from '../resources/field-names.js'
import type {FieldChange} from '../resources/fields.js'
import type {ObjectChange} from './diff.js'

/** What a rule leaves out of a state: an object as a whole (`vm/100`), or a key of its configuration. */
export type LeftOut = (object: string, key?: string) => boolean

/** Changes in which what a rule leaves out from now on is told as such: nobody has taken it away. Pure. */
export function withIgnored(changes: ObjectChange[], isLeftOut: LeftOut): ObjectChange[] {
  return changes.map((change) => {
    const object = localKey(change)
    if (change.change === 'removed' && isLeftOut(object)) return {...change, change: 'ignored', fields: []}
    if (change.change !== 'changed') return change
    const isGone = ({field, after}: FieldChange): boolean => {
      const key = keyOf(field)
      return after === undefined && key !== undefined && isLeftOut(object, key)
    }
    return {...change, fields: change.fields.map((field) => (isGone(field) ? {...field, ignored: true} : field))}
  })
}

/** The key of the configuration that a field is, or belongs to; undefined for facts and all else. */
function keyOf(field: string): string | undefined {
  const [first, key] = parseFieldName(field) ?? []
  return first === 'config' || first === 'running' ? key : undefined
}

/** Whether nothing but a rule has changed: in the cluster all is as it was. */
export function isOnlyIgnored({change, fields}: ObjectChange): boolean {
  return change === 'ignored' || (change === 'changed' && fields.every(({ignored}) => ignored))
}

/** What is left out from these changes on, a line each for a commit's trailers: `vm/100`, `vm/100 description`. */
export function ignoredWords(changes: ObjectChange[]): string[] {
  return changes.flatMap((change) => {
    const object = localKey(change)
    if (change.change === 'ignored') return [object]
    const keys = change.fields.filter(({ignored}) => ignored).map(({field}) => keyOf(field)!)
    return [...new Set(keys)].map((key) => `${object} ${key}`)
  })
}

/** What such lines leave out. */
export function leftOutBy(words: Iterable<string>): LeftOut {
  const known = new Set(words)
  return (object, key) => known.has(key === undefined ? object : `${object} ${key}`)
}
