import {Flags} from 'pmpc/kit/cli'
import {PmpcError} from 'pmpc/kit/errors'
import {shellWord} from 'pmpc/kit/files'
import type {ApplyRequest, ApplyResult} from 'pmpc/kit/verbs'
import {ApplyingCommand, consentFlags} from './applying.js'

/** The flags of commands that write manifests. */
export const declaringFlags = {
  'no-commit': Flags.boolean({summary: 'Write the manifests, and commit nothing.', exclusive: ['apply']}),
  apply: Flags.boolean({summary: 'Apply it then, as pmpc apply does for these objects.'}),
  ...consentFlags,
}

interface DeclaringFlags {
  apply: boolean
  'no-commit': boolean
  yes: boolean
  allow: string | undefined
  confirm: string | undefined
}

/** What the commands have in common that write manifests, commit that, and may go on with an apply. */
export abstract class DeclaringCommand<
  T extends {commit: string | null; applied?: ApplyResult},
> extends ApplyingCommand<T> {
  /** @throws PMPC_USAGE for a consent where nothing is applied */
  protected declaring(flags: DeclaringFlags): {isUncommitted: boolean} & {
    applying?: Omit<ApplyRequest, 'clusters' | 'words' | 'exclude' | 'refresh' | 'failFast' | 'resume'>
  } {
    const consent = (['yes', 'allow', 'confirm'] as const).find(
      (name) => flags[name] !== undefined && flags[name] !== false,
    )
    if (consent && !flags.apply)
      throw new PmpcError(
        'PMPC_USAGE',
        `--${consent} agrees to what an apply does, and without --apply there is none`,
        {
          suggestions: [`${this.typed} … --apply --${consent}`],
        },
      )
    return {isUncommitted: flags['no-commit'], ...(flags.apply && {applying: this.applying(flags)})}
  }

  /** What was written where, and what comes next. */
  protected tellDeclared(
    {commit}: T,
    {
      objects,
      files,
      warnings,
      isApplied,
    }: {
      objects: readonly string[]
      files: readonly string[]
      warnings: readonly string[]
      isApplied: boolean
    },
  ): void {
    for (const warning of warnings) this.warnUser(warning)
    if (commit !== null) this.say(`Committed in ${commit.slice(0, 10)}.`)
    else if (files.length > 0)
      this.say(`Not committed: ${files.slice(0, 4).join(', ')}${files.length > 4 ? ', …' : ''}`)
    const names = objects.slice(0, 4).map(shellWord).join(' ')
    if (objects.length > 0 && !isApplied) this.hint(`What it does: pmpc plan ${names}. Do it: pmpc apply ${names}`)
  }
}
