import {relative, resolve, sep} from 'node:path'
import {PmpcError} from '../errors/index.js'
import {nearest} from '../errors/nearest.js'
import {shellWord} from '../files/inside.js'
import {fieldsOf, getField} from '../reconcile/fields.js'
import {
  declaredDocument,
  recallSync,
  takeableOf,
  type Assessed,
  type Manifests,
  type Session,
} from '../reconcile/index.js'
import {
  equalValues,
  formatField,
  formatRef,
  isWithin,
  kindOf,
  kinds,
  localKey,
  parseField,
  parseRef,
} from '../resources/index.js'
import type {ClusterState, Declared, ObjectRef} from '../resources/index.js'
import {
  ignoreOf,
  itemText,
  joinedWords,
  lookUp,
  namesOf,
  resolveObject,
  subjectOf,
  subjectOfDeclared,
  wordOf,
  type KnownObject,
  type Naming,
  type OpenItem,
} from '../workspace/index.js'
import type {Choice, Verdict} from './decision.js'

/** What words select from. */
export interface Selecting {
  session: Session
  verdict: Verdict
  head: Manifests
  work: Manifests
  /** The clusters that may be meant, and what was recorded of them. */
  clusters: readonly string[]
  states: readonly ClusterState[]
  /** The objects that differ from what was recorded last, by `formatRef`. */
  open: ReadonlyMap<string, Assessed>
  /** The folder that paths are relative to. */
  folder: string
}

/**
 * The differences that words select: those that are open; where a word names an object or a field of which nothing is, `accept` takes what
 * is unmanaged or was rejected, and of what is named itself, a field or an object that the cluster has not, also a change of people's own. All that is open without any word.
 * @throws PMPC_NOTHING_OPEN for a word that selects nothing, with what is open; PMPC_IGNORED; PMPC_NO_MANIFEST for a kind that is observed only;
 * PMPC_MANIFEST_UNCOMMITTED; and as `resolveObject`
 */
export function chooseItems(selecting: Selecting, words: readonly string[]): Choice[] {
  const all = openItems(selecting)
  if (words.length === 0) return all.map(choiceOf)
  if (words.includes('')) throw emptyWord(selecting.verdict)
  const naming = {
    known: knownObjects(selecting),
    clusters: selecting.clusters,
    all: selecting.session.workspace.clusters,
    command: `pmpc ${selecting.verdict}`,
    found: 'is in a cluster or a manifest',
  }
  const chosen = new Map<string, Choice>()
  const joined = joinedWords(words, (each) => pathOf(selecting, each) !== undefined)
  for (const word of withFields(joined, (each) => lookUp(each, naming).length > 0))
    for (const choice of chosenBy(selecting, naming, word)) {
      const name = wordOf(itemText(choice.item))
      if (!chosen.get(name)?.isSpelledOut) chosen.set(name, choice)
    }
  const isOpen = new Set(all.map((item) => wordOf(itemText(item))))
  // What is open in its own order, as all else is told in it.
  const open = all.flatMap((item) => chosen.get(wordOf(itemText(item))) ?? [])
  return [...open, ...[...chosen].filter(([name]) => !isOpen.has(name)).map(([, choice]) => choice)]
}

/** An unset variable of a script: without the word all would be meant. */
function emptyWord(verdict: Verdict): PmpcError {
  return new PmpcError('PMPC_USAGE', 'An empty word names no object, and nothing was decided.', {
    suggestions: [`pmpc ${verdict} --help`],
  })
}

function choiceOf(item: OpenItem): Choice {
  return {item, state: item.state}
}

function openItems({open, clusters}: Selecting): OpenItem[] {
  return [...open.values()].flatMap(({ref, items}) => (clusters.includes(ref.cluster) ? items : []))
}

function chosenBy(selecting: Selecting, naming: Naming, word: string): Choice[] {
  const [object, wanted] = splitField(word)
  const path = pathOf(selecting, word)
  if (path !== undefined) {
    const named = isWrittenAsPath(word) ? [] : lookUp(object, naming)
    if (named.length > 0) throw alsoPath(word, named.map(formatRef), selecting.verdict)
    const below = openItems(selecting).filter(({ref}) =>
      [selecting.head, selecting.work].some((side) => isBelow(side.pathOf(ref), path)),
    )
    if (below.length === 0) throw nothingOpen(selecting, word, [])
    return below.map(choiceOf)
  }
  const refs = resolveObject(object, naming)
  for (const ref of refs) refuseUndecidable(selecting, ref, wanted)
  const mine = refs.flatMap((ref) => selecting.open.get(formatRef(ref)) ?? [])
  const open = mine.flatMap(({items}) => items).filter(({field}) => wanted === undefined || isMeant(field, wanted))
  if (open.length > 0)
    return open.map((item) => ({...choiceOf(item), isSpelledOut: wanted !== undefined && isNamed(item.field, wanted)}))
  const settled = selecting.verdict === 'reject' ? [] : mine.flatMap(takeableOf)
  const taken = settled.filter(({item, why}) =>
    wanted === undefined ? why !== 'yours' || item.field === undefined : isMeant(item.field, wanted),
  )
  if (taken.length === 0) throw nothingOpen(selecting, word, refs)
  for (const {item, why} of taken) if (why === 'unmanaged') refuseUncommitted(selecting, item.ref)
  return taken.map(({item, why}) => ({item, state: why}))
}

/** A field as `pmpc status` tells it behind its object, with a blank between them: `config.net0.tag`, `pool`. */
const fieldBehind = new RegExp(
  `^(?:config[.[].+?|${[...new Set(kinds.flatMap(({beside}) => Object.keys(beside ?? {})))].join('|')}):?$`,
)

/** What was copied from `pmpc status`, in quotes or as two words, is made an object with its field. */
function withFields(words: readonly string[], isObject: (word: string) => boolean): string[] {
  const joined: string[] = []
  for (const word of words) {
    const isAlone = fieldBehind.test(word)
    const at = word.indexOf(' ')
    const [object, field] = isAlone ? [joined.at(-1), word] : [word.slice(0, Math.max(at, 0)), word.slice(at + 1)]
    const isField = object !== undefined && fieldBehind.test(field) && !isObject(word) && isObject(object)
    if (isField && isAlone) joined.pop()
    joined.push(isField ? `${object}:${field.replace(/:$/, '')}` : word)
  }
  return joined
}

function splitField(word: string): [string, string | undefined] {
  const at = word.indexOf(':')
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)]
}

/** `config.net0` selects `config.net0.tag`; `memory` is short for `config.memory`. */
function isMeant(name: string | undefined, wanted: string): boolean {
  const field = name === undefined ? undefined : parseField(name)
  if (!field) return false
  return fieldsMeant(wanted).some((outer) => isWithin(field, outer))
}

/** Whether it is the field itself, and none within it. */
function isNamed(name: string | undefined, wanted: string): boolean {
  return fieldsMeant(wanted).some((field) => formatField(field) === name)
}

function fieldsMeant(wanted: string) {
  return [wanted, `config.${wanted}`].flatMap((text) => parseField(text) ?? [])
}

/** Words that can be nothing else. */
function isWrittenAsPath(word: string): boolean {
  return /^\.{0,2}\/|^\.{1,2}$|\.ya?ml$/.test(word)
}

/** A path of the workspace at or below which a manifest is, or one that is written as such; undefined: the word is none. */
function pathOf({session, folder, head, work}: Selecting, word: string): string | undefined {
  const path = relative(session.workspace.root, resolve(folder, word)).split(sep).join('/')
  if (isWrittenAsPath(word)) return path
  const paths = [head, work].flatMap(({index}) => [...index.documents.values()].map((document) => document.path))
  return paths.some((file) => isBelow(file, path)) ? path : undefined
}

function isBelow(file: string | undefined, path: string): boolean {
  return file !== undefined && (file === path || path === '' || file.startsWith(`${path}/`))
}

/** Everything that is in a cluster, or in a manifest, with all that it is called. */
function knownObjects({session, clusters, states, open, head, work}: Selecting): KnownObject[] {
  const known = new Map<string, KnownObject & {names: string[]}>()
  const add = (ref: ObjectRef, names: string[]) => {
    const object = formatRef(ref)
    if (!clusters.includes(ref.cluster)) return
    const before = known.get(object)?.names ?? []
    known.set(object, {ref, names: [...new Set([...before, ...names])]})
  }
  for (const {cluster, objects} of states)
    for (const {kind, id, config} of objects) add({cluster, kind, id}, namesOf(kind, config))
  for (const side of [head, work])
    for (const {ref, declared} of side.index.documents.values()) add(ref, namesOf(ref.kind, declared.config))
  for (const {ref, items} of open.values()) if (items.length > 0) add(ref, [])
  for (const cluster of clusters)
    for (const object of recallSync(session.workspace.root, cluster)?.ignoredObjects ?? [])
      add(parseRef(`${cluster}/${object}`), [])
  return [...known.values()]
}

/** Refuses what has no manifests, and what a rule leaves out. */
function refuseUndecidable(selecting: Selecting, ref: ObjectRef, wanted: string | undefined): void {
  const {session, states, head, work, verdict} = selecting
  const object = formatRef(ref)
  const kind = kindOf(ref.kind)
  if (!kind.declared)
    throw new PmpcError(
      'PMPC_NO_MANIFEST',
      `${object} is recorded and never declared: there is nothing to ${verdict} of ${kind.plural}`,
      {suggestions: [`pmpc describe ${shellWord(object)}`, 'pmpc status'], data: {object}},
    )
  const rules = ignoreOf(session.workspace.config.ignore)
  const state = states.find(({cluster}) => cluster === ref.cluster)
  const observed = state?.objects.find((each) => each.kind === ref.kind && each.id === ref.id)
  const declared: Declared | undefined = head.declared(ref) ?? work.declared(ref)
  const subject = observed ? subjectOf(observed) : declared && subjectOfDeclared(declared)
  const wasLeftOut = recallSync(session.workspace.root, ref.cluster)?.ignoredObjects?.includes(localKey(ref))
  const isIgnored = subject ? rules.object(subject) : false
  if (isIgnored || (!observed && wasLeftOut)) throw ignored(object, undefined, verdict)
  const key = wanted === undefined ? undefined : ignoredKey(wanted, rules.keys({...subject, ...ref}))
  if (key !== undefined) throw ignored(object, key, verdict)
}

function ignoredKey(wanted: string, isIgnored: (key: string) => boolean): string | undefined {
  return fieldsMeant(wanted)
    .flatMap(({path: [first, key]}) => (first === 'config' && key !== undefined ? [key] : []))
    .find(isIgnored)
}

function ignored(object: string, key: string | undefined, verdict: Verdict): PmpcError {
  const what = key === undefined ? object : `the key ${key} of ${object}`
  return new PmpcError('PMPC_IGNORED', `a rule of pmpc.yaml leaves ${what} out, so there is nothing to ${verdict}`, {
    suggestions: ['pmpc sync   # when the rule is taken out of ignore: in pmpc.yaml', 'pmpc status'],
    data: {object, ...(key !== undefined && {key})},
  })
}

/** What people wrote for an object that HEAD has no manifest of is a declaration of theirs, which nobody but them commits. */
function refuseUncommitted({work}: Selecting, ref: ObjectRef): void {
  const path = work.pathOf(ref)
  if (path === undefined) return
  const [object, file] = [formatRef(ref), shellWord(path)]
  throw new PmpcError(
    'PMPC_MANIFEST_UNCOMMITTED',
    `${object} is declared in ${path}, which is not committed; nothing was changed`,
    {
      suggestions: [
        `git add ${file} && git commit -m "Manage ${ref.kind} ${ref.id}" -- ${file} && pmpc sync   # what differs from the cluster is asked about`,
        `rm ${file} && pmpc accept ${shellWord(object)}   # takes what the cluster has in its place`,
      ],
      data: {object, path},
    },
  )
}

function alsoPath(word: string, objects: string[], verdict: Verdict): PmpcError {
  return new PmpcError('PMPC_AMBIGUOUS', `"${word}" is a path, and may be ${objects.join(' or ')}`, {
    suggestions: [...objects.map(shellWord), shellWord(`./${word}`)].map((each) => `pmpc ${verdict} ${each}`),
    data: {objects},
  })
}

/** How many of the things that could be meant an error names. */
const most = 5

/** Says why a word selects nothing, and what to type for what is there. */
function nothingOpen(selecting: Selecting, word: string, refs: readonly ObjectRef[]): PmpcError {
  const {verdict, open, head, work} = selecting
  const mine = refs.flatMap((ref) => open.get(formatRef(ref)) ?? [])
  const wanted = refs.length > 0 ? splitField(word)[1] : undefined
  for (const ref of refs) if (wanted !== undefined) refuseField(selecting, ref, wanted)
  const items = mine.flatMap((assessed) => assessed.items)
  const settled = verdict === 'accept' ? mine.flatMap(takeableOf).map(({item}) => item) : []
  const [kept, yours] = [items, settled].map((each) => each.map((item) => wordOf(itemText(item))))
  const deleted = refs.flatMap((ref) => (work.declared(ref) ? [] : (head.pathOf(ref) ?? [])))
  const near = wanted === undefined ? undefined : nearestField(wanted, [...items, ...settled])
  const suggestions = [
    ...(near ? [near] : []),
    ...kept!.filter((each) => each !== near),
    ...yours!.filter((each) => each !== near).map((each) => `${each}   # yours, not yet applied`),
  ].map((each) => `pmpc ${verdict} ${each}`)
  if (deleted.length > 0)
    suggestions.unshift(`git restore ${shellWord(deleted[0]!)}   # its manifest is deleted here, and committed`)
  const [other] = openItems(selecting)
  if (suggestions.length === 0 && other)
    suggestions.push(`pmpc ${verdict} ${wordOf(itemText(other))}   # an object, a field, or the path of a manifest`)
  const meant = near === undefined ? '' : `; did you mean ${near}?`
  const objects = refs.map(formatRef)
  const isSame = wanted === undefined && items.length === 0 && mine.flatMap(takeableOf).length === 0
  const nothing =
    objects.length === 0
      ? `"${word}" selects nothing that is open`
      : `nothing of ${objects.join(' and ')}${wanted === undefined ? '' : ` at ${wanted}`} is open`
  const why = isSame && objects.length > 0 && deleted.length === 0 ? ', and manifest and cluster say the same' : ''
  return new PmpcError('PMPC_NOTHING_OPEN', `${nothing}${why}; nothing was changed${meant}`, {
    suggestions: [...suggestions.slice(0, most), other ? 'pmpc status' : 'pmpc sync'],
    data: {word, ...(objects.length > 0 && {objects})},
  })
}

/** Refuses a field that is edited and not committed, and, where an object is one only, a field that it does not have. */
function refuseField({verdict, open, head, work, states}: Selecting, ref: ObjectRef, wanted: string): void {
  const [before, here] = [head, work].map((side) => side.declared(ref)).map((each) => each && declaredDocument(each))
  const documents = [before, here].filter((each) => each !== undefined)
  const declared = fieldsOf(documents)
  const edited = declared.filter(
    (field) => isMeant(formatField(field), wanted) && !equalValues(getField(before, field), getField(here, field)),
  )
  const [object, path] = [formatRef(ref), work.pathOf(ref)]
  if (edited.length > 0 && before && path !== undefined)
    throw new PmpcError(
      'PMPC_NOTHING_OPEN',
      `${edited.map(formatField).join(', ')} of ${object} is an edit of your own in ${path} that is not committed; nothing was changed`,
      {
        suggestions: [
          `git restore -p -- ${shellWord(path)}   # takes it back`,
          `git commit -p -m "Change ${ref.kind} ${ref.id}" -- ${shellWord(path)}   # keeps it`,
        ],
        data: {object, path, fields: edited.map(formatField)},
      },
    )
  const observed = states
    .find(({cluster}) => cluster === ref.cluster)
    ?.objects.find(({kind, id}) => kind === ref.kind && id === ref.id)
  const items = (open.get(object)?.items ?? []).flatMap(({field}) => field ?? [])
  const names = [
    ...declared.map(formatField),
    ...Object.keys(observed?.config ?? {}).map((key) => `config.${key}`),
    ...items,
  ]
  const isThere = fieldsMeant(wanted).some((asked) =>
    names.flatMap((name) => parseField(name) ?? []).some((field) => isWithin(field, asked) || isWithin(asked, field)),
  )
  if (isThere || names.length === 0) return
  const plain = new Map(names.map((name) => [name.replace(/^config\./, ''), name]))
  const near = nearest(wanted.replace(/^config\./, ''), plain.keys())
  const meant = near === undefined ? undefined : `${object}:${plain.get(near)!}`
  throw new PmpcError(
    'PMPC_NOTHING_OPEN',
    `${object} has no field ${wanted}; nothing was changed${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    {
      suggestions: [
        ...(meant === undefined ? [] : [`pmpc ${verdict} ${shellWord(meant)}`]),
        `pmpc describe ${shellWord(object)}`,
      ],
      data: {object, field: wanted, nearest: meant ?? null},
    },
  )
}

/** The word of the item whose field was probably meant. */
function nearestField(wanted: string, items: readonly OpenItem[]): string | undefined {
  const plain = (field: string) => field.replace(/^config\./, '')
  const words = new Map(
    items.flatMap((item) => (item.field === undefined ? [] : [[plain(item.field), wordOf(itemText(item))] as const])),
  )
  const near = nearest(plain(wanted), words.keys())
  return near === undefined ? undefined : words.get(near)
}
