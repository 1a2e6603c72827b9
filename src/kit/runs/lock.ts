import {randomBytes} from 'node:crypto'
import {existsSync, linkSync, mkdirSync, readFileSync, readlinkSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {hostname} from 'node:os'
import {dirname, join} from 'node:path'
import {PmpcError} from '../errors/index.js'

/** A process, told apart from others that have its pid at another time or place. */
export interface ProcessId {
  pid: number
  host: string
  /** When the process started, in the kernel's ticks since boot (field 22 of /proc/PID/stat); null where there is no /proc. */
  started: string | null
  /** The boot and the process namespace in which that pid means something; null where unknown. */
  boot: string | null
  namespace: string | null
}

/** Who holds the lock, as the lock file says. */
export interface LockHolder extends ProcessId {
  command: string
  run: string
  /** ISO 8601. */
  since: string
}

/** A lock that is held. */
export interface Lock {
  readonly path: string
  readonly holder: LockHolder
  /** Lets go; more than once does no harm. */
  release(): void
}

/** Who asks for the lock. */
export interface LockRequest {
  /** As a person types it, `pmpc sync`. */
  command: string
  run: string
  /** How long to wait for another command to end; 0 unless given. */
  waitMilliseconds?: number
  /** Ends the waiting. */
  signal?: AbortSignal | undefined
  /** Told once when there is something to wait for. */
  onWait?(holder: LockHolder): void
}

/**
 * Takes the lock of a repository, in Git's common folder, so that all its working trees and the workspaces in them share it. Throws PMPC_LOCK_FAILED,
 * PMPC_READ_ONLY where it cannot be made, and
 * PMPC_LOCKED_WORKSPACE (75) naming who holds it. The lock of a process that is gone is taken over: same host, and the pid is free
 * or belongs to a process that started at another time.
 */
export async function acquireLock(commonDir: string, request: LockRequest): Promise<Lock> {
  const path = lockPath(commonDir)
  const holder = describeSelf(request)
  const deadline = Date.now() + (request.waitMilliseconds ?? 0)
  let told = false
  for (;;) {
    if (tryTake(path, holder)) return hold(path, holder)
    const other = readHolder(path)
    if (other && isGone(other)) {
      removeStale(path, other)
      continue
    }
    if (Date.now() >= deadline) throw locked(path, other)
    if (other && !told) request.onWait?.(other)
    told = true
    request.signal?.throwIfAborted()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** A lock as somebody finds it. */
export interface FoundLock {
  path: string
  /** Null where the file does not say. */
  holder: LockHolder | null
  /** Whoever held it certainly runs no more: the next command takes it over. */
  isLeft: boolean
}

/** Whether the lock of a repository is held, and by whom; undefined: it is free. */
export function foundLock(commonDir: string): FoundLock | undefined {
  const path = lockPath(commonDir)
  if (!existsSync(path)) return undefined
  const holder = readHolder(path)
  return {path, holder, isLeft: holder !== null && isGone(holder)}
}

const lockPath = (commonDir: string): string => join(commonDir, 'pmpc', 'lock')

/** A link makes the lock appear with its content, or not at all. */
function tryTake(path: string, holder: LockHolder): boolean {
  const temporary = `${path}.${randomBytes(6).toString('hex')}`
  try {
    mkdirSync(dirname(path), {recursive: true})
    writeFileSync(temporary, JSON.stringify(holder), {flag: 'wx', mode: 0o644})
    return linked(temporary, path)
  } catch (error) {
    throw cannotLock(path, error)
  } finally {
    rmSync(temporary, {force: true})
  }
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'EEXIST') return false
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error
    return createdWithoutLink(from, to)
  }
}

/** For file systems without hard links: there the content follows the name by a moment. */
function createdWithoutLink(from: string, to: string): boolean {
  try {
    writeFileSync(to, readFileSync(from), {flag: 'wx'})
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function hold(path: string, holder: LockHolder): Lock {
  let held = true
  const release = (): void => {
    if (!held) return
    held = false
    // Somebody may have removed it by hand, and another command taken it since.
    if (readHolder(path)?.run === holder.run) rmSync(path, {force: true})
  }
  return {path, holder, release}
}

/** Two commands may find the same stale lock: whoever renames it away first removes it, and never a fresh one. */
function removeStale(path: string, stale: LockHolder): void {
  const aside = `${path}.stale-${randomBytes(6).toString('hex')}`
  try {
    renameSync(path, aside)
  } catch {
    return
  }
  if (readHolder(aside)?.run !== stale.run) linked(aside, path)
  rmSync(aside, {force: true})
}

function readHolder(path: string): LockHolder | null {
  try {
    const found: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return typeof found === 'object' && found !== null && 'pid' in found && 'run' in found
      ? (found as LockHolder)
      : null
  } catch {
    return null
  }
}

function describeSelf({command, run}: LockRequest): LockHolder {
  return {...thisProcess(), command, run, since: new Date().toISOString()}
}

/** The process that asks. */
export function thisProcess(): ProcessId {
  const {pid} = process
  return {pid, host: hostname(), started: startOf(pid), boot: bootId(), namespace: namespaceId()}
}

/** Whether a process certainly runs no more. Of another host, or another container, nothing is certain. */
export function isGone(holder: ProcessId): boolean {
  if (holder.host !== hostname()) return false
  const boot = bootId()
  if (holder.boot !== null && boot !== null && holder.boot !== boot) return true
  if (holder.namespace !== namespaceId()) return false
  if (!isAlive(holder.pid)) return true
  const started = startOf(holder.pid)
  return holder.started !== null && started !== null && holder.started !== started
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function startOf(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in field 2 may hold blanks and brackets.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}

function bootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return null
  }
}

function namespaceId(): string | null {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return null
  }
}

function locked(path: string, holder: LockHolder | null): PmpcError {
  if (!holder) {
    return new PmpcError('PMPC_LOCKED_WORKSPACE', `The workspace is locked, and ${path} does not say by whom.`, {
      suggestions: [`rm '${path}'   # if no pmpc runs`],
      data: {path},
    })
  }
  const {pid, host, command, since} = holder
  const here = host === hostname()
  return new PmpcError(
    'PMPC_LOCKED_WORKSPACE',
    `Another command works in this workspace: \`${command}\`, process ${pid} on ${host}, since ${since}.`,
    {
      suggestions: [
        'Wait for it to end, then run the same command again.',
        here ? `ps -fp ${pid}` : `rm '${path}'   # if it no longer runs on ${host}`,
      ],
      data: {path, holder},
    },
  )
}

/** Says why the file system refused the lock, and where to look. */
export function cannotLock(path: string, error: unknown): PmpcError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const readOnly = ['EACCES', 'EPERM', 'EROFS'].includes(code)
  const full = ['ENOSPC', 'EDQUOT'].includes(code)
  return new PmpcError(
    readOnly ? 'PMPC_READ_ONLY' : 'PMPC_LOCK_FAILED',
    `The lock ${path} cannot be made (${full ? 'no space is left' : code || String(error)}).`,
    {
      suggestions: [`${full ? 'df -h' : 'ls -ld'} '${dirname(dirname(path))}'`],
      data: {path},
      cause: error,
    },
  )
}
