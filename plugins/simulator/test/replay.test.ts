import {expect} from 'chai'
import {readFileSync} from 'node:fs'
import {basename} from 'node:path'
import {replayFile, report} from '../src/replay/main.js'
import {filesIn, referencePath} from '../../../test/support/reference.js'
import {knownDifferences} from './known-differences.js'

describe('replay of what the real daemon answered', function () {
  this.timeout(60_000)
  for (const folder of ['daemon', 'clients', 'live']) {
    const files = filesIn(referencePath(folder), '.jsonl')
    it(`${folder}: there are recordings`, () => expect(files).to.not.have.length(0))
    for (const file of files) {
      const name = basename(file, '.jsonl')
      it(`${folder}/${name}`, async () => {
        const result = await replayFile(file)
        const allowed = new Set(knownDifferences.flatMap(({recording, seq}) => (recording === name ? seq : [])))
        const surprises = result.outcomes.filter(
          ({exchange, differences}) => differences.length > 0 && !allowed.has(exchange.seq),
        )
        expect(surprises, report({...result, outcomes: surprises})).to.have.length(0)
        const mended = [...allowed].filter((seq) =>
          result.outcomes.some(({exchange, differences}) => exchange.seq === seq && differences.length === 0),
        )
        expect(mended, 'these pass now: take them off the list').to.deep.equal([])
      })
    }
  }

  it('the README lists what differs, with the reason', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    for (const {recording, seq, why} of knownDifferences)
      expect(readme).to.include(`| \`${recording}\` | ${seq.join(', ')} | ${why} |`)
  })
})
