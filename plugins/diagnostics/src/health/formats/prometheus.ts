import type {HealthResult} from '../health.js'
import {results, type Result} from '../model.js'
import {counts} from './summary.js'

/** What stands for a result; all but 0 is to be looked at. */
const values: Readonly<Record<Result, number>> = {ok: 0, warning: 1, critical: 2, unknown: 3}

interface Metric {
  name: string
  help: string
  samples: {labels: Record<string, string>; value: number}[]
}

/**
 * The text format of Prometheus (github.com/prometheus/docs, "Text-based format"), which node_exporter's textfile collector reads, too.
 * @param now seconds since the epoch
 */
export function prometheusOf(result: HealthResult, now: number): string {
  const {checks, requests, milliseconds} = result
  const clusterOf = (cluster: string | null): string => cluster ?? ''
  const numbers = counts(result)
  const metrics: Metric[] = [
    {
      name: 'pmpc_health_check',
      help: 'Result of a check: 0 ok, 1 warning, 2 critical, 3 unknown.',
      samples: checks.map(({id, cluster, result: came}) => ({
        labels: {cluster: clusterOf(cluster), check: id},
        value: values[came],
      })),
    },
    {
      name: 'pmpc_health_finding',
      help: 'Something that a check found: 1 warning, 2 critical.',
      samples: checks.flatMap(({id, cluster, findings}) =>
        [...new Map(findings.map((one) => [one.object, one.severity]))].map(([object, severity]) => ({
          labels: {cluster: clusterOf(cluster), check: id, object},
          value: values[severity],
        })),
      ),
    },
    {
      name: 'pmpc_health_checks',
      help: 'How many checks came out so.',
      samples: results.map((name) => ({labels: {result: name}, value: numbers[name]})),
    },
    {name: 'pmpc_health_requests', help: 'Requests that it took.', samples: [{labels: {}, value: requests}]},
    {name: 'pmpc_health_seconds', help: 'How long it took.', samples: [{labels: {}, value: milliseconds / 1000}]},
    {
      name: 'pmpc_health_timestamp_seconds',
      help: 'When it was looked, in seconds since the epoch.',
      samples: [{labels: {}, value: now}],
    },
  ]
  return metrics.map(metricText).join('')
}

function metricText({name, help, samples}: Metric): string {
  const lines = samples.map(({labels, value}) => `${name}${labelText(labels)} ${value}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`
}

function labelText(labels: Record<string, string>): string {
  const all = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return all.length === 0 ? '' : `{${all.join(',')}}`
}

const escaped = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
