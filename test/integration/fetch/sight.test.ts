import {expect} from 'chai'
import {readCluster, type Reading, type ReadOptions} from '../../../src/kit/fetch/index.js'
import {createClient} from '../../../src/kit/proxmox/index.js'
import {kinds, localKey} from '../../../src/kit/resources/index.js'
import {wireKinds, type WireKind} from '../../../src/kit/resources/kinds/on-wire.js'
import {ignoreOf} from '../../../src/kit/workspace/index.js'
import {Lab} from '../../support/lab.js'
import {oneOfEach} from '../../support/one-of-each.js'

const reader = 'looker@pve!sync'

/** All that shows something: what a token of a reader needs, and for plugins of ACME the right to change. */
const everything = [
  'VM.Audit',
  'Datastore.Audit',
  'Sys.Audit',
  'Pool.Audit',
  'SDN.Audit',
  'Mapping.Audit',
  'Sys.Modify',
]

describe('what a token cannot see', function () {
  this.timeout(120_000)
  let lab: Lab
  let secret: string
  let whole: Reading

  before(async () => {
    lab = await Lab.start({seed: 'cluster', offlineServices: 'accept'})
    for (const [method, path, parameters] of Object.values(oneOfEach).flat()) await lab.api(method, path, parameters)
    await lab.api('PUT', '/cluster/sdn')
    // Rules of a vnet can be set once it is applied.
    await lab.api('POST', '/cluster/sdn/vnets/vone/firewall/rules', {type: 'forward', action: 'ACCEPT'})
    await lab.api('POST', '/access/users', {userid: 'looker@pve'})
    await lab.api('POST', '/access/roles', {roleid: 'Looker', privs: everything.join(',')})
    const made = await lab.api<{value: string}>('POST', '/access/users/looker@pve/token/sync', {privsep: 0})
    secret = made.value
    await lab.api('PUT', '/access/acl', {path: '/', roles: 'Looker', users: 'looker@pve'})
    whole = await read()
  })

  after(async () => lab.stop())

  async function read(options: Partial<ReadOptions> = {}): Promise<Reading> {
    const {url, fingerprint} = lab.simulator
    const client = createClient({
      endpoints: [url],
      trust: {fingerprint},
      credential: {tokenId: reader, secret},
      cluster: 'home',
    })
    try {
      const settings = {ignore: ignoreOf([]), guestFirewalls: () => true}
      return await readCluster({reader: client, cluster: 'home', ...settings, ...options})
    } finally {
      await client.close()
    }
  }

  const keysOf = ({state}: Reading) => state.objects.map(localKey)
  const allBut = async (privileges: readonly string[]) =>
    lab.api('PUT', '/access/roles/Looker', {privs: everything.filter((one) => !privileges.includes(one)).join(',')})

  it('is nothing where it holds all of these rights: every kind is read', () => {
    expect(whole.stale).to.deep.equal([])
    expect(whole.partial).to.deep.equal([])
    expect(new Set(whole.state.objects.map(({kind}) => kind))).to.deep.equal(
      new Set(kinds.map(({name}) => name).filter((name) => name !== 'ha-group' && name !== 'acme-account')),
    )
  })

  /** What shows objects of a kind, in each of its places. */
  function sightsOf(kind: WireKind): {places: RegExp; privileges: readonly string[]}[] {
    const own = (sight: WireKind['sight']) => sight?.privileges.filter((one) => everything.includes(one)) ?? []
    if (!kind.scopes) return [{places: /^/, privileges: own(kind.sight)}]
    return kind.scopes.map(({id, sight}) => ({
      places: new RegExp(`^${id.replace(/\{\w+\}/, '.+')}$`),
      privileges: own(sight === undefined ? kind.sight : sight),
    }))
  }

  for (const kind of wireKinds) {
    for (const {places, privileges} of sightsOf(kind)) {
      if (privileges.length === 0) continue
      it(`${kind.plural} ${String(places)}: without ${privileges.join(' and ')} all of it stays, and is named`, async () => {
        await allBut(privileges)
        try {
          const reading = await read({before: whole.state, listsBefore: whole.lists})
          const stale = new Set(reading.stale.map(localKey))
          expect(keysOf(whole).filter((key) => !keysOf(reading).includes(key))).to.deep.equal([])
          const hidden = whole.state.objects.filter(({kind: of, id}) => of === kind.name && places.test(String(id)))
          // What is listed to whoever asks, as a realm or oneself, is read; all else is named.
          const shown = new Set(keysOf(await read()))
          expect(hidden.map(localKey).filter((key) => !stale.has(key) && !shown.has(key))).to.deep.equal([])
          const kept = new Map(reading.state.objects.map((object) => [localKey(object), object]))
          for (const object of hidden) expect(kept.get(localKey(object)), localKey(object)).to.deep.equal(object)
        } finally {
          await allBut([])
        }
      })
    }
  }

  it('is none of what there is where it holds no right: all is named, and nothing is gone', async () => {
    await lab.api('PUT', '/access/roles/Looker', {privs: ''})
    try {
      const reading = await read({before: whole.state})
      expect(keysOf(reading)).to.deep.equal(keysOf(whole))
    } finally {
      await allBut([])
    }
  })

  it('is no matter for each sync where only writers see it; what was recorded is stale, with the way out', async () => {
    await allBut(['Sys.Modify'])
    try {
      const first = await read()
      expect([first.stale, first.partial]).to.deep.equal([[], []])
      const {stale, partial} = await read({before: whole.state})
      expect(partial).to.deep.equal([])
      expect(new Set(stale.map(({kind}) => kind))).to.deep.equal(new Set(['acme-plugin']))
      expect([...new Set(stale.map(({why}) => why.replace(/^.*; /, '')))]).to.deep.equal([
        'to leave the kind out, put `- {kind: acme-plugin}` below `ignore:` in pmpc.yaml',
      ])
    } finally {
      await allBut([])
    }
  })

  it('that is gone while it can be seen is gone', async () => {
    await lab.api('DELETE', '/cluster/mapping/dir/one')
    await lab.api('DELETE', '/cluster/metrics/server/one')
    const reading = await read({before: whole.state})
    expect(reading.stale).to.deep.equal([])
    expect(keysOf(whole).filter((key) => !keysOf(reading).includes(key))).to.deep.equal([
      'metric-server/one',
      'dir-mapping/one',
    ])
  })
})
