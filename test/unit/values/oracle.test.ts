import {expect} from 'chai'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {runOracle} from '../../support/oracle.js'
import {least, referencePath} from '../../support/reference.js'

describe('values: oracle cases', () => {
  it('agree with what PVE itself made of them, in both versions', async () => {
    const {passed, differences} = await runOracle([referencePath('oracle')])
    expect(differences.map(({version, case: one, actual}) => ({version, one, actual}))).to.deep.equal([])
    expect(passed).to.be.greaterThan(least(800, 350))
  })

  it('fail where our answer is another', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'pmpc-oracle-'))
    try {
      const cases = [
        {op: 'size', input: '1K', out: {bytes: 1000, formatted: '1K'}},
        {op: 'size', input: '1K', out: {bytes: 1024, formatted: '1K'}},
        {op: 'nosuch', input: '', out: {}},
      ]
      writeFileSync(path.join(folder, 'cases.json'), JSON.stringify(cases))
      const {passed, differences} = await runOracle([folder])
      expect({passed, failed: differences.length}).to.deep.equal({passed: 2, failed: 4})
    } finally {
      rmSync(folder, {recursive: true})
    }
  })
})
