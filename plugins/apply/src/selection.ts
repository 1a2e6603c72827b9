import {Flags} from 'pmpc/kit/cli'

/** The flag of commands that select objects. */
export const excludeFlag = Flags.string({
  summary: 'Leave these objects out; may be given more than once.',
  helpValue: 'SELECTOR',
  multiple: true,
})
