import {statSync} from 'node:fs'
import {resolve} from 'node:path'
import {Flags} from 'pmpc/kit/cli'
import {PmpcError} from 'pmpc/kit/errors'

/** `--plugin-dir` of the commands that run Terraform or OpenTofu. */
export const pluginDirFlag = Flags.string({
  summary: 'Take the provider from here, as terraform init -plugin-dir does.',
  helpValue: 'DIR',
})

/** Its example in their help. */
export const pluginDirExample = {
  description: 'Without a registry, from a folder with the provider',
  command: '<%= config.bin %> <%= command.id %> --plugin-dir ~/terraform-mirror',
}

/** The folder that was given, from the one of `-C`. @throws PMPC_USAGE where there is none: Terraform tells it in a page, after all else that it does */
export function pluginDirIn(folder: string, given: string | undefined): string | undefined {
  if (given === undefined) return undefined
  const path = resolve(folder, given)
  if (statSync(path, {throwIfNoEntry: false})?.isDirectory()) return path
  throw new PmpcError('PMPC_USAGE', `--plugin-dir ${given}: there is no such folder`, {
    suggestions: [
      'terraform providers mirror DIR   # in iac/terraform, where the registry can be reached: fills a folder',
      'pmpc iac prove   # without the flag the provider comes from the registry',
    ],
    data: {path},
  })
}
