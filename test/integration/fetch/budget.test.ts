import {expect} from 'chai'
import {localKey, type KindName, type Observed} from '../../../src/kit/resources/index.js'
import {wireKindOf} from '../../../src/kit/resources/kinds/on-wire.js'
import {Lab} from '../../support/lab.js'
import {readLab as read} from '../../support/reading.js'

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((all, count) => all + count, 0)

describe('what reading a cluster costs', function () {
  this.timeout(120_000)

  for (const [name, options] of [
    ['one node', {seed: 'homelab'}],
    ['three nodes', {seed: 'cluster'}],
    ['thirty-two nodes', {nodes: 32, guests: 100}],
    ['three nodes of PVE 8.4', {seed: 'cluster', pve: '8.4' as const}],
  ] as const) {
    it(`${name}: as many requests as the formula says, the second time too`, async () => {
      const lab = await Lab.start(options)
      try {
        const first = await read(lab)
        for (const {reading, asked} of [first, await read(lab, {before: first.reading.state})]) {
          const {state, requests} = reading
          const all = (kind: KindName) => state.objects.filter((object) => object.kind === kind)
          const count = (kind: KindName) => all(kind).length
          expect(sum(requests), 'counted').to.equal(asked.length)
          expect(reading.stale).to.deep.equal([])

          const guests = [...all('vm'), ...all('container')]
          const types = new Set(all('notification-target').map(({config}) => config.type)).size
          const ipsets = all('firewall').reduce((found, {config}) => found + Object.keys(config.ipsets ?? {}).length, 0)
          const ofGuests = asked.filter((path) => /^\/nodes\/[^/]+\/(qemu|lxc)\/\d+\/(?!firewall)/.test(path))
          const firewalled = guests.filter(isFirewalled).length
          const nodes = count('node')
          // Rights, what is where, nodes, their addresses; and lists of kinds, of which each version lacks some.
          const lists = options && 'pve' in options ? 31 : 35
          const cluster = 4 + lists + types
          const others = count('realm') + count('metric-server') + count('security-group') + ipsets + count('pool')
          // Power of guests and the version, as ever, and seven more.
          const ofNodes = nodes * (3 + 7)
          const formula = cluster + ofNodes + others + 3 * count('sdn-vnet') + 3 * firewalled
          // Whether a shorter list of interfaces would be seen to be one.
          const rights = asked.filter((path) => path === '/access/permissions').length - 1
          expect(rights).to.be.at.most(1)
          expect(asked.length - ofGuests.length - rights).to.equal(formula)
          expect(lists + types, 'of the cluster').to.be.at.most(36)
        }
      } finally {
        await lab.stop()
      }
    })
  }

  it('kinds that are not wanted cost nothing, and firewalls of guests where they are not read stay as they are', async () => {
    const lab = await Lab.start({seed: 'cluster'})
    try {
      await lab.api('POST', '/nodes/pve1/qemu/100/firewall/rules', {type: 'in', action: 'ACCEPT'})
      const {reading: whole} = await read(lab)
      expect(whole.state.objects.map(localKey)).to.include('firewall/guest/100')
      const unread = await read(lab, {before: whole.state, guestFirewalls: (guests) => guests < 3})
      expect(unread.asked.filter((path) => /(qemu|lxc)\/\d+\/firewall/.test(path))).to.deep.equal([])
      expect(unread.reading.stale).to.deep.equal([])
      expect(unread.reading.unasked).to.deep.equal({
        'firewall/guest/100': 'read.guestFirewalls of pmpc.yaml is not true',
      })
      expect(whole.unasked).to.deep.equal({})
      expect(unread.reading.state).to.deep.equal(whole.state)

      const kinds: KindName[] = ['storage', 'pool']
      const few = await read(lab, {kinds})
      expect([...new Set(few.asked)].sort()).to.deep.equal(
        ['/access/permissions', '/cluster/resources', '/nodes', '/pools', '/storage'].sort(),
      )
      expect(new Set(few.reading.state.objects.map(({kind}) => kind))).to.deep.equal(new Set(kinds))
      // What is left out from now on is ignored, and not gone.
      const left = await read(lab, {kinds, before: whole.state})
      expect(left.reading.ignoredObjects.has('vm/100')).to.equal(true)
      const only = await read(lab, {only: kinds, before: whole.state})
      expect(only.reading.state).to.deep.equal(whole.state)
      expect(only.asked.length).to.equal(few.asked.length)
    } finally {
      await lab.stop()
    }
  })

  it('some objects only: their lists, and of each what its row says; the others stay as they were', async () => {
    const lab = await Lab.start({seed: 'cluster'})
    try {
      const {reading: whole} = await read(lab)
      await lab.api('PUT', '/nodes/pve1/qemu/100/config', {cores: 7})
      await lab.api('PUT', '/nodes/pve2/qemu/101/config', {cores: 7})
      await lab.api('PUT', '/storage/local', {content: 'iso'})
      const objects = new Set(['vm/100', 'storage/local', 'vm/999', 'firewall/cluster'])
      const few = await read(lab, {before: whole.state, objects})
      const now = new Map(few.reading.state.objects.map((object) => [localKey(object), object]))
      const before = new Map(whole.state.objects.map((object) => [localKey(object), object]))
      expect(now.get('vm/100')).to.deep.include({running: {cores: before.get('vm/100')!.config.cores}})
      expect(now.get('vm/100')!.config.cores).to.equal(7)
      expect(now.get('storage/local')!.config.content).to.deep.equal(['iso'])
      for (const [key, object] of before) if (!objects.has(key)) expect(now.get(key), key).to.deep.equal(object)
      expect(few.reading.stale).to.deep.equal([])
      expect(few.reading.digests).to.have.all.keys('vm/100', 'storage/local')
      expect(few.asked.sort()).to.deep.equal(
        [
          ...['/access/permissions', '/cluster/resources', '/nodes', '/storage'],
          ...['options', 'rules', 'aliases', 'ipset'].map((part) => `/cluster/firewall/${part}`),
          ...['/nodes/pve1/qemu', ...['config', 'pending', 'snapshot'].map((part) => `/nodes/pve1/qemu/100/${part}`)],
        ].sort(),
      )
    } finally {
      await lab.stop()
    }
  })
})

function isFirewalled(guest: Observed): boolean {
  const scope = wireKindOf('firewall').scopes!.find(({of}) => of?.includes(guest.kind))!
  return scope.when!(guest)
}
