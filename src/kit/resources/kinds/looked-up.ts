import type {KindName} from './index.js'

/** The kinds that checks look up, by what they are to them: so no check names a kind. */
export const lookedUp = {
  acl: 'acl',
  backup: 'backup-job',
  firewall: 'firewall',
  group: 'group',
  network: 'network',
  node: 'node',
  options: 'options',
  pool: 'pool',
  role: 'role',
  storage: 'storage',
  user: 'user',
  vnet: 'sdn-vnet',
  zone: 'sdn-zone',
} as const satisfies Record<string, KindName>
