import {fieldName, formatRef, nextId, type ObjectRef} from '../resources/index.js'
import type {Position} from '../workspace/index.js'
import type {Finding} from './findings.js'
import {isRecordedSo, type Thing} from './world.js'

export type Path = readonly (string | number)[]

/** What a check has to say of a declared object. */
export interface Remark {
  thing: Thing
  severity: Finding['severity']
  code: string
  message: string
  /** The keys of the manifest that lead to the value: `['config', 'net0', 'tag']`; a number is a row's place; none: the document. */
  path: Path
  /** See `Locator.find`. */
  word?: string | number
  /** Where it stands at least, as its reader knows. */
  at?: Position
}

export type Say = (remark: Remark) => void

/** An error, unless the cluster has it so: then it can be so, and is only odd. */
export function severityOf(thing: Thing, path: Path): Finding['severity'] {
  return isRecordedSo(thing, path) ? 'warning' : 'error'
}

/** Whether the cluster has it so, of keys below `config`. */
export function isRecordedAt(thing: Thing, path: Path): boolean {
  return isRecordedSo(thing, ['config', ...path])
}

/** The name of a field, rows as one: `config.net0.tag`, `pool`; undefined for the document. */
export function fieldOf(path: Path): string | undefined {
  const row = path.findIndex((part) => typeof part === 'number')
  const [first, ...rest] = (row < 0 ? path : path.slice(0, row)) as readonly string[]
  return first === undefined ? undefined : fieldName(first, ...rest)
}

/** A remark as people get it. */
export function findingAt({thing, severity, code, message, path}: Remark, position: Position): Finding {
  const {path: file, ref} = thing.declared!
  const field = fieldOf(path)
  return {
    ...{file, line: position.line, column: position.column, severity, code, message},
    ...(ref.id !== nextId && {object: formatRef(ref)}),
    ...(field !== undefined && {field}),
  }
}

/** `vm/100`, as people call it within a cluster. */
export function called({kind, id}: Pick<ObjectRef, 'kind' | 'id'>): string {
  return String(id) === kind ? kind : `${kind}/${id}`
}
