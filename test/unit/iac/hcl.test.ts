import {expect} from 'chai'
import {Names} from '../../../plugins/iac/src/terraform/names.js'
import {printBody, quote, Raw} from '../../../plugins/iac/src/terraform/hcl.js'

describe('HCL', () => {
  it('has strings in quotes, whatever is in them', () => {
    const strings: [string, string][] = [
      ['a "b" \\ c', String.raw`"a \"b\" \\ c"`],
      ['1\r\n\t2', String.raw`"1\r\n\t2"`],
      ['${x} %{if} $${y} $$ 100% $1', '"$${x} %%{if} $$${y} $$ 100% $1"'],
      ['{{ jinja }} #h', '"{{ jinja }} #h"'],
      ['é ✓ 😀', '"é ✓ 😀"'],
      ['\u0000\u200b\u202e\u{e0001}', String.raw`"\u0000\u200b\u202e\U000e0001"`],
      ['\ud800', '"\ufffd"'],
    ]
    for (const [text, hcl] of strings) expect(quote(text)).to.equal(hcl)
  })

  it('stands as terraform fmt would leave it', () => {
    const text = printBody([
      {
        type: 'resource',
        labels: ['a', 'b'],
        body: [
          {name: 'id', value: 1},
          {name: 'longer', value: new Raw('var.x')},
          {name: 'map', value: {k: 'v', 'not an identifier': [true, null], for: 1.5}},
          {name: 'z', value: []},
          {type: 'empty', body: []},
          {
            type: 'lifecycle',
            body: [{comment: 'why'}, {name: 'list', value: Array.from({length: 9}, () => 'elements of it')}],
          },
        ],
      },
    ])
    expect(text).to.equal(`resource "a" "b" {
  id     = 1
  longer = var.x
  map = {
    k                   = "v"
    "not an identifier" = [true, null]
    "for"               = 1.5
  }
  z = []

  empty {}

  lifecycle {
    # why
    list = [
${'      "elements of it",\n'.repeat(9)}    ]
  }
}
`)
  })
})

describe('names of resources', () => {
  it('are what they were, whatever comes beside them', () => {
    const first = new Names()
    expect(first.name('home/pool/a.b', 'pool_a.b')).to.equal('pool_a_b')
    const second = first.name('home/pool/a_b', 'pool_a_b')
    expect(second).to.match(/^pool_a_b_[0-9a-f]{6}$/)
    const later = new Names([['home/pool/a_b', 'pool_a_b']])
    expect(later.name('home/pool/a.b', 'pool_a.b')).to.match(/^pool_a_b_[0-9a-f]{6}$/)
    expect(later.name('home/pool/a_b', 'pool_a_b')).to.equal('pool_a_b')
  })

  it('are none that no resource can have, and no two are the same', () => {
    const names = new Names([
      ['x', '../../x'],
      ['y', 'same'],
      ['z', 'same'],
    ])
    expect(names.name('x', '1 x')).to.equal('_1_x')
    expect(names.name('y', 'y')).to.equal('same')
    expect(names.name('z', 'z')).to.equal('z')
  })
})
