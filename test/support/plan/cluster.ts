import type {Lab} from '../lab.js'
import {hotplugs, type GuestKind, type Setting, type Surroundings} from './guests.js'

/** A cluster of two nodes in which random guests live. */
export const around: Surroundings = {
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

/** It, as a simulator is seeded. */
export const seed = {
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

/** Guests that others are made of. */
export async function makeSources(lab: Lab): Promise<void> {
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
}

/** A guest of a number. */
export function settingOf(kind: GuestKind, number: number): Setting {
  return {kind, id: (kind === 'vm' ? 10_000 : 20_000) + number, around, hotplug: hotplugs[number % hotplugs.length]}
}
