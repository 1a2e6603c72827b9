import {expect} from 'chai'
import {objectsAndRest, pastObjects} from '../../../src/kit/observed/index.js'
import {formatRef} from '../../../src/kit/resources/index.js'
import type {KindName} from '../../../src/kit/resources/model.js'
import {failure} from '../../support/states.js'

const known = (
  [
    ['home', 'vm', 100, 'web01'],
    ['home', 'vm', 101, 'main'],
    ['lab', 'vm', 100, 'other'],
    ['home', 'storage', 'local'],
  ] as [string, KindName, string | number, string?][]
).map(([cluster, kind, id, name]) => ({ref: {cluster, kind, id}, names: name === undefined ? [] : [name]}))
const gone = (cluster: string, id: number, name: string) => ({ref: {cluster, kind: 'vm' as const, id}, names: [name]})
const naming = {
  known,
  async *before() {
    yield known
    yield [...known, gone('home', 102, 'deleted'), gone('home', 103, 'both')]
    yield [...known, gone('home', 102, 'before'), gone('lab', 103, 'deleted'), gone('home', 104, 'v1.0')]
    yield [gone('home', 105, 'twin'), gone('lab', 105, 'twin')]
  },
  clusters: ['home', 'lab'],
  command: 'pmpc diff',
  found: 'was seen at the last sync',
}
const revisions = new Map([
  ['main', '1234567890abcdef1234'],
  ['v1.0', 'abcdef1234567890abcd'],
])
const revision = async (word: string) => revisions.get(word)

describe('observed: words', () => {
  const table: [string[], string[], string[]][] = [
    [['home/vm/100'], ['home/vm/100'], []],
    [['vm', '101', 'HEAD~1'], ['home/vm/101'], ['HEAD~1']],
    [['vm', 'web01'], ['home/vm/100'], []],
    [['web01', 'v1.0'], ['home/vm/100'], ['v1.0']],
    [['main..other', 'storage', 'local'], ['home/storage/local'], ['main..other']],
    [['101'], ['home/vm/101', 'home/container/101'], []],
    [['home/pool/web'], ['home/pool/web'], []],
    [['feature/x', 'branch/vm/100'], [], ['feature/x', 'branch/vm/100']],
    [['vm/999'], ['home/vm/999', 'lab/vm/999'], []],
    [['deleted'], ['home/vm/102'], []],
    [['vm', 'before'], ['home/vm/102'], []],
  ]
  for (const [words, objects, others] of table) {
    it(`tell objects from the rest in ${words.join(' ')}`, async () => {
      const {refs, rest} = await objectsAndRest(words, naming, revision)
      expect(refs.map(formatRef)).to.deep.equal(objects)
      expect(rest).to.deep.equal(others)
    })
  }

  it('what is both a revision and an object is refused, and each may be typed', async () => {
    const error = await failure(objectsAndRest(['main'], naming, revision))
    expect(error).to.deep.include({
      code: 'PMPC_AMBIGUOUS',
      suggestions: ['pmpc diff home/vm/101', 'pmpc diff 1234567890ab'],
    })
  })

  it('what two had that are gone is refused, too', async () => {
    const error = await failure(objectsAndRest(['twin'], naming, revision))
    expect([error.code, error.suggestions]).to.deep.equal([
      'PMPC_AMBIGUOUS',
      ['pmpc diff home/vm/105', 'pmpc diff lab/vm/105'],
    ])
  })

  it('a slip of the pen is told where no revision is called so', async () => {
    const error = await failure(objectsAndRest(['wbe01'], naming, revision))
    expect(error.code).to.equal('PMPC_NOT_FOUND')
    expect(error.message).to.contain('no revision is called so. Did you mean web01?')
  })

  it('a VMID that two clusters have is refused to who looks back, too', async () => {
    const error = await failure(pastObjects('vm/100', naming))
    expect(error).to.deep.include({
      code: 'PMPC_AMBIGUOUS',
      suggestions: ['pmpc diff home/vm/100', 'pmpc diff lab/vm/100'],
    })
  })
})
