import {execFileSync} from 'node:child_process'
import {expect} from 'chai'
import fc from 'fast-check'
import {guardPath, hashBlob} from '../../../src/kit/git/index.js'
import {hashObject, packObjects, parseTree, printTree, treeMode, type TreeEntry} from '../../../src/kit/git/objects.js'
import {cleanUp, TestRepository} from '../../support/git.js'

const name = fc
  .string({unit: 'grapheme', minLength: 1, maxLength: 12})
  .filter((text) => !/[/\0]|^\.{1,2}$|^\.git$/i.test(text) && Buffer.from(text).toString() === text)
const tree = fc.uniqueArray(
  fc.record({
    name,
    mode: fc.constantFrom('100644', '100755', '120000', treeMode),
    oid: fc.stringMatching(/^[0-9a-f]{40}$/),
  }),
  {selector: (entry) => entry.name},
)

describe('objects of Git', () => {
  const made = cleanUp()

  it('are named as Git names them', () => {
    expect(hashBlob(Buffer.from(''))).to.equal('e69de29bb2d1d6434b8b29ae775ad8c2e48c5391')
    expect(hashBlob(Buffer.from('hello\n'))).to.equal('ce013625030ba8dba906f756967f9e9ca394464a')
    expect(hashBlob(Buffer.from(''), 'sha256')).to.equal(
      '473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813',
    )
  })

  it('trees survive printing and parsing, in one order only', () => {
    fc.assert(
      fc.property(tree, (entries) => {
        const printed = printTree(entries)
        const parsed = parseTree(printed, 'sha1')
        const byName = (a: TreeEntry, b: TreeEntry): number => (a.name < b.name ? -1 : 1)
        expect([...parsed].sort(byName)).to.deep.equal([...entries].sort(byName))
        expect(printTree([...entries].reverse())).to.deep.equal(printed)
      }),
    )
  })

  it('trees are what mktree makes', () => {
    const test = made.add(TestRepository.create(null))
    fc.assert(
      fc.property(tree, (entries) => {
        const input = entries
          .map(({mode, oid, name: file}) => `${mode} ${mode === treeMode ? 'tree' : 'blob'} ${oid}\t${file}\0`)
          .join('')
        const made = execFileSync('git', ['mktree', '--missing', '-z'], {
          cwd: test.root,
          input,
          encoding: 'utf8',
        }).trim()
        expect(hashObject('tree', printTree(entries))).to.equal(made)
      }),
      {numRuns: 20},
    )
  })

  it('packs hold any sizes', () => {
    const test = made.add(TestRepository.create(null))
    const sizes = [0, 1, 15, 16, 17, 2047, 2048, 2049, 262_143, 262_144, 300_000]
    const objects = sizes.map((size) => {
      const content = Buffer.alloc(size, `${size} `)
      return {type: 'blob' as const, oid: hashBlob(content), content}
    })
    execFileSync('git', ['unpack-objects', '-q', '--strict'], {cwd: test.root, input: packObjects(objects, 'sha1')})
    for (const {oid, content} of objects)
      expect(test.git('cat-file', '-s', oid).trim()).to.equal(String(content.length))
  })

  it('paths of the workspace only', () => {
    for (const path of ['a', 'infra/a b.yaml', '.pmpc/state/x.db', 'a/..b', '...', '.gitignore', 'ü'])
      expect(guardPath(path)).to.equal(path)
    for (const path of [
      '',
      '/',
      '/a',
      'a/',
      '..',
      'a/..',
      './a',
      '.git',
      'x/.Git/y',
      'git~1',
      'a\\b',
      'C:/x',
      'a\0',
      'a\nb',
    ]) {
      expect(() => guardPath(path), path).to.throw('no path of a file')
    }
  })
})
