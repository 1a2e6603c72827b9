import {expect} from 'chai'
import {chmodSync, mkdtempSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import type {ClusterState} from '../../../src/kit/resources/model.js'
import {loadState, loadStateBlob, rememberState, stateFile, writeState} from '../../../src/kit/state/index.js'

const home = (memory: number): ClusterState => ({
  cluster: 'home',
  objects: [{kind: 'vm', id: 100, config: {memory}, facts: {}}],
})

describe('state: cache', () => {
  let root: string
  let file: string
  let entry: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'pmpc-cache-'))
    file = stateFile(root, 'home')
    entry = join(root, '.pmpc/local/cache/state-home.json')
    mkdirSync(dirname(file), {recursive: true})
  })
  afterEach(() => rmSync(root, {recursive: true, force: true}))

  const load = () => loadState({root, cluster: 'home'})
  const age = (path: string, seconds: number) =>
    utimesSync(path, new Date(Date.now() - seconds * 1000), new Date(Date.now() - seconds * 1000))
  /** Marks what the cache holds, so that it shows where an answer came from. */
  const mark = async () => rememberState({root, state: home(-1), bytes: readFileSync(file)})

  it('is not needed, and there is no state without a file', async () => {
    expect(await load()).to.equal(undefined)
    writeFileSync(file, await writeState(home(512)))
    expect(await load()).to.deep.equal(home(512))
  })

  it('answers for a file that did not change, and follows one that did', async () => {
    writeFileSync(file, await writeState(home(512)))
    age(file, 60)
    await mark()
    expect(await load()).to.deep.equal(home(-1))
    writeFileSync(file, await writeState(home(1024)))
    expect(await load()).to.deep.equal(home(1024))
  })

  it('is not fooled by a change within the same tick that leaves size, time and inode', async () => {
    const at = new Date()
    writeFileSync(file, await writeState(home(512)))
    utimesSync(file, at, at)
    expect(await load()).to.deep.equal(home(512))
    writeFileSync(file, await writeState(home(513)))
    utimesSync(file, at, at)
    expect(await load()).to.deep.equal(home(513))
  })

  it('knows a file that was only touched by its content', async () => {
    writeFileSync(file, await writeState(home(512)))
    await mark()
    age(file, 30)
    expect(await load()).to.deep.equal(home(-1))
  })

  it('settles, so that an unchanged file is not read again', async () => {
    writeFileSync(file, await writeState(home(512)))
    age(file, 10)
    await mark()
    age(entry, 9)
    await load()
    expect(Date.now() - statSync(entry).mtimeMs).to.be.lessThan(5000)
  })

  it('is as good as none when it is damaged', async () => {
    writeFileSync(file, await writeState(home(512)))
    age(file, 60)
    await load()
    const whole = readFileSync(entry, 'utf8')
    for (const damaged of [
      '',
      'x',
      whole.slice(0, -1),
      whole.replace('512', '513'),
      whole.replace('"version":1', '"version":0'),
    ]) {
      writeFileSync(entry, damaged)
      expect(await load()).to.deep.equal(home(512))
    }
  })

  it('may be impossible to write', async function () {
    if (process.getuid?.() === 0) this.skip()
    writeFileSync(file, await writeState(home(512)))
    chmodSync(join(root, '.pmpc'), 0o500)
    try {
      expect(await load()).to.deep.equal(home(512))
    } finally {
      chmodSync(join(root, '.pmpc'), 0o700)
    }
  })

  it('may stand where a file is in the way', async () => {
    writeFileSync(file, await writeState(home(512)))
    writeFileSync(join(root, '.pmpc/local'), '')
    expect(await load()).to.deep.equal(home(512))
  })

  it('keeps revisions by the id of their blob, and only the latest', async () => {
    const bytes = await writeState(home(512))
    let reads = 0
    const read = async () => {
      reads++
      return bytes
    }
    for (let i = 0; i < 45; i++) await loadStateBlob({root, oid: `${i}`, read})
    expect(await loadStateBlob({root, oid: '44', read})).to.deep.equal(home(512))
    expect(reads).to.equal(45)
    await loadStateBlob({root, oid: 'new', read: async () => writeState(home(1))})
    expect(await loadStateBlob({root, oid: 'new', read})).to.deep.equal(home(1))
  })
})
