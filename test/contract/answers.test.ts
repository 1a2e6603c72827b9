import {expect} from 'chai'
import {least, contractText, filesIn, isWhole, readLines, referencePath} from '../support/reference.js'
import {isException, unproved} from './support/exceptions.js'
import {differences, templateFinder, type Contract, type Difference} from './support/returns.js'

interface Recorded {
  method: string
  path: string
  status: number
  body: {data?: unknown} | string | null
}

/** Where answers of the real daemon differ from its contract: the method as the contract has it, and the difference. */
function recordedDifferences(contract: Contract, records: Recorded[]): [string, Difference][] {
  const template = templateFinder(Object.keys(contract.paths))
  return records.flatMap(({method, path, status, body}) => {
    const found = template(path.split('?')[0]!)
    if (status !== 200 || found === undefined || typeof body !== 'object' || body === null) return []
    const {returns} = contract.paths[found]![method] ?? {}
    return differences(body.data, returns).map((one): [string, Difference] => [`${method} ${found}`, one])
  })
}

/** The table of exceptions is what it says it is: what the daemon really answers, all of it and nothing else. */
describe('exceptions from the contracts', () => {
  it('are exactly those of the recordings of the real daemon', () => {
    const contract = JSON.parse(contractText('9.2')) as Contract
    const files = ['daemon', 'clients'].flatMap((folder) => filesIn(referencePath(folder), '.jsonl'))
    const recorded = recordedDifferences(
      contract,
      files.flatMap((file) => readLines<Recorded>(file)),
    )
    expect(recorded.length).to.be.above(least(100, 20))
    expect(recorded.filter(([method, one]) => !isException(method, one))).to.deep.equal([])
    // A sample does not prove them all.
    if (isWhole) expect(unproved(recorded)).to.deep.equal([])
  })
})

describe('differences of an answer from its contract', () => {
  const schema = {
    type: 'array',
    items: {
      type: 'object',
      properties: {
        id: {type: 'integer'},
        on: {type: 'boolean', optional: true},
        kind: {enum: ['a', 'b'], optional: true, type: 'string'},
        'net[n]': {type: 'string', optional: true},
      },
    },
  }
  const of = (value: unknown): string[] => differences(value, schema).map(({key, found}) => `${key} ${found}`)
  it('are types, missing keys and other words', () => {
    expect(
      of([
        {id: 1, on: 0, kind: 'a', net3: 'x', new: []},
        {id: 2, on: true},
      ]),
    ).to.deep.equal([])
    expect(of([{id: '1', on: 2}])).to.deep.equal(['[].id string', '[].on integer'])
    expect(of([{kind: 'c', net0: 5}])).to.have.members(['[].kind c', '[].net[n] integer', '[].id missing'])
    expect(of(null)).to.deep.equal(['. null'])
  })
})
