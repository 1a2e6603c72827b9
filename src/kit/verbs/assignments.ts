// What people type of fields, `memory=4096`, and what a manifest says then.
import {PmpcError} from '../errors/index.js'
import {nearest} from '../errors/nearest.js'
import {shellWord} from '../files/inside.js'
import {copyField, getField, setField, type Document} from '../reconcile/fields.js'
import {copyOf} from '../reconcile/documents.js'
import {formatField, isMap, kindOf, own, parseField, setOwn} from '../resources/index.js'
import type {Field, KindName, Scalar, Value} from '../resources/index.js'
import {MASK} from '../secrets/index.js'
import {fromManifest, keyInfo, toManifest} from '../values/index.js'
import {keyAt, knownIn} from '../values/keys.js'
import {unknownKeyOf} from '../workspace/declared.js'
import {secretVariable} from './apply-refusals.js'

/** A field that is to have a value, or none. */
export interface Assignment {
  /** `memory`, `config.memory`, `net0.bridge`, `placement.node`, `tags[web]`. */
  name: string
  /** undefined: the field is to go. */
  text?: string
}

/** Tells fields that are set, `memory=4096`, from other words. */
export function assignmentsIn(words: readonly string[]): {others: string[]; assignments: Assignment[]} {
  const others: string[] = []
  const assignments: Assignment[] = []
  for (const word of words) {
    const [, name, text] = /^([a-z[][^=\s]*)=(.*)$/is.exec(word) ?? []
    if (name === undefined) others.push(word)
    else assignments.push({name, text: text!})
  }
  return {others, assignments}
}

/** What stands beside `config` in the manifests of guests, and which words it takes; any where none are named. */
const beside: Readonly<Record<string, readonly string[] | undefined>> = {
  pool: undefined,
  power: ['running', 'stopped'],
  'placement.node': undefined,
}

/** Why a field cannot be set. */
export interface Impossible {
  /** Says which field. */
  message: string
  /** The kind has no such field. */
  isUnknown?: true
}

/** A document as it is with all of this set; with what cannot be so, when the document is of no use. */
export function withAssigned(
  before: Document,
  assignments: readonly Assignment[],
): {document: Document; problems: Impossible[]} {
  const document = copyOf(before)
  const problems = assignments.flatMap((assignment) => assign(document, assignment))
  return {document, problems}
}

function assign(document: Document, {name, text}: Assignment): Impossible[] {
  const {kind} = document
  const field = fieldCalled(kind, name)
  if (!field) return [{message: `${name} is no field`, isUnknown: true}]
  const unknown = getField(document, field) === undefined ? unknownField(kind, field) : undefined
  if (unknown !== undefined) return [{message: unknown, isUnknown: true}]
  return problemsWith(document, field, {name, ...(text !== undefined && {text})}).map((message) => ({message}))
}

function problemsWith(document: Document, field: Field, {name, text}: Assignment): string[] {
  if (text === undefined) return takeOut(document, field)
  if (text === '') return [`${name} has no value; to take it out: --unset ${shellWord(name)}`]
  return field.path[0] === 'config' ? assignConfig(document, field, text) : assignBeside(document, field, text)
}

/** What a name means for a kind: beside the configuration where that kind has it there, else in it. */
export function fieldCalled(kind: KindName, name: string): Field | undefined {
  const read = parseField(name)
  if (read && (read.path[0] === 'config' || Object.hasOwn(kindOf(kind).beside ?? {}, read.path[0]!))) return read
  return parseField(name.startsWith('[') ? `config${name}` : `config.${name}`)
}

/** Why a kind has no such field; undefined: it has. */
function unknownField(kind: KindName, {path}: Field): string | undefined {
  const [first, ...keys] = path
  if (first !== 'config') return undefined
  const at = keys.findIndex((_, index) => !keyInfo(kind, ...keys.slice(0, index + 1)).known)
  if (at < 0) return generatedField(kind, keys)
  if (at === 0) return besideMeant(kind, keys) ?? unknownKeyOf(kind, keys[0]!).message
  const known = knownIn(keyAt(kind, keys.slice(0, at)))
  // Of what stands there no contract tells.
  if (!known) return undefined
  const meant = nearest(keys[at]!, known)
  const where = keys.slice(0, at).join('.')
  return `${where} has no ${keys[at]}${meant === undefined ? '' : `; did you mean ${where}.${meant}?`}`
}

function generatedField(kind: KindName, keys: readonly string[]): string | undefined {
  return keyInfo(kind, keys[0]!).generated
    ? `${keys[0]} is made up by Proxmox VE, and stands in no manifest`
    : undefined
}

/** `poool` of a guest. */
function besideMeant(kind: KindName, keys: readonly string[]): string | undefined {
  const words = Object.keys(beside).filter((name) => Object.hasOwn(kindOf(kind).beside ?? {}, name.split('.')[0]!))
  const typed = keys.join('.')
  const own = ['id', 'kind', 'cluster', 'from', 'absent'].find((word) => word === keys[0])
  if (own !== undefined) return `${own} says what object it is, or how it is made, and is no field of it`
  const known = knownIn(keyAt(kind, [])) ?? []
  const {nameKey} = kindOf(kind)
  if (['name', 'hostname'].includes(typed) && nameKey !== undefined) return `the name of a ${kind} is its ${nameKey}`
  const meant = typed === 'node' || typed === 'placement' ? 'placement.node' : nearest(typed, [...known, ...words])
  return meant !== undefined && words.includes(meant)
    ? `a ${kind} has no field ${typed}; did you mean ${meant}?`
    : undefined
}

function assignBeside(document: Document, field: Field, text: string): string[] {
  const name = field.path.join('.')
  const words = own(beside, name)
  if (words && !words.includes(text)) return [`${name} is ${words.join(' or ')}, not ${JSON.stringify(text)}`]
  setField(document, field, text)
  return []
}

function assignConfig(document: Document, field: Field, text: string): string[] {
  const {kind} = document
  const name = formatField(field).replace(/^config\.?/, '')
  const keys = field.path.slice(1)
  if (field.element !== undefined)
    return [`${name} is an element, and has no value: ${keys.join('.')}=+${field.element}`]
  const info = keyInfo(kind, ...keys)
  if (info.masked && !isNotTold(text)) return [`${name} is a secret`]
  const elements = info.isSet ? elementsIn(text) : undefined
  if (elements) return elements.flatMap(({on, text: element}) => assignElement(document, field, element, on))
  const {value, problems} = valueAt(document, keys, info.masked ? MASK : text)
  if (problems.length === 0) setField(document, {path: ['config', keys[0]!]}, value)
  const isPart = keys.length > 1 && own(document.config, keys[0]!) === undefined
  return problems.length > 0 && isPart
    ? [`there is no ${keys[0]} that ${name} could be a part of; give it whole, ${keys[0]}=… (${problems[0]})`]
    : problems
}

/** `+web,-old`: what comes to a set, and what goes; undefined: the text is the whole set. */
function elementsIn(text: string): {on: boolean; text: string}[] | undefined {
  const parts = text.split(/[,;\s]+/).filter((part) => part !== '')
  if (!parts.every((part) => /^[+-]./.test(part))) return undefined
  return parts.map((part) => ({on: part.startsWith('+'), text: part.slice(1)}))
}

function assignElement(document: Document, {path}: Field, text: string, on: boolean): string[] {
  const {value, problems} = valueAt({...document, config: {}}, path.slice(1), text)
  const set = path
    .slice(2)
    .reduce<Value | undefined>((inner, key) => (isMap(inner) ? own(inner, key) : undefined), value)
  const element = Array.isArray(set) && set.length === 1 ? (set[0] as Scalar) : text
  if (problems.length === 0 || !on) setField(document, {path, element}, on ? element : undefined)
  return on ? problems : []
}

/** The key with that text in it, as a manifest would have it, made canonical. */
function valueAt({kind, config}: Document, [key, ...rest]: readonly string[], text: string) {
  const is = own(config, key!)
  const whole = rest.length === 0 ? text : withText(is === undefined ? {} : toManifest(kind, key!, is), rest, text)
  return fromManifest(kind, key!, whole)
}

function withText(value: unknown, [key, ...rest]: readonly string[], text: string): unknown {
  if (key === undefined) return text
  const map = isMap(value) ? {...value} : {}
  setOwn<unknown>(map as Record<string, unknown>, key, withText(own(map, key), rest, text))
  return map
}

function takeOut(document: Document, field: Field): string[] {
  const {kind} = document
  const [first, key] = field.path
  if (getField(document, field) === undefined) return []
  copyField(document, field, {kind, beside: {}, config: {}})
  const left = first === 'config' && field.path.length > 2 ? own(document.config, key!) : undefined
  return left === undefined ? [] : fromManifest(kind, key!, toManifest(kind, key!, left)).problems
}

/** What stands for a secret that is given when it is applied: `-`, or what a manifest has in its place. */
const isNotTold = (text: string): boolean => text === '-' || text === MASK

/** How a secret comes to a guest without being typed. */
export interface SecretHint {
  instead: string
  suggestions: string[]
}

/** @param object `home/vm/100`, or with `VMID` where that is not known yet */
export function secretHint(kind: KindName, object: string, key: string): SecretHint {
  if (isGivenOnce(kind, key))
    return {
      instead: 'pmpc gives none, as no configuration holds it; give it inside of the container',
      suggestions: ['pct exec VMID passwd   # on its node, once it runs'],
    }
  const variable = secretVariable(object, key)
  return {
    instead: `type - in its place, and pmpc apply takes it from ${variable}, or asks`,
    suggestions: [`read -rs ${variable} && export ${variable}   # then the command again, with -`],
  }
}

/**
 * Refuses secrets as words of a command: they would be in the shell's history and in the list of processes.
 * @param kinds of the objects that are meant
 * @param how where it is taken from instead, and what to type for that, by its key
 * @param register told the secret, so that no message holds it
 * @throws PMPC_NO_SECRET
 */
export function refuseSecrets(
  kinds: Iterable<KindName>,
  assignments: readonly Assignment[],
  {how, register}: {how(key: string, kind: KindName): SecretHint; register(secret: string): void},
): void {
  for (const kind of new Set(kinds))
    for (const {name, text} of assignments) {
      const [first, ...keys] = fieldCalled(kind, name)?.path ?? []
      if (text === undefined || isNotTold(text) || first !== 'config' || !isSecret(kind, keys)) continue
      register(text)
      const key = keys.join('.')
      const {instead, suggestions} = how(key, kind)
      throw new PmpcError(
        'PMPC_NO_SECRET',
        `${name} is a secret, and typed here it stands in the shell's history: ${instead}`,
        {suggestions, data: {field: formatField({path: ['config', ...keys]})}},
      )
    }
}

/** Whether Proxmox VE takes it when a guest is made, and keeps it in no configuration: a container's `password`. */
export const isGivenOnce = (kind: KindName, key: string): boolean => kindOf(kind).guest === 'lxc' && key === 'password'

const isSecret = (kind: KindName, keys: readonly string[]): boolean =>
  keyInfo(kind, ...keys).masked || isGivenOnce(kind, keys.join('.'))
