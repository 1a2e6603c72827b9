import {expect} from 'chai'
import type {Config} from '../src/state/model.js'
import {Lab} from './support.js'

interface Entry {
  key: string
  value?: unknown
  pending?: unknown
  delete?: number
}

type Form = Record<string, string>

const path = '/nodes/pve1/qemu/100'
const two = 'data:100/vm-100-disk-0.raw'

/** What changes of a machine come to. Facts: qemu-server, PVE/API2/Qemu.pm (update_vm_api), PVE/QemuServer.pm (vmconfig_hotplug_pending, vmconfig_apply_pending, write_vm_config). */
for (const pve of ['8.4', '9.2'] as const)
  describe(`changes of a machine, ${pve}`, () => {
    let lab: Lab
    beforeEach(async () => (lab = await Lab.start({seed: 'daemon', pve})))
    afterEach(() => lab.stop())

    const make = async (extra: Form = {}): Promise<void> => {
      const disks = {scsi0: 'local:1', scsi1: 'data:1', net0: 'virtio,bridge=vmbr0', boot: 'order=scsi0;net0'}
      const form = {
        vmid: '100',
        memory: '1024',
        cores: '2',
        ostype: 'l26',
        scsihw: 'virtio-scsi-pci',
        ...disks,
        ...extra,
      }
      expect(await lab.run('POST', '/nodes/pve1/qemu', form)).to.equal('OK')
    }
    const power = async (action: string): Promise<void> =>
      void expect(await lab.run('POST', `${path}/status/${action}`)).to.equal('OK')
    /** A running machine with a system that lets go of what is unplugged. */
    const run = async (extra: Form = {}): Promise<void> => {
      await make(extra)
      await power('start')
      lab.simulator.simulation.state.guests[100]!.blank = false
    }
    const put = async (form: Form, digest?: string): Promise<string> => {
      const answer = await lab.send(`${path}/config`, {method: 'PUT', form: {...form, ...(digest && {digest})}})
      return answer.status === 200 ? 'OK' : JSON.stringify(answer.body.errors ?? answer.reason)
    }
    const config = (query = ''): Promise<Config> => lab.get(`${path}/config${query}`)
    const current = (): Promise<Config> => config('?current=1')
    const pending = async (): Promise<Record<string, unknown>> =>
      Object.fromEntries(
        (await lab.get<Entry[]>(`${path}/pending`)).flatMap(({key, pending: value, delete: gone}) =>
          value === undefined && gone === undefined ? [] : [[key, gone ? 'deleted' : value]],
        ),
      )

    it('a linked clone grows; what it stands on does not', async () => {
      await make({scsi0: 'local:1,format=qcow2'})
      expect(await lab.run('PUT', `${path}/config`, {delete: 'scsi1'})).to.equal(null)
      expect(await lab.run('POST', `${path}/template`)).to.equal('OK')
      expect(await lab.run('POST', `${path}/clone`, {newid: '101'})).to.equal('OK')
      expect(await lab.run('PUT', '/nodes/pve1/qemu/101/resize', {disk: 'scsi0', size: '2G'})).to.equal('OK')
      expect(await lab.run('PUT', `${path}/resize`, {disk: 'scsi0', size: '2G'})).to.match(/qemu-img resize .* failed/)
    })

    it('each hotplug setting lets through what it names', async () => {
      const changes: [Form, flag: string][] = [
        [{net1: 'virtio,bridge=vmbr0'}, 'network'],
        [{delete: 'net0'}, 'network'],
        [{scsi2: 'local:1'}, 'disk'],
        [{delete: 'scsi1'}, 'disk'],
        [{tablet: '0'}, 'usb'],
        [{delete: 'tablet'}, 'usb'],
        [{vcpus: '2'}, 'cpu'],
        [{memory: '2048'}, 'memory'],
      ]
      const live = async (hotplug: string): Promise<string[]> => {
        const passed: string[] = []
        for (const [form, flag] of changes) {
          await run({hotplug, numa: '1', vcpus: '1'})
          expect(await put(form), JSON.stringify(form)).to.equal('OK')
          if (Object.keys(await pending()).filter((key) => key !== 'boot').length === 0) passed.push(flag)
          await power('stop')
          await lab.run('DELETE', path)
        }
        return [...new Set(passed)]
      }
      expect(await live('0')).to.deep.equal(['usb'], 'what is not set cannot be removed')
      expect(await live('1')).to.deep.equal(['network', 'disk', 'usb'])
      expect(await live('cpu,memory')).to.deep.equal(['usb', 'cpu', 'memory'])
    })

    it('the setting that was in force before a call decides about all of the call', async () => {
      await run()
      expect(await put({hotplug: '0', net5: 'virtio,bridge=vmbr0'})).to.equal('OK')
      expect(await pending()).to.deep.equal({})
      expect(await put({hotplug: 'network', net6: 'virtio,bridge=vmbr0'})).to.equal('OK')
      expect(Object.keys(await pending())).to.deep.equal(['net6'])
    })

    it('memory comes and goes in whole modules, and not below 1024', async () => {
      await run({hotplug: 'memory', numa: '1', memory: '1500'})
      expect((await current()).memory, 'what a start makes of it').to.equal('1536')
      expect(await put({memory: '2100'})).to.equal('OK')
      expect(await current()).to.include({memory: '2560'})
      expect(await put({memory: '1600'})).to.equal('OK')
      expect(await current()).to.include({memory: '1536'})
      expect(await put({memory: '800'})).to.match(/^{"memory":"hotplug problem - memory can't be lower than 1024 MB/)
      expect(await pending()).to.deep.equal({memory: '800'})
      lab.simulator.simulation.state.guests[100]!.blank = true
      expect(await put({memory: '1024'})).to.match(/dimm0: error unplug memory module/)
    })

    it('a machine is not started with memory that cannot be plugged, more processors than its node, or without one of its volumes', async () => {
      for (const [extra, problem] of [
        [{}, 'NUMA needs to be enabled for memory hotplug'],
        [{numa: '1', memory: '512'}, 'minimum memory must be 1024MB'],
        [{numa: '1', numa0: 'cpus=0-1,memory=1024'}, 'cannot enable memory hotplugging with custom NUMA topology'],
      ] as const) {
        await make({hotplug: 'memory', ...extra})
        expect(await lab.run('POST', `${path}/status/start`)).to.equal(problem)
        await lab.run('DELETE', path)
      }
      await make({cores: '3'})
      expect(await lab.run('POST', `${path}/status/start`)).to.equal('MAX 2 vcpus allowed per VM on this node')
      await lab.run('DELETE', path)
      await make()
      expect(await lab.run('DELETE', `/nodes/pve1/storage/data/content/${two}`)).to.match(/OK|^$/)
      expect(await lab.run('POST', `${path}/status/start`)).to.equal(`volume '${two}' does not exist`)
    })

    it('a NIC without a bridge is plugged anew whatever changes', async () => {
      await run({net1: 'virtio', hotplug: 'disk'})
      expect(await put({net0: `${String((await config()).net0)},firewall=1`})).to.equal('OK')
      expect(await put({net1: `${String((await config()).net1)},firewall=1`})).to.equal('OK')
      expect(Object.keys(await pending())).to.deep.equal(['net1'])
    })

    it('a volume that waits to be attached is in no unusedN; what is reverted comes back there', async () => {
      await make()
      await put({delete: 'scsi1'})
      expect(await config()).to.include({unused0: two})
      await power('start')
      expect(await put({sata1: two})).to.equal('OK')
      expect(await current()).to.not.have.any.keys('unused0', 'sata1')
      expect(await put({revert: 'sata1'})).to.equal('OK')
      expect(await pending()).to.deep.equal({})
      expect(await config()).to.include({unused0: two})
    })

    it('a slot that is removed while it waits for another volume loses sight of that one', async () => {
      await run({hotplug: '0'})
      expect(await put({scsi1: 'data:1'})).to.equal('OK')
      expect(await put({delete: 'scsi1'})).to.equal('OK')
      expect(await pending()).to.deep.equal({scsi1: 'deleted'})
      await power('stop')
      expect(await config())
        .to.include({unused0: two})
        .and.not.have.any.keys('scsi1', 'unused1')
    })

    it('volumes change places, at once or at the stop', async () => {
      await make()
      const {scsi0, scsi1} = await config()
      expect(await put({scsi0: String(scsi1), scsi1: String(scsi0)})).to.equal('OK')
      expect(await config())
        .to.include({scsi0: scsi1, scsi1: scsi0})
        .and.not.have.any.keys('unused0')
      await power('start')
      await put({hotplug: '0'})
      expect(await put({scsi0: String(scsi0), scsi1: String(scsi1)})).to.equal('OK')
      expect(Object.keys(await pending())).to.have.members(['scsi0', 'scsi1'])
      await power('stop')
      expect(await config())
        .to.include({scsi0, scsi1})
        .and.not.have.any.keys('unused0')
    })

    it('another slot in one call: live where the guest lets go, else refused and done at the stop', async () => {
      await run()
      expect(await put({delete: 'scsi1', virtio1: two})).to.equal('OK')
      expect(await current())
        .to.include({virtio1: `${two},size=1G`})
        .and.not.have.any.keys('scsi1', 'unused0')
      lab.simulator.simulation.state.guests[100]!.blank = true
      expect(await put({delete: 'virtio1', scsi1: two})).to.match(/^{"virtio1":"hotplug problem - error on hot-unplug/)
      expect(await current()).to.include({virtio1: `${two},size=1G`, scsi1: `${two},size=1G`})
      await power('stop')
      expect(await config())
        .to.include({scsi1: `${two},size=1G`})
        .and.not.have.any.keys('virtio1', 'unused0')
    })

    it('the boot order counts from what is in force; a CD-ROM drive joins it whenever it is written', async () => {
      await make({ide2: 'none,media=cdrom', boot: 'order=scsi0'})
      expect(await put({ide2: 'local:iso/debian-12.iso,media=cdrom'})).to.equal('OK')
      expect(await config()).to.include({boot: 'order=scsi0;ide2'})
      await power('start')
      expect(await put({ide0: 'none,media=cdrom'})).to.equal('OK')
      expect(await pending()).to.include({boot: 'order=scsi0;ide2;ide0'})
      expect(await put({sata3: 'none,media=cdrom'})).to.equal('OK')
      expect(await pending()).to.include({boot: 'order=scsi0;ide2;sata3'})
      expect(await put({delete: 'ide2'})).to.equal('OK')
      expect(await pending()).to.include({boot: 'order=scsi0', ide2: 'deleted'})
      expect(await put({boot: 'order=ide2', delete: 'ide2'})).to.equal(
        `"invalid bootorder: device 'ide2' does not exist'"`,
      )
    })

    it('a boot device that is unplugged stays in the order that is in force until the stop', async () => {
      await run()
      expect(await put({delete: 'net0'})).to.equal('OK')
      expect(await current())
        .to.include({boot: 'order=scsi0;net0'})
        .and.not.have.any.keys('net0')
      await power('stop')
      expect(await config()).to.include({boot: 'order=scsi0'})
    })

    it('a CD-ROM drive that becomes a disk is refused, written as pending, and done at the stop', async () => {
      await run({ide2: 'none,media=cdrom'})
      expect(await put({ide2: 'data:1'})).to.equal('{"ide2":"hotplug problem - unable to change media type\\n"}')
      expect(await lab.run('POST', `${path}/config`, {ide2: 'data:1'})).to.equal(
        '400 Parameter verification failed. ide2: hotplug problem - unable to change media type ',
      )
      expect(await current()).to.include({ide2: 'none,media=cdrom', unused0: 'data:100/vm-100-disk-1.raw'})
      await power('stop')
      expect(await config()).to.include({ide2: 'data:100/vm-100-disk-2.raw,size=1G'})
    })

    it('a drive without a medium is not plugged: refused, and there at the next start', async () => {
      await run()
      expect(await put({scsi2: 'none,media=cdrom'})).to.equal(
        '{"scsi2":"hotplug problem - unable to parse volume ID \'none\'\\n"}',
      )
      expect(await current()).to.not.have.any.keys('scsi2')
      await power('stop')
      expect(await config()).to.include({scsi2: 'none,media=cdrom'})
    })

    it('a move and a growth do not look at what is pending, which the stop brings back', async () => {
      lab.simulator.simulation.state.world.plainQemu = false
      await run()
      expect(await put({scsi1: `${two},cache=writeback,size=1G`})).to.equal('OK')
      expect(await lab.run('PUT', `${path}/resize`, {disk: 'scsi1', size: '2G'})).to.equal('OK')
      expect(await current()).to.include({scsi1: `${two},size=2G`})
      expect(await lab.run('POST', `${path}/move_disk`, {disk: 'scsi1', storage: 'local'})).to.equal('OK')
      expect(await current(), 'the old volume waits to come back').to.not.have.any.keys('unused0')
      await power('stop')
      expect(await config()).to.include({
        scsi1: `${two},cache=writeback,size=1G`,
        unused0: 'local:100/vm-100-disk-1.raw',
      })
    })

    it('what waits is taken by a stop, a shutdown or a start, not when the system ends by itself', async () => {
      await run({agent: '1'})
      for (const [action, cores] of [
        ['shutdown', '1'],
        ['stop', '2'],
      ] as const) {
        expect(await put({cores})).to.equal('OK')
        expect(await pending()).to.deep.equal({cores: Number(cores)})
        await power(action)
        expect(await pending(), action).to.deep.equal({})
        await power('start')
      }
      expect(await put({cores: '1'})).to.equal('OK')
      await lab.run('POST', `${path}/agent/shutdown`)
      expect(await lab.get(`${path}/status/current`)).to.include({status: 'stopped'})
      expect(await pending()).to.deep.equal({cores: 1})
      await power('start')
      expect(await current()).to.include({cores: 1})
    })

    it('the state of a TPM is neither moved nor cloned while its machine runs', async () => {
      await run({tpmstate0: 'local:1,version=v2.0'})
      expect(await lab.run('POST', `${path}/move_disk`, {disk: 'tpmstate0', storage: 'data'})).to.equal(
        'storage migration failed: cannot move TPM state while VM is running',
      )
      const clone = await lab.send(`${path}/clone`, {method: 'POST', form: {newid: '101', full: '1'}})
      expect(clone.reason).to.equal('cannot clone TPM state while VM is running')
      await power('stop')
      expect(await lab.run('POST', `${path}/move_disk`, {disk: 'tpmstate0', storage: 'data'})).to.equal('OK')
    })

    it('a digest of before is refused by PUT and POST, by growth in its task, by a move', async () => {
      await make()
      const digest = String((await config()).digest)
      await put({description: 'mine'})
      const mismatch = 'checksum mismatch (file change by other user?)'
      const modified = 'detected modified configuration - file changed by other user? Try again.'
      const post = await lab.send(`${path}/config`, {method: 'POST', form: {cores: '1', digest}})
      const move = await lab.send(`${path}/move_disk`, {
        method: 'POST',
        form: {disk: 'scsi1', storage: 'local', digest},
      })
      expect([await put({cores: '1'}, digest), post.reason, move.reason]).to.deep.equal([
        `"${mismatch}"`,
        mismatch,
        modified,
      ])
      expect(await lab.run('PUT', `${path}/resize`, {disk: 'scsi1', size: '2G', digest})).to.equal(mismatch)
      expect(await config()).to.include({cores: 2, scsi1: `${two},size=1G`})
    })

    it('of two that add the same disk in tasks with one digest, the second is refused when its turn comes', async () => {
      await make()
      lab.simulator.simulation.settings.taskTime = 50
      const digest = String((await config()).digest)
      const add = (): Promise<string | null> => lab.run('POST', `${path}/config`, {scsi2: 'local:4', digest})
      const ends = await Promise.all([add(), add().catch((error: Error) => error.message)])
      // The call of 8.4 waits itself, and is refused itself.
      const refused = {'8.4': `POST ${path}/config: 500 `, '9.2': ''}[pve]
      const mismatch = `${refused}checksum mismatch (file change by other user?)${refused && ' {}'}`
      expect(ends).to.have.members(['OK', mismatch])
      expect(await config()).to.not.have.any.keys('unused0')
      const moves = ['local', 'local'].map((storage) =>
        lab.run('POST', `${path}/move_disk`, {disk: 'scsi1', storage}).catch((error: Error) => error.message),
      )
      expect(await Promise.all(moves)).to.have.members(['OK', `you can't move to the same storage with same format`])
    })

    it('what is forced goes with its volume, unless something else names it', async () => {
      await make()
      await put({virtio9: two})
      expect(await put({delete: 'scsi1', force: '1'})).to.match(/volume is still in use/)
      expect(await put({delete: 'virtio9'}), 'scsi1 waits, and its turn comes first').to.match(/still in use/)
      expect(await config()).to.not.have.any.keys('virtio9', 'unused0')
      expect(await put({delete: 'scsi1', force: '1'})).to.equal('OK')
      expect(await lab.get<unknown[]>('/nodes/pve1/storage/data/content?vmid=100&content=images')).to.deep.equal([])
    })

    it('what nothing names is left when the machine is destroyed, unless that is asked for', async () => {
      const left = async (query: Form): Promise<string[]> => {
        await run({hotplug: '0'})
        await put({scsi1: 'data:1'})
        await put({scsi2: 'local:1', scsi3: 'data:1'})
        await put({delete: 'scsi1'})
        await power('stop')
        await put({delete: 'scsi3'})
        expect(await lab.run('DELETE', path, query)).to.equal('OK')
        const list = await lab.get<{volid: string}[]>('/nodes/pve1/storage/data/content?vmid=100&content=images')
        return list.map(({volid}) => volid)
      }
      expect(await left({'destroy-unreferenced-disks': '1'})).to.deep.equal([])
      expect(await left({})).to.deep.equal(['data:100/vm-100-disk-1.raw'])
    })

    it('a template is not made of a template', async () => {
      await make({template: '1'})
      const answer = await lab.send(`${path}/template`, {method: 'POST', form: {}})
      expect(answer.reason).to.equal(`you can't convert a template to a template`)
    })
  })

describe('changes of a container', () => {
  let lab: Lab
  const ct = '/nodes/pve1/lxc/200'
  beforeEach(async () => {
    lab = await Lab.start({seed: 'daemon'})
    lab.simulator.simulation.state.world.lxcLacks = []
    const ostemplate = 'local:vztmpl/debian-12-standard_12.5-1_amd64.tar.gz'
    const form = {vmid: '200', ostemplate, rootfs: 'local:1', mp0: 'data:1,mp=/m0', memory: '128'}
    expect(await lab.run('POST', '/nodes/pve1/lxc', form)).to.equal('OK')
    expect(await lab.run('POST', `${ct}/status/start`)).to.equal('OK')
  })
  afterEach(() => lab.stop())

  const config = (): Promise<Config> => lab.get(`${ct}/config?current=1`)

  for (const action of ['stop', 'shutdown', 'reboot'])
    it(`wait for the end of its run: ${action}`, async () => {
      await lab.run('PUT', `${ct}/config`, {nameserver: '192.0.2.9', delete: 'mp0'})
      expect(await config())
        .to.have.any.keys('mp0')
        .and.not.have.any.keys('nameserver', 'unused0')
      expect(await lab.run('POST', `${ct}/status/${action}`)).to.equal('OK')
      expect(await config())
        .to.include({nameserver: '192.0.2.9', unused0: 'data:200/vm-200-disk-0.raw'})
        .and.not.have.any.keys('mp0')
    })

  it('what is pending and removed comes back with what was pending', async () => {
    await lab.run('PUT', `${ct}/config`, {nameserver: '192.0.2.9'})
    await lab.run('PUT', `${ct}/config`, {delete: 'nameserver'})
    const list = await lab.get<Entry[]>(`${ct}/pending`)
    expect(list.find(({key}) => key === 'nameserver')).to.deep.equal({key: 'nameserver', pending: '192.0.2.9'})
    await lab.run('PUT', `${ct}/config`, {delete: 'mp0'})
    await lab.run('PUT', `${ct}/config`, {mp0: 'data:200/vm-200-disk-0.raw,mp=/other'})
    await lab.run('PUT', `${ct}/config`, {delete: 'mp0'})
    expect(await lab.run('POST', `${ct}/status/stop`)).to.equal('OK')
    expect(await config()).to.include({
      nameserver: '192.0.2.9',
      mp0: 'data:200/vm-200-disk-0.raw,mp=/other,size=1G',
    })
  })

  it('grow its volumes with the digest that counts when the turn comes', async () => {
    lab.simulator.simulation.settings.taskTime = 50
    const {digest} = await config()
    const grow = (size: string): Promise<string | null> =>
      lab.run('PUT', `${ct}/resize`, {disk: 'rootfs', size, digest: String(digest)})
    expect(await Promise.all([grow('2G'), grow('3G')])).to.have.members([
      'OK',
      'detected modified configuration - file changed by other user? Try again.',
    ])
  })

  it('a root that names no volume keeps it from being started', async () => {
    expect(await lab.run('POST', `${ct}/status/stop`)).to.equal('OK')
    await lab.run('PUT', `${ct}/config`, {rootfs: 'data:1'})
    expect(await lab.run('POST', `${ct}/status/start`)).to.equal(`unable to parse directory volume name '1'`)
  })
})

describe('a purge', () => {
  it('takes a guest out of HA rules and backup jobs, and these away where it was the last one', async () => {
    const lab = await Lab.start({seed: 'cluster'})
    try {
      const post = async (at: string, form: Form): Promise<void> =>
        void expect((await lab.send(at, {method: 'POST', form})).status, at).to.equal(200)
      const [sid, other] = ['vm:110', 'vm:111']
      const {guests} = lab.simulator.simulation.state
      guests[111] = {...structuredClone(guests[110]!), vmid: 111, config: {name: 'other'}}
      for (const one of [sid, other]) await post('/cluster/ha/resources', {sid: one, state: 'stopped'})
      await post('/cluster/ha/rules', {rule: 'alone', type: 'node-affinity', nodes: 'pve1', resources: sid})
      const apart = {type: 'resource-affinity', affinity: 'negative', resources: `${sid},${other}`}
      await post('/cluster/ha/rules', {rule: 'two', ...apart})
      const job = {schedule: 'daily', storage: 'backup'}
      await post('/cluster/backup', {...job, id: 'alone', vmid: '110'})
      await post('/cluster/backup', {...job, id: 'two', vmid: '110,111'})
      await post('/cluster/backup', {...job, id: 'rest', all: '1', exclude: '110'})
      expect(await lab.run('DELETE', '/nodes/pve3/qemu/110', {purge: '1'})).to.equal('OK')
      const rules = await lab.get<{rule: string; resources: string}[]>('/cluster/ha/rules')
      expect(rules.map(({rule: name, resources}) => [name, resources])).to.deep.equal([['two', other]])
      const jobs = await lab.get<{id: string; vmid?: string; exclude?: string}[]>('/cluster/backup')
      const left = Object.fromEntries(jobs.map(({id, vmid, exclude}) => [id, [vmid, exclude]]))
      expect(left)
        .to.deep.include({two: ['111', undefined], rest: [undefined, undefined]})
        .and.not.have.any.keys('alone')
    } finally {
      await lab.stop()
    }
  })
})

describe('a container that is moved while it runs', () => {
  it('is started anew, and takes what was pending', async () => {
    const lab = await Lab.start({seed: 'cluster'})
    const at = (node: string): string => `/nodes/${node}/lxc/202`
    try {
      if (!lab.simulator.simulation.state.guests[202]!.running)
        expect(await lab.run('POST', `${at('pve3')}/status/start`)).to.equal('OK')
      await lab.run('PUT', `${at('pve3')}/config`, {nameserver: '192.0.2.9'})
      expect(await lab.get(`${at('pve3')}/config?current=1`)).to.not.have.property('nameserver', '192.0.2.9')
      expect(await lab.run('POST', `${at('pve3')}/migrate`, {target: 'pve1', restart: '1'})).to.equal('OK')
      expect(await lab.get(`${at('pve1')}/config?current=1`)).to.include({nameserver: '192.0.2.9'})
      expect(await lab.get(`${at('pve1')}/status/current`)).to.include({status: 'running'})
    } finally {
      await lab.stop()
    }
  })
})
