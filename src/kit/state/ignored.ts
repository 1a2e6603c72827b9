import {localKey} from '../resources/refs.js'
import {parseFieldName} from '../resources/field-names.js'
import type {FieldChange} from '../resources/fields.js'
import type {ObjectChange} from './diff.js'

/** What a rule leaves out of a state: an object as a whole (`vm/100`), or a key of its configuration; all of a kind as `vm/*`. */
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

/** What was not looked at in the state before: an object that came as a whole, or a field, with the key that it belongs to. */
export type Unread = (change: ObjectChange, key?: string) => boolean

/** Changes in which what is read from now on is told as such: nobody has made it. Pure. */
export function withRead(changes: ObjectChange[], wasUnread: Unread): ObjectChange[] {
  return changes.map((change) => {
    if (change.change === 'added' && wasUnread(change)) return {...change, read: true}
    if (change.change !== 'changed') return change
    const isNew = ({field, before}: FieldChange): boolean => {
      const key = keyOf(field)
      return before === undefined && key !== undefined && wasUnread(change, key)
    }
    return {...change, fields: change.fields.map((field) => (isNew(field) ? {...field, read: true} : field))}
  })
}

/** The key of the configuration that a field is, or belongs to; undefined for facts and all else. */
function keyOf(field: string): string | undefined {
  const [first, key] = parseFieldName(field) ?? []
  return first === 'config' || first === 'running' ? key : undefined
}

const ignoredWord = 'ignored from here on'
const readWord = 'read from here on'

/** What is said of a change, or of one of its fields, that is none of the cluster's: only what pmpc looks at is other. */
export function sightOf({change, ignored, read}: Partial<ObjectChange & FieldChange>): string | undefined {
  return change === 'ignored' || ignored ? ignoredWord : read ? readWord : undefined
}

/** Whether in the cluster all is as it was: nothing but what pmpc looks at has changed. */
export function isNoChange(change: ObjectChange): boolean {
  return sightOf(change) !== undefined || (change.change === 'changed' && change.fields.every(sightOf))
}

/** Those changes that are none of the cluster's, by what is said of them. */
export function bySight(changes: readonly ObjectChange[]): Map<string, ObjectChange[]> {
  const found = new Map<string, ObjectChange[]>()
  for (const change of changes.filter(isNoChange)) {
    const said = (sightOf(change) ?? sightOf(change.fields[0]!))!
    found.set(said, [...(found.get(said) ?? []), change])
  }
  return found
}

/** `18 ignored from here on`, `64 read from here on`. */
export function sightCounts(changes: readonly ObjectChange[]): string[] {
  return [...bySight(changes)].map(([said, all]) => `${all.length} ${said}`)
}

/** How many of one sort are told one by one. */
const few = 5

/** Changes to be told one by one, and before them what is told by kind: `ignored from here on: role (18), user (5), vm description (7)`. */
export function summedUp<T extends ObjectChange>(changes: readonly T[]): {sums: string[]; single: T[]} {
  const many = [...bySight(changes)].filter(([, all]) => all.length > few)
  const summed = new Set(many.flatMap(([, all]) => all))
  const sums = many.map(([said, all]) => {
    const counts = new Map<string, number>()
    for (const word of all.flatMap(wordsOf)) counts.set(word, (counts.get(word) ?? 0) + 1)
    return `${said}: ${[...counts].map(([word, count]) => `${word} (${count})`).join(', ')}`
  })
  return {sums, single: changes.filter((change) => !summed.has(change))}
}

/** A kind, or its keys: `role`, `vm description`. */
function wordsOf(change: ObjectChange): string[] {
  if (sightOf(change)) return [change.kind]
  return [...new Set(change.fields.map(({field}) => `${change.kind} ${keyOf(field)!}`))]
}

/**
 * What is left out from these changes on, a line each for a commit's trailers: `vm/100`, `vm/100 description`; one for all of a kind, `vm/*`, where
 * a rule leaves out all.
 */
export function ignoredWords(changes: ObjectChange[], isLeftOut: LeftOut = () => false): string[] {
  const words = changes.flatMap((change) => {
    const [object, all] = [localKey(change), allOf(change.kind)]
    if (change.change === 'ignored') return [isLeftOut(all) ? all : object]
    const keys = change.fields.filter(({ignored}) => ignored).map(({field}) => keyOf(field)!)
    return keys.map((key) => `${isLeftOut(all, key) ? all : object} ${key}`)
  })
  return [...new Set(words)]
}

/**
 * What is read from these changes on, a line each, as {@link ignoredWords}; one for all of a kind where nothing else of that sort came or changed.
 */
export function readWords(changes: ObjectChange[]): string[] {
  const words = changes.flatMap((change) => {
    const whole = {object: localKey(change), all: allOf(change.kind), end: '', isRead: change.read === true}
    if (change.change === 'added') return [whole]
    return change.fields.flatMap(({field, before, read}) => {
      const key = keyOf(field)
      return key === undefined || before !== undefined ? [] : [{...whole, end: ` ${key}`, isRead: read === true}]
    })
  })
  const others = new Set(words.filter(({isRead}) => !isRead).map(({all, end}) => all + end))
  const isMuch = (all: string) => words.filter((word) => word.isRead && word.all + word.end === all).length > few
  const told = words
    .filter(({isRead}) => isRead)
    .map(({object, all, end}) => (isMuch(all + end) && !others.has(all + end) ? all : object) + end)
  return [...new Set(told)]
}

/** What such lines say was not looked at before. */
export function unreadBy(words: Iterable<string>): Unread {
  const isNamed = leftOutBy(words)
  return (change, key) => isNamed(localKey(change), key)
}

/** What such lines leave out. */
export function leftOutBy(words: Iterable<string>): LeftOut {
  const known = new Set(words)
  return (object, key) =>
    [object, allOf(object.slice(0, object.indexOf('/')))].some((each) =>
      known.has(key === undefined ? each : `${each} ${key}`),
    )
}

/** What stands for all objects of a kind. */
export function allOf(kind: string): string {
  return `${kind}/*`
}
