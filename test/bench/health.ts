import path from 'node:path'
import {checkout, sandbox} from '../support/pmpc.js'
import {median, type Figure} from './startup.js'
import {simulatedEndpoint} from './sync.js'

/** How often each is run, in turn. */
const rounds = 5

/** What the counters leave out: without a time frame there are no statistics. */
const withQuery = (call: string): string => (call.endsWith('/rrddata') ? `${call}?timeframe=month&cf=AVERAGE` : call)

/**
 * `pmpc health` on 1,000 guests against the same requests sent bare, each in a process of its own; which requests these are the simulator's log of
 * them tells. The workspace was synced before, as health looks at it, too.
 */
export async function healthFigures(): Promise<Figure[]> {
  const {endpoint, stop} = await simulatedEndpoint(['--admin-port', '0'])
  const box = sandbox()
  try {
    const {url, tokenId, tokenSecret, fingerprint, admin} = endpoint
    const folder = path.join(box.folder, 'ws')
    const env = {PMPC_TOKEN_HOME: tokenSecret}
    const access = ['--cluster', 'home', '--endpoint', url, '--fingerprint', fingerprint, '--token-id', tokenId]
    const must = async (args: string[], accept: readonly (number | null)[] = [0], cwd = folder) => {
      const result = await box.pmpc(args, {cwd, env})
      if (!accept.includes(result.code)) throw new Error(`pmpc ${args.join(' ')}: ${result.stdout}${result.stderr}`)
      return result
    }
    await must(['init', 'ws', ...access, '--token-env', 'PMPC_TOKEN_HOME', '--yes'], [0], box.folder)
    await must(['sync', '--accept'])
    await fetch(`${admin}/counters`, {method: 'DELETE'})
    const health = async () => must(['health', '--json'], [0, 1, 2])
    await health()
    const {byPath} = (await (await fetch(`${admin}/counters`)).json()) as {byPath: Record<string, number>}
    const paths = Object.entries(byPath).flatMap(([call, times]) =>
      Array.from({length: times}, () => withQuery(call.replace(/^GET /, ''))),
    )
    const input = JSON.stringify({url, headers: {authorization: `PVEAPIToken=${tokenId}=${tokenSecret}`}, paths})
    const pairs: {measured: number; reference: number}[] = []
    for (let round = 0; round < rounds; round++) {
      let began = performance.now()
      await health()
      const measured = performance.now() - began
      began = performance.now()
      const bare = await box.exec(process.execPath, [path.join(checkout, 'test/bench/health-bare.mjs')], {input})
      if (bare.code !== 0) throw new Error(bare.stderr)
      pairs.push({measured, reference: performance.now() - began})
    }
    return [
      {
        name: `pmpc health of 1,000 guests (${paths.length} requests) / the same requests sent bare`,
        reach: 1.5,
        ratio: median(pairs.map(({measured, reference}) => measured / reference)),
        milliseconds: {
          measured: median(pairs.map(({measured}) => measured)),
          reference: median(pairs.map(({reference}) => reference)),
        },
      },
    ]
  } finally {
    box.remove()
    stop()
  }
}
