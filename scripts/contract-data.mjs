#!/usr/bin/env node
// Condenses the API contracts of Proxmox VE 8.4 and 9.2 into the data files of src/kit/values/data.
//
//   node --import tsx scripts/contract-data.mjs FOLDER [OUT]     FOLDER holds pve-8.4.json and pve-9.2.json
//
// The product reads the condensed files only. Both are JSON inside a template string: parsed when first asked for, so that
// loading the module costs nothing, and written one entry a line, so that a diff of two contracts can be read.
import {readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {kinds as rows, shapeAt} from '../src/kit/resources/kinds/index.js'
import {wholeKindOf} from '../src/kit/resources/kinds/travels.js'
import {callsIn, keysIn, keySourcesOf, ofTheCall} from './kind-calls.ts'

const VERSIONS = ['8.4', '9.2']
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const out = process.argv[3] ?? path.join(root, 'src/kit/values/data')

const KEEP = [
  'type',
  'optional',
  'format',
  'enum',
  'pattern',
  'patternFlags',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'default',
  'requires',
  'default_key',
  'alias',
  'keyAlias',
  'items',
  'oneOf',
  'instance-types',
  'type-property',
  'properties',
  'additionalProperties',
]

const folder = process.argv[2]
if (!folder) {
  console.error(
    'usage: node --import tsx scripts/contract-data.mjs FOLDER [OUT]\nFOLDER holds pve-8.4.json and pve-9.2.json',
  )
  process.exit(64)
}
const contracts = Object.fromEntries(
  VERSIONS.map((version) => [version, JSON.parse(readFileSync(path.join(folder, `pve-${version}.json`), 'utf8'))]),
)

/** A JavaScript pattern that means what Perl's means: `{,8}` is `{0,8}` there. */
const pattern = (text) => text.replaceAll(/\{,(\d+)\}/g, '{0,$1}')

/** A schema without what only people read. Formats that the contract expands elsewhere become `#name`. */
function condense(schema, contract) {
  const result = {}
  for (const word of KEEP) {
    const value = schema[word]
    if (value === undefined || value === false || value === null) continue
    if (word === 'optional' || word === 'default_key') result[word] = 1
    else if (word === 'pattern') result[word] = pattern(value)
    else if (word === 'format') result[word] = condenseFormat(value, contract)
    else if (word === 'items') result[word] = condense(value, contract)
    else if (word === 'oneOf') result[word] = value.map((one) => condense(one, contract))
    else if (word === 'properties') result[word] = mapValues(value, (one) => condense(one, contract))
    else if (word === 'additionalProperties') result[word] = value === true ? 1 : condense(value, contract)
    else result[word] = value
  }
  return result
}

function condenseFormat(format, contract) {
  if (typeof format === 'string') return contract.formats[format] ? `#${format}` : format
  return mapValues(format, (schema) => condense(schema, contract))
}

const mapValues = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]))
const same = (a, b) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  )
}
const byName = ([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)

/** One table of both versions: an entry that only one has says `in`, one that differs holds the older form under `was`. */
function unite(older, newer) {
  const names = [...new Set([...Object.keys(older), ...Object.keys(newer)])].sort()
  return Object.fromEntries(
    names.map((name) => {
      if (!(name in older)) return [name, {...newer[name], in: '9.2'}]
      if (!(name in newer)) return [name, {...older[name], in: '8.4'}]
      return [name, same(older[name], newer[name]) ? newer[name] : {...newer[name], was: older[name]}]
    }),
  )
}

/** Collects formats written in place under a name, once each, in the united form. */
class Formats {
  byName = {}
  names = new Map()

  /** Lifts the formats of a key out of both versions' schemas; both then refer to them by the same name. */
  lift(name, schemas) {
    const inPlace = schemas.map((schema) => (schema && typeof schema.format === 'object' ? schema.format : undefined))
    if (inPlace.every((format) => format === undefined)) return
    const [older, newer] = inPlace
    const united = older && newer ? unite(older, newer) : (newer ?? older)
    const text = JSON.stringify(sorted(united))
    const known = this.names.get(text) ?? name
    this.names.set(text, known)
    this.byName[known] = united
    for (const [index, schema] of schemas.entries()) if (inPlace[index]) schema.format = `#${known}`
  }

  /** The named formats that are referred to, from both versions. */
  addNamed() {
    for (const name of new Set(VERSIONS.flatMap((version) => Object.keys(contracts[version].formats)))) {
      const [older, newer] = VERSIONS.map(
        (version) =>
          contracts[version].formats[name] && condenseFormat(contracts[version].formats[name], contracts[version]),
      )
      this.byName[name] = older && newer ? unite(older, newer) : (newer ?? older)
    }
  }
}

/** The keys of a table that these calls set or tell, the first schema of each. */
function schemasOf(calls, version, kind, {table, identity, leftOut, renamed}) {
  const found = {}
  for (const call of calls.flatMap((one) => callsIn(contracts[version], kind, one))) {
    for (const [name, schema] of Object.entries(keysIn(contracts[version], call, table))) {
      const key = renamed[name] ?? name
      const isOther = ofTheCall.has(name) || identity.has(name) || leftOut.has(name) || name.startsWith('{')
      if (!isOther && !(key in found)) found[key] = withOneForm(condense(schema, contracts[version]))
    }
  }
  return found
}

/** Lists whose elements are property strings of several forms, by another key: those of all forms. */
function withOneForm(schema) {
  const forms = (schema.oneOf ?? []).map(({items}) => items?.format).filter((format) => typeof format === 'object')
  if (forms.length === 0) return schema
  const {oneOf: _, ...rest} = schema
  return {...rest, items: {type: 'string', format: Object.assign({}, ...forms)}}
}

/** The keys of all kinds and of their parts, from the calls that the rows name. */
function keyTables() {
  const formats = new Formats()
  formats.addNamed()
  const kinds = {}
  for (const [kind, source] of rows
    .map(({name}) => wholeKindOf(name))
    .flatMap((kind) => keySourcesOf(kind).map((source) => [kind, source]))) {
    const [older, newer] = VERSIONS.map((version) => ({
      ...schemasOf(source.get, version, kind, source),
      ...schemasOf(source.set, version, kind, source),
    }))
    const names = new Set([...Object.keys(newer), ...Object.keys(older)])
    if (names.size === 0) continue
    for (const name of names) {
      formats.lift(`${source.table}.${name}`, [older[name], newer[name]])
      formats.lift(`${source.table}.${name}`, [older[name]?.items, newer[name]?.items])
    }
    // What only the older contract leaves out of its results (meta, parent, …) is in its files all the same.
    const settable = schemasOf(source.set, '9.2', kind, source)
    for (const name of Object.keys(newer)) if (!(name in older) && !(name in settable)) older[name] = newer[name]
    kinds[source.table] = {slots: contracts['9.2'].indexed[source.table] ?? {}, keys: unite(older, newer)}
    for (const [name, schema] of Object.entries(kinds[source.table].keys)) {
      // Sent as a list of property strings, one for each member of a map: the keys of the members.
      const shape = shapeAt(kind.name, [...source.table.split('.').slice(1), name])
      const format = formats.byName[schema.items?.format?.slice(1)]
      if (!shape?.map || !format) continue
      kinds[`${source.table}.${name}`] = {slots: {}, keys: format}
      delete schema.items
      delete schema.was?.items
    }
  }
  const used = new Set(
    JSON.stringify(kinds)
      .match(/"#[^"]+"/g)
      ?.map((word) => word.slice(2, -1)),
  )
  const kept = Object.fromEntries(
    Object.entries(formats.byName)
      .filter(([name]) => used.has(name))
      .sort(byName),
  )
  return {formats: kept, kinds}
}

/** All calls: which parameters each takes, as numbers into a list of distinct schemas. */
function callTables() {
  const numbers = new Map()
  const schemas = []
  const number = (schema) => {
    const text = JSON.stringify(schema)
    if (!numbers.has(text)) numbers.set(text, schemas.push(schema) - 1)
    return numbers.get(text)
  }
  const formats = Object.fromEntries(
    VERSIONS.map((version) => [
      version,
      mapValues(contracts[version].formats, (format) => condenseFormat(format, contracts[version])),
    ]),
  )
  const parameterSets = (version) => {
    const calls = {}
    for (const [at, verbs] of Object.entries(contracts[version].paths)) {
      for (const [verb, {parameters}] of Object.entries(verbs)) {
        const schema = condense(parameters ?? {}, contracts[version])
        const open = parameters?.additionalProperties === false ? {} : {'*': 1}
        calls[`${verb} ${at}`] = {...open, ...mapValues(schema.properties ?? {}, number)}
      }
    }
    return calls
  }
  const [older, newer] = VERSIONS.map(parameterSets)
  const names = [...new Set([...Object.keys(older), ...Object.keys(newer)])].sort()
  const calls = Object.fromEntries(
    names.map((name) => [
      name,
      same(older[name] ?? 0, newer[name] ?? 0) ? [newer[name]] : [older[name] ?? 0, newer[name] ?? 0],
    ]),
  )
  return {slots: contracts['9.2'].indexed, formats, schemas, calls}
}

/** Who may send a write: which check each has, as numbers into a list of distinct ones; -1 where there is no such call. */
function rightsTable() {
  const numbers = new Map()
  const checks = []
  const number = (check) => {
    const text = JSON.stringify(check)
    if (!numbers.has(text)) numbers.set(text, checks.push(check) - 1)
    return numbers.get(text)
  }
  // Without `permissions` a call is for root@pam alone; where they are told in prose only, everybody passes this door.
  const rightsOf = ({permissions}) => (permissions ? (permissions.check ?? 1) : 0)
  const byCall = (version) =>
    Object.fromEntries(
      Object.entries(contracts[version].paths).flatMap(([at, verbs]) =>
        Object.entries(verbs)
          .filter(([verb]) => verb !== 'GET')
          .map(([verb, method]) => [`${verb} ${at}`, number(rightsOf(method))]),
      ),
    )
  const [older, newer] = VERSIONS.map(byCall)
  const names = [...new Set([...Object.keys(older), ...Object.keys(newer)])].sort()
  const calls = Object.fromEntries(
    names.map((name) => [name, older[name] === newer[name] ? [newer[name]] : [older[name] ?? -1, newer[name] ?? -1]]),
  )
  // By number: one a line.
  return {checks: Object.fromEntries(checks.map((check, index) => [index, check])), calls}
}

/** JSON with one line a schema or list. */
function lines(value) {
  const isSchema = typeof value?.type === 'string' || typeof value?.alias === 'string'
  if (value === null || typeof value !== 'object' || isSchema || isFlat(value)) return JSON.stringify(value)
  if (Array.isArray(value)) return `[\n${value.map(lines).join(',\n')}\n]`
  return `{\n${Object.entries(value)
    .map(([key, one]) => `${JSON.stringify(key)}:${lines(one)}`)
    .join(',\n')}\n}`
}

/** Holds numbers and words only: the parameters of a call, the slots of a kind. */
function isFlat(value) {
  return Object.values(value).every(
    (one) => one === null || typeof one !== 'object' || (Array.isArray(value) && isFlat(one)),
  )
}

function write(file, what, value) {
  const json = lines(value)
  if (/`|\$\{/.test(json))
    throw new Error(`${file}: the data holds a back quote or \${, which a template string cannot`)
  const source = VERSIONS.map((version) => contracts[version].version).join(' and ')
  const head = `// @generated by scripts/contract-data.mjs from the contracts of ${source}: do not edit.\n/** ${what} */\n`
  writeFileSync(path.join(out, file), `${head}export const ${path.basename(file, '.ts')}Json = String.raw\`${json}\`\n`)
}

write('keys.ts', 'Keys of the configuration of each kind, with their formats. JSON; see ../schema.ts.', keyTables())
write('calls.ts', 'Parameters of every call of the API. JSON; see ../validate.ts.', callTables())
write('rights.ts', 'Which rights each writing call asks for. JSON; see ../rights.ts.', rightsTable())
