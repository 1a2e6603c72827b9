import {execFileSync} from 'node:child_process'
import {chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {type Clone, Lab} from '../support/lab.js'

/** Numbers between 0 and 1 that are the same in each run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * Stands before git on the path: counts its calls in a file, and kills pmpc (or its group) at one of them. A call that outlives pmpc
 * tells when it has ended. It starts no other program: it stands before some thousand calls.
 */
const gitWrapper = `#!/bin/sh
if [ -n "$KILL_COUNT" ]; then
  printf x >> "$KILL_COUNT"
  read -r calls < "$KILL_COUNT"
  if [ "\${#calls}" -eq "$KILL_AT" ]; then
    [ "$KILL_GROUP" = 1 ] && kill -s "$KILL_SIGNAL" -- "-$PPID" || kill -s "$KILL_SIGNAL" "$PPID"
    "$REAL_GIT" "$@"
    code=$?
    : > "$KILL_COUNT.ended"
    exit $code
  fi
fi
exec "$REAL_GIT" "$@"
`

/** Waits for a file; the test's own limit ends it. */
async function exists(file: string): Promise<void> {
  while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 5))
}

type Command = 'sync' | 'accept' | 'park' | 'unpark'

interface Kill {
  signal: 'SIGKILL' | 'SIGINT'
  /** To the process group, as a terminal sends it. */
  group: boolean
  /** At this call of git, or after so many milliseconds. */
  at: {call: number} | {milliseconds: number}
}

describe('sync and accept, cut off', function () {
  this.timeout(240_000)
  let lab: Lab
  let agreed: Clone
  let synced: Clone
  let afterSync: Record<string, string>
  let afterAccept: Record<string, string>
  /** What people wrote into is offered; and the same, parked. */
  let written: Clone
  let parked: Clone
  let afterPark: Record<string, string>
  let afterUnpark: Record<string, string>
  let calls: Record<Command, number>
  let milliseconds: number
  let copies = 0

  const copy = (from: Clone): Clone => {
    const clone = lab.at(`cut${++copies}`)
    execFileSync('cp', ['-a', from.root, clone.root])
    return clone
  }
  const countFile = (clone: Clone): string => `${clone.root}.count`
  const callsOf = (clone: Clone): number =>
    existsSync(countFile(clone)) ? readFileSync(countFile(clone), 'utf8').length : 0

  before(async () => {
    lab = await Lab.start({seed: 'homelab'})
    const folder = path.join(lab.box.folder, 'git')
    mkdirSync(folder)
    writeFileSync(path.join(folder, 'git'), gitWrapper)
    chmodSync(path.join(folder, 'git'), 0o755)
    lab.box.env.REAL_GIT = execFileSync('sh', ['-c', 'command -v git'], {encoding: 'utf8'}).trim()
    lab.box.env.PATH = `${folder}${path.delimiter}${lab.box.env.PATH}`

    agreed = await lab.workspace('agreed')
    await agreed.sync('--accept')
    // What people have on their desk meanwhile.
    agreed.write('staged.txt', 'staged\n')
    await agreed.git('add', 'staged.txt')
    agreed.edit('infra/home/vm/103.yaml', 'cores: 1', 'cores: 3 # mine')
    agreed.edit('infra/home/vm/100.yaml', 'tablet: 0', 'tablet: 1')
    agreed.write('infra/home/notes.txt', 'untracked\n')
    // What happened in the cluster.
    await lab.set('/nodes/pve/qemu/100', {cores: 3, tags: 'home;prod;new'})
    await lab.api('DELETE', '/nodes/pve/lxc/201')
    await lab.api('POST', '/nodes/pve/qemu', {vmid: 150, name: 'new', memory: 512})

    synced = copy(agreed)
    const began = performance.now()
    await run(synced, ['sync'])
    milliseconds = performance.now() - began
    afterSync = await picture(synced)
    const accepted = copy(synced)
    await run(accepted, ['accept'])
    afterAccept = await picture(accepted)
    written = copy(synced)
    written.append('infra/home/vm/150.yaml', '# ask Jo\n')
    parked = copy(written)
    await run(parked, ['park'])
    afterPark = await picture(parked)
    const back = copy(parked)
    await run(back, ['unpark'])
    afterUnpark = await picture(back)
    expect(afterUnpark).to.deep.equal(await picture(written))
    calls = {sync: callsOf(synced), accept: callsOf(accepted), park: callsOf(parked), unpark: callsOf(back)}
    expect(afterAccept).not.to.deep.equal(afterSync)
    expect(accepted.read('infra/home/vm/103.yaml')).to.contain('cores: 3 # mine')
    expect(accepted.read('infra/home/vm/100.yaml')).to.contain('tablet: 1').and.to.contain('cores: 3')
  })
  after(async () => lab.stop())

  /** Gives whether it was cut off. */
  async function run(clone: Clone, args: string[], kill?: Kill): Promise<boolean> {
    const env: Record<string, string> = {KILL_COUNT: countFile(clone), KILL_AT: '0'}
    if (kill && 'call' in kill.at) {
      Object.assign(env, {
        KILL_AT: String(kill.at.call),
        KILL_SIGNAL: kill.signal.slice(3),
        KILL_GROUP: kill.group ? '1' : '',
      })
    }
    const result = await clone.pmpc(args, {
      env,
      detached: true,
      started(child) {
        if (!kill || !('milliseconds' in kill.at)) return
        const timer = setTimeout(() => {
          try {
            process.kill(kill.group ? -child.pid! : child.pid!, kill.signal)
          } catch {
            // It had ended before.
          }
        }, kill.at.milliseconds)
        child.once('close', () => clearTimeout(timer))
      },
    })
    if (!kill && result.code !== 0) throw new Error(result.stderr)
    // Who starts pmpc again by hand does so later than a call of git that was left behind takes.
    if (kill && 'call' in kill.at && !kill.group && result.code !== 0) await exists(`${countFile(clone)}.ended`)
    // Once all is done, the signal itself may end it: to a shell that is 130, too.
    if (kill?.signal === 'SIGINT' && result.code !== 0 && result.signal !== 'SIGINT')
      expect(result.code, result.stderr).to.equal(130)
    return result.code !== 0
  }

  /**
   * All that counts: the tree of HEAD, index, status, every file. Commits are named by their messages, and pairs of agreement without
   * their time, as times differ.
   */
  async function picture(clone: Clone): Promise<Record<string, string>> {
    const {head, ...rest} = await clone.picture()
    const tree = await clone.git('ls-tree', '-r', head)
    const [agreed, open] = [clone.read('.pmpc/agreed.yaml'), clone.read('.pmpc/open.yaml')]
    const oids = [
      await clone.git('hash-object', '.pmpc/agreed.yaml'),
      await clone.git('hash-object', '.pmpc/open.yaml'),
    ]
    const named = Object.entries({...rest, tree}).map(([part, text]) => [
      part,
      text.replaceAll(oids[0]!, 'agreed').replaceAll(oids[1]!, 'open'),
    ])
    const timeless = (text: string) => text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then')
    const log = await clone.git('log', '--format=%s')
    return {...Object.fromEntries(named), agreed: timeless(agreed), open: timeless(open), log}
  }

  async function expectMended(clone: Clone, command: string, expected: Record<string, string>): Promise<void> {
    await run(clone, [command])
    const now = await picture(clone)
    for (const [key, value] of Object.entries(expected)) {
      if (now[key] !== value) throw new Error(`${key} is\n${now[key]}\ninstead of\n${value}`)
    }
    expect(await clone.git('fsck', '--no-dangling', '--strict')).to.equal('')
    const left = readdirSync(path.join(clone.root, '.git')).filter(
      (name) => name.endsWith('.lock') || name.startsWith('pmpc-'),
    )
    expect(left).to.deep.equal([])
    expect(await clone.git('ls-files', '--others', '--exclude-standard')).to.equal('infra/home/notes.txt')
  }

  async function play(command: Command, kills: Kill[]): Promise<void> {
    const [from, expected] = {
      sync: [agreed, afterSync] as const,
      accept: [synced, afterAccept] as const,
      park: [written, afterPark] as const,
      unpark: [parked, afterUnpark] as const,
    }[command]
    let cut = 0
    const trial = async (kill: Kill): Promise<void> => {
      const clone = copy(from)
      if (await run(clone, [command], kill)) cut++
      try {
        await expectMended(clone, command, expected)
        if (command === 'park') {
          expect(clone.read('.pmpc/local/parked/infra/home/vm/150.yaml')).to.include('# ask Jo')
          await expectMended(clone, 'unpark', afterUnpark)
        }
      } catch (error) {
        throw new Error(`after ${JSON.stringify(kill)} in ${clone.root}: ${(error as Error).message}`, {cause: error})
      }
    }
    const rest = [...kills]
    const worker = async (): Promise<void> => {
      for (let kill = rest.shift(); kill; kill = rest.shift()) await trial(kill)
    }
    await Promise.all([worker(), worker()])
    // Whether a moment comes before the end hangs on the machine; a call of git does not.
    if ('call' in kills[0]!.at) expect(cut, 'how many were cut off at all').to.be.above(0)
  }

  const every = (count: number, rest: Omit<Kill, 'at'>): Kill[] =>
    Array.from({length: count}, (_, index) => ({...rest, at: {call: index + 1}}))
  /** Moments of the later part of a run: before, nothing is written. */
  const random = (seed: number, count: number, rest: Omit<Kill, 'at'>): Kill[] => {
    const next = seeded(seed)
    return Array.from({length: count}, () => ({
      ...rest,
      at: {milliseconds: Math.round(milliseconds * (0.2 + next() * 0.6))},
    }))
  }

  for (const command of ['sync', 'accept'] as const) {
    it(`SIGKILL at every git process of ${command}`, () =>
      play(command, every(calls[command], {signal: 'SIGKILL', group: false})))
    it(`Ctrl-C at every git process of ${command}`, () =>
      play(command, every(calls[command], {signal: 'SIGINT', group: true})))
    it(`SIGKILL to the group at some moments of ${command}`, () =>
      play(command, random(3, 5, {signal: 'SIGKILL', group: true})))
    it(`Ctrl-C at some moments of ${command}`, () => play(command, random(5, 5, {signal: 'SIGINT', group: true})))
  }
  for (const command of ['park', 'unpark'] as const) {
    it(`SIGKILL at every git process of ${command}`, () =>
      play(command, every(calls[command], {signal: 'SIGKILL', group: false})))
    it(`SIGKILL to the group at some moments of ${command}`, () =>
      play(command, random(7, 5, {signal: 'SIGKILL', group: true})))
  }
})
