// How much the hooks of all tests looked at. Each file of tests is run by one of several processes, so the figures go through a file.
import {appendFileSync, mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'

/** What one file of tests came to: requests, or answers and the methods that gave them. */
interface Sum {
  requests?: number
  answers?: number
  methods?: string[]
}

const variable = 'PMPC_TEST_SUMS'

/** Adds to what is told when all tests have run. */
export function addSum(sum: Sum): void {
  const file = process.env[variable]
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(sum)}\n`)
}

/** Before the processes that run the tests are started: they inherit the name. */
export function mochaGlobalSetup(): void {
  process.env[variable] = path.join(mkdtempSync(path.join(tmpdir(), 'pmpc-sums-')), 'sums')
  addSum({})
}

export function mochaGlobalTeardown(): void {
  const file = process.env[variable]!
  const sums = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Sum)
  rmSync(path.dirname(file), {recursive: true})
  const requests = sums.reduce((sum, one) => sum + (one.requests ?? 0), 0)
  const answers = sums.reduce((sum, one) => sum + (one.answers ?? 0), 0)
  const methods = new Set(sums.flatMap((one) => one.methods ?? []))
  if (requests > 0) console.log(`  ${requests} requests of pmpc were held against the contracts of 8.4 and 9.2`)
  if (answers > 0) console.log(`  ${answers} answers of ${methods.size} methods were held against that of their node`)
}
