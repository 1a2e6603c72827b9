import {readFileSync, readdirSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {isWhole, referencePath, samplePath} from '../support/reference.js'
import {skipFor} from '../support/skip.js'

/** The sample of the reference that a plain clone is tested with. */
describe('the sample of the reference', () => {
  const files = readdirSync(samplePath(), {recursive: true})
    .map(String)
    .filter((name) => /\.jsonl?$/.test(name) && name !== 'failures.json')
    .sort()

  /** The records of a file, one a line. */
  const records = (file: string): string[] =>
    readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.replace(/,$/, ''))
      .filter((line) => line.startsWith('{'))

  it('has something of every file', () => {
    expect(files).to.have.length.greaterThan(50)
    for (const name of files) expect(records(samplePath(name)), name).to.not.have.length(0)
  })

  it('holds nothing but what is in the reference', function () {
    skipFor(this, !isWhole && 'the whole reference is not at hand (set PMPC_REFERENCE)')
    for (const name of files) {
      const known = new Set(records(referencePath(...name.split(path.sep))))
      expect(
        records(samplePath(name)).filter((record) => !known.has(record)),
        `${name}: run scripts/reference-sample.mjs`,
      ).to.deep.equal([])
    }
  })
})
