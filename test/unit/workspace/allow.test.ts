import {expect} from 'chai'
import type {PmpcError} from '../../../src/kit/errors/index.js'
import {withAllowed} from '../../../src/kit/workspace/allow-edit.js'
import {parseConfig} from '../../../src/kit/workspace/config-parse.js'

const good = `# ours
version: 1
clusters:
  home: {endpoints: [https://192.0.2.10:8006], token: pmpc@pve!sync, trust: {system: true}}
`

describe('allow: in pmpc.yaml', () => {
  const allow = (text: string) => parseConfig(good + text).allow
  const lines = (text: string): string[] => {
    try {
      allow(text)
    } catch (error) {
      return (error as PmpcError).message.split('\n').map((line) => line.trim())
    }
    throw new Error('was taken')
  }

  it('is read', () => {
    expect(allow('')).to.deep.equal([])
    expect(
      allow('allow:\n  - {object: vm/100, key: description}\n  - object: home/storage/nas\n    key: 12\n'),
    ).to.deep.equal([
      {object: 'vm/100', key: 'description'},
      {object: 'home/storage/nas', key: '12'},
    ])
  })

  const wrong: [string, string, RegExp][] = [
    ['no list', 'allow: all\n', /^pmpc\.yaml:5:1: allow must be a list/],
    ['no map', 'allow:\n  - vm/100\n', /^pmpc\.yaml:6:5: allow\.0 must be a map of object, key/],
    [
      'an unknown key',
      'allow:\n  - {objekt: vm/100, key: env}\n',
      /^pmpc\.yaml:6:6: key objekt is not known here; did you mean object\?/,
    ],
    ['no object', 'allow:\n  - {key: env}\n', /^pmpc\.yaml:6:5: object must name one object/],
    [
      'an object of no kind',
      'allow:\n  - {key: env, object: foo/1}\n',
      /^pmpc\.yaml:6:16: object must name one object/,
    ],
    ['a cluster that is not there', 'allow:\n  - {key: env, object: lab/vm/1}\n', /^pmpc\.yaml:6:16: object must name/],
    ['a number alone', 'allow:\n  - {key: env, object: 100}\n', /^pmpc\.yaml:6:16: object must name/],
    ['no key', 'allow:\n  - object: vm/100\n', /^pmpc\.yaml:6:5: key must be a key/],
    ['an empty key', "allow:\n  - {object: vm/100, key: ''}\n", /^pmpc\.yaml:6:22: key must be a key/],
  ]
  for (const [what, text, message] of wrong) {
    it(`refuses ${what}, with line and column`, () => expect(lines(text)[0]).to.match(message))
  }

  const rule = {object: 'home/vm/100', key: 'env'}
  const edits: [string, string, string][] = [
    ['to a file without any', '', 'allow:\n  - {key: env, object: home/vm/100}\n'],
    ['below an empty heading', 'allow:\nignore: []\n', 'allow: [{key: env, object: home/vm/100}]\nignore: []\n'],
    ['to an empty list', 'allow: [] # none yet\n', 'allow: [{key: env, object: home/vm/100}] # none yet\n'],
    [
      'behind the last',
      'allow:\n- object: vm/1 # Jo\n  key: args # why\n\n# others\nignore:\n  - {tag: x}\n',
      'allow:\n- object: vm/1 # Jo\n  key: args # why\n- {key: env, object: home/vm/100}\n\n# others\nignore:\n  - {tag: x}\n',
    ],
    [
      'to a list on one line',
      'allow: [{object: vm/1, key: args}] # why\n',
      'allow: [{object: vm/1, key: args}, {key: env, object: home/vm/100}] # why\n',
    ],
  ]
  for (const [where, before, after] of edits) {
    it(`a rule is added ${where}, and all else stays`, () => {
      expect(withAllowed(good + before, rule)).to.equal(good + after)
      const dos = (text: string) => text.replaceAll('\n', '\r\n')
      expect(withAllowed(`\uFEFF${dos(good + before)}`, rule)).to.equal(`\uFEFF${dos(good + after)}`)
    })
  }

  it('a rule cannot be added to a form that pmpc does not know; the rule is told', () => {
    const flow = `{version: 1, clusters: {}}`
    expect(() => withAllowed(flow, rule)).to.throw('cannot add a rule')
  })
})
