import {derived, flag, has, is, list, named, not, number, text, valueOf, verbatim} from './fields.js'
import {addresses, asides, gibibytes, locked, servers, startup, storageOf, trimmed, unmodelled} from './guests.js'
import {bridge} from './vm-network.js'
import {isNested, nested} from './pool.js'
import type {At, Block, Field, KindRows, Test} from './row.js'

// What the provider's Read makes of a container: bpg/terraform-provider-proxmox v0.112.0, proxmoxtf/resource/container/container.go (containerRead,
// Container), validators.go; each row was seen with it on a real node.

const fields: readonly Field[] = [
  text('node_name', 'facts.node'),
  number('vm_id', 'id'),
  text('description', 'config.description', {default: ''}),
  list('tags', 'config.tags'),
  flag('unprivileged', 'config.unprivileged', {absent: false}),
  flag('template', 'config.template', {default: false}),
  {to: 'started', from: 'facts.status', as: (value) => value === 'running', absent: false},
  flag('start_on_boot', 'config.onboot', {absent: false}),
  flag('protection', 'config.protection', {default: false}),
  text('hook_script_file_id', 'config.hookscript', {default: ''}),
  {to: 'environment_variables', from: 'config.env', as: (value) => variablesOf(String(value))},
]

/** Texts `NAME=VALUE` with a NUL between them. */
function variablesOf(env: string): Record<string, string> | undefined {
  const pairs = env.split('\0').flatMap((pair): [string, string][] => {
    const at = pair.indexOf('=')
    return at < 0 ? [] : [[pair.slice(0, at), pair.slice(at + 1)]]
  })
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs)
}

const cards = 'config.net*'
const addressKeys = ['ip', 'gw', 'ip6', 'gw6']
const isAddressed: Test = (at) => addressKeys.some((key) => has(key)(at))

const initialization: Block = {
  block: 'initialization',
  when: () => true,
  fields: [text('hostname', 'config.hostname', {default: ''}), text('entrypoint', 'config.entrypoint', {default: ''})],
  blocks: [
    {
      block: 'dns',
      fields: [text('domain', 'config.searchdomain', {default: ''}), list('servers', 'config.nameserver', ' ')],
    },
    {
      block: 'ip_config',
      each: cards,
      where: isAddressed,
      fields: [],
      blocks: [addresses('ipv4', 'ip', 'gw'), addresses('ipv6', 'ip6', 'gw6')],
    },
  ],
}

const networkInterface: Block = {
  block: 'network_interface',
  each: cards,
  fields: [
    text('name', 'name'),
    bridge(),
    verbatim('mac_address', 'hwaddr'),
    flag('firewall', 'firewall', {default: false}),
    number('vlan_id', 'tag', {default: 0}),
    number('rate_limit', 'rate', {default: 0}),
    number('mtu', 'mtu', {default: 0}),
    flag('host_managed', 'host-managed', {default: false}),
  ],
}

const disk: Block = {
  block: 'disk',
  when: has('config.rootfs'),
  fields: [
    {
      to: 'datastore_id',
      from: 'config.rootfs.volume',
      as: (value, at) => {
        const storage = storageOf(value)
        return storage === undefined ? String(value) : at.reference('storage', storage, storage)
      },
    },
    {to: 'size', from: 'config.rootfs.size', as: gibibytes, absent: 0},
    flag('acl', 'config.rootfs.acl', {default: false}),
    flag('quota', 'config.rootfs.quota', {default: false}),
    flag('replicate', 'config.rootfs.replicate', {default: false}),
    list('mount_options', 'config.rootfs.mountoptions', ';'),
  ],
}

const mountPoint: Block = {
  block: 'mount_point',
  each: 'config.mp*',
  fields: [
    text('volume', 'volume'),
    text('path', 'mp'),
    verbatim('size', 'size'),
    flag('acl', 'acl', {default: false}),
    flag('backup', 'backup', {default: false}),
    flag('quota', 'quota', {default: false}),
    flag('read_only', 'ro', {default: false}),
    flag('replicate', 'replicate', {default: true}),
    flag('shared', 'shared', {default: false}),
    list('mount_options', 'mountoptions', ';'),
  ],
}

/** Read compares two types where `console: 1` is there, and stores the block wherever it is not. */
const hasConsole: Test = (at) =>
  !is('config.console', 1)(at) ||
  valueOf(at, 'config.cmode', 'tty') !== 'tty' ||
  Number(valueOf(at, 'config.tty', 2)) !== 2

const blocks: readonly Block[] = [
  startup,
  {
    block: 'operating_system',
    when: (at) => has('config.ostype')(at) && !is('config.ostype', 'unmanaged')(at),
    // Of which template it was made nobody knows, and another value than the empty one makes it anew.
    fields: [derived('template_file_id', () => ''), text('type', 'config.ostype', {default: 'unmanaged'})],
  },
  initialization,
  networkInterface,
  disk,
  mountPoint,
  {
    block: 'console',
    when: hasConsole,
    fields: [
      flag('enabled', 'config.console', {default: true}),
      text('type', 'config.cmode', {default: 'tty'}),
      number('tty_count', 'config.tty', {default: 2}),
    ],
  },
  {
    block: 'cpu',
    when: (at) =>
      valueOf(at, 'config.arch', 'amd64') !== 'amd64' ||
      Number(valueOf(at, 'config.cores', 1)) !== 1 ||
      Number(valueOf(at, 'config.cpulimit', 0)) !== 0 ||
      Number(valueOf(at, 'config.cpuunits', 0)) !== 0,
    fields: [
      number('cores', 'config.cores', {default: 1, always: true, absent: 1}),
      number('limit', 'config.cpulimit', {default: 0}),
      number('units', 'config.cpuunits', {default: 0}),
      text('architecture', 'config.arch', {default: 'amd64'}),
    ],
  },
  {
    block: 'memory',
    when: (at) => Number(valueOf(at, 'config.memory', 0)) !== 512 || Number(valueOf(at, 'config.swap', 0)) !== 0,
    fields: [
      number('dedicated', 'config.memory', {default: 512, always: true}),
      number('swap', 'config.swap', {default: 0}),
    ],
  },
  {
    block: 'features',
    when: (at) =>
      ['nesting', 'keyctl', 'fuse', 'mknod'].some((key) => is(`config.features.${key}`, 1)(at)) ||
      valueOf(at, 'config.features.mount', '') !== '',
    fields: [
      flag('nesting', 'config.features.nesting', {default: false}),
      flag('keyctl', 'config.features.keyctl', {default: false}),
      flag('fuse', 'config.features.fuse', {default: false}),
      flag('mknod', 'config.features.mknod', {default: false}),
      list('mount', 'config.features.mount', ';'),
    ],
  },
  {
    block: 'device_passthrough',
    each: 'config.dev*',
    fields: [
      text('path', 'path', {absent: ''}),
      number('uid', 'uid', {default: 0}),
      number('gid', 'gid', {default: 0}),
      text('mode', 'mode', {default: '0660'}),
      flag('deny_write', 'deny-write', {default: false}),
    ],
  },
  {
    block: 'idmap',
    each: 'config.lxc.*',
    where: is('0', 'lxc.idmap'),
    fields: [
      {to: 'type', from: '', as: (_value, at) => (wordsOf(at)[0] === 'u' ? 'uid' : 'gid')},
      derived('container_id', (at) => Number(wordsOf(at)[1])),
      derived('host_id', (at) => Number(wordsOf(at)[2])),
      derived('size', (at) => Number(wordsOf(at)[3])),
    ],
  },
]

/** `u 0 100000 65536`. */
const wordsOf = (at: At): string[] => String(at.get('1')).trim().split(/\s+/)

const isMap: Test = (at) => /^\s*[ug](?:\s+\d+){3}\s*$/.test(String(at.get('1')))

const systems = [
  'alpine',
  'archlinux',
  'centos',
  'debian',
  'devuan',
  'fedora',
  'gentoo',
  'nixos',
  'opensuse',
  'ubuntu',
  'unmanaged',
]

const timeouts = ['timeout_create', 'timeout_clone', 'timeout_update', 'timeout_delete', 'timeout_start']

export const container: KindRows = {
  kind: 'container',
  resources: [
    {
      type: 'proxmox_virtual_environment_container',
      file: 'guest',
      importId: (at) => `${valueOf(at, 'facts.node', '')}/${at.object.id}`,
      ...{fields, blocks},
      ignore: {
        vm_id: 'an import does not read it (bpg/terraform-provider-proxmox#2141)',
        ...Object.fromEntries(
          timeouts.map((name) => [name, 'an import does not read them (bpg/terraform-provider-proxmox#1406)']),
        ),
      },
      hindrances: [
        trimmed,
        servers,
        {
          when: not(is('config.ostype', ...systems)),
          of: ['operating_system'],
          why: 'the provider does not take this type of system, or its absence',
        },
        {
          when: not(has('config.memory')),
          of: ['memory'],
          why: 'the key is absent in Proxmox VE, which the provider reads as 0 and cannot write',
        },
        {
          when: (at) => has('config.arch')(at) && !is('config.arch', 'amd64', 'arm64', 'armhf', 'i386')(at),
          of: ['cpu'],
          why: 'the provider does not take this architecture',
        },
        {
          when: (at) => at.each(cards).length > 10,
          of: ['network_interface'],
          why: 'the provider takes 10 cards',
        },
        {
          when: (at) => at.each(cards).filter(isAddressed).length > 10,
          of: ['initialization'],
          why: 'the provider takes addresses of 10 cards',
        },
        {
          when: (at) => !/^(?:(?:nfs|cifs)(?:;|$))*$/.test(String(valueOf(at, 'config.features.mount', ''))),
          of: ['features'],
          why: 'the provider takes only nfs and cifs for what may be mounted',
        },
      ],
    },
    {
      // Its own `pool_id` would make it anew: it is never read.
      type: 'proxmox_pool_membership',
      file: 'pool',
      when: (at) => has('facts.pool')(at) && !isNested(at.get('facts.pool')),
      importId: (at) => `${valueOf(at, 'facts.pool', '')}/vm/${at.object.id}`,
      fields: [named('pool', 'pool_id', 'facts.pool'), number('vm_id', 'id')],
    },
  ],
  asides: [
    ...asides,
    {of: 'facts.pool', where: ({value}) => isNested(value), how: 'inexpressible', why: nested},
    {of: 'config.lxc', how: 'inexpressible', why: 'the provider models `lxc.idmap` only; it stays as it is'},
    {of: cards, keys: ['trunks', 'link_down'], how: 'inexpressible', why: unmodelled},
    {of: cards, keys: ['type'], how: 'leftOut', why: 'there is one type only'},
    {of: ['config.rootfs', 'config.mp*'], keys: ['idmap', 'keepattrs'], how: 'inexpressible', why: unmodelled},
    {of: 'config.rootfs', keys: ['ro', 'shared'], how: 'inexpressible', why: unmodelled},
    {of: 'config.features', keys: ['force_rw_sys'], how: 'inexpressible', why: unmodelled},
    {of: ['config.timezone', 'config.debug'], how: 'inexpressible', why: unmodelled},
  ],
  unmanageable: [
    {
      when: (at) => at.each('config.lxc.*').some((each) => is('0', 'lxc.idmap')(each) && !isMap(each)),
      why: 'lxc.idmap: the provider cannot read a line of it',
    },
    {
      when: (at) => at.each(cards).some((card) => String(valueOf(card, 'trunks', '')).includes('-')),
      why: 'trunks: the provider cannot read a range of VLANs',
    },
  ],
  notes: [
    locked,
    {
      when: (at) => at.each(cards).some(not(has('bridge'))),
      why: "a card has no bridge: the first edit fails with `bridge '' does not exist`",
    },
  ],
}
