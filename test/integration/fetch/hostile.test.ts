import {expect} from 'chai'
import {readCluster, type Reading, type ReadOptions} from '../../../src/kit/fetch/index.js'
import {PmpcError, isPmpcError} from '../../../src/kit/errors/index.js'
import {
  declaredOf,
  equalValues,
  kindOf,
  kinds,
  localKey,
  type ClusterState,
  type KindName,
} from '../../../src/kit/resources/index.js'
import {audit, readerOf, wholeCluster as cluster, type Answers} from '../../support/whole-cluster.js'
import {wireKindOf} from '../../../src/kit/resources/kinds/on-wire.js'
import {diffStates, readState, stateDigest, writeState} from '../../../src/kit/state/index.js'
import {ignoreOf, manifestTools, printManifest} from '../../../src/kit/workspace/index.js'

async function read(answers: Answers, options: Partial<ReadOptions> = {}): Promise<Reading> {
  const reader = readerOf(answers)
  return readCluster({reader, cluster: 'home', ignore: ignoreOf([]), guestFirewalls: () => true, ...options})
}

const staleOf = ({stale}: Reading) => Object.fromEntries(stale.map((object) => [localKey(object), object.why]))
const keysOf = ({objects}: ClusterState) => objects.map(localKey)

/** What was read survives the state file, and what is declared of it its manifest. */
async function expectKept({state}: Reading, about: string): Promise<void> {
  expect(stateDigest(await readState(await writeState(state))), about).to.equal(stateDigest(state))
  const {parseManifests} = await manifestTools()
  for (const object of state.objects.filter(({kind}) => kindOf(kind).declared)) {
    const declared = declaredOf(object)
    const {documents} = parseManifests(printManifest(declared), 'infra/home/x.yaml', ['home'])
    const back = documents[0]?.declared
    expect(back?.id, about).to.equal(declared.id)
    expect(equalValues(back?.config, declared.config), `${about}: ${printManifest(declared)}`).to.equal(true)
  }
}

describe('a cluster that answers what no cluster should', function () {
  this.timeout(60_000)
  let whole: Reading

  before(async () => {
    whole = await read(cluster())
  })

  it('reads the whole one', async () => {
    expect(staleOf(whole)).to.deep.equal({})
    const keys = keysOf(whole.state)
    expect(keys.slice(0, 9)).to.deep.equal(
      'node/pve1 node/pve2 vm/100 vm/101 container/200 storage/local storage/nas pool/db pool/web'.split(' '),
    )
    // Groups are rules since 9.
    expect(new Set(keys.map((key) => key.split('/')[0]))).to.deep.equal(
      new Set(kinds.map(({name}) => name).filter((name) => name !== 'ha-group')),
    )
    await expectKept(whole, 'whole')
  })

  const deep = `JSON:${'['.repeat(50_000)}${']'.repeat(50_000)}`
  const with_ = <T = Answers[]>(path: string, change: (answer: T) => unknown): Answers => {
    const answers = cluster()
    const answer = answers[path]
    return {...answers, [path]: change(answer as T) ?? answer}
  }
  const resources = (change: (list: Answers[]) => unknown) => with_('/cluster/resources', change)
  /** `Number()` of it throws. */
  const noNumber = {valueOf: 1, toString: 1}
  const deepText = (answer: unknown, key: string) =>
    `JSON:${JSON.stringify(answer).replace(JSON.stringify(key), `"x":${deep.slice(5)},${JSON.stringify(key)}`)}`

  /** What is wrong, and what is stale because of it: nothing else. All the rest is as it was, whatever came before. */
  const cases: Record<string, {answers: () => Answers; stale: Record<string, RegExp>; first?: Record<string, RegExp>}> =
    {
      'an entry that is null': {
        answers: () => resources((list) => [null, ...list]),
        stale: {'vm/*': /entry 1 of \/cluster\/resources is no map/, 'container/*': /is no map/},
      },
      'an entry that is null in the place of a guest': {
        answers: () => resources((list) => list.map((entry) => (entry.vmid === 101 ? null : entry))),
        stale: {'vm/*': /entry 3/, 'container/*': /entry 3/, 'vm/101': /entry 3 .* that may be it/},
        first: {'vm/*': /entry 3/, 'container/*': /entry 3/},
      },
      'all guests without a type': {
        answers: () => resources((list) => void list.forEach((entry) => entry.vmid && delete entry.type)),
        stale: {'vm/100': /has no type/, 'vm/101': /has no type/, 'container/200': /has no type/},
        first: {'vm/*': /entry 2 .* has no type/, 'container/*': /entry 2 .* has no type/},
      },
      'a type that is a map': {
        answers: () => resources((list) => void (list[2]!.type = {})),
        stale: {'vm/101': /has no type/},
        first: {'vm/*': /has no type/, 'container/*': /has no type/},
      },
      'a VMID that cannot be one': {
        answers: () => resources((list) => [...list, {...list[1], vmid: '../100'}, {...list[1], vmid: -1}]),
        stale: {'vm/../100': /its vmid cannot be one/, 'vm/-1': /its vmid cannot be one/},
      },
      'a guest without a VMID': {
        answers: () => resources((list) => [...list, {type: 'qemu', node: 'pve1'}]),
        stale: {'vm/*': /entry 6 of \/cluster\/resources has no vmid/},
      },
      'a guest on two nodes': {
        answers: () => resources((list) => [...list, {...list[1], node: 'pve2'}]),
        stale: {'vm/100': /more than once: as a vm on pve1, as a vm on pve2/},
      },
      'a guest in the lists of two nodes': {
        answers: () => with_('/nodes/pve2/qemu', (list) => [...list, {vmid: 100, status: 'stopped'}]),
        stale: {'vm/100': /more than once: as a vm on pve1, as a vm on pve2/},
      },
      'a VM and a container with one VMID': {
        answers: () => resources((list) => [...list, {...list[3], vmid: 100, node: 'pve2'}]),
        stale: {'vm/100': /as a container on pve2, as a vm on pve1/, 'container/100': /more than once/},
      },
      'a deep value in an entry of a guest': {
        answers: () => with_('/cluster/resources', (list) => deepText(list, 'vmid')),
        stale: {'vm/100': /nests deeper than 32/},
      },
      'a deep value in a configuration': {
        answers: () => with_('/nodes/pve2/qemu/101/config', (config) => deepText(config, 'memory')),
        stale: {'vm/101': /nests deeper than 32/},
      },
      'a number without a JSON': {
        answers: () => ({...cluster(), '/nodes/pve2/qemu/101/config': 'JSON:{"memory":1e999}'}),
        stale: {'vm/101': /number that is too large/},
      },
      'a configuration that is a list': {
        answers: () => ({...cluster(), '/nodes/pve2/qemu/101/config': []}),
        stale: {'vm/101': /no map/},
      },
      'a guest on a node that cannot be one': {
        answers: () => resources((list) => void (list[2]!.node = '../../access')),
        stale: {'vm/101': /its node cannot be one/},
      },
      'pending values that are none': {
        answers: () => ({...cluster(), '/nodes/pve1/qemu/100/pending': [null]}),
        stale: {'vm/100': /pending/},
      },
      'snapshots of one name': {
        answers: () => ({...cluster(), '/nodes/pve1/qemu/100/snapshot': [{name: 'a'}, {name: 'a'}]}),
        stale: {'vm/100': /two of its snapshots/},
      },
      'a snapshot at no time': {
        answers: () => ({...cluster(), '/nodes/pve1/qemu/100/snapshot': [{name: 'a', snaptime: 'yesterday'}]}),
        stale: {'vm/100': /snapshot a cannot be read/},
      },
      'a node without a name': {
        answers: () => with_('/nodes', (list) => [...list, {status: 'online'}, {node: '..', status: 'online'}]),
        stale: {'node/*': /entry 3 of \/nodes has no node/, 'node/..': /its node cannot be one/},
      },
      'a node that is gone, beside an entry that is null': {
        answers: () => with_('/nodes', (list) => [list[0], null]),
        stale: {'node/*': /is no map/, 'node/pve2': /that may be it/},
        first: {'node/*': /is no map/},
      },
      'addresses, versions and powers that are none': {
        answers: () => ({
          ...cluster(),
          ...{
            '/cluster/status': [null, {type: 'node', name: null}],
            '/nodes/pve1/version': [],
            '/nodes/pve1/qemu': {a: 1},
          },
        }),
        stale: {},
      },
      'a storage whose name cannot be one': {
        answers: () =>
          with_('/storage', (list) => [...list, {...list[0], storage: 'a b'}, {...list[0], storage: 'x'.repeat(500)}]),
        stale: {'storage/a b': /cannot be one/, [`storage/${'x'.repeat(60)}`]: /cannot be one/},
      },
      'a storage twice': {
        answers: () => with_('/storage', (list) => [...list, {...list[1], server: '192.0.2.10'}]),
        stale: {'storage/nas': /more than once/},
      },
      'a list that is a map': {
        answers: () => ({...cluster(), '/storage': {a: 1}}),
        stale: {'storage/local': /something else than a list/, 'storage/nas': /something else than a list/},
        first: {'storage/*': /something else than a list/},
      },
      'more entries than any cluster has': {
        answers: () => ({...cluster(), '/pools': Array.from({length: 50_001}, () => ({}))}),
        stale: {'pool/db': /50001 entries/, 'pool/web': /50001 entries/},
        first: {'pool/*': /50001 entries/},
      },
      'a pool with a member that is none': {
        answers: () => ({...cluster(), '/pools?poolid=web': [{members: [null]}]}),
        stale: {'pool/web': /its storage cannot be read/},
      },
      'a refusal that names a parameter': {
        answers: () => ({
          ...cluster(),
          '/nodes/pve2/qemu/101/config': new PmpcError('PMPC_REFUSED', 'Result verification failed', {
            suggestions: ['-'],
          }),
        }),
        stale: {'vm/101': /Result verification failed/},
      },
      'rights that are none': {
        answers: () => ({...cluster(), '/access/permissions': {'/': audit, '/x': null, '/y': 'all'}}),
        stale: {},
      },
      'an entry of the access list that is null': {
        answers: () => with_('/access/acl', (list) => [...list, null]),
        stale: {'acl/acl': /cannot be read/},
      },
      'a map where a number belongs, of which JavaScript makes none': {
        answers: () => ({
          ...with_('/access/acl', (list) => void (list[0]!.propagate = noNumber)),
          '/cluster/firewall/rules': [{pos: noNumber, type: 'in', action: 'DROP'}],
          '/access/permissions': {'/': {...audit, 'Realm.Allocate': noNumber}},
        }),
        stale: {'acl/acl': /cannot be read/, 'firewall/cluster': /its rules cannot be read/},
      },
      'fabrics that are not told': {
        answers: () => ({...cluster(), '/cluster/sdn/fabrics/all': {fabrics: null, nodes: []}}),
        stale: {'sdn-fabric/f1': /cannot be read/},
        first: {'sdn-fabric/*': /cannot be read/},
      },
      'nodes of fabrics that are not told': {
        answers: () => with_('/cluster/sdn/fabrics/all', (all) => ({...all, nodes: null})),
        stale: {'sdn-fabric/f1': /cannot be read/},
        first: {'sdn-fabric/*': /cannot be read/},
      },
      'entries of a prefix list that are no list': {
        answers: () => with_('/cluster/sdn/prefix-lists?verbose=1', (list) => void (list[0]!.entries = 'x')),
        stale: {'sdn-prefix-list/p1': /cannot be read/},
        first: {'sdn-prefix-list/*': /cannot be read/},
      },
      'a guest that is being made': {
        answers: () =>
          with_('/nodes/pve2/qemu/101/config', () => ({lock: 'clone', description: 'qmclone temporary file\n'})),
        stale: {'vm/101': /it is being made \(lock: clone\)/},
      },
    }
  for (const [what, {answers, stale, first = stale}] of Object.entries(cases)) {
    it(`${what}: harms itself only`, async () => {
      for (const [before, expected] of [
        [undefined, first],
        [whole.state, stale],
      ] as const) {
        const reading = await read(answers(), {before})
        const found = staleOf(reading)
        expect(Object.keys(found), JSON.stringify(found)).to.have.members(Object.keys(expected))
        for (const [object, why] of Object.entries(expected)) expect(found[object], object).to.match(why)
        const kept = keysOf(whole.state).filter(
          (key) => before || !parentsOf(key).some((one) => matches(one, expected)),
        )
        expect(keysOf(reading.state)).to.include.members(kept)
        for (const object of reading.state.objects) {
          if (before && Object.hasOwn(stale, localKey(object)))
            expect(object).to.deep.equal(whole.state.objects.find((one) => localKey(one) === localKey(object)))
        }
        await expectKept(reading, what)
        // The next reading of the same finds the same: nothing flips.
        expect(diffStates(reading.state, (await read(answers(), {before: reading.state})).state)).to.deep.equal([])
      }
    })
  }

  /** An object, and what it hangs on: unread before, that is unread with it. */
  function parentsOf(key: string): string[] {
    const guest = key.replace('firewall/guest/', '')
    return [key, key.replace(/^(firewall\/node|network)\//, 'node/'), `vm/${guest}`, `container/${guest}`]
  }

  /** Whether an object is one of these, or one of a kind of which it cannot be told which. */
  function matches(key: string, expected: Record<string, RegExp>): boolean {
    return Object.hasOwn(expected, key) || Object.hasOwn(expected, `${key.split('/')[0]}/*`)
  }

  it('keys that JavaScript has uses for are keys', async () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']
    const keys = names.map((name) => `"${name}":"x ${name}"`).join()
    const answers = {
      ...cluster(),
      '/nodes/pve2/qemu/101/config': `JSON:{"name":"db",${keys},"net0":"virtio=BC:24:11:00:00:02,__proto__=1,constructor=2"}`,
      '/storage': `JSON:[{"storage":"local","type":"dir",${keys}},{"storage":"constructor","type":"dir"}]`,
    }
    const reading = await read(answers)
    expect(staleOf(reading)).to.deep.equal({})
    await expectKept(reading, 'keys')
    for (const key of ['vm/101', 'storage/local']) {
      const {config} = reading.state.objects.find((object) => localKey(object) === key)!
      expect(Object.keys(config)).to.include.members(names)
      for (const name of names) expect(Object.entries(config)).to.deep.include([name, `x ${name}`])
    }
    expect(keysOf(reading.state)).to.include('storage/constructor')
    expect(({} as Record<string, unknown>).x).to.equal(undefined)
    const changed = await read({
      ...answers,
      '/nodes/pve2/qemu/101/config': String(answers['/nodes/pve2/qemu/101/config']).replace('x __proto__', 'y'),
    })
    expect(
      diffStates(reading.state, changed.state).flatMap((change) => (change.change === 'changed' ? change.fields : [])),
    ).to.deep.equal([{field: 'config.__proto__', before: 'x __proto__', after: 'y'}])
  })

  it('in the access list too: nothing else is written to', async () => {
    const entry = (path: string, ugid: string) => ({path, type: 'user', ugid, roleid: 'PVEAuditor', propagate: 1})
    const words = ['__proto__', 'constructor']
    const places = words.flatMap((word) => [entry(word, 'x@pve'), entry('/vms', word)])
    const reading = await read({...cluster(), '/access/acl': places}, {before: whole.state})
    expect(staleOf(reading)).to.deep.equal({})
    const {config} = reading.state.objects.find(({kind}) => kind === 'acl')!
    expect(Object.keys(config)).to.have.members([...words, '/vms'])
    expect(Object.keys(config['/vms']!)).to.have.members(words)
    for (const word of words) expect(Object.entries(config)).to.deep.include([word, {'x@pve': ['PVEAuditor']}])
    expect([({} as Record<string, unknown>)['x@pve'], Object.hasOwn(Object, 'x@pve')]).to.deep.equal([undefined, false])
    await expectKept(reading, 'words')
  })

  it('a NIC whose firewall is a map is read, and no firewall of its guest is', async () => {
    const config = {name: 'db', memory: '4096', net0: {firewall: noNumber}}
    const reading = await read({...cluster(), '/nodes/pve2/qemu/101/config': config}, {before: whole.state})
    expect(staleOf(reading)).to.deep.equal({})
  })

  it('the password in the address of a proxy is masked, whatever is in it', async () => {
    for (const password of ['simple', 'with@sign', 'with/slash', 'a:b@c/d']) {
      const answers = {...cluster(), '/cluster/options': {http_proxy: `http://user:${password}@proxy:3128`}}
      const {config} = (await read(answers)).state.objects.find(({kind}) => kind === 'options')!
      expect(config.http_proxy).to.match(/^http:\/\/user:\*+@proxy:3128$/)
    }
  })

  it('names go into paths encoded', async () => {
    const asked: string[] = []
    const answers = resources((list) => [...list, {...list[1], vmid: 102, node: 'a?b#c%'}])
    const reader = readerOf(answers, (at) => asked.push(at))
    await readCluster({reader, cluster: 'home', ignore: ignoreOf([])})
    expect(asked.filter((path) => path.includes('102'))).to.deep.equal(['/nodes/a%3Fb%23c%25/qemu/102/config'])
  })

  it('a key that is to go from a running guest is not declared, though PVE shows it while it is 0 or empty', async () => {
    const answers = {
      ...with_('/nodes/pve2/qemu/101/config', (config: object) => ({...config, balloon: 0, nameserver: ''})),
      '/nodes/pve2/qemu/101/pending': [
        {key: 'balloon', value: 0, delete: 1},
        {key: 'nameserver', value: '', delete: 1},
        {key: 'memory', value: '4096'},
      ],
    }
    let {state} = await read(answers, {before: whole.state})
    for (let round = 0; round < 2; round++) {
      const guest = state.objects.find(({id}) => id === 101)!
      expect(guest.config).to.deep.equal({name: 'db', memory: 4096})
      expect(guest.running).to.deep.equal({balloon: 0, nameserver: ''})
      state = (await read(answers, {before: state})).state
    }
  })

  it('that such a key is to go is seen though nothing else changed, by the checksum of the file', async () => {
    const as = (digest: string, pending: unknown[]) => ({
      ...with_('/nodes/pve2/qemu/101/config', (config: object) => ({...config, onboot: 0, digest})),
      '/nodes/pve2/qemu/101/pending': pending,
    })
    const first = await read(as('d1', []), {before: whole.state})
    expect(first.digests['vm/101']).to.equal('d1')
    const going = as('d2', [{key: 'onboot', value: 0, delete: 1}])
    const second = await read(going, {before: first.state, digestsBefore: first.digests})
    const guest = second.state.objects.find(({id}) => id === 101)!
    expect(guest.config).to.not.have.property('onboot')
    expect(guest.running).to.deep.equal({onboot: 0})
  })

  it('nothing is asked of a node that is away, and what is on it stays', async () => {
    const asked: string[] = []
    const answers = with_('/nodes', (list) => void Object.assign(list[1]!, {status: 'offline', maxcpu: undefined}))
    const reader = readerOf(answers, (at) => asked.push(at))
    const reading = await readCluster({reader, cluster: 'home', ignore: ignoreOf([]), before: whole.state})
    expect(asked.filter((at) => at.startsWith('/nodes/pve2/'))).to.deep.equal([])
    const away = ['node/pve2', 'vm/101', 'firewall/node/pve2', 'network/pve2']
    expect(staleOf(reading)).to.deep.equal(Object.fromEntries(away.map((key) => [key, 'node pve2 is offline'])))
    const [was, is] = [whole, reading].map(({state}) => state.objects.find(({id}) => id === 'pve2')!)
    expect(is).to.deep.equal({...was, facts: {...was!.facts, status: 'offline'}})
    expect(keysOf(reading.state)).to.deep.equal(keysOf(whole.state))
  })

  describe('a list with a checksum', () => {
    const without = (digest: string) =>
      with_('/storage', (list) => list.slice(0, 1).map((entry: object) => ({...entry, digest})))

    it('what is missing while nothing was changed was not read, and stays so', async () => {
      let note = whole.lists
      for (let round = 0; round < 3; round++) {
        const reading = await read(without('d1'), {before: whole.state, listsBefore: note})
        expect(staleOf(reading)['storage/nas']).to.match(/left it out.*plugin/)
        expect(keysOf(reading.state)).to.include('storage/nas')
        note = reading.lists
      }
      expect(staleOf(await read(cluster(), {before: whole.state, listsBefore: note}))).to.deep.equal({})
    })

    it('is gone with another checksum, and where it was not there with this one', async () => {
      const gone = await read(without('d2'), {before: whole.state, listsBefore: whole.lists})
      expect(staleOf(gone)).to.deep.equal({})
      expect(keysOf(gone.state)).not.to.include('storage/nas')
      // Another clone saw it come; this one saw the file only before that, and it is so again.
      const earlier = (await read(without('d1'))).lists
      expect(keysOf((await read(without('d1'), {before: whole.state, listsBefore: earlier})).state)).not.to.include(
        'storage/nas',
      )
    })

    it('that is empty says nothing', async () => {
      const reading = await read({...cluster(), '/storage': []}, {before: whole.state, listsBefore: whole.lists})
      expect(Object.keys(staleOf(reading))).to.deep.equal(['storage/local', 'storage/nas'])
      expect(reading.lists).to.deep.equal(whole.lists)
    })
  })

  it('locks: one that lasts is a fact, one of a task is told, and neither is drift', async () => {
    const locked = (lock: string, more: object = {}) =>
      with_<Answers>('/nodes/pve2/qemu/101/config', (config) => ({...config, lock, ...more}))
    const backup = await read(locked('backup'), {before: whole.state})
    expect(backup.locks).to.deep.equal({'vm/101': 'backup'})
    expect(diffStates(whole.state, backup.state)).to.deep.equal([])
    const keys = {
      vmstate: 'local:101/vm-101-state-suspend.raw',
      runningmachine: 'pc+pve0',
      runningcpu: 'kvm64',
      'running-nets-host-mtu': 'net0=1500',
    }
    const suspended = await read(locked('suspended', keys), {before: whole.state})
    expect(suspended.locks).to.deep.equal({})
    const [was, is] = [whole, suspended].map(({state}) => state.objects.find(({id}) => id === 101)!)
    expect(is!.facts.lock).to.equal('suspended')
    expect(is!.config).to.include({vmstate: keys.vmstate})
    expect(declaredOf(is!)).to.deep.equal(declaredOf(was!))
  })

  describe('what the token does not see', () => {
    const only: KindName[] = ['node', 'vm', 'container', 'storage', 'pool']
    const seeing = (rights: Record<string, object>) => ({
      ...cluster(),
      '/access/permissions': rights,
      '/cluster/resources': [{type: 'node', node: 'pve1', status: 'online'}],
    })

    it('is named, kind by kind', async () => {
      const {'Datastore.Audit': _, ...others} = audit
      const answers = {...seeing({'/': {'Sys.Audit': 1}, '/pool/web': others}), '/storage': [], '/pools': []}
      const reading = await read(answers, {only})
      expect(staleOf(reading)).to.deep.equal({
        'storage/*': 'no storages can be seen: Datastore.Audit on /storage is missing',
      })
      expect(reading.partial).to.deep.equal([
        'only some of the vms can be seen: VM.Audit on /vms is missing',
        'only some of the containers can be seen: VM.Audit on /vms is missing',
        'only some of the pools can be seen: Pool.Audit on /pool is missing',
      ])
    })

    it('is nothing where the path of the kind holds the right', async () => {
      const reading = await read(seeing({'/vms': audit, '/storage': audit, '/pool': audit}), {only})
      expect([staleOf(reading), reading.partial]).to.deep.equal([{}, []])
    })

    it('cannot be told where that cannot be asked', async () => {
      const answers = resources((list) => list.filter(({vmid}) => vmid !== 101))
      answers['/access/permissions?path=/vms/101'] = new PmpcError('PMPC_REFUSED', 'got timeout', {suggestions: ['-']})
      const reading = await read(answers, {before: whole.state})
      expect(staleOf(reading)).to.deep.equal({'vm/101': 'nobody can tell whether it is still there: got timeout'})
    })
  })

  it('any part of any answer replaced by anything: an error with a remedy, or a reading that can be kept', async function () {
    this.timeout(180_000)
    const anything: unknown[] = [
      null,
      [],
      {},
      '',
      'x',
      -1,
      1e300,
      true,
      [null],
      {a: {b: [1]}},
      ['a', ['b']],
      '../..',
      '__proto__',
    ]
    let readings = 0
    let places = 0
    // One node is as good as two.
    const paths = Object.entries(cluster()).filter(([path]) => !/^\/nodes\/pve2\/(?!qemu|lxc)/.test(path))
    for (const [path, answer] of paths) {
      for (const at of placesIn(answer)) {
        places++
        // What hundreds of places are read alike by need not all be tried in each.
        for (const value of anything.filter((_, index) => inFull.test(path) || (index + places) % 4 === 0)) {
          const about = `${path} ${JSON.stringify(at)} ← ${JSON.stringify(value)}`
          const answers = {...cluster(), [path]: replaced(answer, at, value)}
          const reading = await read(answers, {before: whole.state, listsBefore: whole.lists}).catch(
            (error: unknown) => {
              if (isPmpcError(error) && error.suggestions.length > 0) return undefined
              throw new Error(about, {cause: error})
            },
          )
          if (!reading) continue
          if (readings++ % 7 === 0) await expectKept(reading, about)
          const left = new Set(keysOf(reading.state))
          const gone = whole.state.objects.filter((object) => !left.has(localKey(object)))
          // What hangs on another object goes with it.
          const listed = gone.filter(({kind}) => wireKindOf(kind).list)
          // Only a list that says of all its entries what they are can say that one is gone.
          const most = at.length === 0 && Array.isArray(value) && value.length === 0 ? 2 : 1
          expect(listed.length, `${about}: ${gone.map(localKey)}`).to.be.at.most(most)
          if (listed.length === 0) expect(gone.length, about).to.be.at.most(1)
        }
      }
    }
    expect(readings).to.be.above(1500)
  })
})

/** Answers in which all that is anything is put in every place. */
const inFull = /^\/(nodes|storage|pools|cluster\/(resources|status)|nodes\/\w+\/(qemu|lxc)(\/\d+\/\w+)?)$/

/** Every place in a value, as the keys that lead there. */
function placesIn(value: unknown, at: (string | number)[] = []): (string | number)[][] {
  const inner =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, one]) => placesIn(one, [...at, Array.isArray(value) ? Number(key) : key]))
      : []
  return [at, ...inner]
}

function replaced(value: unknown, [first, ...rest]: (string | number)[], by: unknown): unknown {
  if (first === undefined) return by
  const copy = structuredClone(value) as Record<string | number, unknown>
  copy[first] = replaced(copy[first], rest, by)
  return copy
}
