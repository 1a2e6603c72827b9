import {expect} from 'chai'
import fc from 'fast-check'
import {
  commitMessage,
  deedsOf,
  deedTrailers,
  userTrailers,
  type Deed,
  type TrailerKey,
} from '../../../src/kit/git/trailers.js'
import {formatField, parseField} from '../../../src/kit/resources/index.js'

/** Trailers as they are read back from the message that they were written into. */
const readBack = (trailers: [TrailerKey, string][]) => {
  const lines = commitMessage('x', [], trailers).trimEnd().split('\n').slice(2)
  return {
    trailers: lines.map((line) => ({key: line.slice(0, line.indexOf(':')), value: line.slice(line.indexOf(':') + 2)})),
  }
}
const upid = 'UPID:pve1:000000CB:0026A9C6:6B0B4601:qmconfig:300:alice@pve:'

describe('a commit message', () => {
  it('keeps a subject, each line and each trailer on one line, whatever they hold', () => {
    const evil = 'x\n\nPmpc-Run: forged\r\u0000\u001B[2J\u202E'
    const shown = 'x\\u000a\\u000aPmpc-Run: forged\\u000d\\u0000\\u001b[2J\\u202e'
    expect(
      commitMessage(
        evil,
        [evil, evil],
        [
          ['run', '01'],
          ['changedBy', evil],
        ],
      ),
    ).to.equal(`${shown}\n\n${shown}\n${shown}\n\nPmpc-Run: 01\nPmpc-Changed-By: ${shown}\n`)
    expect(commitMessage('käse → 日本', [], [['added', 1]])).to.equal('käse → 日本\n\nPmpc-Added: 1\n')
  })
})

describe('deeds in trailers', () => {
  const alice: Deed = {
    object: 'vm/100',
    what: ['config.memory', 'config.cores'],
    user: 'alice@pve',
    at: '2026-11-28T10:02:11Z',
    upid,
  }

  it('are a line each: object, fields, user, time, task', () => {
    const deeds: Deed[] = [
      alice,
      {object: 'vm/101', what: 'removed', user: 'web@pve!ci', at: '2026-11-28T10:02:11Z'},
      {object: 'storage/local', what: ['config.content'], user: null},
      {object: 'vm/102', what: ['status'], user: 'root@pam', upid},
    ]
    expect(deedTrailers('change', deeds).map(([key, value]) => `${key}: ${value}`)).to.deep.equal([
      `change: vm/100 config.memory,config.cores alice@pve 2026-11-28T10:02:11Z ${upid}`,
      'change: vm/101 removed web@pve!ci 2026-11-28T10:02:11Z',
      'change: storage/local config.content unknown',
      `change: vm/102 status root@pam - ${upid}`,
    ])
    expect(deedsOf(readBack(deedTrailers('change', deeds)), 'change')).to.deep.equal({deeds, isCut: false})
    expect(userTrailers(deeds).map(([, user]) => user)).to.deep.equal([
      'alice@pve',
      'root@pam',
      'unknown',
      'web@pve!ci',
    ])
  })

  it('stay words that can be told apart whatever a key, an element or an id holds', () => {
    const text = fc.string({unit: 'binary', minLength: 1, maxLength: 8})
    const field = fc.oneof(
      text.map((key) => formatField({path: ['config', key]})),
      fc.tuple(text, text).map(([key, element]) => formatField({path: ['config', key], element})),
      fc.tuple(text, text).map(([key, subkey]) => formatField({path: ['config', key, subkey]})),
    )
    fc.assert(
      fc.property(fc.array(field, {minLength: 1, maxLength: 4}), (what) => {
        const trailers = deedTrailers('accepted', [{...alice, what}])
        expect(trailers[0]![1].split(' ')).to.have.length(5)
        const [read] = deedsOf(readBack(trailers), 'accepted').deeds
        // What cannot be seen stands as JSON writes it, and means the same field.
        const meant = (names: readonly string[]) => names.map((name) => parseField(name))
        expect(meant(read!.what as string[])).to.deep.equal(meant(what))
      }),
    )
  })

  it('are cut, and say so: lines, and fields of one', () => {
    const many = Array.from({length: 201}, (_, at): Deed => ({object: `vm/${at}`, what: ['node'], user: null}))
    const lines = deedTrailers('change', many)
    expect([lines.length, lines.at(-1)]).to.deep.equal([201, ['change', '*']])
    expect(deedTrailers('change', many.slice(1))).to.have.length(200)
    expect(deedTrailers('change', undefined)).to.deep.equal([['change', '*']])
    const {deeds, isCut} = deedsOf(readBack(lines), 'change')
    expect([deeds.length, isCut]).to.deep.equal([200, true])
    const what = Array.from({length: 60}, (_, at) => `config.k${at}`)
    const [[, line]] = deedTrailers('change', [{...alice, what}]) as [[TrailerKey, string]]
    expect(line).to.match(/,config\.k49,\* alice@pve /)
  })

  it('are read of commits of before, too', () => {
    const trailers = ['root@pam vm/100', 'unknown container/7', `alice@pve vm/101 ${upid}`].map((value) => ({
      key: 'Pmpc-Changed-By',
      value,
    }))
    expect(deedsOf({trailers}, 'change').deeds).to.deep.equal([
      {object: 'vm/100', what: [], user: 'root@pam'},
      {object: 'container/7', what: [], user: null},
      {object: 'vm/101', what: [], user: 'alice@pve', upid},
    ])
    // A count of before is no deed.
    expect(deedsOf({trailers: [{key: 'Pmpc-Accepted', value: '3'}]}, 'accepted').deeds).to.deep.equal([])
  })
})
