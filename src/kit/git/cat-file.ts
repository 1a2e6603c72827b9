import {spawn, type ChildProcessByStdio} from 'node:child_process'
import type {Readable, Writable} from 'node:stream'
import {MOST_BYTES, tooLarge} from '../files/inside.js'
import {steadyNow} from '../work/index.js'
import {apart, tellGit} from './exec.js'
import {gitFailure, gitMissing} from './errors.js'

/** An object as `git cat-file --batch` prints it. */
export interface StoredObject {
  oid: string
  type: string
  content: Buffer
}

interface Waiting {
  name: string
  resolve(object: StoredObject | null): void
  reject(error: Error): void
}

/** Bytes of an object that is read: few of them, deflated, can become more than there is memory. As much as a state may have. */
const mostBytes = 2 * MOST_BYTES

/**
 * One `git cat-file --batch` for all reads of a command: objects by any name that Git understands, in the order asked.
 * It starts with the first question and keeps node alive only while an answer is due.
 */
export class CatFile {
  readonly #cwd: string
  readonly #onSpawn: (args: string[]) => void
  #child: ChildProcessByStdio<Writable, Readable, Readable> | undefined
  #waiting: Waiting[] = []
  #chunks: Buffer[] = []
  #length = 0
  #needed = 0
  #stderr = ''
  /** Bytes still to come of an object that is not wanted. */
  #skip = 0
  /** How many objects were asked for, and for how many milliseconds an answer was due. */
  #reads = 0
  #busy = 0
  #since = 0

  constructor(cwd: string, onSpawn: (args: string[]) => void) {
    this.#cwd = cwd
    this.#onSpawn = onSpawn
  }

  /** The object, or null where Git knows none by that name. A name holds no line break. @throws PMPC_TOO_LARGE */
  async read(name: string): Promise<StoredObject | null> {
    if (name === '' || /[\n\0]/.test(name)) return null
    const child = this.#start()
    this.#reads++
    return new Promise((resolve, reject) => {
      if (this.#waiting.push({name, resolve, reject}) === 1) this.#hold(true)
      child.stdin.write(`${name}\n`)
    })
  }

  /** Ends the process; a later question starts another. */
  close(): void {
    if (this.#reads > 0) tellGit(['cat-file', '--batch'], steadyNow() - this.#busy, {code: 0, reads: this.#reads})
    this.#reads = this.#busy = 0
    this.#child?.stdin.end()
    this.#child = undefined
  }

  #start(): ChildProcessByStdio<Writable, Readable, Readable> {
    if (this.#child) return this.#child
    const args = ['cat-file', '--batch']
    this.#onSpawn(args)
    const child = spawn('git', args, apart(this.#cwd))
    this.#child = child
    child.stdin.on('error', () => undefined)
    child.stderr.on('data', (chunk: Buffer) => (this.#stderr += chunk.toString()))
    child.stdout.on('data', (chunk: Buffer) => this.#receive(chunk))
    child.on('error', () => this.#fail(child, gitMissing()))
    child.on('close', (code) => this.#fail(child, gitFailure(this.#stderr, {command: 'git cat-file', code})))
    this.#hold(false)
    return child
  }

  #hold(held: boolean): void {
    const child = this.#child
    if (!child) return
    if (held) this.#since = steadyNow()
    else if (this.#since > 0) this.#busy += steadyNow() - this.#since
    if (!held) this.#since = 0
    for (const handle of [child, child.stdin, child.stdout, child.stderr] as {ref?(): void; unref?(): void}[]) {
      if (held) handle.ref?.()
      else handle.unref?.()
    }
  }

  #fail(child: ChildProcessByStdio<Writable, Readable, Readable>, error: Error): void {
    if (this.#child !== child && this.#child !== undefined) return
    this.#child = undefined
    this.#chunks = []
    this.#length = this.#needed = this.#skip = 0
    for (const waiting of this.#waiting.splice(0)) waiting.reject(error)
  }

  #receive(received: Buffer): void {
    const chunk = received.subarray(Math.min(this.#skip, received.length))
    this.#skip -= received.length - chunk.length
    if (chunk.length === 0) return
    this.#chunks.push(chunk)
    this.#length += chunk.length
    // A large object arrives in many chunks: they are joined once, when all of it is there.
    if (this.#length < this.#needed) return
    const all = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks)
    const used = this.#take(all)
    this.#chunks = used < all.length ? [all.subarray(used)] : []
    this.#length = all.length - used
    if (this.#waiting.length === 0) this.#hold(false)
  }

  #take(all: Buffer): number {
    let at = 0
    for (;;) {
      this.#needed = 0
      const end = all.indexOf(0x0a, at)
      if (end < 0 || this.#waiting.length === 0) return at
      const header = all.toString('utf8', at, end)
      const match = /^([0-9a-f]{40,64}) (blob|tree|commit|tag) (\d+)$/.exec(header)
      if (match) {
        const start = end + 1
        const size = Number(match[3])
        if (size > mostBytes) {
          const {name, reject} = this.#waiting.shift()!
          reject(tooLarge(`Git's object ${name}`, size, mostBytes, [`git log --oneline --find-object=${match[1]}`]))
          this.#skip = start + size + 1 - all.length
          if (this.#skip >= 0) return all.length
          this.#skip = 0
          at = start + size + 1
          continue
        }
        if (all.length < start + size + 1) {
          this.#needed = start + size + 1 - at
          return at
        }
        const content = Buffer.from(all.subarray(start, start + size))
        this.#waiting.shift()?.resolve({oid: match[1]!, type: match[2]!, content})
        at = start + size + 1
      } else {
        // "<name> missing" or "<name> ambiguous".
        this.#waiting.shift()?.resolve(null)
        at = end + 1
      }
    }
  }
}
