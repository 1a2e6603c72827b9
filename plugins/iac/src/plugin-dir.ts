import {resolve} from 'node:path'
import {Flags} from 'pmpc/kit/cli'

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

/** The folder that was given, from the one of `-C`. */
export const pluginDirIn = (folder: string, given: string | undefined): string | undefined =>
  given === undefined ? undefined : resolve(folder, given)
