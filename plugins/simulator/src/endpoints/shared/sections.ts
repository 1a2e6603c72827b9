import {failure} from '../../errors.js'
import {splitList} from '../../contract/scalars.js'
import {unordered} from '../../calls/print.js'
import {required, text, type Call, type Endpoints} from '../../calls/call.js'
import type {Section} from '../../state/model.js'
import {changedMeanwhile, keptSection, typedValue, sectionsOf, fileDigest} from '../../calls/sections.js'

/** A kind of object that lives as sections of one file: all its endpoints come from this description. */
export interface SectionKind {
  /** Path of the list. */
  path: string
  /** Path variable and key of the object's name. */
  id: string
  /** Key under which answers name it; that of the path unless given. */
  shownId?: string
  /** Name of the file; kinds may share one. */
  file: string
  /** Where objects are made, when that is not the list. */
  createPath?: string
  /** Whether lists and objects carry the file's digest. */
  digest?: {list?: boolean; show?: boolean}
  /** Its digest, where it is another one than of all other files. */
  digestOf?: (call: Call) => string
  /** Whether an object's answer repeats its name. */
  showId?: boolean
  /** Begins of the texts of failed writes. */
  prefix?: {create?: string; update?: string; delete?: string}
  /** Text where a new name is taken. */
  exists: (id: string) => string
  /** Texts where there is no such object. A write without one passes. */
  missing: {
    show: (id: string) => string | Error
    update?: (id: string) => string | Error
    delete?: (id: string) => string | Error
  }
  /** What `delete` may name; any key when absent. */
  unknownKey?: (key: string) => string | Error
  /** Keys that can be set, and that `delete` does not know. */
  notDeletable?: string[]
  /** Keys that a section has to have, and those that never change once it is made. */
  needed?: string[]
  fixed?: string[]
  /** Keys of which a 0 says nothing: what was stays, only `delete` takes it away. */
  deafToZero?: string[]
  /** A key may not be set and deleted in one call. */
  setAndDelete?: boolean
  /** Refuses a write before the file is read. */
  before?: (call: Call, id: string, action: 'create' | 'update') => void
  /** Completes or refuses a section before it is written. */
  prepare?: (call: Call, id: string, section: Section, action: 'create' | 'update') => void
  /** The object's name from what was sent. */
  nameOf?: (call: Call, given: string) => string
  /** Keys with arrays, and other values kept as sent. */
  keep?: (key: string, value: unknown) => unknown
  /** What answers show of a section. */
  shown?: (call: Call, id: string, section: Section, where: 'list' | 'show') => Section
  /** Whether the caller may see an object. */
  visible?: (call: Call, id: string) => boolean
  /** Filters a list by the call's parameters. */
  filter?: (call: Call, id: string, section: Section) => boolean
  /** Refuses a removal. */
  beforeRemoval?: (call: Call, id: string) => void
  /** Clean-up after an object is gone. */
  removed?: (call: Call, id: string) => void
  created?: (call: Call, id: string, section: Section) => unknown
  /** A file that is not written by Perl's SectionConfig keeps texts as they are. */
  verbatim?: true
}

const raise = (problem: string | Error, prefix = ''): never => {
  throw typeof problem === 'string' ? failure(`${prefix}${problem}`) : problem
}

function given(call: Call, kind: SectionKind, schemaPath: string, verb: string): Section {
  const schema = call.sim.contract.paths[schemaPath]?.[verb]?.parameters.properties ?? {}
  const section: Section = {}
  for (const [key, value] of Object.entries(call.param)) {
    if (key === kind.id || key === 'delete' || key === 'digest') continue
    const typed = kind.keep?.(key, value) ?? typedValue(schema[key], value)
    if (typed !== 0 || !kind.deafToZero?.includes(key)) section[key] = typed
  }
  return section
}

const digestOf = (call: Call, kind: SectionKind): string => kind.digestOf?.(call) ?? fileDigest(call, kind.file)

function checkFileDigest(call: Call, kind: SectionKind, prefix: string): void {
  const wanted = text(call, 'digest')
  if (wanted !== undefined && wanted !== '' && wanted !== digestOf(call, kind))
    throw failure(`${prefix}${changedMeanwhile}`)
}

function entry(call: Call, kind: SectionKind, id: string, where: 'list' | 'show'): Section {
  const section = sectionsOf(call, kind.file)[id]!
  const shown = kind.shown?.(call, id, section, where) ?? {...section}
  const named = where === 'list' || kind.showId ? {[kind.shownId ?? kind.id]: id, ...shown} : shown
  return kind.digest?.[where] === false ? named : {...named, digest: digestOf(call, kind)}
}

/** Refuses to delete what is no key of the kind, or one it cannot be without. */
function checkDeletable(call: Call, kind: SectionKind, key: string, prefix: string): void {
  if (!kind.unknownKey) return
  const schema = call.sim.contract.paths[kind.createPath ?? kind.path]?.POST?.parameters.properties ?? {}
  if (schema[key] === undefined || [kind.id, 'type', ...(kind.notDeletable ?? [])].includes(key))
    raise(kind.unknownKey(key), prefix)
  if (kind.needed?.includes(key)) raise(`unable to delete required option '${key}'`, prefix)
  if (kind.fixed?.includes(key)) raise(`unable to delete fixed option '${key}'`, prefix)
  if (kind.setAndDelete && call.param[key] !== undefined)
    raise(`cannot set and delete property '${key}' at the same time!`, prefix)
}

const kept = (kind: SectionKind, section: Section): Section => (kind.verbatim ? section : keptSection(section))

function create(call: Call, kind: SectionKind): unknown {
  const prefix = kind.prefix?.create ?? ''
  const id = kind.nameOf?.(call, required(call, kind.id)) ?? required(call, kind.id)
  const sections = sectionsOf(call, kind.file)
  const section = given(call, kind, kind.createPath ?? kind.path, 'POST')
  kind.before?.(call, id, 'create')
  if (sections[id]) raise(kind.exists(id), prefix)
  if (section.disable === 0) delete section.disable
  kind.prepare?.(call, id, section, 'create')
  sections[id] = kept(kind, section)
  return kind.created?.(call, id, sections[id]) ?? null
}

function update(call: Call, kind: SectionKind): unknown {
  const prefix = kind.prefix?.update ?? ''
  const id = kind.nameOf?.(call, required(call, kind.id)) ?? required(call, kind.id)
  const sections = sectionsOf(call, kind.file)
  kind.before?.(call, id, 'update')
  checkFileDigest(call, kind, prefix)
  if (!sections[id]) raise((kind.missing.update ?? kind.missing.show)(id), prefix)
  const section: Section = {...sections[id], ...given(call, kind, `${kind.path}/{${kind.id}}`, 'PUT')}
  for (const key of splitList(text(call, 'delete') ?? '')) {
    checkDeletable(call, kind, key, prefix)
    delete section[key]
  }
  if (section.disable === 0) delete section.disable
  kind.prepare?.(call, id, section, 'update')
  sections[id] = kept(kind, section)
  return null
}

function remove(call: Call, kind: SectionKind): unknown {
  const id = kind.nameOf?.(call, required(call, kind.id)) ?? required(call, kind.id)
  const sections = sectionsOf(call, kind.file)
  if (!sections[id]) {
    if (kind.missing.delete) raise(kind.missing.delete(id), kind.prefix?.delete ?? '')
    return null
  }
  kind.beforeRemoval?.(call, id)
  delete sections[id]
  kind.removed?.(call, id)
  return null
}

/** All endpoints of a kind: list, show, create, change and delete. */
export function sectionEndpoints(kind: SectionKind): Endpoints {
  const item = `${kind.path}/{${kind.id}}`
  return {
    [`GET ${kind.path}`]: (call) =>
      unordered(
        Object.keys(sectionsOf(call, kind.file))
          .filter((id) => kind.visible?.(call, id) ?? true)
          .filter((id) => kind.filter?.(call, id, sectionsOf(call, kind.file)[id]!) ?? true)
          .map((id) => entry(call, kind, id, 'list')),
      ),
    [`POST ${kind.createPath ?? kind.path}`]: (call) => create(call, kind),
    [`GET ${item}`]: (call) => {
      const id = kind.nameOf?.(call, required(call, kind.id)) ?? required(call, kind.id)
      if (!sectionsOf(call, kind.file)[id]) raise(kind.missing.show(id))
      return entry(call, kind, id, 'show')
    },
    [`PUT ${item}`]: (call) => update(call, kind),
    [`DELETE ${item}`]: (call) => remove(call, kind),
  }
}
