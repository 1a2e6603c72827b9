import {count, type Painter} from 'pmpc/kit/cli'
import {visible} from 'pmpc/kit/text'
import type {ActResult} from 'pmpc/kit/verbs'

/** What came of each guest, a line each where it is not as asked for, and a sum. */
export function actedText(
  {results, intention, observation}: ActResult,
  {paint, isAsync}: {paint: Painter; isAsync: boolean},
): string {
  const bad = results.filter(({ok}) => !ok)
  const already = results.filter(({ok, message}) => ok && message !== null)
  const fine = results.find(({ok, message}) => ok && message === null)
  const done = results.length - bad.length - already.length
  const lines = [
    ...bad.map(({object, message}) => `${paint('red', 'failed')} ${visible(object)}: ${visible(message ?? '')}`),
    ...(already.length > 0 ? [`${alreadyNames(already)}: nothing to do.`] : []),
    ...(done > 0
      ? [
          `${paint('green', isAsync ? 'Begun' : 'Done')}: ${results[0]!.verb}, ${done === 1 ? visible(fine!.object) : count(done, 'guest')}.`,
        ]
      : []),
  ]
  const commits = [
    ...(intention === null ? [] : [`wishes in ${intention.slice(0, 10)}`]),
    ...(observation === null ? [] : [`what was observed in ${observation.slice(0, 10)}`]),
  ]
  return [...lines, ...(commits.length > 0 ? [`Committed: ${commits.join(', ')}.`] : [])].join('\n')
}

/** How many are named. */
const most = 5

function alreadyNames(results: ActResult['results']): string {
  const names = results.slice(0, most).map(({object}) => visible(object))
  return names.join(', ') + (results.length > most ? ` and ${results.length - most} more` : '')
}
