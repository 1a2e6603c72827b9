// What is set at a node: bpg/terraform-provider-proxmox v0.112.0, proxmoxtf/resource/dns.go, hosts.go, time.go, fwprovider/nodes/config.
import {lost, observed} from './asides.js'
import {derived, has, idOf, text} from './fields.js'
import type {At, KindRows, Resource} from './row.js'

const nodeName = derived('node_name', idOf)

const dns: Resource = {
  type: 'proxmox_virtual_environment_dns',
  file: 'node',
  when: has('config.dns'),
  importId: idOf,
  fields: [
    nodeName,
    {...text('domain', 'config.dns.search'), absent: ''},
    {
      ...{to: 'servers', from: 'config.dns'},
      as: (_value, at) => {
        const servers = ['dns1', 'dns2', 'dns3'].map((key) => at.get(`config.dns.${key}`))
        return servers.every((each) => each === undefined) ? undefined : servers.filter(isThere).map(String)
      },
    },
  ],
}

const isThere = (value: unknown): boolean => value !== undefined

/** What the provider reads of /etc/hosts (hostsRead): no line with a blank before it, and what follows on a `#` are names. */
export function hostsIn(data: string): {address: string; hostnames: string[]}[] {
  return data.split('\n').flatMap((line) => {
    if (line.startsWith('#')) return []
    const [address = '', ...words] = line.replaceAll('\t', ' ').split(' ')
    return address === '' ? [] : [{address, hostnames: words.filter((word) => word !== '')}]
  })
}

const entriesOf = (at: At) => hostsIn(String(at.get('config.hosts') ?? ''))

const isWritable = (at: At): boolean => {
  const entries = entriesOf(at)
  return entries.length > 0 && entries.every(({hostnames}) => hostnames.length > 0)
}

const hosts: Resource = {
  type: 'proxmox_virtual_environment_hosts',
  file: 'node',
  when: isWritable,
  importId: idOf,
  fields: [nodeName],
  blocks: [
    {
      block: 'entry',
      fields: [],
      parsed: {
        from: 'config.hosts',
        as: (at) =>
          entriesOf(at).map(({address, hostnames}) => [
            {name: 'address', value: address},
            {name: 'hostnames', value: hostnames},
          ]),
      },
    },
  ],
}

const time: Resource = {
  type: 'proxmox_virtual_environment_time',
  file: 'node',
  when: has('config.timezone'),
  importId: idOf,
  fields: [nodeName, text('time_zone', 'config.timezone')],
}

const config: Resource = {
  type: 'proxmox_node_config',
  file: 'node',
  when: has('config.config.description'),
  importId: idOf,
  fields: [nodeName, text('description', 'config.config.description')],
}

const node: KindRows = {
  kind: 'node',
  resources: [dns, hosts, time, config],
  none: () => ({how: 'leftOut', why: 'nothing is set at it'}),
  asides: [
    observed('ip', 'level', 'nodeid', 'version', 'status', 'maxcpu', 'maxmem', 'maxdisk', 'local'),
    {
      of: 'config.hosts',
      where: (at) => !isWritable(at),
      ...{how: 'inexpressible', why: 'the provider takes no address without a name'},
    },
    lost(
      ...['acme', 'acmedomain*', 'ballooning-target', 'location', 'startall-onboot-delay', 'wakeonlan'].map(
        (key) => `config.${key}`,
      ),
    ),
  ],
  unsafe: [
    {
      when: (at) => hasHosts((line) => /^[ \t]+[^\s#]/.test(line))(at),
      why: 'hosts: the provider does not read a line that begins with a blank, and an edit of the entries takes it away',
    },
  ],
  notes: [
    {
      when: (at) => hasHosts((line) => /^\s*#/.test(line))(at),
      why: 'hosts: an edit of the entries takes the comments away',
    },
  ],
}

const linesOf = (at: At): string[] => String(at.get('config.hosts') ?? '').split('\n')

const hasHosts = (test: (line: string) => boolean) => (at: At) => isWritable(at) && linesOf(at).some(test)

export const nodes: readonly KindRows[] = [node]
