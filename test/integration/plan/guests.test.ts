import {expect} from 'chai'
import {readCluster, type Reading} from '../../../src/kit/fetch/index.js'
import type {Request} from '../../../src/kit/plan/index.js'
import {createClient} from '../../../src/kit/proxmox/index.js'
import type {KindName} from '../../../src/kit/resources/index.js'
import {ignoreOf} from '../../../src/kit/workspace/index.js'
import {Lab} from '../../support/lab.js'
import {sequence, type Target} from '../../support/plan/driver.js'
import {makeSources, seed, settingOf} from '../../support/plan/cluster.js'
import {Dice} from '../../support/plan/random.js'

/** How many sequences of each kind; 500 are the proof. */
const many = Number(process.env.PMPC_TEST_PLANS ?? 24)
/** The first seed; one of a failure is told with it. */
const first = Number(process.env.PMPC_TEST_SEED ?? 1)

const guests: readonly KindName[] = ['vm', 'container']
const kinds: readonly KindName[] = [...guests, 'storage', 'pool', 'node', 'acl']

for (const release of ['8.4', '9.2'] as const) {
  describe(`random plans for guests, on ${release}`, function () {
    this.timeout(3_600_000)
    let lab: Lab
    let target: Target
    let close: () => Promise<void>
    let last: Reading | undefined

    before(async () => {
      lab = await Lab.start({seed: seed as never, pve: release})
      const {url, fingerprint, tokenId, tokenSecret} = lab.simulator
      const credential = {tokenId, secret: tokenSecret}
      const client = createClient({endpoints: [url], trust: {fingerprint}, credential, cluster: 'home'})
      close = () => client.close()
      await makeSources(lab)
      target = {
        version: release,
        send: async (request) => void (await lab.api(request.method, request.path, filled(request))),
        // What is around the guests stays as it is, and is read once.
        read: async () => {
          const options = {reader: client, cluster: 'home', ignore: ignoreOf([]), kinds}
          last = await readCluster(
            last ? {...options, before: last.state, digestsBefore: last.digests, only: guests} : options,
          )
          return last.state
        },
      }
    })
    after(async () => {
      await close?.()
      await lab?.stop()
    })

    for (const kind of ['vm', 'container'] as const)
      it(`${kind}: each step does what it says, and at the end nothing is left to do`, async () => {
        const failed: string[] = []
        const seen = {steps: 0, plans: 0, refused: 0}
        for (let at = 0; at < many / 2; at++) {
          const number = first + at
          const report = await sequence(target, new Dice(number), settingOf(kind, number), 3)
          seen.steps += report.steps
          seen.plans += report.plans
          seen.refused += report.refused.length
          if (report.problems.length > 0) failed.push(`seed ${number}: ${report.problems.join('\n  ')}`)
          if (failed.length >= 3) break
        }
        if (process.env.PMPC_TEST_PLANS !== undefined) console.log(`      ${JSON.stringify(seen)}`)
        if (failed.length > 0) expect.fail(failed.join('\n'))
        expect(seen.steps).to.be.greaterThan(seen.plans / 2)
      })
  })
}

/** A request as it is sent: secrets in their places. */
function filled({parameters}: Request): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, typeof value === 'object' ? 'a secret' : value]),
  )
}
