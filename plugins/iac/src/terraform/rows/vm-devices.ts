import {derived, flag, has, is, named, number, text, valueOf} from './fields.js'
import {hasGap} from './guests.js'
import type {Aside, At, Block, Doubt, Field, Hindrance, Test} from './row.js'

// Devices that are passed through or emulated: proxmoxtf/resource/vm/vm.go (vmReadCustom).

const smbiosTexts = ['family', 'manufacturer', 'product', 'serial', 'sku', 'version'] as const
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

const smbiosText = (to: string): Field => ({
  ...{to, from: `config.smbios1.${to}`, default: ''},
  as: (value) => Buffer.from(String(value), 'base64').toString('utf8'),
})

const smbiosOf = (at: At): string[] => smbiosTexts.flatMap((key) => at.get(`config.smbios1.${key}`) ?? []).map(String)
const isUtf8 = (text: string): boolean => !Buffer.from(text, 'base64').toString('utf8').includes('\ufffd')

const blocks: readonly Block[] = [
  {
    block: 'hostpci',
    each: 'config.hostpci*',
    when: (at) => has('host')(at) || has('mapping')(at),
    fields: [
      derived('device', ({path}) => path.at(-1)!),
      text('id', 'host'),
      named('pci-mapping', 'mapping', 'mapping'),
      text('mdev', 'mdev', {default: ''}),
      flag('pcie', 'pcie', {default: false}),
      flag('rombar', 'rombar', {absent: true}),
      text('rom_file', 'romfile', {default: ''}),
      flag('xvga', 'x-vga', {default: false}),
    ],
  },
  {
    block: 'usb',
    each: 'config.usb*',
    where: ({slot = 0}) => slot < 4,
    when: (at) => has('host')(at) || has('mapping')(at),
    fields: [text('host', 'host'), named('usb-mapping', 'mapping', 'mapping'), flag('usb3', 'usb3', {default: false})],
  },
  {
    block: 'virtiofs',
    each: 'config.virtiofs*',
    fields: [
      named('dir-mapping', 'mapping', 'dirid'),
      text('cache', 'cache', {default: 'auto'}),
      flag('direct_io', 'direct-io', {default: false}),
      flag('expose_acl', 'expose-acl', {default: false}),
      // ACLs bring the other attributes along.
      flag('expose_xattr', 'expose-xattr', {
        default: false,
        absent: (at) => (is('expose-acl', 1)(at) ? true : undefined),
      }),
    ],
  },
  {block: 'serial_device', each: 'config.serial*', fields: [text('device', '')]},
  {
    block: 'audio_device',
    fields: [text('device', 'config.audio0.device'), text('driver', 'config.audio0.driver')],
  },
  {
    block: 'vga',
    when: (at) =>
      has('config.vga.type')(at) &&
      (!is('config.vga.type', 'std')(at) ||
        Number(valueOf(at, 'config.vga.memory', 16)) !== 16 ||
        has('config.vga.clipboard')(at)),
    fields: [
      text('type', 'config.vga.type', {default: 'std', always: true}),
      number('memory', 'config.vga.memory', {default: 16, alone: vgaAlone()}),
      text('clipboard', 'config.vga.clipboard', {default: '', alone: vgaAlone()}),
    ],
  },
  {
    block: 'rng',
    when: has('config.rng0'),
    fields: [
      text('source', 'config.rng0.source'),
      number('max_bytes', 'config.rng0.max_bytes', {default: 0}),
      number('period', 'config.rng0.period', {default: 0}),
    ],
  },
  {
    block: 'watchdog',
    when: has('config.watchdog'),
    fields: [
      derived('enabled', () => true),
      text('model', 'config.watchdog.model', {default: 'i6300esb', always: true}),
      text('action', 'config.watchdog.action', {default: 'none', always: true}),
    ],
  },
  {
    block: 'smbios',
    when: (at) => smbiosOf(at).some((value) => value !== ''),
    fields: [
      ...smbiosTexts.map(smbiosText),
      text('uuid', 'config.smbios1.uuid', {alone: {how: 'leftOut', why: 'Proxmox VE makes it up'}}),
    ],
  },
  {
    block: 'amd_sev',
    when: (at) => has('config.amd-sev')(at) && !isPlainSev(at),
    otherwise: 'this is what the provider takes for no SEV',
    fields: [
      text('type', 'config.amd-sev.type', {absent: 'std'}),
      flag('allow_smt', 'config.amd-sev.allow-smt', {absent: false}),
      flag('kernel_hashes', 'config.amd-sev.kernel-hashes', {default: false}),
      flag('no_debug', 'config.amd-sev.no-debug', {default: false}),
      flag('no_key_sharing', 'config.amd-sev.no-key-sharing', {default: false}),
    ],
  },
]

function vgaAlone(): string {
  return 'the provider does not read the display where its type is absent (bpg/terraform-provider-proxmox#1502)'
}

const isPlainSev: Test = (at) =>
  is('config.amd-sev.type', 'std')(at) &&
  is('config.amd-sev.allow-smt', 1)(at) &&
  ['kernel-hashes', 'no-debug', 'no-key-sharing'].every((key) => !is(`config.amd-sev.${key}`, 1)(at))

const hindrances: readonly Hindrance[] = [
  {
    when: hasGap('config.serial*'),
    of: ['serial_device'],
    why: 'a number of the serial ports is missing, for which the provider reads an empty text that it cannot write',
  },
  {
    when: (at) => has('config.audio0')(at) && !is('config.audio0.driver', 'spice')(at),
    of: ['audio_device'],
    why: 'the provider takes no other driver than spice',
  },
  {
    when: (at) => at.each('config.virtiofs*').length > 8,
    of: ['virtiofs'],
    why: 'the provider takes 8 directories',
  },
  {
    when: (at) =>
      smbiosOf(at).some((value) => value !== '') &&
      (!is('config.smbios1.base64', 1)(at) || !smbiosOf(at).every(isUtf8)),
    of: ['smbios'],
    why: 'the provider reads every text of SMBIOS as base64, whether it is or not',
  },
]

const unmodelled = 'the provider does not model it, and loses it where the device is changed'

const asides: readonly Aside[] = [
  {
    of: 'config.hostpci*',
    keys: ['legacy-igd', 'vendor-id', 'device-id', 'sub-vendor-id', 'sub-device-id', 'driver'],
    ...{how: 'inexpressible', why: unmodelled},
  },
  {
    of: 'config.usb*',
    where: ({slot = 0}) => slot > 3,
    ...{how: 'inexpressible', why: 'the provider reads usb0 to usb3 only'},
  },
  {of: 'config.smbios1.base64', how: 'leftOut', why: 'it tells how the texts are written, which the provider decides'},
]

const isUnread: Test = (at) => smbiosOf(at).some((value) => !base64.test(value))

const unmanageable: readonly Doubt[] = [
  {
    when: isUnread,
    why: 'smbios1: the provider reads every text of it as base64, and one is none',
    change: (at) => [
      ...smbiosTexts.flatMap((key) => {
        const value = at.get(`config.smbios1.${key}`)
        return value === undefined ? [] : [`smbios1.${key}=${Buffer.from(String(value)).toString('base64')}`]
      }),
      'smbios1.base64=1',
    ],
  },
]

export const devices = {blocks, hindrances, asides, unmanageable}
