// Users with their tokens, groups, roles and the access control list: bpg/terraform-provider-proxmox v0.112.0, proxmoxtf/resource/user.go (userRead),
// group.go, role.go, fwprovider/access/resource_user_token.go, resource_acl.go.
import type {Value} from 'pmpc/kit/resources'
import type {Expression} from '../hcl.js'
import {beginning, observed} from './asides.js'
import {derived, flag, idOf as id, isBuiltin, list, not, text} from './fields.js'
import type {At, Field, KindRows} from './row.js'

/** Seconds since the epoch, as Go's time.RFC3339 has them in UTC. */
const date = (to: string, from: string): Field => ({
  ...{to, from},
  as: (value) => (Number(value) > 0 ? new Date(Number(value) * 1000).toISOString().replace(/\.\d+Z$/, 'Z') : undefined),
})

const groups: Field = {
  ...{to: 'groups', from: 'config.groups'},
  as: (value, at) => {
    const names = Array.isArray(value) ? value.map(String) : []
    return names.length === 0 ? undefined : names.map((name) => at.reference('group', name, name))
  },
}

const user: KindRows = {
  kind: 'user',
  resources: [
    {
      type: 'proxmox_virtual_environment_user',
      file: 'access',
      when: not(isBuiltin),
      importId: id,
      fields: [
        derived('user_id', id),
        text('comment', 'config.comment', {default: ''}),
        text('email', 'config.email', {default: ''}),
        flag('enabled', 'config.enable', {default: true}),
        date('expiration_date', 'config.expire'),
        text('first_name', 'config.firstname', {default: ''}),
        text('last_name', 'config.lastname', {default: ''}),
        groups,
        text('keys', 'config.keys', {default: ''}),
      ],
      known: {user_id: id},
    },
    {
      type: 'proxmox_user_token',
      file: 'access',
      each: 'config.tokens.*',
      importId: (at) => tokenOf(at),
      fields: [
        derived('user_id', (at) => at.reference('user', id(at), id(at))),
        derived('token_name', ({path}) => path.at(-1)!),
        text('comment', 'comment'),
        date('expiration_date', 'expire'),
        flag('privileges_separation', 'privsep'),
      ],
      known: {id: (at) => tokenOf(at)},
    },
  ],
  none: () => beginning,
  asides: [
    {
      of: 'config.tokens.*',
      where: ({value}) => Object.keys(value as object).length === 0,
      ...{how: 'leftOut', why: 'the name is all there is of it'},
    },
    {
      of: 'config.password',
      ...{how: 'leftOut', why: 'no secret is written; the provider takes an absent one for the one that is there'},
    },
    {of: ['config.enable', 'config.expire'], where: isBuiltin, ...beginning},
  ],
}

const tokenOf = (at: At): string => `${id(at)}!${at.path.at(-1)!}`

const group: KindRows = {
  kind: 'group',
  resources: [
    {
      type: 'proxmox_virtual_environment_group',
      file: 'access',
      importId: id,
      fields: [derived('group_id', id), text('comment', 'config.comment', {default: ''})],
      known: {group_id: id},
    },
  ],
}

const role: KindRows = {
  kind: 'role',
  resources: [
    {
      type: 'proxmox_virtual_environment_role',
      file: 'access',
      when: not(isBuiltin),
      importId: id,
      fields: [derived('role_id', id), {...list('privileges', 'config.privs'), absent: []}],
      known: {role_id: id},
    },
  ],
  none: () => beginning,
  asides: [observed('special')],
}

/** An entry of the list: `config./vms/100.alice@pve.0`, a role, with `:propagate=0` where it is for the path alone. */
function entryOf({path: [, path, who], value}: At): {path: string; who: string; role: string; propagate: boolean} {
  const [, role, alone] = /^(.*?)(:propagate=0)?$/s.exec(String(value))!
  return {path: path!, who: who!, role: role!, propagate: alone === undefined}
}

/** Whom an entry is about: `@shop` is a group, `alice@pve!ci` a token. */
function principal(at: At): {to: 'group_id' | 'token_id' | 'user_id'; id: string; name: Expression} {
  const {who} = entryOf(at)
  if (who.startsWith('@')) {
    const name = who.slice(1)
    return {to: 'group_id', id: name, name: at.reference('group', name, name)}
  }
  if (who.includes('!')) return {to: 'token_id', id: who, name: at.reference('user', who.replace('!', '/'), who)}
  return {to: 'user_id', id: who, name: at.reference('user', who, who)}
}

const about = (to: 'group_id' | 'token_id' | 'user_id'): Field =>
  derived(to, (at) => {
    const found = principal(at)
    return found.to === to ? found.name : undefined
  })

const acl: KindRows = {
  kind: 'acl',
  resources: [
    {
      type: 'proxmox_acl',
      file: 'access',
      each: 'config.*.*.*',
      importId: (at) => `${entryOf(at).path}?${principal(at).id}?${entryOf(at).role}`,
      suffix: (at) => {
        const {path, who, role} = entryOf(at)
        return `${path} ${who} ${role}`
      },
      fields: [
        derived('path', (at) => entryOf(at).path),
        ...([about('group_id'), about('user_id'), about('token_id')] as const),
        {
          ...{to: 'role_id', from: ''},
          as: (_value: Value, at) => at.reference('role', entryOf(at).role, entryOf(at).role),
        },
        derived('propagate', (at) => entryOf(at).propagate),
      ],
    },
  ],
  none: () => ({how: 'leftOut', why: 'there is no entry'}),
}

export const access: readonly KindRows[] = [user, group, role, acl]
