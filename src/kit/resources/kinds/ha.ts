import type {Kind} from './kind.js'

const comment = {heading: 'COMMENT', field: 'config.comment', wide: true} as const
const nodes = {heading: 'NODES', field: 'config.nodes'} as const
const byName = {aliases: [], declared: true, id: 'name', facts: [], shapes: {nodes: 'set', resources: 'set'}} as const

/** What the HA manager looks after, and where. */
export const ha = [
  {
    ...byName,
    name: 'ha-resource',
    plural: 'ha-resources',
    id: 'vmid',
    idKey: 'sid',
    file: 'ha/resource/{id}.yaml',
    // PVE writes the state itself at each start and stop of the guest.
    facts: ['state'],
    beside: {power: {fact: 'state', stopped: ['stopped', 'disabled']}},
    parents: [{id: /^(\d+)$/, kinds: ['vm', 'container']}],
    columns: [
      {heading: 'VMID', field: 'id', align: 'right'},
      {heading: 'STATE', field: 'facts.state'},
      {heading: 'GROUP', field: 'config.group'},
      {heading: 'RESTARTS', field: 'config.max_restart', align: 'right'},
      {heading: 'RELOCATES', field: 'config.max_relocate', align: 'right'},
      comment,
    ],
  },
  {
    ...byName,
    name: 'ha-group',
    plural: 'ha-groups',
    idKey: 'group',
    file: 'ha/group/{id}.yaml',
    columns: [
      {heading: 'NAME', field: 'id'},
      nodes,
      {heading: 'RESTRICTED', field: 'config.restricted'},
      {heading: 'NOFAILBACK', field: 'config.nofailback'},
      comment,
    ],
  },
  {
    ...byName,
    name: 'ha-rule',
    plural: 'ha-rules',
    idKey: 'rule',
    file: 'ha/rule/{id}.yaml',
    columns: [
      {heading: 'NAME', field: 'id'},
      {heading: 'TYPE', field: 'config.type'},
      {heading: 'RESOURCES', field: 'config.resources'},
      nodes,
      {heading: 'DISABLED', field: 'config.disable'},
      comment,
    ],
  },
] as const satisfies readonly Kind[]
