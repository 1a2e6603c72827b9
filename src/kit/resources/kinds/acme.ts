import type {Kind} from './kind.js'
import type {KindTravel} from './travel.js'
import type {KindWire} from './wire.js'

const name = {heading: 'NAME', field: 'id'} as const

/** Who vouches for a node's certificate. */
export const acme = [
  {
    name: 'acme-plugin',
    plural: 'acme-plugins',
    aliases: [],
    declared: true,
    id: 'name',
    idKey: 'plugin',
    file: 'acme/plugin/{id}.yaml',
    facts: [],
    shapes: {nodes: 'set'},
    builtin: ({id, config}) => id === 'standalone' && Object.keys(config).every((key) => key === 'type'),
    columns: [name, {heading: 'TYPE', field: 'config.type'}, {heading: 'API', field: 'config.api'}],
  },
  {
    // Names only: all else of an account is told to root@pam, and to no token.
    name: 'acme-account',
    plural: 'acme-accounts',
    aliases: [],
    declared: false,
    id: 'name',
    idKey: 'name',
    file: 'acme/account/{id}.yaml',
    facts: [],
    columns: [name],
  },
] as const satisfies readonly Kind[]

export const acmeOnWire = () =>
  [
    {
      name: 'acme-plugin',
      list: {path: '/cluster/acme/plugins', idKey: 'plugin', restIsConfig: true},
      leftOut: {digest: 'a checksum'},
      secret: {data: 'credentials of a name server, in base64'},
      sight: {path: '/', privileges: ['Sys.Modify']},
    },
    {
      name: 'acme-account',
      list: {path: '/cluster/acme/account', idKey: 'name', restIsConfig: true},
      leftOut: {},
      sight: null,
    },
  ] as const satisfies readonly KindWire[]

export const acmeTravels = () =>
  [
    {
      name: 'acme-plugin',
      create: 'POST /cluster/acme/plugins',
      update: 'PUT /cluster/acme/plugins/{id}',
      remove: 'DELETE /cluster/acme/plugins/{id}',
      idParameter: 'id',
      unset: 'delete',
      digest: ['update'],
      createOnly: ['type'],
      consequence: 'live',
      refs: {nodes: 'node'},
      none: {disable: 0},
      told: ['data'],
      lasting: ({id}) => id === 'standalone',
    },
    {
      name: 'acme-account',
      // For root@pam alone, whom no token stands for.
      consequence: 'live',
    },
  ] as const satisfies readonly KindTravel[]
