// Runs oracle cases against our code and prints each that differs:
//
//   npm run oracle -- FILE|DIR…
import {runOracle} from '../test/support/oracle.js'

const paths = process.argv.slice(2)
if (paths.length === 0) {
  console.error('usage: npm run oracle -- FILE|DIR…')
  process.exit(64)
}
const {passed, differences} = await runOracle(paths)
for (const {file, version, case: one, expected, actual} of differences) {
  const {out: _out, 'out8.4': _old, 'out9.2': _new, expected: _expected, ...input} = one
  console.log(
    `${file} (${version}): ${JSON.stringify(input)}\n  expected ${JSON.stringify(expected)}\n  got      ${JSON.stringify(actual)}`,
  )
}
console.log(`${passed} passed, ${differences.length} failed`)
process.exitCode = differences.length === 0 ? 0 : 1
