import {formatRef, type ObjectRef} from '../resources/index.js'
import type {Manifests, Session} from './session.js'

/** A manifest whose move to another file is staged, and not committed. */
export interface StagedMove {
  object: string
  from: string
  to: string
}

/**
 * The objects whose manifest's move is staged. Committing at the old path would leave the old value in the index at the new one, and
 * the next commit would undo what was accepted.
 */
export async function stagedMoves(
  session: Session,
  [head, work]: [Manifests, Manifests],
  refs: Iterable<ObjectRef>,
): Promise<StagedMove[]> {
  const moves = [...refs].flatMap((ref): StagedMove[] => {
    const [from, to] = [head.pathOf(ref), work.pathOf(ref)]
    return from !== undefined && to !== undefined && from !== to ? [{object: formatRef(ref), from, to}] : []
  })
  if (moves.length === 0) return []
  const paths = moves.map(({to}) => session.inRepository(to))
  const staged = new Set(
    (await session.repository.status(paths))
      .filter((file) => !file.untracked && !file.intentToAdd && file.staged !== '.')
      .map(({path}) => path),
  )
  return moves.filter(({to}) => staged.has(session.inRepository(to)))
}

/** What to say of a staged move. */
export function describeMove({object, from, to}: StagedMove): string {
  return `${object}: its move from ${from} to ${to} is staged and not committed`
}
