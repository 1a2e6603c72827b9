import {expect} from 'chai'
import fc from 'fast-check'
import {parse} from 'yaml'
import {printYaml} from '../src/ansible/yaml.js'
import {hostileTexts} from './estates.js'

/** A text that Ansible does not template, as YAML's reader finds it. */
class Unsafe {
  constructor(readonly text: string) {}
}
const customTags = [{tag: '!unsafe', resolve: (text: string) => new Unsafe(text)}]
const read = (text: string, version: '1.1' | '1.2') => parse(text, {version, customTags}) as Record<string, unknown>

/** Half a surrogate pair is in no file. */
const whole = (text: string) => text.replaceAll(/\p{Cs}/gu, '\ufffd')
const expected = (text: string) =>
  text.includes('{') || text.startsWith('#jinja2:') ? new Unsafe(whole(text)) : whole(text)

/** As long as a name of a group is made. */
const longName = `status_${'x'.repeat(60)}_${'0'.repeat(64)}`

/** Texts in which all that is odd is often met. */
const anyText = fc.oneof(
  fc.string({unit: 'binary'}),
  fc.string({unit: 'grapheme', maxLength: 300}),
  fc.string({unit: fc.constantFrom(...'{}%#"\\\'\n\r\t :-!&*|>@`, a\u0085\u2028\ud83d\udcd1\ufeff'), maxLength: 300}),
  fc.constantFrom(...hostileTexts),
)

describe('YAML for Ansible', () => {
  it('brings any text back, to readers of YAML 1.1 and 1.2, and tags what Jinja could be in', () => {
    fc.assert(
      fc.property(anyText, anyText, (one, two) => {
        const text = printYaml({pve_name: one, pve_tags: [one, two], pve_nics: [{id: two, ip: one}], pve_last: 1})
        for (const version of ['1.1', '1.2'] as const)
          expect(read(text, version)).to.deep.equal({
            pve_name: expected(one),
            pve_tags: [expected(one), expected(two)],
            pve_nics: [{id: expected(two), ip: expected(one)}],
            pve_last: 1,
          })
      }),
      {numRuns: 1000},
    )
  })

  it('takes lines that ansible-lint takes: not too long, no blanks at their ends, nothing that cannot be seen', () => {
    fc.assert(
      fc.property(anyText, (one) => {
        for (const line of printYaml({pve_description: one, pve_groups: {[longName]: one}}).split('\n')) {
          expect([...line].length).to.be.lessThan(160)
          expect(line).to.not.match(/\s$/)
          expect(line).to.not.match(/[^\P{C}\p{Co}\p{Cn}]/u)
        }
      }),
      {numRuns: 1000},
    )
  })

  it('brings any name back as a key', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyText.map(whole), {maxLength: 5}), (keys) => {
        const map = Object.fromEntries(keys.map((key, i) => [key, i]))
        for (const version of ['1.1', '1.2'] as const)
          expect(Object.entries(read(printYaml({all: map}), version).all as object)).to.have.deep.members(
            Object.entries(map),
          )
      }),
    )
  })

  it('prints what is no text plainly, and empty maps, lists and nothing', () => {
    expect(
      printYaml({a: 1, b: -2.5, c: true, d: null, e: {}, f: [], g: [{h: 1, i: [2]}, [3]], j: 1e21, k: {l: {m: null}}}),
    ).to.equal(
      'a: 1\nb: -2.5\nc: true\nd:\ne: {}\nf: []\ng:\n  - h: 1\n    i:\n      - 2\n  -\n    - 3\nj: "1e+21"\nk:\n  l:\n    m:\n',
    )
  })

  it('breaks notes where their lines end', () => {
    expect(printYaml({pve_description: 'a\n b {{ c }}\n\nd\n'})).to.equal(
      'pve_description: !unsafe "a\\n\\\n  \\ b {{ c }}\\n\\\n  \\n\\\n  d\\n"\n',
    )
  })
})
