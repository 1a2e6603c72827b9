import {expect} from 'chai'
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {replayFile, report} from '../src/replay/main.js'
import {referenceFolder, requireReference} from './support.js'
import {knownDifferences} from './known-differences.js'

/** All recordings of a folder of the reference; none where it is not at hand. */
function recordingsIn(folder: string): string[] {
  const path = join(referenceFolder() ?? '', folder)
  if (!existsSync(path)) return []
  return readdirSync(path)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => name.slice(0, -'.jsonl'.length))
}

describe('replay of what the real daemon answered', function () {
  this.timeout(60_000)
  for (const folder of ['daemon', 'clients']) {
    it(`${folder}: there are recordings`, function () {
      requireReference(this)
      expect(recordingsIn(folder)).to.not.have.length(0)
    })
    for (const name of recordingsIn(folder)) {
      it(`${folder}/${name}`, async () => {
        const result = await replayFile(join(referenceFolder()!, folder, `${name}.jsonl`))
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
