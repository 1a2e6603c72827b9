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
 * The working tree's manifests with edits: what an apply takes for the working tree, and writes with the commit of its wishes.
 * @throws PMPC_MANIFEST_SHARED where an edit would change another document, too
 */
export async function editedWith(work: Manifests, edits: Edits): Promise<Spliced | undefined> {
  const spliced = await work.splice(edits)
  if (spliced.blocked.length > 0) throw blockedByAnchor(spliced.blocked)
  return spliced.texts.size > 0 ? spliced : undefined
}
