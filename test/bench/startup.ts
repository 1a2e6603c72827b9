import {spawnSync} from 'node:child_process'
import path from 'node:path'
import {checkout, sandbox} from '../support/pmpc.js'

/** One figure: what was measured, against what, and what it is to reach. */
export interface Figure {
  name: string
  /** Median of the ratios, pair by pair. */
  ratio: number
  reach: number
  /** Median wall time of both, in milliseconds. */
  milliseconds: {measured: number; reference: number}
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Milliseconds that a process takes as a whole, from outside. */
function wall(args: string[], env: Record<string, string>, cwd: string, input = ''): number {
  const started = process.hrtime.bigint()
  const {status, stderr} = spawnSync(process.execPath, args, {env, cwd, input, maxBuffer: 1 << 28})
  const milliseconds = Number(process.hrtime.bigint() - started) / 1e6
  if (status !== 0) throw new Error(`${args.join(' ')} exited with ${status}: ${String(stderr)}`)
  return milliseconds
}

/**
 * Runs two commands in turn and compares them pair by pair, so that a machine whose speed drifts slows down both.
 * The first pairs fill caches and are not counted.
 */
export function compare(
  measured: string[],
  reference: string[],
  options: {
    env: Record<string, string>
    cwd: string
    runs?: number
    /** Standard input of both. */
    input?: string
    /** Done before each pair, and not counted. */
    prepare?: () => void
  },
): {ratio: number; milliseconds: {measured: number; reference: number}} {
  const {env, cwd, runs = 31, input, prepare} = options
  const pairs = Array.from({length: runs + 2}, () => {
    prepare?.()
    return {measured: wall(measured, env, cwd, input), reference: wall(reference, env, cwd, input)}
  }).slice(2)
  return {
    ratio: median(pairs.map((pair) => pair.measured / pair.reference)),
    milliseconds: {
      measured: median(pairs.map((pair) => pair.measured)),
      reference: median(pairs.map((pair) => pair.reference)),
    },
  }
}

/** What every command pays: Node, oclif, the manifests of the plugins. */
export function startupFigures(): Figure[] {
  const box = sandbox()
  const bin = path.join(checkout, 'bin/run.js')
  const options = {env: box.env, cwd: box.folder}
  try {
    return [
      {name: 'pmpc --version / node -e 0', reach: 1.6, ...compare([bin, '--version'], ['-e', '0'], options)},
      {name: 'pmpc sync --help / node -e 0', reach: 2.5, ...compare([bin, 'sync', '--help'], ['-e', '0'], options)},
    ]
  } finally {
    box.remove()
  }
}
