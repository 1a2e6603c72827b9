import {aclWithout, roleOf, type Others} from './acl.js'
import {byKey, mapsOf, numberOf, withoutEmpty} from './answers.js'
import type {Kind} from './kind.js'
import type {Config, KindName, Observed, Scalar} from '../model.js'
import type {KindTravel, Named} from './travel.js'
import type {Entry, KindWire} from './wire.js'

const name = {heading: 'NAME', field: 'id'} as const
const comment = {heading: 'COMMENT', field: 'config.comment'} as const
const byName = {aliases: [], declared: true, id: 'name', facts: []} as const

/** The comments with which PVE makes its own realms. */
const standard: Readonly<Record<string, string>> = {
  pam: 'Linux PAM standard authentication',
  pve: 'Proxmox VE authentication server',
}

/** Who there is, and what they may do. */
export const access = [
  {
    ...byName,
    name: 'user',
    plural: 'users',
    idKey: 'userid',
    file: 'access/user/{id}.yaml',
    shapes: {groups: 'set', tokens: {map: {'*': {map: {}}}}},
    builtin: ({id, config}) =>
      id === 'root@pam' && Object.keys(config).every((key) => ['enable', 'expire'].includes(key)),
    columns: [
      name,
      {heading: 'ENABLED', field: 'config.enable'},
      {heading: 'GROUPS', field: 'config.groups'},
      {heading: 'TOKENS', field: 'config.tokens', align: 'right'},
      comment,
      {heading: 'EMAIL', field: 'config.email', wide: true},
      {heading: 'EXPIRES', field: 'config.expire', wide: true},
    ],
  },
  {
    ...byName,
    name: 'group',
    plural: 'groups',
    idKey: 'groupid',
    file: 'access/group/{id}.yaml',
    columns: [name, comment],
  },
  {
    ...byName,
    name: 'role',
    plural: 'roles',
    idKey: 'roleid',
    file: 'access/role/{id}.yaml',
    // They follow the version of PVE.
    facts: ['special'],
    builtin: ({facts}) => facts.special === 1,
    shapes: {privs: 'set'},
    columns: [name, {heading: 'PRIVILEGES', field: 'config.privs', wide: true}],
  },
  {
    ...byName,
    name: 'acl',
    plural: 'acl',
    aliases: ['acls'],
    id: 'single',
    idKey: 'id',
    file: 'access/acl.yaml',
    // Path, then who (a group as `@NAME`), then roles: `ROLE:propagate=0` where it is for the path alone.
    shapes: {'*': {map: {'*': 'set'}}},
    columns: [name, {heading: 'PATHS', field: 'config', align: 'right'}],
  },
  {
    ...byName,
    name: 'realm',
    plural: 'realms',
    idKey: 'realm',
    file: 'access/realm/{id}.yaml',
    shapes: {group_classes: 'set', user_classes: 'set', 'sync-defaults-options': {map: {'remove-vanished': 'set'}}},
    builtin: ({id, config: {type, comment, ...set}}) =>
      type === id && comment === standard[String(id)] && Object.keys(set).length === 0,
    columns: [
      name,
      {heading: 'TYPE', field: 'config.type'},
      {heading: 'DEFAULT', field: 'config.default'},
      comment,
      {heading: 'SERVER', field: 'config.server1', wide: true},
      {heading: 'ISSUER', field: 'config.issuer-url', wide: true},
    ],
  },
] as const satisfies readonly Kind[]

const writeOnly = 'PVE takes it, and gives it to nobody'
const checksum = 'a checksum'

/** With their tokens by name; an empty text stands for none, as there is no other way to take one out. */
function usersIn(answer: unknown): readonly Entry[] | undefined {
  const users = mapsOf(answer)?.map((user): Entry | undefined => {
    const tokens = byKey(user.tokens ?? [], 'tokenid')
    if (!tokens) return undefined
    const {tokens: listed, ...rest} = withoutEmpty(user)
    const named = Object.entries(tokens).map(([name, token]): [string, Entry] => [name, withoutEmpty(token)])
    return named.length > 0 && listed !== undefined ? {...rest, tokens: Object.fromEntries(named)} : rest
  })
  return users?.every((user) => user !== undefined) ? users : undefined
}

/** Path, then who, then roles, from one entry for each role; in maps, as any word may come, also `__proto__`. */
function aclOf(answer: unknown): Entry | undefined {
  const entries = mapsOf(answer)
  if (!entries) return undefined
  const acl = new Map<string, Map<string, string[]>>()
  for (const {path, type, ugid, roleid, propagate} of entries) {
    const below = numberOf(propagate ?? 1)
    if (!isWord(path) || !isWord(ugid) || !isWord(roleid) || Number.isNaN(below)) return undefined
    const who = type === 'group' ? `@${ugid}` : ugid
    const onPath = acl.get(path) ?? new Map<string, string[]>()
    const roles = onPath.get(who) ?? []
    roles.push(below === 0 ? `${roleid}:propagate=0` : roleid)
    acl.set(path, onPath.set(who, roles))
  }
  return Object.fromEntries([...acl].map(([path, onPath]) => [path, Object.fromEntries(onPath)]))
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

const placed = 'is told by its place'

export const accessOnWire = () =>
  [
    {
      name: 'user',
      list: {
        path: '/access/users',
        query: {full: 1},
        idKey: 'userid',
        entries: usersIn,
        restIsConfig: true,
      },
      leftOut: {
        'realm-type': 'repeats the realm',
        'tfa-locked-until': 'a state',
        'totp-locked': 'a state',
        append: 'a word of the call',
        'tokens.*.regenerate': 'a word of the call',
      },
      secret: {password: writeOnly, keys: 'the second factor'},
      sight: {path: '/access/groups', privileges: ['Sys.Audit', 'User.Modify']},
    },
    {
      name: 'group',
      list: {
        path: '/access/groups',
        idKey: 'groupid',
        entries: (answer) => mapsOf(answer)?.map(withoutEmpty),
        restIsConfig: true,
      },
      leftOut: {users: 'users name their groups'},
      sight: {path: '/access/groups/{id}', privileges: ['Sys.Audit', 'Group.Allocate', 'User.Modify']},
    },
    {
      name: 'role',
      list: {
        path: '/access/roles',
        idKey: 'roleid',
        entries: (answer) => mapsOf(answer)?.map(withoutEmpty),
        restIsConfig: true,
        neverEmpty: true,
      },
      leftOut: {append: 'a word of the call'},
      sight: null,
    },
    {
      name: 'acl',
      scopes: [{id: 'acl'}],
      parts: [{path: '/access/acl', value: aclOf}],
      leftOut: {
        path: placed,
        type: placed,
        ugid: placed,
        users: placed,
        groups: placed,
        tokens: placed,
        roleid: placed,
        roles: placed,
        propagate: placed,
      },
      sight: {path: '/access', privileges: ['Sys.Audit'], whole: true},
    },
    {
      name: 'realm',
      list: {
        path: '/access/domains',
        idKey: 'realm',
        neverEmpty: true,
        leftOut: {
          type: 'is in the configuration',
          comment: 'is in the configuration',
          default: 'is in the configuration',
          tfa: 'is in the configuration',
        },
      },
      item: '/access/domains/{id}',
      leftOut: {digest: checksum, plugin: 'repeats the type', 'check-connection': 'a word of the call'},
      secret: {password: writeOnly, 'client-key': 'shown to whoever may audit'},
      spelled: [{key: /^(?:user_classes|group_classes|sync-defaults-options)$/}],
      sight: {path: '/access/realm', privileges: ['Realm.Allocate', 'Sys.Audit']},
    },
  ] as const satisfies readonly KindWire[]

/** What a path, whoever has rights on it, and the roles are. */
function namedInAcl({config}: {config: Config}): readonly Named[] {
  return Object.entries(config).flatMap(([path, onPath]) => [
    ...placeNamed(path),
    ...Object.entries(onPath).flatMap(([who, roles]): Named[] => [
      who.startsWith('@')
        ? {kinds: ['group'], id: who.slice(1), path: [path, who]}
        : {kinds: ['user'], id: who.replace(/!.*$/s, ''), path: [path, who]},
      ...[roles].flat().map((role) => ({
        kinds: ['role'],
        id: String(role).replace(/:.*$/s, ''),
        path: [path, who],
      })),
    ]),
  ])
}

/** First words of paths, with the kinds of what comes behind them. */
const places: Readonly<Record<string, readonly string[]>> = {
  vms: ['vm', 'container'],
  storage: ['storage'],
  pool: ['pool'],
  nodes: ['node'],
}

function placeNamed(path: string): Named[] {
  const [, first = '', id] = /^\/(\w+)\/(.+)$/.exec(path) ?? []
  const kinds = Object.hasOwn(places, first) ? places[first]! : []
  return id === undefined || kinds.length === 0 ? [] : [{kinds, id, path: [path], odd: true}]
}

/** One entry for each role; those that hold for what is below apart from those that do not. */
function entryOf([path, who]: readonly string[], roles: readonly Scalar[]): Record<string, Scalar> {
  const kind = who!.startsWith('@') ? 'groups' : who!.includes('!') ? 'tokens' : 'users'
  return {
    path: path!,
    [kind]: who!.replace(/^@/, ''),
    roles: roles.map(roleOf).join(','),
    propagate: propagation(roles[0]!) === '' ? 1 : 0,
  }
}

const propagation = (entry: Scalar): string => (String(entry).includes(':') ? 'here' : '')

type Changed = {kind: KindName; id: string | number; after: Observed}

/** PVE takes a group that goes out of its users, and out of the ACL. */
function withoutGroup(around: Others, group: string): Changed[] {
  const users = around.objects('user').flatMap((user): Changed[] => {
    const {groups, ...config} = user.config
    if (!Array.isArray(groups) || !groups.includes(group)) return []
    const left = groups.filter((one) => one !== group)
    return [
      {kind: user.kind, id: user.id, after: {...user, config: left.length > 0 ? {...config, groups: left} : config}},
    ]
  })
  return [...users, ...aclWithout(around, (_path, who) => who === `@${group}`)]
}

/** One realm is the default. */
function withoutDefault(around: Others, of: Observed): Changed[] {
  return around.objects('realm').flatMap((realm): Changed[] => {
    const {default: isDefault, ...config} = realm.config
    return isDefault === 1 && realm.id !== of.id ? [{kind: realm.kind, id: realm.id, after: {...realm, config}}] : []
  })
}

export const accessTravels = () =>
  [
    {
      name: 'user',
      create: 'POST /access/users',
      update: 'PUT /access/users/{userid}',
      remove: 'DELETE /access/users/{userid}',
      unset: 'empty',
      createOnly: ['password'],
      parts: {
        // The answer to its creation holds the secret, once.
        tokens: {
          create: 'POST /access/users/{userid}/token/{tokenid}',
          update: 'PUT /access/users/{userid}/token/{tokenid}',
          remove: 'DELETE /access/users/{userid}/token/{tokenid}',
          idParameter: 'tokenid',
          unset: 'empty',
          own: {expire: 0, privsep: 1},
        },
      },
      consequence: 'grants',
      refs: {groups: 'group'},
      names: ({id}) => [{kinds: ['realm'], id: String(id).replace(/^.*@/s, ''), path: []}],
      own: {enable: 1, expire: 0},
      lasting: ({id}) => id === 'root@pam',
      also: ({before, after, around}) =>
        before && !after
          ? aclWithout(around, (_path, who) => who === before.id || who.startsWith(`${before.id}!`))
          : [],
      notes: {tokens: 'its secret is kept nowhere: have Proxmox VE make another one where it is used'},
      consequences: {comment: 'live', email: 'live', firstname: 'live', lastname: 'live'},
    },
    {
      name: 'group',
      create: 'POST /access/groups',
      update: 'PUT /access/groups/{groupid}',
      remove: 'DELETE /access/groups/{groupid}',
      unset: 'empty',
      consequence: 'grants',
      also: ({before, after, around}) => (before && !after ? withoutGroup(around, String(before.id)) : []),
      consequences: {comment: 'live'},
    },
    {
      name: 'role',
      create: 'POST /access/roles',
      update: 'PUT /access/roles/{roleid}',
      remove: 'DELETE /access/roles/{roleid}',
      unset: 'empty',
      consequence: 'grants',
      facts: () => ({special: 0}),
      frozen: ({facts}) => facts.special === 1,
      lasting: ({facts}) => facts.special === 1,
      also: ({before, after, around}) =>
        before && !after ? aclWithout(around, (_path, _who, role) => role === before.id) : [],
    },
    {
      name: 'acl',
      create: 'PUT /access/acl',
      update: 'PUT /access/acl',
      remove: 'PUT /access/acl',
      resend: ['path', 'roles'],
      consequence: 'grants',
      names: namedInAcl,
      parts: {
        '': {
          create: 'PUT /access/acl',
          remove: 'PUT /access/acl',
          elements: {depth: 2, parameters: entryOf, group: propagation, identity: roleOf, removing: {delete: 1}},
        },
      },
    },
    {
      name: 'realm',
      create: 'POST /access/domains',
      update: 'PUT /access/domains/{realm}',
      remove: 'DELETE /access/domains/{realm}',
      unset: 'delete',
      digest: ['update'],
      createOnly: ['type', 'username-claim'],
      consequence: 'grants',
      lasting: ({config}) => config.type === 'pam' || config.type === 'pve',
      told: ['client-key'],
      secretsOf: {key: 'type', of: {ldap: ['password'], ad: ['password']}},
      also: ({before, after, around}) =>
        after?.config.default === 1 && before?.config.default !== 1 ? withoutDefault(around, after) : [],
      needed: {
        key: 'type',
        of: {
          ldap: ['base_dn', 'user_attr', 'server1'],
          ad: ['domain', 'server1'],
          openid: ['issuer-url', 'client-id'],
        },
      },
      consequences: {comment: 'live'},
    },
  ] as const satisfies readonly KindTravel[]
