import {PmpcError} from '../errors/index.js'
import {nearest} from '../errors/nearest.js'
import {shellWord} from '../files/inside.js'
import {own} from '../resources/documents.js'
import {isGuest, kindOf, kindsNamed, type Kind} from '../resources/kinds/index.js'
import {formatRef, parentsOf, readObjectWord} from '../resources/refs.js'
import type {ClusterState, Declared, ObjectRef, Value} from '../resources/model.js'
import {glob, matches} from './glob.js'
import {lookUp, namesOf, refuseCluster, resolveObject, type KnownObject, type Naming} from './objects.js'

/** An object that selectors may mean: as it was seen, as it is declared, or both. */
export interface Selectable extends KnownObject {
  tags: readonly string[]
  pools: readonly string[]
  nodes: readonly string[]
}

/** Among what selectors look. */
export interface Selecting extends Naming {
  known: readonly Selectable[]
}

/** Everything that is in a cluster or in a manifest, by what both say of it. */
export function selectablesIn(
  states: readonly ClusterState[],
  manifests: Iterable<{ref: ObjectRef; declared: Declared}>,
): Selectable[] {
  const all = new Map<string, Selectable>()
  const add = ({ref, ...found}: Selectable): void => {
    const before = all.get(formatRef(ref))
    const both = (key: 'names' | 'tags' | 'pools' | 'nodes') => [...new Set([...(before?.[key] ?? []), ...found[key]])]
    all.set(formatRef(ref), {ref, names: both('names'), tags: both('tags'), pools: both('pools'), nodes: both('nodes')})
  }
  for (const {cluster, objects} of states)
    for (const {kind, id, config, facts} of objects) {
      const belongs = (to: keyof NonNullable<Kind['belongs']>) =>
        textsOf(fieldOf({id, facts}, kindOf(kind).belongs?.[to]))
      const ref = {cluster, kind, id}
      add({
        ref,
        names: namesOf(kind, config),
        tags: textsOf(config.tags),
        pools: belongs('pool'),
        nodes: belongs('node'),
      })
    }
  for (const {ref, declared} of manifests) {
    const {kind, id} = ref
    const {config, pool, placement} = declared
    const isIt = (to: keyof NonNullable<Kind['belongs']>) => (kindOf(kind).belongs?.[to] === 'id' ? [String(id)] : [])
    add({
      ref,
      names: namesOf(kind, config),
      tags: textsOf(config.tags),
      pools: [...textsOf(pool), ...isIt('pool')],
      nodes: [...textsOf(placement?.node), ...isIt('node')],
    })
  }
  return [...all.values()]
}

function fieldOf({id, facts}: {id: Value; facts: Record<string, Value>}, field: string | undefined): Value | undefined {
  return field === 'id' ? id : own(facts, field?.replace(/^facts\./, '') ?? '')
}

function textsOf(value: Value | undefined): string[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value.flatMap(textsOf) : typeof value === 'object' ? [] : [String(value)]
}

/**
 * Which objects words mean: an object by id or name (`vm/100`, `home/100`, `web01`), several by a glob (`web*`, `storage/*`) or a range of VMIDs (`100-110`),
 * a kind (`vms`), and `tag:`, `pool:`, `node:` with a name or a glob. What is a part of an object is meant with it, but by its kind.
 * @param words any of them; undefined is returned for none
 * @throws PMPC_BAD_SELECTOR for a word that can select nothing, PMPC_NOT_FOUND for one that selects nothing here; else as `resolveObject`
 */
export function selectorOf(words: readonly string[], selecting: Selecting): ((ref: ObjectRef) => boolean) | undefined {
  if (words.length === 0) return undefined
  const meant = new Set<string>()
  const kinds = new Set<string>()
  for (const word of pairs(words, selecting)) {
    const {clusters, named} = kindsAlone(word, selecting)
    if (named.length > 0) for (const {name} of named) for (const cluster of clusters) kinds.add(`${cluster}/${name}`)
    else for (const ref of objectsOf(word, selecting)) meant.add(formatRef(ref))
  }
  const isMeant = (ref: ObjectRef): boolean => meant.has(formatRef(ref)) || parentsOf(ref).some(isMeant)
  return (ref) => kinds.has(`${ref.cluster}/${ref.kind}`) || isMeant(ref)
}

/**
 * What each word means, without the parts of it; and whether it is the own name of an object.
 * @throws as {@link selectorOf}
 */
export function meantByEach(
  words: readonly string[],
  selecting: Selecting,
): {word: string; isName: boolean; refs: ObjectRef[]}[] {
  return pairs(words, selecting).map((word) => {
    const {clusters, named} = kindsAlone(word, selecting)
    const isOfKind = ({ref: {cluster, kind}}: Selectable) =>
      clusters.includes(cluster) && named.some(({name}) => name === kind)
    if (named.length > 0) return {word, isName: false, refs: selecting.known.filter(isOfKind).map(({ref}) => ref)}
    return {word, isName: lookUp(word, selecting).length > 0, refs: objectsOf(word, selecting)}
  })
}

/** `vm 100`, typed as two words, is one; two kinds, or a kind and a tag, are two. */
function pairs(words: readonly string[], selecting: Selecting): string[] {
  const joined: string[] = []
  for (let at = 0; at < words.length; at++) {
    const [word, next] = [words[at]!, words[at + 1]]
    const pair = `${word}/${next}`
    const isPair =
      next !== undefined &&
      kindsNamed(word).length > 0 &&
      (/^\d+(?:-\d+)?$/.test(next) || (kindsNamed(next).length === 0 && lookUp(pair, selecting).length > 0))
    joined.push(isPair ? pair : word)
    if (isPair) at++
  }
  return joined
}

/** The kinds that a word names, of a cluster or of all; none where it is an object's. */
function kindsAlone(word: string, selecting: Selecting): {clusters: readonly string[]; named: readonly Kind[]} {
  const {clusters, kinds, text} = readObjectWord(word, selecting.clusters)
  // An object that is called as a kind is meant by its own name: `vm/node`.
  if (kinds.some(({id}) => id === 'single') || text.includes('/')) return {clusters, named: []}
  return {clusters, named: kinds.length === 0 ? kindsNamed(text) : []}
}

/** What a word with a colon selects by. */
const fields = {tag: 'tags', pool: 'pools', node: 'nodes'} as const
type Prefix = keyof typeof fields

function objectsOf(word: string, selecting: Selecting): ObjectRef[] {
  const {known, command} = selecting
  if (word.trim() === '')
    throw new PmpcError('PMPC_USAGE', 'An empty word selects nothing, and nothing was done.', {
      suggestions: [`${command} --help`],
    })
  const [, prefix, value] = /^([^:/]*):(.*)$/s.exec(word) ?? []
  if (prefix !== undefined) {
    const field = own<(typeof fields)[Prefix]>(fields, prefix)
    if (field === undefined || value === '') throw badPrefix(word, prefix, value!, command)
    const found = known.filter(
      ({ref, [field]: texts}) => selecting.clusters.includes(ref.cluster) && matches(texts, value!),
    )
    if (found.length > 0) return found.map(({ref}) => ref)
    throw nothing(word, selecting, nearest(value!, new Set(known.flatMap(({[field]: texts}) => texts))), prefix)
  }
  const exact = lookUp(word, selecting)
  if (exact.length > 0) return resolveObject(word, selecting)
  const several = severalOf(word, selecting)
  if (several === undefined) return resolveObject(word, selecting)
  if (several.length === 0) throw nothing(word, selecting)
  return several
}

/** What a range or a glob means; undefined: the word is neither. */
function severalOf(word: string, selecting: Selecting): ObjectRef[] | undefined {
  const {clusters, kinds, text} = readObjectWord(word, selecting.clusters)
  const range = /^([1-9]\d{0,8})-([1-9]\d{0,8})$/.exec(text)
  if (!range && !/[*?]/.test(text)) return undefined
  refuseCluster(word, selecting)
  const among = selecting.known.filter(
    ({ref}) => clusters.includes(ref.cluster) && (kinds.length === 0 || kinds.some(({name}) => name === ref.kind)),
  )
  if (range) {
    const [from, to] = [Number(range[1]), Number(range[2])]
    if (from > to) throw backwards(word, from, to, selecting.command)
    return among.flatMap(({ref}) => (isGuest(ref.kind) && Number(ref.id) >= from && Number(ref.id) <= to ? [ref] : []))
  }
  const pattern = glob(text)
  return among
    .filter(({ref, names}) => [String(ref.id), ...names].some((each) => pattern.test(each)))
    .map(({ref}) => ref)
}

function badPrefix(word: string, prefix: string, value: string, command: string): PmpcError {
  const meant = nearest(prefix, Object.keys(fields))
  const words = Object.keys(fields).map((each) => `${each}:`)
  const why =
    value === ''
      ? 'nothing stands behind the colon'
      : `expected ${words.join(', ')}${meant ? `; did you mean ${meant}:${value}?` : ''}`
  return new PmpcError('PMPC_BAD_SELECTOR', `"${word}" selects nothing: ${why}`, {
    suggestions: [
      ...(meant && value !== '' ? [`${command} ${shellWord(`${meant}:${value}`)}`] : []),
      `${command} --help`,
    ],
    data: {selector: word},
  })
}

function backwards(word: string, from: number, to: number, command: string): PmpcError {
  return new PmpcError('PMPC_BAD_SELECTOR', `"${word}" selects nothing: it ends before it begins`, {
    suggestions: [`${command} ${shellWord(word.replace(`${from}-${to}`, `${to}-${from}`))}`],
    data: {selector: word},
  })
}

function nothing(word: string, {command, looks, found}: Selecting, near?: string, prefix?: string): PmpcError {
  const meant = near === undefined ? undefined : `${prefix}:${near}`
  return new PmpcError(
    'PMPC_NOT_FOUND',
    `"${word}" selects nothing that ${found}.${meant === undefined ? '' : ` Did you mean ${meant}?`}`,
    {
      suggestions: [...(meant === undefined || looks ? [] : [`${command} ${shellWord(meant)}`]), 'pmpc get guests'],
      data: {selector: word, nearest: meant ?? null},
    },
  )
}
