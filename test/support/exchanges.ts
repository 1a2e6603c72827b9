// A root hook of the whole test suite: every answer of a simulator in the tests' process is held against the official contract of its
// release. Nothing is checked where the contracts are not at hand. Requests are checked by contracts.ts.
import {subscribe} from 'node:diagnostics_channel'
import {readFileSync} from 'node:fs'
import {after, before} from 'mocha'
import type {Exchange} from '../../plugins/simulator/src/http/server.js'
import {isException} from '../contract/support/exceptions.js'
import {differences, templateFinder, type Contract} from '../contract/support/returns.js'
import {referencePath} from './reference.js'

/** How many answers of a method are looked at; large clusters give thousands that are alike. */
const answersEach = 200

interface Known {
  contract: Contract
  template: (path: string) => string | undefined
}

const releases = new Map<string, Known>()
const problems = new Map<string, number>()
const seen = new Map<string, number>()

const note = (problem: string): void => void problems.set(problem, (problems.get(problem) ?? 0) + 1)

function checkAnswer({verb, status, body, release}: Exchange, template: string | undefined): void {
  if (status !== 200 || template === undefined) return
  const method = `${verb} ${template}`
  const count = (seen.get(`${release} ${method}`) ?? 0) + 1
  seen.set(`${release} ${method}`, count)
  if (count > answersEach) return
  const {data} = JSON.parse(body) as {data: unknown}
  const {returns} = releases.get(release)!.contract.paths[template]![verb] ?? {}
  for (const one of differences(data, returns))
    if (!isException(method, one)) note(`${release} ${method} answers ${one.key}: ${one.found}, not ${one.contract}`)
}

before(() => {
  for (const release of ['8.4', '9.2'] as const) {
    const file = referencePath(`pve-${release}.json`)
    if (file === undefined) return
    const contract = JSON.parse(readFileSync(file, 'utf8')) as Contract
    releases.set(release, {contract, template: templateFinder(Object.keys(contract.paths))})
  }
  subscribe('pmpc:simulator', (message) => {
    const exchange = message as Exchange
    const template = releases.get(exchange.release)!.template(exchange.path)
    checkAnswer(exchange, template)
  })
})

after(() => {
  if (problems.size > 0) {
    const list = [...problems].sort().map(([problem, times]) => `  ${problem} (${times} times)`)
    throw new Error(`${problems.size} things are not as the contract of their node has them:\n${list.join('\n')}`)
  }
  const answers = [...seen.values()].reduce((sum, count) => sum + Math.min(count, answersEach), 0)
  if (answers > 0)
    console.log(`  ${answers} answers of ${seen.size} methods are as the contract of their node has them`)
})
