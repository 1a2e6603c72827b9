import type {Facts} from '../facts.js'
import type {Check} from '../model.js'
import {bytesText} from '../values.js'
import {above, finding, warning} from './grade.js'

/** What running guests may use of their nodes. */
export const capacityChecks: readonly Check[] = [
  {
    id: 'memory.overcommit',
    severity: 'critical',
    about: 'Running guests may not use more memory than their node has',
    why: 'It works until several guests want what they were promised; then the kernel kills one of them.',
    fix: 'Shrink or move guests; ballooning gives back only what guests let go of.',
    reads: ['resources'],
    limits: {
      warning: {default: 100, is: 'percent of the memory of a node that its running guests may use'},
      critical: {default: 130, is: 'the same'},
    },
    find: (facts, limits) =>
      facts.places.nodes.flatMap(({node, memory}) => {
        const promised = runningAt(facts, node).reduce((sum, guest) => sum + guest.memory, 0)
        const share = memory === 0 ? 0 : (promised * 100) / memory
        const message = `running guests may use ${bytesText(promised)} of ${bytesText(memory)}`
        return finding(`node/${node}`, share > limits.warning! ? above(share, limits) : undefined, message)
      }),
  },
  {
    id: 'memory.failover',
    severity: 'warning',
    about: 'The other nodes could carry the guests of any one',
    why: 'Where a node fails, or is emptied for an update, its guests have to fit elsewhere.',
    fix: 'Add memory, or decide which guests may stay down.',
    reads: ['resources'],
    whole: ['resources'],
    find: (facts) => {
      const nodes = facts.places.nodes.filter(({isOnline}) => isOnline)
      if (nodes.length < 2) return []
      const promised = facts.places.guests
        .filter(({isRunning: runs}) => runs)
        .reduce((sum, {memory}) => sum + memory, 0)
      const all = nodes.reduce((sum, {memory}) => sum + memory, 0)
      const rest = all - Math.max(...nodes.map(({memory}) => memory))
      return promised > rest
        ? [
            warning(
              'cluster',
              `running guests may use ${bytesText(promised)}; without the largest node there are ${bytesText(rest)}`,
            ),
          ]
        : []
    },
  },
  {
    id: 'cpu.overcommit',
    severity: 'warning',
    about: 'Running guests do not share threads with too many others',
    why: 'Guests wait for processors that others hold, and blame their own work for it.',
    fix: 'Give guests fewer cores, or move some of them.',
    reads: ['resources'],
    limits: {warning: {default: 4, is: 'cores of running guests by thread of the node'}},
    find: (facts, limits) =>
      facts.places.nodes.flatMap(({node, cpus}) => {
        const cores = runningAt(facts, node).reduce((sum, guest) => sum + guest.cpus, 0)
        const share = cpus === 0 ? 0 : cores / cpus
        return finding(`node/${node}`, above(share, limits), `${cores} cores of running guests on ${cpus} threads`)
      }),
  },
]

function runningAt(facts: Facts, node: string): Facts['places']['guests'] {
  return facts.places.guests.filter((guest) => guest.node === node && guest.isRunning)
}
