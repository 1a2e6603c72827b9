import {expect} from 'chai'
import {Lab} from './support.js'

describe('what is asked of many guests at once', () => {
  let lab: Lab
  beforeEach(async () => {
    lab = await Lab.start({seed: 'cluster'})
  })
  afterEach(() => lab.stop())

  const begin = async (path: string, form: Record<string, string | string[]> = {}): Promise<string> => {
    const answer = await lab.send(path, {method: 'POST', form})
    expect(answer.status, answer.text).to.equal(200)
    return answer.body.data
  }

  /** Log of a task without its result, once it has ended. */
  async function logOf(path: string, form: Record<string, string | string[]> = {}): Promise<string[]> {
    const upid = await begin(path, form)
    const node = upid.split(':')[1]
    for (;;) {
      const {status} = await lab.get<{status: string}>(`/nodes/${node}/tasks/${upid}/status`)
      if (status === 'stopped') break
    }
    const lines = await lab.get<{t: string}[]>(`/nodes/${node}/tasks/${upid}/log?limit=0`)
    return lines.map(({t}) => t)
  }

  it('stops the guests of a node in the order opposite to that of starting them', async () => {
    expect(await logOf('/nodes/pve1/stopall', {'max-workers': '1'})).to.deep.equal([
      'Stopping VM 120 (timeout = 180 seconds)',
      'Stopping VM 100 (timeout = 180 seconds)',
      'Stopping CT 200 (timeout = 60 seconds)',
      'TASK OK',
    ])
    expect(await logOf('/nodes/pve1/startall')).to.deep.equal([
      'Starting CT 200',
      'Waiting for 5 seconds (startup delay)',
      'Starting VM 100',
      'Waiting for 20 seconds (startup delay)',
      'TASK OK',
    ])
    const tasks = await lab.get<{type: string; id: string}[]>('/nodes/pve1/tasks')
    expect(tasks.map(({type, id}) => `${type} ${id}`)).to.deep.equal([
      'qmstart 100',
      'vzstart 200',
      'startall ',
      'vzshutdown 200',
      'qmshutdown 100',
      'qmshutdown 120',
      'stopall ',
    ])
  })

  it('leaves out what HA looks after', async () => {
    await lab.run('POST', '/cluster/ha/resources', {sid: 'vm:100'})
    const log = await logOf('/nodes/pve1/stopall')
    expect(log.join()).to.not.include('VM 100')
    expect(log.join()).to.include('VM 120')
  })

  it('moves all guests of a node that can be moved', async () => {
    const log = await logOf('/nodes/pve3/migrateall', {target: 'pve1', 'max-workers': '1'})
    expect(log.at(-2)).to.equal('All jobs finished, used 2 workers in total.')
    expect(log).to.include('VM is locked (backup)')
    const left = await lab.get<{node: string; vmid: number}[]>('/cluster/resources?type=vm')
    expect(left.filter(({node}) => node === 'pve3').map(({vmid}) => vmid)).to.deep.equal([111])
  })

  it('asks migrateall for a number of workers', async () => {
    const answer = await lab.send('/nodes/pve3/migrateall', {method: 'POST', form: {target: 'pve1'}})
    expect(answer.body.message).to.equal(
      `either 'maxworkers' parameter or max_workers in datacenter.cfg must be set!\n`,
    )
  })

  it('acts on guests of the whole cluster, and warns of those it skips', async () => {
    const log = await logOf('/cluster/bulk-action/guest/start', {vms: ['101', '110']})
    expect(log).to.deep.equal([
      'Starting guests: 101, 110',
      'WARN: Skipping VM 101, already running.',
      'Starting VM 110',
      'TASK WARNINGS: 1',
    ])
    const failed = await logOf('/cluster/bulk-action/guest/migrate', {vms: ['101'], target: 'pve1'})
    expect(failed.at(-1)).to.equal('TASK ERROR: Some guests failed to migrate 101')
    expect(failed).to.include(`WARN: can't migrate running VM without --online`)
  })

  it('asks for rights on each guest', async () => {
    const send = (form: Record<string, string | string[]>) =>
      lab.send('/cluster/bulk-action/guest/shutdown', {method: 'POST', form, token: 'web@pve!ci'})
    expect((await send({})).reason).to.equal('Permission check failed (/, VM.PowerMgmt)')
    expect((await send({vms: ['111']})).reason).to.equal('Permission check failed (/vms/111, VM.PowerMgmt)')
  })

  it('wakes a node that is off, when it knows its address', async () => {
    const wake = () => lab.send('/nodes/pve2/wakeonlan', {method: 'POST', form: {}})
    expect((await wake()).body.message).to.equal(`No wake on LAN MAC address defined for 'pve2'!\n`)
    await lab.run('PUT', '/nodes/pve2/config', {wakeonlan: 'BC:24:11:00:00:01'})
    lab.simulator.simulation.state.nodes.pve2!.power = 'offline'
    expect((await wake()).body.data).to.equal('BC:24:11:00:00:01')
    expect((await lab.send('/nodes/pve2/status')).status).to.equal(200)
  })
})
