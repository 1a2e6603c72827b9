import {PmpcError} from '../errors/index.js'
import {nearest} from '../errors/nearest.js'
import {shellWord} from '../files/inside.js'
import {isGuest, kindOf, kinds, kindsNamed, type Kind} from '../resources/kinds/index.js'
import type {ClusterState, Config, KindName, ObjectRef} from '../resources/model.js'
import {compareObjects, formatRef, parentsOf, parseId, readObjectWord, type ObjectWord} from '../resources/refs.js'

/** An object that people may mean, with what it is called beside its id. */
export interface KnownObject {
  ref: ObjectRef
  /** A guest has one name, or two where cluster and manifest call it differently. */
  names: readonly string[]
}

/** Among what, and for which command, words are looked up. */
export interface Naming {
  known: readonly KnownObject[]
  /** The clusters that may be meant. */
  clusters: readonly string[]
  /** All clusters that there are, where `--cluster` chose among them. */
  all?: readonly string[]
  /** What is typed to mean all of a cluster, with `--cluster` behind it; the command unless given. */
  whole?: string
  /** What stands before the object where it is to be typed again: `pmpc describe`. */
  command: string
  /** What is suggested for the object that was probably meant; the command unless given. Who mistypes what is to be destroyed looks first. */
  looks?: string
  /** Where it would have been found: `was seen at the last sync`. */
  found: string
}

/** What an object's configuration calls it. */
export function namesOf(kind: KindName, config: Config): string[] {
  const {nameKey} = kindOf(kind)
  const name = nameKey === undefined ? undefined : config[nameKey]
  return typeof name === 'string' || typeof name === 'number' ? [String(name)] : []
}

/** The objects of states, as people may name them. */
export function knownIn(states: readonly ClusterState[]): KnownObject[] {
  return states.flatMap(({cluster, objects}) =>
    objects.map(({kind, id, config}) => ({ref: {cluster, kind, id}, names: namesOf(kind, config)})),
  )
}

/**
 * What a word names: by id (`home/vm/100`, `vm/100`, `100`, `storage/local`, `local`) or by name (`web01`, `vm/web01`, `home/web01`). Where more
 * than one is returned they have the VMID in one cluster: a VM that went, and the container that has it now.
 * @throws PMPC_AMBIGUOUS with all that may be meant; PMPC_NOT_FOUND with what may have been meant; PMPC_BAD_OBJECT for what is no name
 */
export function resolveObject(word: string, naming: Naming): ObjectRef[] {
  const found = lookUp(word, naming)
  if (found.length === 0) throw unknownObject(word, naming)
  if (!isOne(found)) throw ambiguous(word, found, naming)
  return found
}

/** All that a word may name; nothing is refused. */
export function lookUp(word: string, {known, clusters}: Pick<Naming, 'known' | 'clusters'>): ObjectRef[] {
  const read = readObjectWord(word, clusters)
  const byId = matching(read, known, 'id')
  // Behind a kind of guest a number is a VMID, so that there always is a word that means one object; and alone it is first of all one.
  const isVmid = isNumber(read) && (read.kinds.length > 0 || byId.length === 0)
  const all = isVmid ? byId : [...byId, ...matching(read, known, 'name')]
  const distinct = [...new Map(all.map((ref) => [formatRef(ref), ref])).values()]
  return read.kinds.length > 0 ? distinct : nearestBy(distinct)
}

/**
 * Of what a word names without a kind: guests, nodes, storages and pools, to which others refer, go before what is called like them, and what is a
 * part of another of them (the network of a node) is meant by its own name only.
 */
function nearestBy(found: ObjectRef[]): ObjectRef[] {
  const referred = found.filter(({kind}) => kindOf(kind).table !== undefined)
  if (referred.length > 0) return referred
  const isThere = new Set(found.map(formatRef))
  return found.filter((part) => !parentsOf(part).some((whole) => isThere.has(formatRef(whole))))
}

function matching({clusters, kinds: named, text}: ObjectWord, known: readonly KnownObject[], by: 'id' | 'name') {
  const among = new Set(clusters)
  const ofKind = new Set(named.map(({name}) => name))
  return known
    .filter(({ref, names}) => (by === 'id' ? String(ref.id) === text : names.includes(text)))
    .map(({ref}) => ref)
    .filter(({cluster, kind}) => among.has(cluster) && (ofKind.size === 0 || ofKind.has(kind)))
}

function isNumber({text}: ObjectWord): boolean {
  return ofSort('vmid', text)
}

/** Whether a text can be an id of that sort. */
function ofSort(sort: Kind['id'], text: string): boolean {
  return kinds.some(({name, id}) => id === sort && parseId(name, text) !== undefined)
}

function isOne([first, ...others]: ObjectRef[]): boolean {
  return others.every(
    ({cluster, kind, id}) =>
      isGuest(kind) && isGuest(first!.kind) && cluster === first!.cluster && String(id) === String(first!.id),
  )
}

/** How many objects a message spells out. */
const spelledOut = 10

function ambiguous(word: string, found: ObjectRef[], {command}: Naming): PmpcError {
  const objects = found
    .toSorted((a, b) => (a.cluster === b.cluster ? compareObjects(a, b) : a.cluster < b.cluster ? -1 : 1))
    .map(formatRef)
  const told = objects.slice(0, spelledOut)
  const more = objects.length > told.length ? `, or one of ${objects.length - told.length} more` : ''
  return new PmpcError('PMPC_AMBIGUOUS', `"${word}" may be ${told.join(' or ')}${more}.`, {
    suggestions: told.map((object) => `${command} ${shellWord(object)}`),
    data: {objects},
  })
}

function unknownObject(word: string, naming: Naming): PmpcError {
  const {command, found} = naming
  refuseCluster(word, naming)
  const read = readObjectWord(word, naming.clusters)
  const meantKinds = read.kinds.length === 0 ? kindsNamed(read.text) : []
  if (meantKinds.length > 0) return onlyKind(word, meantKinds, naming)
  const near = nearestTo(word, read, naming)
  const meant = near === undefined ? '' : ` Did you mean ${near}?`
  const [nearRef] = near === undefined ? [] : lookUp(near, naming)
  const named = read.kinds[0] ?? (nearRef && !isNumber(read) ? kindOf(nearRef.kind) : undefined)
  const suggestions = [
    ...(near === undefined ? [] : [`${naming.looks ?? command} ${shellWord(near)}`]),
    `pmpc get ${named === undefined || named.guest ? 'guests' : named.plural}`,
    'pmpc sync',
  ]
  const data = {object: word, nearest: near ?? null}
  if (!isName(read)) return new PmpcError('PMPC_BAD_OBJECT', `"${word}" names no object.${meant}`, {suggestions, data})
  return new PmpcError('PMPC_NOT_FOUND', `No ${word} ${found}.${meant}`, {suggestions, data})
}

/** How many objects a kind that was typed alone is told by. */
const examples = 3

/** Of a kind that was typed alone, one object is meant, and which is not said. */
function onlyKind(word: string, named: readonly Kind[], {known, clusters, command, found}: Naming): PmpcError {
  const among = readObjectWord(word, clusters).clusters
  const there = known
    .map(({ref}) => ref)
    .filter(({cluster, kind}) => among.includes(cluster) && named.some(({name}) => name === kind))
    .map(formatRef)
  const which = there.length > 0 ? 'name one of them' : `and none ${found}`
  return new PmpcError('PMPC_BAD_OBJECT', `"${word}" is a kind of objects${there.length > 0 ? '; ' : ', '}${which}.`, {
    suggestions: [
      ...there.slice(0, examples).map((object) => `${command} ${shellWord(object)}`),
      `pmpc get ${named.length > 1 ? 'guests' : named[0]!.plural}`,
    ],
    data: {object: word, nearest: null},
  })
}

/**
 * Refuses a word that names a cluster and no object of it, or an object of a cluster that `--cluster` left out.
 * @throws PMPC_BAD_OBJECT
 */
export function refuseCluster(word: string, {clusters, all = clusters, command, whole = command}: Naming): void {
  const [cluster] = word.split('/')
  if (cluster === undefined || !all.includes(cluster)) return
  const object = shellWord(word)
  if (cluster === word)
    throw new PmpcError('PMPC_BAD_OBJECT', `"${word}" is a cluster, and no object.`, {
      suggestions: [`${whole} --cluster ${object}`],
      data: {object: word, nearest: null},
    })
  if (!clusters.includes(cluster))
    throw new PmpcError('PMPC_BAD_OBJECT', `"${word}" contradicts --cluster ${clusters.join(' --cluster ')}.`, {
      suggestions: [`${command} ${object}`],
      data: {object: word, nearest: null},
    })
}

/** Whether it could be one: what is left of a word without cluster and kind holds no `/` but where ids may: `pool/a/b`, `firewall/node/pve1`. */
function isName({kinds: named, text}: ObjectWord): boolean {
  return ofSort('name', text) && (named.some(({id}) => id === 'name') || !text.includes('/'))
}

/** What may have been meant by a word that names nothing; undefined: no idea. To be typed as it stands. */
export function nearestObject(word: string, naming: Pick<Naming, 'known' | 'clusters'>): string | undefined {
  return nearestTo(word, readObjectWord(word, naming.clusters), naming)
}

/** The word that was meant, to be typed: the same id or name elsewhere, another kind or cluster, or a name with other letters. */
function nearestTo(
  word: string,
  read: ObjectWord,
  {known, clusters}: Pick<Naming, 'known' | 'clusters'>,
): string | undefined {
  const ofKind = known.filter(
    ({ref}) => read.clusters.includes(ref.cluster) && (read.kinds.length === 0 || isOfKind(read, ref)),
  )
  // `firewall/100`, whose id is `guest/100`.
  const longer = read.kinds.length > 0 && ofKind.find(({ref}) => String(ref.id).endsWith(`/${read.text}`))
  const elsewhere = longer || known.find(({ref, names}) => String(ref.id) === read.text || names.includes(read.text))
  if (elsewhere) return formatRef(elsewhere.ref)
  const [first, ...rest] = word.split('/')
  if (rest.length > 0 && !read.hasCluster && read.kinds.length === 0) {
    const kind = nearest(first!, [...clusters, ...kinds.map(({name}) => name)])
    const mended = kind === undefined ? undefined : [kind, ...rest].join('/')
    if (mended !== undefined && lookUp(mended, {known, clusters}).length > 0) return mended
  }
  // Of numbers each one is near to others, and says nothing.
  if (isNumber(read)) return undefined
  const names = ofKind.flatMap(({ref, names}) => [...names, ...(isGuest(ref.kind) ? [] : [String(ref.id)])])
  const near = nearest(read.text, new Set(names))
  return near === undefined ? undefined : word.slice(0, word.length - read.text.length) + near
}

function isOfKind({kinds: named}: ObjectWord, {kind}: ObjectRef): boolean {
  return named.some(({name}) => name === kind)
}

/**
 * `vm 100` typed as two words is `vm/100`.
 * @param stands whether a word means something by itself, a folder say, though a kind is called so
 */
export function joinedWords(words: readonly string[], stands: (word: string) => boolean = () => false): string[] {
  const joined: string[] = []
  for (let at = 0; at < words.length; at++) {
    const [word, next] = [words[at]!, words[at + 1]]
    const named = kindsNamed(word)
    // Of which there is one, the kind is all that need be typed.
    const isWhole = named.some(({name, id}) => id === 'single' && name !== next)
    const isPair = named.length > 0 && next !== undefined && !isWhole && !stands(word)
    joined.push(isPair ? `${word}/${next}` : word)
    if (isPair) at++
  }
  return joined
}
