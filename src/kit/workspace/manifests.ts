import {isMap, isSeq} from 'yaml'
import {isPmpcError} from '../errors/index.js'
import {suffix} from '../resources/field-names.js'
import {fieldName} from '../resources/index.js'
import type {Declared, ObjectRef} from '../resources/index.js'
import {readDeclared} from './declared.js'
import type {Complaint} from './declared.js'
import type {Plain} from './emit.js'
import {conflictMarkerInYaml, MARKERS_LEFT} from './lines.js'
import {placeManifests} from './place.js'
import type {ParsedManifests, Position, RawManifests} from './place.js'
import {keyOf, ownPair, parseTree, plainOf} from './tree.js'
import type {Tree} from './tree.js'

/** Splits a byte order mark off. */
export function withoutMark(text: string): {mark: string; body: string} {
  return text.startsWith('\uFEFF') ? {mark: '\uFEFF', body: text.slice(1)} : {mark: '', body: text}
}

/**
 * Reads a file of manifests. Never throws: what is wrong is among the problems.
 * @param path relative to the workspace, with `/`; its first folder below `infra/` may name the cluster
 * @param clusters names of the workspace's clusters
 */
export function parseManifests(text: string, path: string, clusters: string[]): ParsedManifests {
  return placeManifests(readManifests(text), path, clusters)
}

/** The half of `parseManifests` that needs the text only. */
export function readManifests(text: string): RawManifests {
  const {body} = withoutMark(text)
  const raw: RawManifests = {documents: [], problems: [], empty: body.trim() === '', broken: false}
  if (raw.empty) return raw
  const marker = conflictMarkerInYaml(body)
  if (marker !== undefined) {
    const problem = {severity: 'error' as const, code: 'conflict-markers', message: MARKERS_LEFT}
    return {...raw, broken: true, problems: [{...problem, line: marker, column: 1}]}
  }
  const tree = parseTree(body)
  tree.documents.forEach((_, index) => readDocument(tree, index, raw))
  return raw
}

function readDocument(tree: Tree, index: number, raw: RawManifests): void {
  const document = tree.documents[index]!
  for (const error of document.errors) {
    raw.problems.push({
      severity: 'error',
      code: codeOf(error.code),
      message: wording(error.message),
      ...at(tree, error.pos[0]),
    })
  }
  if (document.errors.length > 0) raw.broken = true
  else if (document.contents !== null) readSoundDocument(tree, index, raw)
}

function codeOf(code: string): string {
  return code === 'DUPLICATE_KEY' ? 'duplicate-key' : 'syntax'
}

function wording(message: string): string {
  return message === 'Map keys must be unique' ? 'a key stands twice in one map' : message
}

function readSoundDocument(tree: Tree, index: number, raw: RawManifests): void {
  const document = tree.documents[index]!
  const position = at(tree, document.contents?.range?.[0] ?? document.range[0])
  let plain: Plain
  try {
    plain = plainOf(document)
  } catch (error) {
    if (!isPmpcError(error)) throw error
    raw.broken = true
    const {offset} = error.data as {offset?: number}
    const place = offset === undefined ? position : at(tree, offset)
    raw.problems.push({severity: 'error', code: 'bad-alias', message: error.message, ...place})
    return
  }
  if (plain === null) return
  const {declared, complaints} = readDeclared(plain)
  const positions = isMap(document.contents) ? positionsOf(tree, document.contents) : {}
  for (const complaint of complaints)
    raw.problems.push({...problemOf(complaint, positions, position), ...(declared && {document: index})})
  if (declared) raw.documents.push({index, declared, position, positions})
  else raw.broken = true
}

function problemOf(
  {severity, code, message, field}: Complaint,
  positions: Record<string, Position>,
  position: Position,
) {
  if (field.length === 0) return {severity, code, message, ...position}
  const place = field.map((_, i) => positions[keyOfPath(field.slice(0, field.length - i))]).find((found) => found)
  const keys = field.filter((part, i) => typeof part === 'string' && !field.slice(0, i).some(isPlace))
  return {severity, code, message, field: fieldName(...(keys as [string])), ...(place ?? position)}
}

const isPlace = (part: string | number): part is number => typeof part === 'number'

/** The name of a field, with the places of rows: `config.rules[2].dport`. */
function keyOfPath([first, ...rest]: readonly (string | number)[]): string {
  return rest.reduce<string>(
    (name, part) => name + (isPlace(part) ? `[${part}]` : suffix(part)),
    fieldName(String(first)),
  )
}

/** As deep as values go: `config.ipsets.blk.members.X.comment`, and in rows. */
function positionsOf(tree: Tree, of: unknown, above: Complaint['field'] = [], into: Record<string, Position> = {}) {
  for (const {key, node, value} of membersOf(of)) {
    const {range} = node as {range?: [number, number, number]}
    if (key === undefined || !range) continue
    const path = [...above, key]
    into[keyOfPath(path)] = at(tree, range[0])
    if (path.length < 6) positionsOf(tree, value, path, into)
  }
  return into
}

function membersOf(of: unknown): {key: string | number | undefined; node: unknown; value: unknown}[] {
  if (isMap(of)) return of.items.map((pair) => ({key: keyOf(pair), node: pair.key ?? {}, value: pair.value}))
  return isSeq(of) ? of.items.map((item, key) => ({key, node: item ?? {}, value: item})) : []
}

function at(tree: Tree, offset: number): Position {
  const {line, col} = tree.lines.linePos(offset)
  return {line, column: col}
}

/** One document of a file, and what it says. */
export interface FoundDocument {
  /** Its number among the file's YAML documents, from 0. */
  index: number
  declared: Declared
  plain: Plain
}

/** The documents of a parsed text that declare anything. */
export function documentsOf(tree: Tree): FoundDocument[] {
  return tree.documents.flatMap((document, index) => {
    if (!isMap(document.contents) || !ownPair(document.contents, 'kind')) return []
    const plain = plainOf(document)
    const {declared} = readDeclared(plain)
    return declared ? [{index, declared, plain}] : []
  })
}

/** The document of an object in a parsed text; one that names the cluster itself comes first. */
export function findDocument(tree: Tree, ref: ObjectRef): FoundDocument | undefined {
  const found = documentsOf(tree).filter(({declared}) => declared.kind === ref.kind && declared.id === ref.id)
  return found.find(({declared}) => declared.cluster === ref.cluster) ?? found.find(({declared}) => !declared.cluster)
}
