import {isEntry, troubleWith, type Entry} from '../proxmox/index.js'
import {localKey, own} from '../resources/index.js'
import type {Config, Observed} from '../resources/index.js'
import type {Part, WireKind} from '../resources/kinds/on-wire.js'
import {configOf, extraOf, factsOf, partsConfigOf, restOf, spelledIn} from './answers.js'
import {isNodeName, type Listed} from './entries.js'
import {listedNow, type Seen} from './lists.js'
import {whyRepeated} from './missing.js'
import {readPart, type PartAnswer} from './parts.js'
import {fillPath, givenOf, nodeOf, type Placed} from './paths.js'
import {bothOf, differing, readPending} from './pending.js'
import type {Findings, ReadOptions} from './read.js'
import type {Requests} from './requests.js'
import {asUnreadable, codeOf, unreadable} from './unreadable.js'

/** An object as its list tells of it: as it is to be, and as it is in use. */
interface Given {
  id: string | number
  entry: Entry
  running: Entry | undefined
  facts: Observed['facts']
}

/** Reads the objects of lists, one at a time: its entry, its configuration where that has a path of its own, and its parts. */
export class ObjectReader {
  constructor(
    private readonly options: ReadOptions,
    private readonly seen: Seen,
    private readonly requests: Requests,
    private readonly findings: Findings,
  ) {}

  /** Whatever is wrong with it makes it stale. @throws what the client throws when the cluster as a whole cannot be read */
  async read(kind: WireKind, listed: Listed): Promise<void> {
    const {findings, options} = this
    const key = `${kind.name}/${listed.id}`
    const given = this.givenBy(kind, listed)
    if (!given) return void findings.gone.add(key)
    if (options.ignore.object({kind: kind.name, id: given.id, pool: given.facts.pool}))
      return findings.ignore(kind, given.id)
    try {
      const object = await this.readObject(kind, given, findings.before.get(key))
      if (object) findings.keep({...object, ...extraOf(kind, given.entry)})
    } catch (error) {
      findings.keepUnread(kind, given.id, this.whyUnread(kind, given, asUnreadable(error).message))
    }
  }

  /** What an entry says of its object; undefined where that is to go. */
  private givenBy(kind: WireKind, {id, entry}: Listed): Given | undefined {
    const pendingKey = kind.pending && 'key' in kind.pending ? kind.pending.key : undefined
    const {declared, running} = pendingKey === undefined ? {declared: entry, running: entry} : bothOf(entry, pendingKey)
    if (!declared) return undefined
    const facts = factsOf(kind, declared)
    return {
      id,
      entry: declared,
      running,
      facts: this.seen.joined.factsOf(kind, {id, facts}, this.findings.before.get(`${kind.name}/${id}`)),
    }
  }

  /** PVE lists the guests of a node that was removed until its folder is deleted, and then only fails to resolve its name. */
  private whyUnread(kind: WireKind, given: Given, said: string): string {
    const node = nodeOf(kind, given)
    return !isNodeName(node) || this.seen.nodes.has(node) ? said : `node ${node} is no longer in the cluster`
  }

  private async readObject(
    kind: WireKind,
    given: Given,
    before: Observed | undefined,
    moved = false,
  ): Promise<Observed | undefined> {
    const {findings, options} = this
    const {id, entry, facts} = given
    const repeated = whyRepeated(kind, id, this.seen)
    if (repeated !== undefined) throw unreadable(repeated)
    const raw = kind.item === undefined ? entry : await this.readItem(kind, kind.item, given)
    if (raw === undefined && moved) throw unreadable('it is moving from node to node')
    if (raw === undefined) return this.readMoved(kind, given, before)
    this.readLock(kind, given, raw.lock)
    const all = configOf(kind, this.ownOf(kind, entry, raw))
    const subject = {kind: kind.name, id, pool: facts.pool, tags: all.tags}
    if (options.ignore.object(subject)) {
      findings.ignore(kind, id)
      return undefined
    }
    const isIgnored = options.ignore.keys(subject)
    const object: Observed = {kind: kind.name, id, config: kept(all, isIgnored), facts}
    const asker = this.requests.of(kind.name)
    const [pending, parts] = await Promise.all([
      readPending(asker, kind, object, {
        before,
        isIgnored,
        isTouched: this.isTouched(object, raw.digest) || options.objects !== undefined,
      }),
      this.readParts(kind, {id, facts, config: all}, raw, before),
    ])
    if ('failure' in parts) return this.keepFacts(kind, object, before, parts.failure)
    for (const part of parts) {
      Object.assign(facts, part.facts)
      if (part.snapshots) object.snapshots = part.snapshots
    }
    const told = joined(parts, 'declared')
    const declared = {...all, ...partsConfigOf(kind, told)}
    for (const key of pending.deleted) delete declared[key]
    object.config = kept(declared, isIgnored)
    const {config} = object
    const answered = Object.entries({...raw, ...told}).filter(([key]) => Object.hasOwn(config, key))
    Object.assign(facts, spelledIn(kind, Object.fromEntries(answered)))
    findings.ignored.keys += Object.keys(declared).length - Object.keys(object.config).length
    const running = pending.running ?? this.inUse(kind, given, parts, declared, isIgnored)
    if (running) object.running = running
    return object
  }

  /** Whether its file has another checksum than at the last reading; not where that is not known. */
  private isTouched({kind, id}: Observed, digest: unknown): boolean {
    if (typeof digest !== 'string') return false
    const key = localKey({kind, id})
    this.findings.digests[key] = digest
    const before = own(this.options.digestsBefore, key)
    return before !== undefined && before !== digest
  }

  /** What of an object's own answer is its configuration. */
  private ownOf({item, list, ...kind}: WireKind, entry: Entry, raw: Entry): Entry {
    if (item !== undefined) return raw
    return list!.restIsConfig ? restOf({...kind, list}, entry) : {}
  }

  /** What it uses where its entry tells that apart from what it is to be. */
  private inUse(
    kind: WireKind,
    {running}: Given,
    parts: readonly PartAnswer[],
    declared: Config,
    isIgnored: (key: string) => boolean,
  ): Observed['running'] {
    if (!kind.pending || !('key' in kind.pending)) return undefined
    const used = running
      ? {...configOf(kind, this.ownOf(kind, running, running)), ...partsConfigOf(kind, joined(parts, 'running'))}
      : {}
    return differing(kept(used, isIgnored), kept(declared, isIgnored))
  }

  /** What is being made is no object yet; a lock that stays is a fact, and any other is told. */
  private readLock(kind: WireKind, {id, facts}: Given, lock: unknown): void {
    if (typeof lock !== 'string' || !kind.locks) return
    if (kind.locks.making.includes(lock)) throw unreadable(`it is being made (lock: ${lock})`)
    if (kind.locks.lasting.includes(lock)) facts.lock = lock
    else this.findings.locks[localKey({kind: kind.name, id})] = lock.slice(0, 60)
  }

  /** Its configuration; undefined where PVE has none of it at its place. */
  private async readItem(kind: WireKind, template: string, placed: Placed): Promise<Entry | undefined> {
    const path = fillPath(template, givenOf(kind, placed))
    const asker = this.requests.of(kind.name)
    const raw = await asker.get(path).catch((error: unknown) => {
      if (codeOf(error) !== 'PMPC_NOT_FOUND') throw error
      return undefined
    })
    if (raw === undefined) return undefined
    if (!isEntry(raw)) throw unreadable('its configuration is no map')
    const trouble = troubleWith(raw)
    if (trouble !== undefined) throw unreadable(`its configuration cannot be kept: ${trouble}`)
    return raw
  }

  /** Its list and its place disagree: it was moved or removed between the two requests. One look tells. */
  private async readMoved(
    kind: WireKind,
    {id, facts}: Given,
    before: Observed | undefined,
  ): Promise<Observed | undefined> {
    const listed = await listedNow(this.requests, kind, id)
    const given = listed && this.givenBy(kind, listed)
    if (!given) return undefined
    const node = nodeOf(kind, {id, facts})
    if (node === undefined) throw unreadable('it is listed, but there is no configuration of it')
    if (nodeOf(kind, given) === node) throw unreadable(`node ${node} has no configuration of it`)
    return this.readObject(kind, given, before, true)
  }

  private async readParts(
    kind: WireKind,
    placed: Placed,
    raw: Entry,
    before: Observed | undefined,
  ): Promise<PartAnswer[] | {failure: string}> {
    const parts = (kind.parts ?? []).filter((part) => !part.when || part.when(raw) || had(before, part))
    const asker = this.requests.of(kind.name)
    const given = givenOf(kind, placed)
    const reading = parts.map((part) => readPart(asker, kind, part, given))
    const isOnlyParts = kind.item === undefined && !kind.list!.restIsConfig
    return Promise.all(reading).catch((error: unknown) => {
      if (!isOnlyParts) throw error
      return {failure: asUnreadable(error).message}
    })
  }

  /** What is told of an object in its list is so, whatever its parts are: a node that is away is seen to be. */
  private keepFacts(kind: WireKind, object: Observed, before: Observed | undefined, why: string): undefined {
    const config = before?.config ?? {}
    const running = before?.running && {running: before.running}
    this.findings.keep({...object, config, ...running})
    this.findings.stale.push({kind: kind.name, id: object.id, why, ...(!before && {neverRead: true})})
    return undefined
  }
}

function had(before: Observed | undefined, {key, beside}: Part): boolean {
  if (!before) return false
  return beside === undefined ? key !== undefined && Object.hasOwn(before.config, key) : before[beside] !== undefined
}

/** Without the keys that a rule leaves out. */
function kept(all: Config, isIgnored: (key: string) => boolean): Config {
  const entries = Object.entries(all)
  const others = entries.filter(([key]) => !isIgnored(key))
  return others.length === entries.length ? all : Object.fromEntries(others)
}

/** The keys of all parts; of one that is in use as it is to be, those. */
function joined(parts: readonly PartAnswer[], of: 'declared' | 'running'): Entry {
  return Object.fromEntries(parts.flatMap((part) => Object.entries(part[of] ?? part.declared)))
}
