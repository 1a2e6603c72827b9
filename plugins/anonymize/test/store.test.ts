import {expect} from 'chai'
import {chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import type {Pair} from 'pmpc/kit/anonymize'
import {exportText, readExport} from '../src/store/export.js'
import {fileStore, merged, readKey, workspaceStore} from '../src/store/map.js'
import {seal, unseal} from '../src/store/seal.js'

const pair = (original: string, pseudonym: string): Pair => ({kind: 'host', original, pseudonym})
const request = {command: 'pmpc anonymize', run: 'test'}

describe('the map', () => {
  let folder: string
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'pmpc-map-'))))
  afterEach(() => rmSync(folder, {recursive: true, force: true}))

  it('is sealed: another key, and a changed byte, open nothing', () => {
    const [key, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
    const sealed = seal(key, 'pve1')
    expect(unseal(key, sealed)).to.equal('pve1')
    expect(unseal(other, sealed)).to.equal(undefined)
    const bytes = Buffer.from(sealed, 'base64')
    bytes[bytes.length - 1]! ^= 1
    expect(unseal(key, bytes.toString('base64'))).to.equal(undefined)
    expect(seal(key, 'pve1')).not.to.equal(sealed)
  })

  it('of a workspace is for its owner alone, and grows with each run', async () => {
    await (await workspaceStore(folder, true, request)).save([pair('pve1', 'host-1')])
    await (await workspaceStore(folder, true, request)).save([pair('pve2', 'host-2')])
    const {pairs, path: file} = await workspaceStore(folder, false, request)
    expect(pairs.map(({original}) => original)).to.deep.equal(['pve1', 'pve2'])
    expect(readFileSync(file!, 'utf8')).not.to.include('pve1')
    for (const name of ['key', 'map'])
      expect(statSync(path.join(folder, '.pmpc/local/anonymize', name)).mode & 0o777).to.equal(0o600)
  })

  it('of a workspace is not made by what only looks', async () => {
    expect((await workspaceStore(folder, false, request)).path).to.equal(null)
    expect(readKey(folder)).to.equal(undefined)
  })

  it('of two runs at once is one', async () => {
    const runs = await Promise.all([1, 2, 3, 4].map(async () => workspaceStore(folder, true, request)))
    expect(new Set(runs.map(({key}) => key.toString('hex'))).size).to.equal(1)
    await Promise.all(runs.map(async (run, at) => run.save([pair(`pve${at}`, `host-${at}`)])))
    expect((await workspaceStore(folder, false, request)).pairs.length).to.equal(4)
  })

  it('names nothing in two ways', () => {
    expect(() => merged([pair('a', 'x')], [pair('a', 'y')])).to.throw(/named something otherwise/)
    expect(() => merged([pair('a', 'x')], [pair('b', 'x')])).to.throw(/named something otherwise/)
    expect(merged([pair('a', 'x')], [pair('a', 'x')]).length).to.equal(1)
  })

  it('in a file that others can read is refused', async () => {
    const file = path.join(folder, 'our.map')
    await (await fileStore(file, {keep: true, make: true})).save([pair('pve1', 'host-1')])
    expect(statSync(file).mode & 0o777).to.equal(0o600)
    expect(readFileSync(file, 'utf8')).not.to.include('pve1')
    chmodSync(file, 0o640)
    const refused = await fileStore(file, {keep: true, make: true}).catch((error: {code: string}) => error.code)
    expect(refused).to.equal('PMPC_ANONYMIZE_EXPOSED')
  })

  it('in a file that is none is not written over', async () => {
    const file = path.join(folder, 'notes.txt')
    writeFileSync(file, 'mine\n', {mode: 0o600})
    const refused = await fileStore(file, {keep: true, make: true}).catch((error: {code: string}) => error.code)
    expect(refused).to.equal('PMPC_ANONYMIZE_MAP')
    expect(readFileSync(file, 'utf8')).to.equal('mine\n')
  })

  it('travels under a passphrase', () => {
    const key = Buffer.alloc(32, 7)
    const text = exportText('correct horse', key, [pair('pve1', 'host-1')])
    expect(text).not.to.include('pve1').and.not.to.include(key.toString('base64'))
    expect(readExport('correct horse', text, 'x')).to.deep.equal({key, pairs: [pair('pve1', 'host-1')]})
    expect(() => readExport('battery staple', text, 'x')).to.throw(/not sealed with this passphrase/)
    expect(() => readExport('x', text.replace(/"N":\d+/, '"N":1073741824'), 'x')).to.throw(/no export/)
  })
})
