import {randomBytes} from 'node:crypto'
import {expect} from 'chai'
import {maintain} from '../../../src/kit/git/index.js'
import {noteWritten} from '../../../src/kit/git/maintenance.js'
import {cleanUp, TestRepository} from '../../support/git.js'

describe('packing of loose objects', () => {
  const made = cleanUp()
  const loose = (test: TestRepository): number => Number(/^count: (\d+)/m.exec(test.git('count-objects', '-v'))![1])

  it('begins when what was written passes the limit, and removes what it packed', async () => {
    const test = made.add(TestRepository.create())
    const repository = await test.open()
    const {context} = repository
    let bytes = 0
    for (let at = 0; at < 3; at++) {
      const {commit} = await repository.commitFiles({
        parent: test.oid(),
        files: [{path: '.pmpc/state/home.db', content: randomBytes(50_000)}],
        message: 'state',
      })
      bytes = noteWritten(context, [commit!])
    }
    expect(bytes).to.be.greaterThan(150_000)
    expect(await maintain(context, bytes, {limit: bytes, wait: true})).to.equal(false)
    expect(loose(test)).to.be.greaterThan(10)
    expect(await maintain(context, bytes, {limit: bytes - 1, wait: true})).to.equal(true)
    expect(loose(test)).to.equal(0)
    expect(noteWritten(context, [])).to.equal(0)
    expect(test.git('fsck', '--strict')).to.equal('')
    expect((await repository.listTree('HEAD')).map(({path}) => path)).to.include('.pmpc/state/home.db')
  })

  for (const [key, value] of [
    ['gc.auto', '0'],
    ['maintenance.auto', 'false'],
    ['extensions.partialClone', 'origin'],
  ] as const) {
    it(`is left out under ${key}=${value}`, async () => {
      const test = made.add(TestRepository.create())
      test.git('config', key, value)
      const {context} = await test.open()
      const before = loose(test)
      expect(await maintain(context, 2, {limit: 1, wait: true})).to.equal(false)
      expect(loose(test)).to.equal(before)
    })
  }
})
