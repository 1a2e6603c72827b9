import {parseDocument} from 'yaml'
import type {Contract} from '../../../plugins/simulator/src/contract/contract.js'
import type {WireKind} from '../../../src/kit/resources/kinds/on-wire.js'
import type {Calls} from '../../../src/kit/resources/kinds/travels.js'
import type {Clone} from '../lab.js'
import {rounds, type Before, type Case, type Given, type Group, type Lines, type Odd, type Round} from './case.js'
import {has, linesWithout, type Removal} from './lines.js'
import {callsOf, changeOf, keysOf, send, valuesOf, withoutOf, type Api, type Key} from './raw.js'

/** A case with what the row and the contract say of it. */
export interface Subject {
  readonly case: Case
  readonly row: WireKind
  readonly calls: Calls
  /** One object each; the n-th is the one whose n-th key changes. */
  readonly keys: readonly (readonly Key[])[]
}

const names = (one: Case): string => `${one.kind}${one.of === undefined ? '' : ` (${one.of})`}`

const isIn = (words: string | undefined, {name}: Key): boolean => words?.split(' ').includes(name) ?? false

/** A key that has its other value. */
const swapped = (key: Key): Key => ({...key, pair: [key.pair[1], key.pair[0]]})

/** Rounds that a second clone looks at, once it has pulled: the rest are the same the other way round. */
const watched: readonly Round[] = ['change', 'remove']

/** What a round showed. */
interface Seen {
  /** By file: what is expected, in the first clone, in the second. */
  readonly expected: Map<string, Lines>
  first: Map<string, Lines>
  second: Map<string, Lines>
  patches: Map<string, string>
  /** Calls that the cluster refused, by subject. */
  readonly refused: Map<Subject | Odd, string[]>
  /** What the cases say without need. */
  readonly idle: string[]
  /** Commit of a sync that had nothing to tell: of the one after accept, and of the second clone's. */
  silent: {after?: string | null; second?: string | null}
}

/**
 * Makes objects of every kind, changes each key of them behind pmpc's back, and keeps what `git diff` says of it: many objects a sync, so that
 * all of it is a few minutes of nobody's time.
 */
export class Proof {
  readonly subjects: readonly Subject[]
  readonly seen: Record<Round, Seen>
  /** Keys that are taken out in this round, by file. */
  private readonly removals = new Map<string, Removal[]>()
  /** Files as they were once all was made and accepted. */
  readonly made = new Map<string, string>()
  /** How many keys the cluster has given their other value. */
  changed = 0

  constructor(
    private readonly api: Api,
    private readonly contract: Contract,
    readonly groups: readonly Group[],
    private readonly rows: readonly WireKind[],
    private readonly cluster = 'home',
  ) {
    this.subjects = groups
      .flatMap(({cases}) => cases)
      .filter(({release}) => release === undefined || release === contract.release)
      .map((one) => {
        const row = rows.find(({name}) => name === one.kind)
        if (!row) throw new Error(`no row is named ${one.kind}`)
        const calls = callsOf(one, row)
        const count = keysOf(one, calls, contract, 0).length
        const keys = Array.from({length: count}, (_none, n) => keysOf(one, calls, contract, n))
        return {case: one, row, calls, keys}
      })
    const fresh = (): Seen => ({
      expected: new Map(),
      first: new Map(),
      second: new Map(),
      patches: new Map(),
      refused: new Map(),
      idle: [],
      silent: {},
    })
    this.seen = {make: fresh(), change: fresh(), unset: fresh(), again: fresh(), remove: fresh()}
  }

  /** The file of an object. */
  fileOf(row: WireKind, id: string): string {
    return `infra/${this.cluster}/${row.file.replace('{id}', id)}`
  }

  private rowOf(kind: string): WireKind {
    return this.rows.find(({name}) => name === kind)!
  }

  /** All rounds, in a workspace whose cluster is agreed on, with a second clone beside it. */
  async run(first: Clone, second: Clone): Promise<void> {
    for (const round of rounds) {
      await this.act(round, first)
      await this.look(round, first, second)
    }
  }

  /** Makes all objects, with every key that each can have, and tells what the cluster refused. */
  async making(clone: Clone): Promise<string[]> {
    await this.act('make', clone)
    return [...this.seen.make.refused.values()].flat()
  }

  /** Removes what is left of a run that broke off; what is not there is none of its business. */
  async clear(): Promise<void> {
    for (const {case: one, calls, keys} of [...this.subjects].reverse())
      for (const n of [...keys.keys()].reverse())
        if (calls.remove) await send(this.api, calls.remove, one.names(n, 'remove')).catch(() => undefined)
  }

  private async act(round: Round, clone: Clone): Promise<void> {
    this.removals.clear()
    // What others lie on goes last.
    const inOrder = <T>(all: readonly T[]): readonly T[] => (round === 'remove' ? [...all].reverse() : all)
    for (const group of inOrder(this.groups)) {
      if (round === 'make') for (const before of group.before ?? []) await this.before(before)
      for (const odd of group.odd ?? []) await this.odd(round, odd)
      for (const subject of inOrder(this.subjects.filter(({case: one}) => group.cases.includes(one))))
        await this.one(round, subject)
    }
    if (round !== 'unset') return
    for (const [file, removals] of this.removals) {
      const [added, removed] = clone.has(file) ? linesWithout(clone.read(file), removals) : [0, 0]
      this.expect('unset', file, [added, removed])
      this.expect('again', file, [removed, added])
    }
  }

  private async before([call, given, release]: Before): Promise<void> {
    if (release === undefined || release === this.contract.release) await send(this.api, call, given)
  }

  private async odd(round: Round, odd: Odd): Promise<void> {
    if (odd.release !== undefined && odd.release !== this.contract.release) return
    const [calls, lines] = odd.rounds[round] ?? [[], undefined]
    // What could not be made has nothing that could change.
    if (this.seen.make.refused.has(odd)) return
    for (const [call, given] of calls)
      await this.attempt(this.seen[round], odd, () => send(this.api, call, given), odd.what)
    if (lines && !this.seen[round].refused.has(odd))
      this.expect(round, this.fileOf(this.rowOf(odd.kind), odd.id), lines)
  }

  /** @returns whether the cluster took it */
  private async attempt(seen: Seen, of: Subject | Odd, call: () => Promise<unknown>, what: string): Promise<boolean> {
    try {
      await call()
      return true
    } catch (error) {
      seen.refused.set(of, [...(seen.refused.get(of) ?? []), `${what}: ${(error as Error).message.trim()}`])
      return false
    }
  }

  private expect(round: Round, file: string, [added, removed]: Lines): void {
    const [a, r] = this.seen[round].expected.get(file) ?? [0, 0]
    this.seen[round].expected.set(file, [a + added, r + removed])
  }

  private async one(round: Round, subject: Subject): Promise<void> {
    const indexes = subject.keys.map((_keys, n) => n)
    // A new row stands before all others, and those behind one that goes move up.
    if (subject.case.row && (round === 'make' || round === 'remove')) indexes.reverse()
    for (const n of indexes) await this[round](subject, n)
  }

  private create(subject: Subject, n: number, other?: string): Promise<unknown> {
    const {case: one, calls, keys} = subject
    return send(this.api, calls.create!, {
      ...calls.fixed,
      ...one.fixed,
      ...valuesOf(keys[n]!, other),
      ...one.names(n, 'create'),
    })
  }

  private async make(subject: Subject, n: number): Promise<void> {
    const {case: one, calls, keys, row} = subject
    const {make} = this.seen
    if (!calls.create) {
      const given = {...one.fixed, ...valuesOf(keys[n]!), ...one.names(n, 'update')}
      if (n === 0) await this.attempt(make, subject, () => send(this.api, calls.update!, given), 'all keys')
    } else await this.attempt(make, subject, () => this.create(subject, n), 'all keys')
    if (!one.at && calls.create) make.expected.set(this.fileOf(row, one.id(n)), [NaN, 0])
  }

  private async change(subject: Subject, n: number): Promise<void> {
    const {case: one, calls, keys, row} = subject
    const key = keys[n]![n]!
    if (key.pair[0] === key.pair[1] || (key.fixed && !calls.create)) return
    const call = async (): Promise<unknown> => {
      if (!key.fixed) return this.set(subject, n, key)
      await send(this.api, calls.remove!, one.names(n, 'remove'))
      return this.create(subject, n, key.name)
    }
    const took = await this.attempt(this.seen.change, subject, call, key.name)
    if (took) this.changed++
    const lines: Lines = isIn(one.drops, key) ? [0, 1] : this.isMasked(subject, key) ? [0, 0] : [1, 1]
    if (took && this.isKept(subject, key)) this.expect('change', this.fileOf(row, one.id(n)), lines)
  }

  /** Gives a key its second value; what there is once only keeps what the rounds before it have set. */
  private set(subject: Subject, n: number, key: Key, last = n): Promise<unknown> {
    const {case: one, calls} = subject
    const given = changeOf(one, calls, this.contract, this.known(subject, n, last), {[key.name]: key.pair[1]})
    return send(this.api, calls.update!, {...given, ...one.names(n, 'update')})
  }

  /** The values of an object's keys, as the second of each pair where it has that by now. */
  private known({calls, keys}: Subject, n: number, last: number): readonly Key[] {
    return keys[n]!.map((key, at) => (!calls.create && at <= last ? swapped(key) : key))
  }

  private async unset(subject: Subject, n: number): Promise<void> {
    const {case: one, calls, keys, row} = subject
    const key = keys[n]![n]!
    const now = calls.create
      ? keys[n]!.map((other) => (other === key ? swapped(other) : other))
      : keys[n]!.filter((_other, at) => at >= n || this.without(subject, at) === undefined).map(swapped)
    const given = withoutOf(
      one,
      calls,
      this.contract,
      now,
      now.find(({name}) => name === key.name)!,
    )
    if (isIn(one.needed, key)) return this.insist(subject, n, key, given)
    if (!given || isIn(one.drops, key)) return
    const call = (): Promise<unknown> => send(this.api, calls.update!, {...given, ...one.names(n, 'update')})
    if (!(await this.attempt(this.seen.unset, subject, call, key.name)) || !this.isKept(subject, key)) return
    const file = this.fileOf(row, one.id(n))
    if (isIn(one.back, key)) {
      for (const round of ['unset', 'again'] as const) this.expect(round, file, [1, 1])
      return
    }
    const stays = one.at !== undefined && one.at(0).join() !== one.at(1).join()
    const path = this.pathOf(subject, n, key)
    this.removals.set(file, [...(this.removals.get(file) ?? []), {path, stays}])
  }

  private without({case: one, calls, keys}: Subject, n: number): unknown {
    const key = keys[n]![n]!
    return isIn(one.needed, key) ? undefined : withoutOf(one, calls, this.contract, keys[n]!, key)
  }

  /** A key of which the case says that it cannot be taken out: nobody may say so of one that can. */
  private async insist({case: one, calls}: Subject, n: number, key: Key, given?: Given): Promise<void> {
    const call = (): Promise<unknown> => send(this.api, calls.update!, {...given!, ...one.names(n, 'update')})
    const isRefused =
      given !== undefined &&
      (await call().then(
        () => false,
        () => true,
      ))
    if (!isRefused) this.seen.unset.idle.push(`${names(one)}: ${key.name} need not be called needed`)
  }

  private async again(subject: Subject, n: number): Promise<void> {
    const key = subject.keys[n]![n]!
    if (this.without(subject, n) === undefined || isIn(subject.case.drops, key)) return
    await this.attempt(this.seen.again, subject, () => this.set(subject, n, key, Infinity), key.name)
  }

  private async remove(subject: Subject, n: number): Promise<void> {
    const {case: one, calls} = subject
    if (!calls.remove) return
    const call = (): Promise<unknown> => send(this.api, calls.remove!, one.names(n, 'remove'))
    await this.attempt(this.seen.remove, subject, call, `n. ${n}`)
  }

  /** Where a key stands; or what holds all of them. The only parameter of a call can be the part itself. */
  private pathOf({case: one, calls}: Subject, n: number, key?: Key): readonly string[] {
    const isPart = key === undefined || key.name === calls.valueParameter
    return ['config', ...(one.at?.(n) ?? []), ...(isPart ? [] : [key.name])]
  }

  /** Whether a key can be in the manifest: not left out, and no fact but with what only people choose. */
  isKept(subject: Subject, key: Key): boolean {
    const {row, case: one} = subject
    const isFact = one.at === undefined && row.facts.includes(key.name) && !Object.hasOwn(row.chosen ?? {}, key.name)
    return !isFact && !this.isNamed(subject, key, Object.keys(row.leftOut))
  }

  /** Whether a key's value is told to nobody. */
  isMasked(subject: Subject, key: Key): boolean {
    return !isIn(subject.case.told, key) && this.isNamed(subject, key, Object.keys(subject.row.secret ?? {}))
  }

  /** Whether a key is one of those that a row names by their paths. */
  private isNamed(subject: Subject, key: Key, patterns: readonly string[]): boolean {
    const parts = this.pathOf(subject, 0, key).slice(1)
    return patterns.some((pattern) => {
      const words = pattern.split('.')
      return words.length >= parts.length && words.every((word, at) => word === '*' || word === parts[at])
    })
  }

  private async look(round: Round, first: Clone, second: Clone): Promise<void> {
    const seen = this.seen[round]
    await first.sync()
    seen.first = await numstat(first)
    seen.patches = await patches(first)
    await first.git('push', '-q')
    await second.git('pull', '-q', '--no-rebase', '--no-edit')
    if (watched.includes(round)) {
      seen.silent.second = (await second.sync()).commit
      seen.second = await numstat(second)
      await second.git('restore', '--staged', '--worktree', '--source=HEAD', 'infra')
    }
    await first.must('accept')
    if (round === 'make' || round === 'remove') seen.silent.after = (await first.sync()).commit
    await first.git('push', '-q')
    await second.git('pull', '-q', '--no-rebase', '--no-edit')
    if (round !== 'make') return
    for (const subject of this.subjects)
      for (const n of subject.keys.keys()) {
        const file = this.fileOf(subject.row, subject.case.id(n))
        if (first.has(file)) this.made.set(file, first.read(file))
      }
  }

  /** What is wrong with a round for a kind; one text each. */
  problems(kind: string, round: Round): string[] {
    const seen = this.seen[round]
    const subjects = this.subjects.filter(({row}) => row.name === kind)
    const odd = this.groups.flatMap((group) => group.odd ?? []).filter((one) => one.kind === kind)
    const refused = [
      ...subjects.flatMap((one) => (seen.refused.get(one) ?? []).map((text) => `${names(one.case)}: refused: ${text}`)),
      ...odd.flatMap((one) => (seen.refused.get(one) ?? []).map((text) => `${kind}: refused: ${text}`)),
    ]
    const files = new Set(
      subjects.flatMap(({case: one, keys, row}) => [...keys.keys()].map((n) => this.fileOf(row, one.id(n)))),
    )
    for (const one of odd) files.add(this.fileOf(this.rowOf(kind), one.id))
    return [
      ...refused,
      ...[...files].flatMap((file) => this.compared(round, file, 'first')),
      ...(watched.includes(round) ? [...files].flatMap((file) => this.compared(round, file, 'second')) : []),
    ]
  }

  private compared(round: Round, file: string, clone: 'first' | 'second'): string[] {
    const seen = this.seen[round]
    if (round === 'make' || round === 'remove') return []
    const wanted = seen.expected.get(file) ?? [0, 0]
    const got = seen[clone].get(file) ?? [0, 0]
    if (wanted[0] === got[0] && wanted[1] === got[1]) return []
    const patch = clone === 'first' ? `\n${seen.patches.get(file) ?? '(no diff)'}` : ''
    return [`${file}, ${clone} clone: ${got.join('/')} lines where ${wanted.join('/')} were to be${patch}`]
  }

  /** Files with a diff that nothing was done to. */
  strangers(round: Round): string[] {
    const expected = this.seen[round].expected
    return [...this.seen[round].first.keys()].filter((file) => !expected.has(file))
  }

  /** What of a kind is not in its documents once it was made: one text each. */
  missing(kind: string): string[] {
    return this.subjects
      .filter(({row}) => row.name === kind)
      .flatMap((subject) => [...subject.keys.keys()].flatMap((n) => this.missingOf(subject, n)))
  }

  private missingOf(subject: Subject, n: number): string[] {
    const {case: one, row, keys} = subject
    const file = this.fileOf(row, one.id(n))
    const text = this.made.get(file)
    if (text === undefined) return [`${names(one)}: there is no ${file}`]
    const document = parseDocument(text)
    const where = [document.get('kind'), String(document.get('id'))]
    const wrong = where[0] === row.name && where[1] === one.id(n) ? [] : [`${file}: is of ${where.join(' ')}`]
    const lacking = keys[n]!.filter((key) => this.isKept(subject, key) && !this.isMasked(subject, key))
      .map((key) => this.pathOf(subject, n, key))
      .filter((path) => !has(document, path))
    return [...wrong, ...lacking.map((path) => `${file}: ${path.join('.')} is not there`)]
  }

  /** Documents and parts of a kind that are still there once they were removed. */
  left(kind: string, clone: Clone): string[] {
    return this.subjects
      .filter(({row, calls}) => row.name === kind && calls.remove !== undefined)
      .flatMap((subject) => {
        const {case: one, row} = subject
        return [...subject.keys.keys()].flatMap((n) => {
          const file = this.fileOf(row, one.id(n))
          if (!clone.has(file)) return []
          if (!one.at) return [`${file} is still there`]
          const at = this.pathOf(subject, n)
          return has(parseDocument(clone.read(file)), at) ? [`${file}: ${at.join('.')} is still there`] : []
        })
      })
  }
}

async function numstat(clone: Clone): Promise<Map<string, Lines>> {
  const text = await clone.git('diff', '--no-ext-diff', '--numstat', 'HEAD', '--', 'infra')
  const lines = text.split('\n').filter((line) => line !== '')
  return new Map(
    lines.map((line) => {
      const [added, removed, file] = line.split('\t')
      return [file!, [Number(added), Number(removed)]]
    }),
  )
}

async function patches(clone: Clone): Promise<Map<string, string>> {
  const text = await clone.git('diff', '--no-ext-diff', '-U0', 'HEAD', '--', 'infra')
  const parts = text.split(/^diff --git a\/(\S+) .*\n/m).slice(1)
  const all = new Map<string, string>()
  for (let at = 0; at < parts.length; at += 2)
    all.set(parts[at]!, parts[at + 1]!.replace(/^(?:index|---|\+\+\+) .*\n/gm, ''))
  return all
}
