import type {Kind} from './kind.js'

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
