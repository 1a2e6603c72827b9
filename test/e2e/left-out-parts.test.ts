import {expect} from 'chai'
import {Lab, type Clone} from '../support/lab.js'

describe('what is a part of something that is left out', function () {
  this.timeout(120_000)
  let lab: Lab
  let clone: Clone

  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    await lab.api('PUT', '/nodes/pve1/qemu/100/config', {tags: 'ephemeral'})
    await lab.api('POST', '/nodes/pve1/qemu/100/firewall/rules', {type: 'in', action: 'ACCEPT'})
    await lab.api('POST', '/nodes/pve1/firewall/rules', {type: 'in', action: 'ACCEPT'})
    clone = await lab.workspace()
    await clone.must('sync', '--accept')
    const files = await clone.git('ls-files', 'infra')
    for (const part of ['firewall/guest/100', 'firewall/node/pve1', 'network/pve1'])
      expect(files).to.include(`infra/home/${part}.yaml`)
  })
  after(async () => lab.stop())

  const base = async () => (await clone.git('show', 'HEAD:pmpc.yaml')).trimEnd()

  for (const [name, rules, only] of [
    ['its kind', 'ignore: [{kind: vm}]'],
    ['its node', 'ignore: [{kind: node}]'],
    ['all guests by kind', 'ignore: [{kind: vm}, {kind: container}]'],
    ['its pool', 'ignore: [{pool: web}]'],
    ['its tag', 'ignore: [{tag: ephemeral}]'],
    ['its id', 'ignore: [{guest: 100}]'],
    ['what `kinds:` does not name', 'kinds: [network, firewall, acl]'],
    ['what `--only` does not name', '', ['--only', 'firewall', '--only', 'network']],
  ] as const) {
    it(`is not gone, at the first sync and the second: ${name}`, async () => {
      const text = await base()
      const files = await clone.git('ls-files', 'infra')
      await clone.write('pmpc.yaml', `${text}\n${rules}\n`)
      for (const time of ['first', 'second']) {
        const synced = await clone.sync(...(only ?? []))
        expect(synced.open.drift, `${time} sync`).to.equal(0)
        expect(await clone.git('status', '--porcelain', 'infra'), `${time} sync`).to.equal('')
      }
      expect((await clone.must('status')).stdout).to.include('Nothing is open')
      // Rules are taken back: nothing was changed meanwhile.
      await clone.write('pmpc.yaml', `${text}\n`)
      await clone.sync()
      expect(await clone.git('status', '--porcelain', 'infra'), 'without the rule').to.equal('')
      expect(await clone.git('ls-files', 'infra')).to.equal(files)
    })
  }

  it('is read where the list of what it is a part of is enough for that', async () => {
    await clone.write('pmpc.yaml', `${await base()}\nkinds: [network, firewall]\n`)
    await clone.sync()
    await lab.api('POST', '/nodes/pve1/network', {iface: 'vmbr7', type: 'bridge', autostart: 1})
    expect((await clone.sync()).open.drift).to.equal(1)
    expect(await clone.git('diff', 'infra/home/network')).to.include('vmbr7')
  })
})
