import {isAlias, isMap, isScalar, isSeq, visit} from 'yaml'
import type {Alias, Node, Pair, YAMLMap, YAMLSeq} from 'yaml'
import {PmpcError, isPmpcError} from '../errors/index.js'
import {canonicalNameAt, encode, fromManifest, keyInfo, toManifest} from '../values/index.js'
import {equalValues, fieldName, formatRef, nextId, own, setOwn} from '../resources/index.js'
import {shapeAt} from '../resources/kinds/index.js'
import type {Declared, KindName, ObjectRef, Value} from '../resources/index.js'
import {canonicalJson} from '../state/index.js'
import {readDeclared} from './declared.js'
import {compareSubkeys, isPlainMap, pairLines} from './emit.js'
import type {Plain} from './emit.js'
import {changesOf, elementName} from './list-changes.js'
import {documentsOf, findDocument, withoutMark} from './manifests.js'
import {layoutAt, printManifest} from './print.js'
import {
  colonEnd,
  columnOf,
  commentsOf,
  elementLine,
  insertElement,
  insertLine,
  insertPair,
  keyStart,
  lineEnd,
  removeElement,
  removeLine,
  removePair,
  replaceElement,
  replaceElements,
  replaceValue,
  splice,
} from './splice.js'
import type {SpliceOptions} from './splice.js'
import {keyOf, ownPair, parseTree, plainOf, plainOfNode} from './tree.js'
import type {Tree} from './tree.js'

/** One change of a document. */
export interface FieldEdit {
  /** `['config', 'net0', 'tag']`, `['config', 'net0']`, `['pool']`, `['placement', 'node']`. */
  field: string[]
  /** Canonical; undefined takes the field out. */
  value: Value | boolean | undefined
}

/** A change that the text does not allow; the text stays as it was there. */
export interface Blocked {
  field: string[]
  /** For people: says what is in the way. */
  reason: string
}

export interface EditedManifest {
  text: string
  blocked: Blocked[]
}

/** A text, its tree, and what the edited document says. */
interface State {
  tree: Tree
  index: number
  plains: Plain[]
  declared: Declared
}

/**
 * Changes one document by splicing: one changed value is one changed line; comments, order, anchors, quotes, line ends and a byte
 * order mark stay. Each change is checked by reading the text again: it does what was asked and nothing beside it, or it is blocked.
 * Throws PMPC_MANIFEST_SYNTAX for a text that cannot be read and PMPC_NO_DOCUMENT where the object is not in it.
 */
export function editManifest(text: string, ref: ObjectRef, edits: FieldEdit[]): EditedManifest {
  return edited(text, formatRef(ref), (tree) => findDocument(tree, ref), edits)
}

/**
 * Gives a document that says `id: next` its number, wherever that word stands; otherwise as `editManifest`. Of several that say the same it is the first, as
 * none is another. The text stays as it is where no such document is in it: what was staged may be another one.
 * @param declared what the document says, with `id: next`
 */
export function numberManifest(text: string, declared: Declared, id: number): EditedManifest {
  const find = (tree: Tree): Found | undefined => {
    const unmade = documentsOf(tree).filter((found) => found.declared.id === nextId)
    return (
      unmade.find((found) => equalValues(found.declared, declared)) ?? (unmade.length === 1 ? unmade[0] : undefined)
    )
  }
  if (!find(parseTree(withoutMark(text).body))) return {text, blocked: []}
  return edited(text, `${declared.kind} next`, find, [{field: ['id'], value: id}])
}

function edited(text: string, name: string, find: Find, edits: FieldEdit[]): EditedManifest {
  const {mark, body} = withoutMark(text)
  const eol = eolOf(body)
  const closed = body.endsWith('\n')
  let state = open(closed ? body : body + eol, name, find)
  const blocked: Blocked[] = []
  for (const {field, value} of edits) {
    const next = applyEdit(state, field, value as Plain | undefined)
    if (next) state = next
    else blocked.push({field, reason: reasonOf(state, field)})
  }
  const now = state.tree.text
  return {text: mark + (closed ? now : now.replace(/\r?\n$/, '')), blocked}
}

function eolOf(text: string): string {
  return /\r\n/.test(text.slice(0, text.indexOf('\n') + 1)) ? '\r\n' : '\n'
}

type Found = Pick<State, 'index' | 'declared'>
type Find = (tree: Tree) => Found | undefined

/** @param name of the object, for people */
function open(text: string, name: string, find: Find): State {
  const tree = parseTree(text)
  const errors = tree.documents.flatMap((document) => document.errors)
  if (errors[0]) {
    const {line} = tree.lines.linePos(errors[0].pos[0])
    throw new PmpcError('PMPC_MANIFEST_SYNTAX', `the manifest of ${name} has a syntax error in line ${line}`, {
      suggestions: ['correct the file by hand'],
      data: {object: name, line},
    })
  }
  const found = find(tree)
  if (!found) {
    throw new PmpcError('PMPC_NO_DOCUMENT', `${name} is not declared in this file`, {
      suggestions: ['pmpc status'],
      data: {object: name},
    })
  }
  return {tree, index: found.index, declared: found.declared, plains: tree.documents.map(plainOf)}
}

function applyEdit(state: State, field: string[], value: Plain | undefined): State | undefined {
  const current = getIn(state.declared, field)
  if (equalValues(current, value)) return state
  const expected = canonicalAt(setIn(state.declared, field, value), field)
  if (isPlainMap(current) && isPlainMap(value)) {
    const stepwise = applyParts(state, field, current, value)
    if (stepwise) return stepwise
  }
  for (const text of candidates(state, field, expected)) {
    const next = check(state, text, field, expected)
    if (next) return next
  }
  return undefined
}

/** A map is changed sub-key by sub-key; what goes, goes last, so that the map is never empty in between. */
function applyParts(
  state: State,
  field: string[],
  current: {[key: string]: Plain},
  value: {[key: string]: Plain},
): State | undefined {
  const gone = Object.keys(current).filter((key) => !Object.hasOwn(value, key))
  if (gone.length > 0 && gone.length === Object.keys(current).length) return undefined
  let next: State | undefined = state
  for (const key of [...Object.keys(value).sort(compareSubkeys), ...gone]) {
    next = next && applyEdit(next, [...field, key], value[key])
  }
  return next && equalValues(getIn(next.declared, field), value) ? next : undefined
}

/** Whether a text says what is expected, and all else as before. */
function check(before: State, text: string, field: string[], expected: Declared): State | undefined {
  const tree = parseTree(text)
  if (tree.documents.length !== before.tree.documents.length) return undefined
  if (tree.documents.some((document) => document.errors.length > 0)) return undefined
  const plains = plainsOf(tree)
  if (!plains) return undefined
  const same = plains.every((plain, i) => {
    const [was, is] =
      i === before.index ? [without(before.plains[i]!, field), without(plain, field)] : [before.plains[i], plain]
    return equalValues(was, is)
  })
  const {declared} = readDeclared(plains[before.index]!)
  if (!same || !declared || !equalValues(declared, expected)) return undefined
  return {tree, index: before.index, plains, declared}
}

/** What the documents say; undefined where an alias has lost its anchor. */
function plainsOf(tree: Tree): Plain[] | undefined {
  try {
    return tree.documents.map(plainOf)
  } catch (error) {
    if (isPmpcError(error)) return undefined
    throw error
  }
}

/** What a document says beside the edited key, so that a null and an absent `config` are one. */
function without(plain: Plain, field: string[]): Plain {
  const map = {...(plain as {[key: string]: Plain})}
  const config = isPlainMap(map.config) ? {...map.config} : {}
  if (field[0] === 'config' && field.length > 1) delete config[field[1]!]
  else delete map[field[0]!]
  return {...map, config: field[0] === 'config' && field.length === 1 ? null : config}
}

/** Texts that may be what is wanted, the least change first. */
function* candidates(state: State, field: string[], expected: Declared): Generator<string> {
  const path = shortened(field, expected)
  yield* atPath(state, path, expected)
  for (let length = path.length - 1; length >= 2; length--) yield* replaceAt(state, path.slice(0, length), expected)
}

/** A map that is gone from what is expected goes as a whole. */
function shortened(field: string[], expected: Declared): string[] {
  const path = [...field]
  while (path.length > 1 && getIn(expected, path.slice(0, -1)) === undefined) path.pop()
  return path
}

interface Place {
  map: YAMLMap
  path: string[]
  pair: Pair | undefined
}

/** Follows the path as far as the document has maps of its own. */
function placeOf(state: State, path: string[]): Place {
  let map = state.tree.documents[state.index]!.contents as YAMLMap
  for (let i = 0; ; i++) {
    const pair = ownPair(map, path[i]!) ?? otherSpelling(map, state.declared.kind, path.slice(0, i), path[i]!)
    const inner = pair?.value
    const descend = i < path.length - 1 && isMap(inner) && (inner.items.length > 0 || map.flow)
    if (!descend) return {map, path: path.slice(0, i + 1), pair}
    map = inner
  }
}

/** The pair whose name people spelled otherwise: `10.0.0.11/24` for `10.0.0.0/24`. */
function otherSpelling(map: YAMLMap, kind: KindName, [first, ...path]: string[], name: string): Pair | undefined {
  if (first !== 'config') return undefined
  return map.items.find((pair) => {
    const given = keyOf(pair)
    return given !== undefined && given !== name && canonicalNameAt(kind, path, given) === name
  })
}

function* atPath(state: State, path: string[], expected: Declared): Generator<string> {
  const {map, path: here, pair} = placeOf(state, path)
  const value = getIn(expected, here)
  const options = optionsAt(state, here, expected)
  const {text} = state.tree
  const key = here.at(-1)!
  if (value === undefined) {
    if (pair && map.items.length > 1) yield* removePair(text, map, pair)
    if (pair && map.items.length === 1 && here.length > 1) yield* replaceAt(state, here.slice(0, -1), expected)
    if (pair) yield* replaceValue(text, map, pair, null, options)
    else yield* insertPair(text, map, key, null, options)
  } else if (pair) {
    yield* replaceAt(state, here, expected)
  } else {
    yield* insertPair(text, map, key, asWritten(expected, here, value), options)
  }
}

/** Ways to give the pair at a path the value that is expected there. */
function* replaceAt(state: State, path: string[], expected: Declared): Generator<string> {
  const {map, path: here, pair} = placeOf(state, path)
  if (!pair || here.length !== path.length) return
  const {text} = state.tree
  const options = optionsAt(state, path, expected)
  const value = getIn(expected, path) ?? null
  const node = pair.value as Node | null
  const written = asWritten(expected, path, value)
  const list = listAt(path, value, written)
  if (list && isSeq(node) && (node.items.length > 0 || !list.some(isPlainMap))) {
    const edited = isSetAt(expected.kind, path)
      ? editElements(state, path, list, options)
      : editSequence(state, path, list, options)
    if (edited !== undefined) yield edited
    yield* replaceElements(text, node, list, options)
  }
  if (isAlias(node) && path.length === 1 && isPlainMap(value)) yield* mergeOver(state, pair, node, value, options)
  if (isMap(node) && node.items.length === 1 && typeof value !== 'object') {
    yield* replaceValue(text, node, node.items[0]!, value, options)
  }
  // What people wrote as PVE's text stays one.
  if (isScalar(node) && typeof node.value === 'string' && typeof value === 'object' && value && path[0] === 'config') {
    if (path.length === 2)
      yield* replaceValue(text, map, pair, encode(expected.kind, path[1]!, value as Value), options)
  }
  // A list that people wrote as a text stays one.
  if (path.length === 3 && isScalar(node) && node.value !== null) yield* replaceValue(text, map, pair, value, options)
  yield* replaceValue(text, map, pair, written, options)
}

/** Whether the order of a list says nothing. */
function isSetAt(kind: KindName, [first, key, ...rest]: string[]): boolean {
  if (first !== 'config' || key === undefined) return false
  return shapeAt(kind, [key, ...rest]) === 'set' || (rest.length === 0 && keyInfo(kind, key).isSet)
}

/** The elements of what is a list, or was written as one: a text of several words. */
function listAt(path: string[], value: Plain, written: Plain): Plain[] | undefined {
  if (Array.isArray(written)) return written
  return path[0] === 'config' && path.length === 2 && typeof value === 'string' ? value.split(' ') : undefined
}

/** A canonical value as pmpc writes it. */
function asWritten({kind}: Pick<Declared, 'kind'>, [first, key, ...rest]: string[], value: Plain): Plain {
  if (first !== 'config' || value === null) return value
  if (key === undefined) {
    const entries = Object.entries(value).map(([name, one]) => [
      name,
      asWritten({kind}, ['config', name], one as Plain),
    ])
    return Object.fromEntries(entries) as Plain
  }
  return memberOf(toManifest(kind, key, below(rest, value) as Value), rest) ?? value
}

/** A value as the keys that lead to it hold it. */
function below(path: string[], value: Plain): Plain {
  return path.reduceRight((inner, key) => Object.fromEntries([[key, inner]]), value)
}

function memberOf(value: Plain | undefined, path: string[]): Plain | undefined {
  return path.reduce<Plain | undefined>((inner, key) => (isPlainMap(inner) ? own(inner, key) : undefined), value)
}

/** `config: *base` becomes a map that begins with `<<: *base` and holds what differs. */
function* mergeOver(
  state: State,
  pair: Pair,
  alias: Alias,
  value: {[key: string]: Plain},
  options: SpliceOptions,
): Generator<string> {
  const document = state.tree.documents[state.index]!
  const {text} = state.tree
  const merged = plainOfNode(document, alias)
  const was = state.declared.config as {[key: string]: Plain}
  if (!isPlainMap(merged)) return
  const changed = Object.keys({...was, ...value}).filter((key) => !equalValues(own(was, key), own(value, key)))
  const indent = columnOf(text, keyStart(pair)) + options.step
  const lines = changed.flatMap((key) =>
    pairLines(key, asWritten(state.declared, ['config', key], own(value, key) ?? null), {indent, step: options.step}),
  )
  const [start, end] = alias.range!
  const merge = `${options.eol}${' '.repeat(indent)}<<: `
  const below = lines.map((line) => line + options.eol).join('')
  const withLines = splice(text, lineEnd(text, end), lineEnd(text, end), below)
  yield splice(withLines, colonEnd(pair), start, merge)
}

/** Takes elements out and puts elements in, one by one; the order that people gave the others stays. */
function editElements(state: State, path: string[], target: Plain[], options: SpliceOptions): string | undefined {
  let {tree} = state
  const wanted = target.map(elementName)
  for (let i = 0; i < target.length + 1000; i++) {
    const {pair} = placeOf({...state, tree}, path)
    const seq = pair?.value as YAMLSeq
    const names = (plainOfNode(tree.documents[state.index]!, seq) as Plain[]).map(elementName)
    const surplus = names.findIndex((name, at) => !wanted.includes(name) || names.indexOf(name) < at)
    const missing = wanted.findIndex((name) => !names.includes(name))
    if (surplus < 0 && missing < 0) return tree.text
    const next =
      missing >= 0
        ? insertElement(tree.text, seq, placeOfElement(names, wanted[missing]!), target[missing]!, options)
        : removeElement(tree.text, seq, surplus)
    if (!next[0]) return undefined
    tree = parseTree(next[0])
    if (tree.documents[state.index]?.errors.length !== 0 || !isSeq(placeOf({...state, tree}, path).pair?.value))
      return undefined
  }
  return undefined
}

/**
 * Changes a list whose order counts, from its end on: what stands in another's place takes its line, and the comment on it; what
 * moved takes its line along.
 */
function editSequence(state: State, path: string[], target: Plain[], options: SpliceOptions): string | undefined {
  const seqIn = (tree: Tree): YAMLSeq | undefined => {
    const node = placeOf({...state, tree}, path).pair?.value
    return isSeq(node) ? node : undefined
  }
  const seq = seqIn(state.tree)
  if (!seq) return undefined
  const canonical = (element: Plain) => canonicalElement(state.declared.kind, path, element)
  const held = (plainOfNode(state.tree.documents[state.index]!, seq) as Plain[]).map(canonical)
  const wanted = target.map(canonical)
  const changes = changesOf(held, wanted)
  const lines = new Map(
    changes.flatMap(({moved}) => (moved === undefined ? [] : [[moved, elementLine(state.tree.text, seq, moved)]])),
  )
  let {tree} = state
  for (const {is, at, to, moved} of changes.toReversed()) {
    const now = seqIn(tree)
    if (!now) return undefined
    const {text} = tree
    const line = lines.get(is === 'gone' ? at : moved!)
    const [next] =
      is === 'become'
        ? editElement({...state, tree}, seqIn, at, {from: held[at]!, to: wanted[to!]!, written: target[to!]!}, options)
        : is === 'gone'
          ? line === undefined
            ? removeElement(text, now, at)
            : removeLine(text, now, at)
          : line === undefined
            ? insertElement(text, now, at, target[to!]!, options)
            : insertLine(text, now, at, line, options)
    const edited = next === undefined ? undefined : parseTree(next)
    if (edited?.documents[state.index]?.errors.length !== 0) return undefined
    tree = edited
  }
  return tree.text
}

/** An element as it is read, whatever form it was written in. */
function canonicalElement(kind: KindName, [, key, ...rest]: string[], element: Plain): Plain {
  const value = memberOf(fromManifest(kind, key!, below(rest, [element])).value, rest)
  if (value === undefined) return element
  return Array.isArray(value) && value.length === 1 ? value[0]! : value
}

/** Another element in an element's place: of a map only the keys that differ change, wherever they stand. */
function editElement(
  {tree, index}: State,
  seqIn: (tree: Tree) => YAMLSeq | undefined,
  at: number,
  {from, to, written}: {from: Plain; to: Plain; written: Plain},
  options: SpliceOptions,
): string[] {
  const replaced = replaceElement(tree.text, seqIn(tree)!, at, written, options)
  if (!isPlainMap(from) || !isPlainMap(to) || !isPlainMap(written)) return replaced
  let now = tree
  // What comes before what goes, so that the map is never empty in between.
  for (const key of [...Object.keys(to), ...Object.keys(from).filter((name) => !Object.hasOwn(to, name))]) {
    if (equalValues(own(from, key), own(to, key))) continue
    const map = seqIn(now)?.items[at]
    if (!isMap(map)) return replaced
    const pair = ownPair(map, key)
    const value = own(written, key)
    const inner = {...options, order: options.layout.order ?? compareSubkeys, layout: options.layout.inner?.(key) ?? {}}
    const [next] =
      value === undefined
        ? pair
          ? removePair(now.text, map, pair)
          : []
        : pair
          ? replaceValue(now.text, map, pair, value, inner)
          : insertPair(now.text, map, key, value, inner)
    if (next === undefined) return replaced
    now = parseTree(next)
    if (now.documents[index]?.errors.length !== 0) return replaced
  }
  return [now.text]
}

function placeOfElement(names: string[], name: string): number {
  const sorted = names.every((one, i) => i === 0 || names[i - 1]! <= one)
  const next = sorted ? names.findIndex((one) => name < one) : -1
  return next < 0 ? names.length : next
}

function optionsAt(state: State, path: string[], {kind}: Declared): SpliceOptions {
  return {
    order: layoutAt(kind, path.slice(0, -1)).order ?? compareSubkeys,
    layout: layoutAt(kind, path),
    step: stepOf(state),
    eol: eolOf(state.tree.text),
  }
}

/** Blanks per level: as the first block map of the document has it, else as pmpc writes. */
function stepOf({tree, index}: State): number {
  const root = tree.documents[index]!.contents as YAMLMap
  for (const {value} of root.items) {
    if (isMap(value) && !value.flow && value.items[0]) return columnOf(tree.text, keyStart(value.items[0]))
  }
  return 2
}

/** Makes canonical what was asked for: what is read back from the text is. */
function canonicalAt(declared: Declared, [first, key]: string[]): Declared {
  const value = first === 'config' && key !== undefined ? own(declared.config, key) : undefined
  if (value !== undefined) setOwn(declared.config, key!, fromManifest(declared.kind, key!, value).value)
  return declared
}

function getIn(declared: Declared, path: string[]): Plain | undefined {
  return memberOf(declared as unknown as Plain, path)
}

function setIn(declared: Declared, path: string[], value: Plain | undefined): Declared {
  const copy = structuredClone(declared)
  setInMap(copy as unknown as {[key: string]: Plain}, path, value)
  if (copy.config === undefined) copy.config = {}
  return copy
}

function setInMap(map: {[key: string]: Plain}, [key, ...rest]: string[], value: Plain | undefined): void {
  if (rest.length > 0) {
    const there = own(map, key!)
    const inner = isPlainMap(there) ? there : {}
    setInMap(inner, rest, value)
    setOwn<Plain>(map, key!, key !== 'placement' || inner.node !== undefined ? inner : undefined)
  } else setOwn(map, key!, value)
}

/** Says what is in the way of a change. */
function reasonOf(state: State, field: string[]): string {
  const document = state.tree.documents[state.index]!
  const name = fieldName(field[0]!, ...field.slice(1))
  let node: unknown = document.contents
  for (const key of ['', ...field]) {
    if (key !== '') node = isMap(node) ? ownPair(node, key)?.value : undefined
    const anchor = isMap(node) || isSeq(node) || isScalar(node) ? node.anchor : undefined
    if (anchor && isAliased(document.contents as Node, anchor)) {
      return `${name} is shared through the anchor &${anchor}: to change it here would change it elsewhere too`
    }
  }
  return `${name} is written in a form that cannot be changed without touching other text`
}

function isAliased(root: Node, anchor: string): boolean {
  let found = false
  visit(root, {
    Alias(_, alias) {
      found ||= alias.source === anchor
    },
  })
  return found
}

/**
 * Takes one document out of a file; what others are in it stay byte by byte. Returns null when no other is in it: the file goes.
 * Throws as `editManifest` does.
 */
export function removeDocument(text: string, ref: ObjectRef): string | null {
  const {mark, body} = withoutMark(text)
  const state = openOf(body, ref)
  if (state.plains.every((plain, i) => i === state.index || plain === null)) return null
  const {start, end} = extentOf(state)
  return mark + body.slice(0, start) + body.slice(end)
}

/** Puts another text in a document's place, as `documentText` gives it; what others are in the file stay byte by byte. Throws as `editManifest` does. */
export function replaceDocument(text: string, ref: ObjectRef, document: string): string {
  const {mark, body} = withoutMark(text)
  const {start, end} = extentOf(openOf(body, ref))
  const separator = /^---[ \t]*\r?\n/.exec(body.slice(start, end))?.[0] ?? ''
  const eol = eolOf(body)
  const own = document.replaceAll(/\r?\n/g, eol)
  const gap = own.endsWith('\n') || end === body.length ? '' : eol
  return mark + body.slice(0, start) + separator + own + gap + body.slice(end)
}

const openOf = (text: string, ref: ObjectRef): State => open(text, formatRef(ref), (tree) => findDocument(tree, ref))

/** Whether two texts declare the same, with the same comments: they differ in form at most, and in the order of their documents. */
export function saySame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => {
    const {body} = withoutMark(text)
    const tree = parseTree(body)
    const isSound = tree.documents.every(({errors}) => errors.length === 0)
    const plains = isSound ? plainsOf(tree) : undefined
    return plains && [plains.map((plain) => canonicalJson(saidIn(plain))).sort(), commentsOf(body).sort()]
  })
  return a !== undefined && b !== undefined && equalValues(a, b)
}

/** What a document declares, and what people noted beside. */
function saidIn(plain: Plain): Plain {
  if (!isPlainMap(plain)) return plain
  const notes = Object.entries(plain).filter(([key]) => key.startsWith('x-'))
  return [(readDeclared(plain).declared ?? plain) as unknown as Plain, Object.fromEntries(notes)]
}

/** The text of one document as it stands in its file, without the others and without its `---`. Throws as `editManifest` does. */
export function documentText(text: string, ref: ObjectRef): string {
  const {body} = withoutMark(text)
  const {start, end} = extentOf(openOf(body, ref))
  return body.slice(start, end).replace(/^---[ \t]*\r?\n/, '')
}

/** From its `---` (the first document: from the file's beginning, where it has none) to the next one's. */
function extentOf({tree, index}: State): {start: number; end: number} {
  const starts = tree.documents.map((document) => document.range[0])
  const first = index === 0 && !tree.text.startsWith('---', starts[0])
  return {start: first ? 0 : starts[index]!, end: starts[index + 1] ?? tree.text.length}
}

/** Adds a document to a file, with the file's line ends. A text is taken as it is, as `documentText` gives it. */
export function appendDocument(text: string, document: Declared | string): string {
  const {body} = withoutMark(text)
  const eol = eolOf(body)
  const printed = typeof document === 'string' ? document : printManifest(document)
  const added = body.trim() === '' ? printed : printed.replaceAll(/\r?\n/g, eol)
  if (body.trim() === '') return text + added
  const gap = body.endsWith('\n') ? '' : eol
  return text + gap + (added.startsWith('---') ? '' : `---${eol}`) + added
}
