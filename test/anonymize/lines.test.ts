import {expect} from 'chai'
import {defaultRules, openAnonymizer} from '../../src/kit/anonymize/index.js'
import {readCorpus} from './corpus.js'

/** Numbers that are the same in each run. */
function dice(seed: number): () => number {
  let state = seed
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
}

/** What may stand where another word did. */
const WORDS =
  'quark root web01 10.9.8.7 fe80::1 4711 test db-srv error bc:24:11:01:02:03 node srv1.corp.example.org'.split(' ')
const isOfLog = /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:|\d{4}-\d\d-\d\d[T ])/
const COPIES = 12

/** The lines of logs of a text, again and again with other numbers, addresses and words. */
function logOf(text: string): string[] {
  const roll = dice(text.length)
  const oneOf = <T>(from: readonly T[]): T => from[Math.floor(roll() * from.length)]!
  const digits = (run: string) =>
    [...run].map((digit, i) => (i === 0 ? digit : String(Math.floor(roll() * 10)))).join('')
  const address = () => [oneOf([10, 192, 172, 8, 100, 45]), ...[1, 2, 3].map(() => Math.floor(roll() * 255))].join('.')
  const other = (line: string) => {
    const words = line
      .replaceAll(/\d+/g, (run) => (roll() < 0.5 ? run : digits(run)))
      .replaceAll(/\b(?:\d+\.){3}\d+\b/g, address)
      .split(' ')
    const at = 4 + Math.floor(roll() * 8)
    if (roll() < 0.3 && at < words.length) words[at] = oneOf(WORDS)
    return words.join(' ')
  }
  const lines = text.split('\n').filter((line) => isOfLog.test(line))
  return Array.from({length: COPIES}, (_, i) => (i === 0 ? lines : lines.map(other))).flat()
}

/** Two words that tell nothing. One has `pin` in it, after which a number may be a secret: a line that has it is looked at by itself. */
const [TOGETHER, APART] = [' trimming', ' spinning']

/** What is found in lines, each with where in its line it stands. */
function foundIn(lines: readonly string[], end: string): string[][] {
  const text = lines.map((line) => `${line}${end}\n`).join('')
  const anonymizer = openAnonymizer({key: Buffer.alloc(32, 7), pairs: [], rules: defaultRules, known: []})
  anonymizer.learn(text)
  const found: string[][] = lines.map(() => [])
  let [line, start] = [0, 0]
  for (const find of anonymizer.find(text)) {
    while (find.start >= start + lines[line]!.length + end.length + 1) start += lines[line++]!.length + end.length + 1
    found[line]!.push(`${find.kind} ${find.start - start} ${find.end - start}`)
  }
  return found
}

describe('anonymize: a line of a log that reads like another', () => {
  const logs = readCorpus('open').filter(({text}) => text.split('\n').filter((line) => isOfLog.test(line)).length > 3)

  it('is found in many files', () => expect(logs.length).to.be.above(30))

  for (const {file, text} of logs)
    it(`holds what it would by itself: ${file}`, () => {
      const lines = logOf(text)
      const [together, apart] = [foundIn(lines, TOGETHER), foundIn(lines, APART)]
      for (const [i, line] of lines.entries()) expect(together[i], line).to.deep.equal(apart[i])
    })
})
