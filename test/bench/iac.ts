import {readFileSync, rmSync, statSync} from 'node:fs'
import path from 'node:path'
import {startSimulator} from '../../plugins/simulator/src/index.js'
import {bin, checkout, sandbox} from '../support/pmpc.js'
import {median, type Figure} from './startup.js'

/** How often each is run. */
const rounds = 5

/** What writing the code of 1,000 guests costs, against writing as many bytes into as many files, and in memory. */
export async function iacFigures(): Promise<Figure[]> {
  const simulator = await startSimulator({nodes: 4, guests: 1000, statusInterval: 0, authDelay: 0})
  const box = sandbox()
  try {
    const {url, fingerprint, tokenId, tokens} = simulator
    const folder = path.join(box.folder, 'ws')
    const env = {PMPC_TOKEN_HOME: tokens[tokenId]!}
    const must = async (args: string[], cwd = folder) => {
      const result = await box.pmpc(args, {cwd, env})
      if (result.code !== 0) throw new Error(`pmpc ${args.join(' ')}: ${result.stdout}${result.stderr}`)
      return result
    }
    const access = ['--cluster', 'home', '--endpoint', url, '--fingerprint', fingerprint, '--token-id', tokenId]
    await must(['init', 'ws', ...access, '--token-env', 'PMPC_TOKEN_HOME', '--yes'], box.folder)
    await must(['sync', '--accept'])
    const {stdout: head} = await box.exec('git', ['rev-parse', 'HEAD'], {cwd: folder})
    const pairs: {measured: number; reference: number}[] = []
    for (let round = 0; round < rounds; round++) {
      await box.exec('git', ['reset', '-q', '--hard', head.trim()], {cwd: folder})
      rmSync(path.join(folder, 'iac'), {recursive: true, force: true})
      let began = performance.now()
      const {files} = (await must(['iac', 'generate', '--json'])).json<{files: string[]}>()
      const measured = performance.now() - began
      const into = path.join(box.folder, `bare-${round}`)
      const input = JSON.stringify({
        state: path.join(folder, '.pmpc/state/home.db'),
        folder: into,
        files: files.map((name) => [name, statSync(path.join(folder, name)).size]),
      })
      began = performance.now()
      await box.exec(process.execPath, [path.join(checkout, 'test/bench/bare-files.mjs')], {input})
      pairs.push({measured, reference: performance.now() - began})
    }
    await box.exec('git', ['reset', '-q', '--hard', head.trim()], {cwd: folder})
    const peak = path.join(box.folder, 'peak')
    const preload = ['--require', path.join(checkout, 'test/bench/peak.cjs'), bin, 'iac', 'generate', '--json']
    await box.exec(process.execPath, preload, {cwd: folder, env: {...env, PMPC_BENCH_PEAK: peak}})
    const memory = Number(readFileSync(peak, 'utf8')) / 1024
    return [
      {
        name: 'pmpc iac generate of 1,000 guests / reading and writing as many bytes',
        reach: 20,
        ratio: median(pairs.map(({measured, reference}) => measured / reference)),
        milliseconds: {
          measured: median(pairs.map(({measured}) => measured)),
          reference: median(pairs.map(({reference}) => reference)),
        },
      },
      {
        name: 'peak memory of pmpc iac generate of 1,000 guests / 300 MB',
        reach: 1,
        ratio: memory / 300,
        milliseconds: {measured: memory, reference: 300},
      },
    ]
  } finally {
    box.remove()
    await simulator.stop()
  }
}
