import {expect} from 'chai'
import {withhold} from '../../../src/kit/fetch/withhold.js'
import {fromManifest, toManifest} from '../../../src/kit/values/index.js'
import {recordedConfigs} from '../../support/recorded.js'
import {least} from '../../support/reference.js'

describe('what clusters answered', () => {
  it('has no key in it that would be withheld, as PVE or pmpc knows it, of whatever kind', async () => {
    const seen = new Set<string>()
    const alarms: string[] = []
    for (const {where, kind, config} of recordedConfigs()) {
      seen.add(kind.name)
      const object = {kind: kind.name, id: 'x', config, facts: {}}
      const {withheld} = await withhold({cluster: 'home', objects: [object]}, {})
      for (const {field, looksLike} of withheld) alarms.push(`${where}: ${kind.name} ${field} ${looksLike}`)
    }
    expect(alarms).to.deep.equal([])
    expect(seen.size, [...seen].join(' ')).to.be.at.least(least(29, 10))
  })

  it('is taken from a manifest as it is, and nothing is wrong with it', () => {
    const wrong = new Set<string>()
    for (const {kind, config} of recordedConfigs()) {
      for (const [key, value] of Object.entries(config)) {
        const told = `${kind.name} ${key} ${JSON.stringify(value)}`
        const read = fromManifest(kind.name, key, toManifest(kind.name, key, value))
        expect(read.value, told).to.deep.equal(value)
        for (const problem of read.problems) wrong.add(`${kind.name}: ${problem}`)
      }
    }
    // A MAC address that no card can have, and what no call takes: QEMU's own notes of a VM that is suspended.
    expect([...wrong].filter((problem) => !/ net0\.hwaddr: | running-nets-host-mtu: /.test(problem))).to.deep.equal([])
  })
})
