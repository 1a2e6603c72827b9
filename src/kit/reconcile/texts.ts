import {formatRef, parentsOf} from '../resources/index.js'
import type {Declared, ObjectRef} from '../resources/index.js'
import {joinedFiles, manifestTools, ownFileOf, printedManifests, printManifest} from '../workspace/index.js'
import type {FieldEdit, ParsedManifests, Places} from '../workspace/index.js'
import {foldedPath} from '../workspace/manifest-list.js'
import {declaredDocument, editsBetween, equalDocuments} from './documents.js'
import type {Edit} from './documents.js'

/** The manifests of one side, HEAD's or the working tree's. */
export interface ManifestSide {
  /** Path of the file that declares an object. */
  pathOf(ref: ObjectRef): string | undefined
  /** Path of the file that says that an object is to be absent. */
  absentAt?(ref: ObjectRef): string | undefined
  /** All that is declared. */
  readonly places: Places
  /** Text of a file, or undefined where there is none. */
  read(path: string): Promise<string | undefined>
}

/** What is to change, object by object. */
export type Edits = {ref: ObjectRef; edits: Edit[]}[]

/** Does again to another version of a file what was done to it. */
export type Redo = (text: string) => string | null

export interface Spliced {
  /** New texts by path; null where the file goes. */
  texts: Map<string, string | null>
  /** The texts that were spliced; undefined where there was no file. */
  originals: Map<string, string | undefined>
  redo: Map<string, Redo>
  /** What people typed and no offer of ours is, and so stays where something of ours goes; with the reason. */
  kept: {object: string; why: string; whole?: true}[]
  /** Objects that cannot be edited without changing another's document (a shared anchor), with the reason. */
  blocked: {object: string; why: string}[]
}

/** One change of a file: sets values of a document, takes it out, adds one, puts one (back) as it is written, or gives one its number. */
type Step = {ref: ObjectRef} & (
  {set: FieldEdit[]} | {add: Declared} | {putBack: string} | {take: string} | {number: Declared} | {remove: true}
)

type Tools = Awaited<ReturnType<typeof manifestTools>>

/**
 * Splices edits into manifests. Nothing but the edited values changes.
 * @param others.restoreFrom the side from which `restore` takes a document, as it is written there
 * @param others.like the side where a new document stands already: it goes into the same file
 */
export async function spliceManifests(
  side: ManifestSide,
  edits: Edits,
  {restoreFrom, like}: {restoreFrom?: ManifestSide; like?: ManifestSide} = {},
): Promise<Spliced> {
  const result: Spliced = {texts: new Map(), originals: new Map(), redo: new Map(), kept: [], blocked: []}
  const steps = await stepsByPath(side, edits, {restoreFrom, like})
  let tools: Tools | undefined
  for (const [path, all] of steps) {
    const original = await side.read(path)
    const isNewFile = !original?.trim() && all.length === 1 && 'add' in all[0]!
    if (!isNewFile) tools ??= await manifestTools()
    const ofPath: Step[] = []
    for (const step of all) {
      const isTheirs = restoreFrom && original && 'remove' in step && !(await isOurs(step.ref, original, restoreFrom))
      if (isTheirs)
        result.kept.push({object: formatRef(step.ref), why: `${path} holds text of yours, and stays`, whole: true})
      else ofPath.push(step)
    }
    if (ofPath.length === 0) continue
    const committed = await restoreFrom?.read(path)
    result.originals.set(path, original)
    const spliced = applySteps(tools, original, ofPath, result.blocked)
    const anew =
      tools && spliced && original && committed && spliceAnew(tools, ofPath[0]!.ref, {committed, original, spliced})
    result.texts.set(path, anew || spliced)
    for (const comment of tools ? commentsLeft(tools, original ?? '', anew || spliced || '') : [])
      result.kept.push({object: formatRef(ofPath[0]!.ref), why: `"${comment}" stays in ${path}, though its value goes`})
    result.redo.set(path, (text) => applySteps(tools, text, ofPath, []))
  }
  return result
}

/**
 * A file that is the committed text with values spliced in is spliced anew from the committed text: a value that is taken back returns
 * as it was written there (an alias, a number in quotes), and what stays is the smallest difference. Undefined where people wrote
 * anything else into it: their text is edited where it stands.
 */
function spliceAnew(
  tools: Tools,
  {cluster}: ObjectRef,
  texts: {committed: string; original: string; spliced: string},
): string | undefined {
  if (texts.original === texts.committed) return undefined
  const parse = (text: string) => tools.parseManifests(text, '', [cluster])
  const [committed, original, spliced] = [parse(texts.committed), parse(texts.original), parse(texts.spliced)]
  const turned = (into: ParsedManifests): string | undefined => {
    const blocked: Spliced['blocked'] = []
    const steps = committed.documents.flatMap((from, index): Step[] => {
      const edits = editsBetween(declaredDocument(from.declared), declaredDocument(into.documents[index]!.declared))
      const set = edits.flatMap((edit) => (edit.do === 'set' ? [{field: edit.path, value: edit.value}] : []))
      return set.length > 0 ? [{ref: from.ref, set}] : []
    })
    const text = applySteps(tools, texts.committed, steps, blocked)
    return text !== null && blocked.length === 0 && saysTheSame(parse(text), into) ? text : undefined
  }
  if (![original, spliced].every((other) => haveSameObjects(other, committed))) return undefined
  return turned(original) === texts.original ? turned(spliced) : undefined
}

/**
 * Whether nobody but pmpc wrote a document of the working tree, comments and order included: it is HEAD's, with other values spliced in, or what
 * pmpc prints of these values. Whether the values are an offer of ours is for the caller to know.
 */
async function isOurs(ref: ObjectRef, text: string, committed: ManifestSide): Promise<boolean> {
  const tools = await manifestTools()
  const held = tools.documentText(text, ref)
  const declaredIn = (document: string) => {
    const {documents, absent} = tools.parseManifests(document, '', [ref.cluster])
    return [...documents, ...absent][0]!.declared
  }
  if (placeOf(committed, ref) === undefined)
    return printedManifests(declaredIn(held)).some((printed) => held.trimEnd() === printed.trimEnd())
  // A second document of a file comes with its `---`.
  const was = tools.documentText(await documentText(ref, committed), ref)
  const edits = editsBetween(declaredDocument(declaredIn(was)), declaredDocument(declaredIn(held)))
  const set = edits.flatMap((edit) => (edit.do === 'set' ? [{field: edit.path, value: edit.value}] : []))
  return (
    held.trimEnd() === was.trimEnd() ||
    (set.length > 0 && tools.editManifest(was, ref, set).text.trimEnd() === held.trimEnd())
  )
}

/** Comments that stood behind a value, or below it, and are lines of their own now. */
function commentsLeft({commentLines}: Tools, before: string, after: string): string[] {
  const there = commentLines(before)
  return commentLines(after).filter((line) => {
    const at = there.indexOf(line)
    if (at >= 0) there.splice(at, 1)
    return at < 0
  })
}

function haveSameObjects(one: ParsedManifests, other: ParsedManifests): boolean {
  const names = ({documents, absent, unmade}: ParsedManifests) =>
    [documents, absent].map((all) => all.map(({ref}) => formatRef(ref)).join()).join(' ') + ` ${unmade.length}`
  return names(one) === names(other)
}

function saysTheSame({documents}: ParsedManifests, other: ParsedManifests): boolean {
  return documents.every(({declared}, index) =>
    equalDocuments(declaredDocument(declared), declaredDocument(other.documents[index]!.declared)),
  )
}

async function stepsByPath(
  side: ManifestSide,
  edits: Edits,
  {restoreFrom, like}: {restoreFrom?: ManifestSide; like?: ManifestSide},
): Promise<Map<string, Step[]>> {
  const steps = new Map<string, Step[]>()
  const added = new Map<string, string>()
  let joined: ReturnType<typeof joinedFiles> | undefined
  let taken: Set<string> | undefined
  const pathOfNew = async (ref: ObjectRef): Promise<string> => {
    const there = like?.pathOf(ref)
    if (there !== undefined) return there
    const [parent] = parentsOf(ref).flatMap((one) => side.pathOf(one) ?? added.get(formatRef(one)) ?? [])
    const beside = parent === undefined ? undefined : (joined ??= joinedFiles(side.places))(ref, parent)
    return beside ?? freePath(ref, side, (taken ??= foldedPaths(side, steps.keys())))
  }
  const pathOfOld = (step: Step): string | undefined =>
    ('putBack' in step ? undefined : placeOf(side, step.ref)) ?? restoreFrom?.pathOf(step.ref)
  for (const {ref, edits: ofObject} of wholesFirst(edits)) {
    for (const {path: own, ...step} of await stepsOf(ref, ofObject, {side, restoreFrom})) {
      const path = own ?? ('add' in step ? await pathOfNew(ref) : pathOfOld(step))
      if (path === undefined) continue
      if ('add' in step || 'take' in step) added.set(formatRef(ref), path)
      taken?.add(foldedPath(path))
      steps.set(path, [...(steps.get(path) ?? []), step])
    }
  }
  return steps
}

/** Parts come behind what they are a part of, as they may go into its file. */
function wholesFirst(edits: Edits): Edits {
  const isPart = ({ref}: Edits[number]) => parentsOf(ref).length > 0
  return [...edits.filter((one) => !isPart(one)), ...edits.filter(isPart)]
}

/** Steps, with the file that each is of where the edit itself tells. */
async function stepsOf(
  ref: ObjectRef,
  edits: Edit[],
  {side, restoreFrom}: {side: ManifestSide; restoreFrom: ManifestSide | undefined},
): Promise<(Step & {path?: string})[]> {
  const set = edits.flatMap((edit) => (edit.do === 'set' ? [{field: edit.path, value: edit.value}] : []))
  const steps: (Step & {path?: string})[] = []
  for (const edit of edits) {
    if (edit.do === 'number') steps.push({ref, number: edit.declared, path: edit.path})
    if (edit.do === 'take') {
      const there = placeOf(side, ref)
      if (there !== undefined && there !== edit.path) steps.push({ref, remove: true})
      steps.push({ref, take: edit.text, path: edit.path})
    }
    if (edit.do === 'write') steps.push({ref, add: edit.declared})
    if (edit.do === 'remove') steps.push({ref, remove: true})
    if (edit.do === 'restore') steps.push({ref, putBack: await documentText(ref, restoreFrom)})
  }
  // A document that is put back may be changed at once.
  if (set.length > 0) steps.push({ref, set})
  return steps
}

/** @param tools may be missing where one document is added to a file that is not there yet */
function applySteps(
  tools: Tools | undefined,
  text: string | undefined,
  steps: Step[],
  blocked: Spliced['blocked'],
): string | null {
  let now: string | null = text ?? ''
  for (const step of steps) {
    const empty: boolean = !now?.trim()
    if ('add' in step) now = empty || !tools ? printManifest(step.add) : tools.appendDocument(now!, step.add)
    else if ('take' in step) now = taken(tools!, now ?? '', step)
    else if ('putBack' in step)
      now = empty ? step.putBack : `${now!.replace(/\n?$/, '\n')}${step.putBack.replace(/^(?!---)/, '---\n')}`
    else if (empty) continue
    else if ('remove' in step) now = tools!.removeDocument(now!, step.ref)
    else {
      const edited =
        'number' in step
          ? tools!.numberManifest(now!, step.number, Number(step.ref.id))
          : tools!.editManifest(now!, step.ref, step.set)
      now = edited.text
      for (const {reason} of edited.blocked) blocked.push({object: formatRef(step.ref), why: reason})
    }
  }
  return now
}

/** A text of people's in the place of the document that stands there, or below what stands there. */
function taken(tools: Tools, text: string, {ref, take}: {ref: ObjectRef; take: string}): string {
  if (!text.trim()) return take
  const {documents, absent} = tools.parseManifests(text, '', [ref.cluster])
  const isThere = [...documents, ...absent].some((each) => formatRef(each.ref) === formatRef(ref))
  return isThere ? tools.replaceDocument(text, ref, take) : tools.appendDocument(text, take)
}

/** The file in which a side says anything of an object. */
function placeOf(side: ManifestSide, ref: ObjectRef): string | undefined {
  return side.pathOf(ref) ?? side.absentAt?.(ref)
}

/** One document as it stands in its file, comments and all, without the others. */
async function documentText(ref: ObjectRef, side: ManifestSide | undefined): Promise<string> {
  const path = side && placeOf(side, ref)
  let text = path === undefined ? undefined : await side?.read(path)
  if (path === undefined || text === undefined) throw new TypeError(`no manifest of ${formatRef(ref)} to restore`)
  const tools = await manifestTools()
  const {documents, absent, unmade} = tools.parseManifests(text, path, [ref.cluster])
  // What has no id yet cannot be named, to take it out.
  if (absent.length + unmade.length > 0) return tools.documentText(text, ref)
  for (const other of documents) {
    if (other.ref.kind !== ref.kind || other.ref.id !== ref.id) text = tools.removeDocument(text, other.ref) ?? text
  }
  return text
}

/** Where manifests stand, or are to stand, as some file systems tell it. */
function foldedPaths({places}: ManifestSide, more: Iterable<string>): Set<string> {
  return new Set([...[...places.values()].map(({path}) => path), ...more].map(foldedPath))
}

/**
 * Where a new document goes: a file of its own, and one that no file system takes for another's (PVE tells `Web` and `web` apart). One with somebody else's
 * text is left to them.
 */
async function freePath(ref: ObjectRef, side: ManifestSide, taken: ReadonlySet<string>): Promise<string> {
  const own = ownFileOf(ref)
  for (let n = 1; ; n++) {
    const path = n === 1 ? own : own.replace(/(?=\.yaml$)/, `.${n}`)
    if (!taken.has(foldedPath(path)) && !(await side.read(path))?.trim()) return path
  }
}
