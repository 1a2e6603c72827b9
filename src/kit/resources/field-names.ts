import type {Scalar} from './model.js'

/** A field by its place: a key beside `config`, a key in it, a sub-key of a property string, or one element of a set. */
export interface Field {
  path: string[]
  element?: Scalar
}

/** Joins the parts of a field's name: `fieldName('config', 'net0', 'tag')` is `config.net0.tag`; what is no plain word is quoted (`config["a.b"]`). */
export function fieldName(first: string, ...rest: string[]): string {
  return (isPlain(first) ? first : `[${JSON.stringify(first)}]`) + rest.map(suffix).join('')
}

/** The parts of a field's name; undefined when the text is no such name. */
export function parseFieldName(field: string): string[] | undefined {
  const parts: string[] = []
  const part = /(?:^|\.)([^.[\]"\s]+)|\[("(?:[^"\\]|\\.)*")\]/y
  while (part.lastIndex < field.length) {
    const match = part.exec(field)
    if (!match) return undefined
    parts.push(match[1] ?? (JSON.parse(match[2]!) as string))
  }
  return parts.length > 0 ? parts : undefined
}

/** What goes behind the name of what holds a part: `.tag`, `["a.b"]`. */
export function suffix(part: string): string {
  return isPlain(part) ? `.${part}` : `[${JSON.stringify(part)}]`
}

function isPlain(part: string): boolean {
  return /^[\w+/-]+$/.test(part)
}

/** `config.net0.tag`, `config.tags[web]`, `pool`. */
export function formatField({path, element}: Field): string {
  const [first, ...rest] = path
  const name = fieldName(first!, ...rest)
  if (element === undefined) return name
  const text = String(element)
  return `${name}[${plainElement.test(text) ? text : `=${JSON.stringify(text)}`}]`
}

const plainElement = /^[\w+./-]+$/

/** What stands beside `config` in a manifest. */
const beside = ['pool', 'power', 'placement.node']

/** Reads what `formatField` printed. Returns undefined for text that is no field of a manifest. */
export function parseField(text: string): Field | undefined {
  const match = /^(.+?)(?:\[(?:([\w+./-]+)|=("(?:[^"\\]|\\.)*"))\])?$/s.exec(text)
  const path = match && parseFieldName(match[1]!)
  if (!path) return undefined
  if (!beside.includes(path.join('.')) && (path[0] !== 'config' || path.length < 2 || path.length > 3)) return undefined
  const element = match[2] ?? (match[3] === undefined ? undefined : (JSON.parse(match[3]) as string))
  return element === undefined ? {path} : {path, element}
}

/** Whether a field is another one, or a part of it: `config.net0.tag` is within `config.net0`, `config.tags[web]` within `config.tags`. */
export function isWithin(inner: Field, outer: Field): boolean {
  const {path, element} = outer
  if (element !== undefined && String(element) !== String(inner.element)) return false
  if (element !== undefined && path.length !== inner.path.length) return false
  return path.every((part, at) => inner.path[at] === part)
}

/** Whether one of two fields is the other, or a part of it. Elements of one set are apart from each other. */
export function overlap(a: Field, b: Field): boolean {
  return isWithin(a, b) || isWithin(b, a)
}
