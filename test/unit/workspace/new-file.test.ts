import {expect} from 'chai'
import {parentsOf, parseRef} from '../../../src/kit/resources/index.js'
import {joinedFiles, ownFileOf, type Places} from '../../../src/kit/workspace/new-file.js'

/** Where manifests stand: path to the objects that the file declares. */
function places(files: Record<string, string[]>): Places {
  const all = Object.entries(files).flatMap(([path, objects]) =>
    objects.map(
      (object) => [`home/${object}`, {ref: parseRef(`home/${object}`), path: `infra/home/${path}.yaml`}] as const,
    ),
  )
  return new Map(all)
}

describe('the file of a new manifest', () => {
  const own: [string, string][] = [
    ['vm/100', 'vm/100'],
    ['pool/web/db', 'pool/web/db'],
    ['storage/con', 'storage/%63on'],
    ['user/alice@pve', 'access/user/alice@pve'],
    ['acl/acl', 'access/acl'],
    ['options/options', 'options'],
    ['firewall/cluster', 'firewall/cluster'],
    ['firewall/guest/100', 'firewall/guest/100'],
    ['firewall/vnet/v1', 'firewall/vnet/v1'],
    ['security-group/web', 'firewall/group/web'],
    ['ha-resource/100', 'ha/resource/100'],
    ['sdn-zone/z1', 'sdn/zone/z1'],
  ]
  for (const [object, path] of own)
    it(`${object}: ${path}.yaml`, () =>
      expect(ownFileOf(parseRef(`home/${object}`))).to.equal(`infra/home/${path}.yaml`))

  it('tells what an object is a part of by its id', () => {
    const named = (object: string) => parentsOf(parseRef(`home/${object}`)).map(({kind, id}) => `${kind}/${id}`)
    expect(named('firewall/guest/100')).to.deep.equal(['vm/100', 'container/100'])
    expect(named('firewall/node/pve1')).to.deep.equal(['node/pve1'])
    expect(named('firewall/cluster')).to.deep.equal([])
    expect(parentsOf({cluster: 'home', kind: 'firewall', id: 'guest/web'})).to.deep.equal([])
    expect(named('replication-job/100-0')).to.deep.equal(['vm/100', 'container/100'])
    expect(named('vm/100')).to.deep.equal([])
  })

  const rules: [string, Record<string, string[]>, string, boolean][] = [
    ['its own, where no other part is declared', {'vm/102': ['vm/102']}, 'firewall/guest/102', false],
    [
      "its parent's, where another of its sort stands in its parent's",
      {'vm/101': ['vm/101', 'firewall/guest/101'], 'vm/102': ['vm/102']},
      'firewall/guest/102',
      true,
    ],
    [
      'its own, where another of its sort stands alone, though an other part of its parent does not',
      {
        'vm/101': ['vm/101'],
        'firewall/guest/101': ['firewall/guest/101'],
        'vm/102': ['vm/102', 'ha-resource/102'],
      },
      'firewall/guest/102',
      false,
    ],
    [
      "its parent's, where most of its sort stand so",
      {
        'vm/100': ['vm/100'],
        'firewall/guest/100': ['firewall/guest/100'],
        'vm/101': ['vm/101', 'firewall/guest/101'],
        'container/103': ['container/103', 'firewall/guest/103'],
        'vm/102': ['vm/102'],
      },
      'firewall/guest/102',
      true,
    ],
    [
      "its parent's, where no other of its sort tells, and another part of its parent stands there",
      {'vm/102': ['vm/102', 'ha-resource/102']},
      'firewall/guest/102',
      true,
    ],
    [
      'its own, where parts of another sort of parent stand with theirs',
      {'node/pve1': ['node/pve1', 'firewall/node/pve1'], 'vm/102': ['vm/102']},
      'firewall/guest/102',
      false,
    ],
    [
      'its own, where the parents of the others are not declared',
      {'shared/all': ['firewall/guest/100', 'firewall/guest/101'], 'vm/102': ['vm/102']},
      'firewall/guest/102',
      false,
    ],
  ]
  for (const [title, files, object, joins] of rules)
    it(title, () => {
      const path = 'infra/home/vm/102.yaml'
      expect(joinedFiles(places(files))(parseRef(`home/${object}`), path)).to.equal(joins ? path : undefined)
    })

  it('says nothing of what stands in another cluster', () => {
    const other = new Map([
      ['work/vm/101', {ref: parseRef('work/vm/101'), path: 'a.yaml'}],
      ['work/firewall/guest/101', {ref: parseRef('work/firewall/guest/101'), path: 'a.yaml'}],
    ])
    expect(joinedFiles(other)(parseRef('home/firewall/guest/102'), 'b.yaml')).to.equal(undefined)
  })
})
