import {expect} from 'chai'
import {kinds} from '../../../src/kit/resources/index.js'
import {namedBy, type Naming} from '../../../src/kit/resources/named.js'
import {travelOf} from '../../../src/kit/resources/kinds/travels.js'

const told = (naming: Naming): string[] =>
  namedBy(naming).map(({kinds: of, id, path}) => `${of.join('|')}/${id} at ${path.join('.')}`)

describe('what an object names', () => {
  const cases: [Naming, string[]][] = [
    [
      {
        kind: 'vm',
        id: 100,
        pool: 'prod',
        config: {net0: {bridge: 'vmbr0'}, network: 'x', scsi0: {file: 'ceph:vm-100-disk-0'}, ide2: {file: 'none'}},
      },
      ['pool/prod at pool', 'sdn-vnet/vmbr0 at net0.bridge', 'storage/ceph at scsi0.file'],
    ],
    [
      {kind: 'pool', id: 'a/b/c', config: {storage: ['local', 'nfs']}},
      ['storage/local at storage', 'storage/nfs at storage', 'pool/a/b at '],
    ],
    [
      {kind: 'backup-job', id: 'b', config: {vmid: [100], fleecing: {enabled: 1, storage: 'fast'}}},
      ['vm|container/100 at vmid', 'storage/fast at fleecing.storage'],
    ],
    [{kind: 'ha-resource', id: 100, config: {}}, ['vm|container/100 at ']],
    [
      {kind: 'ha-rule', id: 'r', config: {nodes: ['pve1:2', 'pve2'], resources: ['vm:100']}},
      ['node/pve1 at nodes', 'node/pve2 at nodes', 'vm|container/100 at resources'],
    ],
    [
      {
        kind: 'firewall',
        id: 'guest/100',
        config: {
          rules: [
            {type: 'group', action: 'web'},
            {type: 'in', action: 'DROP'},
          ],
        },
      },
      ['vm|container/100 at ', 'security-group/web at rules.action'],
    ],
    [
      {kind: 'acl', id: 'acl', config: {'/vms/100': {'@ops': ['PVEAdmin:propagate=0'], 'a@pve!ci': ['PVEAuditor']}}},
      [
        'vm|container/100 at /vms/100',
        'group/ops at /vms/100.@ops',
        'role/PVEAdmin at /vms/100.@ops',
        'user/a@pve at /vms/100.a@pve!ci',
        'role/PVEAuditor at /vms/100.a@pve!ci',
      ],
    ],
    [{kind: 'pci-mapping', id: 'gpu', config: {map: {pve1: [{path: '0000:01:00.0'}]}}}, ['node/pve1 at map']],
  ]
  for (const [naming, expected] of cases)
    it(`${naming.kind} ${naming.id}`, () => expect(told(naming)).to.deep.equal(expected))

  it('is of kinds that there are', () => {
    const names = new Set<string>(kinds.map(({name}) => name))
    for (const {name} of kinds)
      for (const to of Object.values(travelOf(name).refs ?? {})) {
        const of = typeof to === 'string' ? [to] : 'kinds' in to ? to.kinds : to
        expect(
          of.filter((kind) => !names.has(kind)),
          name,
        ).to.deep.equal([])
      }
  })
})
