import {expect} from 'chai'
import {readCluster, type Reading} from '../../../src/kit/fetch/index.js'
import type {Request} from '../../../src/kit/plan/index.js'
import {createClient} from '../../../src/kit/proxmox/index.js'
import type {KindName} from '../../../src/kit/resources/index.js'
import {ignoreOf} from '../../../src/kit/workspace/index.js'
import {Lab} from '../../support/lab.js'
import {sequence, type Target} from '../../support/plan/driver.js'
import {hotplugs, type GuestKind, type Surroundings} from '../../support/plan/guests.js'
import {Dice} from '../../support/plan/random.js'

/** How many sequences of each kind; 500 are the proof. */
const many = Number(process.env.PMPC_TEST_PLANS ?? 24)
/** The first seed; one of a failure is told with it. */
const first = Number(process.env.PMPC_TEST_SEED ?? 1)

const around: Surroundings = {
  nodes: ['pve1', 'pve2'],
  storages: [
    {name: 'local', shared: false},
    {name: 'data', shared: false},
    {name: 'thin', shared: false},
    {name: 'nfs', shared: true},
  ],
  pools: ['web', 'db'],
  bridges: ['vmbr0', 'vmbr1'],
  media: ['nfs:iso/debian-12.iso', 'nfs:iso/other.iso'],
  template: 'nfs:vztmpl/debian-12-standard_12.5-1_amd64.tar.zst',
  images: ['nfs:import/debian-12.qcow2'],
  sources: {vm: [900, 901], container: [902, 903]},
}

const network = (ip: string): string =>
  ['vmbr0', 'vmbr1']
    .map(
      (name) =>
        `auto ${name}\niface ${name} inet ${name === 'vmbr0' ? `static\n\taddress ${ip}/24` : 'manual'}\n\tbridge-ports none\n\tbridge-stp off\n\tbridge-fd 0\n`,
    )
    .join('\n')

const content = 'images,rootdir,iso,vztmpl,import,snippets,backup'

const seed = {
  cluster: 'home',
  nodes: around.nodes.map((name, at) => ({
    name,
    network: network(`192.0.2.${11 + at}`),
    disks: [{name: 'sda', size: '900G', system: true, group: 'pve'}],
  })),
  token: 'root@pam!sim',
  users: [{userid: 'root@pam', password: 'simulator'}],
  tokens: [{tokenid: 'root@pam!sim', secret: '00000000-0000-4000-8000-000000000001', privsep: 0}],
  storages: [
    {storage: 'local', type: 'dir', total: '900G', config: {path: '/var/lib/vz', content}},
    {storage: 'data', type: 'dir', total: '900G', config: {path: '/mnt/data', content}},
    {
      storage: 'thin',
      type: 'lvmthin',
      total: '900G',
      config: {vgname: 'pve', thinpool: 'data', content: 'images,rootdir'},
    },
    {
      storage: 'nfs',
      type: 'nfs',
      total: '900G',
      config: {server: '192.0.2.9', export: '/srv', path: '/mnt/pve/nfs', content},
    },
  ],
  volumes: [...around.media, around.template]
    .map((volid) => ({volid, size: '300M'}))
    .concat({volid: around.images[0]!, size: '2G'}),
  pools: around.pools.map((poolid) => ({poolid})),
  world: {installs: true},
}

const guests: readonly KindName[] = ['vm', 'container']
const kinds: readonly KindName[] = [...guests, 'storage', 'pool', 'node', 'acl']

for (const release of ['8.4', '9.2'] as const) {
  describe(`random plans for guests, on ${release}`, function () {
    this.timeout(3_600_000)
    let lab: Lab
    let target: Target
    let close: () => Promise<void>
    let last: Reading | undefined

    before(async () => {
      lab = await Lab.start({seed: seed as never, pve: release})
      const {url, fingerprint, tokenId, tokenSecret} = lab.simulator
      const credential = {tokenId, secret: tokenSecret}
      const client = createClient({endpoints: [url], trust: {fingerprint}, credential, cluster: 'home'})
      close = () => client.close()
      for (const vmid of around.sources!.vm)
        await lab.api('POST', '/nodes/pve1/qemu', {
          vmid,
          name: 'source',
          scsi0: 'nfs:1,format=qcow2',
          net0: 'virtio,bridge=vmbr0',
          ide2: 'none,media=cdrom',
          tags: 'a',
        })
      for (const vmid of around.sources!.container)
        await lab.api('POST', '/nodes/pve1/lxc', {
          vmid,
          hostname: 'source',
          ostemplate: around.template,
          rootfs: 'thin:1',
          unprivileged: 1,
          net0: 'name=eth0,bridge=vmbr0',
        })
      await lab.api('POST', `/nodes/pve1/qemu/${around.sources!.vm[1]}/template`)
      await lab.api('POST', `/nodes/pve1/lxc/${around.sources!.container[1]}/template`)
      target = {
        version: release,
        send: async (request) => void (await lab.api(request.method, request.path, filled(request))),
        // What is around the guests stays as it is, and is read once.
        read: async () => {
          const options = {reader: client, cluster: 'home', ignore: ignoreOf([]), kinds}
          last = await readCluster(
            last ? {...options, before: last.state, digestsBefore: last.digests, only: guests} : options,
          )
          return last.state
        },
      }
    })
    after(async () => {
      await close?.()
      await lab?.stop()
    })

    for (const kind of ['vm', 'container'] as const)
      it(`${kind}: each step does what it says, and at the end nothing is left to do`, async () => {
        const failed: string[] = []
        const seen = {steps: 0, plans: 0, refused: 0}
        for (let at = 0; at < many / 2; at++) {
          const number = first + at
          const report = await sequence(target, new Dice(number), settingOf(kind, number), 3)
          seen.steps += report.steps
          seen.plans += report.plans
          seen.refused += report.refused.length
          if (report.problems.length > 0) failed.push(`seed ${number}: ${report.problems.join('\n  ')}`)
          if (failed.length >= 3) break
        }
        if (process.env.PMPC_TEST_PLANS !== undefined) console.log(`      ${JSON.stringify(seen)}`)
        if (failed.length > 0) expect.fail(failed.join('\n'))
        expect(seen.steps).to.be.greaterThan(seen.plans / 2)
      })
  })
}

function settingOf(kind: GuestKind, number: number) {
  return {kind, id: (kind === 'vm' ? 10_000 : 20_000) + number, around, hotplug: hotplugs[number % hotplugs.length]}
}

/** A request as it is sent: secrets in their places. */
function filled({parameters}: Request): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, typeof value === 'object' ? 'a secret' : value]),
  )
}
