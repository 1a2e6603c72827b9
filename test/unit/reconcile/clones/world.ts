import {judge} from '../../../../src/kit/reconcile/judge.js'
import type {Judgement} from '../../../../src/kit/reconcile/judge.js'
import type {Noted} from '../../../../src/kit/reconcile/agreement.js'
import {copyField, getField, placesAbove, setField} from '../../../../src/kit/reconcile/fields.js'
import {declaredDocument, observedDocument} from '../../../../src/kit/reconcile/documents.js'
import {offer} from '../../../../src/kit/reconcile/offers.js'
import {isPartOf, isSettled, rulePairs, sweepPairs} from '../../../../src/kit/reconcile/pairs.js'
import {takeableOf} from '../../../../src/kit/reconcile/takeable.js'
import {equalValues, formatField, formatRef, isMap, parseField, parseRef} from '../../../../src/kit/resources/index.js'
import type {Config, Declared, ObjectRef, Observed, Value} from '../../../../src/kit/resources/index.js'
import {parseAgreed, printAgreed} from '../../../../src/kit/workspace/index.js'
import type {OpenItem, Pair} from '../../../../src/kit/workspace/index.js'
import {applyEdits} from '../model.js'
import {ancestors, commit, historyOf, mergeBase, mergeTrees, mergeValues} from './git.js'
import type {Commit, Hands, Tree} from './git.js'
import {areOfOneSet, atomsOf, covers, Oracle, presences, valueOf} from './oracle.js'
import {madeOf, rewrite, startOf} from './objects.js'

/** What is played. */
export interface Play {
  seed: number
  steps: number
  /** No squash, cherry-pick, revert or `git rebase --skip`. */
  ordinary: boolean
  /** pmpc's merge driver is missing in all clones. */
  noDrivers?: boolean
  /** One clone has only so many commits of the history. */
  depth?: number
  /** No guests, but documents with values that nest: firewalls, and who may do what. */
  nested?: boolean
  /** Half of the accepts are of what is not open: without a manifest, rejected, or a wish of people's. */
  takesOver?: boolean
  /** Told of each step, for a trace. */
  onStep?: (what: string, world: World) => void
}

/** What went wrong, or was asked in vain. */
export interface Finding {
  what:
    | 'false wish'
    | 'lost drift'
    | 'undone decision'
    | 'needless'
    | 'elsewhere'
    | 'stray offer'
    | 'not quiet'
    | 'apart'
    | 'odd'
  detail: string
}

const guests = ['home/vm/100', 'home/vm/101', 'home/vm/102', 'home/vm/103']
const nested = ['home/firewall/cluster', 'home/firewall/guest/100', 'home/firewall/guest/101', 'home/acl/acl']
/** PVE has one of each, and never none. */
const alwaysThere = new Set(['home/firewall/cluster', 'home/acl/acl'])
const objectOf = ({ref}: {ref: ObjectRef}) => formatRef(ref)
const atomsIn = (name: string) => atomsOf(parseRef(name).kind)

class Clone {
  work: Record<string, Declared>
  noted = new Map<string, Noted>()
  /** Who wrote what the working tree has and HEAD has not. */
  source = new Map<string, 'pmpc' | 'person'>()

  constructor(
    readonly name: string,
    public head: Commit,
    /** How far its clock is off, in milliseconds. */
    readonly skew: number,
    readonly depth: number,
  ) {
    this.work = structuredClone(head.tree.infra)
  }
}

/** Several clones of one workspace, their origin, and the cluster; played step by step with the product's own functions. */
export class World {
  readonly cluster = new Map<string, Observed>()
  /** The objects that there may be. */
  private readonly refs: ReadonlyMap<string, ObjectRef>
  readonly oracle = new Oracle()
  readonly findings: Finding[] = []
  readonly clones: Clone[] = []
  readonly counts = {
    decided: 0,
    takenOver: 0,
    told: 0,
    untold: 0,
    merges: 0,
    rebases: 0,
    conflicts: 0,
    lines: 0,
    syncs: 0,
  }
  origin: Commit
  private now = Date.parse('2026-03-01T00:00:00Z')
  private state: number
  private births = 1
  private readonly asked = new Set<string>()

  constructor(readonly play: Play) {
    this.state = play.seed
    this.refs = new Map((play.nested ? nested : guests).map((name) => [name, parseRef(name)]))
    for (const [name, {kind}] of this.refs) this.cluster.set(name, this.born(name, startOf(kind)))
    this.origin = commit([], this.start(), [], 'init')
    const count = this.chance(0.4) ? 3 : 2
    for (const name of ['ann', 'bob', 'cyd'].slice(0, count)) {
      const depth = play.depth !== undefined && name === 'bob' ? play.depth : Infinity
      this.clones.push(new Clone(name, this.origin, Math.floor((this.random() - 0.5) * 1_200_000), depth))
    }
  }

  // ---- chance

  private random(): number {
    this.state = (this.state + 0x9e3779b9) | 0
    let mixed = Math.imul(this.state ^ (this.state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }

  private chance(probability: number): boolean {
    return this.random() < probability
  }

  private pick<T>(of: readonly T[]): T {
    return of[Math.floor(this.random() * of.length)]!
  }

  // ---- the cluster

  private born(name: string, config: Config): Observed {
    const {kind, id} = this.refs.get(name)!
    if (kind !== 'vm') return {kind, id, facts: {}, config: structuredClone(config)}
    return {kind, id, facts: {node: 'pve1'}, config: {...config, meta: {ctime: this.births++}}}
  }

  private start(): Tree {
    const infra = Object.fromEntries([...this.cluster].map(([name, observed]) => [name, declaredFrom(observed)]))
    return {infra, state: Object.fromEntries(this.cluster), agreed: [...linesOf([])], legacy: []}
  }

  /** Changes a value somewhere, as anybody might: by one key, a part of one, or an element of a set. */
  private changed(name: string, config: Config): {config: Config; touched: string[]} {
    const document = {kind: this.refs.get(name)!.kind, beside: {}, config: structuredClone(config)}
    rewrite(document, {
      random: () => this.random(),
      pick: (of) => this.pick(of),
      chance: (probability) => this.chance(probability),
    })
    const touched = atomsIn(name).filter((atom) => !equalValues(valueOf(config, atom), valueOf(document.config, atom)))
    return {config: document.config, touched}
  }

  private changeCluster(): string {
    const name = this.pick([...this.refs.keys()])
    const {kind} = this.refs.get(name)!
    const guest = this.cluster.get(name)
    const pick = <T>(of: readonly T[]) => this.pick(of)
    if (!guest) {
      this.cluster.set(name, this.born(name, madeOf(kind, 'made', pick)))
      return `cluster: ${name} is made`
    }
    if (!alwaysThere.has(name) && this.chance(0.1)) {
      this.cluster.delete(name)
      return `cluster: ${name} goes`
    }
    if (kind === 'vm' && this.chance(0.04)) {
      this.cluster.set(name, this.born(name, madeOf(kind, 'another', pick)))
      return `cluster: ${name} is another`
    }
    const {config, touched} = this.changed(name, guest.config)
    this.cluster.set(name, {...guest, config})
    return `cluster: ${name} ${touched.join(', ')}`
  }

  // ---- what pmpc does

  /** What a sync, or with the snapshot itself a status, makes of a clone. */
  private async judgeAll(clone: Clone, theirs: ReadonlyMap<string, Observed>): Promise<Map<string, Judgement>> {
    const {tree} = clone.head
    const pairs = pairsOf(tree)
    const history = historyOf(clone.head, clone.depth)
    const judged = new Map<string, Judgement>()
    for (const [name, ref] of this.refs) {
      const sight = {
        ref,
        theirs: theirs.get(name),
        before: tree.state?.[name],
        head: tree.infra[name],
        pairs: pairs.filter((pair) => objectOf(pair) === name),
        noted: clone.noted.get(name),
        isFirst: tree.state === undefined,
        now: this.now + clone.skew,
      }
      judged.set(name, await judge(sight, history))
    }
    return judged
  }

  async status(clone: Clone): Promise<OpenItem[]> {
    const judged = await this.judgeAll(clone, new Map(Object.entries(clone.head.tree.state ?? {})))
    return [...judged.values()].flatMap(({items}) => items)
  }

  async sync(clone: Clone): Promise<boolean> {
    const {tree} = clone.head
    const before = await this.status(clone)
    const judged = await this.judgeAll(clone, this.cluster)
    const items = [...judged.values()].flatMap((of) => of.items)
    let pairs = [...judged.values()].flatMap((of) => of.pairs)
    const state = Object.fromEntries([...this.cluster].sort(([a], [b]) => (a < b ? -1 : 1)))
    const isChanged = !equalValues(state, tree.state) || !equalValues(linesOf(pairs), tree.agreed)
    if (isChanged) {
      const settled = (pair: Pair) => {
        const [observed, declared] = [this.cluster.get(objectOf(pair)), tree.infra[objectOf(pair)]]
        return isSettled(pair, observed && observedDocument(observed, declared), declared && declaredDocument(declared))
      }
      pairs = await sweepPairs(pairs, this.now + clone.skew, settled, async () => new Set(), 2)
      const own = this.agreements(clone, before, items)
      const next = {...tree, state, agreed: linesOf(pairs), legacy: []}
      this.move(clone, commit([clone.head], next, own, 'sync'))
      this.counts.syncs++
      this.counts.lines += pairs.length
    }
    for (const name of this.refs.keys())
      this.offerIn(clone, name, tree.infra[name], judged.get(name)!.items, this.cluster.get(name))
    this.check(clone, judged, items)
    return isChanged
  }

  /** Writes what is open into the working tree, and takes out what is not any more. */
  private offerIn(
    clone: Clone,
    name: string,
    before: Declared | undefined,
    items: OpenItem[],
    theirs: Observed | undefined,
  ): void {
    const head = clone.head.tree.infra[name]
    const work = clone.work[name]
    const [was, is, held] = [before, head, work].map((side) => side && declaredDocument(side))
    const now = theirs && observedDocument(theirs, head)
    const noted = clone.noted.get(name)
    const offered = offer({ref: this.refs.get(name)!, noted, head: was, next: is, work: held, now, items})
    const next = applyEdits(work, offered.edits, before, this.refs.get(name))
    if (next) clone.work[name] = next
    else delete clone.work[name]
    if (offered.noted) clone.noted.set(name, offered.noted)
    else clone.noted.delete(name)
    for (const atom of ['', ...atomsIn(name)]) {
      const [was, is] = [valueOf(work?.config, atom), valueOf(next?.config, atom)]
      if (!equalValues(was, is)) clone.source.set(`${name}:${atom}`, 'pmpc')
    }
    this.forgetSources(clone, name)
  }

  private forgetSources(clone: Clone, name: string): void {
    const [head, work] = [clone.head.tree.infra[name], clone.work[name]]
    for (const atom of ['', ...atomsIn(name)])
      if (equalValues(valueOf(head?.config, atom), valueOf(work?.config, atom))) clone.source.delete(`${name}:${atom}`)
  }

  /** What may be taken over: of objects of which nothing is open. */
  private settled(clone: Clone, open: OpenItem[]): OpenItem[] {
    const {tree} = clone.head
    const pairs = pairsOf(tree)
    return [...this.refs].flatMap(([name, ref]) => {
      const [before, head] = [tree.state?.[name], tree.infra[name]]
      return takeableOf({
        ref,
        items: open.filter((item) => objectOf(item) === name),
        pairs: pairs.filter((pair) => objectOf(pair) === name),
        now: before && observedDocument(before, head),
        head: head && declaredDocument(head),
      }).map(({item}) => item)
    })
  }

  private async decide(clone: Clone, verdict: 'accept' | 'reject', isTakingOver = false): Promise<string> {
    const open = await this.status(clone)
    const items = isTakingOver ? this.settled(clone, open) : open
    if (items.length === 0) return 'nothing open'
    const one = this.pick(items)
    const ofObject = items.filter((item) => objectOf(item) === objectOf(one))
    const chosen = this.chance(0.6) ? [one] : ofObject
    const {tree} = clone.head
    const [before, head] = [tree.state?.[objectOf(one)], tree.infra[objectOf(one)]]
    const sides = [before && observedDocument(before, head), head && declaredDocument(head)] as const
    const all = pairsOf(tree)
    const mine = all.filter((pair) => objectOf(pair) === objectOf(one))
    const ruled = rulePairs({
      verdict,
      items: chosen,
      left: open.filter((item) => objectOf(item) === objectOf(one) && !chosen.includes(item)),
      pairs: mine,
      before: sides[0],
      head: sides[1],
      now: this.now + clone.skew,
    })
    const infra = {...tree.infra}
    if (verdict === 'accept') {
      const accepted = acceptedOf(chosen, before, head)
      if (accepted) infra[objectOf(one)] = accepted
      else delete infra[objectOf(one)]
    }
    this.counts.decided += chosen.length
    if (isTakingOver) this.counts.takenOver += chosen.length
    const own = this.decisionEvents(clone, verdict, chosen)
    const agreed = linesOf([...all.filter((pair) => objectOf(pair) !== objectOf(one)), ...ruled])
    this.move(clone, commit([clone.head], {...tree, infra, agreed}, own, verdict))
    const left = await this.judgeAll(clone, new Map(Object.entries(tree.state ?? {})))
    for (const name of this.refs.keys())
      this.offerIn(clone, name, tree.infra[name], left.get(name)!.items, tree.state?.[name])
    return chosen.map((item) => `${objectOf(item)}:${item.field ?? ''}`).join(' ')
  }

  // ---- what the oracle is told

  private guestOf(name: string, state: Record<string, Observed> | undefined): number | undefined {
    return ctimeOf(state?.[name])
  }

  private agreements(clone: Clone, before: OpenItem[], after: OpenItem[]): number[] {
    const {tree} = clone.head
    const own: number[] = []
    for (const name of this.refs.keys()) {
      const [head, now, was] = [tree.infra[name], this.cluster.get(name), tree.state?.[name]]
      for (const atom of ['', ...atomsIn(name)]) {
        if (atom !== '' && !(head && now)) continue
        const [is, theirs, old] = [head, now, was].map((side) => valueOf(side?.config, atom))
        const wasOpen = before.some((item) => objectOf(item) === name && covers(item, atom))
        // Another guest under the same number is seen anew, though the snapshot, too, had one.
        const isSeenAnew = wasOpen || !equalValues(old, theirs) || (atom === '' && ctimeOf(now) !== ctimeOf(was))
        const isAskedStill = presences.has(atom) && after.some((item) => objectOf(item) === name && covers(item, atom))
        if (!equalValues(is, theirs) || !isSeenAnew || isAskedStill) continue
        own.push(this.event(clone, name, atom, 'agree', is!, theirs!, 'sync'))
      }
    }
    return own
  }

  private event(
    clone: Clone,
    name: string,
    atom: string,
    kind: 'agree' | 'wish' | 'either',
    value: Value | null,
    base: Value | null | undefined,
    how: string,
  ): number {
    const guest = this.guestOf(name, clone.head.tree.state)
    return this.oracle.note(clone.head, {key: `${name}:${atom}`, kind, value, base, guest, how})
  }

  private decisionEvents(clone: Clone, verdict: 'accept' | 'reject', items: OpenItem[]): number[] {
    const {tree} = clone.head
    const own: number[] = []
    for (const item of items) {
      const [head, before] = [tree.infra[objectOf(item)], tree.state?.[objectOf(item)]]
      for (const atom of ['', ...atomsIn(objectOf(item))]) {
        if (!covers(item, atom)) continue
        const [is, theirs] = [head, before].map((side) => valueOf(side?.config, atom)) as [Value | null, Value | null]
        if (atom !== '' && verdict === 'reject' && !(head && before)) continue
        const value = verdict === 'accept' ? theirs : is
        const kind = verdict === 'accept' || equalValues(is, theirs) ? 'agree' : 'wish'
        own.push(this.event(clone, objectOf(item), atom, kind, value, theirs, verdict))
      }
    }
    return own
  }

  // ---- what is checked after each sync

  private check(clone: Clone, judged: Map<string, Judgement>, items: OpenItem[]): void {
    const {tree} = clone.head
    for (const name of this.refs.keys()) {
      const [head, theirs] = [tree.infra[name], this.cluster.get(name)]
      const {undecided, overruled} = judged.get(name)!
      const mine = items.filter((item) => objectOf(item) === name)
      for (const atom of ['', ...atomsIn(name)]) {
        if (atom !== '' && !(head && theirs)) continue
        const [is, now] = [head, theirs].map((side) => valueOf(side?.config, atom)) as [Value | null, Value | null]
        const isOpen = mine.some((item) => (atom === '' ? item.field === undefined : isAbout(item, atom)))
        const isUndecided = undecided.some(
          (field) => field === '' || field === atom || atom.startsWith(`${field}.`) || atom.startsWith(`${field}[`),
        )
        this.checkAtom(clone, {name, atom, is, now, isOpen, isUndecided, fields: mine})
        this.checkTold(clone, {name, atom, is, now, told: overruled.map(({field = ''}) => field)})
      }
      this.checkQuestions(clone, name, mine)
    }
    this.checkWork(clone, items)
  }

  private checkAtom(
    clone: Clone,
    at: {
      name: string
      atom: string
      is: Value | null
      now: Value | null
      isOpen: boolean
      isUndecided: boolean
      fields: OpenItem[]
    },
  ): void {
    const {name, atom, is, now, isOpen, isUndecided, fields} = at
    const key = `${name}:${atom}`
    const say = () => {
      const known = this.oracle.frontier(clone.head, key).map(({kind, value, base, how}) => [kind, value, base, how])
      return `${key} in ${clone.name}: HEAD ${JSON.stringify(is)}, cluster ${JSON.stringify(now)}; ${JSON.stringify(known)}`
    }
    if (equalValues(is, now)) {
      if (fields.some(({field}) => field === atom && !presences.has(atom)))
        this.find('odd', `open though equal: ${say()}`)
      return
    }
    if (isOpen || isUndecided) return
    const whose = this.oracle.whose(clone.head, key, is, now)
    if (whose === 'elsewhere') this.find('elsewhere', say())
    if (whose === 'nobody') this.find(atom === '' && now !== null ? 'lost drift' : 'false wish', say())
  }

  /** A question that all who had a say had answered, for each value that it is about. */
  private checkQuestions(clone: Clone, name: string, items: OpenItem[]): void {
    const [head, theirs] = [clone.head.tree.infra[name], this.cluster.get(name)]
    for (const item of items) {
      const about = [...atomsIn(name), '']
        .filter((atom) => (item.field === undefined ? atom === '' || (head && theirs) : covers(item, atom)))
        .map((atom) => ({
          atom,
          key: `${name}:${atom}`,
          is: valueOf(head?.config, atom),
          now: valueOf(theirs?.config, atom),
        }))
        // That something is there again is no answer of before.
        .filter(
          ({atom, key, is, now}) =>
            !equalValues(is, now) || (presences.has(atom) && this.oracle.hasMoved(clone.head, key, now)),
        )
      const answers = about.map(({key, is, now}) => this.oracle.needless(clone.head, key, is, now, ctimeOf(theirs)))
      if (about.length === 0 || answers.includes(undefined)) continue
      const known = answers.flatMap((events) => events!)
      const question = `${name}:${item.field} ${known.map(({id}) => id).join()}`
      if (this.asked.has(question)) continue
      this.asked.add(question)
      const what = known.some(({how}) => how === 'reject') ? 'undone decision' : 'needless'
      this.find(what, `${name}:${item.field} in ${clone.name}: ${JSON.stringify(about)}`)
    }
  }

  /** Who rejected is told when the other branch's accept was kept. */
  private checkTold(
    clone: Clone,
    at: {name: string; atom: string; is: Value | null; now: Value | null; told: string[]},
  ): void {
    const {name, atom, is, now, told} = at
    if (!equalValues(is, now)) return
    const known = this.oracle.frontier(clone.head, `${name}:${atom}`)
    const rejected = known.filter(({how, value}) => how === 'reject' && !equalValues(value, is))
    if (rejected.length === 0 || !known.some(({kind, how}) => kind === 'agree' && how !== 'sync')) return
    const question = `told ${name}:${atom} ${rejected.map(({id}) => id).join()}`
    if (this.asked.has(question)) return
    this.asked.add(question)
    if (told.some((field) => field === '' || covers({field} as OpenItem, atom) || field === atom)) this.counts.told++
    else this.counts.untold++
  }

  private checkWork(clone: Clone, items: OpenItem[]): void {
    for (const [key, source] of clone.source) {
      if (source !== 'pmpc') continue
      const [name, atom] = split(key)
      const [head, work] = [clone.head.tree.infra[name], clone.work[name]]
      if (atom !== '' && !(head && work)) continue
      const isOpen = items.some(
        (item) => objectOf(item) === name && (atom === '' ? item.field === undefined : isAbout(item, atom)),
      )
      const offered = valueOf(this.cluster.get(name)?.config, atom)
      if (!isOpen || !equalValues(offered, valueOf(work?.config, atom)))
        this.find('stray offer', `${key} in ${clone.name}`)
    }
  }

  private find(what: Finding['what'], detail: string): void {
    this.findings.push({what, detail: `seed ${this.play.seed}: ${detail}`})
  }

  // ---- what people do

  private move(clone: Clone, to: Commit): void {
    clone.head = to
  }

  /**
   * Git takes the working tree along. A file that was changed here and there it refuses: people take it back, or carry their changes
   * over (`git stash`).
   */
  private checkout(clone: Clone, to: Commit): void {
    const was = clone.head.tree.infra
    clone.head = to
    for (const name of this.refs.keys()) {
      const [before, after, work] = [was[name], to.tree.infra[name], clone.work[name]]
      if (equalValues(before, after)) continue
      if (!before || !after || !work) {
        if (after) clone.work[name] = structuredClone(after)
        else delete clone.work[name]
      } else {
        const {merged} = mergeValues(before.config, work.config, after.config, {side: 'ours', hasDrivers: true})
        clone.work[name] = {...work, config: merged as Config}
        const sides = [before, work, after].map(({config}) => config.rules)
        const {rules} = merged as Config
        if (!sides.some((side) => equalValues(side, rules))) clone.source.set(`${name}:config.rules`, 'person')
      }
      this.forgetSources(clone, name)
    }
  }

  private restore(clone: Clone): void {
    clone.work = structuredClone(clone.head.tree.infra)
    clone.source.clear()
  }

  private async edit(clone: Clone): Promise<string> {
    const name = this.pick([...this.refs.keys()])
    const [head, work] = [clone.head.tree.infra[name], clone.work[name]]
    if (this.chance(0.1)) {
      if (work && head) {
        delete clone.work[name]
        clone.source.set(`${name}:`, 'person')
        if (this.chance(0.7)) await this.commitWork(clone, name, [''])
        return `${name} is taken out`
      }
      if (!work && !head) {
        const {kind, id} = this.refs.get(name)!
        clone.work[name] = {kind, id, config: madeOf(kind, 'written', (of) => this.pick(of))}
        for (const atom of ['', ...atomsIn(name)]) clone.source.set(`${name}:${atom}`, 'person')
        if (this.chance(0.7)) await this.commitWork(clone, name, [''])
        return `${name} is written`
      }
      return ''
    }
    if (!work || !head) return ''
    const {config, touched} = this.changed(name, work.config)
    clone.work[name] = {...work, config}
    // A list is one line: whoever changes an element has written it all. So has who writes a map anew that was not there.
    const isOfList = (atom: string) =>
      touched.some((other) => areOfOneSet(atom, other) || areNewTogether(work, atom, other))
    for (const atom of atomsIn(name))
      if (touched.includes(atom) || isOfList(atom)) clone.source.set(`${name}:${atom}`, 'person')
    // Of a file people commit what they changed (`git add -p`), or all of it, offers among it.
    if (this.chance(0.7)) await this.commitWork(clone, name, this.chance(0.85) ? touched : undefined)
    this.forgetSources(clone, name)
    return `${name} ${touched.join(', ')}`
  }

  /** A plain commit, of everything, of a file, or of some of its values. */
  private async commitWork(clone: Clone, only?: string, some?: string[]): Promise<void> {
    const {tree} = clone.head
    const open = await this.status(clone)
    const infra = {...tree.infra}
    const own: number[] = []
    for (const name of this.refs.keys()) {
      if (only !== undefined && only !== name) continue
      const [head, work, before] = [tree.infra[name], clone.work[name], tree.state?.[name]]
      const isWhole = !head !== !work
      if (isWhole && some && !some.includes('')) continue
      const wanted = isWhole || !some ? work : head && {...head, config: withAtoms(head, work?.config, some)}
      if (equalValues(wanted, head)) continue
      for (const atom of ['', ...atomsIn(name)]) {
        const [is, next, theirs] = [head, wanted, before].map((side) => valueOf(side?.config, atom)) as (Value | null)[]
        if (atom !== '' && !wanted) continue
        if (equalValues(is!, next!) && !(isWhole && wanted)) continue
        // What pmpc did not write, people settled so, be it in a conflict when they pulled.
        const source = clone.source.get(`${name}:${atom}`) ?? (isWhole ? clone.source.get(`${name}:`) : undefined)
        const isPeoples = source !== 'pmpc'
        const isOpen = open.some((item) => objectOf(item) === name && covers(item, atom))
        const kind = isPeoples && !(before && equalValues(theirs!, next!)) ? 'wish' : 'agree'
        // Whoever writes a manifest for an object that is there is asked about what differs.
        const isAsked = isOpen || (atom !== '' && isWhole)
        own.push(this.event(clone, name, atom, kind, next!, isAsked ? undefined : theirs!, 'commit'))
      }
      if (wanted) infra[name] = structuredClone(wanted)
      else delete infra[name]
    }
    if (own.length === 0) return
    this.move(clone, commit([clone.head], {...tree, infra}, own, 'commit'))
    for (const name of this.refs.keys()) this.forgetSources(clone, name)
  }

  private hands(): Hands {
    return {side: this.chance(0.35) ? 'ours' : 'theirs', hasDrivers: !this.play.noDrivers}
  }

  private mergeInto(clone: Clone, other: Commit): void {
    const base = mergeBase(clone.head, other)
    if (base === other) return
    if (base === clone.head) return this.checkout(clone, other)
    const {tree, conflict} = mergeTrees(base.tree, clone.head.tree, other.tree, this.hands())
    this.counts.merges++
    if (conflict) this.counts.conflicts++
    const mixed = this.mixed(clone.head, other, tree)
    this.checkout(clone, commit([clone.head, other], tree, mixed, 'merge'))
  }

  /** Does a commit again on another one; undefined where a person skipped it. */
  private again(on: Commit, from: Commit, kind = from.kind): Commit | undefined {
    const {tree, conflict} = mergeTrees(from.parents[0]!.tree, on.tree, from.tree, this.hands())
    if (conflict && !this.play.ordinary && this.chance(0.3)) return undefined
    return commit([on], tree, [...from.own, ...this.mixed(on, from, tree)], kind)
  }

  /** Lines of two sequences that Git put together are what nobody said, and all of it is people's. */
  private mixed(ours: Commit, theirs: Commit, tree: Tree): number[] {
    const known = {...ours, events: new Set([...ours.events, ...theirs.events])}
    return [...this.refs.keys()].flatMap((name) => {
      const [mine, others, value] = [ours.tree, theirs.tree, tree].map(({infra}) => infra[name]?.config.rules)
      if (!Array.isArray(value) || equalValues(value, mine) || equalValues(value, others)) return []
      const about = {key: `${name}:config.rules`, base: undefined, guest: undefined, how: 'merge'}
      return [this.oracle.note(known, {...about, kind: 'either', value})]
    })
  }

  private rebase(clone: Clone): void {
    const base = mergeBase(clone.head, this.origin)
    if (base === this.origin) return
    if (base === clone.head) return this.checkout(clone, this.origin)
    const theirs = ancestors(this.origin)
    const mine: Commit[] = []
    for (let at = clone.head; !theirs.has(at.id); at = at.parents[0]!) if (at.parents.length === 1) mine.unshift(at)
    let on = this.origin
    for (const one of mine) on = this.again(on, one) ?? on
    this.counts.rebases++
    this.checkout(clone, on)
  }

  private pull(clone: Clone): void {
    if (this.chance(0.35)) this.restore(clone)
    if (this.chance(0.65)) this.mergeInto(clone, this.origin)
    else this.rebase(clone)
  }

  private push(clone: Clone): void {
    if (ancestors(clone.head).has(this.origin.id)) this.origin = clone.head
  }

  private squash(clone: Clone): void {
    const base = mergeBase(clone.head, this.origin)
    if (base === clone.head) return
    const {tree} = mergeTrees(base.tree, this.origin.tree, clone.head.tree, this.hands())
    this.origin = commit([this.origin], tree, [], 'squash', [...this.origin.events, ...clone.head.events])
    if (this.chance(0.3)) return
    // The branch was merged by the forge, and its clone begins anew from there.
    clone.head = this.origin
    this.restore(clone)
    clone.noted.clear()
  }

  private cherryPick(clone: Clone): void {
    const from = this.pick(this.clones).head
    if (from.parents.length !== 1 || ancestors(clone.head).has(from.id)) return
    const picked = this.again(clone.head, from)
    if (picked) this.checkout(clone, picked)
  }

  private revert(clone: Clone): string {
    const wanted = this.pick(['accept', 'accept', 'reject', 'commit'])
    let at: Commit | undefined = clone.head
    for (let n = 0; n < 8 && at && at.kind !== wanted; n++) at = at.parents[0]
    if (at?.kind !== wanted || at.parents.length !== 1) return ''
    const {tree} = mergeTrees(at.tree, clone.head.tree, at.parents[0]!.tree, this.hands())
    const objects = new Set(at.own.map((id) => split(this.oracle.events[id]!.key)[0]))
    const own = [...objects].flatMap((name) =>
      ['', ...atomsIn(name)].map((atom) =>
        this.event(clone, name, atom, 'either', valueOf(tree.infra[name]?.config, atom), null, 'revert'),
      ),
    )
    this.checkout(clone, commit([clone.head], tree, own, 'revert'))
    return wanted
  }

  /** An apply: where nothing is open, wishes come true. */
  private async apply(clone: Clone): Promise<string> {
    if ((await this.status(clone)).length > 0) return ''
    await this.sync(clone)
    const judged = await this.judgeAll(clone, this.cluster)
    for (const name of this.refs.keys()) {
      const head = clone.head.tree.infra[name]
      const {items, undecided} = judged.get(name)!
      if (!head || items.length > 0 || undecided.length > 0) continue
      const guest = this.cluster.get(name)
      this.cluster.set(
        name,
        guest ? {...guest, config: {...head.config, ...metaOf(guest)}} : this.born(name, head.config),
      )
    }
    await this.sync(clone)
    return 'applied'
  }

  // ---- the play

  async run(): Promise<void> {
    for (let n = 0; n < this.play.steps; n++) {
      this.now += Math.floor(this.random() * 1_800_000)
      if (this.chance(0.01)) this.now += 100 * 86_400_000
      const clone = this.pick(this.clones)
      const what = await this.step(clone, this.random())
      this.play.onStep?.(`${n} ${clone.name}: ${what}`, this)
    }
    await this.settle()
  }

  private async step(clone: Clone, dice: number): Promise<string> {
    if (dice < 0.2) return this.changeCluster()
    if (dice < 0.42) return `sync ${String(await this.sync(clone))}`
    if (dice < 0.52) {
      const isTakingOver = this.play.takesOver === true && this.chance(0.5)
      return `accept ${await this.decide(clone, 'accept', isTakingOver)}`
    }
    if (dice < 0.58) return `reject ${await this.decide(clone, 'reject')}`
    if (dice < 0.63) return `commit -a ${String(await this.commitWork(clone))}`
    if (dice < 0.7) return `edit ${await this.edit(clone)}`
    if (dice < 0.8 || (this.play.ordinary && dice >= 0.91 && dice < 0.97)) return `pull ${String(this.pull(clone))}`
    if (dice < 0.91) {
      if (this.chance(0.7)) this.pull(clone)
      return `push ${String(this.push(clone))}`
    }
    if (dice < 0.93) return `squash ${String(this.squash(clone))}`
    if (dice < 0.95) return `cherry-pick ${String(this.cherryPick(clone))}`
    if (dice < 0.97) return `revert ${this.revert(clone)}`
    if (dice < 0.99) return `restore ${String(this.restore(clone))}`
    return `apply ${await this.apply(clone)}`
  }

  /** In the end everybody pulls, syncs and pushes: all must see the same, and a further sync must find nothing to do. */
  private async settle(): Promise<void> {
    for (let round = 0; round < 4; round++) {
      for (const clone of this.clones) {
        this.restore(clone)
        clone.noted.clear()
        this.mergeInto(clone, this.origin)
        const isChanged = await this.sync(clone)
        if (round === 3 && isChanged) this.find('not quiet', clone.name)
        this.push(clone)
        this.play.onStep?.(`end ${round} ${clone.name}`, this)
      }
    }
    const views = await Promise.all(
      this.clones.map(async (clone) =>
        JSON.stringify([clone.head.tree.agreed, clone.depth === Infinity ? await this.status(clone) : []]),
      ),
    )
    if (new Set(views).size > 1 && this.play.depth === undefined) this.find('apart', views.join('\n'))
  }
}

/** Whether two atoms are in one map that a manifest does not have. */
function areNewTogether({kind, config}: Declared, atom: string, other: string): boolean {
  const above = placesAbove(parseField(other)!).filter(
    (place) => getField({kind, beside: {}, config}, place) === undefined,
  )
  return above.some((place) => isPartOf(atom, formatField(place)) || atom === formatField(place))
}

/** Of a map that is gone each part may be asked about. */
function isAbout(item: OpenItem, atom: string): boolean {
  return covers(item, atom) || (presences.has(atom) && isPartOf(item.field ?? '', atom))
}

const parsedPairs = new WeakMap<object, Pair[]>()

function pairsOf({agreed}: Tree): Pair[] {
  if (!agreed) return []
  const known = parsedPairs.get(agreed) ?? parseAgreed(agreed.join('\n'))
  parsedPairs.set(agreed, known)
  return known
}

function linesOf(pairs: Pair[]): string[] {
  return printAgreed(pairs).trimEnd().split('\n')
}

function declaredFrom({kind, id, config}: Observed): Declared {
  const {meta: _, ...rest} = config
  return {kind, id, config: structuredClone(rest)}
}

function ctimeOf(observed: Observed | undefined): number | undefined {
  const meta = observed?.config.meta
  return isMap(meta) ? Number(meta.ctime) : undefined
}

function acceptedOf(items: OpenItem[], before: Observed | undefined, head: Declared | undefined): Declared | undefined {
  if (items.some(({field}) => field === undefined)) return before && declaredFrom(before)
  if (!head || !before) return head
  const document = declaredDocument(head)
  const now = observedDocument(before, head)
  for (const {field} of items) copyField(document, parseField(field!)!, now)
  return {...head, config: document.config}
}

function metaOf({config: {meta}}: Observed): Config {
  return meta === undefined ? {} : {meta}
}

/** A manifest with some of another one's values, line by line (`git add -p`). */
function withAtoms(declared: Declared, from: Config | undefined, some: string[]): Config {
  const document = {kind: declared.kind, beside: {}, config: structuredClone(declared.config)}
  const read = (atom: string) => parseField(atom)!
  for (const atom of some) {
    if (atom === '' || presences.has(atom)) continue
    setField(document, read(atom), valueOf(from, atom) ?? undefined)
  }
  for (const atom of presences) {
    const isWanted = valueOf(some.includes(atom) ? from : declared.config, atom) !== null
    const isThere = valueOf(document.config, atom) !== null
    if (isWanted && !isThere && valueOf(from, atom) !== null) setField(document, read(atom), {})
    if (!isWanted && isThere) setField(document, read(atom), undefined)
  }
  return document.config
}

function split(key: string): [string, string] {
  const at = key.indexOf(':')
  return [key.slice(0, at), key.slice(at + 1)]
}
