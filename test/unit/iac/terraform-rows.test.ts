import {expect} from 'chai'
import {clusterOf} from '../../../plugins/iac/src/estate.js'
import {emitCluster, type EmittedCluster} from '../../../plugins/iac/src/terraform/emit.js'
import {printBody} from '../../../plugins/iac/src/terraform/hcl.js'
import {tables} from '../../../plugins/iac/src/terraform/rows/index.js'
import type {Config, Observed, Value} from '../../../src/kit/resources/index.js'
import {isWithheld, markerOf} from '../../../src/kit/secrets/index.js'
import {formatOf, keysOf} from '../../../src/kit/values/schema.js'
import type {ClusterConfig} from '../../../src/kit/workspace/index.js'

const settings: ClusterConfig = {endpoints: ['https://192.0.2.1:8006'], token: 'root@pam!t', trust: {system: true}}

const emit = (objects: readonly Observed[]): EmittedCluster =>
  emitCluster(clusterOf('home', settings, objects), tables, (_key, _type, wish) => wish)

const guest = (kind: 'vm' | 'container', config: Config, facts: Observed['facts'] = {}): Observed => ({
  ...{kind, id: 100, config},
  facts: {node: 'pve1', status: 'stopped', ...facts},
})

const codeOf = ({resources}: EmittedCluster): string => printBody(resources.map(({block}) => block))

/** What is not kept in a configuration. */
const unkept = new Set(['digest', 'lock', 'parent', 'snaptime', 'cdrom'])

/** Each key that a contract has, with all its sub-keys. */
function everyKey(table: 'qemu' | 'lxc'): [string, Value][] {
  return Object.entries(keysOf(table).keys).flatMap(([name, schema]): [string, Value][] => {
    const key = name.replace('[n]', '0')
    if (unkept.has(key)) return []
    if (name === 'startup') return [[key, {order: 1, up: 2, down: 3}]]
    if (name === 'lxc')
      return [
        [
          key,
          [
            ['lxc.idmap', 'u 0 100000 65536'],
            ['lxc.cap.drop', 'x'],
          ] as unknown as Value,
        ],
      ]
    const subkeys = Object.entries(formatOf(schema) ?? {}).filter(([, {alias}]) => alias === undefined)
    if (subkeys.length < 2) return [[key, '1']]
    return [[key, Object.fromEntries(subkeys.map(([subkey]) => [subkey, 'QQ==']))]]
  })
}

describe('the tables of Terraform', () => {
  for (const [kind, table] of [
    ['vm', 'qemu'],
    ['container', 'lxc'],
  ] as const)
    it(`tell of every key that a ${kind} can have, alone and beside each other`, () => {
      const keys = everyKey(table)
      expect(keys.length).to.be.greaterThan(30)
      const alone = keys.flatMap(([key, value]) => emit([guest(kind, {[key]: value})]).unmapped)
      const all = Object.fromEntries(keys.filter(([key]) => key !== 'migrate_downtime'))
      expect([...alone, ...emit([guest(kind, all, {pool: 'p', lock: 'suspended'})]).unmapped]).to.deep.equal([])
    })

  it('know what a key is that nobody knows', () => {
    const object = {...guest('vm', {name: 'a', nosuch: 1, scsi0: {file: 'local:1', nosuch: 2}}), extra: {new: {key: 1}}}
    expect(emit([object]).unmapped.map(({key}) => key)).to.deep.equal([
      'config.nosuch',
      'config.scsi0.nosuch',
      'extra.new.key',
    ])
  })

  it('tell of each key once, and of its parts where they became different things', () => {
    const {ledger} = emit([
      guest('vm', {scsihw: 'lsi', scsi0: {file: 'local:1', size: '8G', wwn: '0x1'}, meta: {ctime: 1}}),
    ])
    expect(ledger.map(({key, how, to}) => [key, how, to])).to.deep.equal([
      ['config.scsihw', 'mapped', 'scsi_hardware'],
      ['config.scsi0.file', 'mapped', 'disk[0].datastore_id'],
      ['config.scsi0.size', 'mapped', 'disk[0].size'],
      ['config.scsi0.wwn', 'inexpressible', undefined],
      ['config.meta', 'leftOut', undefined],
      ['facts.node', 'mapped', 'node_name'],
      ['facts.status', 'mapped', 'started'],
    ])
  })

  it('write no secret, and what stands for one neither', () => {
    const marker = markerOf('password', '9f3c')
    const vm = guest('vm', {scsihw: 'lsi', description: `it is ${marker}`, cipassword: '**********', ciuser: marker})
    const emitted = emit([vm, {...guest('container', {env: `A=1\0B=${marker}`}), id: 101}])
    expect(isWithheld(codeOf(emitted))).to.equal(false)
    expect(codeOf(emitted)).to.match(/ignore_changes += \[.*description.*initialization/)
    expect(codeOf(emitted)).to.match(/^ +environment_variables,$/m)
  })

  it('refer to what is in the code, and name what is not', () => {
    const pool: Observed = {kind: 'pool', id: 'shop', config: {}, facts: {}}
    expect(codeOf(emit([guest('vm', {}, {pool: 'shop'})]))).to.match(/pool_id += "shop"/)
    expect(codeOf(emit([guest('vm', {}, {pool: 'shop'}), pool]))).to.match(
      /pool_id += proxmox_virtual_environment_pool\.pool_shop\.pool_id/,
    )
  })

  it('name the one command after which a VM is safe', () => {
    const net = (last: string) => ({model: 'virtio', macaddr: `BC:24:11:00:00:0${last}`, bridge: 'vmbr0'})
    const {verdicts} = emit([guest('vm', {net0: net('0'), net3: net('3'), net4: net('4')})])
    expect(verdicts[0]).to.deep.include({
      verdict: 'unsafe',
      change:
        'pmpc set home/vm/100 scsihw=lsi net1=virtio=BC:24:11:00:00:03,bridge=vmbr0 ' +
        'net2=virtio=BC:24:11:00:00:04,bridge=vmbr0 --unset=net3 --unset=net4 --apply',
    })
  })

  it('keep what the provider cannot read out of the code', () => {
    const configs: Config[] = [
      {migrate_downtime: 1},
      {scsi0: {file: 'local:1', size: '8G', mbps_rd: 1.5}},
      {net0: {model: 'virtio', trunks: '2-4'}},
      {smbios1: {manufacturer: 'Acme1'}},
    ]
    const changes = configs.map((config) => {
      const {resources, verdicts, ledger} = emit([guest('vm', {scsihw: 'lsi', ...config})])
      expect(resources).to.deep.equal([])
      expect(ledger.every(({how}) => how !== 'mapped')).to.equal(true)
      return verdicts[0]!.verdict === 'unmanageable' && verdicts[0]!.change
    })
    expect(changes).to.deep.equal([
      'pmpc set home/vm/100 --unset=migrate_downtime --apply',
      'pmpc set home/vm/100 scsi0.mbps_rd=2 --apply',
      "pmpc set home/vm/100 'net0.trunks=2;3;4' --apply",
      'pmpc set home/vm/100 smbios1.manufacturer=QWNtZTE= smbios1.base64=1 --apply',
    ])
  })
})
