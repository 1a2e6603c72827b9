import {execFileSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {deadLinks} from '../support/links.js'
import {checkout} from '../support/pmpc.js'
import {noCheckout, skipFor} from '../support/skip.js'

describe('documents of the checkout', () => {
  it('link to what is there', function () {
    skipFor(this, noCheckout())
    const args = ['-c', `safe.directory=${checkout}`, 'ls-files', '-z', '--', '*.md']
    const files = execFileSync('git', args, {cwd: checkout, encoding: 'utf8'}).split('\0')
    const {checked, dead} = deadLinks(
      checkout,
      files.filter((file) => file !== '' && existsSync(path.join(checkout, file))),
    )
    expect(dead).to.deep.equal([])
    expect(checked).to.be.greaterThan(40)
  })
})
