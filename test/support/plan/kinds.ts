import type {Contract} from '../../../plugins/simulator/src/contract/contract.js'
import {configOf, restOf} from '../../../src/kit/fetch/answers.js'
import {observedDocument} from '../../../src/kit/reconcile/documents.js'
import type {Document} from '../../../src/kit/reconcile/fields.js'
import {
  parseId,
  type Config,
  type KindName,
  type Observed,
  type Scalar,
  type Value,
  type ValueMap,
} from '../../../src/kit/resources/index.js'
import type {Entry} from '../../../src/kit/resources/kinds/on-wire.js'
import {wholeKindOf, type Calls, type WholeKind} from '../../../src/kit/resources/kinds/travels.js'
import type {Case, Given} from '../kinds/case.js'
import {callsOf, keysOf, parametersOf, type Key} from '../kinds/raw.js'
import type {Sent} from '../kinds/values.js'

/** Numbers from a seed: the same in each run. */
export class Random {
  constructor(private state: number) {}

  /** A number from 0 up to, and not, `below`. */
  below(below: number): number {
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((this.state / 2 ** 32) * below)
  }

  chance(part: number): boolean {
    return this.below(1000) < part * 1000
  }

  pick<T>(of: readonly T[]): T {
    return of[this.below(of.length)]!
  }
}

const words = (text: string | undefined): string[] => (text ?? '').split(' ').filter((word) => word !== '')

/** Where somebody may have rights. */
export const rightsPaths = ['/vms/100', '/storage/local', '/pool/kp0']

/** Who may do what on some paths. */
export function someRights(random: Random): Config {
  const roles = ['PVEAuditor', 'PVEAdmin', 'PVEVMUser'] as const
  const some = () =>
    roles.filter(() => random.chance(0.5)).map((role) => (random.chance(0.3) ? `${role}:propagate=0` : role))
  return Object.fromEntries(
    rightsPaths.flatMap((path) => {
      const who = ['kt@pve', 'kt2@pve', '@kga'].map((each) => [each, some()] as const).filter(([, of]) => of.length > 0)
      return who.length > 0 ? [[path, Object.fromEntries(who)] as const] : []
    }),
  )
}

/** A case of a kind, as objects that people wish for. */
export class Wishes {
  readonly row: WholeKind
  readonly calls: Calls
  readonly keys: readonly Key[]
  /** What its call takes, secrets too. */
  readonly taken: ReadonlySet<string>
  private readonly requires: Readonly<Record<string, {requires?: string | readonly string[]}>>

  constructor(
    readonly case_: Case,
    contract: Contract,
    /** Which of its objects. */
    readonly n: number,
  ) {
    this.row = wholeKindOf(case_.kind as KindName)
    this.calls = callsOf(case_, this.row)
    const contracted = keysOf(case_, this.calls, contract, n)
    this.taken = new Set(contracted.map(({name}) => name))
    const at = this.at
    this.requires = parametersOf(contract, this.calls.create ?? this.calls.update)
    this.keys = contracted.filter(
      ({name, required}) => required || !isSecret(this.row, [...at, name]) || this.isNeeded(name),
    )
  }

  get id(): string | number {
    const {kind} = this.case_
    return parseId(kind as KindName, this.case_.id(this.n))!
  }

  /** The keys that lead to the part that it is, without those of members and rows. */
  get at(): readonly string[] {
    return (this.case_.part ?? '').split('.').filter((word) => word !== '')
  }

  private isNeeded(name: string): boolean {
    const {needed, always} = this.case_
    return [needed, always].some((some) => words(some).includes(name))
  }

  /** Values of some keys, all that are needed among them. */
  some(random: Random, part = 0.5): Map<string, Sent> {
    const chosen = new Map<string, Sent>()
    for (const {name, pair, required, fixed} of this.keys)
      if (required || fixed || this.isNeeded(name) || random.chance(part)) chosen.set(name, random.pick(pair))
    return this.withRequired(random, chosen)
  }

  /** What is left in the end: nothing, or, of what no call removes, the keys that it needs. */
  least(random: Random): Map<string, Sent> | undefined {
    const isAlways = this.case_.part !== undefined && this.calls.create === undefined
    return isAlways ? this.some(random, this.calls.valueParameter === undefined ? 0 : 1) : undefined
  }

  /** The same with some keys otherwise: set, changed, taken out. */
  changed(random: Random, values: ReadonlyMap<string, Sent>): Map<string, Sent> {
    const changed = new Map(values)
    for (const {name, pair, required, fixed} of this.keys) {
      if (fixed || random.chance(0.5)) continue
      const isKept = required || this.isNeeded(name)
      if (changed.has(name) && !isKept && random.chance(0.5)) changed.delete(name)
      else changed.set(name, random.pick(pair))
    }
    return this.withRequired(random, changed)
  }

  /** Some keys want others to be there. */
  private withRequired(random: Random, values: Map<string, Sent>): Map<string, Sent> {
    for (const {name} of this.keys)
      for (const needed of values.has(name) ? [this.requires[name]?.requires ?? []].flat() : [])
        if (!values.has(needed)) values.set(needed, random.pick(this.keys.find((key) => key.name === needed)!.pair))
    return values
  }

  /** Rows in another order, with some changed, some gone and some more. */
  shuffled(random: Random, rows: readonly ReadonlyMap<string, Sent>[]): Map<string, Sent>[] {
    const kept = rows
      .filter(() => random.chance(0.8))
      .map((row) => (random.chance(0.7) ? new Map(row) : this.changed(random, row)))
    const more = Array.from({length: random.below(3)}, () => this.some(random))
    const all = [...kept, ...more]
    for (let at = all.length - 1; at > 0; at--) {
      const other = random.chance(0.5) ? at : random.below(at + 1)
      ;[all[at], all[other]] = [all[other]!, all[at]!]
    }
    return all
  }

  /** What a manifest says of it, with these values. */
  config(values: ReadonlyMap<string, Sent>): Config {
    const {case_, row, calls, n} = this
    const told = Object.fromEntries(Object.entries(calls.named ?? {}).map(([key, name]) => [name, key]))
    const raw: Record<string, unknown> = {
      ...calls.fixed,
      ...case_.fixed,
      ...(case_.fills?.type && {type: case_.fills.type}),
    }
    for (const [name, value] of values) raw[told[name] ?? name] = value
    if (case_.part !== undefined) return this.within(raw)
    const id = row.list?.idKey ?? row.idKey
    const entries = row.list?.entries?.([{...raw, [id]: case_.id(n)}], {}) ?? [{...raw, [id]: case_.id(n)}]
    const entry = row.change.power ? {...entries[0]} : restOf(row, entries[0]!)
    return configOf(row, Object.fromEntries(Object.entries(entry).filter(([key]) => key !== id)))
  }

  /** The configuration of an object that has it as a part. */
  private within(raw: Given | Record<string, unknown>): Config {
    const {case_, row, calls, n} = this
    const path = case_.at!(n)
    const value: unknown = calls.valueParameter === undefined ? raw : raw[calls.valueParameter]
    const isRow = case_.row === true
    const place = isRow ? path.slice(0, -1) : path
    const nested = place.reduceRight<unknown>((inner, key) => ({[key]: inner}), isRow ? [value] : value)
    return configOf(row, nested as Entry)
  }

  /**
   * What is wished for: of a part, all else of its object as it is.
   * @param values of its keys; undefined: it is to go
   */
  document(values: ReadonlyMap<string, Sent> | undefined, is: Observed | null): Document | null {
    const {row, case_, n} = this
    const kind = row.name
    if (case_.part === undefined) {
      if (!values && row.id !== 'single') return null
      const {config, beside} = this.withPower(values ? this.config(values) : {})
      const names = Object.keys(row.change.parts ?? {}).map((name) => name.split('.')[0]!)
      const parts = Object.entries(is?.config ?? {}).filter(([key]) => names.includes(key))
      return {kind, beside, config: {...config, ...Object.fromEntries(parts)}}
    }
    const document: Document = {
      kind,
      beside: {},
      config: structuredClone(is ? observedDocument(is, undefined).config : {}),
    }
    const path = case_.at!(n)
    const value = values && path.reduce<Value | undefined>((at, key) => (at as ValueMap)[key], this.config(values))
    put(document.config, path, value)
    // Whoever takes out a port takes it out of its bridge, too.
    return {...document, config: row.change.joined?.(document.config, is?.config ?? {}) ?? document.config}
  }

  /** The rows of a list, each with values of its own. */
  rows(rows: readonly ReadonlyMap<string, Sent>[], is: Observed | null): Document {
    const {row, case_, n} = this
    const config = structuredClone(is ? observedDocument(is, undefined).config : {})
    const [path] = case_.at!(n)
    const list = rows.flatMap((values) => this.config(values)[path!] as ValueMap[])
    put(config, [path!], list.length > 0 ? list : undefined)
    return {kind: row.name, beside: {}, config}
  }

  private withPower(all: Config): {config: Config; beside: Record<string, Scalar>} {
    const {power} = this.row.change
    if (!power) return {config: all, beside: {}}
    const {[power.parameter]: state, ...config} = all
    return {config, beside: state === undefined ? {} : {power: state === 'stopped' ? 'stopped' : 'running'}}
  }
}

/** Puts a value in its place; maps that hold nothing more go. */
function put(config: Config, [key, ...rest]: readonly string[], value: Value | undefined): void {
  if (rest.length > 0) {
    const inner = (config[key!] ?? {}) as Config
    put(inner, rest, value)
    if (Object.keys(inner).length > 0) config[key!] = inner
    else delete config[key!]
  } else if (value === undefined) delete config[key!]
  else config[key!] = value
}

function isSecret({secret = {}}: WholeKind, path: readonly string[]): boolean {
  return Object.hasOwn(secret, path.join('.'))
}
