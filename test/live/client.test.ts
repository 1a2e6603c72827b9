import {expect} from 'chai'
import {apiPath, atLeast, clusterVersions, perform, readPrivileges, waitUntil} from '../../src/kit/proxmox/index.js'
import {needsOf} from '../../src/kit/fetch/needs.js'
import {decode, encode, equivalent} from '../../src/kit/values/index.js'
import {isPmpcError} from '../../src/kit/errors/index.js'
import {failureOf} from '../integration/proxmox/support.js'
import {pool, say, Scratch, type GuestType} from './scratch.js'
import {skipFor} from '../support/skip.js'

/** A real node may be one where nothing boots, without KVM and without templates: what it cannot do is said, and left out. */
describe('live: the client', function () {
  this.timeout(180_000)
  let scratch: Scratch
  let vm: number

  before(async () => {
    scratch = await Scratch.open()
    vm = await scratch.freeId()
  })
  after(() => scratch?.close())

  const description = "a=b & 50 % of ü\nd's"

  /** Every value that came back means the same after a way through a manifest. */
  function expectCanonical(type: GuestType, config: Record<string, unknown>): void {
    const kind = type === 'qemu' ? 'vm' : 'container'
    for (const [key, raw] of Object.entries(config)) {
      const value = decode(kind, key, raw)
      expect(equivalent(kind, key, decode(kind, key, encode(kind, key, value)), value), `${key}: ${raw}`).to.equal(true)
    }
  }

  it('every node says its version, and the token what it may do', async () => {
    const version = (await clusterVersions(scratch.client)).get(scratch.node)
    expect(version !== undefined && atLeast(version, '7.4')).to.equal(true)
    const {missing, none} = await readPrivileges(scratch.client, needsOf())
    expect({missing, none}).to.deep.equal({missing: [], none: false})
  })

  it('storages are read, those of the node with their state', async () => {
    const defined = await scratch.client.get<{storage: string; content: string}[]>('/storage')
    expect(defined).not.to.have.length(0)
    for (const {content} of defined)
      expect(decode('storage', 'content', content)).to.deep.equal(content.split(',').sort())
    const here = await scratch.client.get<{storage: string}[]>(apiPath('nodes', scratch.node, 'storage'))
    expect(defined.map(({storage}) => storage)).to.include.members(here.map(({storage}) => storage))
  })

  it('a VM is created by a task, with its log and disk, and keeps what was sent', async () => {
    const images = await scratch.storage('images')
    const disk = images === undefined ? {} : {scsi0: `${images}:1,discard=on`}
    if (images === undefined) say('no storage takes disks: the VM has none')
    const made = await scratch.create('qemu', vm, {
      memory: 64,
      description,
      net0: 'e1000=bc:24:11:00:91:00,bridge=vmbr0,tag=7',
      tags: 'b;a',
      kvm: false,
      ...disk,
    })
    expect(made.exitstatus).to.match(/^(OK|WARNINGS: \d+)$/)
    const config = await scratch.config('qemu', vm)
    expectCanonical('qemu', config)
    expect(decode('vm', 'memory', config.memory)).to.equal(64)
    expect(decode('vm', 'description', config.description)).to.equal(description)
    expect(decode('vm', 'tags', config.tags)).to.deep.equal(['a', 'b'])
    const nic = {model: 'e1000', macaddr: 'BC:24:11:00:91:00', bridge: 'vmbr0', tag: 7}
    expect(decode('vm', 'net0', config.net0)).to.deep.equal(nic)
    if (images !== undefined) expect(decode('vm', 'scsi0', config.scsi0)).to.include({discard: 'on', size: '1G'})
  })

  it('it is listed by the node at once, and by the cluster soon, first perhaps without name and status', async () => {
    expect((await scratch.list('qemu')).map((one) => Number(one.vmid))).to.include(vm)
    const found = await waitUntil(
      async () =>
        (await scratch.client.get<{vmid?: number; id: string}[]>('/cluster/resources')).find((one) => one.vmid === vm),
      (one) => one !== undefined,
      `VM ${vm} in /cluster/resources`,
    )
    expect(found?.id).to.equal(`qemu/${vm}`)
  })

  it('a taken id, a bad value, an unknown key and a stale digest are told apart', async () => {
    expect((await failureOf(scratch.create('qemu', vm, {}))).code).to.equal('PMPC_EXISTS')
    const bad = await failureOf(scratch.put('qemu', vm, {cores: 'many', memory: 1}))
    expect(bad.code).to.equal('PMPC_BAD_PARAMETER')
    expect(bad.data?.fields).to.include.all.keys('cores')
    expect((await failureOf(scratch.put('qemu', vm, {'no-such-key': 1}))).data).to.include({unknownHere: true})
    const stale = await failureOf(scratch.put('qemu', vm, {cores: 2, digest: '0'.repeat(40)}))
    expect(stale).to.include({code: 'PMPC_CHANGED_MEANWHILE', exitCode: 75})
    expect(await scratch.config('qemu', vm)).not.to.have.property('cores', 2)
  })

  it('a change takes the digest that was read, and another key is deleted', async () => {
    const {digest} = await scratch.config('qemu', vm)
    await scratch.put('qemu', vm, {tags: 'z;a', cores: 2, delete: 'description', digest})
    const config = await scratch.config('qemu', vm)
    expect(decode('vm', 'tags', config.tags)).to.deep.equal(['a', 'z'])
    expect(Number(config.cores)).to.equal(2)
    expect(config).not.to.have.property('description')
    expect(config.digest).not.to.equal(digest)
  })

  it('a pool takes it in, and lets it go', async () => {
    const {client} = scratch
    const members = async () =>
      (await client.get<{members: {vmid?: number}[]}[]>('/pools', {poolid: pool}))[0]!.members.map(({vmid}) => vmid)
    await client.request({method: 'POST', path: '/pools', body: {poolid: pool, comment: 'of a test'}})
    expect((await failureOf(client.request({method: 'POST', path: '/pools', body: {poolid: pool}}))).code).to.equal(
      'PMPC_EXISTS',
    )
    await client.request({method: 'PUT', path: '/pools', body: {poolid: pool, vms: vm}})
    expect(await members()).to.deep.equal([vm])
    const remove = () => client.request({method: 'DELETE', path: '/pools', query: {poolid: pool}})
    expect((await failureOf(remove())).code).to.equal('PMPC_IN_USE')
    await client.request({method: 'PUT', path: '/pools', body: {poolid: pool, vms: vm, delete: true}})
    await remove()
    expect((await client.get<{poolid: string}[]>('/pools')).map(({poolid}) => poolid)).not.to.include(pool)
  })

  it('a clone is told by its task, with each line of its log', async function () {
    const copy = await scratch.freeId()
    const lines: string[] = []
    const body = {newid: copy, name: `pmpc-live-${copy}`, full: true}
    await perform(
      scratch.client,
      {method: 'POST', path: scratch.guest('qemu', vm, 'clone'), body},
      {onLog: (line) => lines.push(line)},
    )
    expect(lines.at(-1)).to.match(/^TASK (OK|WARNINGS: \d+)$/)
    const [one, other] = [await scratch.config('qemu', vm), await scratch.config('qemu', copy)]
    expect(other.net0).not.to.equal(one.net0)
    await scratch.remove('qemu', copy)
    expect((await scratch.list('qemu')).map((listed) => Number(listed.vmid))).not.to.include(copy)
    expect((await failureOf(scratch.config('qemu', copy))).code).to.equal('PMPC_NOT_FOUND')
  })

  it('what a running VM cannot take at once is pending', async function () {
    try {
      await perform(scratch.client, {method: 'POST', path: scratch.guest('qemu', vm, 'status', 'start')})
    } catch (error) {
      if (!isPmpcError(error)) throw error
      return skipFor(this, `this node cannot start a VM (${error.message.split('\n')[0]})`)
    }
    await scratch.put('qemu', vm, {sockets: 2})
    const pending = await scratch.client.get<{key: string; value?: unknown; pending?: unknown}[]>(
      scratch.guest('qemu', vm, 'pending'),
    )
    expect(Number(pending.find(({key}) => key === 'sockets')?.pending)).to.equal(2)
    const running = await scratch.client.get<Record<string, unknown>>(scratch.guest('qemu', vm, 'config'), {current: 1})
    expect(running.sockets === undefined || Number(running.sockets) === 1).to.equal(true)
    const isRunning = await failureOf(perform(scratch.client, {method: 'DELETE', path: scratch.guest('qemu', vm)}))
    expect(isRunning.code).to.equal('PMPC_IN_USE')
  })

  it('a container is created, changed, read and deleted', async function () {
    const [template, storage] = [await scratch.template(), await scratch.storage('rootdir')]
    if (template === undefined || storage === undefined) {
      return skipFor(
        this,
        `the node has no ${template === undefined ? 'container template' : 'storage for containers'}`,
      )
    }
    const id = await scratch.freeId()
    try {
      const rootfs = `${storage}:1`
      await scratch.create('lxc', id, {ostemplate: template, rootfs, memory: 64, unprivileged: true, tags: 'b;a'})
    } catch (error) {
      // Its template may not be one that it can unpack: nothing of the client's.
      if (!isPmpcError(error) || error.data?.upid === undefined) throw error
      return skipFor(this, `this node cannot create a container (${error.message.split('\n')[0]})`)
    }
    await scratch.put('lxc', id, {description, cores: 1})
    const config = await scratch.config('lxc', id)
    expectCanonical('lxc', config)
    expect(decode('container', 'description', config.description)).to.equal(description)
    expect(decode('container', 'tags', config.tags)).to.deep.equal(['a', 'b'])
    expect((await failureOf(scratch.put('lxc', id, {cores: 2, digest: '0'.repeat(40)}))).code).to.equal(
      'PMPC_CHANGED_MEANWHILE',
    )
    expect((await failureOf(scratch.create('lxc', id, {ostemplate: template}))).code).to.equal('PMPC_EXISTS')
    await scratch.remove('lxc', id)
    expect((await failureOf(scratch.config('lxc', id))).code).to.equal('PMPC_NOT_FOUND')
  })

  it('what is not there is not found, and an unknown call is named', async () => {
    const {client} = scratch
    expect((await failureOf(client.get('/no/such/path'))).code).to.equal('PMPC_NOT_IMPLEMENTED')
    expect((await failureOf(client.get(apiPath('nodes', 'no-such-node', 'status')))).code).to.equal('PMPC_NOT_FOUND')
    const write = failureOf(client.request({method: 'POST', path: apiPath('nodes', scratch.node, 'no-such-call')}))
    expect((await write).message).to.contain('nothing was sent')
  })

  it('the VM is deleted, and not found any more', async () => {
    await scratch.remove('qemu', vm)
    expect((await failureOf(scratch.config('qemu', vm))).code).to.equal('PMPC_NOT_FOUND')
  })
})
