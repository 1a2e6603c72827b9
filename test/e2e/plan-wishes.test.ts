import {expect} from 'chai'
import type {Plan} from '../../src/kit/plan/index.js'
import {Lab, type Clone} from '../support/lab.js'

const web = 'infra/home/vm/100.yaml'

describe('what pmpc plan takes for wishes', function () {
  this.timeout(120_000)

  let lab: Lab
  let clone: Clone
  beforeEach(async () => {
    lab = await Lab.start({seed: 'cluster'})
    clone = await lab.agreed()
  })
  afterEach(async () => lab.stop())

  const plan = async (of: Clone, ...args: string[]) => {
    const result = await of.pmpc(['plan', '--json', ...args])
    expect([0, 1], result.stderr).to.include(result.code)
    return result.json<Plan>()
  }
  const objects = ({actions}: Plan) => actions.map(({object}) => object)
  const fields = ({actions}: Plan) =>
    actions.flatMap((action) => action.fields.map(({field, from, to}) => [action.object, field, from, to]))
  const config = async (vmid: number, values: Record<string, string | number>) => {
    const {node} = lab.simulator.simulation.state.guests[vmid]!
    await lab.api('PUT', `/nodes/${node}/qemu/${vmid}/config`, values)
  }

  it('asks nothing where nobody wishes anything, and changes nothing here', async () => {
    const before = await clone.picture()
    lab.simulator.simulation.faults.resetCounters()
    const made = await plan(clone)
    expect(made).to.deep.include({actions: [], undecided: [], checks: [], requests: 0})
    expect(lab.simulator.simulation.faults.count().requests).to.equal(0)
    clone.edit(web, 'cores: 4', 'cores: 6')
    const edited = await clone.picture()
    await plan(clone)
    expect(await clone.picture()).to.deep.equal(edited)
    expect(edited.head).to.equal(before.head)
  })

  it('tells each wish with the commit that it comes from, and what is not committed', async () => {
    clone.edit(web, 'cores: 4', 'cores: 6')
    await clone.git('commit', '-qam', 'More cores')
    const first = await clone.head()
    clone.edit(web, '  onboot: 1\n', '')
    await clone.git('commit', '-qam', 'Not by itself')
    const second = await clone.head()
    clone.edit(web, 'memory: 8192', 'memory: 9000')
    const made = await plan(clone)
    expect(fields(made)).to.deep.equal([
      ['home/vm/100', 'config.cores', 4, 6],
      ['home/vm/100', 'config.memory', 8192, 9000],
      ['home/vm/100', 'config.onboot', 1, null],
    ])
    expect(made.actions[0]!.fields.map(({commit}) => commit)).to.deep.equal([first, null, second])
    const other = await plan(await lab.clone('ws.git', 'other'))
    expect(other.actions).to.deep.equal([])
  })

  it('touches nothing that drifted, in the same object too, and says what nobody has decided', async () => {
    clone.edit(web, 'cores: 4', 'cores: 6')
    await clone.git('commit', '-qam', 'More cores')
    await config(100, {sockets: 2, net1: 'virtio=BC:24:11:5A:01:03,bridge=vmbr0,queues=4,tag=99'})
    const made = await plan(clone)
    expect(fields(made)).to.deep.equal([['home/vm/100', 'config.cores', 4, 6]])
    const parameters = made.actions[0]!.requests.flatMap((request) => Object.keys(request.parameters))
    expect(parameters).to.deep.equal(['cores'])
    expect(made.undecided.map(({object, field}) => [object, field])).to.deep.equal([
      ['home/vm/100', 'config.net1.tag'],
      ['home/vm/100', 'config.sockets'],
    ])
    await clone.sync()
    expect(fields(await plan(clone))).to.deep.equal([['home/vm/100', 'config.cores', 4, 6]])
    await clone.must('reject', 'vm/100')
    expect(fields(await plan(clone))).to.deep.equal([
      ['home/vm/100', 'config.cores', 4, 6],
      ['home/vm/100', 'config.net1.tag', 99, 43],
      ['home/vm/100', 'config.sockets', 2, 1],
    ])
  })

  it('has nothing to send for what the cluster has already, and for what means the same', async () => {
    clone.edit(web, 'cores: 4', 'cores: 6')
    clone.edit(web, '  sockets: 1\n', '')
    await config(100, {cores: 6})
    const made = await plan(clone)
    expect(objects(made)).to.deep.equal([])
  })

  it('does nothing about a conflict, an object that cannot be read, and a manifest that is broken; the others go on', async () => {
    clone.edit(web, 'cores: 4', 'cores: 6')
    clone.edit('infra/home/vm/101.yaml', /cores: \d+/, 'cores: 7')
    clone.edit('infra/home/vm/110.yaml', /cores: \d+/, 'cores: 7')
    clone.write('infra/home/vm/102.yaml', 'kind: vm\nid: 102\nconfig: [\n')
    await clone.git('commit', '-qam', 'More', '--no-verify')
    await config(101, {cores: 5})
    lab.simulator.simulation.faults.add({path: '^/nodes/pve3/qemu/110/config', kind: 'forbidden'})
    const result = await clone.pmpc(['plan', '--json'])
    const made = result.json<Plan>()
    expect(result.code, result.stdout).to.equal(1)
    expect(made.actions ?? []).to.deep.equal([])
    // HEAD's own manifest is broken: nothing can be told from it.
    await clone.git('checkout', '-q', 'HEAD~1', '--', 'infra/home/vm/102.yaml')
    await clone.git('commit', '-qm', 'As it was')
    clone.write('infra/home/vm/102.yaml', 'kind: vm\nid: 102\nconfig: [\n')
    const again = await plan(clone)
    expect(objects(again)).to.deep.equal(['home/vm/100'])
    const undecided = again.undecided.map(({object, field}) => `${object} ${field ?? ''}`.trim())
    expect(undecided).to.have.members(['infra/home/vm/102.yaml', 'home/vm/101 config.cores', 'home/vm/110'])
  })

  it('does nothing about an object in whose manifest anything is wrong, and tells no secret', async () => {
    clone.edit(web, 'cores: 4', 'cores: 6')
    clone.edit(web, '  name: web01\n', '  name: web01\n  cipassword: hunter2-hunter2\n')
    const result = await clone.pmpc(['plan', '--json', '--out', 'plan.json'])
    const made = result.json<Plan>()
    expect(objects(made)).to.deep.equal([])
    expect(made.undecided.map(({object}) => object)).to.deep.equal(['home/vm/100'])
    expect(result.stdout + result.stderr + clone.read('plan.json')).not.to.include('hunter2')
  })

  it('makes, destroys and names new guests; a second plan says the same, byte for byte', async () => {
    clone.write(
      'infra/home/vm/new.yaml',
      'kind: vm\nid: next\nconfig:\n  name: fresh\n  scsi0: {file: "local-zfs:8"}\nplacement: {node: pve1, pinned: true}\n',
    )
    clone.write('infra/home/vm/9000.yaml', 'kind: vm\nid: 9000\nabsent: true\n')
    const made = await plan(clone)
    const changes = made.actions.map(({object, change}) => `${change} ${object}`)
    expect(changes).to.have.members(['create home/vm/103', 'remove home/vm/9000'])
    expect(await plan(clone)).to.deep.equal(made)
    expect(made.digest).to.match(/^[0-9a-f]{64}$/)
    const ofRemoval = ({actions}: Plan) => actions.find(({change}) => change === 'remove')!.commit
    expect(ofRemoval(made)).to.equal(null)
    await clone.git('add', '-A')
    await clone.git('commit', '-qm', 'One comes, one goes')
    const committed = await plan(clone)
    expect(ofRemoval(committed)).to.equal(await clone.head())
    expect(committed.digest).to.equal(made.digest)
    expect((await clone.must('plan')).stdout).to.include('vm/9000 debian-12-cloud  wished in')
  })

  it('names new guests within next-id of the cluster only, and says where that is full', async () => {
    await lab.api('PUT', '/cluster/options', {'next-id': 'lower=500,upper=501'})
    await clone.must('sync', '--accept')
    const guest = 'kind: vm\nid: next\nconfig: {cores: 1}\nplacement: {node: pve1, pinned: true}\n'
    clone.write('infra/home/vm/new.yaml', `${guest}---\n${guest}`)
    const made = await plan(clone)
    expect(objects(made)).to.deep.equal(['home/vm/500'])
    expect(made.undecided.map(({object, why}) => `${object}: ${why}`).join()).to.include('no VMID below 501 is free')
  })

  it('holds a policy by the tags of a guest for its firewall, too', async () => {
    clone.append('pmpc.yaml', 'policy:\n  - {tag: prod, never: [cuts-network]}\n')
    clone.write('infra/home/fw.yaml', 'kind: firewall\nid: guest/100\nconfig: {options: {enable: 1}}\n')
    const result = await clone.pmpc(['plan', '--json'])
    expect(result.code).to.equal(1)
    const {checks} = result.json<Plan>()
    expect(checks.map(({object, check}) => [object, check])).to.deep.include(['home/firewall/guest/100', 'policy'])
  })

  it('plans what words select, and not what is excluded', async () => {
    clone.edit(web, 'cores: 4', 'cores: 6')
    clone.edit('infra/home/vm/101.yaml', /cores: \d+/, 'cores: 7')
    clone.edit('infra/home/storage/local.yaml', /content: .*/, 'content: [iso]')
    const all = ['home/storage/local', 'home/vm/100', 'home/vm/101']
    expect(objects(await plan(clone)).sort()).to.deep.equal(all)
    for (const [words, meant] of [
      [['vm/100'], ['home/vm/100']],
      [['web01'], ['home/vm/100']],
      [['100-101'], ['home/vm/100', 'home/vm/101']],
      [['storages'], ['home/storage/local']],
      [['tag:prod'], ['home/vm/100']],
      [['--exclude', 'vms'], ['home/storage/local']],
      [['vms', '--exclude', '100'], ['home/vm/101']],
    ] as const)
      expect(objects(await plan(clone, ...words)).sort(), words.join(' ')).to.include.members([...meant])
    const error = await clone.fails(['plan', 'nobody'])
    expect(error.code).to.equal('PMPC_NOT_FOUND')
  })

  it('tells what somebody else wrote that comes along with what is brought into use', async () => {
    await lab.api('POST', '/cluster/sdn/zones', {zone: 'theirs', type: 'simple'})
    clone.write('infra/home/zone.yaml', 'kind: sdn-zone\nid: mine\nconfig: {type: simple}\n')
    const {actions} = await plan(clone)
    await lab.api('DELETE', '/cluster/sdn/zones/theirs')
    expect(actions.flatMap(({effects}) => effects.map(({note}) => note))).to.include(
      'brings into use what waits of sdn-zone/theirs, too',
    )
  })

  it('costs ten requests, and three for each guest, at most; --refresh reads all', async () => {
    const guests = [100, 101, 110]
    for (const vmid of guests) clone.edit(`infra/home/vm/${vmid}.yaml`, /cores: \d+/, 'cores: 9')
    const counted = async (...args: string[]) => {
      lab.simulator.simulation.faults.resetCounters()
      const {requests} = await plan(clone, ...args)
      expect(lab.simulator.simulation.faults.count().requests).to.equal(requests)
      return requests
    }
    expect(await counted()).to.be.at.most(10 + 3 * guests.length)
    expect(await counted('--refresh')).to.be.greaterThan(60)
  })

  it('--detailed-exitcode is 2 while there is something to do or to decide', async () => {
    const code = async () => (await clone.pmpc(['plan', '--detailed-exitcode', '--json'])).code
    expect(await code()).to.equal(0)
    clone.edit(web, 'cores: 4', 'cores: 6')
    expect(await code()).to.equal(2)
    clone.edit(web, 'cores: 6', 'cores: 4')
    await config(100, {cores: 5})
    await clone.sync()
    expect(await code()).to.equal(2)
  })
})
