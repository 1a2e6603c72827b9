import {PmpcError} from '../errors/index.js'

/** Git is not installed, or cannot be started. */
export function gitMissing(cause?: string): PmpcError {
  return new PmpcError(
    'PMPC_GIT_MISSING',
    `Git could not be started${cause ? ` (${cause})` : ''}: pmpc keeps its history in Git.`,
    {
      suggestions: ['apt install git   # or as this system installs Git 2.36 or newer', 'git --version'],
    },
  )
}

/** The installed Git is older than what pmpc relies on. */
export function gitTooOld(version: string): PmpcError {
  return new PmpcError(
    'PMPC_GIT_TOO_OLD',
    `Git ${version} is too old: pmpc needs 2.36 or newer (for \`git hook run\`).`,
    {
      suggestions: ['git --version   # after an upgrade of Git'],
      data: {version},
    },
  )
}

/** The folder a command was asked to work in does not exist. */
export function unreachableFolder(folder: string): PmpcError {
  return new PmpcError('PMPC_NOT_A_REPOSITORY', `${folder} does not exist, or is no folder.`, {
    suggestions: [`pmpc init ${folder}`],
    data: {folder},
  })
}

/** Another Git command is at work, or waits for its user. Nothing was changed. */
export function gitBusy(reason: string, suggestions: string[], data: Record<string, unknown> = {}): PmpcError {
  return new PmpcError('PMPC_GIT_BUSY', reason, {suggestions, data})
}

/** HEAD is no longer the commit that was built upon. Nothing was changed. */
export function gitMoved(expected: string | null, found: string | null): PmpcError {
  const name = (oid: string | null): string => oid?.slice(0, 12) ?? 'no commit'
  return new PmpcError(
    'PMPC_GIT_MOVED',
    `HEAD moved from ${name(expected)} to ${name(found)} while pmpc was at work; nothing was changed.`,
    {suggestions: ['Run the same command again.', 'git log -3'], data: {expected, found}},
  )
}

/** The commit was to be signed (`commit.gpgSign`), and could not be. Nothing was changed. */
export function signingFailed(cause: PmpcError): PmpcError {
  const said = String(cause.data?.git ?? '')
  return new PmpcError(
    'PMPC_SIGNING_FAILED',
    `The commit could not be signed, so nothing was committed: ${firstLine(said)}`,
    {
      suggestions: ['git config --get-regexp "^(user.signingkey|gpg)"', 'echo test | gpg --clearsign', 'ssh-add -l'],
      data: cause.data,
      cause,
    },
  )
}

/** Neither the folder nor the repository may be written. */
export function readOnly(path: string, cause?: unknown): PmpcError {
  return new PmpcError('PMPC_READ_ONLY', `${path} cannot be written: ${reason(cause)}.`, {
    suggestions: [`ls -ld ${path}`, 'pmpc sync --no-commit   # only reads'],
    data: {path},
    cause,
  })
}

/** A file of pmpc's own could not be written, for a reason that may pass (a full disk). */
export function cannotWrite(path: string, cause: unknown): PmpcError {
  return new PmpcError('PMPC_WRITE_FAILED', `${path} could not be written: ${reason(cause)}; nothing was changed.`, {
    suggestions: [`df -h '${path}'`],
    data: {path},
    cause,
  })
}

/** Says in words why the file system refused. */
export function reason(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const words: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOSPC: 'no space is left',
    EDQUOT: 'the disk quota is used up',
  }
  return words[code] ?? (cause instanceof Error ? cause.message : 'permission denied')
}

/** Whether the file system refused a write for good. */
export function isReadOnlyError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['EACCES', 'EPERM', 'EROFS'].includes(String(error.code))
}

interface Known {
  pattern: RegExp
  code: string
  message(stderr: string, match: RegExpMatchArray): string
  suggestions(match: RegExpMatchArray, data: Record<string, unknown>): string[]
}

/** What Git says (LC_ALL=C, 2.36 to 2.47), and what that means to somebody who typed `pmpc`. First match wins. */
const known: Known[] = [
  {
    pattern: /not a git repository/,
    code: 'PMPC_NOT_A_REPOSITORY',
    message: () => 'This folder is not in a Git repository.',
    suggestions: () => ['pmpc init', 'git init && pmpc init'],
  },
  {
    pattern: /must be run in a work tree/,
    code: 'PMPC_BARE_REPOSITORY',
    message: () => 'This repository is bare: it has no working tree to keep manifests in.',
    suggestions: () => ['git clone THIS-REPOSITORY work && cd work'],
  },
  {
    pattern: /dubious ownership in repository at '(.+?)'|unsafe repository \('(.+?)'/,
    code: 'PMPC_GIT_UNSAFE',
    message: (_, match) => `Git does not trust ${match[1] ?? match[2]}: it belongs to another user.`,
    suggestions: (match) => [`git config --global --add safe.directory ${match[1] ?? match[2]}`],
  },
  {
    pattern:
      /tell me who you are|unable to auto-detect email|empty ident name|no (?:email|name) was given|no user exists for uid|user\.useConfigOnly/i,
    code: 'PMPC_GIT_IDENTITY',
    message: () => 'Git does not know who you are, and each commit needs an author.',
    suggestions: () => ['git config --global user.name "Your Name"', 'git config --global user.email you@example.com'],
  },
  {
    pattern: /Unable to create '(.+?\.lock)': File exists/,
    code: 'PMPC_GIT_BUSY',
    message: (_, match) => `Another Git command holds ${match[1]}.`,
    suggestions: (match) => [
      'Wait for it to end, then run the same command again.',
      `rm '${match[1]}'   # if no Git runs`,
    ],
  },
  {
    pattern: /insufficient permission|Permission denied|Read-only file system/,
    code: 'PMPC_READ_ONLY',
    message: (stderr) => `The repository cannot be written: ${firstLine(stderr)}`,
    suggestions: () => ['ls -ld .git .git/objects', 'pmpc sync --no-commit   # only reads'],
  },
  {
    pattern: /No space left on device|Disk quota exceeded/,
    code: 'PMPC_WRITE_FAILED',
    message: (stderr) => `The repository could not be written: ${firstLine(stderr)}`,
    suggestions: () => ['df -h .git'],
  },
]

/** Turns what Git printed into an error with a code, and with the next command to type. */
export function gitFailure(stderr: string, data: Record<string, unknown> = {}): PmpcError {
  for (const entry of known) {
    const match = entry.pattern.exec(stderr)
    if (!match) continue
    return new PmpcError(entry.code, entry.message(stderr, match), {
      suggestions: entry.suggestions(match, data),
      data: {...data, git: stderr.trim()},
    })
  }
  const command = typeof data.command === 'string' ? data.command : 'git'
  return new PmpcError(
    'PMPC_GIT_FAILED',
    `${command} failed: ${firstLine(stderr) || `exit code ${String(data.code)}`}`,
    {
      suggestions: ['git status', 'git fsck --connectivity-only'],
      data: {...data, git: stderr.trim()},
    },
  )
}

function firstLine(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('hint:'))
  return (lines.find((line) => /^(fatal|error):/.test(line)) ?? lines[0] ?? '').replace(/^(fatal|error): /, '')
}
