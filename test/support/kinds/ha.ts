import type {Before, Group} from './case.js'

const guest = (vmid: number, more: Record<string, string> = {}): Before => [
  'POST /nodes/{node}/qemu',
  {node: 'pve1', vmid, name: `k${vmid}`, memory: 64, ...more},
]
const numbers = (from: number, count: number): number[] => Array.from({length: count}, (_none, index) => from + index)

/** Guests that are for themselves in HA, for rules on nodes, for rules on each other, and to be replicated. */
const [own, placed, together, copied] = [2000, 2100, 2150, 2200]

export const ha: Group = {
  before: [
    ...numbers(own, 8).map((vmid) => guest(vmid)),
    ...[...numbers(placed, 12), ...numbers(together, 15)].flatMap((vmid): Before[] => [
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
      drops: 'disable',
      needed: 'nodes',
      values: {resources: (n) => [`vm:${placed + 2 * n}`, `vm:${placed + 2 * n + 1}`]},
    },
    {
      kind: 'ha-rule',
      of: 'on each other',
      release: '9.2',
      names: (n) => ({rule: `khr${n}`}),
      id: (n) => `khr${n}`,
      fixed: {type: 'resource-affinity'},
      keys: 'comment disable affinity resources',
      drops: 'disable',
      needed: 'affinity',
      values: {
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
}
