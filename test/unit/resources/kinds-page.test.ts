import {expect} from 'chai'
import {readFileSync} from 'node:fs'
import {kindsPage, pagePath} from '../../../scripts/kinds-page.js'

describe('docs/kinds.md', () => {
  it('says what the rows say (node --import tsx scripts/kinds-page.ts writes it)', () => {
    expect(readFileSync(pagePath, 'utf8')).to.equal(kindsPage())
  })
})
