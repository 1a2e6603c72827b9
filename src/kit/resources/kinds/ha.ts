import {mapsOf} from './answers.js'
import type {Kind} from './kind.js'
import type {KindTravel} from './travel.js'
import type {Entry, KindWire} from './wire.js'

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
    // PVE writes the state itself at each start and stop of the guest; whether it is left alone is for people to say (pve-ha-manager, PVE/API2/HA/Resources.pm).
    facts: ['state'],
    chosen: {state: ['ignored', 'disabled']},
    beside: {power: {fact: 'state', stopped: ['stopped', 'disabled'], neither: ['ignored']}},
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

const checksum = 'a checksum'
const sight = {path: '/', privileges: ['Sys.Audit']} as const

/** `enabled` is another word for `started`, and what is without a state is started (pve-ha-manager, PVE/HA/Resources.pm). */
function resourcesIn(answer: unknown): readonly Entry[] | undefined {
  return mapsOf(answer)?.map((entry) => ({...entry, state: wordOf(entry.state)}))
}

function wordOf(state: unknown): unknown {
  return state === undefined || state === null || state === 'enabled' ? 'started' : state
}

export const haOnWire = () =>
  [
    {
      name: 'ha-resource',
      list: {
        path: '/cluster/ha/resources',
        idKey: 'sid',
        idPattern: /^(?:vm|ct):([1-9]\d*)$/,
        entries: resourcesIn,
        restIsConfig: true,
      },
      leftOut: {digest: checksum, type: 'follows from the guest'},
      sight,
    },
    {
      name: 'ha-group',
      list: {path: '/cluster/ha/groups', idKey: 'group', restIsConfig: true},
      leftOut: {digest: checksum, type: 'is the same for all'},
      sight,
      until: '9',
      absentWhen: [/ha groups have been migrated to rules/],
    },
    {
      name: 'ha-rule',
      list: {path: '/cluster/ha/rules', idKey: 'rule', restIsConfig: true},
      leftOut: {digest: checksum, order: 'its place in the file'},
      sight,
      since: '9',
      absentWhen: [/ha groups have not been migrated yet/],
    },
  ] as const satisfies readonly KindWire[]

const withPriority = {kinds: ['node'], pattern: /^([^:]+)/} as const

export const haTravels = () =>
  [
    {
      name: 'ha-resource',
      create: 'POST /cluster/ha/resources',
      update: 'PUT /cluster/ha/resources/{sid}',
      remove: 'DELETE /cluster/ha/resources/{sid}',
      unset: 'delete',
      digest: ['update'],
      consequence: 'live',
      refs: {group: 'ha-group'},
      own: {state: 'started'},
      power: {parameter: 'state', running: 'started', stopped: 'stopped'},
      consequences: {power: 'stops'},
    },
    {
      name: 'ha-group',
      create: 'POST /cluster/ha/groups',
      update: 'PUT /cluster/ha/groups/{group}',
      remove: 'DELETE /cluster/ha/groups/{group}',
      unset: 'delete',
      digest: ['update'],
      fixed: {type: 'group'},
      consequence: 'migrate',
      refs: {nodes: withPriority},
      consequences: {comment: 'live'},
    },
    {
      name: 'ha-rule',
      create: 'POST /cluster/ha/rules',
      update: 'PUT /cluster/ha/rules/{rule}',
      remove: 'DELETE /cluster/ha/rules/{rule}',
      unset: 'delete',
      digest: ['update'],
      resend: ['type'],
      consequence: 'migrate',
      refs: {nodes: withPriority, resources: {kinds: ['vm', 'container'], pattern: /^(?:vm|ct):(\d+)$/}},
      none: {disable: 0},
      still: ['type'],
      needed: {
        key: 'type',
        of: {'node-affinity': ['nodes', 'resources'], 'resource-affinity': ['affinity', 'resources']},
      },
      consequences: {comment: 'live'},
      // What is sent is decoded as if it stood in the file already (pve-ha-manager, PVE/HA/Rules.pm (decode_value), by PVE/SectionConfig.pm (check_config)); seen on the real daemon.
      spoilt: {
        comment: {
          isSpoilt: (value) => /[^\0-\x7f]|%[\da-f]{2}/i.test(String(value)),
          what: 'letters beyond ASCII, and a % before two hexadecimal digits',
        },
      },
    },
  ] as const satisfies readonly KindTravel[]
