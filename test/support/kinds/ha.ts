import type {Before, Group} from './case.js'
import type {Pair} from './values.js'

const guest = (vmid: number, more: Record<string, string> = {}): Before => [
  'POST /nodes/{node}/qemu',
  {node: 'pve1', vmid, name: `k${vmid}`, memory: 64, ...more},
]
const numbers = (from: number, count: number): number[] => Array.from({length: count}, (_none, index) => from + index)

/** Guests that are for themselves in HA, for rules on nodes, for rules on each other, and to be replicated. */
const [own, placed, together, copied] = [2000, 2100, 2150, 2200]

/** Of rules a 0 says nothing: it is set, or taken out. */
const disable: Pair = [1, 1]
/** PVE spoils all else in what is said of a rule. */
const comment: Pair = ['first: 100 % of "u" # no comment', 'second: [a] {b} & c']

export const ha: Group = {
  before: [
    ...numbers(own, 8).map((vmid) => guest(vmid)),
    ...[...numbers(placed, 12), ...numbers(together, 17)].flatMap((vmid): Before[] => [
      guest(vmid),
      ['POST /cluster/ha/resources', {sid: `vm:${vmid}`, state: 'ignored'}],
    ]),
    ...numbers(copied, 8).map((vmid) => guest(vmid, {scsi0: 'local-zfs:1'})),
    ...['kgone', 'kgtwo'].map((group): Before => ['POST /cluster/ha/groups', {group, nodes: 'pve1'}, '8.4']),
  ],
  cases: [
    {
      kind: 'ha-resource',
      names: (n) => ({sid: `vm:${own + n}`}),
      id: (n) => String(own + n),
      fixed: {type: 'vm'},
      keys: 'comment failback auto-rebalance max_relocate max_restart state',
      values: {state: ['disabled', 'ignored']},
    },
    {
      kind: 'ha-resource',
      of: 'in a group',
      release: '8.4',
      names: () => ({sid: `vm:${own + 7}`}),
      id: () => String(own + 7),
      fixed: {type: 'vm'},
      keys: 'group',
      values: {group: ['kgone', 'kgtwo']},
    },
    {
      kind: 'ha-group',
      release: '8.4',
      names: (n) => ({group: `kh${n}`}),
      id: (n) => `kh${n}`,
    },
    {
      kind: 'ha-rule',
      of: 'on nodes',
      release: '9.2',
      names: (n) => ({rule: `khn${n}`}),
      id: (n) => `khn${n}`,
      fixed: {type: 'node-affinity'},
      keys: 'comment disable nodes resources strict',
      needed: 'nodes',
      values: {disable, comment, resources: (n) => [`vm:${placed + 2 * n}`, `vm:${placed + 2 * n + 1}`]},
    },
    {
      kind: 'ha-rule',
      of: 'on each other',
      release: '9.2',
      names: (n) => ({rule: `khr${n}`}),
      id: (n) => `khr${n}`,
      fixed: {type: 'resource-affinity'},
      keys: 'comment disable affinity resources',
      needed: 'affinity',
      values: {
        disable,
        comment,
        resources: (n) => {
          const [first, second, third] = numbers(together + 3 * n, 3).map((vmid) => `vm:${vmid}`)
          return [`${first},${second}`, `${first},${third}`]
        },
      },
    },
    {
      kind: 'replication-job',
      names: (n) => ({id: `${copied + n}-0`}),
      id: (n) => `${copied + n}-0`,
      keys: 'comment disable rate schedule target',
      drops: 'disable',
      values: {target: ['pve2', 'pve3'], schedule: ['*/15', '*/30']},
    },
  ],
  odd: [
    {
      kind: 'ha-rule',
      release: '9.2',
      what: 'a rule that is disabled stays so by a 0, until that is taken out',
      id: 'khoff',
      rounds: {
        make: [
          [
            [
              'POST /cluster/ha/rules',
              {
                rule: 'khoff',
                type: 'resource-affinity',
                affinity: 'positive',
                resources: `vm:${together + 15},vm:${together + 16}`,
                disable: 1,
              },
            ],
          ],
        ],
        change: [[['PUT /cluster/ha/rules/{rule}', {rule: 'khoff', type: 'resource-affinity', disable: 0}]], [0, 0]],
        unset: [
          [['PUT /cluster/ha/rules/{rule}', {rule: 'khoff', type: 'resource-affinity', delete: 'disable'}]],
          [0, 1],
        ],
        remove: [[['DELETE /cluster/ha/rules/{rule}', {rule: 'khoff'}]]],
      },
    },
  ],
}
