import type {Scalar} from './model.js'

/** A field by its place: a key beside `config`, a key in it, what maps hold below that, or one element of a set at any depth. */
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
  const read = readName(field)
  return read && read.element === undefined ? read.path : undefined
}

/** A part at the beginning or behind a dot; one in brackets and quotes; an element in brackets, which nothing follows. */
const onePart = /(?:^|\.)([^.[\]"\s]+)|\[("(?:[^"\\]|\\.)*")\]|\[(?:([\w+./-]+)|=("(?:[^"\\]|\\.)*"))\]$/y

function readName(text: string): Field | undefined {
  const path: string[] = []
  let element: string | undefined
  const part = new RegExp(onePart)
  while (part.lastIndex < text.length) {
    const match = part.exec(text)
    if (!match) return undefined
    const [, plain, quoted, word, other] = match
    const read = plain ?? word ?? unquoted(quoted ?? other!)
    if (read === undefined) return undefined
    if (word ?? other) element = read
    else path.push(read)
  }
  if (path.length === 0) return undefined
  return element === undefined ? {path} : {path, element}
}

/** Names come from files that anybody may have written. */
function unquoted(json: string): string | undefined {
  try {
    return JSON.parse(json) as string
  } catch {
    return undefined
  }
}

/** What goes behind the name of what holds a part: `.tag`, `["a.b"]`. */
export function suffix(part: string): string {
  return isPlain(part) ? `.${part}` : `[${JSON.stringify(part)}]`
}

function isPlain(part: string): boolean {
  return /^[\w+-]+$/.test(part)
}

/** `config.net0.tag`, `config.tags[web]`, `config["/vms"]["alice@pve"][PVEAuditor]`, `pool`. */
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
  const field = readName(text)
  if (!field) return undefined
  const {path, element} = field
  const isBeside = element === undefined && beside.includes(path.join('.'))
  return isBeside || (path[0] === 'config' && path.length > 1) ? field : undefined
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
