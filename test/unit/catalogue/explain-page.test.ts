import {expect} from 'chai'
import {readFileSync} from 'node:fs'
import {explainPage, pagePath} from '../../../scripts/explain-page.js'
import {CATALOGUE, docsOf} from '../../../src/kit/catalogue/index.js'

describe('docs/explain.md', () => {
  it('says what the rows say (node --import tsx scripts/explain-page.ts writes it)', () => {
    expect(readFileSync(pagePath, 'utf8')).to.equal(explainPage())
  })

  it('has the place that each row leads to', () => {
    const anchors = [...explainPage().matchAll(/^### (.*)$/gm)].map(
      ([, head = '']) => `docs/explain.md#${head.toLowerCase()}`,
    )
    expect(anchors.sort()).to.deep.equal(CATALOGUE.map(({id}) => docsOf(id)).sort())
  })
})
