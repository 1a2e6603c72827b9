import {readFileSync, readdirSync, statSync} from 'node:fs'
import path from 'node:path'
import {Refusal, checkFormat, type Context} from '../../src/kit/values/check.js'
import {
  cleanPending,
  readConfigFile,
  rewriteRestored,
  writeConfigFile,
  type Section,
} from '../../src/kit/values/config-file.js'
import * as scalars from '../../src/kit/values/scalars.js'
import {type Version, versions} from '../../src/kit/values/schema.js'
import {
  contextOf,
  parseContainerNet,
  parseContainerVolume,
  parseDrive,
  parseNet,
  parseProperty,
  printDrive,
} from '../../src/kit/values/strict.js'
import {parseUpid} from '../../src/kit/values/upid.js'
import {type Contract, loadContract} from '../../src/kit/values/validate.js'

/** A case as the oracle files hold it: what went in, and what PVE's own code made of it, in both versions or in each. */
export interface OracleCase {
  op?: string
  kind?: string
  input?: string
  key?: string
  guest?: 'qemu' | 'lxc'
  alloc?: number
  format?: string
  conf?: Record<string, unknown>
  param?: Record<string, unknown>
  schema_ref?: string
  name?: string
  expected?: string
  strictError?: string
  [out: `out${string}`]: unknown
}

/** Where our answer is another than PVE's. */
export interface Difference {
  file: string
  version: Version
  case: OracleCase
  expected: unknown
  actual: unknown
}

/** What a run came to. */
export interface OracleRun {
  passed: number
  differences: Difference[]
}

/** What a node is that has no CPU models of its own, as where the cases were made. */
interface Bench {
  context: Context
  contract: Contract
}

/** Runs all cases of files and folders against our code, for both versions. */
export async function runOracle(paths: string[]): Promise<OracleRun> {
  const benches = new Map<Version, Bench>()
  for (const version of versions)
    benches.set(version, {context: contextOf(version, []), contract: await loadContract(version, [])})
  const run: OracleRun = {passed: 0, differences: []}
  for (const file of paths.flatMap(filesAt)) {
    for (const one of readCases(file)) {
      for (const version of versions) {
        const expected = expectedOf(one, version)
        if (expected === undefined) continue
        const actual = answer(one, benches.get(version)!)
        if (same(expected, actual, version)) run.passed++
        else run.differences.push({file, version, case: one, expected, actual})
      }
    }
  }
  return run
}

function filesAt(at: string): string[] {
  if (!statSync(at).isDirectory()) return [at]
  return readdirSync(at)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => path.join(at, name))
}

function readCases(file: string): OracleCase[] {
  const data: unknown = JSON.parse(readFileSync(file, 'utf8'))
  return (Array.isArray(data) ? data : [data]) as OracleCase[]
}

function expectedOf(one: OracleCase, version: Version): unknown {
  if (one.kind === 'qemu-parse-write')
    return {written: one.expected, ...(one.strictError === undefined ? {} : {strictError: one.strictError})}
  if (one.kind !== undefined) return {written: one.expected}
  return one[`out${version}`] ?? one.out
}

/**
 * Equal but for what the cases say means nothing: whether a parsed value is a number or a text. Line ends at the end of a message
 * were kept or cut by who collected it; 8.4 lists several errors of one value in the random order of a Perl hash.
 */
function same(expected: unknown, actual: unknown, version: Version): boolean {
  return JSON.stringify(plain(expected, version)) === JSON.stringify(plain(actual, version))
}

function plain(value: unknown, version: Version, key = ''): unknown {
  if (value === undefined) return null
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return plainText(key === 'msg' ? value.trimEnd() : value, version)
  if (Array.isArray(value)) return value.map((one) => plain(one, version))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, one]) => [name, plain(one, version, name)]))
}

function plainText(text: string, version: Version): string {
  const [first, ...rest] = text.split('\n')
  return version === '8.4' && first!.endsWith('format error') ? [first, ...rest.sort()].join('\n') : text
}

function answer(one: OracleCase, bench: Bench): unknown {
  const op = answers[one.op ?? one.kind ?? '']
  if (!op) return {unknownOperation: one.op ?? one.kind}
  try {
    return op(one, bench)
  } catch (error) {
    if (!(error instanceof Refusal)) return {crashed: error instanceof Error ? error.stack : String(error)}
    return {error: refusal(error)}
  }
}

function refusal(error: Refusal): unknown {
  return {msg: error.message, ...(error.errors ? {errors: Object.fromEntries(error.errors)} : {})}
}

type Answer = (one: OracleCase, bench: Bench) => unknown

const answers: Record<string, Answer> = {
  drive: ({key, input, alloc}, {context}) => {
    const parsed = parseDrive(key!, input!, context, alloc === 1)
    return parsed ? {parsed, canonical: printDrive(parsed, context)} : {error: {msg: 'unparsable'}}
  },
  net: ({input}, {context}) => {
    try {
      return parseNet(input!, context)
    } catch (error) {
      if (error instanceof Refusal) return {error: {msg: error.text(context.version)}}
      throw error
    }
  },
  lxcnet: ({input}, {context}) => parseContainerNet(input!, context),
  ctvol: ({key, input}, {context}) => parseContainerVolume(key!, input!, context),
  property: ({guest, key, input}, {context}) => parseProperty(guest ?? 'qemu', key!, input!, context),
  size: ({input}, {context}) => {
    const bytes = scalars.parseSize(input!, context.version)
    return {bytes: bytes ?? null, formatted: bytes === undefined ? null : scalars.printSize(bytes)}
  },
  bool: ({input}) => ({value: scalars.parseBoolean(input!) ?? null}),
  split: ({input}) => ({list: scalars.splitList(input!)}),
  tags: ({input}) => ({canonical: scalars.printTags(input!)}),
  encode: ({input}) => ({encoded: scalars.encodeText(input!), decoded: scalars.decodeText(scalars.encodeText(input!))}),
  format: ({format, input}, {context}) => {
    try {
      checkFormat(context.formats(format!) ? `#${format}` : format!, input!, '', context)
      return {ok: true}
    } catch (error) {
      if (error instanceof Refusal) return {ok: false, error: refusal(error)}
      throw error
    }
  },
  upid: ({input}) => {
    const parsed = parseUpid(input!)
    return parsed ? {parsed} : {error: {msg: 'unparsable'}}
  },
  startup: ({input}) => ({parsed: scalars.parseStartup(input!) ?? null}),
  qemuconf: (one, bench) => readAndWrite('qemu', one, bench),
  lxcconf: (one, bench) => readAndWrite('lxc', one, bench),
  pending: ({conf}) => {
    const {pending, ...config} = conf as {pending: Section} & Section
    const cleaned = cleanPending(config as Section, pending)
    return {changes: cleaned.changed ? 1 : null, result: {...config, pending: cleaned.pending}}
  },
  validate: ({schema_ref, param}, {contract}) => {
    const errors = contract.validate(schema_ref!, param!)
    return Object.keys(errors).length === 0
      ? {ok: true}
      : {code: 400, error: {errors, msg: 'Parameter verification failed.'}}
  },
  'qemu-parse-write': ({input, strictError}, {context}) => {
    const written = writeConfigFile('qemu', readConfigFile('qemu', input!, 8006, context).file, context)
    if (strictError === undefined) return {written}
    try {
      readConfigFile('qemu', input!, 8006, context, true)
      return {written, strictError: undefined}
    } catch (error) {
      if (error instanceof Refusal)
        return {written, strictError: `${error.message}${strictError.endsWith('\n') ? '\n' : ''}`}
      throw error
    }
  },
  'qemu-restore-unique-rewrite': ({input}, {context}) => ({
    written: rewriteRestored(input!, newVolumes(input!), context),
  }),
}

function readAndWrite(guest: 'qemu' | 'lxc', {input}: OracleCase, {context}: Bench): unknown {
  const {file, warnings} = readConfigFile(guest, input!, 100, context)
  const {config, special, ...rest} = file
  const parsed = {...config, ...rest, ...(guest === 'qemu' ? {'special-sections': special} : {})}
  const read = {parsed: structuredClone(parsed), ...(warnings.length > 0 ? {warnings} : {})}
  return {...read, written: writeConfigFile(guest, file, context)}
}

/** The volumes that a restore onto the storage `target` makes, from the notes which a backup leaves in the file. */
function newVolumes(text: string): Record<string, string> {
  const volumes: Record<string, string> = {}
  const vmid = /(?:vm-|:)(\d+)[-/]/.exec(text)?.[1]
  let number = 0
  for (const [, key, format] of text.matchAll(/^#qmdump#map:([^:]+):[^:]+:[^:]*:([^:]*):$/gm)) {
    const ending = format === '' ? 'raw' : format
    volumes[key!] = `target:${vmid}/vm-${vmid}-disk-${number++}.${ending}`
  }
  return volumes
}
