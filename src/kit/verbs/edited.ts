import type {Repository} from '../git/index.js'
import {Session, viewOf, type Edits, type Manifests, type Spliced, type View} from '../reconcile/index.js'
import {exclusively, type Caller} from '../runs/index.js'
import type {Workspace} from '../workspace/index.js'
import {blockedByAnchor} from './unspliceable.js'

/** A workspace that is held, with HEAD's manifests and the working tree's. */
export interface Opened {
  repository: Repository
  session: Session
  view: View
  work: Manifests
}

/**
 * Opens a workspace for a verb that edits manifests and applies that.
 * @param afterwards the command to type once Git is through with what it is in the middle of
 * @throws as `exclusively`, `Session` and `viewOf`
 */
export async function opened<T>(
  workspace: Workspace,
  caller: Caller,
  afterwards: string,
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  return exclusively(
    workspace.root,
    caller,
    async (repository) => {
      const session = await Session.open(workspace, repository)
      const [view, manifests] = await Promise.all([viewOf(session), session.work()])
      return work({repository, session, view, work: manifests})
    },
    {afterwards},
  )
}

/**
 * Edits the working tree's manifests for what follows from them, and puts them back as they were where nothing came of it: where it throws, or nothing was
 * committed. What people change meanwhile stays theirs.
 * @throws PMPC_MANIFEST_SHARED where an edit would change another document, too; and what `work` throws
 */
export async function withEdited<T extends {intention: string | null}>(
  session: Session,
  manifests: Manifests,
  edits: Edits,
  work: () => Promise<T>,
): Promise<T> {
  const spliced = await manifests.splice(edits)
  if (spliced.blocked.length > 0) throw blockedByAnchor(spliced.blocked)
  const write = async (texts: Spliced) =>
    texts.texts.size > 0 && session.write({files: [], work: texts, message: '', runHooks: false})
  await write(spliced)
  const takeBack = async () => {
    const {oid} = await session.repository.head()
    if (oid === session.head) await write(inverse(spliced))
  }
  try {
    const result = await work()
    if (result.intention === null) await takeBack()
    return result
  } catch (error) {
    await takeBack()
    throw error
  }
}

function inverse({texts, originals, redo}: Spliced): Spliced {
  return {
    texts: new Map([...originals].map(([path, text]) => [path, text ?? null])),
    originals: new Map([...texts].map(([path, text]) => [path, text ?? undefined])),
    redo,
    kept: [],
    blocked: [],
  }
}
