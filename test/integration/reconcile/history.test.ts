import {expect} from 'chai'
import {digestOf} from '../../../src/kit/reconcile/fields.js'
import {GitHistory} from '../../../src/kit/reconcile/history.js'
import {parseField, parseRef} from '../../../src/kit/resources/index.js'
import {cleanUp, TestRepository} from '../../support/git.js'

describe('what the history tells of an object that was accepted as a whole', () => {
  const {add} = cleanUp()
  const path = 'infra/home/vm/100.yaml'
  const ref = parseRef('home/vm/100')
  const memory = parseField('config.memory')!
  const manifest = (cores: number, megabytes: number): Record<string, string> => ({
    [path]: `kind: vm\nid: 100\nconfig:\n  cores: ${cores}\n\n\n\n  memory: ${megabytes}\n`,
  })
  const documentOf = (cores: number, megabytes: number) => ({
    kind: 'vm' as const,
    beside: {},
    config: {cores, memory: megabytes},
  })
  const accepted = digestOf(documentOf(2, 2048))

  async function before(test: TestRepository, megabytes: number, root = test.root) {
    const repository = await test.open()
    const past = {repository, root, clusters: ['home'], head: test.oid(), prefix: '', pathOf: () => path}
    return new GitHistory(past).documentBefore(ref, memory, megabytes, accepted)
  }

  it('is the document from which a value was changed, however many commits ago', async () => {
    const test = add(TestRepository.create(manifest(2, 2048)))
    test.commit(manifest(2, 512))
    test.commit(manifest(4, 512))
    test.commit({'README.md': 'more\n'})
    expect(await before(test, 512)).to.deep.equal(documentOf(2, 2048))
  })

  it('is nothing where the value stood before that document did', async () => {
    const test = add(TestRepository.create(manifest(1, 512)))
    test.commit(manifest(2, 2048))
    test.git('checkout', '-q', '-b', 'old', 'HEAD~1')
    test.commit(manifest(3, 512))
    test.git('merge', '-q', '-s', 'ours', '-m', 'keep ours', 'main')
    expect(await before(test, 512)).to.equal(undefined)
  })

  it('is told on all branches that a merge took the value from, or on none', async () => {
    const test = add(TestRepository.create(manifest(2, 2048)))
    test.git('branch', 'side')
    test.commit(manifest(2, 512))
    test.git('checkout', '-q', 'side')
    test.commit(manifest(4, 512))
    test.git('merge', '-q', '-X', 'ours', '-m', 'merge', 'main')
    expect(await before(test, 512)).to.deep.equal(documentOf(2, 2048))
  })

  it('cannot be told by a clone whose history ends before', async () => {
    const test = add(TestRepository.create(manifest(2, 2048)))
    test.commit(manifest(2, 512))
    test.commit(manifest(4, 512))
    const shallow = add(new TestRepository())
    shallow.git('clone', '-q', '--depth', '1', `file://${test.root}`, '.')
    expect(await before(shallow, 512)).to.equal('cut')
    shallow.git('fetch', '-q', '--unshallow')
    expect(await before(shallow, 512)).to.deep.equal(documentOf(2, 2048))
  })
})
