import {expect} from 'chai'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {parse} from 'yaml'
import type {Seed} from '../src/index.js'
import {Lab} from './support.js'

interface Resource {
  id: string
  type: string
  node?: string
  status?: string
  name?: string
}

async function withLab<T>(options: Parameters<typeof Lab.start>[0], use: (lab: Lab) => Promise<T>): Promise<T> {
  const lab = await Lab.start(options)
  try {
    return await use(lab)
  } finally {
    await lab.stop()
  }
}

const resources = (lab: Lab, type: string): Promise<Resource[]> => lab.get(`/cluster/resources?type=${type}`)

const guest = {vmid: 100, type: 'qemu', node: 'a', config: {}}

/** Slips of the pen in a seed with one node `a`, and what is said of them. */
const wrongParts: [Record<string, unknown>, string][] = [
  [{guest: []}, 'guest is not known; there are cluster, nodes, token'],
  [{guests: {}}, 'guests must be a list'],
  [{guests: [{...guest, confg: {}}]}, 'guests[0].confg is not known; there are vmid, type'],
  [{guests: [{...guest, type: 'vm'}]}, 'guests[0].type must be qemu or lxc'],
  [{guests: [{...guest, vmid: '100'}]}, 'guests[0].vmid must be a number'],
  [{guests: [{...guest, config: undefined}]}, 'guests[0].config is missing'],
  [{guests: [{...guest, node: 'b'}]}, "guests[0].node: there is no node 'b'"],
  [{guests: [{...guest, pool: 'web'}]}, "guests[0].pool: there is no pool 'web'"],
  [{guests: [guest, guest]}, 'guests[1].vmid: there is another guest 100'],
  [{volumes: [{volid: 'nas:iso/a.iso', size: '1G'}]}, "volumes[0].volid: there is no storage 'nas'"],
  [
    {storages: [{storage: 'nas', type: 'dir', total: '1 TB'}]},
    'storages[0].total must be a size such as 32G, or bytes',
  ],
  [{world: {offlin: true}}, 'world.offlin is not known; there are offline'],
  [{tokens: [{tokenid: 'a@pve!b'}]}, "token 'a@pve!b' belongs to no user"],
]

describe('seeds of the simulator', () => {
  for (const [seed, nodes] of [
    ['homelab', 1],
    ['cluster', 3],
    ['daemon', 1],
  ] as const) {
    for (const pve of ['8.4', '9.2'] as const) {
      it(`${seed} on ${pve}: every guest can be read`, () =>
        withLab({seed, pve}, async (lab) => {
          expect((await lab.get<{release: string}>('/version')).release).to.equal(pve)
          const found = await resources(lab, 'node')
          expect(found.map(({status}) => status)).to.deep.equal(Array<string>(nodes).fill('online'))
          for (const {id, node} of await resources(lab, 'vm')) {
            const path = `/nodes/${node}/${id}`
            for (const part of ['config', 'pending', 'status/current', 'snapshot', 'firewall/options'])
              expect((await lab.send(`${path}/${part}`)).status, `${path}/${part}`).to.equal(200)
          }
        }))
    }
  }

  it('offline: a node that is off answers 595, and its guests are known without names', () =>
    withLab({seed: 'offline'}, async (lab) => {
      const answer = await lab.send('/nodes/pve2/qemu')
      expect([answer.status, answer.text]).to.deep.equal([595, ''])
      const lost = (await resources(lab, 'vm')).filter(({node}) => node === 'pve2')
      expect(lost.length).to.be.greaterThan(0)
      for (const guest of lost) expect(guest).to.include({status: 'unknown'}).and.not.have.property('name')
    }))

  it('generates the same big cluster each time, in under a second', async () => {
    const names = async (): Promise<string[]> =>
      withLab({nodes: 4, guests: 1000}, async (lab) => {
        const guests = await resources(lab, 'vm')
        const {scsi0} = await lab.get<{scsi0?: string}>(`/nodes/${guests[0]!.node}/${guests[0]!.id}/config`)
        expect(scsi0 ?? '').to.be.a('string')
        return guests.map(({id, node, name}) => `${id} ${node} ${name}`).sort()
      })
    const began = process.cpuUsage()
    const first = await names()
    const {user, system} = process.cpuUsage(began)
    expect((user + system) / 1000).to.be.lessThan(3000)
    expect(first).to.have.length(1000)
    expect(await names()).to.deep.equal(first)
  })

  it('reads a file that a person wrote', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pmpc-seed-'))
    const file = join(folder, 'mine.yaml')
    writeFileSync(
      file,
      [
        'nodes:',
        '  - name: alpha',
        '    memory: 16G',
        '    cards: [nic0]',
        '    network: |',
        '      iface nic0 inet dhcp',
        '      auto vmbr3',
        '      iface vmbr3 inet manual',
        '        bridge-ports nic0',
        'tokens:',
        '  - {tokenid: root@pam!mine, secret: 00000000-0000-4000-8000-0000000000aa, privsep: 0}',
        'storages:',
        '  - {storage: local, type: dir, total: 100G, config: {path: /var/lib/vz, content: "images,iso"}}',
        'guests:',
        '  - vmid: 100',
        '    type: qemu',
        '    node: alpha',
        '    running: true',
        '    config: {name: one, memory: "1024", scsi0: "local:100/vm-100-disk-0.qcow2,size=8G"}',
        '    pending: {memory: "2048"}',
        '',
      ].join('\n'),
    )
    try {
      await withLab({seed: file}, async (lab) => {
        expect(lab.simulator.tokenId).to.equal('root@pam!mine')
        const network = await lab.get<{iface: string}[]>('/nodes/alpha/network')
        expect(network.map(({iface}) => iface)).to.have.members(['nic0', 'vmbr3'])
        const pending = await lab.get<{key: string}[]>('/nodes/alpha/qemu/100/pending')
        expect(pending.find(({key}) => key === 'memory')).to.include({value: '1024', pending: '2048'})
        const [volume] = await lab.get<{volid: string}[]>('/nodes/alpha/storage/local/content')
        expect(volume).to.include({volid: 'local:100/vm-100-disk-0.qcow2', size: 8 * 1024 ** 3})
      })
    } finally {
      rmSync(folder, {recursive: true})
    }
  })

  it('gives a container what PVE gives each, and its notes an end', async () => {
    const seed: Seed = {
      nodes: [{name: 'a'}],
      tokens: [{tokenid: 'root@pam!x', privsep: 0}],
      guests: [
        {
          vmid: 100,
          type: 'lxc',
          node: 'a',
          config: {hostname: 'one', description: 'mine', unused0: 'x:y'},
          snapshots: [{name: 'first'}, {name: 'second', description: 'two\n\n'}],
        },
      ],
    }
    await withLab({seed}, async (lab) => {
      const config = await lab.get('/nodes/a/lxc/100/config')
      expect(config).to.include({arch: 'amd64', ostype: 'unmanaged', description: 'mine\n'})
      expect(await lab.get('/nodes/a/lxc/100/snapshot/first/config')).to.not.have.any.keys('description', 'unused0')
      expect(await lab.get('/nodes/a/lxc/100/snapshot/second/config')).to.include({description: 'two\n'})
    })
  })

  it('takes the seed that the README shows', async () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    const seed = parse(/^```yaml\n(nodes:\n[^]*?)^```/m.exec(readme)![1]!) as Seed
    await withLab({seed}, async (lab) => {
      expect(await lab.get('/nodes/pve1/qemu/100/config')).to.include({name: 'www', memory: '4096'})
    })
  })

  it('says what is wrong with a seed', async () => {
    const failure = (options: Parameters<typeof Lab.start>[0]): Promise<string> =>
      Lab.start(options).then(
        () => 'started',
        (error: Error) => error.message,
      )
    expect(await failure({seed: {nodes: []}})).to.match(/at least one node/)
    expect(await failure({seed: {nodes: [{name: 'a'}]}})).to.equal('tokens: at least one is needed')
    expect(await failure({seed: '/nowhere/seed.yaml'})).to.match(/nowhere/)
    for (const [part, message] of wrongParts)
      expect(await failure({seed: {nodes: [{name: 'a'}], ...part} as Seed})).to.include(message)
  })

  it('lags behind in /cluster/resources until the next status round', () =>
    withLab({seed: 'cluster', statusInterval: 60_000}, async (lab) => {
      await lab.run('POST', '/nodes/pve1/qemu', {vmid: '600', name: 'late'})
      const find = async () => (await resources(lab, 'vm')).find(({id}) => id === 'qemu/600')
      expect(await find())
        .to.include({status: 'unknown'})
        .and.not.have.property('name')
      lab.simulator.simulation.board.round()
      expect(await find()).to.include({status: 'stopped', name: 'late'})
    }))
})
