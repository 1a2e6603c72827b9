import {expect} from 'chai'
import {commitMessage} from '../../../src/kit/git/trailers.js'

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
