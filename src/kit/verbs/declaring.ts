// Changes of manifests that are committed by themselves: what `pmpc set`, `edit` and `create` have in common.
import {isPmpcError, PmpcError, retold} from '../errors/index.js'
import {shellWord} from '../files/inside.js'
import {describeLeft} from '../git/worktree.js'
import {
  declaredDocument,
  editsBetween,
  stagedMoves,
  type Document,
  type Edit,
  type Edits,
  type Spliced,
} from '../reconcile/index.js'
import {formatRef, kindOf, type Declared, type ObjectRef, type Value} from '../resources/index.js'
import type {Caller} from '../runs/index.js'
import {validate, type Finding} from '../validation/index.js'
import type {Workspace} from '../workspace/index.js'
import {applyIn, type ApplyRequest, type ApplyResult} from './apply.js'
import type {Opened} from './edited.js'
import {blockedByAnchor, movedInIndex} from './unspliceable.js'

/** What is to be written, side by side. */
export interface Declaring {
  /** Nothing where it is not to be committed. */
  head: Edits
  work: Edits
  message: string
}

/** What was written. */
export interface DeclaredSo {
  /** null: HEAD holds it already, or it was not to be committed. */
  commit: string | null
  /** Manifests that were written or committed, by path. */
  files: string[]
  warnings: string[]
}

/**
 * Edits manifests in HEAD and in the working tree, and commits that alone: what is staged or edited beside it stays. What cannot be so is refused before anything
 * is written.
 * @throws PMPC_MANIFEST_SHARED, PMPC_MANIFEST_MOVED, PMPC_MANIFEST_INVALID, PMPC_HOOK_FAILED, PMPC_GIT_…; nothing was changed then
 */
export async function declare({session, view, work}: Opened, {head, work: mine, message}: Declaring) {
  const committed = await view.head.splice(head, {like: work})
  const written = await work.splice(mine)
  const blocked = [...committed.blocked, ...written.blocked]
  if (blocked.length > 0) throw blockedByAnchor(blocked)
  const moved = await stagedMoves(
    session,
    [view.head, work],
    head.map(({ref}) => ref),
  )
  if (moved.length > 0) throw movedInIndex(moved)
  const [ofHead, ofWork] = [committed, written].map(changed) as [Spliced, Spliced]
  const odd = ofWork.texts.size > 0 ? await refuseInvalid(session.workspace, ofWork.texts) : []
  const told = written.kept.map(({object, why}) => `${object}: ${why}`)
  const nothing: DeclaredSo = {commit: null, files: [], warnings: [...told, ...odd]}
  if (ofHead.texts.size + ofWork.texts.size === 0) return nothing
  const result = await session.write({files: [], head: ofHead, work: ofWork, message, runHooks: true})
  return {
    commit: result.commit,
    files: result.manifests,
    warnings: [...nothing.warnings, ...result.warnings, ...result.left.map(describeLeft)],
  }
}

/** Without what comes to the same text. */
function changed(spliced: Spliced): Spliced {
  const texts = [...spliced.texts].filter(([path, text]) => text !== spliced.originals.get(path))
  return {...spliced, texts: new Map(texts)}
}

/**
 * Holds texts against all that `pmpc validate` knows.
 * @returns what is odd in them, and was not before
 * @throws PMPC_MANIFEST_INVALID for what is wrong in them, and was not before
 */
export async function refuseInvalid({root}: Workspace, texts: ReadonlyMap<string, string | null>): Promise<string[]> {
  const after = (await validate(root, [], texts)).problems.filter(({file}) => texts.has(file))
  if (after.length === 0) return []
  const before = new Set((await validate(root)).problems.map(nameOf))
  const fresh = after.filter((finding) => !before.has(nameOf(finding)))
  const wrong = fresh.filter(({severity}) => severity === 'error')
  if (wrong.length > 0) throw invalid(wrong)
  return fresh.map(lineOf)
}

const nameOf = ({file, code, message, object, field}: Finding): string =>
  JSON.stringify([file, code, message, object, field])

/** Some messages name the object themselves. */
function lineOf({file, line, message, object}: Finding): string {
  if (object === undefined) return `${file}:${line}: ${message}`
  const own = `${object.slice(object.indexOf('/') + 1)} `
  return `${object}: ${message.startsWith(own) ? message.slice(own.length) : message}`
}

function invalid(findings: readonly Finding[]): PmpcError {
  const lines = findings.slice(0, 20).map(lineOf)
  if (findings.length > lines.length) lines.push(`… and ${findings.length - lines.length} more`)
  return new PmpcError('PMPC_MANIFEST_INVALID', `nothing was changed, as it cannot be so:\n  ${lines.join('\n  ')}`, {
    suggestions: ['pmpc validate   # what is wrong already, and was before'],
    data: {problems: findings.map((finding) => ({...finding}))},
  })
}

/** What makes the one document of the other; where an object is to be is one thing with whether it is to stay there. */
export function editsTo(before: Declared, after: Document): Edit[] {
  return editsBetween(declaredDocument(before), after).map((edit): Edit => {
    if (edit.do !== 'set' || edit.path[0] !== 'placement') return edit
    const {value} = edit
    // A flag of pmpc's own, and no value of PVE's.
    const placement = value === undefined ? undefined : ({node: value, pinned: true} as unknown as Value)
    return {do: 'set', path: ['placement'], value: placement}
  })
}

/** How what was just declared is applied. */
export type Applying = Omit<
  ApplyRequest,
  | 'clusters'
  | 'words'
  | 'exclude'
  | 'refresh'
  | 'only'
  | 'edited'
  | 'takeAway'
  | 'begun'
  | 'failFast'
  | 'resume'
  | 'again'
>

/**
 * Goes on with an apply of these objects; what the commit of before wishes stays committed, whatever comes of it.
 * @throws as `applyIn`, and says so
 */
export async function applyDeclared(
  {workspace, opened: {repository}}: {workspace: Workspace; opened: Opened},
  {refs, commit, applying}: {refs: readonly ObjectRef[]; commit: string | null; applying: Applying},
  caller: Caller,
  version: string,
): Promise<ApplyResult> {
  const names = refs.map(formatRef)
  const again = `pmpc apply ${names.slice(0, 20).map(shellWord).join(' ')}`
  const request: ApplyRequest = {
    ...applying,
    clusters: [...new Set(refs.map(({cluster}) => cluster))],
    ...{words: [], exclude: [], refresh: false, only: new Set(names), failFast: false, resume: false, again},
  }
  try {
    const result = await applyIn(workspace, repository, request, caller, version)
    return {...result, intention: result.intention ?? commit}
  } catch (error) {
    if (!isPmpcError(error) || commit === null) throw error
    throw retold(error, {
      message: `${error.message}\nWhat is wished is committed in ${commit.slice(0, 10)}, and stays.`,
      suggestions: [...error.suggestions, `git revert ${commit.slice(0, 10)}   # takes it back`],
      data: {commit},
    })
  }
}

/** An object that no manifest of people's declares. */
export function undeclared(ref: ObjectRef, isInHead: string | undefined): PmpcError {
  const object = formatRef(ref)
  const {declared} = kindOf(ref.kind)
  if (!declared)
    return new PmpcError('PMPC_NO_MANIFEST', `${object} is observed only, and no manifest can declare it`, {
      suggestions: [`pmpc describe ${shellWord(object)}`],
      data: {object},
    })
  const suggestion =
    isInHead === undefined
      ? `pmpc accept ${shellWord(object)}`
      : `git restore ${shellWord(isInHead)}   # it was taken out`
  return new PmpcError('PMPC_NOT_MANAGED', `no manifest declares ${object}`, {
    suggestions: [suggestion, `pmpc describe ${shellWord(object)}`],
    data: {object},
  })
}

/** A manifest that people wrote and did not commit: to commit a change of it would commit all of it. */
export function uncommittedFile(ref: ObjectRef, path: string): PmpcError {
  const [object, file] = [formatRef(ref), shellWord(path)]
  return new PmpcError('PMPC_MANIFEST_UNCOMMITTED', `${object} is declared in ${path}, which is not committed`, {
    suggestions: [
      `git add ${file} && git commit -- ${file}   # then run the command again`,
      'run it with --no-commit: it changes the file only',
    ],
    data: {object, file: path},
  })
}
