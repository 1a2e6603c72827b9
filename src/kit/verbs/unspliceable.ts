import {PmpcError} from '../errors/index.js'
import {describeMove, type StagedMove} from '../reconcile/index.js'

/** What to type before a moved manifest can be committed: the move alone, without what the working tree holds. */
const commitMoves = 'git commit -m "Move manifests"   # commits what is staged; then run the command again'

/** Manifests whose move to another file is staged, so that no change of them can be committed. */
export function movedInIndex(moves: readonly StagedMove[]): PmpcError {
  const lines = moves.map(describeMove)
  return new PmpcError('PMPC_MANIFEST_MOVED', `nothing was changed:\n  ${lines.join('\n  ')}`, {
    suggestions: [commitMoves],
    data: {moves},
  })
}

/** Objects that cannot be changed without changing another's document. */
export function blockedByAnchor(blocked: readonly {object: string; why: string}[]): PmpcError {
  const reasons = new Map(blocked.map(({object, why}) => [object, why]))
  const lines = [...reasons].map(([object, why]) => `${object}: ${why}`)
  return new PmpcError(
    'PMPC_MANIFEST_SHARED',
    `nothing was changed, as a value belongs to several documents:\n  ${lines.join('\n  ')}`,
    {
      suggestions: ['write the value out where it is used, commit that, then run the command again'],
      data: {objects: [...reasons.keys()]},
    },
  )
}
