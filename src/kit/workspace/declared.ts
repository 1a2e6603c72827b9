import {keyInfo, readManifestValue} from '../values/index.js'
import {keyAt, knownIn, slotsOf} from '../values/keys.js'
import {idWords, kindOf, kinds, kindsNamed, nextId, own, parseId, setOwn} from '../resources/index.js'
import type {Beside} from '../resources/kinds/index.js'
import type {Config, Declared, KindName, Scalar, Value} from '../resources/index.js'
import {isPlainMap} from './emit.js'
import type {Plain} from './emit.js'
import {nearest} from '../errors/nearest.js'

/** What is wrong with a field of a document; the caller knows where the field stands. */
export interface Complaint {
  severity: 'error' | 'warning'
  /** Stable: `unknown-key`, `wrong-kind`, `bad-id`, … */
  code: string
  message: string
  /** Path of what it is about; empty for the document. A number is a row's place. */
  field: (string | number)[]
}

/** A document made canonical; `declared` is absent where it cannot be told what it declares. */
export interface Reading {
  declared?: Declared
  complaints: Complaint[]
}

type Complain = (severity: Complaint['severity'], code: string, message: string, ...field: Complaint['field']) => void

/** Makes a document's values canonical and says what is wrong with them. Never fails. */
export function readDeclared(plain: Plain): Reading {
  const complaints: Complaint[] = []
  const complain: Complain = (severity, code, message, ...field) => complaints.push({severity, code, message, field})
  if (!isPlainMap(plain)) {
    complain('error', 'no-map', 'a manifest is a map that begins with kind and id; this document is none')
    return {complaints}
  }
  const kind = readKind(plain, complain)
  const id = kind && readId(kind, plain.id, complain)
  const beside = (Object.keys(readBeside) as BesideKey[]).filter((key) => !kind || kindOf(kind).beside?.[key])
  const areKnown = unknownKeys(plain, ['kind', 'id', 'cluster', 'absent', ...beside, 'config'], complain)
  if (!kind || id === undefined) return {complaints}
  // Under one of them stands, most likely, what is meant to be the configuration: it is not empty.
  if (!areKnown && plain.config === undefined) return {complaints}
  const declared: Declared = {kind, id, config: readConfig(kind, plain.config, complain)}
  if (isName(plain.cluster)) declared.cluster = String(plain.cluster)
  else if (isGiven(plain.cluster)) complain('error', 'bad-cluster', 'cluster must be the name of a cluster', 'cluster')
  for (const key of beside) if (isGiven(plain[key])) readBeside[key](plain[key], declared, complain)
  if (isGiven(plain.absent)) readAbsent(plain, declared, complain)
  return {declared, complaints}
}

function readKind(plain: {[key: string]: Plain}, complain: Complain): KindName | undefined {
  const {kind} = plain
  const names = kinds.filter((candidate) => candidate.declared).map((candidate) => candidate.name)
  const among = `expected one of ${names.join(', ')}`
  if (kind === undefined || kind === null) complain('error', 'no-kind', `kind is missing; ${among}`)
  else if (names.includes(kind as KindName)) return kind as KindName
  else if (kinds.some(({name}) => name === kind))
    complain('error', 'wrong-kind', `${kind as string} is observed and cannot be declared`, 'kind')
  else {
    const meant = typeof kind === 'string' ? (kindsNamed(kind)[0]?.name ?? nearest(kind, names)) : undefined
    const hint = meant ? `did you mean ${meant}?` : among
    complain('error', 'wrong-kind', `kind ${JSON.stringify(kind)} is not known; ${hint}`, 'kind')
  }
  return undefined
}

function readId(kind: KindName, id: Plain | undefined, complain: Complain): string | number | undefined {
  const words = idWords(kindOf(kind))
  const told = words === undefined ? '' : `: it is ${words}`
  if (id === undefined || id === null) {
    complain('error', 'no-id', `id of this ${kind} is missing${told}`)
    return undefined
  }
  if (id === nextId && kindOf(kind).id === 'vmid') return id
  const parsed = typeof id === 'string' || typeof id === 'number' ? parseId(kind, id) : undefined
  if (parsed === undefined)
    complain('error', 'bad-id', `${JSON.stringify(id)} cannot be the id of this ${kind}${told}`, 'id')
  return parsed
}

/** What is to go says nothing else of itself: all that stood there would be lost with it. */
function readAbsent(plain: {[key: string]: Plain}, declared: Declared, complain: Complain): void {
  const {absent} = plain
  if (absent !== true && absent !== false)
    return complain('error', 'bad-absent', 'absent must be true, and stand alone with kind and id', 'absent')
  if (!absent) return
  const others = Object.keys(plain).filter(
    (key) => !['kind', 'id', 'cluster', 'absent'].includes(key) && !key.startsWith('x-'),
  )
  for (const key of others) {
    const message = `what is absent has no ${key}: leave ${key} out, or absent`
    complain('error', 'bad-absent', message, key)
  }
  if (declared.id === nextId) complain('error', 'bad-absent', 'what is absent has an id of its own', 'id')
  declared.absent = true
}

function unknownKeys(plain: {[key: string]: Plain}, known: readonly string[], complain: Complain): boolean {
  const unknown = Object.keys(plain).filter((key) => !known.includes(key) && !key.startsWith('x-'))
  for (const key of unknown) {
    const meant = nearest(key, known)
    const hint = meant ? `did you mean ${meant}?` : "PVE's own keys belong under config"
    complain('error', 'unknown-key', `key ${key} is not known here; ${hint}`, key)
  }
  return unknown.length === 0
}

type BesideKey = keyof Beside
type ReadBeside = (value: Plain, declared: Declared, complain: Complain) => void

/** pmpc's own keys beside the configuration, in their order; a manifest has those that the row of its kind has. */
const readBeside: Readonly<Record<BesideKey, ReadBeside>> = {
  pool(pool, declared, complain) {
    if (isName(pool)) declared.pool = String(pool)
    else complain('error', 'bad-pool', 'pool must be the name of a pool', 'pool')
  },
  placement(placement, declared, complain) {
    const read = readPlacement(placement, complain)
    if (read) declared.placement = read
  },
  power(power, declared, complain) {
    if (power === 'running' || power === 'stopped') declared.power = power
    else complain('error', 'bad-power', 'power must be running or stopped', 'power')
  },
  from(from, declared, complain) {
    const read = readOrigin(from, declared.kind, complain)
    if (read) declared.from = read
  },
}

function readPlacement(placement: Plain, complain: Complain): Declared['placement'] {
  if (!isPlainMap(placement) || !isName(placement.node)) {
    complain('error', 'bad-placement', 'placement must name a node, as in {node: pve1, pinned: true}', 'placement')
    return undefined
  }
  for (const key of Object.keys(placement)) {
    if (key !== 'node' && key !== 'pinned') {
      complain('error', 'unknown-key', `key placement.${key} is not known; expected node, pinned`, 'placement', key)
    }
  }
  const {node, pinned} = placement
  if (isGiven(pinned) && typeof pinned !== 'boolean') {
    complain('error', 'bad-placement', 'placement.pinned must be true or false', 'placement', 'pinned')
  }
  return typeof pinned === 'boolean' ? {node: String(node), pinned} : {node: String(node)}
}

type Words = Record<string, (value: Plain) => boolean>

const isText = (value: Plain) => typeof value === 'string' && value !== ''
const isFlag = (value: Plain) => typeof value === 'boolean'
const isVmid = (value: Plain) => typeof value === 'number' && Number.isInteger(value) && value >= 100

/** What may stand in `from:`, by what it is made from. */
const origins: Readonly<Record<NonNullable<Beside['from']>[number], Words>> = {
  clone: {clone: isVmid, full: isFlag, snapshot: isText, storage: isText},
  ostemplate: {ostemplate: isText, storage: isText},
  archive: {archive: isText, unique: isFlag, storage: isText},
}

function readOrigin(from: Plain, kind: KindName, complain: Complain): Declared['from'] {
  const may = kindOf(kind).beside!.from!
  const named = isPlainMap(from) ? may.filter((word) => isGiven(from[word])) : []
  if (!isPlainMap(from) || named.length !== 1) {
    const words = may.map((word) => (word === 'clone' ? '{clone: VMID}' : `{${word}: VOLUME}`))
    complain('error', 'bad-from', `from must say what a ${kind} is made from: ${words.join(' or ')}`, 'from')
    return undefined
  }
  const words = origins[named[0]!]
  let isFine = true
  for (const [key, value] of Object.entries(from)) {
    if (value === null || Object.hasOwn(words, key) ? value === null || words[key]!(value) : false) continue
    isFine = false
    const what = Object.hasOwn(words, key)
      ? `from.${key} cannot be ${JSON.stringify(value)}`
      : `key from.${key} is not known`
    complain('error', 'bad-from', `${what}; expected ${Object.keys(words).join(', ')}`, 'from', key)
  }
  const given = Object.entries(from).filter(([, value]) => value !== null)
  return isFine ? (Object.fromEntries(given) as unknown as Declared['from']) : undefined
}

function isGiven(value: Plain | undefined): value is Plain {
  return value !== undefined && value !== null
}

function isName(value: Plain | undefined): boolean {
  return (typeof value === 'string' && value !== '') || typeof value === 'number'
}

/** Keys and sub-keys without a value are not declared: so can a key that comes through `<<` be taken away again. */
function readConfig(kind: KindName, config: Plain | undefined, complain: Complain): Config {
  const canonical: Config = {}
  if (!isGiven(config)) return canonical
  if (!isPlainMap(config)) {
    complain('error', 'bad-config', "config must be a map of PVE's keys", 'config')
    return canonical
  }
  const known = knownIn(keyAt(kind, []))
  for (const [key, value] of Object.entries(config)) {
    if (value === null) continue
    const info = keyInfo(kind, key)
    if (!info.known && known) unknownConfigKey(kind, key, known, complain)
    const {value: made, problems} = readManifestValue(kind, key, value)
    for (const {message, path, secret} of problems)
      complain(secret ? 'error' : 'warning', 'bad-value', message, 'config', ...path)
    if (isChosen(kind, key, made, complain)) setOwn(canonical, key, made)
  }
  return canonical
}

/** What PVE writes itself is no wish, but for the values that only people give it. */
function isChosen(kind: KindName, key: string, value: Value, complain: Complain): boolean {
  const {chosen, beside} = kindOf(kind)
  const values = own(chosen, key)
  if (!values || values.includes(value as Scalar)) return true
  const power = beside?.power?.fact === key ? '; whether it is to run stands in power' : ''
  complain('warning', 'bad-value', `${key} is declared as ${values.join(' or ')} only${power}`, 'config', key)
  return false
}

function unknownConfigKey(kind: KindName, key: string, known: readonly string[], complain: Complain): void {
  const {code, message} = unknownKeyOf(kind, key, known)
  complain('warning', code, message, 'config', key)
}

/** What is said of a key that no contract has, with the one that was probably meant. */
export function unknownKeyOf(
  kind: KindName,
  key: string,
  known: readonly string[] = knownIn(keyAt(kind, [])) ?? [],
): {code: 'no-such-slot' | 'unknown-config-key'; message: string} {
  const [, family = ''] = /^([a-z]+)\d+$/.exec(key) ?? []
  const slots = slotsOf(keyAt(kind, []), family)
  if (slots > 0)
    return {code: 'no-such-slot', message: `there is no ${key}: a ${kind} has ${family}0 to ${family}${slots - 1}`}
  const meant = nearestKey(key, known)
  const hint = meant ? `; did you mean ${meant}?` : ''
  return {code: 'unknown-config-key', message: `PVE 8.4 and 9.2 know no key ${key} of a ${kind}${hint}`}
}

/** Of `netz0` that is `net0`: numbered keys are compared with the number that was given. */
function nearestKey(key: string, known: readonly string[]): string | undefined {
  const slot = /\d*$/.exec(key)![0]
  return nearest(
    key,
    known.map((name) => name.replace('[n]', slot)),
  )
}
