import {chmodSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import type {ApplyResult} from '../../src/kit/verbs/index.js'
import {killedAtCommit, Watch} from '../support/apply.js'
import {Lab, type Clone} from '../support/lab.js'

const node = '/nodes/pve1/qemu'

describe('pmpc destroy', function () {
  this.timeout(120_000)
  let lab: Lab
  let clone: Clone
  beforeEach(async () => {
    lab = await Lab.start({seed: 'cluster'})
    // Two guests that nobody needs, one of them with a disk, a firewall, rights and a backup job.
    for (const vmid of [301, 302])
      await lab.api('POST', node, {
        vmid,
        name: `gone${vmid}`,
        memory: 512,
        scsi0: 'local-zfs:1',
        scsihw: 'virtio-scsi-pci',
      })
    await lab.api('PUT', `${node}/301/firewall/options`, {enable: 1})
    await lab.api('PUT', '/access/acl', {path: '/vms/301', roles: 'PVEAuditor', users: 'web@pve'})
    clone = await lab.agreed()
  })
  afterEach(async () => lab.stop())

  const guests = () => Object.keys(lab.simulator.simulation.state.guests).map(Number)
  const destroyed = async (...args: string[]) => {
    const result = await clone.pmpc(['destroy', '--json', ...args])
    expect(result.code, result.stdout + result.stderr).to.equal(0)
    return result.json<ApplyResult>()
  }
  const settled = async () => {
    expect(await clone.git('status', '--porcelain')).to.equal('')
    const {commit, open} = await clone.sync()
    expect([commit, open]).to.deep.equal([null, {drift: 0, conflicts: 0}])
  }

  it('is one commit that wishes it, and one without the manifest, the firewall and the rights that went along', async () => {
    const {done, intention, observation} = await destroyed(
      'vm/301',
      '--confirm',
      'vm/301',
      '--yes',
      '--allow',
      'grants',
    )
    expect(done.map(({object}) => object)).to.deep.equal(['home/vm/301'])
    expect(guests()).to.not.include(301)
    expect(await clone.git('show', `${intention}:infra/home/vm/301.yaml`)).to.equal('kind: vm\nid: 301\nabsent: true')
    expect(await clone.head()).to.equal(observation)
    expect(await clone.git('ls-files', 'infra')).to.not.match(/301/)
    await settled()
  })

  it('goes by name, and by what has no manifest, too', async () => {
    await lab.api('POST', node, {vmid: 303, name: 'unmanaged', memory: 512})
    await clone.sync()
    await clone.must('reject', 'vm/303')
    await destroyed('unmanaged', '--confirm', 'unmanaged')
    // Whoever selects names each that goes all the same.
    await lab.set(`${node}/301`, {tags: 'old'})
    await clone.sync('--accept')
    for (const [args, code] of [
      [['gone*', '--yes', '--allow', 'grants', '--confirm', 'vm/301'], 'PMPC_CONSENT'],
      [['gone*', '--tag', 'none'], 'PMPC_NOT_FOUND'],
      [['pools', '--allow', 'grants'], 'PMPC_BAD_SELECTOR'],
      [['300-302', 'nobody'], 'PMPC_NOT_FOUND'],
      [[], 'PMPC_USAGE'],
    ] as const)
      expect((await clone.fails(['destroy', ...args])).code, args.join(' ')).to.equal(code)
    const lacking = await clone.fails(['destroy', '300-302', '--status', 'stopped', '-l', 'memory=512', '--yes'])
    expect(lacking.suggestions[0]).to.match(
      /^pmpc destroy 300-302 --status stopped -l memory=512 .*--confirm home\/vm\/301,home\/vm\/302$/,
    )
    await destroyed('gone*', '-l', 'tags!=old', '--confirm', 'vm/302')
    expect(guests()).to.include(301).and.not.include.members([302, 303])
    await settled()
  })

  it('is not done where nobody agrees: 64, and the working tree is as it was', async () => {
    clone.edit('infra/home/vm/301.yaml', 'memory: 512', 'memory: 513')
    const before = await clone.picture()
    const {code, exitCode, suggestions} = await clone.fails(['destroy', 'vm/301', 'vm/302:unused0', '--yes'])
    expect([code, exitCode]).to.deep.equal(['PMPC_NOT_FOUND', 1])
    expect(suggestions[0]).to.equal('pmpc describe home/vm/302')
    const lacking = await clone.fails(['destroy', 'vm/301', '--yes'])
    expect([lacking.code, lacking.exitCode]).to.deep.equal(['PMPC_CONSENT', 64])
    expect(lacking.suggestions[0]).to.match(/^pmpc destroy vm\/301 .*--confirm home\/vm\/301$/)
    expect(await clone.picture()).to.deep.equal(before)
    expect(guests()).to.include(301)
    await lab.api('POST', node, {vmid: 303, name: 'unmanaged', memory: 512})
    await clone.sync()
    await clone.must('reject', 'vm/303')
    const unmanaged = await clone.picture()
    expect((await clone.fails(['destroy', 'vm/303'])).code).to.equal('PMPC_CONSENT')
    expect(await clone.picture()).to.deep.equal(unmanaged)
  })

  it('is refused for what is protected, locked, or stood on; and the working tree is as it was', async () => {
    await lab.set(`${node}/301`, {protection: 1})
    await lab.api('POST', `${node}/302/template`)
    await lab.api('POST', `${node}/302/clone`, {newid: 304})
    await clone.sync('--accept')
    const before = await clone.picture()
    for (const [vmid, why] of [
      [301, /protect/],
      [302, /linked clone|304/],
    ] as const) {
      const {message} = await clone.fails([
        'destroy',
        `vm/${vmid}`,
        '--confirm',
        `vm/${vmid}`,
        '--yes',
        '--allow',
        'grants',
      ])
      expect(message).to.match(why)
    }
    expect(await clone.picture()).to.deep.equal(before)
    expect(guests()).to.include.members([301, 302, 304])
  })

  it('has edited nothing where it was killed before its commit: it can be begun anew, and gone on with', async () => {
    const before = await clone.picture()
    const destroy = ['destroy', 'vm/302', '--confirm', 'vm/302', '--yes']
    await killedAtCommit(clone, destroy)
    expect(await clone.picture()).to.deep.equal(before)
    const {stdout, stderr} = await clone.must('status')
    expect(stdout).to.match(/^pmpc destroy vm\/302 \(run .*\) was interrupted: 0 of 1 object at the end/m)
    expect(stderr).to.include('or begin anew, as nothing was sent: pmpc destroy vm/302')
    const resumed = await clone.pmpc(['apply', '--resume', '--json'])
    expect(resumed.json<ApplyResult>().failed).to.deep.equal([
      {
        object: 'home/vm/302',
        code: 'PMPC_NOT_REACHED',
        message: 'the run ended before it had committed what was wished of it; nothing was sent',
        suggestions: ['pmpc destroy vm/302   # once more'],
      },
    ])
    expect([resumed.code, guests().includes(302), await clone.picture()]).to.deep.equal([1, true, before])
    await killedAtCommit(clone, destroy)
    expect((await destroyed(...destroy.slice(1))).done.map(({object}) => object)).to.deep.equal(['home/vm/302'])
    expect((await clone.must('status', '--json')).json<{unfinished: unknown}>().unfinished).to.equal(null)
    await settled()
  })

  it('is over, and nothing was edited, where a hook refuses the commit', async () => {
    const before = await clone.picture()
    clone.write('.git/hooks/pre-commit', '#!/bin/sh\necho no >&2\nexit 1\n')
    chmodSync(path.join(clone.root, '.git/hooks/pre-commit'), 0o755)
    const {code} = await clone.fails(['destroy', 'vm/302', '--confirm', 'vm/302', '--yes'])
    expect([code, await clone.picture(), guests().includes(302)]).to.deep.equal(['PMPC_HOOK_FAILED', before, true])
    expect((await clone.must('status', '--json')).json<{unfinished: unknown}>().unfinished).to.equal(null)
  })

  it('frees an unused volume, and no other', async () => {
    await lab.api('PUT', `${node}/302/config`, {delete: 'scsi0'})
    await clone.sync('--accept')
    const {code} = await clone.fails(['destroy', 'vm/302:scsi1'])
    expect(code).to.equal('PMPC_USAGE')
    // Another one has its number since.
    await lab.api('PUT', `${node}/302/config`, {delete: 'unused0'})
    await lab.api('POST', `${node}/302/config`, {scsi2: 'local-zfs:2'})
    await lab.api('POST', `${node}/302/config`, {scsi3: 'local-zfs:3'})
    await lab.api('PUT', `${node}/302/config`, {delete: 'scsi3'})
    const free = ['destroy', 'vm/302:unused0', '--confirm', 'vm/302']
    expect((await clone.fails(free)).code).to.equal('PMPC_CHANGED_MEANWHILE')
    await clone.sync('--accept')
    const {done, intention} = await destroyed(...free.slice(1))
    expect([done.length, intention]).to.deep.equal([1, null])
    const {config} = lab.simulator.simulation.state.guests[302]!
    expect(config).to.not.have.property('unused0')
    expect(config).to.have.property('scsi2')
    await settled()
  })

  describe('of a guest whose VMID another one has by now', () => {
    const ct = '/nodes/pve1/lxc'
    const made = async (vmid: number) => {
      await lab.api('POST', node, {vmid, name: 'precious', memory: 512})
      // As if it had been made on another day.
      lab.simulator.simulation.state.guests[vmid]!.config.meta = 'creation-qemu=9.0.0,ctime=1700000000'
    }
    const away = async (kind: string, id: number) => {
      clone.write(`infra/home/${kind}/${id}.yaml`, `kind: ${kind}\nid: ${id}\nabsent: true\n`)
      await clone.git('commit', '-qam', 'away')
    }

    it('is none before a sync has seen that one, and then wants it named, whatever HEAD says', async () => {
      const container = {vmid: 310, ostemplate: 'local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst'}
      const withDisk = {...container, rootfs: 'local-zfs:1', net0: 'name=eth0,bridge=vmbr0'}
      await lab.api('POST', ct, withDisk)
      await clone.sync('--accept')
      await away('vm', 302)
      await away('container', 310)
      await lab.destroy(302)
      await lab.api('DELETE', `${ct}/310`)
      await made(302)
      await lab.api('POST', ct, withDisk)
      const early = await clone.fails(['apply', '--yes', '--confirm', '302,310'])
      expect([early.code, early.suggestions[0]]).to.satisfy(
        ([code, next]: string[]) => code === 'PMPC_PLAN_REFUSED' && next!.startsWith('pmpc sync '),
      )
      await clone.sync()
      const {code, suggestions} = await clone.fails(['apply', '--yes'])
      expect([code, ...suggestions]).to.deep.equal([
        'PMPC_CONSENT',
        'pmpc apply --confirm home/vm/302,home/container/310',
      ])
      const plan = await clone.must('plan', 'vm/302')
      expect(plan.stdout).to.match(/vm\/302: another guest has its VMID by now than when [0-9a-f]{10} wished it away/)
      expect(guests()).to.include.members([302, 310])
      // Each way out is one to go.
      await clone.git('rm', '-q', 'infra/home/vm/302.yaml')
      await clone.git('commit', '-qm', 'it stays')
      await clone.must('accept', 'vm/302')
      expect(clone.read('infra/home/vm/302.yaml')).to.match(/name: precious/)
      await clone.must('apply', '--yes', '--confirm', '310')
      expect(guests()).to.include(302).and.not.include(310)
      await settled()
    })

    it('is none where a run goes on that was interrupted before', async () => {
      await away('vm', 301)
      const {simulation, url} = lab.simulator
      const watch = new Watch(simulation, Number(new URL(url).port))
      try {
        watch.begin({write: 1, of: /^DELETE/, half: 'lost'})
        await clone.pmpc(['apply', '--yes', '--allow', 'grants'], {started: (child) => watch.started(child)})
        expect(watch.wasCut).to.equal(true)
        await lab.destroy(301)
        await made(301)
        const resumed = await clone.pmpc(['apply', '--resume', '--json'])
        const {failed} = resumed.json<ApplyResult>()
        expect(failed.map((one) => [one.code, one.message])).to.deep.equal([
          [
            'PMPC_CHANGED_MEANWHILE',
            'home/vm/301 was changed by somebody else: another guest has its VMID by now; it was left alone',
          ],
        ])
        expect(guests()).to.include(301)
      } finally {
        watch.stop()
      }
    })
  })

  it('names what there is, and of it only what can go', async () => {
    for (const [word, expected] of [
      ['vm/999', 'PMPC_NOT_FOUND'],
      ['node/pve1', 'PMPC_PLAN_REFUSED'],
    ] as const) {
      const {code} = await clone.fails(['destroy', word, '--confirm', word])
      expect(code).to.equal(expected)
    }
    expect(await clone.git('status', '--porcelain')).to.equal('')
  })

  it('is any kind that a call removes', async () => {
    await lab.api('POST', '/pools', {poolid: 'nobodys'})
    await clone.sync('--accept')
    await destroyed('pool/nobodys', '--allow', 'grants')
    expect(await clone.git('ls-files', 'infra')).to.not.match(/nobodys/)
    await settled()
  })
})
