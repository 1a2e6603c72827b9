import {expect} from 'chai'
import type {Config, KindName, Observed} from 'pmpc/kit/resources'
import {clusterOf, type Cluster} from '../src/estate.js'
import {audit, type Checked} from '../src/tests/audit.js'
import {expectedOf, objectsOf, type ExpectedGuest} from '../src/tests/expected.js'

const settings = {
  endpoints: ['https://192.0.2.10:8006'],
  token: 'root@pam!iac',
  trust: {fingerprint: '00:11'},
}

const object = (kind: KindName, id: string | number, config: Config = {}, facts: Observed['facts'] = {}): Observed => ({
  ...{kind, id, config, facts},
})

const cluster = (...objects: Observed[]): Cluster => clusterOf('home', settings, objects)

const guest = (one: Observed): ExpectedGuest => objectsOf(cluster(one)).guests[`${one.kind}/${one.id}`]!

const web = object(
  'vm',
  100,
  {
    name: 'web01',
    cores: 2,
    sockets: 2,
    memory: 4096,
    balloon: 1024,
    onboot: 1,
    ostype: 'l26',
    tags: ['prod', 'web'],
    agent: {enabled: 1},
    scsi10: {file: 'local-zfs:vm-100-disk-1', size: '1M'},
    scsi2: {file: 'ceph:vm-100-disk-0', size: '32G'},
    ide0: {file: 'none', media: 'cdrom'},
    ide2: {file: 'ceph:vm-100-cloudinit', media: 'cdrom'},
    efidisk0: {file: 'ceph:vm-100-disk-2', size: '4M'},
    virtio1: {file: '/dev/sdb', size: '931G'},
    net0: {model: 'virtio', macaddr: 'BC:24:11:5A:01:02', bridge: 'vmbr0', tag: 42},
    net1: {model: 'e1000', macaddr: 'BC:24:11:5A:01:03'},
    ipconfig0: {ip: '192.0.2.31/24', gw: '192.0.2.1', ip6: 'auto'},
    ipconfig1: {ip: 'dhcp'},
  },
  {node: 'pve1', status: 'running', pool: 'shop'},
)

describe('what tests expect', () => {
  it('of a VM are its cores, memory, disks, cards and addresses', () => {
    expect(guest(web)).to.deep.equal({
      kind: 'vm',
      vmid: 100,
      name: 'web01',
      node: 'pve1',
      status: 'running',
      pool: 'shop',
      template: false,
      onboot: true,
      tags: ['prod', 'web'],
      cpus: 4,
      memory: 4096,
      disks: {
        scsi2: {storage: 'ceph', bytes: 32 * 2 ** 30},
        scsi10: {storage: 'local-zfs', bytes: 2 ** 20},
        virtio1: {storage: null, bytes: 931 * 2 ** 30},
      },
      nics: {
        net0: {bridge: 'vmbr0', vlan: 42, mac: 'BC:24:11:5A:01:02'},
        net1: {bridge: null, vlan: null, mac: 'BC:24:11:5A:01:03'},
      },
      ostype: 'l26',
      os: 'linux',
      addresses: ['192.0.2.31'],
      agent: true,
      inside: {hostname: 'web01', cpus: 4, memory: {least: 1024, most: 4096}, addresses: ['192.0.2.31']},
    })
  })

  it('of a container are those that stand in its own keys', () => {
    const one = object(
      'container',
      200,
      {
        hostname: 'dns1',
        memory: 256,
        ostype: 'alpine',
        rootfs: {volume: 'local-zfs:subvol-200-disk-0', size: '4G'},
        mp0: {volume: '/srv', mp: '/srv'},
        net0: {name: 'eth0', bridge: 'vmbr0', hwaddr: 'bc:24:11:5a:20:00', ip: '192.0.2.53/24', ip6: '2001:db8::53/64'},
      },
      {node: 'pve1', status: 'stopped'},
    )
    const {cpus, disks, nics, addresses, os, pool, inside} = guest(one)
    expect({cpus, disks, nics, addresses, os, pool, hostname: inside.hostname}).to.deep.equal({
      cpus: null,
      disks: {rootfs: {storage: 'local-zfs', bytes: 4 * 2 ** 30}, mp0: {storage: null, bytes: null}},
      nics: {net0: {bridge: 'vmbr0', vlan: null, mac: 'BC:24:11:5A:20:00'}},
      addresses: ['192.0.2.53', '2001:db8::53'],
      os: 'linux',
      pool: null,
      hostname: 'dns1',
    })
  })

  it('are the defaults of Proxmox VE where nothing was set', () => {
    const {cpus, memory, onboot, tags, os, agent, inside} = guest(object('vm', 101, {}, {node: 'pve1'}))
    expect({cpus, memory, onboot, tags, os, agent}).to.deep.equal({
      ...{cpus: 1, memory: 512, onboot: false, tags: [], os: 'other', agent: false},
    })
    expect(inside.hostname, 'nobody sets it').to.equal(null)
  })

  it('are inside what it was started with, not what waits for the next start', () => {
    const pending = {...web, running: {memory: 2048, balloon: null, sockets: null}}
    const {cpus, memory, inside} = guest(pending)
    expect({cpus, memory}).to.deep.equal({cpus: 4, memory: 4096})
    expect(inside).to.deep.include({cpus: 2, memory: {least: 2048, most: 2048}})
  })

  for (const [ostype, os] of Object.entries({l24: 'linux', win11: 'windows', w2k8: 'windows', solaris: 'solaris'}))
    it(`take ${ostype} for ${os}`, () => expect(guest(object('vm', 1, {ostype})).os).to.equal(os))

  it('of a backup job are the guests that it covers', () => {
    const on = (id: number, node: string, pool?: string) => object('vm', id, {}, {node, ...(pool && {pool})})
    const guests = [on(100, 'pve1', 'shop'), on(101, 'pve2', 'shop/test'), on(102, 'pve2')]
    const covered = (config: Config) =>
      objectsOf(cluster(...guests, object('backup-job', 'night', config))).backups.night!.guests
    expect(covered({all: 1})).to.deep.equal(['vm/100', 'vm/101', 'vm/102'])
    expect(covered({all: 1, exclude: ['101']})).to.deep.equal(['vm/100', 'vm/102'])
    expect(covered({all: 1, node: 'pve2'})).to.deep.equal(['vm/101', 'vm/102'])
    expect(covered({vmid: ['102', '999']})).to.deep.equal(['vm/102'])
    expect(covered({pool: 'shop'}), 'members of the pool itself').to.deep.equal(['vm/100'])
  })

  it('name the variable of a token, and neither a secret nor a path of this machine', () => {
    const files = {...settings, trust: {caFile: '/home/ada/ca.pem'}}
    const {access} = expectedOf({clusters: [clusterOf('home-lab', files, [])]}).clusters['home-lab']!
    expect(access).to.deep.equal({
      endpoints: settings.endpoints,
      token: settings.token,
      variable: 'PMPC_TOKEN_HOME_LAB',
      trust: {system: true},
    })
  })
})

describe('an audit', () => {
  const network = object('network', 'pve1', {vmbr0: {type: 'bridge'}, eno1: {type: 'eth'}, ovs: {type: 'OVSBridge'}})
  const before = objectsOf(cluster(web, network, object('pool', 'shop')))
  const failures = (...objects: Observed[]): Pick<Checked, 'object' | 'field' | 'message'>[] =>
    audit(before, objectsOf(cluster(...objects)))
      .filter(({isAsExpected}) => !isAsExpected)
      .map(({object: of, field, message}) => ({object: of, field, message}))
  const pool = object('pool', 'shop')
  const edited = (config: Config) => ({...web, config: {...web.config, ...config}})

  it('finds nothing where nothing changed, and looks at each field', () => {
    expect(failures(web, network, pool)).to.deep.equal([])
    const fields = audit(before, before).map(({object: of, field}) => `${of} ${field}`)
    expect(fields).to.include.members(['vm/100 memory', 'vm/100 nics.net0.vlan', 'network/pve1 interfaces'])
    expect(fields).to.include.members(['pool/shop exists', 'vm/100 disks.scsi2.bytes'])
    expect(fields.filter((field) => field.includes('inside'))).to.deep.equal([])
  })

  it('names the object, the field and both values', () => {
    expect(failures(edited({memory: 512, tags: ['prod']}), network, pool)).to.deep.equal([
      {object: 'vm/100', field: 'tags', message: '["prod","web"] is expected, ["prod"] was found'},
      {object: 'vm/100', field: 'memory', message: '4096 is expected, 512 was found'},
    ])
  })

  it('tells what is not there any more, and a part that nobody expects', () => {
    const {net1, ...rest} = web.config
    expect(net1).to.not.equal(undefined)
    expect(
      failures({...web, config: {...rest, sata0: {file: 'ceph:vm-100-disk-9', size: '1G'}}}, network),
    ).to.deep.equal([
      {object: 'pool/shop', field: 'exists', message: 'is not there'},
      {object: 'vm/100', field: 'nics.net1.bridge', message: 'null is expected, nothing was found'},
      {object: 'vm/100', field: 'nics.net1.vlan', message: 'null is expected, nothing was found'},
      {object: 'vm/100', field: 'nics.net1.mac', message: '"BC:24:11:5A:01:03" is expected, nothing was found'},
      {object: 'vm/100', field: 'disks.sata0.storage', message: '"ceph" was found, and nothing is expected'},
      {object: 'vm/100', field: 'disks.sata0.bytes', message: '1073741824 was found, and nothing is expected'},
    ])
  })

  it('does not mind more bridges, and more objects', () => {
    const more = {...network, config: {...network.config, vmbr1: {type: 'bridge'}}}
    expect(failures(web, more, pool, object('vm', 900))).to.deep.equal([])
    const fewer = {...network, config: {ovs: {type: 'OVSBridge'}}}
    expect(failures(web, fewer, pool)).to.deep.equal([
      {object: 'network/pve1', field: 'interfaces', message: 'lacks vmbr0'},
    ])
  })
})
