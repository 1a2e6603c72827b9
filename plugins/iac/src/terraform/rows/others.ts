// Certificates, and what the provider has no resource for.
import type {KindName} from 'pmpc/kit/resources'
import {isType, lost, observed} from './asides.js'
import {allOf, constant, derived, idOf, is, number, text} from './fields.js'
import type {KindRows} from './row.js'

// bpg/terraform-provider-proxmox v0.112.0, fwprovider/cluster/acme/resource_acme_dns_plugin.go (Read).
const plugin: KindRows = {
  kind: 'acme-plugin',
  resources: [
    {
      type: 'proxmox_acme_dns_plugin',
      file: 'cluster',
      when: is('config.type', 'dns'),
      importId: idOf,
      fields: [
        derived('plugin', idOf),
        text('api', 'config.api'),
        // Read stores 0 where it is absent, and the default is another.
        number('validation_delay', 'config.validation-delay', {absent: 0}),
      ],
      ignore: {data: 'it holds credentials, and is not written'},
    },
  ],
  none: () => ({how: 'inexpressible', why: 'the provider has no resource for a plugin of this type'}),
  asides: [
    isType,
    {of: 'config.data', how: 'leftOut', why: 'no secret is written; the one that is there is left alone'},
    {of: 'config.disable', how: 'inexpressible', why: 'the provider never reads it; it stays as it is'},
    lost('nodes', 'api', 'validation-delay'),
  ],
  unsafe: [
    {
      when: allOf(is('config.type', 'dns'), is('config.disable', 1)),
      why: 'it is disabled, which the provider never reads: an edit of anything enables it',
      change: () => ['--unset=disable'],
    },
  ],
}

// resource_acme_account.go (read): nobody lists with whom an account is registered, and where.
const account: KindRows = {
  kind: 'acme-account',
  resources: [
    {
      type: 'proxmox_acme_account',
      file: 'cluster',
      importId: idOf,
      fields: [derived('name', idOf), constant('contact', 'not recorded')],
      ignore: Object.fromEntries(
        ['contact', 'directory', 'tos'].map((name) => [name, 'it is not recorded, and is left alone']),
      ),
    },
  ],
}

/** Kinds that the provider has no resource for. */
const without = (kind: KindName, what: string): KindRows => ({
  kind,
  resources: [],
  none: () => ({how: 'inexpressible', why: `the provider has no resource for ${what}`}),
  asides: [observed('origin')],
})

export const others: readonly KindRows[] = [
  plugin,
  account,
  without('notification-target', 'targets of notifications'),
  without('notification-matcher', 'matchers of notifications'),
  without('sdn-ipam', 'IPAMs'),
  without('sdn-dns', 'name servers of SDN'),
  without('sdn-prefix-list', 'prefix lists'),
  without('sdn-route-map', 'route maps'),
  without('cpu-model', 'CPU models'),
]
