import {expect} from 'chai'
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {replayFile, report} from '../src/replay/main.js'
import {requireReference} from './support.js'
import {knownDifferences} from './known-differences.js'

/** Recordings of the real daemon that are replayed; each difference allowed is listed with its reason. */
const recordings = [
  'access',
  'cluster',
  'cluster2-fake-second-node',
  'firewall',
  'ha',
  'jobs',
  'lxc-errors-01',
  'lxc-keys-01',
  'lxc-keys-02',
  'lxc-keys-04',
  'mapping',
  'network',
  'node',
  'permissions',
  'pools',
  'sdn',
  'storage',
  'tasks',
  'vm-errors-01',
  'vm-errors-03',
  'vm-keys-01',
  'vm-keys-02',
  'vm-keys-03',
  'vm-keys-04',
  'vm-keys-06',
  'vm-keys-07',
  'vm-keys-09',
  'vm-keys-10',
  'vm-keys-11',
  'vm-keys-12',
  'vm-lifecycle',
  'vm-running',
]

describe('replay of what the real daemon answered', function () {
  this.timeout(60_000)
  for (const name of recordings) {
    it(name, async function () {
      const file = join(requireReference(this), 'daemon', `${name}.jsonl`)
      if (!existsSync(file)) this.skip()
      const result = await replayFile(file)
      const allowed = new Set(knownDifferences[name] ?? [])
      const surprises = result.outcomes.filter(
        ({exchange, differences}) => differences.length > 0 && !allowed.has(exchange.seq),
      )
      expect(surprises, report({...result, outcomes: surprises})).to.have.length(0)
      const mended = [...allowed].filter((seq) =>
        result.outcomes.some(({exchange, differences}) => exchange.seq === seq && differences.length === 0),
      )
      expect(mended, 'these pass now: take them off the list').to.deep.equal([])
    })
  }
})
