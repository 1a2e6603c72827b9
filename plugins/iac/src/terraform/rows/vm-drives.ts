import {derived, flag, has, is, list, number, text, valueOf} from './fields.js'
import {addresses, gibibytes, servers, storageOf} from './guests.js'
import type {Aside, At, Block, Doubt, Field, Hindrance, Test} from './row.js'

// Disks, CD-ROMs, the state of firmware and TPM, cloud-init: proxmoxtf/resource/vm/disk/disk.go (Read), vm.go (vmReadCustom).

const patterns = ['config.ide*', 'config.sata*', 'config.scsi*', 'config.virtio*'] as const

/** Read knows the drive of cloud-init by its name (vms/custom_storage_device.go (IsCloudInitDrive)). */
const isCloudInit: Test = (at) => String(at.get('file')).includes(`vm-${at.object.id}-cloudinit`)
const isCdrom: Test = (at) => is('media', 'cdrom')(at) || is('file', 'none')(at)
const isDisk: Test = (at) => !isCdrom(at) && !isCloudInit(at)

const drivesOf = (at: At, test: Test): At[] => patterns.flatMap((pattern) => at.each(pattern)).filter(test)
const disksOf = (at: At): At[] => drivesOf(at, isDisk)
const cloudInitOf = (at: At): At | undefined => drivesOf(at, isCloudInit)[0]

/** The storage of a volume; a path of the node has none. */
const datastore = (from: Field['from'], options: Partial<Field> = {}): Field => ({
  to: 'datastore_id',
  from,
  always: true,
  as: (value, at) => {
    const storage = storageOf(value)
    return storage === undefined ? '' : at.reference('storage', storage, storage)
  },
  ...options,
})

const speeds = ['iops_rd', 'iops_rd_max', 'iops_wr', 'iops_wr_max', 'mbps_rd', 'mbps_rd_max', 'mbps_wr', 'mbps_wr_max']

export const disks: Block = {
  block: 'disk',
  each: patterns,
  where: isDisk,
  fields: [
    derived('interface', ({path}) => path.at(-1)!),
    datastore('file'),
    {to: 'size', from: 'size', as: gibibytes},
    text('aio', 'aio', {default: 'io_uring'}),
    text('cache', 'cache', {default: 'none'}),
    text('discard', 'discard', {default: 'ignore'}),
    flag('iothread', 'iothread', {default: false}),
    flag('ssd', 'ssd', {default: false}),
    flag('backup', 'backup', {default: true}),
    flag('replicate', 'replicate', {default: true}),
    text('serial', 'serial', {default: ''}),
    number('queues', 'queues', {default: 0}),
  ],
  blocks: [
    {
      block: 'speed',
      when: (at) => speeds.some((key) => at.get(key) !== undefined),
      fields: [
        number('iops_read', 'iops_rd', {default: 0}),
        number('iops_read_burstable', 'iops_rd_max', {default: 0}),
        number('iops_write', 'iops_wr', {default: 0}),
        number('iops_write_burstable', 'iops_wr_max', {default: 0}),
        number('read', 'mbps_rd', {default: 0}),
        number('read_burstable', 'mbps_rd_max', {default: 0}),
        number('write', 'mbps_wr', {default: 0}),
        number('write_burstable', 'mbps_wr_max', {default: 0}),
      ],
    },
  ],
}

/** An import looks for a CD-ROM on ide3 only, and takes whatever is there for one. */
export const cdrom: Block = {
  block: 'cdrom',
  when: has('config.ide3'),
  fields: [text('file_id', 'config.ide3.file'), derived('interface', () => 'ide3')],
}

export const efiDisk: Block = {
  block: 'efi_disk',
  when: (at) => has('config.efidisk0')(at) && !isPlainEfi(at),
  otherwise: 'an EFI disk of type 2m on local-lvm, in raw format, is what the provider takes for none',
  fields: [
    datastore('config.efidisk0.file'),
    {to: 'type', from: 'config.efidisk0.efitype', absent: '2m', as: (value) => String(value).toLowerCase()},
    flag('pre_enrolled_keys', 'config.efidisk0.pre-enrolled-keys', {default: false}),
  ],
}

const isPlainEfi: Test = (at) =>
  storageOf(at.get('config.efidisk0.file')) === 'local-lvm' &&
  String(valueOf(at, 'config.efidisk0.efitype', '2m')).toLowerCase() === '2m' &&
  !has('config.efidisk0.pre-enrolled-keys')(at) &&
  is('config.efidisk0.format', 'raw')(at)

export const tpmState: Block = {
  block: 'tpm_state',
  when: (at) =>
    has('config.tpmstate0')(at) &&
    (storageOf(at.get('config.tpmstate0.file')) !== 'local-lvm' ||
      valueOf(at, 'config.tpmstate0.version', 'v2.0') !== 'v2.0'),
  otherwise: 'a TPM of version 2.0 on local-lvm is what the provider takes for none',
  fields: [datastore('config.tpmstate0.file'), text('version', 'config.tpmstate0.version', {absent: 'v2.0'})],
}

const ciKeys = ['ciuser', 'cipassword', 'sshkeys', 'cicustom', 'citype', 'ciupgrade', 'nameserver', 'searchdomain']

const ciFile = (at: At): string | undefined => {
  const drive = cloudInitOf(at)
  return drive && [...drive.path, 'file'].join('.')
}

export const initialization: Block = {
  block: 'initialization',
  when: (at) =>
    cloudInitOf(at) !== undefined ||
    at.each('config.ipconfig*').length > 0 ||
    ciKeys.some((key) => has(`config.${key}`)(at)),
  fields: [
    datastore(ciFile, {absent: ''}),
    derived('interface', (at) => cloudInitOf(at)?.path.at(-1)),
    text('type', 'config.citype'),
    flag('upgrade', 'config.ciupgrade'),
    text('user_data_file_id', 'config.cicustom.user'),
    text('vendor_data_file_id', 'config.cicustom.vendor'),
    text('network_data_file_id', 'config.cicustom.network'),
    text('meta_data_file_id', 'config.cicustom.meta'),
  ],
  blocks: [
    {
      block: 'dns',
      fields: [text('domain', 'config.searchdomain', {default: ''}), list('servers', 'config.nameserver', ' ')],
    },
    {
      block: 'ip_config',
      each: 'config.ipconfig*',
      isDense: true,
      fields: [],
      blocks: [addresses('ipv4', 'ip', 'gw'), addresses('ipv6', 'ip6', 'gw6')],
    },
    {
      block: 'user_account',
      when: (at) => has('config.ciuser')(at) || has('config.cipassword')(at) || has('config.sshkeys')(at),
      fields: [text('username', 'config.ciuser', {default: ''}), list('keys', 'config.sshkeys', '\n')],
    },
  ],
}

const fileId = /^[a-z\d\-_.]+:([a-z\d\-_]+\/)?.+$/i

const isFraction = (value: unknown): boolean => value !== undefined && !Number.isInteger(Number(value))
const fractionsOf = (at: At): {drive: string; key: string; value: number}[] =>
  disksOf(at).flatMap((disk) =>
    speeds.flatMap((key) => {
      const value = disk.get(key)
      return isFraction(value) ? [{drive: disk.path.at(-1)!, key, value: Number(value)}] : []
    }),
  )

const hindrances: readonly Hindrance[] = [
  {
    when: (at) => disksOf(at).some((disk) => gibibytes(disk.get('size')) < 1),
    of: ['disk'],
    why: 'a disk is smaller than 1 GiB, which the provider reads as 0 and cannot write',
  },
  {
    when: (at) => disksOf(at).length > 31,
    of: ['disk'],
    why: 'the provider takes 31 disks',
  },
  {
    when: (at) => disksOf(at).some((disk) => is('queues', 1)(disk) || String(valueOf(disk, 'serial', '')).length > 20),
    of: ['disk'],
    why: 'the provider takes no single queue, and no serial number of more than 20 letters',
  },
  {
    when: (at) =>
      has('config.ide3.file')(at) &&
      !is('config.ide3.file', 'none', 'cdrom')(at) &&
      !fileId.test(String(at.get('config.ide3.file'))),
    of: ['cdrom'],
    why: 'the provider takes no path of the node for a CD-ROM',
  },
  servers,
]

const unmodelled = 'the provider does not model it, and loses it where the drive is changed'

const asides: readonly Aside[] = [
  {
    of: patterns,
    where: (at) => isCdrom(at) && !isCloudInit(at),
    how: 'inexpressible',
    why: 'an import reads a CD-ROM on ide3 only (bpg/terraform-provider-proxmox#1372, #2285)',
  },
  {of: patterns, keys: ['media'], how: 'leftOut', why: 'it follows from what the drive is'},
  {of: patterns, keys: ['format'], how: 'leftOut', why: 'the provider finds it out'},
  {of: patterns, where: isCloudInit, keys: ['size', 'format'], how: 'leftOut', why: 'Proxmox VE makes the drive'},
  {
    of: ['config.efidisk0', 'config.tpmstate0'],
    keys: ['size', 'format', 'import-from'],
    how: 'leftOut',
    why: 'Proxmox VE decides on it',
  },
  {
    of: 'config.efidisk0',
    keys: ['ms-cert'],
    how: 'inexpressible',
    why: 'the provider does not model it; it stays as it is',
  },
  {
    of: patterns,
    where: isDisk,
    keys: [
      ...[
        'detect_zeroes',
        'wwn',
        'ro',
        'shared',
        'snapshot',
        'werror',
        'rerror',
        'product',
        'vendor',
        'scsiblock',
        'model',
        'import-from',
      ],
      ...[
        'trans',
        'cyls',
        'heads',
        'secs',
        'bps',
        'bps_max_length',
        'bps_rd',
        'bps_rd_max_length',
        'bps_wr',
        'bps_wr_max_length',
      ],
      ...['iops', 'iops_max', 'iops_max_length', 'iops_rd_max_length', 'iops_wr_max_length', 'mbps', 'mbps_max'],
    ],
    how: 'inexpressible',
    why: unmodelled,
  },
]

const unmanageable: readonly Doubt[] = [
  {
    when: (at) => fractionsOf(at).length > 0,
    why: (at) =>
      `${fractionsOf(at)
        .map(({drive, key}) => `${drive}.${key}`)
        .join(', ')}: the provider cannot read a limit with a fraction`,
    change: (at) => fractionsOf(at).map(({drive, key, value}) => `${drive}.${key}=${Math.ceil(value)}`),
  },
]

export const drives = {hindrances, asides, unmanageable}
