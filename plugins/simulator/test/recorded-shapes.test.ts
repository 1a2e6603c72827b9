import {expect} from 'chai'
import {filesIn, readLines, referencePath} from '../../../test/support/reference.js'
import {loadContract} from '../src/contract/contract.js'
import {templateFinder} from '../../../test/contract/support/returns.js'
import type {Seed} from '../src/seeds/seed.js'
import {Lab} from './support.js'

interface Recorded {
  source: string
  pve: string
  method: string
  path: string
  status: number
  body: {data?: unknown} | null
}

/** Kinds of values by place: of lists and of objects whose keys are names all entries together, `net0` as `net[n]`. */
type Shape = Map<string, Set<string>>

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value === 'boolean' ? 'number' : typeof value

function collect(value: unknown, at: string, shape: Shape): Shape {
  const kinds = shape.get(at) ?? new Set()
  shape.set(at, kinds.add(kindOf(value)))
  if (Array.isArray(value)) for (const item of value) collect(item, `${at}[]`, shape)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) collect(item, `${at}.${place(key)}`, shape)
  }
  return shape
}

/** Names that somebody chose, paths and numbers stand for each other. */
const place = (key: string): string =>
  /[/:@ ]|^\d+$/.test(key) ? '*' : key.replace(/^tap\d+i/, 'tap').replace(/\d+$/, '[n]')

const network = `auto lo
iface lo inet loopback

iface eno1 inet manual
\tmtu 9000

auto vmbr0
iface vmbr0 inet static
\taddress 192.0.2.10/24
\tgateway 192.0.2.1
\tbridge-ports eno1
\tbridge-stp off
\tbridge-fd 0
\tbridge-vlan-aware yes
\tbridge-vids 2-4094
\tpost-up true
#a remark

iface vmbr0 inet6 static
\taddress 2001:db8::10/64

iface eno1.5 inet manual
`

/** Objects like those of the hosts that were recorded. */
const seed: Seed = {
  cluster: 'home',
  nodes: [{name: 'pve', network, altnames: {eno1: ['enp0s31f6']}}],
  tokens: [{tokenid: 'root@pam!sim', privsep: 0, comment: 'a remark', expire: 0}],
  users: [
    {userid: 'root@pam'},
    {
      userid: 'ops@pve',
      firstname: 'Ann',
      lastname: 'Lee',
      email: 'ann@example.com',
      comment: 'ops',
      groups: ['admins'],
    },
  ],
  groups: [{groupid: 'admins', comment: 'they'}],
  acl: [{path: '/', roleid: 'PVEAdmin', user: 'ops@pve'}],
  options: {keyboard: 'de'},
  pools: [{poolid: 'shop', comment: 'a pool', storage: ['local']}],
  storages: [
    {
      storage: 'local',
      type: 'dir',
      config: {path: '/var/lib/vz', content: 'iso,vztmpl,backup,images,rootdir', shared: 0},
    },
    {storage: 'local-lvm', type: 'lvmthin', config: {vgname: 'pve', thinpool: 'data', content: 'images,rootdir'}},
  ],
  volumes: [
    {volid: 'local:iso/debian.iso', size: '600M'},
    {volid: 'local:backup/vzdump-qemu-100-2026_01_02-03_04_05.vma.zst', size: '1G', vmid: 100, notes: 'weekly'},
  ],
  guests: [
    {
      vmid: 100,
      type: 'qemu',
      node: 'pve',
      pool: 'shop',
      running: true,
      config: {
        name: 'www',
        tags: 'web',
        serial0: 'socket',
        boot: 'order=virtio0',
        cores: 1,
        scsihw: 'virtio-scsi-pci',
        ciuser: 'ann',
        ipconfig0: 'ip=dhcp',
        sshkeys: 'ssh-ed25519%20AAAA',
        onboot: 1,
        ostype: 'l26',
        kvm: 1,
        keyboard: 'de',
        unused0: 'local-lvm:vm-100-disk-9',
        vga: 'qxl',
        agent: 'enabled=1',
        memory: '2048',
        balloon: 1024,
        net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr0',
        virtio0: 'local-lvm:vm-100-disk-0,size=8G',
        scsi0: 'local-lvm:vm-100-disk-1,size=8G',
        ide2: 'local:iso/debian.iso,media=cdrom,size=600M',
      },
      snapshots: [{name: 'before', description: 'a snapshot'}],
    },
    {vmid: 101, type: 'qemu', node: 'pve', config: {name: 'copy', template: 1, lock: 'clone'}, lock: 'clone'},
    {
      vmid: 200,
      type: 'lxc',
      node: 'pve',
      pool: 'shop',
      running: true,
      config: {
        hostname: 'web',
        tags: 'web',
        memory: 512,
        cores: 1,
        arch: 'amd64',
        ostype: 'debian',
        onboot: 1,
        features: 'nesting=1',
        mp0: 'local-lvm:vm-200-disk-1,mp=/srv,size=8G',
        unused0: 'local-lvm:vm-200-disk-2',
        swap: 512,
        rootfs: 'local-lvm:vm-200-disk-0,size=8G',
        net0: 'name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:02,ip=dhcp,type=veth',
      },
      lxc: [['lxc.idmap', 'u 0 100000 65536']],
      snapshots: [{name: 'before', description: 'a snapshot'}],
    },
    {
      vmid: 201,
      type: 'lxc',
      node: 'pve',
      lock: 'backup',
      config: {hostname: 'old', template: 1, rootfs: 'local-lvm:base-201-disk-0,size=1G'},
    },
  ],
  sections: {
    domains: {
      pam: {type: 'pam', comment: 'of the hosts'},
      pve: {type: 'pve', comment: 'of PVE'},
      ldap: {
        type: 'ldap',
        comment: 'people',
        tfa: 'type=oath',
        server1: 'ldap.example.com',
        base_dn: 'dc=example',
        bind_dn: 'cn=reader',
        user_attr: 'uid',
        user_classes: 'person',
        filter: '(x=y)',
        group_filter: '(x=y)',
        group_classes: 'group',
        group_name_attr: 'cn',
        sync_attributes: 'email=mail',
        'sync-defaults-options': 'scope=both',
        port: 389,
        secure: 0,
        verify: 0,
        default: 1,
      },
    },
    jobs: {
      nightly: {
        type: 'vzdump',
        enabled: 1,
        schedule: 'sat 02:00',
        storage: 'local',
        node: 'pve',
        vmid: '100',
        pool: 'shop',
        mode: 'snapshot',
        compress: 'zstd',
        quiet: 1,
        mailto: 'ann@example.com',
        mailnotification: 'always',
        'notes-template': 'x',
        'prune-backups': 'keep-last=1,keep-daily=1,keep-weekly=1,keep-monthly=1,keep-yearly=1',
      },
    },
    'sdn/zones': {zone: {type: 'simple'}},
  },
}

/** What a variable of a path stands for in this seed. */
const choices: Record<string, string[]> = {
  node: ['pve'],
  storage: ['local', 'local-lvm'],
  userid: ['root@pam', 'ops@pve'],
  tokenid: ['sim'],
  realm: ['pve', 'pam', 'ldap'],
  poolid: ['shop'],
  roleid: ['Administrator'],
  groupid: ['admins'],
  iface: ['vmbr0', 'eno1', 'eno1.5'],
  snapname: ['before', 'current'],
}

/** What calls are asked with. */
const queries: Record<string, string> = {
  '/access/users': '?full=1',
  '/pools': '?poolid=shop',
  '/nodes/{node}/rrd': '?timeframe=hour&ds=cpu,memused&cf=AVERAGE',
  '/nodes/{node}/rrddata': '?timeframe=hour',
  '/nodes/{node}/qemu/{vmid}/rrddata': '?timeframe=hour',
  '/nodes/{node}/lxc/{vmid}/rrddata': '?timeframe=hour',
}

/** Where old or other hosts differ for a good reason: a path, a place in its `data`, and the reason. */
const exceptions: {path: RegExp; at: RegExp; why: string}[] = [
  {path: /^\/version$/, at: /^\.keyboard$/, why: '6.2: it is told with the options of the cluster since'},
  {
    path: /\/(?:lxc|qemu)(?:\/\{vmid\}\/status\/current)?$/,
    at: /\.(?:vmid|pid|template)$/,
    why: '6.2 and 7.4: text, numbers since 2024',
  },
  {path: /\/qemu$/, at: /\.disk(?:read|write)$/, why: '6.2: lists do not ask the monitor since'},
  {path: /^\/cluster\/resources$/, at: /\.sdn$/, why: '7.4 and 8: entries of zones are those of networks since 9'},
  {path: /^\/access\/(?:permissions|roles)/, at: /\.VM\.Monitor$/, why: '9 has VM.GuestAgent instead'},
  {
    path: /\/vncwebsocket$/,
    at: /^/,
    why: 'a program upgraded the connection halfway; a client that does not is refused',
  },
]

function fillIn(path: string, guests: {vmid: number; type: string}[]): string[] {
  const variable = /\{([^}]+)\}/.exec(path)
  if (!variable) return [path]
  const type = path.includes('/lxc/') ? 'lxc' : 'qemu'
  const values =
    variable[1] === 'vmid'
      ? guests.filter((guest) => guest.type === type).map(({vmid}) => String(vmid))
      : (choices[variable[1]!] ?? [])
  return values.flatMap((value) => fillIn(path.replace(variable[0], value), guests))
}

describe('what real hosts answered (recorded)', () => {
  for (const release of ['8.4', '9.2'] as const) {
    it(`has no key that answers of ${release} lack, and no value of another type`, async function () {
      this.timeout(60_000)
      const contract = await loadContract(release)
      const template = templateFinder(Object.keys(contract.paths))
      const records = filesIn(referencePath('recorded'), '.json').flatMap((file) => readLines<Recorded>(file))
      const recorded = new Map<string, Shape>()
      for (const {pve, method, path, status, body} of records) {
        if (parseInt(pve) > parseInt(release)) continue
        const found = template(path.split('?')[0]!)
        if (method !== 'GET' || status !== 200 || found === undefined || !contract.paths[found]?.GET) continue
        if (body?.data === undefined) continue
        recorded.set(found, collect(body.data, '', recorded.get(found) ?? new Map()))
      }
      const lab = await Lab.start({seed, pve: release})
      const problems: string[] = []
      try {
        const guests = await lab.get<{vmid: number; type: string}[]>('/cluster/resources?type=vm')
        await lab.run('POST', '/nodes/pve/qemu/100/status/reset')
        await lab.run('POST', '/nodes/pve/qemu/100/snapshot', {snapname: 'after'})
        const tasks = await lab.get<{upid: string}[]>('/nodes/pve/tasks')
        choices.upid = tasks.map(({upid}) => upid)
        for (const [path, shape] of recorded) {
          const own: Shape = new Map()
          for (const filled of fillIn(path, guests)) {
            const answer = await lab.send(`${filled}${queries[path] ?? ''}`)
            if (answer.status === 200) collect(answer.body.data, '', own)
          }
          for (const [at, kinds] of shape) {
            const mine = own.get(at)
            const difference = mine === undefined ? 'missing' : [...kinds].some((kind) => mine.has(kind)) ? '' : 'type'
            if (difference === '' || [...kinds].every((kind) => kind === 'null')) continue
            if (exceptions.some((one) => one.path.test(path) && one.at.test(at))) continue
            problems.push(
              `${path} ${at}: ${difference}, ${[...kinds].join('|')}${mine ? ` not ${[...mine].join('|')}` : ''}`,
            )
          }
        }
      } finally {
        await lab.stop()
      }
      expect(problems.join('\n')).to.equal('')
    })
  }
})
