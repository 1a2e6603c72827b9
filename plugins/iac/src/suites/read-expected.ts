import {PmpcError} from 'pmpc/kit/errors'
import {readInside} from 'pmpc/kit/files'
import {FOLDER} from '../generated.js'
import {EXPECTED, type Expected} from '../tests/expected.js'

/** Why there is nothing to hold anything against. */
export const nothingExpected = `there is no ${FOLDER}/${EXPECTED}: pmpc iac generate --target tests`

/** What the tests of a workspace expect; undefined where none were generated. @throws PMPC_TESTS_EXPECTED */
export function readExpected(root: string): Expected | undefined {
  const content = readInside(root, `${FOLDER}/${EXPECTED}`)
  if (!content) return undefined
  try {
    const expected = JSON.parse(content.toString('utf8')) as Expected
    const isWhole = Object.values(expected.clusters).every(({objects}) =>
      Object.values(objects).every((all) => Object.values(all).every((fields) => typeof fields === 'object')),
    )
    if (!isWhole) throw new TypeError('an object is no map')
    return expected
  } catch (cause) {
    throw new PmpcError('PMPC_TESTS_EXPECTED', `${FOLDER}/${EXPECTED} cannot be read: ${(cause as Error).message}`, {
      suggestions: ['pmpc iac generate --target tests --force', `git diff -- ${FOLDER}/${EXPECTED}`],
      cause,
    })
  }
}
