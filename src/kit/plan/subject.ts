import {apiPath} from '../proxmox/paths.js'
import {own, parentsOf, type Observed, type Scalar} from '../resources/index.js'
import {wireKindOf, type Scope, type WireKind} from '../resources/kinds/on-wire.js'
import {wholeKindOf, type WholeKind} from '../resources/kinds/travels.js'
import {contractVersion, type Version} from '../values/index.js'
import type {Around, Refusal, Wanted} from './model.js'

/** What stands for a name in a path. */
export type Given = (name: string) => Scalar | undefined

/** An object whose next step is looked for. */
export interface Subject {
  readonly row: WholeKind
  readonly id: string | number
  /** As it is; with nothing in it where it is not there, of a kind whose objects are there while they have parts. */
  readonly is: Observed | null
  readonly wanted: Wanted
  readonly around: Around
  readonly version: Version
  /** The object that it is a part of. */
  readonly parent: Observed | undefined
  readonly given: Given
}

/** Lays an object out for its next step; or why it has no place. */
export function subjectOf(is: Observed | null, wanted: Wanted, around: Around): Subject | {refused: Refusal} {
  const {kind, id} = wanted.ref
  const row = wholeKindOf(kind)
  const version = contractVersion(around.version())
  const parents = parentsOf({kind, id})
  const parent = parents.map((one) => around.object(one.kind, one.id)).find((one) => one !== undefined)
  if (parents.length > 0 && !parent)
    return {
      refused: {
        code: 'PMPC_PLAN_NO_OWNER',
        message: `${kind} ${id} belongs to ${parents.map((one) => `${one.kind} ${one.id}`).join(' or ')}, which is not there`,
        suggestions: [`declare it, or take ${kind} ${id} out of the manifests`],
      },
    }
  const scope = row.scopes && scopeOf(row.scopes, id, parent)
  const base =
    scope?.base === undefined
      ? undefined
      : {base: filled(scope.base, givenOf(parent && wireKindOf(parent.kind), parent))}
  const before = is ?? (isOfParts(row) ? {kind, id, config: {}, facts: {}} : null)
  const self = givenOf(row, before ?? {id, config: wanted.document?.config ?? {}})
  const given: Given = (name) => own(base, name) ?? (name === 'parent' ? parent?.id : undefined) ?? self(name)
  return {row, id, is: before, wanted, around, version, parent, given}
}

/** Whether objects of a kind are there while they have parts, and need not be made. */
export function isOfParts({scopes, change: {create, parts = {}}}: WholeKind): boolean {
  return (
    scopes !== undefined || (create === undefined && Object.values(parts).some((part) => part.create !== undefined))
  )
}

/** The place of which there is one object each. */
function scopeOf(scopes: readonly Scope[], id: string | number, parent: Observed | undefined): Scope | undefined {
  return scopes.find((scope) => (scope.of ? parent && scope.of.includes(parent.kind) : scope.id === id))
}

/** What stands for an object in paths: its id under any name of it, its node, a fact, a key of its configuration. */
function givenOf(
  row: WireKind | undefined,
  of:
    | {id: string | number; facts?: Readonly<Record<string, unknown>>; config?: Readonly<Record<string, unknown>>}
    | undefined,
): Given {
  return (name) => {
    if (!row || !of) return undefined
    const {belongs, idKey} = row
    if (name === 'id' || name === idKey) return of.id
    if (name === 'node' && belongs?.node !== undefined)
      return belongs.node === 'id' ? of.id : scalarOf(own(of.facts, belongs.node.replace(/^facts\./, '')))
    return scalarOf(own(of.facts, name)) ?? scalarOf(own(of.config, name))
  }
}

const scalarOf = (value: unknown): Scalar | undefined =>
  typeof value === 'string' || typeof value === 'number' ? value : undefined

const placeholder = /\{([\w-]+)\}/g

/** A template with its names filled in, as text. */
function filled(template: string, given: Given): string {
  return template.replaceAll(placeholder, (whole, name: string) => String(given(name) ?? whole))
}

/** A call: its verb, its path with all names filled in and encoded, and the names that were. */
export function callOf(
  call: string,
  given: Given,
): {method: 'POST' | 'PUT' | 'DELETE'; path: string; names: ReadonlySet<string>} {
  const at = call.indexOf(' ')
  const [method, template] = [call.slice(0, at), call.slice(at + 1)]
  const names = new Set([...template.matchAll(placeholder)].map(([, name]) => name!))
  // The base of a scope is a path itself, whose names are filled in already.
  const base = template.startsWith('{base}') ? String(given('base')) : ''
  const parts = template.replace('{base}', '').slice(1).split('/')
  const path = base + (template === '{base}' ? '' : apiPath(...parts.map((part) => filled(part, given))))
  return {method: method as 'POST' | 'PUT' | 'DELETE', path, names}
}
