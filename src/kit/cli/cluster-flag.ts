import * as Flags from '@oclif/core/flags'

/** `--cluster` of a command that looks at all clusters unless told otherwise. Of the words behind it only the first is a cluster. */
export const clusterFlag = Flags.string({
  summary: 'Only this cluster; may be given more than once.',
  helpValue: 'NAME',
  multiple: true,
  multipleNonGreedy: true,
})
