import {count, type Painter} from 'pmpc/kit/cli'
import {visible} from 'pmpc/kit/text'
import type {ApplyResult} from 'pmpc/kit/verbs'

/** What an apply did and did not, an object a line: what was not done with why. */
export function appliedText(
  {done, failed, skipped, unknown, intention, observation}: ApplyResult,
  paint: Painter,
): string {
  const undone = [
    ...unknown.map((each) => ({...each, word: paint('red', 'unknown')})),
    ...failed.map((each) => ({...each, word: paint('red', 'failed')})),
    ...skipped.map((each) => ({...each, word: paint('yellow', 'skipped')})),
  ]
  const requests = done.reduce((sum, each) => sum + each.requests, 0)
  const lines = undone.map(({object, word, message}) => `${word} ${visible(object)}: ${message}`)
  if (done.length > 0)
    lines.push(`${paint('green', 'Done')}: ${count(done.length, 'object')}, by ${count(requests, 'request')}.`)
  if (lines.length === 0) lines.push('Nothing to do.')
  const commits = [
    ...(intention === null ? [] : [`wishes in ${intention.slice(0, 10)}`]),
    ...(observation === null ? [] : [`what was observed in ${observation.slice(0, 10)}`]),
  ]
  if (commits.length > 0) lines.push(`Committed: ${commits.join(', ')}.`)
  return lines.join('\n')
}
