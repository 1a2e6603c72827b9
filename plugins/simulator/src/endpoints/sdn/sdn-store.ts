import {failure} from '../../errors.js'
import {splitList} from '../../contract/scalars.js'
import {unordered} from '../../http/print.js'
import {isSet, required, text, type Call, type Endpoints} from '../../simulation.js'
import type {Section} from '../../state/model.js'
import {changedMeanwhile, fileDigest, sectionsOf, typedValue} from '../sections.js'

/** A kind of SDN object: configured at once, in force after the next apply. */
export interface SdnKind {
  path: string
  id: string
  /** File of the configuration; the running copy stands under `running FILE`. */
  file: string
  /** What messages call it: `zone` in `create sdn zone object failed`. */
  what: string
  missing: (id: string) => string
  /** Whether a change or removal of what is missing says so after `update sdn … object failed: `. */
  missingPrefixed?: boolean
  /** Type that answers show, where it is no setting. */
  type?: string
  /** Completes or refuses an object. */
  prepare?: (call: Call, id: string, section: Section, action: 'create' | 'update') => void
  /** Refuses a removal. */
  checkRemove?: (call: Call, id: string) => void
  /** Name from what was sent. */
  nameOf?: (call: Call) => string
  /** Keys that are no pending settings but part of what the object is. */
  fixed?: string[]
  /** What answers add to an object. */
  derived?: (call: Call, id: string, section: Section) => Section
  /** Only objects of this call. */
  filter?: (call: Call, section: Section) => boolean
  visible?: (call: Call, id: string, section: Section) => boolean
}

/** 500 that carries a parameter error raised inside a locked section. */
export const innerError = (prefix: string, lines: [string, string][]): Error =>
  failure(
    `${prefix}400 Parameter verification failed.\n${lines.map(([key, problem]) => `${key}: ${problem}`).join('\n')}`,
  )

const running = (call: Call, kind: SdnKind): Record<string, Section> => sectionsOf(call, `running ${kind.file}`)

function base(call: Call, kind: SdnKind, id: string, section: Section): Section {
  return {[kind.id]: id, ...(kind.type !== undefined && {type: kind.type}), ...kind.derived?.(call, id, section)}
}

function plain(call: Call, kind: SdnKind, id: string, section: Section, digest: string | null): Section {
  return {...section, ...base(call, kind, id, section), digest}
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
  const [now, next] = [running(call, kind)[id], sectionsOf(call, kind.file)[id]]
  const fixed = new Set(['type', ...(kind.fixed ?? [])])
  if (!now) {
    const known = Object.fromEntries(Object.entries(next!).filter(([key]) => fixed.has(key)))
    const pending = Object.fromEntries(Object.entries(next!).filter(([key]) => !fixed.has(key)))
    return {...known, ...base(call, kind, id, next!), state: 'new', pending, digest: null}
  }
  if (!next) return {...plain(call, kind, id, now, null), state: 'deleted', pending: {}}
  const pending = differences(now, next)
  if (Object.keys(pending).length === 0) return plain(call, kind, id, now, null)
  return {...plain(call, kind, id, now, null), state: 'changed', pending}
}

function list(call: Call, kind: SdnKind): unknown {
  const config = sectionsOf(call, kind.file)
  const wanted = (section: Section, id: string): boolean =>
    (kind.filter?.(call, section) ?? true) && (kind.visible?.(call, id, section) ?? true)
  const type = text(call, 'type')
  const chosen = (sections: Record<string, Section>): string[] =>
    Object.keys(sections).filter(
      (id) =>
        wanted(sections[id]!, id) && (type === undefined || kind.type !== undefined || sections[id]!.type === type),
    )
  if (isSet(call, 'pending')) {
    const all = {...running(call, kind), ...config}
    return unordered(chosen(all).map((id) => pendingEntry(call, kind, id)))
  }
  if (isSet(call, 'running')) {
    const now = running(call, kind)
    return unordered(chosen(now).map((id) => plain(call, kind, id, now[id]!, null)))
  }
  const digest = fileDigest(call, kind.file)
  return unordered(chosen(config).map((id) => plain(call, kind, id, config[id]!, digest)))
}

function show(call: Call, kind: SdnKind): unknown {
  const id = required(call, kind.id)
  const source = isSet(call, 'running') ? running(call, kind) : sectionsOf(call, kind.file)
  const section = source[id]
  if (!section) throw failure(kind.missing(id))
  if (isSet(call, 'pending')) return pendingEntry(call, kind, id)
  return plain(call, kind, id, section, isSet(call, 'running') ? null : fileDigest(call, kind.file))
}

function given(call: Call, kind: SdnKind, path: string, verb: string): Section {
  const schema = call.sim.contract.paths[path]?.[verb]?.parameters.properties ?? {}
  const skipped = new Set([
    kind.id,
    'delete',
    'digest',
    'lock-token',
    ...(kind.path.match(/\{([^}]+)\}/g) ?? []).map((name) => name.slice(1, -1)),
  ])
  const section: Section = {}
  for (const [key, value] of Object.entries(call.param)) {
    if (skipped.has(key) || (key === 'type' && kind.type !== undefined)) continue
    section[key] = typedValue(schema[key], value)
  }
  return section
}

function create(call: Call, kind: SdnKind): unknown {
  const id = kind.nameOf?.(call) ?? required(call, kind.id)
  const section = given(call, kind, kind.path, 'POST')
  const config = sectionsOf(call, kind.file)
  if (config[id])
    throw failure(`create sdn ${kind.what} object failed: sdn ${kind.what} object ID '${id}' already defined`)
  kind.prepare?.(call, id, section, 'create')
  config[id] = section
  return null
}

function update(call: Call, kind: SdnKind): unknown {
  const id = required(call, kind.id)
  const config = sectionsOf(call, kind.file)
  const prefix = `update sdn ${kind.what} object failed: `
  if (!config[id]) throw failure(`${kind.missingPrefixed ? prefix : ''}${kind.missing(id)}`)
  const digest = text(call, 'digest')
  if (digest !== undefined && digest !== fileDigest(call, kind.file)) throw failure(`${prefix}${changedMeanwhile}`)
  const section: Section = {...config[id], ...given(call, kind, `${kind.path}/{${kind.id}}`, 'PUT')}
  for (const key of splitList(text(call, 'delete') ?? '')) delete section[key]
  kind.prepare?.(call, id, section, 'update')
  config[id] = section
  return null
}

function remove(call: Call, kind: SdnKind): unknown {
  const id = required(call, kind.id)
  const config = sectionsOf(call, kind.file)
  const prefix = `delete sdn ${kind.what} object failed: `
  if (!config[id]) throw failure(`${kind.missingPrefixed ? prefix : ''}${kind.missing(id)}`)
  kind.checkRemove?.(call, id)
  delete config[id]
  return null
}

/** Endpoints of one kind of SDN object. */
export function sdnEndpointsOf(kind: SdnKind): Endpoints {
  const item = `${kind.path}/{${kind.id}}`
  return {
    [`GET ${kind.path}`]: (call) => list(call, kind),
    [`POST ${kind.path}`]: (call) => create(call, kind),
    [`GET ${item}`]: (call) => show(call, kind),
    [`PUT ${item}`]: (call) => update(call, kind),
    [`DELETE ${item}`]: (call) => remove(call, kind),
  }
}
