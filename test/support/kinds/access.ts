import type {Group} from './case.js'

const server = {server1: ['192.0.2.7', '192.0.2.8'], server2: ['192.0.2.9', '192.0.2.10']} as const

const directory =
  'server1 server2 port mode bind_dn password capath case-sensitive cert certkey comment filter group_classes group_dn group_filter ' +
  'group_name_attr sslversion sync-defaults-options sync_attributes tfa user_classes verify'

const ofDirectory = {
  ...server,
  mode: ['ldaps', 'ldap+starttls'],
  filter: ['(objectclass=one)', '(objectclass=two)'],
  group_filter: ['(objectclass=one)', '(objectclass=two)'],
  bind_dn: ['cn=one,dc=example,dc=com', 'cn=two,dc=example,dc=com'],
  group_dn: ['ou=one,dc=example,dc=com', 'ou=two,dc=example,dc=com'],
  'sync-defaults-options': ['scope=users,enable-new=1', 'scope=groups,enable-new=1'],
  tfa: ['type=oath,digits=6', 'type=oath,digits=8'],
} as const

export const access: Group = {
  before: [
    ['POST /access/groups', {groupid: 'kga'}],
    ['POST /access/groups', {groupid: 'kgb'}],
    ['POST /access/groups', {groupid: 'kgc'}],
    ['POST /access/users', {userid: 'kt@pve'}],
    ['POST /access/users', {userid: 'kt2@pve'}],
    [
      'POST /access/domains',
      {realm: 'krs', type: 'ldap', server1: '192.0.2.7', user_attr: 'uid', base_dn: 'dc=example,dc=com'},
    ],
    [
      'POST /access/domains',
      {realm: 'krt', type: 'ldap', server1: '192.0.2.7', user_attr: 'uid', base_dn: 'dc=example,dc=com'},
    ],
  ],
  cases: [
    {kind: 'group', names: (n) => ({groupid: `kg${n}`}), id: (n) => `kg${n}`},
    {
      kind: 'user',
      names: (n) => ({userid: `ku${n}@pve`}),
      id: (n) => `ku${n}@pve`,
      values: {
        groups: ['kga,kgc', 'kgb,kgc'],
        expire: [1_900_000_000, 1_900_000_001],
        password: ['first-word', 'second-word'],
        keys: ['x!one', 'x!two'],
      },
    },
    {
      kind: 'user',
      of: 'tokens',
      part: 'tokens',
      names: (n) => ({userid: 'kt@pve', tokenid: `t${n}`}),
      id: () => 'kt@pve',
      at: (n) => ['tokens', `t${n}`],
      values: {expire: [1_900_000_000, 1_900_000_001]},
    },
    {kind: 'role', names: (n) => ({roleid: `KR${n}`}), id: (n) => `KR${n}`},
    {
      kind: 'realm',
      of: 'ldap',
      names: (n) => ({realm: `kl${n}`}),
      id: (n) => `kl${n}`,
      fixed: {type: 'ldap'},
      keys: `base_dn user_attr ${directory}`,
      needed: 'base_dn user_attr server1',
      values: {
        ...ofDirectory,
        base_dn: ['dc=one,dc=com', 'dc=two,dc=com'],
        user_attr: ['uid', 'cn'],
      },
    },
    {
      kind: 'realm',
      of: 'secure, which mode takes the place of',
      names: (n) => ({realm: `ks${n}`}),
      id: (n) => `ks${n}`,
      fixed: {type: 'ldap', server1: '192.0.2.7', user_attr: 'uid', base_dn: 'dc=example,dc=com'},
      keys: 'secure',
    },
    {
      kind: 'realm',
      of: 'ad',
      names: (n) => ({realm: `ka${n}`}),
      id: (n) => `ka${n}`,
      fixed: {type: 'ad'},
      keys: `domain base_dn ${directory}`,
      needed: 'domain server1',
      values: {
        ...ofDirectory,
        domain: ['example.com', 'example.org'],
        base_dn: ['dc=one,dc=com', 'dc=two,dc=com'],
      },
    },
    {
      kind: 'realm',
      of: 'openid',
      names: (n) => ({realm: `ko${n}`}),
      id: (n) => `ko${n}`,
      fixed: {type: 'openid'},
      keys:
        'issuer-url client-id client-key autocreate username-claim groups-claim groups-autocreate groups-overwrite prompt scopes ' +
        'acr-values comment query-userinfo audiences',
      needed: 'issuer-url client-id',
      values: {
        'issuer-url': ['https://one.example.com', 'https://two.example.com'],
        prompt: ['login', 'consent'],
        scopes: ['email profile', 'email openid'],
        'username-claim': ['email', 'upn'],
      },
    },
    {
      kind: 'realm',
      of: 'default, which one realm has at most',
      names: () => ({realm: 'kd'}),
      id: () => 'kd',
      fixed: {type: 'openid', 'issuer-url': 'https://one.example.com', 'client-id': 'one'},
      keys: 'default',
    },
    {
      kind: 'realm-sync',
      names: (n) => ({id: `kj${n}`}),
      id: (n) => `kj${n}`,
      needed: 'scope',
      back: 'enabled',
      values: {realm: ['krs', 'krt'], 'remove-vanished': ['acl;entry', 'acl;properties']},
    },
  ],
  odd: [
    {
      kind: 'acl',
      what: 'who may do what: a role takes the place of another, one is no more for what is below, one is more, one is gone',
      id: 'acl',
      rounds: {
        make: [
          [
            ['PUT /access/acl', {path: '/vms/100', users: 'kt@pve,kt2@pve', roles: 'PVEAuditor'}],
            ['PUT /access/acl', {path: '/vms/100', groups: 'kga', roles: 'PVEVMUser'}],
            ['PUT /access/acl', {path: '/storage/local', users: 'kt@pve', roles: 'PVEDatastoreUser'}],
            ['PUT /access/acl', {path: '/storage/local', groups: 'kga', roles: 'PVEDatastoreUser', propagate: 0}],
          ],
        ],
        change: [
          [
            ['PUT /access/acl', {path: '/vms/100', users: 'kt@pve', roles: 'PVEVMAdmin'}],
            ['PUT /access/acl', {path: '/vms/100', users: 'kt@pve', roles: 'PVEAuditor', delete: 1}],
            ['PUT /access/acl', {path: '/storage/local', users: 'kt@pve', roles: 'PVEDatastoreUser', propagate: 0}],
          ],
          [2, 2],
        ],
        unset: [[['PUT /access/acl', {path: '/vms/100', groups: 'kga', roles: 'PVEVMUser', delete: 1}]], [0, 1]],
        again: [[['PUT /access/acl', {path: '/vms/100', groups: 'kga', roles: 'PVEVMUser'}]], [1, 0]],
        remove: [
          [
            ['PUT /access/acl', {path: '/vms/100', users: 'kt@pve', roles: 'PVEVMAdmin', delete: 1}],
            ['PUT /access/acl', {path: '/vms/100', users: 'kt2@pve', roles: 'PVEAuditor', delete: 1}],
          ],
        ],
      },
    },
  ],
}
