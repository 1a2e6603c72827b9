import {BaseCommand, clusterFlag, count} from 'pmpc/kit/cli'
import {exitCodes} from 'pmpc/kit/errors'
import {clustersOf, requireWorkspace} from 'pmpc/kit/workspace'
import {health, type HealthResult} from '../health/health.js'
import type {Result} from '../health/model.js'

export type {HealthResult}

const colors = {ok: 'green', warning: 'yellow', critical: 'red', unknown: 'cyan'} as const

export default class Health extends BaseCommand<HealthResult> {
  static override readonly effect = 'reads'
  static override summary = 'Check how the clusters are: what is wrong, why it matters, what to do.'

  static override description = `Reads each path of the API once for all checks, and changes nothing.
Exits with 2 where something is critical, with 1 where there are warnings or something could not be read.
What is open between the clusters and this workspace is told by pmpc status.`

  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json']

  static override flags = {cluster: clusterFlag}

  async run(): Promise<HealthResult> {
    const {flags} = await this.parse(Health)
    const workspace = await requireWorkspace(this.folder)
    const result = await health(workspace, clustersOf(workspace, flags.cluster, 'pmpc health'), this.caller)
    this.tell(result)
    this.setExitCode(exitCodeOf(result))
    return result
  }

  private tell({checks, requests}: HealthResult): void {
    const found = checks.filter(({result}) => result !== 'ok')
    if (found.length > 0)
      this.printTable(found, [
        {header: 'RESULT', value: ({result}) => result, color: ({result}) => colors[result], fixed: true},
        {header: 'CHECK', value: ({id}) => id, keep: true},
        {header: 'WHAT', value: ({message}) => message},
      ])
    const number = (result: Result): number => checks.filter((check) => check.result === result).length
    this.say(
      `${count(checks.length, 'check')}: ${number('ok')} ok, ${number('warning')} warning, ${number('critical')} critical, ${number('unknown')} unknown; ${count(requests, 'request')}.`,
    )
  }
}

function exitCodeOf({checks}: HealthResult): number {
  if (checks.some(({result}) => result === 'critical')) return exitCodes.differs
  return checks.every(({result}) => result === 'ok') ? exitCodes.ok : exitCodes.failed
}
