// Objects that have no list: one of the cluster, or one for each object of another kind.
import {localKey, parentsOf} from '../resources/index.js'
import type {Declared, Observed} from '../resources/index.js'
import {wireKindOf, type Scope, type WireKind} from '../resources/kinds/on-wire.js'
import {subjectOfDeclared} from '../workspace/ignore.js'
import type {Findings, ReadOptions} from './read.js'
import {partsConfigOf} from './answers.js'
import {anyOf} from './entries.js'
import {isAsked, isWanted, says, type Seen} from './lists.js'
import {whyUnseen} from './missing.js'
import {readPart} from './parts.js'
import {fillPath, fillText, givenOf, type Given} from './paths.js'
import type {Asker, Requests} from './requests.js'
import {asUnreadable, unreadable} from './unreadable.js'

/** Where an object is looked for: a scope, and the object that it is a part of. */
interface Place {
  kind: WireKind
  scope: Scope
  id: string
  parent?: Observed
  given: Given
}

export class ScopeReader {
  /** How many there are. */
  private guests: number | undefined

  constructor(
    private readonly options: ReadOptions,
    private readonly seen: Seen,
    private readonly requests: Requests,
    private readonly findings: Findings,
  ) {}

  /** All objects of a kind, when those that they are parts of are known. */
  async readKind(kind: WireKind): Promise<void> {
    const places = kind.scopes!.flatMap((scope) => this.placesOf(kind, scope))
    await Promise.all(places.map((place) => this.read(place)))
    for (const object of this.findings.missing([kind])) this.keepPlaceless(kind, object)
    const looked = new Set(places.map(({id}) => id))
    const declared = (await this.options.declared) ?? []
    for (const {kind: name, id} of declared)
      if (name === kind.name && !looked.has(String(id))) this.leaveOut(kind, id, declared)
  }

  private placesOf(kind: WireKind, scope: Scope): Place[] {
    if (!scope.of) return [{kind, scope, id: scope.id, given: () => undefined}]
    const parents = [...this.findings.objects.values()].filter((object) => scope.of!.includes(object.kind))
    return [...parents, ...this.listedOnly(scope)].map((parent) => {
      const given = givenOf(wireKindOf(parent.kind), parent)
      return {kind, scope, id: fillText(scope.id, given), parent, given}
    })
  }

  /** What a scope hangs on, of kinds that are not wanted themselves: their list is enough, unless it takes more to tell what they have. */
  private listedOnly({of, when}: Scope): Observed[] {
    const {findings, options, seen} = this
    if (when) return []
    return [...seen.lists].flatMap(([kind, list]) => {
      if (!of!.includes(kind.name) || isWanted(kind, options.only) || !('objects' in list)) return []
      const unread = list.objects.filter(({id}) => !findings.objects.has(`${kind.name}/${id}`))
      return unread.map(({id}): Observed => ({kind: kind.name, id, config: {}, facts: {}}))
    })
  }

  /** Whatever is wrong with it makes it stale. @throws what the client throws when the cluster as a whole cannot be read */
  private async read(place: Place): Promise<void> {
    const {findings, options} = this
    const {kind, scope, id, parent} = place
    const key = `${kind.name}/${id}`
    const before = findings.before.get(key)
    const subject = {kind: kind.name, id}
    if (options.ignore.object(subject)) return findings.ignore(kind, id)
    if (!isAsked(options, subject)) return before && findings.keep(before)
    if (scope.setting !== undefined && !this.isSet(scope.setting))
      return before && findings.keepUnasked(before, `read.${scope.setting} of pmpc.yaml is not true`)
    // What was there is looked at, and what is asked for by name: PVE keeps it, whether it is in use or not.
    if (!before && !options.objects && parent && scope.when && !scope.when(parent)) return
    try {
      const object = await this.readObject(place)
      if (!object) return void findings.gone.add(key)
      const isIgnored = options.ignore.keys(subject)
      const entries = Object.entries(object.config).filter(([name]) => !isIgnored(name))
      findings.ignored.keys += Object.keys(object.config).length - entries.length
      findings.keep({...object, config: Object.fromEntries(entries)})
    } catch (error) {
      const told = asUnreadable(error)
      if (says(scope.absentWhen, told)) findings.gone.add(key)
      else findings.keepUnread(kind, id, told.message)
    }
  }

  private isSet(setting: NonNullable<Scope['setting']>): boolean {
    const {findings, options} = this
    this.guests ??= [...findings.objects.values()].filter(({kind}) => wireKindOf(kind).guest).length
    return options[setting]?.(this.guests) === true
  }

  /** It is there while its parts hold anything. */
  private async readObject(place: Place): Promise<Observed | undefined> {
    const {kind, scope, id, given} = place
    const sight = scope.sight === undefined ? kind.sight : scope.sight
    const own = givenOf(kind, {id})
    const why = sight?.whole ? await whyUnseen(sight, (name) => own(name) ?? given(name), this.seen) : undefined
    if (why !== undefined) throw unreadable(why)
    const asker = this.requests.of(kind.name)
    const parts = (kind.parts ?? []).filter(({key}) => !scope.parts || key === undefined || scope.parts.includes(key))
    const probed = await this.probe(asker, place)
    const answers = await Promise.all(
      parts
        .filter(({key}) => key === undefined || probed[key] !== false)
        .map((part) => readPart(asker, kind, part, given, scope.base)),
    )
    const config = partsConfigOf(kind, Object.fromEntries(answers.flatMap(({declared}) => Object.entries(declared))))
    if (Object.keys(config).length === 0) return undefined
    return {
      kind: kind.name,
      id,
      config,
      facts: Object.assign({}, ...answers.map(({facts}) => facts)) as Observed['facts'],
    }
  }

  /** Which parts there is something in, as far as that is told. */
  private async probe(asker: Asker, {scope, given}: Place): Promise<Record<string, boolean>> {
    const {probe, base = ''} = scope
    if (!probe) return {}
    const answer = await asker.get(fillPath(probe.path.replace('{base}', base), given))
    return Object.fromEntries(
      Object.entries(probe.parts).map(([key, tells]) => {
        const isThere = tells(answer)
        if (isThere === undefined) throw unreadable(`nobody can tell whether it has ${key}`)
        return [key, isThere]
      }),
    )
  }

  /** What was there of an object that is no more goes with it; where that was never seen, nobody can tell. */
  private keepPlaceless(kind: WireKind, object: Observed): void {
    const {findings, options} = this
    if (!isAsked(options, object)) return findings.keep(object)
    const parents = parentsOf({kind: kind.name, id: object.id})
    const keys = parents.map(localKey)
    if (keys.some((key) => findings.ignoredObjects.has(key))) return findings.ignore(kind, object.id)
    if (keys.some((key) => findings.before.has(key) && !findings.isStale(key))) return
    const unread = parents.filter(
      ({kind: name}) => findings.isStale(`${name}/${anyOf}`) || !isWanted(wireKindOf(name), options.only),
    )
    const why = keys.find((key) => findings.isStale(key)) ?? unread.map(localKey)[0]
    if (why !== undefined) findings.keepStale(object, `${why} was not read, and this is a part of it`)
  }

  /** What is declared as a part of something that is left out: it is not read, and so it is not gone. */
  private leaveOut(kind: WireKind, id: Declared['id'], declared: readonly Declared[]): void {
    const {findings, options} = this
    const key = `${kind.name}/${id}`
    const parents = parentsOf({kind: kind.name, id})
    const keys = parents.map(localKey)
    if (findings.before.has(key) || keys.some((parent) => findings.objects.has(parent))) return
    const isLeftOut =
      keys.some((parent) => findings.ignoredObjects.has(parent)) ||
      parents.some((parent) => !isWanted(wireKindOf(parent.kind), options.only)) ||
      declared.some((one) => keys.includes(localKey(one)) && options.ignore.object(subjectOfDeclared(one)))
    if (isLeftOut) findings.ignoredObjects.add(key)
  }
}
