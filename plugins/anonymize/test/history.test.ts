import {expect} from 'chai'
import {execFileSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {personIn, readHistory, Trees} from '../src/content/history.js'

describe('a bundle of Git', () => {
  let folder: string
  const env = {...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1'}
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], {cwd: folder, env})
  const bundle = (...args: string[]) => {
    git('bundle', 'create', '--quiet', 'made', ...args)
    return readFileSync(path.join(folder, 'made'))
  }
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'pmpc-history-'))))
  afterEach(() => rmSync(folder, {recursive: true, force: true}))

  for (const format of ['sha1', 'sha256'])
    it(`is read object by object, deltas of deltas too, with ${format}`, () => {
      git('init', '--quiet', '--initial-branch=main', `--object-format=${format}`)
      let text = Array.from({length: 400}, (_, at) => `line ${at} of a file that changes little`).join('\n')
      for (let at = 0; at < 12; at++) {
        text = text.replace(`line ${at * 30} `, `line ${at * 30}, changed `)
        writeFileSync(path.join(folder, 'file.txt'), text)
        git('add', '--all')
        git('commit', '--quiet', '-m', `change ${at}`)
      }
      git('repack', '--quiet', '-a', '-d', '--depth=20', '-f')
      const history = readHistory('x', bundle('--all'))
      expect(history.commits.map(({message}) => message.trim())).to.deep.equal(
        Array.from({length: 12}, (_, at) => `change ${at}`),
      )
      const files = new Trees(history).files(history.commits.at(-1)!.tree)
      const {content} = history.pack.object(files.get('file.txt')!.oid)
      expect(content.toString()).to.equal(text)
    })

  it('that needs a repository, or is damaged, is refused', () => {
    git('init', '--quiet', '--initial-branch=main')
    for (const name of ['a', 'b']) {
      writeFileSync(path.join(folder, name), name.repeat(500))
      git('add', '--all')
      git('commit', '--quiet', '-m', name)
    }
    const codeOf = (bytes: Buffer) => {
      try {
        readHistory('x', bytes)
        return 'taken'
      } catch (error) {
        return (error as {code: string}).code
      }
    }
    expect(codeOf(bundle('main', '^main~1'))).to.equal('PMPC_ANONYMIZE_BINARY')
    const whole = bundle('main')
    expect(codeOf(whole)).to.equal('taken')
    for (const end of [20, 60, 120, whole.length - 80])
      expect(codeOf(whole.subarray(0, end)), String(end)).to.equal('PMPC_ANONYMIZE_BROKEN')
  })

  it('names people in the lines of commits', () => {
    expect(personIn('Ada L. <ada@example.org> 1700000000 +0100')).to.deep.equal({
      name: 'Ada L.',
      mail: 'ada@example.org',
      when: '1700000000 +0100',
    })
    expect(personIn('<> 0 +0000')).to.include({name: '', mail: ''})
    expect(personIn('nobody')).to.equal(undefined)
  })
})
