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
