import {expect} from 'chai'
import type {Config} from 'pmpc/kit/resources'
import {creationTables} from '../src/export/creation.js'
import {emitCluster} from '../src/terraform/emit.js'
import {printBody} from '../src/terraform/hcl.js'
import {tables} from '../src/terraform/rows/index.js'
import {aCluster, aVm} from './estates.js'

const card = {model: 'virtio', bridge: 'vmbr0'}

const made = (config: Config) => {
  const {resources, verdicts} = emitCluster(aCluster(aVm(100, config)), creationTables(tables), (_, __, wish) => wish)
  return {code: printBody(resources.map(({block}) => block)), why: verdicts[0]!.why}
}

describe('guests that are made in another cluster', () => {
  it('have all their cards', () => {
    const {code, why} = made({net0: card, net1: {...card, bridge: 'vmbr1'}})
    expect(code.match(/network_device \{/g)).to.have.length(2)
    expect(why).to.equal(null)
  })

  it('are started by high availability only once a variable says so', () => {
    const of = (state: string) => ({kind: 'ha-resource' as const, id: '100', config: {state}, facts: {state}})
    const states = ['started', 'enabled', 'stopped', 'ignored'].map((state) => {
      const cluster = aCluster(aVm(100), of(state))
      const {resources} = emitCluster(cluster, creationTables(tables), (_, __, wish) => wish)
      return /^state += (.*)$/m.exec(printBody(resources.at(-1)!.block.body))![1]
    })
    const running = 'var.started ? "started" : "stopped"'
    expect(states).to.deep.equal([running, running, '"stopped"', '"ignored"'])
  })

  it('are left out, with the reason, where the provider can write none of them', () => {
    const gap = made({net0: card, net2: card})
    expect(gap.code).to.equal('')
    expect(gap.why).to.match(/^a number of the cards is missing.*: it would be made without any network_device$/)
    expect(made({net0: {...card, model: 'ne2k_pci'}}).why).to.match(/the model of a card.*without any network_device$/)
    expect(made({scsi0: {file: 'local:vm-100-disk-0', size: '8G', queues: 1}}).why).to.match(/without any disk$/)
  })
})
