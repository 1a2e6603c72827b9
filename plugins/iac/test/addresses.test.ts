import {expect} from 'chai'
import {readAddresses} from '../src/terraform/addresses.js'
import {codeOf} from '../src/terraform/index.js'
import {aCluster, aVm} from './estates.js'

const VM = 'proxmox_virtual_environment_vm'
const ledger = (value: unknown) => ({read: () => (typeof value === 'string' ? value : JSON.stringify(value))})

/** What a VM is called after a ledger says this of it. */
const nameAfter = (address: unknown): string => {
  const [code] = codeOf({clusters: [aCluster(aVm(100))]}, ledger({addresses: {'home/vm/100': address}}))
  return `${code!.module}.${code!.resources[0]!.name}`
}

describe('a ledger that a repository brings along', () => {
  it('says nothing where it is none that pmpc wrote', () => {
    const none = {addresses: new Map(), removed: []}
    const texts = ['', '{', 'null', '[]', '"x"', '5', `${'['.repeat(1e5)}${']'.repeat(1e5)}`]
    const others = [{addresses: 5, removed: 7}, {addresses: null}, {addresses: [[]], removed: [{a: 1}, null, 'x']}]
    for (const text of [...texts, ...others]) expect(readAddresses(ledger(text))).to.deep.equal(none)
  })

  it('names what it had, by names that are some', () => {
    expect(nameAfter(`module.house.${VM}.web`)).to.equal('house.web')
    for (const name of ['a.b', '../x', 'a\nb', '', '0a', '${x}', 'a'.repeat(300)])
      expect(nameAfter(`module.home.${VM}.${name}`), name).to.equal('home.vm_100')
    expect(nameAfter(`module.${'m'.repeat(300)}.${VM}.web`)).to.equal('home.vm_100')
    for (const other of [5, null, ['module.home.x.y'], {}]) expect(nameAfter(other)).to.equal('home.vm_100')
  })

  it('puts no guest into the place of another file of its module', () => {
    for (const name of ['versions', 'inputs', 'Versions'])
      expect(nameAfter(`module.home.${VM}.${name}`), name).to.equal('home.vm_100')
  })

  it('reaches no prototype', () => {
    const text = `{"__proto__": {"addresses": {"a": "b"}}, "addresses": {"__proto__": "module.home.${VM}.vm_100", "toString": 5}}`
    expect([...readAddresses({read: () => text}).addresses.keys()]).to.deep.equal(['__proto__'])
    expect(({} as {addresses?: unknown}).addresses).to.equal(undefined)
  })
})
