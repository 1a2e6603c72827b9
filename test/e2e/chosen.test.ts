import {expect} from 'chai'
import {Lab, type Clone} from '../support/lab.js'

describe('what PVE writes itself, and people choose, too', () => {
  let lab: Lab
  let clone: Clone

  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    await lab.api('POST', '/cluster/ha/resources', {sid: 'vm:102', comment: 'x'})
    clone = await lab.agreed()
  })
  after(async () => lab.stop())

  const file = 'infra/home/ha/resource/102.yaml'
  const state = async (state: string) => lab.api('PUT', '/cluster/ha/resources/vm:102', {state})
  const open = async () =>
    (await clone.sync()).clusters[0]!.open.filter(({object}) => object === 'home/ha-resource/102')

  it('is no drift where an HA resource is started and stopped', async () => {
    for (const word of ['stopped', 'started']) {
      await state(word)
      expect(await open()).to.deep.equal([])
    }
  })

  it('is drift where it is left alone or disabled, and where it is not any more', async () => {
    let base: string | null = null
    for (const word of ['ignored', 'disabled']) {
      await state(word)
      const [item, ...others] = await open()
      expect(others).to.deep.equal([])
      expect(item).to.include({field: 'config.state', base, offer: word, state: 'drift'})
      await clone.must('accept', 'ha-resource/102')
      expect(await clone.git('show', `HEAD:${file}`)).to.include(`state: ${word}`)
      base = word
    }
    await state('started')
    expect((await open())[0]).to.include({field: 'config.state', base: 'disabled', offer: null})
    await clone.must('accept', 'ha-resource/102')
    expect(await clone.git('show', `HEAD:${file}`)).not.to.include('state')
  })
})
