// The figures that pmpc is held to, as ratios in one run: `npm run bench`, or `npm run bench -- --reference URL` for the same against another
// endpoint, with its token in PMPC_LIVE_TOKEN_ID and PMPC_LIVE_TOKEN and its fingerprint in PMPC_LIVE_FINGERPRINT.
// Build first. The growth of a repository is measured by history.ts.
import {parseArgs} from 'node:util'
import {anonymizeFigures} from './anonymize.js'
import {applyFigures} from './apply.js'
import {healthFigures} from './health.js'
import {iacFigures} from './iac.js'
import {clientFigures} from './client.js'
import {completionFigures} from './completion.js'
import {planFigures} from './plan.js'
import {requestFigures} from './requests.js'
import {startupFigures, type Figure} from './startup.js'
import {simulatorFigures} from './simulator.js'
import {simulatedEndpoint, syncFigures} from './sync.js'
import type {Endpoint} from './sync.js'

function referenceEndpoint(url: string): Endpoint {
  const {PMPC_LIVE_TOKEN_ID: tokenId, PMPC_LIVE_TOKEN: tokenSecret, PMPC_LIVE_FINGERPRINT: fingerprint} = process.env
  if (tokenId && tokenSecret && fingerprint) return {url, tokenId, tokenSecret, fingerprint}
  throw new Error('set PMPC_LIVE_TOKEN_ID, PMPC_LIVE_TOKEN and PMPC_LIVE_FINGERPRINT for the endpoint')
}

function print({name, ratio, reach, milliseconds}: Figure): void {
  const verdict = ratio <= reach ? 'reached' : 'MISSED'
  const {measured, reference} = milliseconds
  console.log(
    `${name}: ${ratio.toFixed(2)} (reach ${reach}: ${verdict}; ${measured.toFixed(0)} / ${reference.toFixed(0)})`,
  )
}

const {values} = parseArgs({options: {reference: {type: 'string'}}})
startupFigures().forEach(print)
for (const figure of await completionFigures()) print(figure)
anonymizeFigures().forEach(print)
if (process.platform === 'linux') (await simulatorFigures()).forEach(print)
const simulated = values.reference === undefined ? await simulatedEndpoint() : undefined
try {
  const endpoint = simulated?.endpoint ?? referenceEndpoint(values.reference!)
  for (const figure of await clientFigures(endpoint)) print(figure)
  for (const figure of await syncFigures(endpoint)) print(figure)
  for (const figure of await planFigures(endpoint)) print(figure)
  for (const figure of await requestFigures()) print(figure)
  for (const figure of await applyFigures()) print(figure)
  for (const figure of await iacFigures()) print(figure)
  for (const figure of await healthFigures()) print(figure)
} finally {
  simulated?.stop()
}
