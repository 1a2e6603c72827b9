import {spawn, spawnSync} from 'node:child_process'
import {appendFileSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import path from 'node:path'
import {bin, checkout, sandbox} from '../support/pmpc.js'
import type {RunResult, Sandbox} from '../support/pmpc.js'
import {keptFile} from '../support/kept.js'
import {compare, median, type Figure} from './startup.js'

/** A cluster to measure against: the simulator's, or another one that people name. */
export interface Endpoint {
  url: string
  fingerprint: string
  tokenId: string
  tokenSecret: string
}

/** How many guests and nodes the simulated cluster has, and how long it takes for each answer. */
const size = {nodes: 4, guests: 1000, latency: 15}

/**
 * The main job's figures on 1,000 guests: reading commands against bare Node, a sync against the same requests sent by a bare script.
 * The simulator runs in a process of its own, so that it takes no time from what is measured.
 */
export async function syncFigures(endpoint: Endpoint): Promise<Figure[]> {
  const box = sandbox()
  try {
    const folder = path.join(box.folder, 'workspace')
    const env = {...box.env, PMPC_TOKEN_HOME: endpoint.tokenSecret}
    await mustPass(
      box.pmpc(
        [
          'init',
          folder,
          '--cluster',
          'home',
          '--endpoint',
          endpoint.url,
          '--token-id',
          endpoint.tokenId,
          '--token-env',
          'PMPC_TOKEN_HOME',
          '--fingerprint',
          endpoint.fingerprint,
          '--yes',
        ],
        {env},
      ),
    )
    await mustPass(box.pmpc(['sync', '--accept', '--json'], {cwd: folder, env}))
    const second = await mustPass(box.pmpc(['sync', '--json'], {cwd: folder, env}))
    const {requests} = second.json<{requests: number}>()
    const before = await picture(box, folder)
    const figures = [
      {
        name: 'pmpc get guests / node -e 0',
        reach: 3,
        ...compare([bin, 'get', 'guests'], ['-e', '0'], {env, cwd: folder, runs: 15}),
      },
      {
        name: 'pmpc status --json / node -e 0',
        reach: 5,
        ...compare([bin, 'status', '--json'], ['-e', '0'], {env, cwd: folder, runs: 15}),
      },
      {
        // Git is asked for HEAD and the manifests: that its reads are started by Node's own spawn (src/kit/git/exec.ts) is for this figure.
        name: 'pmpc status --json, after a change / node -e 0',
        reach: 9,
        ...compare([bin, 'status', '--json'], ['-e', '0'], {
          ...{env, cwd: folder, runs: 9},
          prepare: () => rmSync(keptFile(folder, 'status', env), {force: true}),
        }),
      },
      {
        name: `pmpc sync (${requests} requests) / the same requests sent bare`,
        reach: 1.3,
        ...compareSync(endpoint, folder, env),
      },
      {
        name: 'pmpc sync of all kinds but firewalls of guests / of guests, nodes, storages and pools',
        reach: 1.15,
        ...(await compareKinds(box, folder, env)),
      },
    ]
    figures.push({
      name: 'what a sync takes to log itself, requests among it / the sync',
      reach: 0.03,
      ...(await loggingOf(box, folder, env)),
    })
    const memory = peakMemory(folder, env, box.folder)
    figures.push({
      name: 'peak memory of pmpc sync / 200 MB',
      reach: 1,
      ratio: memory / 200,
      milliseconds: {measured: memory, reference: 200},
    })
    const unchanged = before === (await picture(box, folder)) ? 0 : 1
    figures.push({
      name: 'commits and bytes changed by syncs of an unchanged cluster',
      reach: 0,
      ratio: unchanged,
      milliseconds: {measured: unchanged, reference: 0},
    })
    return figures
  } finally {
    box.remove()
  }
}

function compareSync(
  endpoint: Endpoint,
  folder: string,
  env: Record<string, string>,
): Pick<Figure, 'ratio' | 'milliseconds'> {
  const input = JSON.stringify({
    url: endpoint.url,
    headers: {authorization: `PVEAPIToken=${endpoint.tokenId}=${endpoint.tokenSecret}`},
  })
  const raw = [path.join(checkout, 'test/bench/raw.mjs')]
  return compare([bin, 'sync', '--json'], raw, {env, cwd: folder, runs: 7, input})
}

/** Another clone, in which pmpc.yaml leaves out what else there is of /etc/pve. */
async function compareKinds(
  box: Sandbox,
  folder: string,
  env: Record<string, string>,
): Promise<Pick<Figure, 'ratio' | 'milliseconds'>> {
  const few = `${folder}-few`
  await mustPass(box.exec('git', ['clone', '-q', folder, few]))
  appendFileSync(path.join(few, 'pmpc.yaml'), '\nkinds: [node, vm, container, storage, pool]\n')
  await mustPass(box.pmpc(['sync', '--json'], {cwd: few, env}))
  return compare([bin, 'sync', '--json'], [bin, 'sync', '--json', '-C', few], {env, cwd: folder, runs: 7})
}

/**
 * The last line of each log says what logging took, by the same clock as the whole: so the two are measured in one run, and a machine that is busy
 * with other things slows down both.
 */
async function loggingOf(
  box: Sandbox,
  folder: string,
  env: Record<string, string>,
): Promise<Pick<Figure, 'ratio' | 'milliseconds'>> {
  const ends: {
    milliseconds: number
    parts: {logging: {count: number; milliseconds: number}; request: {count: number}}
  }[] = []
  for (let run = 0; run < 7; run++) {
    const {run: id} = (await mustPass(box.pmpc(['sync', '--json'], {cwd: folder, env}))).json<{run: string}>()
    const logs = path.join(folder, '.pmpc/local/logs')
    const name = readdirSync(logs).find((one) => one.endsWith(`${id}.jsonl`))!
    ends.push(JSON.parse(readFileSync(path.join(logs, name), 'utf8').trim().split('\n').at(-1)!) as (typeof ends)[0])
  }
  if (ends.some(({parts}) => parts.logging.count <= parts.request.count))
    throw new Error('not every request was logged')
  return {
    ratio: median(ends.map(({milliseconds, parts}) => parts.logging.milliseconds / milliseconds)),
    milliseconds: {
      measured: median(ends.map(({parts}) => parts.logging.milliseconds)),
      reference: median(ends.map(({milliseconds}) => milliseconds)),
    },
  }
}

/** Megabytes that a sync of an unchanged cluster holds at most. */
function peakMemory(folder: string, env: Record<string, string>, temporary: string): number {
  const file = path.join(temporary, 'peak')
  const preload = path.join(checkout, 'test/bench/peak.cjs')
  const {status, stderr} = spawnSync(process.execPath, ['--require', preload, bin, 'sync', '--json'], {
    cwd: folder,
    env: {...env, PMPC_BENCH_PEAK: file},
  })
  if (status !== 0) throw new Error(String(stderr))
  return Number(readFileSync(file, 'utf8')) / 1024
}

/** HEAD and all that Git sees in the working tree. */
async function picture(box: Sandbox, folder: string): Promise<string> {
  const head = await box.exec('git', ['rev-parse', 'HEAD'], {cwd: folder})
  const status = await box.exec('git', ['status', '--porcelain=v2', '--untracked-files=all'], {cwd: folder})
  return head.stdout + status.stdout
}

async function mustPass(run: ReturnType<Sandbox['pmpc']>): Promise<RunResult> {
  const result = await run
  if (result.code !== 0) throw new Error(result.stderr)
  return result
}

/** Starts the simulator in a process of its own. */
export async function simulatedEndpoint(
  more: readonly string[] = [],
): Promise<{endpoint: Endpoint & {admin?: string}; stop: () => void}> {
  const flags = [
    '--nodes',
    String(size.nodes),
    '--guests',
    String(size.guests),
    '--latency',
    String(size.latency),
    ...more,
  ]
  const child = spawn(process.execPath, [bin, 'simulator', 'start', '--port', '0', ...flags, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const line = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.once('exit', (code) => reject(new Error(`the simulator ended with exit code ${code}`)))
    child.stdout.on('data', (chunk) => {
      text += String(chunk)
      if (text.includes('\n')) resolve(text.split('\n')[0]!)
    })
  })
  return {endpoint: JSON.parse(line) as Endpoint & {admin?: string}, stop: () => child.kill('SIGTERM')}
}
