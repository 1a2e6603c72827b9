import type {Kind} from './kind.js'

const name = {heading: 'NAME', field: 'id'} as const
const comment = {heading: 'COMMENT', field: 'config.comment'} as const
const disabled = {heading: 'DISABLED', field: 'config.disable'} as const
/** `builtin`, `modified-builtin` or `user-created`. */
const origin = {heading: 'ORIGIN', field: 'facts.origin', wide: true} as const
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
    shapes: {mailto: 'set', 'mailto-user': 'set', header: {map: {}}, secret: {map: {}}, body: 'text'},
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
    shapes: {target: 'set', 'match-severity': 'set', 'match-field': 'set', 'match-calendar': 'set'},
    columns: [name, {heading: 'TARGETS', field: 'config.target'}, disabled, comment, origin],
  },
] as const satisfies readonly Kind[]
