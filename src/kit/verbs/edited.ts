import type {Edits, Manifests, Session, Spliced} from '../reconcile/index.js'
import {blockedByAnchor} from './unspliceable.js'

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
