import type {SimpleGitOptions} from 'simple-git'
import type {Context} from './context.js'
import {gitFailure} from './errors.js'
import {steadyNow} from '../work/index.js'
import {guardWord, isInherited, tellGit} from './exec.js'
import {resolve} from './reads.js'

/** A commit as `pmpc log` and `pmpc history` need it. */
export interface LoggedCommit {
  oid: string
  parents: string[]
  author: {name: string; email: string; date: string}
  committer: {name: string; email: string; date: string}
  subject: string
  /** The whole message. */
  message: string
  /** Trailers in the order written; a key may occur more than once. */
  trailers: {key: string; value: string}[]
}

/** Which commits. */
export interface LogOptions {
  /** Where to begin, or a range `A..B`; HEAD unless given. */
  rev?: string
  /** Only commits that touch these paths. */
  paths?: string[]
  limit?: number
  /** Anything `git log --since` understands. */
  since?: string
  until?: string
  /** Only commits of the branch itself, not of what was merged into it. */
  firstParent?: boolean
}

// NUL ends each field and, by -z, each record; no message can hold one. RS and US part trailers from each other.
const fields = [
  '%H',
  '%P',
  '%an',
  '%ae',
  '%aI',
  '%cn',
  '%ce',
  '%cI',
  '%s',
  '%B',
  '%(trailers:only,unfold,separator=%x1e,key_value_separator=%x1f)',
]

/** Commits, newest first; empty on a branch without commits. Dates are ISO 8601 with the author's offset. */
export async function readLog(context: Context, options: LogOptions = {}): Promise<LoggedCommit[]> {
  const args = ['log', '-z', '--no-color', '--no-show-signature', `--format=${fields.join('%x00')}`]
  if (options.limit !== undefined) args.push(`--max-count=${options.limit}`)
  if (options.since !== undefined) args.push(`--since=${options.since}`)
  if (options.until !== undefined) args.push(`--until=${options.until}`)
  if (options.firstParent) args.push('--first-parent')
  args.push('--end-of-options', guardWord(options.rev ?? 'HEAD', 'revision'), '--', ...(options.paths ?? []))
  return parseLog(await ask(context, args, options.rev))
}

/** What Git prints; nothing on a branch without commits. @throws PMPC_UNKNOWN_REVISION, PMPC_GIT_… */
async function ask(context: Context, args: string[], rev = 'HEAD'): Promise<string> {
  const {simpleGit} = await import('simple-git')
  let failed = {code: 0, stderr: ''}
  // It takes every GIT_… out of the environment but those that are named. The user's configuration is to stay, a hook's GIT_DIR is not.
  const allowEnvironment = Object.keys(process.env).filter((name) => /^GIT_/.test(name) && !isInherited(name))
  const errors: SimpleGitOptions['errors'] = (error, {exitCode, stdErr}) => {
    if (exitCode !== 0) failed = {code: exitCode, stderr: Buffer.concat(stdErr).toString()}
    return error
  }
  context.onSpawn(args)
  const began = steadyNow()
  let code: number | undefined
  try {
    const git = simpleGit({baseDir: context.root, allowEnvironment, errors})
    const text = await git.raw(['--literal-pathspecs', ...args])
    code = 0
    return text
  } catch (error) {
    // What 128 means is told by the revisions, as the words are in the user's language.
    if (failed.code !== 128) throw gitFailure(failed.stderr || String(error), {command: 'git log', rev})
    if (rev === 'HEAD') return ''
    for (const end of rev.split(/\.{2,3}/)) if (end !== '') await resolve(context, end)
    throw gitFailure(failed.stderr, {command: 'git log', rev})
  } finally {
    tellGit(args, began, {code})
  }
}

/** Parses what the format above prints. */
function parseLog(text: string): LoggedCommit[] {
  const parts = text.split('\0')
  const commits: LoggedCommit[] = []
  for (let at = 0; at + fields.length <= parts.length; at += fields.length) {
    const [oid, parents, an, ae, ad, cn, ce, cd, subject, message, trailers] = parts.slice(
      at,
      at + fields.length,
    ) as Fields
    commits.push({
      oid,
      parents: parents.split(' ').filter(Boolean),
      author: {name: an, email: ae, date: ad},
      committer: {name: cn, email: ce, date: cd},
      subject,
      message: message.trimEnd(),
      trailers: trailers.split('\x1e').filter(Boolean).map(parseTrailer),
    })
  }
  return commits
}

type Fields = [string, string, string, string, string, string, string, string, string, string, string]

function parseTrailer(text: string): {key: string; value: string} {
  const at = text.indexOf('\x1f')
  return at < 0 ? {key: text.trim(), value: ''} : {key: text.slice(0, at).trim(), value: text.slice(at + 1).trim()}
}
