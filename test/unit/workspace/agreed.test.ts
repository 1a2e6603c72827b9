import {expect} from 'chai'
import fc from 'fast-check'
import {parse} from 'yaml'
import type {Value} from '../../../src/kit/resources/index.js'
import {parseAgreed, printAgreed} from '../../../src/kit/workspace/index.js'
import type {How, Pair} from '../../../src/kit/workspace/index.js'
import {anyText} from './support.js'

const vm = (id: number) => ({cluster: 'home', kind: 'vm' as const, id})
const rejected: Pair = {
  ref: vm(100),
  field: 'config.memory',
  head: 2048,
  base: 4096,
  seen: [4096],
  how: 'reject',
  at: '2026-11-28T12:00:00.000Z',
  over: '2026-11-20T08:00:00.000Z',
}
const lines = (pairs: Pair[]) => printAgreed(pairs).trimEnd().split('\n').slice(1)
const digest = fc.stringMatching(/^[\da-f]{16}$/)
const time = fc
  .date({min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true})
  .map((date) => date.toISOString())
const value: fc.Arbitrary<Value | null> = fc.oneof(
  fc.constant(null),
  anyText,
  fc.double({noNaN: true, noDefaultInfinity: true}).map((number) => number || 0),
  fc.array(anyText, {maxLength: 3}),
  fc.dictionary(anyText, anyText, {maxKeys: 3}),
)
const times = {
  at: fc.option(time, {nil: undefined}),
  over: fc.option(time, {nil: undefined}),
  by: fc.option(fc.constantFrom('alice@pve', 'alice@pve!ci', 'a@pve, b@pve, c,d@ad'), {nil: undefined}),
  changed: fc.option(time, {nil: undefined}),
}
const hows = fc.constantFrom<How>('accept', 'reject', 'agreed', 'open', 'unmanaged', 'replaced', 'unknown')
const ref = fc.constantFrom(vm(9), vm(100), {cluster: 'lab', kind: 'pool' as const, id: 'a'})
const ofField = fc.record({
  ref,
  field: anyText.filter((text) => text !== ''),
  head: value,
  base: value,
  seen: fc.array(value, {maxLength: 6}),
  how: hows,
  ...times,
})
const presence = fc.option(digest, {nil: null})
const ofObject = fc.record({
  ref,
  head: presence,
  base: presence,
  seen: fc.uniqueArray(fc.constantFrom(null, 'present')),
  how: hows,
  ...times,
})
const anyPair = fc.oneof(ofField, ofObject).map((pair): Pair => {
  const known = Object.fromEntries(Object.entries(pair).filter(([, member]) => member !== undefined)) as unknown as Pair
  return known.how === 'unknown' ? {...known, base: null} : known
})

describe('the file of agreement', () => {
  it('is one line a pair, sorted; what HEAD says is left out where it is what was agreed', () => {
    const whole: Pair = {ref: vm(9), head: null, base: null, seen: ['present'], how: 'open'}
    const agreed: Pair = {...rejected, ref: vm(20), head: 4096, how: 'agreed'}
    const unknown: Pair = {...rejected, field: 'config.cores', how: 'unknown', seen: []}
    expect(lines([rejected, agreed, unknown, whole, rejected])).to.deep.equal([
      '- {"object": "home/vm/9", "base": null, "seen": ["present"], "how": "open"}',
      '- {"object": "home/vm/20", "field": "config.memory", "base": 4096, "seen": [4096], "how": "agreed", "at": "2026-11-28T12:00:00.000Z", "over": "2026-11-20T08:00:00.000Z"}',
      '- {"object": "home/vm/100", "field": "config.cores", "head": 2048, "base": "?", "how": "unknown", "at": "2026-11-28T12:00:00.000Z", "over": "2026-11-20T08:00:00.000Z"}',
      '- {"object": "home/vm/100", "field": "config.memory", "head": 2048, "base": 4096, "seen": [4096], "how": "reject", "at": "2026-11-28T12:00:00.000Z", "over": "2026-11-20T08:00:00.000Z"}',
    ])
  })

  it('is a comment where there is none', () => {
    expect(printAgreed([])).to.match(/^# .*\n$/)
    expect(parseAgreed('')).to.deep.equal([])
    expect(parseAgreed(printAgreed([]))).to.deep.equal([])
  })

  it('gives back what was written, in any order and with CRLF, and is YAML', () => {
    fc.assert(
      fc.property(fc.array(anyPair, {maxLength: 6}), (pairs) => {
        const text = printAgreed(pairs)
        const read = parseAgreed(text)
        expect(printAgreed(read)).to.equal(text)
        expect(parseAgreed(text.replaceAll('\n', '\r\n'))).to.deep.equal(read)
        for (const pair of read) expect(pairs).to.deep.include(pair)
        expect(((parse(text) ?? []) as unknown[]).length).to.equal(read.length)
      }),
    )
  })

  it('keeps both pairs of a field that a merge left, and one of two that are equal', () => {
    const other: Pair = {...rejected, how: 'accept', head: 4096}
    const [a, b] = lines([rejected, other])
    expect(parseAgreed([a, b, a].join('\n'))).to.have.length(2)
  })

  for (const [title, line, what] of [
    ['something that is no JSON', '- {"object": "home/vm/1"', /must be "- " with a map/],
    ['plain YAML', '- object: home/vm/1', /must be "- " with a map/],
    ['a line without its dash', '{"object": "home/vm/1", "base": 1, "how": "open"}', /must be "- " with a map/],
    ['a list', '- [1]', /must be "- " with a map/],
    ['null', '- null', /must be "- " with a map/],
    ['a member that it does not know', '- {"object": "home/vm/1", "base": null, "how": "open", "who": "me"}', /"who"/],
    ['a member of every object', '- {"object": "home/vm/1", "base": null, "how": "open", "toString": 1}', /"toString"/],
    ['an object that is none', '- {"object": "home/thing/1", "base": null, "how": "open"}', /object must be/],
    ['an object that is no text', '- {"object": 5, "base": null, "how": "open"}', /object must be/],
    ['no base', '- {"object": "home/vm/1", "how": "open"}', /base must be/],
    ['another word for how', '- {"object": "home/vm/1", "base": null, "how": "guess"}', /how must be/],
    ['a base of an object that is no digest', '- {"object": "home/vm/1", "base": 5, "how": "open"}', /base must be/],
    ['a truth value', '- {"object": "home/vm/1", "field": "config.a", "base": true, "how": "open"}', /base must be/],
    [
      'a number beyond all',
      '- {"object": "home/vm/1", "field": "config.a", "base": 1e999, "how": "open"}',
      /base must be/,
    ],
    [
      'seen that is no list',
      '- {"object": "home/vm/1", "field": "config.a", "base": 1, "seen": 1, "how": "open"}',
      /seen must be/,
    ],
    ['seen of an object', '- {"object": "home/vm/1", "base": null, "seen": ["gone"], "how": "open"}', /seen must be/],
    ['a date', '- {"object": "home/vm/1", "base": null, "how": "agreed", "at": "2026-11-28"}', /at must be/],
    [
      'a time that is none',
      '- {"object": "home/vm/1", "base": null, "how": "agreed", "at": "2026-13-28T12:00:00Z"}',
      /at must be/,
    ],
    ['a field that is no text', '- {"object": "home/vm/1", "field": 5, "base": 1, "how": "open"}', /field must be/],
  ] as const) {
    it(`refuses ${title}, and tells the line`, () => {
      const error = caught(() => parseAgreed(`# x\n\n${line}\n`))
      expect(error.code).to.equal('PMPC_AGREED_BROKEN')
      expect(error.message)
        .to.match(/^\.pmpc\/agreed\.yaml, line 3: /)
        .and.match(what)
      expect(error.data.line).to.equal(3)
      expect(error.suggestions).not.to.deep.equal([])
    })
  }

  it('refuses merge markers, and says what to keep', () => {
    const error = caught(() => parseAgreed('# x\n<<<<<<< HEAD\n=======\n>>>>>>> b\n'))
    expect(error.code).to.equal('PMPC_AGREED_CONFLICT')
    expect(error.data.line).to.equal(2)
    expect(error.suggestions[0]).to.contain('keep the lines of both sides')
  })

  it('never fails but with an error of its own, whatever is in the file', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((json) => `- ${json}`),
        ),
        (text) => {
          try {
            parseAgreed(text)
          } catch (error) {
            expect((error as {code: string}).code).to.match(/^PMPC_AGREED_/)
          }
        },
      ),
    )
  })
})

function caught(action: () => unknown): {code: string; message: string; data: {line: number}; suggestions: string[]} {
  try {
    action()
  } catch (error) {
    return error as ReturnType<typeof caught>
  }
  throw new Error('nothing was thrown')
}
