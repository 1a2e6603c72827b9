import {execFileSync} from 'node:child_process'
import {expect} from 'chai'
import {restoreSimulation, saveSimulation, type Saved} from '../../plugins/simulator/src/seeds/save.js'
import type {Simulation} from '../../plugins/simulator/src/simulation.js'
import {pictureOf, tasksOf, untilQuiet, Watch, type ApplyJson, type Cut, type Sent} from '../support/apply.js'
import {consents, everySort, prepare, wishEverything} from '../support/every-sort.js'
import {Lab, type Clone} from '../support/lab.js'
import type {RunResult} from '../support/pmpc.js'

/** What counts of an apply: what the cluster is, its tasks, what was sent and done, and what Git holds. */
interface Outcome {
  cluster: string
  tasks: string[]
  writes: string[]
  manifests: string
  open: string
}

/** `writes +POST /pools 200`: what there is more, and less. */
function linesThatDiffer(what: string, expected: string | string[], is: string | string[]): string[] {
  const [before, now] = [expected, is].map((side) => (typeof side === 'string' ? side.split('\n') : [...side]))
  for (const line of [...now!]) {
    const at = before!.indexOf(line)
    if (at < 0) continue
    before!.splice(at, 1)
    now!.splice(now!.indexOf(line), 1)
  }
  return [...before!.map((line) => `${what} -${line}`), ...now!.map((line) => `${what} +${line}`)]
}

const apply = ['apply', '--json', ...consents]

/** A cluster with a workspace in which everything is wished, to go back to. */
class Bench {
  private trials = 0

  private constructor(
    readonly lab: Lab,
    private readonly wished: Clone,
    private readonly saved: Saved,
    readonly watch: Watch,
  ) {}

  static async start(): Promise<Bench> {
    const lab = await Lab.start({seed: everySort, offlineServices: 'accept', taskTime: 10})
    await prepare(lab)
    const clone = await lab.agreed('wished')
    wishEverything(clone)
    const {simulation} = lab.simulator
    return new Bench(
      lab,
      clone,
      saveSimulation(simulation),
      new Watch(simulation, Number(new URL(lab.simulator.url).port)),
    )
  }

  async stop(): Promise<void> {
    this.watch.stop()
    await this.lab.stop()
  }

  get simulation(): Simulation {
    return this.lab.simulator.simulation
  }

  /** The cluster and a workspace as they were at the beginning. */
  fresh(): Clone {
    restoreSimulation(this.simulation, this.saved)
    const clone = this.lab.at(`trial${++this.trials}`)
    execFileSync('cp', ['-a', this.wished.root, clone.root])
    return clone
  }

  async run(clone: Clone, args: string[], cut?: Cut): Promise<RunResult> {
    this.watch.begin(cut)
    return clone.pmpc(args, {started: (child) => this.watch.started(child)})
  }

  /** @param sent by all runs that led to it */
  async outcome(clone: Clone, sent: readonly Sent[]): Promise<Outcome> {
    await untilQuiet(this.simulation)
    const before = JSON.stringify(this.saved.state)
    const timeless = (text: string) => text.replace(/ctime=\d+|ctime: \d+/g, 'ctime')
    return {
      cluster: pictureOf(this.simulation, before),
      tasks: tasksOf(this.simulation),
      writes: sent.map(({verb, path: at, status}) => `${verb} ${at} ${status}`).sort(),
      manifests: timeless(await clone.git('grep', '-h', '', 'HEAD', '--', 'infra')).replace(
        /[0-9A-F]{2}(?::[0-9A-F]{2}){5}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g,
        (text) => (before.includes(text) ? text : 'made up'),
      ),
      open: (await clone.open()).join('\n'),
    }
  }
}

describe('apply, killed', function () {
  this.timeout(3_600_000)
  let benches: Bench[]
  let expected: Outcome
  let count: number

  before(async () => {
    benches = await Promise.all([Bench.start(), Bench.start()])
    const [bench] = benches as [Bench]
    const clone = bench.fresh()
    const result = await bench.run(clone, apply)
    const {done, failed, skipped, unknown} = result.json<ApplyJson>()
    expect([result.code, failed, skipped, unknown], result.stdout + result.stderr).to.deep.equal([0, [], [], []])
    expect(done).to.have.length.least(30)
    const {writes} = bench.watch
    count = writes.length
    expected = await bench.outcome(clone, writes)
    expect(expected.writes.filter((line) => !line.endsWith(' 200'))).to.deep.equal([])
    expect(await clone.git('status', '--porcelain')).to.equal('')
    expect((await clone.sync()).commit).to.equal(null)
  })
  after(async () => Promise.all(benches.map((bench) => bench.stop())))

  async function trial(bench: Bench, cut: Cut): Promise<void> {
    const clone = bench.fresh()
    const killed = await bench.run(clone, apply, cut)
    expect([killed.signal, bench.watch.wasCut], killed.stdout + killed.stderr).to.deep.equal(['SIGKILL', true])
    const {writes} = bench.watch
    const resumed = await bench.run(clone, ['apply', '--resume', '--json', ...consents])
    const {failed = [], skipped = [], unknown = []} = resumed.json<Partial<ApplyJson>>()
    expect(resumed.code, resumed.stdout.slice(0, 2000)).to.be.oneOf([0, 1])
    expect([...failed, ...skipped, ...unknown], resumed.stderr).to.deep.equal([])
    expect(resumed.code).to.equal(0)
    const outcome = await bench.outcome(clone, [...writes, ...bench.watch.writes])
    const different = Object.entries(outcome).flatMap(([what, is]) =>
      linesThatDiffer(what, expected[what as keyof Outcome], is),
    )
    expect(different).to.deep.equal([])
    expect(await clone.git('status', '--porcelain')).to.equal('')
    execFileSync('rm', ['-rf', clone.root])
  }

  async function play(cuts: readonly Cut[]): Promise<void> {
    const rest = [...cuts]
    const problems: string[] = []
    const worker = async (bench: Bench): Promise<void> => {
      for (let cut = rest.shift(); cut; cut = rest.shift()) {
        try {
          await trial(bench, cut)
        } catch (error) {
          problems.push(
            `at write ${cut.write} of ${String(cut.of ?? 'all')}, ${cut.half}: ${(error as Error).message} ${JSON.stringify((error as {actual?: unknown}).actual)}`,
          )
        }
      }
    }
    await Promise.all(benches.map(worker))
    expect(problems, problems.join('\n')).to.deep.equal([])
  }

  // All of them take some ten minutes.
  if (process.env.PMPC_TEST_KILLS === 'all') {
    it('ends right at whichever request it was killed', () =>
      play(
        Array.from({length: count}, (_, at) => at + 1).flatMap((write): Cut[] => [
          {write, half: 'lost'},
          {write, half: 'unanswered'},
        ]),
      ))
  } else {
    it('ends right, whatever sort of request it was killed at', () =>
      play([
        // What PVE would do twice if it was asked twice.
        {of: /^POST .*\/qemu\/102\/config$/, write: 1, half: 'unanswered'},
        {of: /^POST .*\/qemu$/, write: 1, half: 'unanswered'},
        {of: /^POST .*\/clone$/, write: 2, half: 'unanswered'},
        {of: /^POST \/cluster\/firewall\/rules$/, write: 1, half: 'unanswered'},
        // What was never done.
        {of: /\/qemu\/107\/config$/, write: 2, half: 'lost'},
        {of: /^PUT \/cluster\/sdn$/, write: 1, half: 'unanswered'},
        {of: /^PUT \/nodes\/pve1\/network$/, write: 1, half: 'unanswered'},
      ]))
  }
})
