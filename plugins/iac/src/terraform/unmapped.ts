import {PmpcError} from 'pmpc/kit/errors'
import {shellWord} from 'pmpc/kit/files'

/** That all keys are told of is checked before anything is written. @throws PMPC_IAC_UNMAPPED */
export function refuseUnmapped(unmapped: readonly {object: string; key: string}[]): void {
  const [first] = unmapped
  if (!first) return
  const more = unmapped.length > 1 ? `, and ${unmapped.length - 1} more keys` : ''
  throw new PmpcError(
    'PMPC_IAC_UNMAPPED',
    `${first.object} ${first.key}: pmpc does not know what this key is in Terraform${more}`,
    {
      suggestions: [
        `pmpc describe ${shellWord(first.object)}`,
        'pmpc iac generate --target ansible   # needs no such mapping',
      ],
      data: {unmapped},
    },
  )
}
