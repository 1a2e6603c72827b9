import {expect} from 'chai'
import {Lab} from './support.js'

interface Service {
  sid?: string
  node: string
  state: string
  crm_state?: string
}

/** Asks again until the manager has brought a service where it is to be; each request is a round. */
async function settled(lab: Lab, sid: string, wanted: Partial<Service>): Promise<Service> {
  let seen: Service | undefined
  for (let rounds = 0; rounds < 500; rounds++) {
    const list = await lab.get<Service[]>('/cluster/ha/status/current')
    seen = list.find((entry) => entry.sid === sid)
    if (seen && Object.entries(wanted).every(([key, value]) => seen![key as keyof Service] === value)) return seen
  }
  throw new Error(`${sid} is ${JSON.stringify(seen)}, not ${JSON.stringify(wanted)}`)
}

const refusal = async (lab: Lab, method: string, path: string, form: Record<string, string> = {}): Promise<string> => {
  const answer = await lab.send(path, {method, ...(method !== 'DELETE' && {form})})
  expect(answer.status, answer.text).to.be.at.least(400)
  return answer.body.message!
}

for (const pve of ['8.4', '9.2'] as const) {
  describe(`high availability on ${pve}`, () => {
    let lab: Lab
    beforeEach(async () => {
      lab = await Lab.start({seed: 'cluster', pve})
    })
    afterEach(() => lab.stop())

    const running = async (path: string): Promise<string> =>
      (await lab.get<{status: string}>(`${path}/status/current`)).status

    it('starts what is to run, and stops what is not', async () => {
      await lab.run('POST', '/cluster/ha/resources', {sid: '110'})
      await settled(lab, 'vm:110', {state: 'started', node: 'pve3'})
      expect(await running('/nodes/pve3/qemu/110')).to.equal('running')
      await lab.run('PUT', '/cluster/ha/resources/vm:110', {state: 'stopped'})
      await settled(lab, 'vm:110', {state: 'stopped'})
      expect(await running('/nodes/pve3/qemu/110')).to.equal('stopped')
    })

    it('takes power and moves of a guest as wishes', async () => {
      await lab.run('POST', '/cluster/ha/resources', {sid: 'vm:100'})
      await settled(lab, 'vm:100', {state: 'started'})
      const upid = (await lab.send('/nodes/pve1/qemu/100/status/stop', {method: 'POST', form: {}})).body.data as string
      expect(upid).to.match(/:hastop:100:/)
      await settled(lab, 'vm:100', {state: 'stopped'})
      expect(await lab.run('POST', '/nodes/pve1/qemu/100/status/start')).to.equal('OK')
      await settled(lab, 'vm:100', {state: 'started'})
      const moved = await lab.send('/nodes/pve1/qemu/100/migrate', {
        method: 'POST',
        form: {target: 'pve2', online: '1'},
      })
      expect(moved.body.data as string).to.match(/:hamigrate:100:/)
      await settled(lab, 'vm:100', {state: 'started', node: 'pve2'})
      expect(await running('/nodes/pve2/qemu/100')).to.equal('running')
      const tasks = await lab.get<{type: string; user: string}[]>('/nodes/pve1/tasks?vmid=100')
      expect(tasks.filter(({user}) => user === 'root@pam').map(({type}) => type)).to.include('qmigrate')
    })

    it('fences a node that is off, and recovers its services elsewhere', async () => {
      await lab.run('POST', '/cluster/ha/resources', {sid: 'vm:101'})
      await settled(lab, 'vm:101', {state: 'started', node: 'pve2'})
      lab.simulator.simulation.faults.add({kind: 'node-offline', node: 'pve2'})
      const found = await settled(lab, 'vm:101', {state: 'started', crm_state: 'started'})
      expect(found.node).to.not.equal('pve2')
      expect(await running(`/nodes/${found.node}/qemu/101`)).to.equal('running')
      expect((await lab.send('/nodes/pve2/qemu/101/config')).status).to.equal(595)
    })

    it('does nothing without quorum', async () => {
      await lab.run('POST', '/cluster/ha/resources', {sid: 'vm:101'})
      await settled(lab, 'vm:101', {state: 'started'})
      lab.simulator.simulation.faults.add({kind: 'no-quorum'})
      lab.simulator.simulation.faults.add({kind: 'node-offline', node: 'pve2'})
      for (let round = 0; round < 5; round++) await lab.get('/version')
      expect((await settled(lab, 'vm:101', {})).node).to.equal('pve2')
    })

    it('gives up on what cannot start, until it is disabled', async () => {
      await lab.run('PUT', '/nodes/pve1/qemu/9000/config', {description: 'a template starts nowhere'})
      await lab.run('POST', '/cluster/ha/resources', {sid: 'vm:9000', max_restart: '0', max_relocate: '0'})
      await settled(lab, 'vm:9000', {state: 'error'})
      const problem = `service 'vm:9000' in error state, must be disabled and fixed first\n`
      expect(await refusal(lab, 'PUT', '/cluster/ha/resources/vm:9000', {state: 'started'})).to.equal(problem)
      expect(await refusal(lab, 'POST', '/cluster/ha/resources/vm:9000/migrate', {node: 'pve2'})).to.equal(problem)
      await lab.run('PUT', '/cluster/ha/resources/vm:9000', {state: 'disabled'})
      await settled(lab, 'vm:9000', {crm_state: 'stopped', state: 'disabled'})
    })

    it('lets go of a guest that is purged', async () => {
      await lab.run('POST', '/cluster/ha/resources', {sid: 'ct:202', state: 'disabled'})
      expect(await refusal(lab, 'DELETE', '/nodes/pve3/lxc/202')).to.equal(
        'unable to remove CT 202 - used in HA resources and purge parameter not set.\n',
      )
      expect(await lab.run('DELETE', '/nodes/pve3/lxc/202', {purge: '1'})).to.equal('OK')
      expect(await lab.get('/cluster/ha/resources')).to.deep.equal([])
    })

    it('tells the whole state of the manager', async () => {
      await lab.run('POST', '/cluster/ha/resources', {sid: 'vm:100'})
      await settled(lab, 'vm:100', {state: 'started'})
      const {manager_status: status} = await lab.get<{manager_status: {service_status: Record<string, unknown>}}>(
        '/cluster/ha/status/manager_status',
      )
      expect(status.service_status).to.have.all.keys('vm:100')
    })
  })
}

describe('HA groups on 8.4', () => {
  let lab: Lab
  before(async () => {
    lab = await Lab.start({seed: 'cluster', pve: '8.4'})
  })
  after(() => lab.stop())

  it('are made, read, changed and deleted', async () => {
    await lab.run('POST', '/cluster/ha/groups', {group: 'front', nodes: 'pve3:2,pve2', restricted: '1'})
    expect(await lab.get('/cluster/ha/groups/front')).to.deep.include({
      group: 'front',
      nodes: 'pve2,pve3:2',
      type: 'group',
    })
    expect(await refusal(lab, 'POST', '/cluster/ha/groups', {group: 'front', nodes: 'pve1'})).to.equal(
      `create ha group failed: ha group ID 'front' already defined\n`,
    )
    expect(await refusal(lab, 'PUT', '/cluster/ha/groups/front', {delete: 'nodes'})).to.equal(
      `update ha group failed: unable to delete required option 'nodes'\n`,
    )
    expect(await refusal(lab, 'PUT', '/cluster/ha/resources/vm:110', {group: 'none'})).to.equal(
      `HA group 'none' does not exist\n`,
    )
  })

  it('draw their services to the node of the highest priority', async () => {
    await lab.run('POST', '/cluster/ha/resources', {sid: 'vm:101', group: 'front'})
    await settled(lab, 'vm:101', {state: 'started', node: 'pve3'})
    expect(await refusal(lab, 'DELETE', '/cluster/ha/groups/front')).to.equal(
      `delete ha group failed: ha group is used by service 'vm:101'\n`,
    )
  })
})

describe('HA rules on 9.2', () => {
  let lab: Lab
  beforeEach(async () => {
    lab = await Lab.start({seed: 'cluster'})
    for (const sid of ['vm:100', 'vm:101', 'vm:102', 'ct:202'])
      await lab.run('POST', '/cluster/ha/resources', {sid, state: 'ignored'})
  })
  afterEach(() => lab.stop())

  const make = (rule: string, form: Record<string, string>) => lab.run('POST', '/cluster/ha/rules', {rule, ...form})
  const location = (resources: string, nodes: string) => ({type: 'node-affinity', resources, nodes})
  const relation = (resources: string, affinity: string) => ({type: 'resource-affinity', resources, affinity})

  /** Rules that are there, the one that cannot be added, and why. */
  const infeasible: [string, Record<string, string>[], Record<string, string>, string][] = [
    [
      'a resource in two node affinities',
      [location('vm:100', 'pve1')],
      location('vm:100,vm:101', 'pve2'),
      `resource 'vm:100' is already used in another node affinity rule`,
    ],
    [
      'more to keep apart than nodes',
      [],
      relation('vm:100,vm:101,vm:102,ct:202', 'negative'),
      'rule defines more resources than available nodes',
    ],
    [
      'together and apart',
      [relation('vm:100,vm:101', 'negative')],
      relation('vm:101,vm:100,ct:202', 'positive'),
      'rule shares two or more resources with a negative resource affinity rule',
    ],
    [
      'priorities within a resource affinity',
      [relation('vm:100,vm:101', 'negative')],
      location('vm:100', 'pve1:2,pve2'),
      'resources are in a resource affinity rule and cannot be in a node affinity rule with multiple priorities',
    ],
    [
      'together, drawn to different nodes',
      [location('vm:100', 'pve1'), location('vm:101', 'pve2')],
      relation('vm:100,vm:101', 'positive'),
      'resources are in multiple node affinity rules',
    ],
    [
      'apart, on one node',
      [location('vm:100,vm:101', 'pve1')],
      relation('vm:100,vm:101', 'negative'),
      'two or more resources are restricted to less nodes than available to the resources',
    ],
  ]
  for (const [what, present, added, problem] of infeasible) {
    it(`refuses ${what}`, async () => {
      for (const [index, rule] of present.entries()) await make(`rule${index}`, rule)
      expect(await refusal(lab, 'POST', '/cluster/ha/rules', {rule: 'new', ...added})).to.equal(
        `create ha rule failed: 400 Rule 'new' is invalid.\nresources: ${problem}\n`,
      )
      await make('new', {...added, disable: '1'})
      expect(await refusal(lab, 'PUT', '/cluster/ha/rules/new', {type: added.type!, delete: 'disable'})).to.equal(
        `update HA rules failed: 400 Rule 'new' is invalid.\nresources: ${problem}\n`,
      )
    })
  }

  it('a rule is enabled by a deletion, and by no 0', async () => {
    await make('off', {...relation('vm:100,vm:101', 'positive'), disable: '1'})
    const now = async () => (await lab.get<{disable?: number}>('/cluster/ha/rules/off')).disable
    await lab.run('PUT', '/cluster/ha/rules/off', {type: 'resource-affinity', disable: '0'})
    expect(await now()).to.equal(1)
    await lab.run('PUT', '/cluster/ha/rules/off', {type: 'resource-affinity', delete: 'disable'})
    expect(await now()).to.equal(undefined)
  })

  it('knows the parameters of the chosen type alone', async () => {
    const errors = async (form: Record<string, string>) =>
      (await lab.send('/cluster/ha/rules', {method: 'POST', form})).body.errors
    const unknown = 'property is not defined in schema and the schema does not allow additional properties'
    const missing = 'property is missing and it is not optional'
    expect(await errors({rule: 'new', type: 'node-affinity', affinity: 'positive'})).to.deep.equal({
      affinity: unknown,
      'oneOf[node-affinity].nodes': missing,
      'oneOf[node-affinity].resources': missing,
    })
    expect(await errors({rule: 'new', type: 'resource-affinity', resources: 'vm:100'})).to.deep.equal({
      'oneOf[resource-affinity].affinity': missing,
    })
    expect(await errors({rule: 'new', resources: 'vm:100'})).to.deep.equal({type: missing, resources: unknown})
  })

  it('tells what moves along and what is in the way', async () => {
    await make('pair', relation('vm:100,vm:101', 'positive'))
    await make('apart', relation('vm:100,vm:102', 'negative'))
    await lab.run('PUT', '/cluster/ha/resources/vm:100', {state: 'stopped'})
    const move = await lab.send('/cluster/ha/resources/vm:100/migrate', {method: 'POST', form: {node: 'pve2'}})
    expect(move.body.data).to.deep.include({
      sid: 'vm:100',
      'requested-node': 'pve2',
      'comigrated-resources': ['vm:101'],
      'blocking-resources': [{sid: 'vm:102', cause: 'resource-affinity'}],
    })
  })

  it('holds still while disarmed', async () => {
    await lab.run('POST', '/cluster/ha/status/disarm-ha', {'resource-mode': 'freeze'})
    await lab.run('PUT', '/cluster/ha/resources/vm:100', {state: 'stopped'})
    for (let round = 0; round < 3; round++) await lab.get('/version')
    expect(await lab.get('/nodes/pve1/qemu/100/status/current')).to.include({status: 'running'})
    await lab.run('POST', '/cluster/ha/status/arm-ha')
    await settled(lab, 'vm:100', {state: 'stopped'})
  })
})
