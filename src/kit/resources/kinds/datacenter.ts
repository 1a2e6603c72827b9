import {MASK} from '../../secrets/index.js'
import {byKey, isMap, mapsOf, propertiesOf, withoutEmpty} from './answers.js'
import type {Kind} from './kind.js'
import type {Value} from '../model.js'
import type {KindTravel} from './travel.js'
import type {Entry, KindWire} from './wire.js'

const name = {heading: 'NAME', field: 'id'} as const
const comment = {heading: 'COMMENT', field: 'config.comment'} as const
const disabled = {heading: 'DISABLED', field: 'config.disable'} as const
/** `builtin`, `modified-builtin` or `user-created`. */
const origin = {heading: 'ORIGIN', field: 'facts.origin', wide: true} as const
const builtin = ({facts}: {facts: Readonly<Record<string, unknown>>}) => facts.origin === 'builtin'
const strings = {map: {}} as const

/** What holds for the whole cluster, and who is told of what. */
export const datacenter = [
  {
    name: 'options',
    plural: 'options',
    aliases: [],
    declared: true,
    id: 'single',
    idKey: 'id',
    file: 'options.yaml',
    facts: [],
    shapes: {
      'registered-tags': 'set',
      description: 'text',
      'consent-text': 'text',
      bwlimit: strings,
      crs: strings,
      ha: strings,
      location: strings,
      migration: strings,
      'next-id': strings,
      notify: strings,
      replication: strings,
      'tag-style': strings,
      u2f: strings,
      'user-tag-access': {map: {'user-allow-list': 'set'}},
      webauthn: strings,
    },
    columns: [
      name,
      {heading: 'KEYBOARD', field: 'config.keyboard'},
      {heading: 'LANGUAGE', field: 'config.language'},
      {heading: 'MIGRATION', field: 'config.migration'},
    ],
  },
  {
    name: 'metric-server',
    plural: 'metric-servers',
    aliases: [],
    declared: true,
    id: 'name',
    idKey: 'id',
    file: 'metric-server/{id}.yaml',
    facts: [],
    columns: [
      name,
      {heading: 'TYPE', field: 'config.type'},
      {heading: 'SERVER', field: 'config.server'},
      {heading: 'PORT', field: 'config.port', align: 'right'},
      disabled,
    ],
  },
  {
    name: 'notification-target',
    plural: 'notification-targets',
    aliases: [],
    declared: true,
    id: 'name',
    idKey: 'name',
    file: 'notification/target/{id}.yaml',
    facts: ['origin'],
    builtin,
    shapes: {type: 'scalar', mailto: 'set', 'mailto-user': 'set', header: {map: {}}, secret: {map: {}}, body: 'text'},
    columns: [name, {heading: 'TYPE', field: 'config.type'}, disabled, comment, origin],
  },
  {
    name: 'notification-matcher',
    plural: 'notification-matchers',
    aliases: [],
    declared: true,
    id: 'name',
    idKey: 'name',
    file: 'notification/matcher/{id}.yaml',
    facts: ['origin'],
    builtin,
    shapes: {target: 'set', 'match-severity': 'set', 'match-field': 'set', 'match-calendar': 'set'},
    columns: [name, {heading: 'TARGETS', field: 'config.target'}, disabled, comment, origin],
  },
] as const satisfies readonly Kind[]

const checksum = 'a checksum'
const writeOnly = 'PVE takes it, and gives it to nobody'

/** Without empty texts, and without the password in the address of the proxy. */
function optionsOf(answer: unknown): Entry | undefined {
  if (!isMap(answer)) return undefined
  const {http_proxy: proxy, ...rest} = withoutEmpty(answer)
  if (typeof proxy !== 'string') return rest
  return {...rest, http_proxy: proxy.replace(/^([^:]*:\/\/[^/:@]*):.*@/s, `$1:${MASK}@`)}
}

/** The body of a webhook as it was written, its headers and secrets by name. */
function targetsIn(answer: unknown): readonly Entry[] | undefined {
  const targets = mapsOf(answer)?.map((target): Entry | undefined => {
    const {header = [], secret = [], body, ...rest} = target
    const [headers, secrets] = [header, secret].map((list) => byKey(propertiesOf(list), 'name'))
    if (!headers || !secrets) return undefined
    return {
      ...rest,
      ...(typeof body === 'string' ? {body: Buffer.from(body, 'base64').toString('utf8')} : {}),
      ...valuesOf('header', headers),
      ...valuesOf('secret', secrets),
    }
  })
  return targets?.every((target) => target !== undefined) ? targets : undefined
}

/** Of a secret only the name is told. */
function valuesOf(key: string, members: Record<string, Entry>): Entry {
  const values = Object.entries(members).map(([name, {value = ''}]) => [name, value])
  return values.length > 0 ? {[key]: Object.fromEntries(values) as unknown} : {}
}

const audit = ['Mapping.Audit', 'Mapping.Modify'] as const

export const datacenterOnWire = () =>
  [
    {
      name: 'options',
      scopes: [{id: 'options'}],
      parts: [{path: '/cluster/options', value: optionsOf}],
      leftOut: {'allowed-tags': 'depends on who asks'},
      spelled: [{key: /^description$/}],
      sight: {path: '/', privileges: ['Sys.Audit'], whole: true},
    },
    {
      name: 'metric-server',
      list: {
        path: '/cluster/metrics/server',
        idKey: 'id',
        leftOut: {
          type: 'is in the configuration',
          server: 'is in the configuration',
          port: 'is in the configuration',
          disable: 'is in the configuration',
        },
      },
      item: '/cluster/metrics/server/{id}',
      leftOut: {digest: checksum},
      secret: {token: 'shown to whoever may audit', 'otel-headers': 'may hold a credential'},
      sight: {path: '/', privileges: ['Sys.Audit']},
    },
    {
      name: 'notification-target',
      list: {
        path: '/cluster/notifications/endpoints/{type}',
        over: {path: '/cluster/notifications/targets', key: 'type'},
        idKey: 'name',
        entries: targetsIn,
        restIsConfig: true,
      },
      leftOut: {digest: checksum},
      secret: {
        token: writeOnly,
        password: writeOnly,
        secret: writeOnly,
        header: 'may hold a credential',
      },
      sight: {path: '/mapping/notifications', privileges: audit},
    },
    {
      name: 'notification-matcher',
      list: {path: '/cluster/notifications/matchers', idKey: 'name', restIsConfig: true},
      leftOut: {digest: checksum},
      sight: {path: '/mapping/notifications', privileges: [...audit, 'Mapping.Use']},
    },
  ] as const satisfies readonly KindWire[]

/** Members by name as the list that PVE takes. */
const named = (members: Value): Value =>
  isMap(members) ? Object.entries(members).map(([name, value]) => ({name, value: value as Value})) : members

export const datacenterTravels = () =>
  [
    {
      name: 'options',
      update: 'PUT /cluster/options',
      unset: 'delete',
      consequence: 'live',
      own: {mac_prefix: 'BC:24:11'},
    },
    {
      name: 'metric-server',
      create: 'POST /cluster/metrics/server/{id}',
      update: 'PUT /cluster/metrics/server/{id}',
      remove: 'DELETE /cluster/metrics/server/{id}',
      unset: 'delete',
      digest: ['update'],
      createOnly: ['type'],
      resend: ['server', 'port'],
      consequence: 'live',
      none: {disable: 0},
      told: ['token', 'otel-headers'],
      needed: ['server', 'port'],
    },
    {
      name: 'notification-target',
      create: 'POST /cluster/notifications/endpoints/{type}',
      update: 'PUT /cluster/notifications/endpoints/{type}/{name}',
      remove: 'DELETE /cluster/notifications/endpoints/{type}/{name}',
      unset: 'delete',
      digest: ['update'],
      createOnly: ['type'],
      consequence: 'live',
      refs: {'mailto-user': 'user'},
      none: {disable: 0},
      unsetAs: 'array',
      told: ['header', 'secret'],
      secretsOf: {key: 'type', of: {gotify: ['token'], smtp: ['password']}},
      facts: (before) => ({
        origin: before === undefined || before.origin === 'user-created' ? 'user-created' : 'modified-builtin',
      }),
      lasting: ({facts}) => facts.origin !== 'user-created',
      sent: {
        body: (body) => Buffer.from(String(body)).toString('base64'),
        header: named,
        secret: named,
      },
    },
    {
      name: 'notification-matcher',
      create: 'POST /cluster/notifications/matchers',
      update: 'PUT /cluster/notifications/matchers/{name}',
      remove: 'DELETE /cluster/notifications/matchers/{name}',
      unset: 'delete',
      digest: ['update'],
      consequence: 'live',
      refs: {target: 'notification-target'},
      none: {disable: 0},
      unsetAs: 'array',
      facts: (before) => ({
        origin: before === undefined || before.origin === 'user-created' ? 'user-created' : 'modified-builtin',
      }),
      lasting: ({facts}) => facts.origin !== 'user-created',
    },
  ] as const satisfies readonly KindTravel[]
