import type {AnonymizedFiles, HandedFile} from 'pmpc/kit/anonymize'
import type {Caller} from 'pmpc/kit/runs'
import {anonymizeHanded} from '../run/handed.js'

/** What other plugins ask before they hand anything out; where this plugin is not installed nobody answers. */
export default async function anonymize({
  files,
  folder,
  caller,
}: {
  files: readonly HandedFile[]
  folder: string
  caller: Caller
}): Promise<AnonymizedFiles> {
  return anonymizeHanded(files, folder, caller)
}
