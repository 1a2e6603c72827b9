import type {Kind} from './kind.js'
import type {KindWire} from './wire.js'

export const nodes = [
  {
    name: 'node',
    plural: 'nodes',
    aliases: [],
    declared: false,
    id: 'name',
    idKey: 'node',
    file: 'node/{id}.yaml',
    facts: ['status', 'maxcpu', 'maxmem', 'level'],
    belongs: {node: 'id'},
    table: {
      table: 'nodes',
      id: 'node',
      facts: [
        {fact: 'status', type: 'text'},
        {fact: 'maxcpu', type: 'integer'},
        {fact: 'maxmem', type: 'integer'},
      ],
    },
    columns: [
      {heading: 'NAME', field: 'id'},
      {heading: 'STATUS', field: 'facts.status'},
      {heading: 'CPUS', field: 'facts.maxcpu', align: 'right'},
      {heading: 'MEMORY', field: 'facts.maxmem', align: 'right', unit: 'bytes'},
      {heading: 'VERSION', field: 'facts.version'},
      {heading: 'IP', field: 'facts.ip', wide: true},
      {heading: 'LEVEL', field: 'facts.level', wide: true},
    ],
  },
] as const satisfies readonly Kind[]

const usage = 'a usage figure'

export const nodesOnWire = [
  {
    name: 'node',
    list: {
      path: '/nodes',
      idKey: 'node',
      mustNotFail: true,
      neverEmpty: true,
      staying: ['maxcpu', 'maxmem', 'level'],
      leftOut: {
        cpu: usage,
        disk: usage,
        mem: usage,
        uptime: usage,
        maxdisk: 'a usage figure where the root file system is ZFS',
        id: 'repeats the name',
        type: 'is the kind',
        ssl_fingerprint: 'changes with every renewal of the certificate',
      },
    },
    joins: [
      {
        path: '/cluster/status',
        facts: {ip: 'ip', nodeid: 'nodeid'},
        by: {key: 'name', where: {key: 'type', value: 'node'}},
      },
      {path: '/nodes/{node}/version', facts: {version: 'version'}},
    ],
    leftOut: {},
    sight: null,
    change: {update: 'PUT /nodes/{node}/config', unset: 'delete', digest: ['update'], consequence: 'live'},
  },
] as const satisfies readonly KindWire[]
