import {statSync} from 'node:fs'
import path from 'node:path'
import {PmpcError} from 'pmpc/kit/errors'
import {replaceFile} from 'pmpc/kit/files'
import type {HealthResult} from '../health.js'
import {junitOf} from './junit.js'
import {markdownOf} from './markdown.js'
import {prometheusOf} from './prometheus.js'

/** Reports for other programs, by the word of `--format`. */
export const formats = {
  markdown: markdownOf,
  junit: junitOf,
  prometheus: (result: HealthResult) => prometheusOf(result, Math.floor(Date.now() / 1000)),
} as const

export const formatNames = ['markdown', 'junit', 'prometheus'] as const satisfies readonly (keyof typeof formats)[]

/** The name that the textfile collector of node_exporter finds: it reads `*.prom`, and may come at any time. */
const TEXTFILE = 'pmpc_health.prom'

/** Writes the metrics into a folder of the textfile collector, which another user reads. @throws PMPC_USAGE where there is no such folder */
export function writeTextfile(folder: string, result: HealthResult): void {
  if (!statSync(folder, {throwIfNoEntry: false})?.isDirectory())
    throw new PmpcError('PMPC_USAGE', `--textfile: ${folder} is no folder`, {
      suggestions: ['pmpc health --textfile /var/lib/prometheus/node-exporter'],
    })
  replaceFile(path.join(folder, TEXTFILE), formats.prometheus(result), {permissions: 0o644})
}
