import path from 'node:path'
import {startSimulator} from '../../plugins/simulator/src/index.js'
import {sandbox} from '../support/pmpc.js'
import type {Figure} from './startup.js'

/**
 * What a sync of a simulated cluster asks, counted by the cluster: one configuration a guest, ten a node; the formula itself is held in
 * test/integration/fetch/budget.test.ts. With so many guests their firewalls are not read.
 */
export async function requestFigures(nodes = 4, guests = 300): Promise<Figure[]> {
  const simulator = await startSimulator({nodes, guests, statusInterval: 0})
  const box = sandbox()
  try {
    const folder = path.join(box.folder, 'workspace')
    const env = {PMPC_TOKEN_HOME: simulator.tokenSecret}
    const where = ['--cluster', 'home', '--endpoint', simulator.url, '--token-id', simulator.tokenId]
    const pinned = ['--token-env', 'PMPC_TOKEN_HOME', '--fingerprint', simulator.fingerprint, '--yes']
    await mustPass(box.pmpc(['init', folder, ...where, ...pinned], {env}))
    await mustPass(box.pmpc(['sync', '--accept'], {cwd: folder, env}))
    simulator.simulation.faults.resetCounters()
    await mustPass(box.pmpc(['sync'], {cwd: folder, env}))
    const {byPath, requests} = simulator.simulation.faults.count()
    const sum = (pattern: RegExp): number =>
      Object.entries(byPath).reduce((all, [call, times]) => (pattern.test(call) ? all + times : all), 0)
    const configs = sum(/\/(qemu|lxc)\/\d+\/config$/)
    const ofGuests = sum(/\/(qemu|lxc)\/\d+\//)
    const ofNodes = sum(/ \/nodes\/[^/]+\//) - ofGuests
    const others = requests - ofGuests - ofNodes
    const figure = (name: string, ratio: number, reach: number, [measured, reference]: [number, number]): Figure => ({
      name,
      ratio,
      reach,
      milliseconds: {measured, reference},
    })
    return [
      figure('configurations read by a sync / guests (counts)', configs / guests, 1, [configs, guests]),
      figure('all requests of a sync about guests / guests (counts)', ofGuests / guests, 1.1, [ofGuests, guests]),
      figure('requests of a sync about nodes / nodes (counts)', ofNodes / nodes, 10, [ofNodes, nodes]),
      figure('requests of a sync about the cluster as a whole (count)', others, 60, [others, 1]),
    ]
  } finally {
    box.remove()
    await simulator.stop()
  }
}

async function mustPass(run: Promise<{code: number | null; stderr: string}>): Promise<void> {
  const {code, stderr} = await run
  if (code !== 0) throw new Error(stderr)
}
