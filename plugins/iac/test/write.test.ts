import {expect} from 'chai'
import {toldLeft} from '../src/write.js'

describe('files that are committed and could not be written', () => {
  it('are named with the reason and with what brings them', () => {
    const left = [{path: "iac/it's.tf", reason: 'the file system is read-only'}]
    expect(toldLeft(left)).to.deep.equal([
      `iac/it's.tf is committed and was not written (the file system is read-only): git restore 'iac/it'\\''s.tf'`,
    ])
  })
})
