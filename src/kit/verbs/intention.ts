import {
  boundDocument,
  copyField,
  copyOf,
  declaredDocument,
  editsBetween,
  equalDocuments,
  getField,
  Manifests,
  observedDocument,
  peoplesManifests,
  setField,
  stagedMoves,
  type Document,
  type Edit,
  type Edits,
  type Spliced,
  type View,
} from '../reconcile/index.js'
import {equalValues, formatRef, isMap, own, parentsOf, parseField} from '../resources/index.js'
import type {Declared, Field, ObjectRef, Observed, Value} from '../resources/index.js'
import {isMadeUp, meets} from '../values/index.js'
import {manifestTools, type ManifestIndex, type Position} from '../workspace/index.js'
import type {Numbered} from './read-plan.js'
import {blockedByAnchor, movedInIndex} from './unspliceable.js'

/** What somebody wishes, whether or not HEAD holds all of it already. */
export interface Uncommitted {
  ref: ObjectRef
  /** `config.memory`; undefined: the object as a whole. */
  fields?: readonly string[] | undefined
  /** It is to go. */
  absent?: true | undefined
}

/** What changes the manifests of HEAD and of the working tree before anything is sent. */
export interface Intention {
  head: Spliced
  work: Spliced
}

/** A document without an id, in the working tree and, where HEAD has it, too, there. */
interface Unmade {
  ref: ObjectRef
  path: string
  declared: Declared
  head?: {path: string; declared: Declared}
}

/**
 * The wishes of the working tree that HEAD lacks, spliced into HEAD's manifests, and the numbers of new guests in both: what an apply commits before it sends
 * anything. Of what is changed only the wished fields go along, as `accept` takes them; a manifest that HEAD does not have, or that says that its object is to
 * go, is taken as it is written. undefined: HEAD holds all of it.
 * @throws PMPC_MANIFEST_MOVED, PMPC_MANIFEST_SHARED where a wish cannot be committed without other changes of people's
 */
export async function intentionOf(
  view: View,
  work: Manifests,
  wishes: readonly Uncommitted[],
  numbers: readonly Numbered[] = [],
): Promise<Intention | undefined> {
  const isWished = new Set(wishes.map(({ref}) => formatRef(ref)))
  const unmade = unmadeOf(view, work, numbers).filter(({ref}) => isWished.has(formatRef(ref)))
  const written = await work.splice(
    unmade.map(({ref, path, declared}) => ({ref, edits: [{do: 'number', path, declared}]})),
  )
  const texts = new Texts(work, written)
  const declared = peoplesManifests(view.noted, view.head, work.index)
  const edits: Edits = unmade.flatMap(({ref, head}) => (head ? [{ref, edits: [{do: 'number' as const, ...head}]}] : []))
  for (const wish of wishes) {
    const numbered = unmade.find(({ref}) => formatRef(ref) === formatRef(wish.ref))
    const mine = numbered
      ? await ofUnmade(texts, numbered)
      : await ofWish(view, work, texts, wish, declared.get(formatRef(wish.ref)))
    if (mine.length > 0) edits.push({ref: wish.ref, edits: mine})
  }
  const moved = await stagedMoves(
    view.session,
    [view.head, work],
    edits.map(({ref}) => ref),
  )
  if (moved.length > 0) throw movedInIndex(moved)
  const committed = await view.head.splice(edits, {like: work})
  const blocked = [...committed.blocked, ...written.blocked]
  if (blocked.length > 0) throw blockedByAnchor(blocked)
  const [head, mine] = [changed(await asWritten(committed, texts)), changed(written)]
  return head.texts.size + mine.texts.size > 0 ? {head, work: mine} : undefined
}

/** Where the working tree says the same then, with the same comments, it is committed as it is written there: a form of people's is no change that stays. */
async function asWritten(committed: Spliced, texts: Texts): Promise<Spliced> {
  const {saySame} = await manifestTools()
  const all = [...committed.texts].map(async ([path, text]): Promise<[string, string | null]> => {
    const here = text === null ? undefined : await texts.of(path)
    return [path, here !== undefined && text !== null && saySame(text, here) ? here : text]
  })
  return {...committed, texts: new Map(await Promise.all(all))}
}

/** Without what comes to the same text. */
function changed(spliced: Spliced): Spliced {
  const texts = [...spliced.texts].filter(([path, text]) => text !== spliced.originals.get(path))
  return {...spliced, texts: new Map(texts)}
}

/** The working tree's texts, with the numbers in them. */
class Texts {
  constructor(
    private readonly work: Manifests,
    private readonly written: Spliced,
  ) {}

  async of(path: string): Promise<string | undefined> {
    return this.written.texts.get(path) ?? (await this.work.read(path))
  }

  async documentOf(ref: ObjectRef, path: string): Promise<string> {
    return (await manifestTools()).documentText((await this.of(path)) ?? '', ref)
  }
}

/** Each document of HEAD's that says `id: next` is that of the working tree which says the same, else which is of the same kind in the same file. */
function unmadeOf({head}: View, work: Manifests, numbers: readonly Numbered[]): Unmade[] {
  const left = [...head.index.unmade]
  const here = work.index.unmade.map((document) => ({
    document,
    number: numbers.find(({path, position}) => path === document.path && isAt(position, document.position)),
  }))
  type Document = ManifestIndex['unmade'][number]
  const isOf: readonly ((one: Document, other: Document) => boolean)[] = [
    (one, other) => one.path === other.path && equalDeclared(one.declared, other.declared),
    (one, other) => equalDeclared(one.declared, other.declared),
    (one, other) => one.path === other.path && one.declared.kind === other.declared.kind,
  ]
  const found = new Map<Document, Document>()
  for (const isSame of isOf) {
    for (const {document} of here) {
      const at = found.has(document)
        ? -1
        : left.findIndex((other) => other.cluster === document.cluster && isSame(document, other))
      if (at >= 0) found.set(document, left.splice(at, 1)[0]!)
    }
  }
  return here.flatMap(({document, number}) => {
    if (!number) return []
    const {cluster, path, declared} = document
    const committed = found.get(document)
    return [
      {
        ref: {cluster, kind: declared.kind, id: number.id},
        path,
        declared,
        ...(committed && {head: {path: committed.path, declared: committed.declared}}),
      },
    ]
  })
}

const isAt = (one: Position, other: Position): boolean => one.line === other.line && one.column === other.column

function equalDeclared(one: Declared, other: Declared): boolean {
  return equalValues(one as unknown as Value, other as unknown as Value)
}

async function ofUnmade(texts: Texts, {ref, path, declared, head}: Unmade): Promise<Edit[]> {
  if (head && equalDeclared(head.declared, declared)) return []
  return [{do: 'take', path, text: await texts.documentOf(ref, path)}]
}

/** What HEAD lacks of a wish. */
async function ofWish(
  {head}: View,
  work: Manifests,
  texts: Texts,
  {ref, fields, absent}: Uncommitted,
  people: Declared | undefined,
): Promise<Edit[]> {
  if (absent) {
    const path = work.absentAt(ref)
    return path === undefined || head.absentAt(ref) !== undefined
      ? []
      : [{do: 'take', path, text: await texts.documentOf(ref, path)}]
  }
  const [committed, path] = [head.declared(ref), work.pathOf(ref)]
  // What HEAD alone declares is committed.
  if (!people || path === undefined) return []
  if (!committed) return [{do: 'take', path, text: await texts.documentOf(ref, path)}]
  const [is, want] = [declaredDocument(committed), declaredDocument(people)]
  if (!fields)
    return [
      ...editsBetween(is, want).filter((edit) => edit.do !== 'set' || edit.path[0] !== 'placement'),
      ...besideEdits(committed, people),
    ]
  const accepted = copyOf(is)
  for (const name of fields) {
    const field = parseField(name)
    if (!field) continue
    copyField(accepted, withItsKey(field, is), want)
    for (const part of madeUpBeside(field, is, want)) copyField(accepted, part, want)
  }
  // Where it is to be is one thing with whether it is to stay there.
  return editsBetween(is, accepted).map((edit) =>
    edit.do === 'set' && edit.path[0] === 'placement' ? setBeside('placement', people.placement) : edit,
  )
}

const setBeside = (name: string, value: unknown): Edit => ({do: 'set', path: [name], value: value as Value | undefined})

/** A part of a key that HEAD does not have is nothing by itself. */
function withItsKey(field: Field, head: Document): Field {
  const [first, key = ''] = field.path
  return first === 'config' && own(head.config, key) === undefined ? {path: [first, key]} : field
}

/** What Proxmox VE makes up of a key is no wish of its own: with another volume its size is open again, where people took it out. */
function madeUpBeside({path: [first, key = '']}: Field, ...sides: Document[]): Field[] {
  if (first !== 'config') return []
  const parts = sides.flatMap(({config}) => {
    const value = own(config, key)
    return isMap(value) ? Object.keys(value).filter(isMadeUp) : []
  })
  return [...new Set(parts)].map((part): Field => ({path: ['config', key, part]}))
}

/** What tells how, and where, an object is to be made, and is no field of what is there. */
export function besideEdits(is: Declared, want: Declared): Edit[] {
  const names = ['from', 'placement'] as const
  return names.flatMap((name) =>
    equalValues(is[name] as Value, want[name] as Value) ? [] : [setBeside(name, want[name])],
  )
}

/** What was read after a run. */
export interface Observations {
  /** The objects of the run that are done, with the fields that were wished: what Proxmox VE made up of others stays open. */
  read: readonly {ref: ObjectRef; observed: Observed; fields: readonly string[]; along?: readonly string[]}[]
  /** Objects whose manifests go with them. */
  gone: readonly ObjectRef[]
}

/** What an apply writes into the manifests afterwards, and how they are looked at then. */
export interface FilledIn {
  head: Edits
  work: Edits
  /** With the manifests as they will be: what a merge of what was read starts from. */
  view: View
  manifests: Manifests
}

/**
 * What Proxmox VE made up (names of volumes, sizes, MAC addresses), written where HEAD's manifests left it open, and in the working tree, where that still says
 * the same: what people changed meanwhile stays theirs. What says that an object is to go goes with it, and so do the manifests of its parts. Pure.
 */
export function fillIns(view: View, work: Manifests, {read, gone}: Observations): FilledIn {
  const edits: {head: Edits; work: Edits} = {head: [], work: []}
  for (const one of read) {
    const all = madeUpOf(view.head.declared(one.ref), one)
    if (all.length === 0) continue
    edits.head.push({ref: one.ref, edits: all})
    const mine = stillOpen(all, view.head.declared(one.ref)!, work.declared(one.ref))
    if (mine.length > 0) edits.work.push({ref: one.ref, edits: mine})
  }
  for (const ref of gone) {
    edits.head.push(...removals(ref, view.head))
    edits.work.push(...removals(ref, work).filter(({ref: of}) => saySame(of, view.head, work)))
  }
  return {
    ...edits,
    view: {...view, head: withEdits(view.head, edits.head)},
    manifests: withEdits(work, edits.work),
  }
}

function madeUpOf(
  committed: Declared | undefined,
  {observed, fields, along = []}: Observations['read'][number],
): Edit[] {
  if (!committed) return []
  const [head, now] = [declaredDocument(committed), observedDocument(observed, committed)]
  const bound = boundDocument(head, now)
  const document = copyOf(head)
  for (const key of new Set(fields.flatMap((name) => parseField(name)?.path[1] ?? []))) {
    const [want, is] = [own(bound.config, key), own(now.config, key)]
    // What is neither as it was nor as it was wished is a conflict, and nothing to be filled in.
    if (want !== undefined && meets(head.kind, key, want, is)) setField(document, {path: ['config', key]}, want)
  }
  // What PVE keeps otherwise than it was wished, as the plan said, is no wish any more.
  for (const name of along) {
    const field = parseField(name)
    if (field) copyField(document, field, now)
  }
  return editsBetween(head, document)
}

/** Those of the edits that the working tree leaves open as HEAD does. What hangs together stays together: no size of one volume beside the wish for another. */
function stillOpen(edits: readonly Edit[], head: Declared, work: Declared | undefined): Edit[] {
  const [is, mine] = [declaredDocument(head), work && declaredDocument(work)]
  const keyOf = (edit: Edit) => (edit.do === 'set' ? edit.path.slice(0, 2).join(' ') : '')
  const isTheirs = (edit: Edit) =>
    edit.do === 'set' && !equalValues(getField(mine, {path: edit.path}), getField(is, {path: edit.path}))
  const theirs = new Set(edits.filter(isTheirs).map(keyOf))
  return mine ? edits.filter((edit) => !theirs.has(keyOf(edit))) : []
}

/** Of what says that the object is to go, and of its parts, which go along. */
function removals(ref: ObjectRef, side: Manifests): Edits {
  if (side.absentAt(ref) === undefined) return []
  const parts = [...side.index.documents.values()]
    .map((document) => document.ref)
    .filter((of) => parentsOf(of).some((parent) => formatRef(parent) === formatRef(ref)))
  return [ref, ...parts].map((of) => ({ref: of, edits: [{do: 'remove'}]}))
}

function saySame(ref: ObjectRef, ...sides: readonly [Manifests, Manifests]): boolean {
  const [one, other] = sides.map((side) => side.declared(ref))
  if (!one || !other) return one === other
  return equalDocuments(declaredDocument(one), declaredDocument(other))
}

/** Manifests as they will say it; their texts are still those of before. */
function withEdits(side: Manifests, edits: Edits): Manifests {
  const [documents, absent] = [new Map(side.index.documents), new Map(side.index.absent)]
  for (const {ref, edits: all} of edits) {
    const object = formatRef(ref)
    const there = documents.get(object)
    const document = there && declaredDocument(there.declared)
    for (const edit of all) {
      if (edit.do === 'remove') {
        documents.delete(object)
        absent.delete(object)
      }
      if (edit.do === 'set' && document) setField(document, {path: edit.path}, edit.value)
    }
    if (document && documents.has(object))
      documents.set(object, {...there, declared: {...there.declared, config: document.config}})
  }
  return new Manifests({...side.index, documents, absent}, side.read)
}
