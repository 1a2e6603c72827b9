import {expect} from 'chai'
import fc from 'fast-check'
import type {Config, Observed} from '../../../src/kit/resources/index.js'
import * as tools from '../../../src/kit/resources/named.js'
import {parseMapping, type Mapping} from '../../../plugins/iac/src/export/mapping.js'
import {renamed} from '../../../plugins/iac/src/export/renamed.js'

const same: Mapping = {
  ...{cluster: 'lab', endpoint: 'https://192.0.2.20:8006', nodes: {}, storages: {}, bridges: {}, pools: {}, ids: {}},
  ...{offset: 0, keepsMacs: false, only: []},
}
const mapped: Mapping = {
  ...same,
  nodes: {pve1: 'lab1', pve2: 'lab2'},
  storages: {fast: 'slow', slow: 'fast'},
  bridges: {vmbr0: 'vmbr9'},
  pools: {shop: 'lab-shop'},
  offset: 9000,
}

const vm = (config: Config, facts: Observed['facts'] = {node: 'pve1', status: 'stopped'}): Observed => ({
  ...{kind: 'vm', id: 100, config, facts},
})

const of = (object: Observed, mapping = mapped) => renamed(object, mapping, tools).object

describe('names in another cluster', () => {
  it('are those of nodes, storages, bridges and pools, and the VMID in volumes', () => {
    const {object, lacks} = renamed(
      vm(
        {
          net0: {model: 'virtio', bridge: 'vmbr0', macaddr: 'BC:24:11:00:00:01'},
          scsi0: {file: 'fast:vm-100-disk-0', size: '8G'},
          scsi1: {file: 'slow:100/vm-100-disk-0.qcow2'},
          name: 'vmbr0',
        },
        {node: 'pve2', status: 'stopped', pool: 'shop/web'},
      ),
      mapped,
      tools,
    )
    expect(lacks).to.deep.equal([])
    expect(object).to.deep.equal({
      kind: 'vm',
      id: 9100,
      config: {
        net0: {model: 'virtio', bridge: 'vmbr9', macaddr: 'BC:24:11:00:00:01'},
        scsi0: {file: 'slow:vm-9100-disk-0', size: '8G'},
        scsi1: {file: 'fast:9100/vm-9100-disk-0.qcow2'},
        name: 'vmbr0',
      },
      facts: {node: 'lab2', status: 'stopped', pool: 'lab-shop/web'},
    })
  })

  it('are told where the mapping lacks them, once each', () => {
    const config = {scsi0: {file: 'ceph:vm-100-disk-0'}, scsi1: {file: 'ceph:vm-100-disk-1'}, net0: {bridge: 'vmbr1'}}
    expect(renamed(vm(config, {node: 'pve3'}), mapped, tools).lacks).to.have.deep.members([
      {part: 'storages', name: 'ceph'},
      {part: 'bridges', name: 'vmbr1'},
      {part: 'nodes', name: 'pve3'},
    ])
  })

  it('are those of guests in jobs, in HA and in the ACL, and storages that change places there', () => {
    const job = {kind: 'backup-job', id: 'nightly', facts: {}, config: {vmid: ['100', '101'], storage: 'fast'}} as const
    expect(of(job as unknown as Observed).config).to.deep.equal({vmid: ['9100', '9101'], storage: 'slow'})
    expect(of({kind: 'ha-resource', id: '100', config: {}, facts: {}}).id).to.equal('9100')
    const entry = (role: string) => ({'alice@pve': [role]})
    const acl: Observed = {
      ...{kind: 'acl', id: 'acl', facts: {}},
      config: {'/vms/100': entry('A'), '/storage/fast': entry('B'), '/storage/slow': entry('C'), '/': entry('D')},
    }
    expect(of(acl).config).to.deep.equal({
      '/vms/9100': entry('A'),
      '/storage/slow': entry('B'),
      '/storage/fast': entry('C'),
      '/': entry('D'),
    })
  })

  it('are the same where each is mapped to itself', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/)
    fc.assert(
      fc.property(
        word,
        word,
        word,
        fc.string(),
        fc.integer({min: 100, max: 999_999}),
        (node, storage, bridge, text, id) => {
          const object: Observed = {
            ...{kind: 'vm', id, facts: {node, status: 'running'}},
            config: {
              description: text,
              net3: {model: 'virtio', bridge},
              scsi0: {file: `${storage}:${id}/vm-${id}-disk-0.raw`},
              tags: [node, storage],
            },
          }
          const identity = {...same, nodes: {[node]: node}, storages: {[storage]: storage}, bridges: {[bridge]: bridge}}
          expect(renamed(object, identity, tools)).to.deep.equal({object, lacks: []})
        },
      ),
    )
  })

  it('go there and back', () => {
    fc.assert(
      fc.property(fc.integer({min: 100, max: 99_999}), fc.integer({min: 1, max: 900_000}), (id, offset) => {
        const object: Observed = {kind: 'vm', id, facts: {}, config: {scsi0: {file: `a:${id}/vm-${id}-disk-0.raw`}}}
        const storages = {a: 'a'}
        const there = of(object, {...same, storages, offset})
        expect(there.id).to.equal(id + offset)
        expect(of(there, {...same, storages, offset: -offset})).to.deep.equal(object)
      }),
    )
  })
})

describe('a mapping', () => {
  const problems = async (text: string): Promise<string> =>
    parseMapping(text, 'map.yaml').then(
      () => '',
      (error: Error) => error.message,
    )

  it('is read', async () => {
    const text = 'cluster: lab\nendpoint: https://192.0.2.20:8006\nnodes: {a: b}\nids: {100: 200}\nmacs: keep\n'
    expect(await parseMapping(text, 'map.yaml')).to.deep.equal({
      ...same,
      nodes: {a: 'b'},
      ids: {100: 200},
      keepsMacs: true,
    })
  })

  it('is refused with line and column of everything wrong', async () => {
    expect(await problems('cluster: lab\nendpoint: https://192.0.2.20:8006\nnode: {a: b}\nids: {web: 1}\n')).to.equal(
      'map.yaml cannot be used:\n  map.yaml:3:1: key node is not known here; did you mean nodes?\n' +
        '  map.yaml:4:7: ids must map VMIDs to VMIDs, as in 100: 9100',
    )
    expect(await problems('nodes: {a: b}\n'))
      .to.contain('cluster must be')
      .and.contain('endpoint must be')
    expect(await problems('cluster: [lab\n')).to.match(/map\.yaml:\d+:\d+: /)
  })
})
