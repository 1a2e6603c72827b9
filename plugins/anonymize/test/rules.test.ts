import {expect} from 'chai'
import {defaultRules} from 'pmpc/kit/anonymize'
import {editedRules} from '../src/rules/edit.js'
import {compiled, hasNestedQuantifiers} from '../src/rules/patterns.js'
import {parseRules, type RuleProblem} from '../src/rules/rules.js'

function problemsOf(text: string): RuleProblem[] {
  try {
    parseRules(text)
  } catch (error) {
    return (error as {data: {problems: RuleProblem[]}}).data.problems
  }
  throw new Error('it was taken')
}

describe('privacy.yaml', () => {
  it('says what is written', () => {
    const rules = parseRules(
      `allow: [gw, 10.0.0.1]\nblock:\n  - Contoso\n  - {text: Fabrikam, kind: name}\npatterns:\n  - {id: ticket, pattern: 'TICKET-\\d+'}\nnotes: drop\nvendors: keep\nunknown: keep\nstrict: true\n`,
    )
    expect(rules.allow).to.deep.equal(['gw', '10.0.0.1'])
    expect(rules.block).to.deep.equal([
      {text: 'Contoso', kind: 'custom'},
      {text: 'Fabrikam', kind: 'name'},
    ])
    expect(rules.patterns.map(({id, kind}) => [id, kind])).to.deep.equal([['ticket', 'custom']])
    expect('see TICKET-12'.replaceAll(rules.patterns[0]!.pattern, 'X')).to.equal('see X')
    expect(rules).to.include({notes: 'drop', vendors: 'keep', unknown: 'keep', strict: true})
    expect(parseRules('')).to.deep.equal(defaultRules)
    expect(parseRules('# nothing\n')).to.deep.equal(defaultRules)
  })

  const wrong: [name: string, text: string, line: number, column: number, says: RegExp][] = [
    ['an unknown key', 'allow: []\nalow: [x]\n', 2, 1, /did you mean allow\?/],
    ['a list that is none', 'allow: x\n', 1, 8, /must be a list/],
    ['a kind that is none', 'block:\n  - {text: a, kind: town}\n', 2, 21, /kind must be one of/],
    ['what stays and goes', 'allow: [a]\nblock:\n  - A\n', 3, 5, /cannot go and stay/],
    ['an id twice', 'patterns:\n  - {id: a, pattern: b}\n  - {id: a, pattern: c}\n', 3, 5, /has this id already/],
    ['a pattern that is none', "patterns:\n  - {id: a, pattern: '['}\n", 2, 22, /no regular expression/],
    ['a pattern for ever', "patterns:\n  - {id: a, pattern: '(a+)+'}\n", 2, 22, /for ever/],
    ['a pattern of nothing', "patterns:\n  - {id: a, pattern: 'x*'}\n", 2, 22, /where there is nothing/],
    ['broken YAML', 'allow: [\n', 2, 1, /./],
    ['a list at the top', '- a\n', 1, 1, /must be a map/],
  ]
  for (const [name, text, line, column, says] of wrong)
    it(`refuses ${name}, and says where`, () => {
      const [first] = problemsOf(text)
      expect(first).to.include({line, column})
      expect(first!.message).to.match(says)
    })

  it('tells everything that is wrong at once', () => {
    expect(problemsOf('notes: no\nvendors: no\nstrict: 3\n').map(({line}) => line)).to.deep.equal([1, 2, 3])
  })
})

describe('a pattern', () => {
  const refused = ['(a+)+$', '(\\w*)*', '((a+)b)*', '(?:x{2,})+', '(?=a)b', '(a)\\1', '\\b', 'a?']
  for (const pattern of refused) it(`${pattern} is refused`, () => expect(compiled(pattern)).to.have.property('wrong'))

  for (const pattern of ['TICKET-\\d+', '(?:ab)+', '[(+]+a', 'a{3}', '(a|b)+c', '\\w+@\\w+', '(x{2})+'])
    it(`${pattern} is taken`, () => expect(compiled(pattern)).to.have.property('pattern'))

  it('that repeats what is repeated is seen through groups', () => {
    expect(hasNestedQuantifiers('((?:a)+b)+')).to.equal(true)
    expect(hasNestedQuantifiers('(a\\+)+')).to.equal(false)
    expect(hasNestedQuantifiers('(a)+(b)+')).to.equal(false)
  })
})

describe('changing privacy.yaml', () => {
  const none = {settings: [], allow: [], block: [], remove: []}

  it('keeps what is not meant', () => {
    const before = '# ours\nallow: [gw] # the gateway\n'
    const after = editedRules(before, {
      ...none,
      settings: ['strict=true', 'vendors=keep'],
      allow: ['web'],
      block: ['Contoso'],
    })
    expect(after).to.include('# ours').and.to.include('# the gateway')
    expect(parseRules(after)).to.deep.include({allow: ['gw', 'web'], strict: true, vendors: 'keep'})
    expect(parseRules(editedRules(after, {...none, remove: ['Contoso', 'gw']}))).to.deep.include({
      allow: ['web'],
      block: [],
    })
  })

  it('refuses what would be wrong', () => {
    expect(() => editedRules('allow: [a]\n', {...none, block: ['a']})).to.throw(/cannot go and stay/)
    expect(() => editedRules(undefined, {...none, settings: ['strikt=true']})).to.throw(/no setting/)
    expect(() => editedRules(undefined, {...none, remove: ['a']})).to.throw(/no rule/)
  })
})
