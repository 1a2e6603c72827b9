import {expect} from 'chai'
import {Lab} from './support.js'

/** Facts: qemu-server, PVE/QemuServer/RunState.pm and PVE/API2/Qemu/Agent.pm, and seen on the real daemon. */
describe('machines that run', () => {
  let lab: Lab
  const vm = '/nodes/pve/qemu/300'
  const post = (path: string, form: Record<string, string> = {}): ReturnType<Lab['send']> =>
    lab.send(`${vm}${path}`, {method: 'POST', form})
  const config = (): Promise<Record<string, unknown>> => lab.get(`${vm}/config`)

  beforeEach(async () => {
    lab = await Lab.start({seed: 'homelab'})
    await lab.run('POST', '/nodes/pve/qemu', {
      vmid: '300',
      memory: '512',
      scsi0: 'local-lvm:1',
      net0: 'virtio',
      agent: '1',
    })
    lab.simulator.simulation.state.guests[300]!.blank = false
    await lab.run('POST', `${vm}/status/start`)
  })
  afterEach(() => lab.stop())

  it('are suspended to disk, locked meanwhile, and go on when they are started', async () => {
    await lab.run('PUT', `${vm}/config`, {cores: '2'})
    expect(await lab.run('POST', `${vm}/status/suspend`, {todisk: '1'})).to.equal('OK')
    const suspended = await config()
    expect(suspended).to.include({
      lock: 'suspended',
      'running-nets-host-mtu': 'net0=1500',
      runningmachine: 'pc-i440fx-10.0+pve1',
    })
    expect(suspended.vmstate).to.match(/^local-lvm:vm-300-state-suspend-\d{4}-\d\d-\d\d$/)
    expect((await lab.send(`${vm}/config`, {method: 'PUT', form: {name: 'x'}})).reason).to.equal(
      'VM is locked (suspended)',
    )
    expect(await lab.run('POST', `${vm}/status/start`)).to.equal('OK')
    const running = await config()
    expect(running).to.not.have.any.keys('lock', 'vmstate', 'runningmachine', 'runningcpu')
    const waiting = await lab.get<{key: string; pending?: unknown}[]>(`${vm}/pending`)
    expect(waiting.find(({key}) => key === 'cores')).to.deep.equal({key: 'cores', pending: 2})
  })

  it('forget their state with the lock when it is deleted', async () => {
    await lab.run('POST', `${vm}/status/suspend`, {todisk: '1'})
    expect((await lab.send(`${vm}/config`, {method: 'PUT', form: {delete: 'vmstate'}})).status).to.equal(200)
    expect(await config()).to.not.have.any.keys('lock', 'vmstate', 'runningmachine')
  })

  it('without a system do not shut down', async () => {
    lab.simulator.simulation.state.guests[300]!.blank = true
    expect(await lab.run('POST', `${vm}/status/shutdown`)).to.equal('VM quit/powerdown failed - got timeout')
    expect(await lab.run('POST', `${vm}/status/shutdown`, {forceStop: '1'})).to.equal('OK')
  })

  it('answer through their agent: files, commands, sleep', async () => {
    lab.simulator.simulation.state.guests[300]!.system = {commands: {'uname -r': {out: '6.1\n'}}}
    await post('/agent/file-write', {file: '/etc/motd', content: 'hello'})
    expect(await lab.get(`${vm}/agent/file-read?file=/etc/motd`)).to.deep.equal({content: 'hello', 'bytes-read': 5})
    const missing = await lab.send(`${vm}/agent/file-read?file=/nope`)
    expect(missing.reason).to.equal(`Agent error: failed to open file '/nope' (mode: 'r'): No such file or directory`)
    const begun = await lab.send(`${vm}/agent/exec`, {method: 'POST', form: {command: ['uname', '-r']}})
    const {pid} = begun.body.data as {pid: number}
    expect(await lab.get(`${vm}/agent/exec-status?pid=${pid}`)).to.deep.equal({
      exited: 1,
      exitcode: 0,
      'out-data': '6.1\n',
    })
    await post('/agent/suspend-ram')
    expect(await lab.get(`${vm}/status/current`)).to.include({qmpstatus: 'suspended'})
    expect((await post('/status/shutdown')).reason).to.equal('VM is paused - cannot shutdown')
  })

  it('a task behind background_delay answers nothing when it ends in time, and its error when it fails', async () => {
    expect((await post('/config', {name: 'soon', background_delay: '5'})).body.data).to.equal(null)
    const failed = await post('/config', {scsi1: 'local-lvm:999999', background_delay: '5'})
    expect(failed.status).to.equal(500)
    expect(failed.reason).to.match(/^failed to update VM 300: /)
  })
})
