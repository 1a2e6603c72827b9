import {failure, forbidden} from '../../errors.js'
import {splitList} from '../../contract/scalars.js'
import {unordered} from '../../calls/print.js'
import {isSet, required, text, type Call, type Endpoints} from '../../calls/call.js'
import type {Section} from '../../state/model.js'
import {fileDigest, keptSection, sectionsOf, typedValue, changedMeanwhile} from '../../calls/sections.js'
import {checkToken} from './sdn-lock.js'

export type Action = 'create' | 'update' | 'delete'

/** What objects of a type may hold: options are separated by blanks. */
export interface Options {
  required?: string
  optional?: string
  fixed?: string
}

/** A kind of SDN object: configured at once, in force after the next apply. */
export interface SdnKind {
  path: string
  /** Key of the name, in paths and answers. */
  id: string
  /** Path of one object, where that is not `{path}/{id}`. */
  itemPath?: string
  /** File of the configuration; the running copy stands under `running FILE`. */
  file: string
  /** What messages call it: `zone` in `create sdn zone object failed`. */
  what: string
  missing: (id: string, call: Call) => string
  /** Whether a change or removal of what is missing says so after `update sdn … object failed: `; a removal may also pass. */
  whenMissing?: {update?: 'prefixed'; delete?: 'prefixed' | 'passes'}
  /** Begins of the texts of failed writes, where they are others. */
  prefixes?: Record<Action, string>
  exists?: (id: string) => string
  /** Options by type; all that the contract has where this is absent. */
  options?: (call: Call) => Record<string, Options>
  /** Type that answers show, where it is no setting. */
  type?: string
  /** Refuses callers without rights on an object that the contract leaves to the code. */
  access?: (call: Call, id: string, privileges: string[]) => void
  /** Completes or refuses an object; `before` is what it was. */
  prepare?: (call: Call, id: string, section: Section, action: 'create' | 'update', before?: Section) => void
  /** Refuses a removal. */
  checkRemove?: (call: Call, id: string) => void
  /** The object's name from what was sent. */
  nameOf?: (call: Call) => string
  /** Keys that are no pending settings but part of what the object is. */
  fixed?: string[]
  /** What answers add to an object. */
  derived?: (call: Call, id: string, section: Section) => Section
  /** Only objects of this call. */
  filter?: (call: Call, section: Section) => boolean
  visible?: (call: Call, id: string, section: Section) => boolean
  /** Whether what is not as configured has no digest at all, rather than null. */
  withoutNull?: boolean
  /** Whether a single object that is removed but still in force can be read as pending. */
  showsRemoved?: boolean
}

/** 500 that carries a parameter error raised inside a locked section. */
export const innerError = (prefix: string, lines: [string, string][]): Error =>
  failure(
    `${prefix}400 Parameter verification failed.\n${lines.map(([key, problem]) => `${key}: ${problem}`).join('\n')}`,
  )

export const prefixOf = (kind: SdnKind, action: Action): string =>
  kind.prefixes?.[action] ?? `${action} sdn ${kind.what} object failed: `

/** Objects that are in force. */
export const running = (call: Call, file: string): Record<string, Section> => sectionsOf(call, `running ${file}`)

/** Refuses a caller without one of the rights on a zone or virtual network. @throws ApiError 403 */
export function checkRights(call: Call, path: string, privileges: string[]): void {
  if (!call.sim.permissions.hasAny(call.auth, path, privileges)) throw forbidden(`${path}, ${privileges.join('|')}`)
}

function base(call: Call, kind: SdnKind, id: string, section: Section): Section {
  return {[kind.id]: id, ...(kind.type !== undefined && {type: kind.type}), ...kind.derived?.(call, id, section)}
}

function plain(call: Call, kind: SdnKind, id: string, section: Section, digest: string | null): Section {
  return {...section, ...base(call, kind, id, section), ...(kind.withoutNull && digest === null ? {} : {digest})}
}

/** Keys whose values differ; removed ones are `deleted`. */
function differences(before: Section, after: Section): Section {
  const out: Section = {}
  for (const [key, value] of Object.entries(after))
    if (JSON.stringify(before[key]) !== JSON.stringify(value)) out[key] = value
  for (const key of Object.keys(before)) if (after[key] === undefined) out[key] = 'deleted'
  return out
}

function pendingEntry(call: Call, kind: SdnKind, id: string): Section {
  const [now, next] = [running(call, kind.file)[id], sectionsOf(call, kind.file)[id]]
  const fixed = new Set(['type', ...(kind.fixed ?? [])])
  if (!now) {
    const known = Object.fromEntries(Object.entries(next!).filter(([key]) => fixed.has(key)))
    const pending = Object.fromEntries(Object.entries(next!).filter(([key]) => !fixed.has(key)))
    return {...plain(call, kind, id, known, null), state: 'new', pending}
  }
  if (!next) return {...plain(call, kind, id, now, null), state: 'deleted', pending: {}}
  const pending = differences(now, next)
  if (Object.keys(pending).length === 0) return plain(call, kind, id, now, null)
  return {...plain(call, kind, id, now, null), state: 'changed', pending}
}

/** Objects as a call asks for them: configured, in force, or with what is pending. */
export function list(call: Call, kind: SdnKind): Section[] {
  const config = sectionsOf(call, kind.file)
  const type = text(call, 'type')
  const chosen = (sections: Record<string, Section>): string[] =>
    Object.entries(sections)
      .filter(([id, section]) => (kind.filter?.(call, section) ?? true) && (kind.visible?.(call, id, section) ?? true))
      .filter(([, section]) => type === undefined || kind.type !== undefined || section.type === type)
      .map(([id]) => id)
  const now = running(call, kind.file)
  if (isSet(call, 'pending')) return chosen({...now, ...config}).map((id) => pendingEntry(call, kind, id))
  if (isSet(call, 'running')) return chosen(now).map((id) => plain(call, kind, id, now[id]!, null))
  const digest = fileDigest(call, kind.file)
  return chosen(config).map((id) => plain(call, kind, id, config[id]!, digest))
}

const nameOf = (call: Call, kind: SdnKind): string => kind.nameOf?.(call) ?? required(call, kind.id)

function show(call: Call, kind: SdnKind): unknown {
  const id = nameOf(call, kind)
  kind.access?.(call, id, ['SDN.Audit', 'SDN.Allocate'])
  const [now, config] = [running(call, kind.file), sectionsOf(call, kind.file)]
  const pending = isSet(call, 'pending')
  const source = isSet(call, 'running') && !pending ? now : pending && kind.showsRemoved ? {...now, ...config} : config
  if (!source[id]) throw failure(kind.missing(id, call))
  if (pending) return pendingEntry(call, kind, id)
  return plain(call, kind, id, source[id], source === now ? null : fileDigest(call, kind.file))
}

function given(call: Call, kind: SdnKind, path: string, verb: string): Section {
  const schema = call.sim.contract.paths[path]?.[verb]?.parameters.properties ?? {}
  const variables = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name!)
  const skipped = new Set([kind.id, 'delete', 'digest', 'lock-token', ...variables])
  const section: Section = {}
  for (const [key, value] of Object.entries(call.param)) {
    if (skipped.has(key) || (key === 'type' && kind.type !== undefined)) continue
    section[key] = typedValue(schema[key], value)
  }
  return section
}

const words = (text = ''): string[] => text.split(' ').filter((word) => word !== '')

/** Refuses what an object of its type may not hold, or lacks. @throws ApiError 500 */
function checkOptions(options: Options | undefined, section: Section, prefix: string, creates: boolean): void {
  if (!options) return
  const known = [...words(options.required), ...words(options.optional), ...words(options.fixed), 'type']
  for (const key of Object.keys(section).sort()) {
    if (!known.includes(key)) throw failure(`${prefix}unexpected property '${key}'`)
    if (!creates && words(options.fixed).includes(key))
      throw failure(`${prefix}can't change value of fixed parameter '${key}'`)
  }
  const missing = creates ? words(options.required).find((key) => section[key] === undefined) : undefined
  if (missing !== undefined) throw failure(`${prefix}missing value for required option '${missing}'`)
}

function create(call: Call, kind: SdnKind): unknown {
  const id = nameOf(call, kind)
  const section = given(call, kind, kind.path, 'POST')
  checkOptions(kind.options?.(call)[String(section.type ?? kind.type)], section, '', true)
  const prefix = prefixOf(kind, 'create')
  checkToken(call, prefix)
  const config = sectionsOf(call, kind.file)
  if (config[id]) throw failure(`${prefix}${kind.exists?.(id) ?? `sdn ${kind.what} object ID '${id}' already defined`}`)
  kind.prepare?.(call, id, section, 'create')
  config[id] = keptSection(section)
  return null
}

/** Takes options away. @throws ApiError 500 */
function removeOptions(
  kind: SdnKind,
  options: Options | undefined,
  section: Section,
  sent: Section,
  keys: string[],
): void {
  const prefix = prefixOf(kind, 'update')
  for (const key of keys) {
    const isRequired = words(options?.required).includes(key)
    if (options && !isRequired && ![...words(options.optional), ...words(options.fixed)].includes(key))
      throw failure(`${prefix}no such option '${key}'`)
    if (isRequired) throw failure(`${prefix}unable to delete required option '${key}'`)
    if (words(options?.fixed).includes(key)) throw failure(`${prefix}unable to delete fixed option '${key}'`)
    if (sent[key] !== undefined) throw failure(`${prefix}cannot set and delete property '${key}' at the same time!`)
    delete section[key]
  }
}

function update(call: Call, kind: SdnKind): unknown {
  const id = nameOf(call, kind)
  kind.access?.(call, id, ['SDN.Allocate'])
  const prefix = prefixOf(kind, 'update')
  checkToken(call, prefix)
  const config = sectionsOf(call, kind.file)
  const digest = text(call, 'digest')
  if (digest !== undefined && digest !== '' && digest !== fileDigest(call, kind.file))
    throw failure(`${prefix}${changedMeanwhile}`)
  const before = config[id]
  if (!before) throw failure(`${kind.whenMissing?.update === 'prefixed' ? prefix : ''}${kind.missing(id, call)}`)
  const sent = given(call, kind, kind.itemPath ?? `${kind.path}/{${kind.id}}`, 'PUT')
  const options = kind.options?.(call)[String(before.type ?? kind.type)]
  checkOptions(options, sent, prefix, false)
  const section: Section = {...before}
  const removed = call.param.delete
  removeOptions(
    kind,
    options,
    section,
    sent,
    Array.isArray(removed) ? removed.map(String) : splitList(text(call, 'delete') ?? ''),
  )
  Object.assign(section, sent)
  kind.prepare?.(call, id, section, 'update', before)
  config[id] = keptSection(section)
  return null
}

function remove(call: Call, kind: SdnKind): unknown {
  const id = nameOf(call, kind)
  kind.access?.(call, id, ['SDN.Allocate'])
  const prefix = prefixOf(kind, 'delete')
  checkToken(call, prefix)
  const config = sectionsOf(call, kind.file)
  if (!config[id]) {
    if (kind.whenMissing?.delete === 'passes') return null
    throw failure(`${kind.whenMissing?.delete === 'prefixed' ? prefix : ''}${kind.missing(id, call)}`)
  }
  kind.checkRemove?.(call, id)
  delete config[id]
  return null
}

/** Endpoints of one kind of SDN object. */
export function sdnEndpointsOf(kind: SdnKind): Endpoints {
  const item = kind.itemPath ?? `${kind.path}/{${kind.id}}`
  return {
    [`GET ${kind.path}`]: (call) => unordered(list(call, kind)),
    [`POST ${kind.path}`]: (call) => create(call, kind),
    [`GET ${item}`]: (call) => show(call, kind),
    [`PUT ${item}`]: (call) => update(call, kind),
    [`DELETE ${item}`]: (call) => remove(call, kind),
  }
}
