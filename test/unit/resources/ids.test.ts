import {expect} from 'chai'
import {
  formatRef,
  kindOf,
  kinds,
  parseId,
  parseRef,
  parseRefs,
  type KindName,
} from '../../../src/kit/resources/index.js'
import {fileNameOf} from '../../../src/kit/workspace/file-name.js'

/** Ids as PVE has them, and the name of the file where a manifest begins. */
const ids: [KindName, string | number, string][] = [
  ['user', 'alice@pve', 'alice@pve'],
  ['acl', 'acl', 'acl'],
  ['options', 'options', 'options'],
  ['pool', 'web/front', 'web/front'],
  ['ha-resource', 100, '100'],
  ['replication-job', '100-0', '100-0'],
  ['firewall', 'cluster', 'cluster'],
  ['firewall', 'node/pve1', 'node/pve1'],
  ['firewall', 'vnet/v1', 'vnet/v1'],
  ['firewall', 'guest/100', 'guest/100'],
]

describe('ids of all kinds', () => {
  for (const [kind, id, file] of ids)
    it(`${kind}/${id}`, () => {
      const ref = {cluster: 'home', kind, id}
      expect(parseRef(formatRef(ref))).to.deep.equal(ref)
      expect(parseRefs(`${kind}/${id}`, ['home'])).to.deep.equal([ref])
      expect(parseRefs(`home/${kind}/${id}`, ['home'])).to.deep.equal([ref])
      expect(fileNameOf(id)).to.equal(file)
    })

  it('are of one object where there is only one, and numbers where they are VMIDs', () => {
    expect(parseId('acl', 'other')).to.equal(undefined)
    expect(parseId('ha-resource', 'vm:100')).to.equal(undefined)
    for (const id of ['host/999', 'node', 'node/', 'node/a/b', 'guest/a', 'cluster/x', 'a'])
      expect(parseId('firewall', id), id).to.equal(undefined)
    expect(parseId('replication-job', '100')).to.equal(undefined)
    expect(parseRefs('100', ['home'])!.map(({kind}) => kind)).to.deep.equal(['vm', 'container'])
  })

  it('tell the object that theirs is a part of', () => {
    const parentOf = (kind: KindName, id: string) =>
      kindOf(kind).parents!.flatMap(({id: pattern, kinds: of}) => {
        const found = pattern.exec(id)?.[1]
        return found === undefined ? [] : of.map((name) => `${name}/${found}`)
      })
    expect(parentOf('firewall', 'guest/100')).to.deep.equal(['vm/100', 'container/100'])
    expect(parentOf('firewall', 'node/pve1')).to.deep.equal(['node/pve1'])
    expect(parentOf('firewall', 'vnet/v1')).to.deep.equal(['sdn-vnet/v1'])
    expect(parentOf('firewall', 'cluster')).to.deep.equal([])
    expect(parentOf('replication-job', '100-0')).to.deep.equal(['vm/100', 'container/100'])
    expect(parentOf('network', 'pve1')).to.deep.equal(['node/pve1'])
  })

  it('begin in a file of their own, and no word names two kinds', () => {
    expect(new Set(kinds.map(({file}) => file)).size).to.equal(kinds.length)
    const words = kinds.flatMap(({name, plural, aliases}) => [...new Set([name, plural, ...aliases])])
    expect(words.filter((word, at) => words.indexOf(word) < at)).to.deep.equal([])
  })
})
