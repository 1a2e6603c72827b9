// Realms: bpg/terraform-provider-proxmox v0.112.0, fwprovider/access/model_realm_ldap.go and model_realm_openid.go (fromAPIResponse).
import {spellingOfMap} from './spelling.js'
import {elsewhere, isType, lost} from './asides.js'
import {allOf, derived, flag, has, idOf, is, isBuiltin, not, number, text, verbatim} from './fields.js'
import type {At, Field, KindRows, Resource} from './row.js'

/** A set that the provider has as the text that PVE has. */
const joined = (to: string, from: string): Field => ({
  ...{to, from},
  as: (value, at) => {
    const spelled = at.spelled(from) ?? value
    return Array.isArray(spelled) ? spelled.join(',') : String(spelled)
  },
})

const ldap: Resource = {
  type: 'proxmox_realm_ldap',
  file: 'access',
  when: is('config.type', 'ldap'),
  importId: idOf,
  fields: [
    derived('realm', idOf),
    text('server1', 'config.server1'),
    text('server2', 'config.server2'),
    number('port', 'config.port'),
    text('base_dn', 'config.base_dn'),
    text('bind_dn', 'config.bind_dn'),
    text('user_attr', 'config.user_attr', {default: 'uid'}),
    text('mode', 'config.mode'),
    flag('secure', 'config.secure', {default: false}),
    flag('verify', 'config.verify', {default: false}),
    text('ssl_version', 'config.sslversion'),
    text('ca_path', 'config.capath'),
    text('cert_path', 'config.cert'),
    text('cert_key_path', 'config.certkey'),
    text('filter', 'config.filter'),
    text('group_dn', 'config.group_dn'),
    text('group_filter', 'config.group_filter'),
    joined('group_classes', 'config.group_classes'),
    text('group_name_attr', 'config.group_name_attr'),
    joined('user_classes', 'config.user_classes'),
    text('sync_attributes', 'config.sync_attributes'),
    {
      ...{to: 'sync_defaults_options', from: 'config.sync-defaults-options'},
      as: (_value, at) => spellingOfMap(at, 'config.sync-defaults-options'),
    },
    text('comment', 'config.comment'),
    flag('default', 'config.default', {default: false}),
    flag('case_sensitive', 'config.case-sensitive', {default: true}),
  ],
  hindrances: [
    {
      when: (at) => has('config.cert')(at) !== has('config.certkey')(at),
      of: ['cert_path', 'cert_key_path'],
      why: 'the provider takes a certificate with its key only',
    },
  ],
}

const openid: Resource = {
  type: 'proxmox_realm_openid',
  file: 'access',
  when: is('config.type', 'openid'),
  importId: idOf,
  fields: [
    derived('realm', idOf),
    text('issuer_url', 'config.issuer-url'),
    text('client_id', 'config.client-id'),
    flag('autocreate', 'config.autocreate'),
    verbatim('username_claim', 'config.username-claim'),
    text('groups_claim', 'config.groups-claim'),
    flag('groups_autocreate', 'config.groups-autocreate'),
    flag('groups_overwrite', 'config.groups-overwrite'),
    text('scopes', 'config.scopes'),
    text('prompt', 'config.prompt'),
    text('acr_values', 'config.acr-values'),
    text('audiences', 'config.audiences'),
    flag('query_userinfo', 'config.query-userinfo'),
    text('comment', 'config.comment'),
    flag('default', 'config.default'),
  ],
}

const isAd = is('config.type', 'ad')

function withoutResource(at: At): {how: 'inexpressible' | 'leftOut'; why: string} {
  if (isAd(at)) return {how: 'inexpressible', why: 'the provider has no resource for realms of Active Directory'}
  return isBuiltin(at)
    ? {how: 'leftOut', why: 'it is there from the beginning'}
    : {how: 'inexpressible', why: 'the provider has no resource for a realm of this type'}
}

const secret = 'no secret is written; the provider takes an absent one for the one that is there'

const realm: KindRows = {
  kind: 'realm',
  resources: [ldap, openid],
  none: withoutResource,
  asides: [
    isType,
    ...elsewhere([ldap, openid]),
    lost('tfa', 'domain'),
    {of: ['config.password', 'config.client-key'], how: 'leftOut', why: secret},
  ],
  unmanageable: [
    {
      when: allOf(is('config.type', 'ldap'), has('config.mode'), is('config.secure', 1)),
      why: 'the provider takes `mode` or `secure`, and reads both',
      change: () => ['--unset=secure'],
    },
    {
      when: allOf(is('config.type', 'ldap'), not(has('config.server1'))),
      why: 'the provider cannot read a realm without `server1`',
    },
    {
      when: allOf(is('config.type', 'ldap'), not(has('config.base_dn'))),
      why: 'the provider cannot read a realm without `base_dn`',
    },
  ],
}

const sync: KindRows = {
  kind: 'realm-sync',
  resources: [],
  none: () => ({
    how: 'inexpressible',
    why: 'the provider has no resource for such jobs: `proxmox_realm_sync` is what was done once',
  }),
}

export const realms: readonly KindRows[] = [realm, sync]
