import {spawn, type ChildProcess} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {Agent, get} from 'node:https'
import {bin} from '../support/pmpc.js'
import type {Figure} from './startup.js'

/** How large the simulated cluster is, and what it is held to. */
const size = {nodes: 32, guests: 10_000}
const reach = {startMilliseconds: 5000, megabytes: 1024, configMilliseconds: 1, resourcesMilliseconds: 250}

interface Ready {
  url: string
  tokenId: string
  tokenSecret: string
}

interface Running extends Ready {
  child: ChildProcess
  /** Until the ready line. */
  milliseconds: number
}

async function start(): Promise<Running> {
  const began = performance.now()
  const flags = ['--nodes', String(size.nodes), '--guests', String(size.guests), '--port', '0', '--json']
  const child = spawn(process.execPath, [bin, 'simulator', 'start', ...flags], {stdio: ['ignore', 'pipe', 'inherit']})
  const ready = await new Promise<Ready>((resolve, reject) => {
    let text = ''
    child.once('exit', (code) => reject(new Error(`the simulator ended with exit code ${code}`)))
    child.stdout.on('data', (chunk) => {
      text += String(chunk)
      if (text.includes('\n')) resolve(JSON.parse(text.split('\n')[0]!) as Ready)
    })
  })
  return {...ready, child, milliseconds: performance.now() - began}
}

/** CPU time that a process has taken, in milliseconds: fields 14 and 15 of /proc/PID/stat, in hundredths of a second. */
function cpuTime(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

const peakMegabytes = (pid: number): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024

/** Asks for paths one after another on a few kept connections; CPU milliseconds of the simulator for each answer. */
async function costOf(
  {child, url, tokenId, tokenSecret}: Running,
  paths: string[],
  connections: number,
): Promise<number> {
  const agent = new Agent({keepAlive: true, maxSockets: connections, rejectUnauthorized: false})
  const headers = {Authorization: `PVEAPIToken=${tokenId}=${tokenSecret}`, 'Accept-Encoding': 'gzip'}
  const ask = (path: string): Promise<void> =>
    new Promise((resolve, reject) => {
      get(`${url}/api2/json${path}`, {agent, headers}, (response) => {
        response.resume().once('end', () => {
          if (response.statusCode === 200) resolve()
          else reject(new Error(`${path}: ${response.statusCode} ${response.statusMessage}`))
        })
      }).once('error', reject)
    })
  const queue = [...paths]
  const before = cpuTime(child.pid!)
  const worker = async (): Promise<void> => {
    for (let path = queue.pop(); path !== undefined; path = queue.pop()) await ask(path)
  }
  await Promise.all(Array.from({length: connections}, worker))
  agent.destroy()
  return (cpuTime(child.pid!) - before) / paths.length
}

/** Paths of guests' configurations, as `generateSeed` spreads them over the nodes. */
const configPaths = (count: number): string[] =>
  Array.from({length: count}, (_, index) => {
    const guest = (index * 7919) % size.guests
    return `/nodes/pve${(guest % size.nodes) + 1}/${guest % 4 === 3 ? 'lxc' : 'qemu'}/${guest + 100}/config`
  })

const figure = (name: string, measured: number, reference: number): Figure => ({
  name,
  reach: 1,
  ratio: measured / reference,
  milliseconds: {measured, reference},
})

const perSecond = (milliseconds: number): string => `${Math.floor(1000 / milliseconds)} a second on one core`

/** The simulator's figures at its largest size; needs /proc, so Linux. */
export async function simulatorFigures(): Promise<Figure[]> {
  const running = await start()
  try {
    await costOf(running, configPaths(2000), 4)
    const config = await costOf(running, configPaths(10_000), 4)
    const resources = await costOf(
      running,
      Array.from({length: 40}, () => '/cluster/resources'),
      2,
    )
    const what = `${size.nodes} nodes and ${size.guests} guests`
    return [
      figure(`simulator: start with ${what} / 5 s`, running.milliseconds, reach.startMilliseconds),
      figure(`simulator: CPU of a config read, ${perSecond(config)} / 1 ms`, config, reach.configMilliseconds),
      figure(
        `simulator: CPU of /cluster/resources, ${perSecond(resources)} / 250 ms`,
        resources,
        reach.resourcesMilliseconds,
      ),
      figure(`simulator: peak memory with ${what} / 1 GB`, peakMegabytes(running.child.pid!), reach.megabytes),
    ]
  } finally {
    running.child.kill('SIGTERM')
  }
}

if (process.argv[1] === import.meta.filename)
  for (const {name, milliseconds} of await simulatorFigures()) console.log(name, milliseconds.measured.toFixed(2))
