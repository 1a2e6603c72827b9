import type {Caller} from 'pmpc/kit/runs'

/** Programs that pmpc works with, and how each is asked for its version. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  git: ['--version'],
  terraform: ['version'],
  tofu: ['version'],
  ansible: ['--version'],
}

/** Milliseconds that a program may think about its version. */
const patience = 10_000

/** The first line that each program on PATH prints of itself; those that are not there are left out. No program gets a secret of pmpc's. */
export async function programVersions({env, signal}: Caller): Promise<Record<string, string>> {
  const {execa} = await import('execa')
  const {PATH, HOME, LANG, TMPDIR} = env
  const told = await Promise.all(
    Object.entries(PROGRAMS).map(async ([name, words]): Promise<[string, string][]> => {
      const ended = await execa(name, [...words], {
        env: {PATH, HOME, LANG, TMPDIR, CHECKPOINT_DISABLE: '1', NO_COLOR: '1'},
        ...{extendEnv: false, stdin: 'ignore', reject: false, timeout: patience},
        ...(signal && {cancelSignal: signal}),
      })
      return ended.failed ? [] : [[name, ended.stdout.split('\n')[0] ?? '']]
    }),
  )
  return Object.fromEntries(told.flat())
}
