import {execFileSync, spawnSync} from 'node:child_process'
import {chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {openRepository, type OpenOptions, type Repository} from '../../src/kit/git/index.js'

/** A Git that sees nothing of the machine's own configuration. */
export const gitEnv: NodeJS.ProcessEnv = {
  ...process.env,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  LC_ALL: 'C',
}

/** A real repository in a temporary folder, with the means to look at it. */
export class TestRepository {
  readonly root: string
  readonly #opened: Repository[] = []

  constructor(root = realpathSync(mkdtempSync(join(tmpdir(), 'pmpc-git-')))) {
    this.root = root
  }

  /** A repository with an identity and, unless `files` is null, one commit. */
  static create(files: Record<string, string> | null = {'README.md': 'hello\n'}, ...init: string[]): TestRepository {
    const repository = new TestRepository()
    repository.git('init', '-q', '-b', 'main', ...init)
    repository.git('config', 'user.name', 'Test User')
    repository.git('config', 'user.email', 'test@example.com')
    repository.git('config', 'commit.gpgSign', 'false')
    if (files) repository.commit(files)
    return repository
  }

  git(...args: string[]): string {
    return execFileSync('git', args, {
      cwd: this.root,
      env: gitEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    })
  }

  /** Runs git and gives what came of it, failed or not. */
  try(...args: string[]): {status: number | null; stdout: string; stderr: string} {
    return spawnSync('git', args, {cwd: this.root, env: gitEnv, encoding: 'utf8'})
  }

  write(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(this.root, path)), {recursive: true})
    writeFileSync(join(this.root, path), content)
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8')
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path))
  }

  /** Writes files and commits exactly them. */
  commit(files: Record<string, string>, message = 'files'): string {
    for (const [path, content] of Object.entries(files)) this.write(path, content)
    this.git('add', '--', ...Object.keys(files))
    this.git('commit', '-q', '-m', message)
    return this.oid()
  }

  oid(rev = 'HEAD'): string {
    return this.git('rev-parse', rev).trim()
  }

  hook(name: string, script: string): void {
    const folder = join(this.root, '.git/hooks')
    mkdirSync(folder, {recursive: true})
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(folder, name), 0o755)
  }

  /** What Git says of the index and the working tree, and all bytes of the latter. */
  picture(): {head: string; status: string; index: string; staged: string} {
    return {
      head: this.try('rev-parse', '--verify', '-q', 'HEAD').stdout.trim(),
      status: this.git('status', '--porcelain=v2', '--untracked-files=all'),
      index: this.git('ls-files', '--stage'),
      staged: this.git('diff', '--cached', '--no-ext-diff', '--binary'),
    }
  }

  async open(options?: OpenOptions): Promise<Repository> {
    const repository = await openRepository(this.root, options)
    this.#opened.push(repository)
    return repository
  }

  remove(): void {
    for (const repository of this.#opened) repository.close()
    rmSync(this.root, {recursive: true, force: true})
  }
}

/** Removes what a test made, after each test. */
export function cleanUp(): {add<T extends {remove(): void}>(thing: T): T} {
  const things: {remove(): void}[] = []
  afterEach(() => {
    for (const thing of things.splice(0)) thing.remove()
  })
  return {
    add(thing) {
      things.push(thing)
      return thing
    },
  }
}

/** Runs what must fail, and gives the error. */
export async function failure(
  work: () => Promise<unknown>,
): Promise<Error & {code: string; exitCode: number; suggestions: string[]; data?: Record<string, unknown>}> {
  try {
    await work()
  } catch (error) {
    return error as Error & {code: string; exitCode: number; suggestions: string[]}
  }
  throw new Error('it was expected to fail, and did not')
}
