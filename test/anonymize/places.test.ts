import {readFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {bytesOf, defaultRules, openAnonymizer, restorer, textOf, type Rules} from '../../src/kit/anonymize/index.js'

/** By file of `places/`: what stands in each of its lines, and must not afterwards. `\n` in a line is its end. */
const NAMES: Readonly<Record<string, RegExp>> = {
  hosts: /zubenel|kraz/,
  users: /tmarek/,
  secrets: /Zq7|horse|471|123456|cm9vdD/,
  names: /zanthor|marek|tomas|zq-?7/i,
  words: /zubenel|gwenhwyfar/i,
}

/** What a place tells is tried without what words tell by being unknown. */
const rulesFor = (what: string): Rules => ({...defaultRules, unknown: what === 'words' ? 'hide' : 'keep'})

for (const [what, name] of Object.entries(NAMES))
  describe(`anonymize: where ${what} stand by themselves`, () => {
    const lines = readFileSync(path.join(import.meta.dirname, 'places', `${what}.txt`), 'utf8')
      .trimEnd()
      .split('\n')
    for (const line of lines)
      it(line, () => {
        const text = bytesOf(line.replaceAll(String.raw`\n`, '\n'))
        const anonymizer = openAnonymizer({key: Buffer.alloc(32, 7), pairs: [], rules: rulesFor(what), known: []})
        anonymizer.learn(text)
        const output = anonymizer.rewrite(text)
        expect(textOf(output)).not.to.match(name)
        expect(restorer(anonymizer.pairs())(output)).to.equal(text)
      })
  })

describe('anonymize: names that nothing but their place tells', () => {
  // What must not be there afterwards stands between these brackets; \u2424 is the end of a line, \u2409 a tabulator.
  const lines = readFileSync(path.join(import.meta.dirname, 'places', 'marked.txt'), 'utf8')
    .trimEnd()
    .split('\n')
  for (const line of lines)
    it(line, () => {
      const values = [...line.matchAll(/\u27e6(.*?)\u27e7/g)].map((match) => match[1]!.toLowerCase())
      const text = bytesOf(
        line
          .replaceAll(/[\u27e6\u27e7]/g, '')
          .replaceAll('\u2424', '\n')
          .replaceAll('\u2409', '\t'),
      )
      const anonymizer = openAnonymizer({
        key: Buffer.alloc(32, 7),
        pairs: [],
        rules: {...defaultRules, unknown: 'keep'},
        known: [],
      })
      anonymizer.learn(text)
      const output = anonymizer.rewrite(text)
      for (const value of values) expect(textOf(output).toLowerCase()).not.to.include(value)
      expect(values).to.have.length.above(0)
      expect(restorer(anonymizer.pairs())(output)).to.equal(text)
    })
})

describe('anonymize: addresses that look like versions, and accounts like numbers', () => {
  for (const line of [
    'Server/10.1.2.3',
    'Section 10.1.2.3',
    'agent 192.168.7.9',
    'Gateway/203.0.113.9',
    '20191234@uni.example',
  ])
    it(`go: ${line}`, () => {
      const anonymizer = openAnonymizer({key: Buffer.alloc(32, 7), pairs: [], rules: defaultRules, known: []})
      anonymizer.learn(line)
      expect(anonymizer.rewrite(line)).not.to.match(/10\.1\.2\.3|192\.168\.7\.9|203\.0\.113\.9|20191234/)
    })
})

describe('anonymize: what tells nothing of anybody', () => {
  const lines = readFileSync(path.join(import.meta.dirname, 'places', 'keeps.txt'), 'utf8').split('\n')
  for (const line of lines.filter((each) => each !== ''))
    it(line.trim(), () => {
      const text = bytesOf(line)
      const anonymizer = openAnonymizer({key: Buffer.alloc(32, 7), pairs: [], rules: defaultRules, known: []})
      anonymizer.learn(text)
      expect(textOf(anonymizer.rewrite(text))).to.equal(line)
    })
})
