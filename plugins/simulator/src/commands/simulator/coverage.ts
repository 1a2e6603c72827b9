import {BaseCommand, Flags} from 'pmpc/kit/cli'
import type {Release} from '../../contract/contract.js'
import type {Coverage} from '../../endpoints/coverage.js'

const releases = ['8.4', '9.2'] as const satisfies Release[]

/** What `pmpc simulator coverage --json` prints: of one version with `--pve`, else by version; docs/json.md. */
export type CoverageResult = Coverage | Record<string, Coverage>

export default class SimulatorCoverage extends BaseCommand<CoverageResult> {
  static override readonly effect = 'reads'
  static override summary = "Print what share of Proxmox VE's API the simulator serves, and which methods it does not."
  static override description =
    'With --json: {"served","methods","missing"} for the version that --pve names, else one such object by version. ' +
    'Methods that are missing answer 501, as PVE does for paths it does not know.'

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --pve 9.2 --json',
  ]

  static override flags = {
    pve: Flags.option({summary: 'Only this version of the API.', options: releases})(),
  }

  async run(): Promise<CoverageResult> {
    const {flags} = await this.parse(SimulatorCoverage)
    const {coverageOf} = await import('../../endpoints/coverage.js')
    const found: Record<string, Coverage> = {}
    for (const release of flags.pve ? [flags.pve] : releases) found[release] = await coverageOf(release)
    for (const [release, {served, methods, missing}] of Object.entries(found)) {
      this.say(`Proxmox VE ${release}: ${served} of ${methods} methods served (${percent(served / methods)})`)
      for (const method of missing) this.say(`  ${method}`)
    }
    return flags.pve ? found[flags.pve]! : found
  }
}

const percent = (share: number): string => `${(Math.floor(share * 1000) / 10).toFixed(1)} %`
