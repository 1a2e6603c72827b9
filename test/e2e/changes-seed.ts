import {keyInfo} from '../../src/kit/values/index.js'
import type {Seed} from '../../plugins/simulator/src/index.js'

/** Kind, key, value before and after; null where the key is absent. */
export type ChangedKey = readonly [
  kind: 'vm' | 'lxc',
  key: string,
  from: string | null,
  to: string | null,
  ...rest: unknown[],
]

/** The VMID of the guest of a row. */
export const firstVmid = 1000

/** The table holds what was sent; what is stored of an integer or a boolean is a number. */
function asPrinted(kind: 'vm' | 'lxc', key: string, value: string): string | number {
  const {type} = keyInfo(kind === 'vm' ? 'vm' : 'container', key)
  return (type === 'integer' || type === 'boolean') && /^\d+$/.test(value) ? Number(value) : value
}

/** A cluster with one stopped guest a row, which holds the row's value before. */
export function changesSeed(rows: readonly ChangedKey[]): Seed {
  const guests = rows.map(([kind, key, from], index) => {
    const vmid = firstVmid + index
    const mac = `BC:24:11:00:${String(Math.floor(index / 100)).padStart(2, '0')}:${String(index % 100).padStart(2, '0')}`
    const base: Record<string, string | number> =
      kind === 'vm'
        ? {
            name: `vm${vmid}`,
            ostype: 'l26',
            memory: '1024',
            sockets: 1,
            scsi0: `local:${vmid}/vm-${vmid}-disk-0.raw,size=1G`,
            ide2: 'none,media=cdrom',
            net0: `virtio=${mac},bridge=vmbr0`,
          }
        : {
            hostname: `ct${vmid}`,
            arch: 'amd64',
            ostype: 'debian',
            memory: 512,
            swap: 512,
            rootfs: `local:${vmid}/vm-${vmid}-disk-0.raw,size=1G`,
          }
    const config = {...base}
    if (from !== null) config[key] = asPrinted(kind, key, from)
    return {vmid, type: kind === 'vm' ? ('qemu' as const) : ('lxc' as const), node: 'pve1', running: false, config}
  })
  return {
    nodes: [{name: 'pve1', ip: '198.51.100.11', cpus: 32, memory: '64G', disk: '100G'}],
    token: 'root@pam!sim',
    users: [{userid: 'root@pam', password: 'simulator'}],
    tokens: [{tokenid: 'root@pam!sim', secret: '00000000-0000-4000-8000-000000000001', privsep: 0}],
    storages: [
      {
        storage: 'local',
        type: 'dir',
        total: '100G',
        config: {path: '/var/lib/vz', content: 'iso,vztmpl,backup,images,rootdir,snippets'},
      },
    ],
    volumes: [
      {volid: 'local:snippets/user.yaml', size: 14},
      {volid: 'local:iso/debian-12.iso', size: 65_536},
    ],
    guests,
  } as Seed
}
