import {expect} from 'chai'
import type {HealthResult} from '../../plugins/diagnostics/src/health/health.js'
import {Lab, type Clone} from '../support/lab.js'
import {assertSchema} from '../support/schemas.js'

describe('pmpc health', () => {
  let lab: Lab
  let clone: Clone

  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    clone = await lab.workspace()
  })
  after(async () => lab.stop())

  const health = async (): Promise<HealthResult> => {
    const result = (await clone.pmpc(['health', '--json'])).json<HealthResult>()
    assertSchema('health', result)
    return result
  }
  const resultOf = ({checks}: HealthResult, wanted: string): string => checks.find(({id}) => id === wanted)!.result

  it('tells of a lost quorum, and that it came back', async () => {
    expect(resultOf(await health(), 'cluster.quorum')).to.equal('ok')
    const fault = lab.simulator.simulation.faults.add({kind: 'no-quorum'})
    expect(resultOf(await health(), 'cluster.quorum')).to.equal('critical')
    lab.simulator.simulation.faults.clear(fault.id)
    expect(resultOf(await health(), 'cluster.quorum')).to.equal('ok')
  })
})
