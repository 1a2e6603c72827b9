import type {Kind} from './kind.js'

const name = {heading: 'NAME', field: 'id'} as const
const comment = {heading: 'COMMENT', field: 'config.comment'} as const
const byName = {aliases: [], declared: true, id: 'name', facts: []} as const

/** Who there is, and what they may do. */
export const access = [
  {
    ...byName,
    name: 'user',
    plural: 'users',
    idKey: 'userid',
    file: 'access/user/{id}.yaml',
    shapes: {groups: 'set', tokens: {map: {'*': {map: {}}}}},
    columns: [
      name,
      {heading: 'ENABLED', field: 'config.enable'},
      {heading: 'GROUPS', field: 'config.groups'},
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
    shapes: {privs: 'set'},
    columns: [name, {heading: 'PRIVILEGES', field: 'config.privs'}],
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
    columns: [name],
  },
  {
    ...byName,
    name: 'realm',
    plural: 'realms',
    idKey: 'realm',
    file: 'access/realm/{id}.yaml',
    shapes: {group_classes: 'set', user_classes: 'set', 'sync-defaults-options': {map: {'remove-vanished': 'set'}}},
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
