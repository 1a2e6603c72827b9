import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'

/** Flags that say which objects are meant, of commands that select among what was observed. */
export const meantFlags = {
  node: Flags.string({summary: 'Only what is on this node.', helpValue: 'NAME'}),
  pool: Flags.string({summary: 'Only members of this pool.', helpValue: 'NAME'}),
  tag: Flags.string({
    summary: 'Only guests with this tag; may be repeated.',
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'TAG',
  }),
  status: Flags.string({summary: 'Only what has this status.', helpValue: 'STATUS'}),
  label: Flags.string({
    char: 'l',
    summary: 'Only where a key has a value; may be repeated.',
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'KEY=VALUE',
  }),
}

/** The task that a command is about. */
export const taskArg = Args.string({
  description: 'a UPID, the beginning of one, or a guest, whose last task is meant',
  required: true,
})

/** The same, of several. */
export const tasksArg = Args.string({
  description: 'UPIDs, the beginnings of some, or guests, whose last tasks are meant',
  required: true,
})
