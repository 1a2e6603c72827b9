import {Random} from '../state/random.js'
import type {Config} from '../state/model.js'
import type {Seed, SeedGuest} from './seed.js'

const roles = ['web', 'db', 'cache', 'queue', 'build', 'mail', 'proxy', 'monitor']
const stages = ['prod', 'test', 'dev']

/** A MAC address that depends on the guest and the NIC only. */
const mac = (vmid: number, nic: number): string => {
  const hex = (vmid * 16 + nic).toString(16).toUpperCase().padStart(6, '0').slice(-6)
  return `BC:24:11:${hex.match(/../g)!.join(':')}`
}

function machine(vmid: number, random: Random): Config {
  const role = roles[vmid % roles.length]!
  const size = 8 + random.below(8) * 8
  const config: Config = {
    name: `${role}${String(vmid).padStart(4, '0')}`,
    cores: 1 + random.below(8),
    memory: String(1024 * (1 + random.below(16))),
    ostype: 'l26',
    scsihw: 'virtio-scsi-single',
    scsi0: `local-zfs:vm-${vmid}-disk-0,discard=on,iothread=1,size=${size}G`,
    net0: `virtio=${mac(vmid, 0)},bridge=vmbr0,firewall=1,tag=${10 + (vmid % 40)}`,
    boot: 'order=scsi0;net0',
    agent: 'enabled=1',
    onboot: random.below(2),
    tags: [role, stages[vmid % stages.length]!].sort().join(';'),
  }
  if (vmid % 3 === 0)
    Object.assign(config, {ide2: `local-zfs:vm-${vmid}-cloudinit,media=cdrom`, ciuser: 'admin', ipconfig0: 'ip=dhcp'})
  if (vmid % 5 === 0) config.scsi1 = `local-zfs:vm-${vmid}-disk-1,size=${16 + random.below(10) * 16}G`
  if (vmid % 7 === 0) config.description = `Service ${role}\nOwner: team ${vmid % 9}`
  return config
}

function container(vmid: number, random: Random): Config {
  const role = roles[vmid % roles.length]!
  return {
    hostname: `ct-${role}${vmid}`,
    arch: 'amd64',
    ostype: 'debian',
    unprivileged: 1,
    cores: 1 + random.below(4),
    memory: 512 * (1 + random.below(8)),
    swap: 512,
    rootfs: `local-zfs:subvol-${vmid}-disk-0,size=${4 + random.below(4) * 4}G`,
    net0: `name=eth0,bridge=vmbr0,hwaddr=${mac(vmid, 0)},ip=dhcp,type=veth`,
    tags: stages[vmid % stages.length]!,
  }
}

/** A large cluster, the same for the same numbers: guests spread evenly over nodes, a quarter of them containers. */
export function generateSeed(nodes: number, guests: number): Seed {
  const random = new Random(nodes * 1_000_003 + guests)
  const names = Array.from({length: nodes}, (_, index) => `pve${index + 1}`)
  const list: SeedGuest[] = Array.from({length: guests}, (_, index) => {
    const vmid = 100 + index
    const isContainer = index % 4 === 3
    return {
      vmid,
      type: isContainer ? 'lxc' : 'qemu',
      node: names[index % nodes]!,
      running: index % 3 !== 2,
      ...(index % 10 < 4 && {pool: roles[index % roles.length]!}),
      config: isContainer ? container(vmid, random) : machine(vmid, random),
    }
  })
  return {
    ...(nodes > 1 && {cluster: 'generated'}),
    nodes: names.map((name, index) => ({
      name,
      ip: `10.${Math.floor(index / 200)}.0.${11 + (index % 200)}`,
      cpus: 32,
      memory: '256G',
      disk: '500G',
    })),
    token: 'root@pam!sim',
    users: [
      {userid: 'root@pam', password: 'simulator'},
      {userid: 'pmpc@pve', comment: 'read-only sync'},
    ],
    tokens: [
      {tokenid: 'root@pam!sim', secret: '00000000-0000-4000-8000-000000000001', privsep: 0},
      {tokenid: 'pmpc@pve!sync', secret: '00000000-0000-4000-8000-000000000002', privsep: 0},
    ],
    acl: [{path: '/', user: 'pmpc@pve', roleid: 'PVEAuditor'}],
    storages: [
      {storage: 'local', type: 'dir', total: '500G', config: {path: '/var/lib/vz', content: 'iso,vztmpl,backup'}},
      {
        storage: 'local-zfs',
        type: 'zfspool',
        total: '20T',
        config: {pool: 'rpool/data', content: 'images,rootdir', sparse: 1},
      },
    ],
    pools: roles.map((poolid) => ({poolid, comment: `all of ${poolid}`})),
    guests: list,
  }
}
