import type {Check} from '../model.js'
import {DAY, HOUR, number, spanText, text} from '../values.js'
import {above, finding} from './grade.js'

const isOk = (status: unknown): boolean => /^(?:OK|WARNINGS: \d+|RUNNING)$/.test(text(status))

/** Tasks of the nodes. */
export const taskChecks: readonly Check[] = [
  {
    id: 'task.failed',
    severity: 'warning',
    about: 'Tasks of the last day went well',
    why: 'What fails again and again is a script, or a storage, that nobody looks at.',
    fix: 'pmpc task list --status error --since 1d, then pmpc task log; pmpc explain tells what an error means.',
    reads: ['tasks'],
    limits: {warning: {default: 6, is: 'failed tasks of a node in 24 hours'}},
    find: (facts, limits) => {
      const failed = facts
        .atNodes('tasks')
        .filter(
          ({entry}) => entry.endtime !== undefined && !isOk(entry.status) && number(entry.starttime) > facts.now - DAY,
        )
      const nodes = [...new Set(failed.map(({node}) => node))]
      return nodes.flatMap((node) => {
        const own = failed.filter((one) => one.node === node)
        const types = [...new Set(own.map(({entry}) => text(entry.type)))].toSorted().join(', ')
        return finding(
          `node/${node}`,
          above(own.length, limits),
          `${own.length} tasks failed since yesterday: ${types}`,
        )
      })
    },
  },
  {
    id: 'task.long',
    severity: 'warning',
    about: 'No task runs for very long',
    why: 'It holds locks, and may wait for a storage that does not answer.',
    fix: 'pmpc task log shows where it is; pmpc task cancel stops it.',
    reads: ['tasks'],
    limits: {warning: {default: 24, is: 'hours'}},
    find: (facts, limits) =>
      facts
        .atNodes('tasks')
        // Consoles are tasks, too, and may stay open.
        .filter(
          ({entry}) =>
            entry.endtime === undefined && !/^(?:vncproxy|vncshell|spiceproxy|spiceshell)$/.test(text(entry.type)),
        )
        .flatMap(({node, entry}) => {
          const age = facts.now - number(entry.starttime)
          const about = text(entry.id) === '' ? '' : ` of ${text(entry.id)}`
          return finding(
            `node/${node}`,
            above(age / HOUR, limits),
            `${text(entry.type)}${about} runs since ${spanText(age)}`,
          )
        }),
  },
]
