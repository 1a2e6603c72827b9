import {expect} from 'chai'
import {readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {parse} from 'yaml'
import {stripVTControlCharacters as plain} from 'node:util'
import {kinds, type KindName} from '../../src/kit/resources/kinds/index.js'
import type {Observed} from '../../src/kit/resources/model.js'
import {writeState} from '../../src/kit/state/index.js'
import {keptFolder} from '../../src/kit/files/kept.js'
import {changeKept, keptFile} from '../support/kept.js'
import {bin, sandbox, type Sandbox} from '../support/pmpc.js'
import {inPty, noPty} from '../support/pty.js'
import {answerMistakes} from '../support/mistakes.js'
import {assertSchema} from '../support/schemas.js'
import {pmpcYaml, someState, someVm, stateWorkspace, type StateWorkspace} from '../support/states.js'
import {skipFor} from '../support/skip.js'

interface Item {
  cluster: string
  kind: string
  id: number | string
  config: Record<string, unknown>
  [key: string]: unknown
}

/** An object of each kind. */
const oneOfEach: Observed[] = kinds.map(({name: kind, id: sort}, at) => {
  const config: Partial<Record<KindName, Observed['config']>> = {
    acl: {'/vms': {'ann@pve': ['PVEAuditor']}},
    firewall: {rules: [{action: 'ACCEPT', dport: '22'}], ipsets: {blk: {members: {'192.0.2.0/24': {nomatch: 1}}}}},
  }
  const id = kind === 'firewall' ? 'guest/100' : {vmid: 100 + at, name: `some-${at}`, single: kind}[sort]
  return {kind, id, config: config[kind] ?? {}, facts: {}}
})

describe('pmpc get and describe', () => {
  let box: Sandbox
  let space: StateWorkspace
  before(async () => {
    box = sandbox()
    space = await stateWorkspace(box)
    const first = someVm(100, {description: 'Front end.\nÄ "quoted", line', onboot: 1}, {pool: 'web'})
    const snapshots = [{name: 'before', snaptime: 1700000000}]
    const more = [
      {name: 'b', parent: 'a', snaptime: 1_764_323_520, vmstate: 1, description: 'after the upgrade\nof Jo'},
      {name: 'a', snaptime: 1_764_320_000},
    ]
    await space.sync(
      'one',
      someState(
        {...first, snapshots, running: {memory: 256}},
        {...someVm(101, {memory: 4096, tags: ['lab']}, {node: 'pve2'}), snapshots: more},
      ),
    )
  })
  after(() => box.remove())

  const run = async (...args: string[]) => box.pmpc(args, {cwd: space.root})
  const lines = async (...args: string[]) => (await run(...args)).stdout.trimEnd().split('\n')

  it('print a table for people', async () => {
    expect(await lines('get', 'guests')).to.deep.equal([
      'KIND       VMID  NAME    STATUS   NODE  CORES   MEMORY  TAGS  POOL',
      'vm          100  web100  running  pve1         512 MiB  prod  web',
      'vm          101  web101  running  pve2           4 GiB  lab',
      'container   200  dns     stopped  pve1         256 MiB',
    ])
  })

  for (const word of ['guests', 'vms', 'vm', 'qemu', 'containers', 'ct', 'nodes', 'storages', 'storage', 'pools']) {
    it(`print ${word} as JSON that the schema describes`, async () => {
      const items = (await run('get', word, '-o', 'json')).json<Item[]>()
      expect(items).not.to.have.length(0)
      assertSchema('get', items)
      expect((await run('get', word, '--json')).json()).to.deep.equal(items)
    })
  }

  it('list and describe objects of every kind by each of its names, as the schemas say', async () => {
    const every = await stateWorkspace(box, 'every')
    await every.sync('one', {cluster: 'home', objects: oneOfEach})
    const at = async (...args: string[]) => box.pmpc(args, {cwd: every.root})
    for (const {name, plural, aliases} of kinds) {
      const [{id}] = oneOfEach.filter(({kind}) => kind === name) as [Observed]
      const items = (await at('get', plural, '-o', 'json')).json<Item[]>()
      assertSchema('get', items)
      expect(items.map((item) => [item.kind, item.id])).to.deep.equal([[name, id]])
      const described = (await at('describe', aliases[0] ?? name, String(id), '-o', 'json')).json<Item>()
      assertSchema('describe', described)
      expect(described).to.deep.equal(items[0])
    }
    expect((await at('describe', 'firewall', 'guest/100')).stdout).to.match(/rules\n +action +dport\n +ACCEPT +22\n/)
    expect((await at('describe', 'acl')).stdout).to.match(/Configuration\n {2}\/vms\n {4}ann@pve {2}\[PVEAuditor\]/)
    expect((await at('get', 'acl')).stderr).to.contain('pmpc describe acl')
    expect((await at('get', 'firewalls', 'guest/100', '-o', 'name')).stdout).to.equal('firewall/guest/100\n')
    expect((await at('get', 'firewalls', '-l', 'rules.dport=22', '-o', 'name')).stdout).to.equal('firewall/guest/100\n')
    const {code, stderr} = await at('describe', 'firewall', '100')
    expect({code, stderr: stderr.split('\n')[0]}).to.deep.equal({
      code: 1,
      stderr: 'Error: No firewall/100 was seen at the last sync. Did you mean home/firewall/guest/100?',
    })
    const {objects} = (await at('status', '--json')).json<{clusters: [{objects: Record<string, number>}]}>().clusters[0]
    expect(objects).to.deep.equal(Object.fromEntries(kinds.map(({name}) => [name, 1])))
    const others = kinds.length - 3
    expect((await at('status')).stdout).to.contain(
      `1 VM, 1 container, 1 node, and ${others} objects of ${others} other kinds`,
    )
  })

  it("put what PVE reports under PVE's names", async () => {
    const [vm] = (await run('get', 'vms', '100', '-o', 'json')).json<Item[]>()
    expect(vm).to.deep.include({
      vmid: 100,
      name: 'web100',
      node: 'pve1',
      status: 'running',
      type: 'qemu',
      pool: 'web',
      tags: ['prod'],
    })
    expect(vm!.config).to.deep.include({memory: 512, net0: {model: 'virtio', bridge: 'vmbr0', tag: 42}})
  })

  it('list what there is, and fail for an id that is in no state', async () => {
    const {code, stdout, stderr} = await run('get', 'vms', '100', '12345', '-o', 'name')
    expect([code, stdout]).to.deep.equal([1, 'vm/100\n'])
    expect(stderr).to.include('12345')
  })

  it('select and sort', async () => {
    const names = async (...args: string[]) => lines('get', 'guests', '-o', 'name', ...args)
    expect(await names()).to.deep.equal(['vm/100', 'vm/101', 'container/200'])
    expect(await names('--node', 'pve1')).to.deep.equal(['vm/100', 'container/200'])
    expect(await names('--tag', 'lab')).to.deep.equal(['vm/101'])
    expect(await names('--status', 'stopped')).to.deep.equal(['container/200'])
    expect(await names('--pool', 'web', '--name', 'web*')).to.deep.equal(['vm/100'])
    expect(await names('-l', 'net*.bridge=vmbr0', '-l', 'memory!=512')).to.deep.equal(['vm/101'])
    expect(await names('--sort-by=-memory')).to.deep.equal(['vm/101', 'vm/100', 'container/200'])
    expect(await names('100', '200')).to.deep.equal(['vm/100', 'container/200'])
  })

  it('say when nothing was found, and exit with 0', async () => {
    const {code, stdout, stderr} = await run('get', 'vms', '--tag', 'nowhere')
    expect([code, stdout, stderr]).to.deep.equal([
      0,
      '',
      'No vms were found.\nNone has the tag nowhere; there is lab, prod.\n',
    ])
    expect((await run('get', 'vms', '--tag', 'nowhere', '--json')).json()).to.deep.equal([])
  })

  it('print CSV and YAML that other programs read', async () => {
    expect((await run('get', 'vms', '-o', 'csv')).stdout).to.equal(
      'VMID,NAME,STATUS,NODE,CORES,MEMORY,TAGS,POOL,OSTYPE,ONBOOT\r\n100,web100,running,pve1,,512,prod,web,,1\r\n101,web101,running,pve2,,4096,lab,,,\r\n',
    )
    const items = (await run('get', 'guests', '-o', 'json')).json()
    expect(parse((await run('get', 'guests', '-o', 'yaml')).stdout)).to.deep.equal(items)
  })

  it('describe an object by any of its names', async () => {
    const wanted = (await run('describe', 'vm', '100', '-o', 'json')).json<Item>()
    assertSchema('describe', wanted)
    expect(wanted).to.deep.include({
      vmid: 100,
      running: {memory: 256},
      snapshots: [{name: 'before', snaptime: 1700000000}],
    })
    for (const words of [['vm/100'], ['100'], ['home/vm/100'], ['qemu', '100'], ['guest', '100']])
      expect((await run('describe', ...words, '--json')).json(), words.join(' ')).to.deep.equal(wanted)
    expect(parse((await run('describe', 'vm', '100', '-o', 'yaml')).stdout)).to.deep.equal(wanted)
    const text = (await run('describe', '100')).stdout
    for (const part of [
      'vm/100  web100',
      'memory',
      'Front end.',
      'Runs with other values',
      'Snapshots',
      'before  2023-11-14 22:13 UTC\n',
    ])
      expect(text).to.include(part)
    expect((await run('describe', '101')).stdout).to.match(
      /Snapshots\n {2}a {2}2025-11-28 08:53 UTC\n {2}b {2}2025-11-28 09:52 UTC {2}after a {2}with RAM {2}after the upgrade …\n/,
    )
  })

  it('describe bytes in the unit that the table has', async () => {
    expect((await run('get', 'nodes')).stdout).to.include('64 GiB')
    expect((await run('describe', 'node', 'pve1')).stdout).to.match(/^ {2}maxmem +64 GiB$/m)
  })

  describe('snapshots of all guests', () => {
    it('are a table', async () => {
      expect(await lines('get', 'snapshots')).to.deep.equal([
        'GUEST   GUEST NAME  NAME    DATE (UTC)        DESCRIPTION          PARENT',
        'vm/100  web100      before  2023-11-14 22:13',
        'vm/101  web101      a       2025-11-28 08:53',
        'vm/101  web101      b       2025-11-28 09:52  after the upgrade …  a',
      ])
      expect((await lines('get', 'snapshot', '-o', 'wide'))[0]).to.match(/PARENT {2}RAM$/)
    })

    it('are JSON that the schema describes, YAML, CSV and names', async () => {
      const items = (await run('get', 'snapshots', '--json')).json<Record<string, unknown>[]>()
      assertSchema('get', items)
      expect(items[2]).to.deep.equal({
        cluster: 'home',
        kind: 'snapshot',
        id: 'vm/101@b',
        guest: 'vm/101',
        vmid: 101,
        guestname: 'web101',
        name: 'b',
        parent: 'a',
        snaptime: 1_764_323_520,
        date: '2025-11-28T09:52:00.000Z',
        vmstate: 1,
        description: 'after the upgrade\nof Jo',
      })
      expect((await run('get', 'snapshots', '-o', 'json')).json()).to.deep.equal(items)
      expect(parse((await run('get', 'snapshots', '-o', 'yaml')).stdout)).to.deep.equal(items)
      expect((await run('get', 'snapshots', '-o', 'csv')).stdout).to.include('vm/101,web101,b,2025-11-28 09:52,after')
      expect(await lines('get', 'snapshots', '-o', 'name')).to.deep.equal(['vm/100@before', 'vm/101@a', 'vm/101@b'])
    })

    it('are selected by their guests, and by their own names, and sorted', async () => {
      const names = async (...args: string[]) => lines('get', 'snapshots', '-o', 'name', ...args)
      expect(await names('101')).to.deep.equal(['vm/101@a', 'vm/101@b'])
      expect(await names('web100')).to.deep.equal(['vm/100@before'])
      expect(await names('--node', 'pve2', '--name', 'b*')).to.deep.equal(['vm/101@b'])
      expect(await names('--sort-by', '-date')).to.deep.equal(['vm/101@b', 'vm/101@a', 'vm/100@before'])
      const {error} = (await run('get', 'snapshots', '--sort-by', 'dat', '--json')).json<{
        error: {code: string; suggestions: string[]}
      }>()
      expect(error.code).to.equal('PMPC_UNKNOWN_FIELD')
      expect(error.suggestions[0]).to.equal('pmpc get snapshots --sort-by date')
      expect((await run('get', 'snapshots', '--tag', 'none')).stderr).to.include('No snapshots were found.')
    })
  })

  answerMistakes(run, [
    [['get', 'vmss'], 'PMPC_UNKNOWN_KIND', 64],
    [['get', 'vms', '-l', '=x'], 'PMPC_BAD_SELECTOR', 64],
    [['get', 'vms', '--cluster', 'hoem'], 'PMPC_UNKNOWN_CLUSTER', 64],
    [['get', 'vms', '--cluster', 'hoem', '--tag', 'x'], 'PMPC_UNKNOWN_CLUSTER', 64],
    [['describe', 'vm/100', '--cluster', 'hoem'], 'PMPC_UNKNOWN_CLUSTER', 64],
    [['get', 'vms', '--sort-by', 'nonsense'], 'PMPC_UNKNOWN_FIELD', 64],
    [['get', 'guests', '--sort-by', '-'], 'PMPC_UNKNOWN_FIELD', 64],
    [['get', 'vms', '-o', 'xml'], 'PMPC_USAGE', 64],
    [['get'], 'PMPC_USAGE', 64],
    [['describe', 'vm', '999'], 'PMPC_NOT_FOUND', 1],
    [['describe', 'disk', '1'], 'PMPC_BAD_OBJECT', 64],
  ])

  it('take objects by name', async () => {
    expect(await lines('get', 'vms', 'web100', '-o', 'name')).to.deep.equal(['vm/100'])
    expect(await lines('get', 'guests', '101', 'vm/web100', '-o', 'name')).to.deep.equal(['vm/100', 'vm/101'])
    for (const word of [['web100'], ['vm', 'web100'], ['vm/web100'], ['home/vm/web100'], ['100']])
      expect((await run('describe', ...word, '--json')).json<Item>().id, word.join(' ')).to.equal(100)
    const missing = await run('get', 'vms', 'web100', 'wbe101', '-o', 'name')
    expect([missing.code, missing.stdout]).to.deep.equal([1, 'vm/100\n'])
    expect(missing.stderr).to.contain('did you mean web101?')
    const slip = (await run('describe', 'wbe100', '--json')).json<{error: {code: string; suggestions: string[]}}>()
    expect([slip.error.code, slip.error.suggestions[0]]).to.deep.equal(['PMPC_NOT_FOUND', 'pmpc describe web100'])
  })

  it('say what there is where nothing has what was asked for', async () => {
    for (const [flag, value, hint] of [
      ['status', 'runing', 'did you mean running?'],
      ['node', 'pve9', 'did you mean pve1?'],
      ['pool', 'nope', 'there is web.'],
      ['tag', 'nope', 'there is lab, prod.'],
    ] as const) {
      const {code, stderr} = await run('get', 'guests', `--${flag}`, value)
      expect([code, stderr.includes(`None has the ${flag} ${value}; ${hint}`)], stderr).to.deep.equal([0, true])
    }
  })

  it('say that none has any where nothing has what was asked for at all', async () => {
    const {stderr} = await run('get', 'containers', '--tag', 'nope')
    expect(stderr).to.equal('No containers were found.\nNone has a tag.\n')
  })

  it('refuse to select by what no object of a kind has', async () => {
    for (const [args, told, first] of [
      [['firewalls', '--node', 'pve1'], 'firewalls have no node; --node is for nodes, vms,', 'pmpc get firewalls'],
      [['storages', '--node', 'pve1'], 'storages have no node;', 'pmpc get storages -l nodes=pve1'],
      [['users', '--tag', 'x'], 'users have no tag; --tag is for vms, containers.', 'pmpc get users'],
      [['pools', '--status', 'x'], 'pools have no status; --status is for nodes, vms,', 'pmpc get pools'],
      [['nodes', '--pool', 'x'], 'nodes have no pool; --pool is for vms,', 'pmpc get nodes'],
    ] as const) {
      const {code, stdout} = await run('get', ...args, '--json')
      const {error} = JSON.parse(stdout) as {error: {code: string; message: string; suggestions: string[]}}
      expect([code, error.code, error.suggestions[0]], error.message).to.deep.equal([64, 'PMPC_UNKNOWN_FIELD', first])
      expect(error.message).to.include(told)
    }
    for (const args of [
      ['nodes', '--node'],
      ['nodes', '--status'],
      ['pools', '--pool'],
      ['networks', '--node'],
    ])
      expect(await run('get', ...args, '*'), args.join(' ')).to.include({code: 0})
  })

  it('guess what a mistyped kind was meant to be', async () => {
    for (const [word, told, suggestion] of [
      ['vmss', 'There is no kind "vmss"; did you mean vms?', 'pmpc get vms'],
      ['sdn', 'did you mean sdn-zones, sdn-vnets, ', 'pmpc get sdn-zones'],
      ['xyzzy', 'There is no kind "xyzzy"; pmpc get --help lists them.', 'pmpc get guests'],
      ['vm/100', '"vm/100" is an object, and no kind.', 'pmpc get vm 100'],
      ['home/vm/100', '"home/vm/100" is an object, and no kind.', 'pmpc get vm 100 --cluster home'],
      ['firewall/guest/100', 'is an object, and no kind.', 'pmpc get firewall guest/100'],
    ] as const) {
      const {code, stderr} = await run('get', word)
      expect(code, word).to.equal(64)
      expect(stderr)
        .to.include(told)
        .and.to.match(new RegExp(`^Try: +${suggestion}$`, 'm'))
    }
    expect(await run('get', 'vm', '100', '--cluster', 'home', '-o', 'name')).to.include({code: 0, stdout: 'vm/100\n'})
  })

  it('say of what pmpc.yaml leaves out that it is not kept', async () => {
    const few = await stateWorkspace(box, 'few')
    await few.sync('one', someState(someVm(100)))
    const told = async () => (await box.pmpc(['get', 'users'], {cwd: few.root})).stderr
    expect(await told()).to.equal('No users were found.\n')
    few.write('pmpc.yaml', `${pmpcYaml}kinds: [guests]\n`)
    expect(await told()).to.equal('No users are kept: pmpc.yaml leaves them out (kinds: or ignore:).\n')
    few.write('pmpc.yaml', `${pmpcYaml}ignore:\n  - {kind: user}\n`)
    expect(await told()).to.equal('No users are kept: pmpc.yaml leaves them out (kinds: or ignore:).\n')
    few.write('pmpc.yaml', 'nothing: of use\n')
    expect(await told()).to.equal('No users were found.\n')
  })

  it('hint at an object of which each cluster has one by a word that means one', async () => {
    const pair = await stateWorkspace(box, 'pair')
    const acl: Observed = {kind: 'acl', id: 'acl', config: {'/': {'ann@pve': ['PVEAuditor']}}, facts: {}}
    await pair.sync('one', {cluster: 'home', objects: [acl]}, {cluster: 'lab', objects: [acl]})
    for (const [args, hint] of [
      [[], 'home/acl'],
      [['--cluster', 'lab'], 'lab/acl'],
      [['--cluster', 'lab', '-l', '/'], 'lab/acl'],
    ] as const) {
      const {stderr} = await box.pmpc(['get', 'acl', ...args], {cwd: pair.root})
      expect(stderr, args.join(' ')).to.equal(`See what is in it: pmpc describe ${hint}\n`)
      expect((await box.pmpc(['describe', hint], {cwd: pair.root})).code).to.equal(0)
    }
  })

  it('guess what a mistyped field was meant to be', async () => {
    const {stderr} = await run('get', 'guests', '--sort-by=-memmory')
    expect(stderr).to.include('did you mean memory?').and.to.include('pmpc get guests --sort-by memory')
  })

  it('sort by a field that some have, or that PVE knows', async () => {
    for (const field of ['onboot', '-hostname', 'net0.tag', 'config.memory', 'facts.node', 'pool', 'balloon', 'net7'])
      expect(await run('get', 'guests', '-o', 'name', `--sort-by=${field}`), field).to.include({code: 0, stderr: ''})
    expect((await lines('get', 'guests', '-o', 'name', '--sort-by', 'onboot'))[0]).to.equal('vm/100')
  })

  it('work from a folder inside the workspace and with -C, and say where there is none', async () => {
    space.write('infra/home/README', '')
    expect((await box.pmpc(['get', 'vms', '-o', 'name'], {cwd: path.join(space.root, 'infra/home')})).stdout).to.equal(
      'vm/100\nvm/101\n',
    )
    expect((await box.pmpc(['get', 'vms', '-o', 'name', '-C', space.root])).stdout).to.equal('vm/100\nvm/101\n')
    expect((await box.pmpc(['-C', space.root, 'get', 'vms', '-o', 'name'])).stdout).to.equal('vm/100\nvm/101\n')
    const outside = await box.pmpc(['get', 'vms', '--json'])
    expect(outside.json<{error: {code: string}}>().error.code).to.equal('PMPC_NO_WORKSPACE')
  })

  it('name the cluster where there are several', async () => {
    const two = await stateWorkspace(box, 'two')
    await two.sync('one', someState(someVm(100)), {...someState(someVm(100)), cluster: 'lab'})
    const inTwo = async (...args: string[]) => box.pmpc(args, {cwd: two.root})
    expect((await inTwo('get', 'vms', '-o', 'name')).stdout).to.equal('home/vm/100\nlab/vm/100\n')
    expect((await inTwo('get', 'vms')).stdout).to.match(/^CLUSTER +VMID.*\nhome +100.*\nlab +100/)
    expect((await inTwo('get', 'vms', '--cluster', 'lab', '-o', 'name')).stdout).to.equal('vm/100\n')
    const both = await inTwo('get', '--cluster', 'lab', '--cluster', 'home', 'vms', 'web100', '-o', 'name')
    expect(both.stdout).to.equal('home/vm/100\nlab/vm/100\n')
    const ambiguous = (await inTwo('describe', '100', '--json')).json<{error: {code: string; suggestions: string[]}}>()
    expect(ambiguous.error).to.deep.include({
      code: 'PMPC_AMBIGUOUS',
      suggestions: ['pmpc describe home/vm/100', 'pmpc describe lab/vm/100'],
    })
    expect((await inTwo('describe', '100', '--cluster', 'lab', '--json')).json<Item>().cluster).to.equal('lab')
  })

  it('say what to do about a state that is lost, damaged or newer', async () => {
    const file = path.join(space.root, '.pmpc/state/home.db')
    const whole = readFileSync(file)
    const codeWith = async (bytes: Uint8Array) => {
      writeFileSync(file, bytes)
      const {error} = (await run('get', 'vms', '--json')).json<{error: {code: string; suggestions: string[]}}>()
      expect(error.suggestions).not.to.have.length(0)
      return error.code
    }
    const newer = Buffer.from(whole)
    newer[63] = 77
    expect(await codeWith(newer)).to.equal('PMPC_STATE_NEWER')
    expect(await codeWith(whole.subarray(0, 5000))).to.equal('PMPC_STATE_CORRUPT')
    writeFileSync(file, whole)
    expect((await run('get', 'vms', '-o', 'name')).stdout).to.equal('vm/100\nvm/101\n')
  })
})

describe('pmpc get, a second time', () => {
  let box: Sandbox
  let space: StateWorkspace
  beforeEach(async () => {
    box = sandbox()
    space = await stateWorkspace(box)
    await space.sync('one', someState(someVm(100, {memory: 512})))
  })
  afterEach(() => box.remove())

  const get = async (...args: string[]) => {
    const {code, stdout, stderr} = await box.pmpc(['get', ...args], {cwd: space.root})
    expect(code, stderr).to.equal(0)
    return stdout
  }
  const afresh = async (...args: string[]) => {
    rmSync(keptFolder(space.root, box.env), {recursive: true, force: true})
    return get(...args)
  }
  const entry = () => keptFile(space.root, 'get', box.env)
  /** Asks until the state is older than the tick in which it was written, then marks what is kept: an answer shows where it came from. */
  const mark = async (...args: string[]) => {
    await get(...args)
    await get(...args)
    changeKept(entry(), (kept) => (kept.text = `from memory\n${kept.text}`))
    expect(await get(...args)).to.match(/^from memory\n/)
  }

  for (const args of [['guests'], ['vms', '-o', 'wide'], ['guests', '--cluster', 'home']])
    it(`tells the table of ${args.join(' ')} again`, async () => {
      const first = await get(...args)
      await mark(...args)
      expect(await get(...args)).to.equal(`from memory\n${first}`)
      for (const other of [
        ['nodes'],
        ['vms'],
        ['guests', '-o', 'json'],
        ['guests', '--node', 'pve1'],
        ['guests', '100'],
      ])
        expect(await get(...other)).not.to.include('from memory')
    })

  it('tells again that nothing was found', async () => {
    await space.sync('none', {cluster: 'home', objects: []})
    for (let times = 0; times < 3; times++) {
      const {stdout, stderr} = await box.pmpc(['get', 'vms'], {cwd: space.root})
      expect([stdout, stderr]).to.deep.equal(['', 'No vms were found.\n'])
    }
  })

  const changes: Record<string, () => unknown> = {
    'a state of the same size and time': async () => {
      const file = path.join(space.root, '.pmpc/state/home.db')
      const {atime, mtime, size} = statSync(file)
      writeFileSync(file, await writeState(someState(someVm(100, {memory: 513}))))
      expect(statSync(file).size).to.equal(size)
      utimesSync(file, atime, mtime)
    },
    'a state put in its place': async () => {
      const file = path.join(space.root, '.pmpc/state/home.db')
      writeFileSync(`${file}.new`, await writeState(someState(someVm(100), someVm(101))))
      renameSync(`${file}.new`, file)
    },
    'the branch of another state': async () => {
      await space.git('checkout', '--quiet', '-b', 'other')
      await space.sync('two', someState(someVm(100, {memory: 1024})))
      await mark('guests')
      await space.git('checkout', '--quiet', 'main')
    },
    'the state of another cluster': async () => space.sync('lab', {...someState(someVm(7)), cluster: 'lab'}),
    'a state that is gone': async () => {
      await space.sync('lab', {...someState(someVm(7)), cluster: 'lab'})
      await mark('guests')
      rmSync(path.join(space.root, '.pmpc/state/home.db'))
    },
  }
  for (const [what, change] of Object.entries(changes))
    it(`notices ${what}`, async () => {
      await mark('guests')
      await change()
      const told = await get('guests')
      expect(told).not.to.include('from memory')
      expect(told).to.equal(await afresh('guests'))
    })

  it('is no worse for a damaged memory', async () => {
    const table = await get('guests')
    const whole = readFileSync(entry(), 'utf8')
    for (const damaged of [
      '',
      '{}',
      whole.slice(0, -3),
      whole.replace('web100', 'web101'),
      whole.replace('"home":', '"lab":'),
    ]) {
      writeFileSync(entry(), damaged)
      expect(await get('guests'), damaged.slice(0, 40)).to.equal(table)
    }
  })

  it('fits the table into a narrow terminal, and colours its heading', async function () {
    skipFor(this, noPty())
    await get('guests')
    await get('guests')
    const shown = async (columns: number) =>
      (await inPty(process.execPath, [bin, 'get', 'guests'], {cwd: space.root, env: box.env, answers: [], columns}))
        .output
    expect(plain(await shown(80)).replaceAll('\r', '')).to.equal(await get('guests'))
    expect((await shown(80)).startsWith('\u001B[1mKIND')).to.equal(true)
    for (const line of plain(await shown(60)).split('\r\n')) expect(line.length).to.be.at.most(60)
  })
})
