// What Proxmox VE has in words of its own after an apply: none of it is a conflict, a wish that stays, or an edit that nobody committed.
import {expect} from 'chai'
import type {Plan} from '../../src/kit/plan/index.js'
import {applyIn, untilQuiet, Watch, type Applied} from '../support/apply.js'
import {everySort, vm} from '../support/every-sort.js'
import {Lab, type Clone} from '../support/lab.js'

const consents = ['--yes', '--allow', 'grants,cuts-network,detaches-data']

for (const release of ['9.2', '8.4'] as const)
  describe(`apply, where Proxmox VE ${release} has other words`, function () {
    this.timeout(120_000)
    let lab: Lab
    let clone: Clone

    beforeEach(async () => {
      const blank = {...vm(101, true, {virtio1: 'local-zfs:vm-101-disk-1,size=1G'}), blank: true}
      lab = await Lab.start({seed: {...everySort, guests: [vm(100, false), blank]}, pve: release})
      await lab.api('POST', '/cluster/firewall/aliases', {name: 'office', cidr: '192.0.2.0/24'})
      await lab.api('POST', '/nodes/pve1/qemu/100/firewall/ipset', {name: 'mine'})
      await lab.api('POST', '/nodes/pve1/qemu/100/firewall/ipset/mine', {cidr: 'dc/office'})
      await lab.api('POST', '/nodes/pve1/qemu/100/firewall/ipset/mine', {cidr: '192.0.2.9'})
      await lab.api('POST', '/access/users', {userid: 'ann@pve', expire: 1893456000, groups: 'staff'})
      await lab.set('/nodes/pve1/qemu/100', {net0: 'virtio=BC:24:11:00:00:10,bridge=vmbr0,firewall=1'})
      clone = await lab.agreed()
    })
    afterEach(async () => lab.stop())

    const applied = async (...args: string[]): Promise<Applied> => {
      const result = await applyIn(clone, ...consents, ...args)
      expect(result.code, JSON.stringify(result)).to.equal(0)
      return result
    }

    async function settled(): Promise<void> {
      expect((await clone.must('plan')).stdout).to.equal('Plan: nothing to do.\n')
      const {commit, open} = await clone.sync()
      expect([commit, open]).to.deep.equal([null, {drift: 0, conflicts: 0}])
      expect(await clone.git('status', '--porcelain')).to.equal('')
    }

    async function met(): Promise<void> {
      expect((await clone.must('plan')).stdout).to.equal('Plan: nothing to do.\n')
      expect((await clone.sync()).open).to.deep.equal({drift: 0, conflicts: 0})
    }

    const members = async (name: string): Promise<unknown> =>
      (await lab.api<Record<string, unknown>[]>('GET', `/cluster/firewall/ipset/${name}`)).map(({cidr, comment}) =>
        comment === undefined ? cidr : {[String(cidr)]: comment},
      )

    it('a member with host bits, and a host with its length, are what they stand for, and stay as they are written', async () => {
      const file = 'infra/home/firewall/cluster.yaml'
      const text = `kind: firewall
id: cluster
config:
  aliases:
    host: {cidr: 10.0.0.5/32}
    office: {cidr: 192.0.2.0/24}
  ipsets:
    blk:
      members:
        10.0.0.11/24: {comment: first}
        10.9.0.7/32: {}
        "2001:DB8:0:0::5/64": {}
`
      clone.write(file, text)
      await applied()
      expect(clone.read(file)).to.equal(text)
      expect(await members('blk')).to.deep.equal([{'10.0.0.0/24': 'first'}, '10.9.0.7', '2001:db8::/64'])
      await settled()
      clone.edit(file, 'comment: first', 'comment: second')
      clone.edit(file, '        10.9.0.7/32: {}\n', '')
      const plan = (await clone.must('plan', '--json')).json<Plan>()
      expect(plan.actions.flatMap(({requests}) => requests.map(({method}) => method))).to.have.members([
        'PUT',
        'DELETE',
      ])
      await applied()
      expect(await members('blk')).to.deep.equal([{'10.0.0.0/24': 'second'}, '2001:db8::/64'])
      await settled()
      // What the cluster changes is written where people wrote it.
      await lab.api('PUT', '/cluster/firewall/ipset/blk/10.0.0.0%2F24', {cidr: '10.0.0.0/24', comment: 'third'})
      await clone.must('sync', '--accept')
      expect(clone.read(file)).to.include('        10.0.0.11/24: {comment: third}\n')
    })

    it('two spellings of one network are one too many', async () => {
      clone.write(
        'infra/home/firewall/cluster.yaml',
        'kind: firewall\nid: cluster\nconfig:\n  ipsets:\n    blk: {members: {10.0.0.1/24: {}, 10.0.0.2/24: {}}}\n',
      )
      const {code, stdout} = await clone.pmpc(['validate'])
      expect(code).to.equal(1)
      expect(stdout).to.include('10.0.0.0/24, which is given twice')
    })

    it('what is taken out and has a value all the same gets that; a set that is emptied is none', async () => {
      const file = 'infra/home/access/user/ann@pve.yaml'
      clone.edit(file, '  expire: 1893456000\n', '')
      clone.edit(file, 'groups: [staff]', 'groups: []')
      await applied()
      expect(await lab.api('GET', '/access/users/ann@pve')).to.include({expire: 0})
      await settled()
      expect(clone.read(file)).to.match(/expire: 0\n(.*\n)*.*groups: \[\]/)
    })

    it('an alias that goes leaves those who name it as they are, and they can be changed in the same apply', async () => {
      clone.edit('infra/home/firewall/cluster.yaml', / {4}office:.*\n/, '')
      clone.edit('infra/home/firewall/guest/100.yaml', / {8}dc\/office: .*\n/, '        10.0.0.0/8: {}\n')
      await applied()
      await settled()
      const left = await lab.api<{cidr: string}[]>('GET', '/nodes/pve1/qemu/100/firewall/ipset/mine')
      expect(left.map(({cidr}) => cidr)).to.have.members(['10.0.0.0/8', '192.0.2.9'])
    })

    it('what names an alias that is gone is no other thing for that', async () => {
      await lab.api('DELETE', '/cluster/firewall/aliases/office')
      const [entry] = (
        await lab.api<Record<string, unknown>[]>('GET', '/nodes/pve1/qemu/100/firewall/ipset/mine')
      ).filter(({cidr}) => cidr === 'dc/office')
      expect(entry).to.deep.include({errors: {cidr: "no such alias 'office'"}})
      await clone.must('sync', '--accept')
      expect(clone.read('infra/home/firewall/guest/100.yaml')).not.to.include('errors')
      await settled()
    })

    it('a device that the guest keeps leaves its volume where it is, and all else is done', async () => {
      const file = 'infra/home/vm/101.yaml'
      clone.edit(file, / {2}virtio1:.*\n(?: {4}.*\n)*/, '')
      clone.edit(file, 'name: vm101', 'name: renamed')
      const {done} = await applied()
      expect(done.map(({object}) => object)).to.deep.equal(['home/vm/101'])
      const config = await lab.api<Record<string, unknown>>('GET', '/nodes/pve1/qemu/101/config')
      expect(config).to.include({name: 'renamed'})
      expect(config).not.to.have.property('unused0')
      expect(lab.simulator.simulation.state.guests[101]!.pendingDelete).to.deep.equal({virtio1: 1})
      // Undone, it is as if nobody had asked for it; and undone once more nothing is left to record.
      const undo = async () => {
        const {code, stdout} = await clone.pmpc(['undo', '--json', ...consents])
        expect(code, stdout).to.equal(0)
      }
      await undo()
      const back = await lab.api<Record<string, unknown>>('GET', '/nodes/pve1/qemu/101/config')
      expect(back).to.include({name: 'vm101', virtio1: 'local-zfs:vm-101-disk-1,size=1G'})
      expect(lab.simulator.simulation.state.guests[101]!.pendingDelete ?? {}).to.deep.equal({})
      await settled()
      await undo()
      await settled()
    })

    it('documents of one file stand in it as they did, whatever came first', async () => {
      const text = `kind: user
id: eve@pve
config: {enable: 1, groups: [late]}
---
kind: group
id: late
config: {comment: new}
`
      clone.write('infra/home/access/both.yaml', text)
      const {intention} = await applied()
      expect(`${await clone.git('show', `${intention}:infra/home/access/both.yaml`)}\n`).to.equal(text)
      expect(await clone.git('status', '--porcelain')).to.equal('')
    })

    it('targets that are no nodes are not looked for among the nodes', async () => {
      clone.write(
        'infra/home/others.yaml',
        `kind: storage
id: san
config: {type: iscsi, portal: 192.0.2.20, target: "iqn.2003-01.org.example:x1", content: [none], disable: 1}
---
kind: notification-matcher
id: quiet
config: {target: [mail-to-root], mode: all}
`,
      )
      await applied()
      await settled()
    })

    it('what says what is so anyway is not told, and is no wish', async () => {
      clone.write(
        'infra/home/firewall/node.yaml',
        'kind: firewall\nid: node/pve1\nconfig:\n  options: {enable: 0, log_level_in: info, ndp: 1}\n',
      )
      const {actions} = (await clone.must('plan', '--json')).json<Plan>()
      expect(actions.flatMap(({fields}) => fields.map(({field}) => field))).to.deep.equal([
        'config.options.log_level_in',
      ])
      await applied()
      await settled()
    })

    it('a firewall that says nothing is no wish, and the last thing in one can go', async () => {
      const file = 'infra/home/firewall/node.yaml'
      clone.write(file, 'kind: firewall\nid: node/pve1\nconfig: {options: {enable: 0}, rules: []}\n')
      await clone.git('add', '-A')
      await clone.git('commit', '-qm', 'nothing')
      await settled()
      clone.edit(file, 'rules: []', 'rules: [{type: in, action: ACCEPT, enable: 1}]')
      await applied()
      await settled()
      clone.edit(file, /rules: \[.*\]/, 'rules: []')
      await applied()
      await met()
    })

    it('a guest that goes is gone with its firewall, in what is recorded, too', async () => {
      const {code, stdout} = await clone.pmpc(['destroy', 'vm/100', '--json', '--confirm', 'vm/100', ...consents])
      expect(code, stdout).to.equal(0)
      await settled()
    })

    for (const [half, write] of [
      ['unanswered', 1],
      ['lost', 2],
    ] as const)
      it(`who let go of guests that go is told, also where pmpc was killed at the ${write}. of them, ${half}`, async () => {
        await lab.api('POST', '/nodes/pve1/qemu', {vmid: 102, memory: 256})
        await lab.api('PUT', '/access/acl', {path: '/vms/100', roles: 'PVEAuditor', users: 'ann@pve'})
        await lab.api('POST', '/cluster/backup', {id: 'night', vmid: '100,102', schedule: '02:00', storage: 'local'})
        await clone.must('sync', '--accept')
        const {simulation, url} = lab.simulator
        const watch = new Watch(simulation, Number(new URL(url).port))
        const confirmed = ['--confirm', 'vm/100,vm/102']
        try {
          watch.begin({write, of: /^DELETE .*qemu\/\d+$/, half})
          const args = ['destroy', 'vm/100', 'vm/102', '--json', ...confirmed, ...consents]
          const {signal} = await clone.pmpc(args, {started: (child) => watch.started(child)})
          expect([signal, watch.wasCut]).to.deep.equal(['SIGKILL', true])
        } finally {
          watch.stop()
        }
        await untilQuiet(simulation)
        const {undecided} = await applied('--resume', ...confirmed)
        expect(undecided).to.deep.equal([])
        await settled()
      })

    it('what HEAD says otherwise of an object that is not there yet is committed as it is wished', async () => {
      const file = 'infra/home/pool/late.yaml'
      clone.write(file, 'kind: pool\nid: late\nconfig: {comment: first}\n')
      await clone.git('add', '-A')
      await clone.git('commit', '-qm', 'a pool')
      clone.edit(file, 'first', 'second')
      expect((await clone.must('plan')).stdout).to.match(/config\.comment +second$/m)
      const {intention} = await applied()
      expect(await clone.git('show', `${intention}:${file}`)).to.include('second')
      await settled()
    })

    it('a default that is written once more is no conflict with what stood there before', async () => {
      const file = 'infra/home/acme/plugin/off.yaml'
      const text = 'kind: acme-plugin\nid: off\nconfig:\n  type: standalone\n'
      clone.write(file, `${text}  disable: 1\n  nodes: [pve1]\n`)
      await applied()
      clone.write(file, `${text}  disable: 0\n`)
      await applied()
      expect(clone.read(file)).to.equal(text)
      clone.write(file, `${text}  disable: 0\n`)
      await applied()
      expect((await clone.sync()).open).to.deep.equal({drift: 0, conflicts: 0})
    })

    it('less of what Proxmox VE has put in is committed as it is wished, where HEAD says nothing of it', async () => {
      const file = 'infra/home/storage/thin.yaml'
      const text = 'kind: storage\nid: thin\nconfig:\n  type: lvmthin\n  vgname: one\n  thinpool: two\n'
      clone.write(file, `${text}  content: [rootdir]\n`)
      await applied()
      clone.write(file, text)
      await clone.git('commit', '-qam', 'what it is for is left to Proxmox VE')
      await applied()
      clone.write(file, text)
      await clone.git('commit', '-qam', 'and is not written here')
      clone.write(file, `${text}  content: [rootdir]\n`)
      const {intention} = await applied()
      expect(await clone.git('show', `${intention}:${file}`)).to.include('content: [rootdir]')
      await settled()
    })

    it('what high availability is to leave alone is told to it, and taken back', async () => {
      clone.write('infra/home/ha.yaml', 'kind: ha-resource\nid: "100"\nconfig: {max_restart: 2}\n')
      await applied()
      const state = async () =>
        (await lab.api<Record<string, unknown>>('GET', '/cluster/ha/resources/vm:100')).state ?? 'started'
      for (const [from, to, now] of [
        ['max_restart: 2', 'max_restart: 2, state: ignored', 'ignored'],
        ['state: ignored', 'state: disabled', 'disabled'],
        [', state: disabled', '', 'started'],
      ] as const) {
        clone.edit('infra/home/ha.yaml', from, to)
        await applied()
        expect(await state()).to.equal(now)
        // The HA manager starts and stops the guest: a sync finds that.
        await met()
      }
    })
  })
