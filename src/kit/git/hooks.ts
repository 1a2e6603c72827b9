import {readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {PmpcError} from '../errors/index.js'
import type {Context} from './context.js'

/** The user's hooks around one commit. They see an index of their own, so that `git add -A` in one cannot reach ours. */
export interface Hooks {
  /** Runs pre-commit, then commit-msg; returns the message as the latter left it. Throws PMPC_HOOK_FAILED. */
  before(message: string): Promise<string>
  /** Runs post-commit; returns what it printed when it failed, as the commit stands by then. */
  after(): Promise<string | undefined>
  /** Removes the index and the message file. */
  close(): void
}

/** Prepares the hooks for a commit of `tree`. `core.hooksPath` is honoured; a hook that is not there is skipped. */
export function openHooks(context: Context, tree: string, id: string): Hooks {
  const index = join(context.gitDir, `pmpc-hook-index-${id}.tmp`)
  const messageFile = join(context.gitDir, `pmpc-hook-message-${id}.tmp`)
  // Hooks see the variables that `git commit` gives them, not those by which pmpc makes Git's answers predictable.
  const env = {
    GIT_INDEX_FILE: index,
    GIT_EDITOR: ':',
    GIT_LITERAL_PATHSPECS: undefined,
    GIT_OPTIONAL_LOCKS: undefined,
    LC_ALL: process.env.LC_ALL,
    LANGUAGE: process.env.LANGUAGE,
  }
  const run = async (name: string, args: string[] = []): Promise<{code: number; output: string}> => {
    const words = args.length > 0 ? ['--', ...args] : []
    const result = await context.write(['hook', 'run', '--ignore-missing', name, ...words], {env, accept: anyCode})
    return {code: result.code, output: `${result.stdout.toString()}${result.stderr}`.trim()}
  }
  const mustRun = async (name: string, args?: string[]): Promise<void> => {
    const {code, output} = await run(name, args)
    if (code !== 0) throw hookFailed(name, output || `exit code ${code}`)
  }
  return {
    async before(message) {
      await context.write(['read-tree', tree], {env: {GIT_INDEX_FILE: index}})
      await mustRun('pre-commit')
      writeFileSync(messageFile, message)
      await mustRun('commit-msg', [messageFile])
      const changed = readFileSync(messageFile, 'utf8')
      if (changed.trim() === '') throw hookFailed('commit-msg', 'it left an empty message')
      return changed
    },
    async after() {
      const {code, output} = await run('post-commit')
      return code === 0 ? undefined : `The post-commit hook failed: ${output || `exit code ${code}`}`
    },
    close() {
      for (const path of [index, `${index}.lock`, messageFile]) rmSync(path, {force: true})
    },
  }
}

const anyCode = [-1, ...Array.from({length: 256}, (_, code) => code)]

function hookFailed(name: string, output: string): PmpcError {
  return new PmpcError(
    'PMPC_HOOK_FAILED',
    `The repository's ${name} hook refused the commit; nothing was changed.\n${output}`,
    {
      suggestions: [`git hook run ${name}`, 'Mend what the hook complains about, then run the same command again.'],
      data: {hook: name, output},
    },
  )
}
