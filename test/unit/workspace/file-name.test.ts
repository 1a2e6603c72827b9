import {expect} from 'chai'
import {guardPath} from '../../../src/kit/git/paths.js'
import {isManifest} from '../../../src/kit/workspace/manifest-list.js'
import {fileNameOf} from '../../../src/kit/workspace/file-name.js'

describe('the name of a new manifest', () => {
  it('is the id, for all ids that people use', () => {
    for (const id of [100, 'local', 'local-lvm', 'web', 'Team_A', 'a.b-c_d', 'team/web/db', 'dot.yaml', 'x+y@z'])
      expect(fileNameOf(id)).to.equal(String(id))
  })

  const odd: Record<string, string> = {
    '.git': '%2Egit',
    '.GIT': '%2EGIT',
    '.dot': '%2Edot',
    '.': '%2E',
    '..': '%2E%2E',
    'a/../b': 'a/%2E%2E/b',
    'a/.git/b': 'a/%2Egit/b',
    'git~1': '%67it~1',
    CON: '%43ON',
    'con.x': '%63on.x',
    'a/nul/b': 'a/%6Eul/b',
    Com1: '%43om1',
    console: 'console',
    'a./b': 'a%2E/b',
    'a.yaml/b': 'a%2Eyaml/b',
    'back\\slash': 'back%5Cslash',
    '%2Egit': '%252Egit',
    é: '%C3%A9',
    'x\u200d': 'x%E2%80%8D',
  }
  for (const [id, name] of Object.entries(odd)) {
    it(`${JSON.stringify(id)} is ${name}, which Git takes and pmpc reads`, () => {
      expect(fileNameOf(id)).to.equal(name)
      const path = `infra/home/pool/${name}.yaml`
      expect(guardPath(path)).to.equal(path)
      expect(isManifest(path)).to.equal(true)
    })
  }

  it('is never that of another id, and never too long', () => {
    const long = ['é'.repeat(200), `${'é'.repeat(199)}e`, 'x'.repeat(200), `${'x'.repeat(199)}y`]
    const ids = [...Object.keys(odd), '%2Edot', '%2E', 'a%2E/b', ...long]
    const names = ids.map(fileNameOf)
    expect(new Set(names).size).to.equal(ids.length)
    for (const name of names.flatMap((one) => one.split('/')))
      expect(Buffer.byteLength(`${name}.yaml`)).to.be.below(200)
  })
})
