import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {startSimulator, type Simulator} from '../../plugins/simulator/src/index.js'
import type {Plan} from '../../src/kit/plan/index.js'
import type {ApplyResult} from '../../src/kit/verbs/index.js'
import {bin, checkout, sandbox, type RunResult} from '../support/pmpc.js'
import {median, type Figure} from './startup.js'

/** How many guests are made at once, and how long the simulator's tasks take, in milliseconds. */
const [creations, taskTime] = [50, 4000]
/** PVE's workers, and the locks of its storages, let no more be done beside each other (src/kit/proxmox/contention.ts). */
const atOnce = 4

/** What an apply costs: of many creations its time, of few and many changes its requests, and of one change among 1,000 guests both beside its plan's. */
export async function applyFigures(): Promise<Figure[]> {
  return [
    ...(await withWorkspace({nodes: 4, guests: 100, taskTime}, creationFigures)),
    ...(await withWorkspace({nodes: 4, guests: 100, taskTime: 0}, requestFigures)),
    ...(await withWorkspace({nodes: 4, guests: 1000, taskTime: 0, latency: 15}, amongMany)),
  ]
}

async function creationFigures(ws: Workspace): Promise<Figure[]> {
  for (let each = 0; each < creations; each++) ws.write(guestOf(9000 + each, 'pve1'))
  await ws.plan()
  const {milliseconds} = await ws.apply()
  const ideal = (creations / atOnce) * taskTime
  return [
    {
      name: `pmpc apply of ${creations} creations on one storage / (${creations} / ${atOnce}) tasks of ${taskTime} ms`,
      reach: 1.3,
      ratio: milliseconds / ideal,
      milliseconds: {measured: milliseconds, reference: ideal},
    },
  ]
}

/**
 * Requests of an apply that are neither those which its plan shows nor those with which that was made, an action; looks at tasks are not counted, as those depend on how
 * long PVE takes.
 */
async function requestFigures(ws: Workspace): Promise<Figure[]> {
  const figures: Figure[] = []
  const vms = Array.from({length: 100}, (_, at) => 100 + at).filter((id) => (id - 100) % 4 !== 3)
  let [next, cores] = [9000, 40]
  const cases: [string, number, () => void][] = [
    ['change', 1, () => ws.change(vms[0]!, ++cores)],
    ['changes', 50, () => vms.slice(0, 50).forEach((id) => ws.change(id, ++cores))],
    ['creation', 1, () => ws.write(guestOf(next++, 'pve1'))],
    ['creations', 50, () => repeat(50, () => ws.write(guestOf(next++, 'pve1')))],
    ['creation that is started', 1, () => ws.write(`${guestOf(next++, 'pve1')}power: running\n`)],
    ['creations that are started', 50, () => repeat(50, () => ws.write(`${guestOf(next++, 'pve1')}power: running\n`))],
  ]
  for (const [what, number, wish] of cases) {
    wish()
    const {plan, requests: ofPlan} = await ws.plan()
    const {requests, polls} = await ws.apply()
    const shown = plan.actions.reduce((sum, action) => sum + action.requests.length, 0)
    const own = requests - polls - shown - ofPlan
    // A guest that is started takes two requests, each of which is looked after.
    figures.push(
      count(`own requests of pmpc apply of ${number} ${what} / actions (counts)`, own, number, 4 * (shown / number)),
    )
  }
  const {requests} = await ws.apply()
  return [...figures, count('requests of pmpc apply where nothing is wished (count)', requests, 1, 0)]
}

async function amongMany(ws: Workspace): Promise<Figure[]> {
  const pairs: {plan: number; apply: number; own: number}[] = []
  for (let round = 0; round < 7; round++) {
    ws.change(100, 40 + round)
    const {milliseconds: plan, requests} = await ws.plan()
    const done = await ws.apply()
    pairs.push({plan, apply: done.milliseconds, own: done.requests - requests - 1})
  }
  const idle: {plan: number; apply: number}[] = []
  for (let round = 0; round < 7; round++)
    idle.push({plan: (await ws.plan()).milliseconds, apply: (await ws.apply()).milliseconds})
  for (let id = 100; id < 1100; id++) ws.change(id, 30)
  const memory = await ws.peakOfPlan()
  return [
    beside('pmpc apply of one change among 1,000 guests / pmpc plan of it', 2.2, pairs.slice(1)),
    count(
      'own requests of pmpc apply of one change among 1,000 guests (count)',
      median(pairs.map(({own}) => own)),
      1,
      4,
    ),
    beside('pmpc apply where nothing is wished / pmpc plan', 5, idle.slice(1)),
    {
      name: 'peak memory of pmpc plan of 1,000 touched guests / 300 MB',
      reach: 1,
      ratio: memory / 300,
      milliseconds: {measured: memory, reference: 300},
    },
  ]
}

function count(name: string, measured: number, reference: number, reach: number): Figure {
  return {name, reach, ratio: measured / reference, milliseconds: {measured, reference}}
}

function beside(name: string, reach: number, pairs: readonly {plan: number; apply: number}[]): Figure {
  return {
    name,
    reach,
    ratio: median(pairs.map(({plan, apply}) => apply / plan)),
    milliseconds: {measured: median(pairs.map(({apply}) => apply)), reference: median(pairs.map(({plan}) => plan))},
  }
}

function repeat(times: number, work: () => void): void {
  for (let each = 0; each < times; each++) work()
}

const guestOf = (id: number, node: string): string =>
  [
    ...['kind: vm', `id: ${id}`, `placement: {node: ${node}}`, 'config:', `  name: new${id}`],
    ...['  scsi0: {file: "local-zfs:4"}', '  net0: {model: virtio, bridge: vmbr0}', ''],
  ].join('\n')

interface Cost {
  /** Of the whole process. */
  milliseconds: number
  /** That the cluster was asked. */
  requests: number
  /** Of these, looks at tasks. */
  polls: number
}

/** A workspace of a simulated cluster in which all was agreed on. */
class Workspace {
  constructor(
    private readonly folder: string,
    private readonly env: Record<string, string>,
    private readonly simulator: Simulator,
    private readonly box: ReturnType<typeof sandbox>,
  ) {}

  async must(...args: string[]): Promise<RunResult & Cost> {
    const {faults} = this.simulator.simulation
    faults.resetCounters()
    const began = performance.now()
    const result = await this.box.pmpc(args, {env: this.env, cwd: this.folder})
    const milliseconds = performance.now() - began
    if (result.code !== 0) throw new Error(`pmpc ${args.join(' ')}: ${result.stdout}${result.stderr}`)
    const {byPath, requests} = faults.count()
    const polls = Object.entries(byPath).reduce(
      (sum, [call, times]) => sum + (/\/tasks\/UPID/.test(call) ? times : 0),
      0,
    )
    return {...result, milliseconds, requests, polls}
  }

  async plan(): Promise<Cost & {plan: Plan}> {
    const result = await this.must('plan', '--json')
    return {...result, plan: result.json<Plan>()}
  }

  /** @throws where anything failed, a lock included */
  async apply(): Promise<Cost> {
    const result = await this.must('apply', '--json', '--yes')
    const {failed, skipped, unknown} = result.json<ApplyResult>()
    if (failed.length + skipped.length + unknown.length > 0) throw new Error(result.stdout)
    const locked = this.simulator.simulation.state.tasks.filter(({exitstatus = 'OK'}) => exitstatus !== 'OK')
    if (locked.length > 0) throw new Error(`${locked[0]!.upid}: ${locked[0]!.exitstatus}`)
    return result
  }

  write(manifest: string): void {
    const id = /^id: (\d+)$/m.exec(manifest)![1]!
    const folder = path.join(this.folder, 'infra/home/vm')
    mkdirSync(folder, {recursive: true})
    writeFileSync(path.join(folder, `${id}.yaml`), manifest)
  }

  change(id: number, cores: number): void {
    const kind = (id - 100) % 4 === 3 ? 'container' : 'vm'
    const file = path.join(this.folder, `infra/home/${kind}/${id}.yaml`)
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^ {2}cores: .*$/m, `  cores: ${cores}`))
  }

  /** Megabytes that a plan of all that is wished holds at most. */
  async peakOfPlan(): Promise<number> {
    const file = path.join(this.box.folder, 'peak')
    const preload = path.join(checkout, 'test/bench/peak.cjs')
    const {code, stderr} = await this.box.exec(process.execPath, ['--require', preload, bin, 'plan', '--json'], {
      cwd: this.folder,
      env: {...this.env, PMPC_BENCH_PEAK: file},
    })
    if (code !== 0) throw new Error(stderr)
    return Number(readFileSync(file, 'utf8')) / 1024
  }
}

async function withWorkspace<T>(
  options: {nodes: number; guests: number; taskTime: number; latency?: number},
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const simulator = await startSimulator({...options, statusInterval: 0})
  const box = sandbox()
  try {
    const folder = path.join(box.folder, 'workspace')
    const env = {PMPC_TOKEN_HOME: simulator.tokenSecret}
    const where = ['--cluster', 'home', '--endpoint', simulator.url, '--token-id', simulator.tokenId]
    const pinned = ['--token-env', 'PMPC_TOKEN_HOME', '--fingerprint', simulator.fingerprint, '--yes']
    const made = await box.pmpc(['init', folder, ...where, ...pinned], {env})
    if (made.code !== 0) throw new Error(made.stderr)
    const workspace = new Workspace(folder, env, simulator, box)
    await workspace.must('sync', '--accept')
    return await work(workspace)
  } finally {
    box.remove()
    await simulator.stop()
  }
}

if (process.argv[1] === import.meta.filename)
  for (const {name, ratio, reach, milliseconds} of await applyFigures())
    console.log(
      `${name}: ${ratio.toFixed(2)} (reach ${reach}; ${milliseconds.measured.toFixed(0)} / ${milliseconds.reference.toFixed(0)})`,
    )
