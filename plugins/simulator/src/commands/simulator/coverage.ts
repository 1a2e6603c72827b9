import {Command, Flags} from '@oclif/core'
import type {Release} from '../../contract/contract.js'

const releases: Release[] = ['8.4', '9.2']

export default class SimulatorCoverage extends Command {
  static override summary = "Print what share of Proxmox VE's API the simulator serves, and which methods it does not."
  static override description =
    'With --json: {"served","methods","missing"} for the version that --pve names, else one such object by version. ' +
    'Methods that are missing answer 501, as PVE does for paths it does not know.'

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --pve 9.2 --json',
  ]

  static override flags = {
    pve: Flags.string({description: 'only this version of the API', options: releases}),
    json: Flags.boolean({description: 'print JSON'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(SimulatorCoverage)
    const {coverageOf} = await import('../../endpoints/coverage.js')
    const wanted = flags.pve as Release | undefined
    const found = await Promise.all(
      (wanted ? [wanted] : releases).map(async (release) => [release, await coverageOf(release)] as const),
    )
    if (flags.json) {
      this.log(JSON.stringify(wanted ? found[0]![1] : Object.fromEntries(found), null, 2))
      return
    }
    for (const [release, {served, methods, missing}] of found) {
      this.log(`Proxmox VE ${release}: ${served} of ${methods} methods served (${percent(served / methods)})`)
      for (const method of missing) this.log(`  ${method}`)
    }
  }
}

const percent = (share: number): string => `${(Math.floor(share * 1000) / 10).toFixed(1)} %`
