import {expect} from 'chai'
import type {ConsoleAddress} from '../../src/kit/observed/index.js'
import {Lab, type Clone} from '../support/lab.js'
import {assertSchema} from '../support/schemas.js'

describe('the address of a console', () => {
  let lab: Lab
  let clone: Clone
  let url: string

  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    clone = await lab.workspace()
    await lab.set('/nodes/pve1/qemu/120', {serial0: 'socket', vga: 'serial0'})
    await lab.set('/nodes/pve1/qemu/100', {name: 'web01.example.org'})
    await clone.must('sync')
    url = lab.simulator.url
    // From here on nobody is asked.
    await lab.simulator.stop()
  })
  after(() => lab.box.remove())

  for (const [args, query] of [
    [['vm/100'], 'console=kvm&novnc=1&vmid=100&vmname=web01.example.org&node=pve1&resize=off&cmd='],
    [['vm/101', '--type', 'xtermjs'], 'console=kvm&xtermjs=1&vmid=101&vmname=web02&node=pve2&cmd='],
    [['120'], 'console=kvm&xtermjs=1&vmid=120&vmname=web01-nightly&node=pve1&cmd='],
    [['dns1'], 'console=lxc&xtermjs=1&vmid=200&vmname=dns1&node=pve1&cmd='],
    [['dns1', '--type', 'novnc'], 'console=lxc&novnc=1&vmid=200&vmname=dns1&node=pve1&resize=off&cmd='],
    [['node/pve2'], 'console=shell&xtermjs=1&node=pve2&cmd='],
  ] as const)
    it(`of ${args.join(' ')} is as Proxmox VE’s own pages make it`, async () => {
      const {stdout} = await clone.must('console', ...args)
      expect(stdout).to.equal(`${url}/?${query}\n`)
    })

  it('is a document with what it was made of', async () => {
    const address = (await clone.must('console', 'vm/100', '--json')).json<ConsoleAddress>()
    assertSchema('console', address)
    expect(address).to.deep.include({
      ...{cluster: 'home', object: 'vm/100', node: 'pve1', type: 'novnc', status: 'running'},
    })
    expect(address.url).not.to.match(/ticket/i)
  })

  it('is told with a hint where there is nothing to see', async () => {
    const stopped = await clone.must('console', 'win-build')
    expect(stopped.stdout).to.match(/^https:/)
    expect(stopped.stderr).to.include('it was stopped').and.to.include('pmpc start vm/110')
    expect((await clone.must('console', '100', '--type', 'xtermjs')).stderr).to.include('has no serial port')
    expect((await clone.must('console', '100')).stderr).to.equal('')
  })

  it('is refused for what has none', async () => {
    expect(await clone.fails(['console', 'vm/9000'])).to.include({code: 'PMPC_BAD_OBJECT', exitCode: 64})
    expect(await clone.fails(['console', 'storage/local'])).to.include({code: 'PMPC_BAD_OBJECT', exitCode: 64})
    expect(await clone.fails(['console', 'nobody'])).to.include({code: 'PMPC_NOT_FOUND', exitCode: 1})
    expect(await clone.fails(['console', 'vm/100', '--type', 'spice'])).to.include({exitCode: 64})
  })
})
