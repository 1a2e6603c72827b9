// A root hook of the whole test suite: every answer of a simulator in the tests' process is held against the official contract of its
// release. Requests are checked by contracts.ts.
import {subscribe} from 'node:diagnostics_channel'
import type {RootHookObject} from 'mocha'
import type {Release} from '../../plugins/simulator/src/contract/contract.js'
import type {Exchange} from '../../plugins/simulator/src/http/server.js'
import {isException} from '../contract/support/exceptions.js'
import {differences, templateFinder, type Contract} from '../contract/support/returns.js'
import {contractText} from './reference.js'
import {addSum} from './sums.js'

/** How many answers of a method are looked at; large clusters give thousands that are alike. */
const answersEach = 200

type Watched = Exchange & {release: Release}

interface Known {
  contract: Contract
  template: (path: string) => string | undefined
}

const releases = new Map<Release, Known>()
const problems = new Map<string, number>()
const seen = new Map<string, number>()

function knownOf(release: Release): Known {
  const known = releases.get(release)
  if (known !== undefined) return known
  const contract = JSON.parse(contractText(release)) as Contract
  const made = {contract, template: templateFinder(Object.keys(contract.paths))}
  releases.set(release, made)
  return made
}

const note = (problem: string): void => void problems.set(problem, (problems.get(problem) ?? 0) + 1)

function checkAnswer({verb, path, status, body, release}: Watched): void {
  const {contract, template: find} = knownOf(release)
  const template = find(path)
  if (status !== 200 || template === undefined) return
  const method = `${verb} ${template}`
  const count = (seen.get(`${release} ${method}`) ?? 0) + 1
  seen.set(`${release} ${method}`, count)
  if (count > answersEach) return
  const {data} = JSON.parse(body) as {data: unknown}
  const {returns} = contract.paths[template]![verb] ?? {}
  for (const one of differences(data, returns))
    if (!isException(method, one)) note(`${release} ${method} answers ${one.key}: ${one.found}, not ${one.contract}`)
}

subscribe('pmpc:simulator', (message) => checkAnswer(message as Watched))

/** Of every test (.mocharc.json): once a file of tests where they run side by side, else once. */
export const mochaHooks: RootHookObject = {
  afterAll() {
    const list = [...problems].sort().map(([problem, times]) => `  ${problem} (${times} times)`)
    const counts = new Map(seen)
    problems.clear()
    seen.clear()
    if (list.length > 0)
      throw new Error(`${list.length} things are not as the contract of their node has them:\n${list.join('\n')}`)
    const answers = [...counts.values()].reduce((sum, count) => sum + Math.min(count, answersEach), 0)
    if (answers > 0) addSum({answers, methods: [...counts.keys()]})
  },
}
