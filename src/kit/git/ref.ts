import type {Context} from './context.js'
import {steadyNow} from '../work/index.js'
import {tellGit, writing} from './exec.js'
import {gitFailure, gitMissing, gitMoved} from './errors.js'
import {readHead} from './head.js'

/**
 * Moves HEAD (the branch it names, or HEAD itself when detached) from one commit to another, as a transaction: Git locks and
 * checks the ref, `whenPrepared` runs, and only then is it told to commit. Should pmpc die in between, its end of the pipe
 * closes and Git lets go without a change. Throws PMPC_GIT_MOVED where HEAD is no longer `before`.
 */
export async function moveHead(
  context: Context,
  move: {before: string | null; after: string; reason: string; runHooks: boolean},
  whenPrepared: () => void | Promise<void>,
): Promise<void> {
  const {execa} = await import('execa')
  const nothing = '0'.repeat(move.after.length)
  // There is a hook for refs, too, and it could refuse a commit of state.
  const noHooks = move.runHooks ? [] : ['-c', 'core.hooksPath=/dev/null']
  const args = [...noHooks, 'update-ref', '-m', move.reason, '--stdin']
  context.onSpawn(args.slice(noHooks.length))
  const began = steadyNow()
  let code: number | undefined
  const child = execa('git', args, {...writing(context.root), buffer: {stdout: false}, stdin: 'pipe'})
  child.stdin.on('error', () => undefined)
  const answers = lines(child.stdout)
  try {
    child.stdin.write(`start\nupdate HEAD ${move.after} ${move.before ?? nothing}\nprepare\n`)
    const prepared = (await answers.next()) === 'start: ok' && (await answers.next()) === 'prepare: ok'
    if (prepared) {
      await whenPrepared()
      child.stdin.end('commit\n')
      if ((await answers.next()) === 'commit: ok') {
        code = 0
        return
      }
    }
  } finally {
    child.stdin.end()
    tellGit(args, began, {code})
  }
  const result = await child
  if (result.code === 'ENOENT') throw gitMissing()
  const found = (await readHead(context)).oid
  if (found !== move.before && found !== move.after) throw gitMoved(move.before, found)
  throw gitFailure(result.stderr, {command: 'git update-ref', code: result.exitCode})
}

function lines(stream: NodeJS.ReadableStream): {next(): Promise<string | undefined>} {
  let text = ''
  let ended = false
  let wake: () => void = () => undefined
  stream.on('data', (chunk: Buffer | string) => {
    text += chunk.toString()
    wake()
  })
  const end = (): void => {
    ended = true
    wake()
  }
  stream.on('end', end)
  stream.on('close', end)
  stream.on('error', end)
  return {
    async next() {
      for (;;) {
        const at = text.indexOf('\n')
        if (at >= 0) {
          const line = text.slice(0, at)
          text = text.slice(at + 1)
          return line
        }
        if (ended) return undefined
        await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}
