import {expect} from 'chai'
import {mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {keptFolder, statePath} from '../../../src/kit/files/index.js'
import type {ClusterState} from '../../../src/kit/resources/model.js'
import {loadState, loadStateBlob, writeState} from '../../../src/kit/state/index.js'
import {changeKept, keptFile} from '../../support/kept.js'

const home = (memory: number): ClusterState => ({
  cluster: 'home',
  objects: [{kind: 'vm', id: 100, config: {memory}, facts: {}}],
})

describe('state: what is kept', () => {
  let root: string
  let file: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'pmpc-cache-'))
    file = join(root, statePath('home'))
    mkdirSync(dirname(file), {recursive: true})
  })
  afterEach(() => {
    rmSync(keptFolder(root), {recursive: true, force: true})
    rmSync(root, {recursive: true, force: true})
  })

  const load = () => loadState({root, cluster: 'home'})
  /** Marks what is kept, so that it shows where an answer came from. */
  const mark = async () => {
    await load()
    changeKept(keptFile(root, 'state'), (kept) => (kept.text = JSON.stringify(home(-1))))
  }

  it('is not needed, and there is no state without a file', async () => {
    expect(await load()).to.equal(undefined)
    writeFileSync(file, await writeState(home(512)))
    expect(await load()).to.deep.equal(home(512))
  })

  it('answers for a file that did not change, and follows one that did', async () => {
    writeFileSync(file, await writeState(home(512)))
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
    utimesSync(file, new Date(0), new Date(0))
    expect(await load()).to.deep.equal(home(-1))
  })

  it('settles, so that an unchanged file is not read again', async () => {
    writeFileSync(file, await writeState(home(512)))
    const noted = async () => {
      await load()
      return statSync(keptFile(root, 'recorded'), {bigint: true}).mtimeNs
    }
    let [before, now] = [await noted(), await noted()]
    // A note is written anew until it is older than the tick in which the file was written.
    for (const end = Date.now() + 5000; before !== now && Date.now() < end;) [before, now] = [now, await noted()]
    expect(await noted()).to.equal(now)
    changeKept<{oid: string}>(keptFile(root, 'recorded'), ({about}) => (about.oid = 'f'.repeat(40)))
    await loadStateBlob({root, oid: 'f'.repeat(40), read: async () => writeState(home(2))})
    expect(await load(), 'the file itself was read').to.deep.equal(home(2))
  })

  it('is as good as none when it is damaged', async () => {
    writeFileSync(file, await writeState(home(512)))
    await load()
    const entry = keptFile(root, 'state')
    const whole = readFileSync(entry, 'utf8')
    for (const damaged of [
      '',
      'x',
      whole.slice(0, -1),
      whole.replace('512', '513'),
      whole.replace(/"reader":\d+/, '"reader":0'),
      whole.replace(root, '/other'),
    ]) {
      writeFileSync(entry, damaged)
      expect(await load()).to.deep.equal(home(512))
    }
  })

  it('may be impossible to write', async () => {
    const usual = process.env.PMPC_CACHE_DIR
    writeFileSync(file, await writeState(home(512)))
    process.env.PMPC_CACHE_DIR = file
    try {
      expect(await load()).to.deep.equal(home(512))
      expect(await load()).to.deep.equal(home(512))
    } finally {
      process.env.PMPC_CACHE_DIR = usual
    }
  })

  it('holds nothing that came with the workspace', () => {
    expect(keptFolder(root, {HOME: '/home/ada'})).to.match(/^\/home\/ada\/\.cache\/pmpc\/workspaces\//)
    expect(keptFolder(root, {XDG_CACHE_HOME: '/cache'})).to.match(/^\/cache\/pmpc\/workspaces\//)
    expect(keptFolder('/a/ws', {PMPC_CACHE_DIR: '/c'})).to.not.equal(keptFolder('/b/ws', {PMPC_CACHE_DIR: '/c'}))
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
    expect(readdirSync(keptFolder(root))).to.have.length(40)
    await loadStateBlob({root, oid: 'new', read: async () => writeState(home(1))})
    expect(await loadStateBlob({root, oid: 'new', read})).to.deep.equal(home(1))
  })
})
