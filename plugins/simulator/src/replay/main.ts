import {basename} from 'node:path'
import {parseArgs} from 'node:util'
import {startSimulator} from '../index.js'
import {readRecording, recordingFiles, type Exchange} from './exchange.js'
import {Holds} from './holds.js'
import {Rounds} from './rounds.js'
import {recordedTimes} from './timeline.js'
import {replay, type Outcome} from './replayer.js'

const tokens = {
  root: 'root@pam!full=aaaaaaaa-0000-4000-8000-000000000002',
  'root@pam!full': 'root@pam!full=aaaaaaaa-0000-4000-8000-000000000002',
  admin: 'admin@pve!full=aaaaaaaa-0000-4000-8000-000000000001',
  weak: 'weak@pve!tok=aaaaaaaa-0000-4000-8000-000000000003',
  bad: 'root@pam!full=00000000-0000-4000-8000-000000000000',
}
const passwords = {'root@pam': 'rootpass1', 'admin@pve': 'adminpass1', 'weak@pve': 'weakpass1'}

/** Rounds fall when the replay says so. */
const noRounds = 86_400_000

export interface FileResult {
  file: string
  outcomes: Outcome[]
}

/** Replays one recording against a fresh simulator, or against another endpoint. */
export async function replayFile(file: string, url?: string): Promise<FileResult> {
  const exchanges = await readRecording(file)
  if (url !== undefined) return {file, outcomes: await replay(exchanges, {url, tokens, passwords})}
  let time = recordedTimes(exchanges)?.[0]
  const simulator = await startSimulator({
    seed: namesSecondNode(exchanges) ? 'daemon-two' : 'daemon',
    authDelay: 0,
    taskTime: 0,
    statusInterval: noRounds,
    clock: () => (time === undefined ? Date.now() : time * 1000),
  })
  const {board, tasks, state} = simulator.simulation
  // That host was connected to a network while some recordings were made, and only then.
  if (exchanges.some(({body}) => /"iface":"eth0"/.test(JSON.stringify(body))))
    for (const node of Object.values(state.nodes)) node.cards = ['eth0']
  // Another host's QEMU copied disks in use, and its containers lacked something else.
  if (exchanges.some(({body}) => /mirror-job finished/.test(JSON.stringify(body))))
    Object.assign(state.world, {plainQemu: false, lxcLacks: ['growth']})
  const control = {
    setTime: (seconds: number) => void (time = seconds),
    rounds: new Rounds(board),
    holds: new Holds(tasks, exchanges),
  }
  try {
    return {file, outcomes: await replay(exchanges, {url: simulator.url, ca: simulator.ca, tokens, passwords}, control)}
  } finally {
    await simulator.stop()
  }
}

/** Whether a recording was made beside a second node: it is listed, or calls to it find it off. */
const namesSecondNode = (exchanges: Exchange[]): boolean =>
  exchanges.some(({path, status, body}) =>
    /^\/nodes\/pve2\//.test(path)
      ? status === 595
      : /^\/(?:nodes|cluster\/status|cluster\/resources)\/?(?:\?|$)/.test(path) &&
        /"(?:node|name)":"pve2"/.test(JSON.stringify(body)),
  )

/** What differs in a file, one line a difference. */
export function report({file, outcomes}: FileResult): string {
  const lines: string[] = []
  for (const {exchange, differences} of outcomes) {
    if (differences.length === 0) continue
    lines.push(`${basename(file)}:${exchange.seq} ${exchange.method} ${exchange.path}`)
    for (const difference of differences) lines.push(`  ${difference}`)
  }
  return lines.join('\n')
}

const usage = 'usage: npm run replay -- FILE|DIR… [--url URL] [--summary]\n'

interface Options {
  paths: string[]
  url?: string
  summary: boolean
}

/** @throws where an option is not known or lacks its value */
function readOptions(args: string[]): Options {
  const {values, positionals} = parseArgs({
    args,
    allowPositionals: true,
    options: {url: {type: 'string'}, summary: {type: 'boolean', default: false}},
  })
  if (positionals.length === 0) throw new Error('no recordings are named')
  return {
    paths: positionals,
    summary: values.summary,
    ...(values.url !== undefined && {url: new URL(values.url).origin}),
  }
}

/** Replays files and tells what differs; a file that cannot be replayed counts as one failure. */
async function main(args: string[]): Promise<number> {
  let options: Options
  let files: string[]
  try {
    options = readOptions(args)
    files = await recordingFiles(options.paths)
  } catch (error) {
    process.stderr.write(`replay: ${(error as Error).message}\n${usage}`)
    return 64
  }
  let [passed, failed] = [0, 0]
  for (const file of files) {
    try {
      const result = await replayFile(file, options.url)
      const bad = result.outcomes.filter(({differences}) => differences.length > 0).length
      const good = result.outcomes.length - bad
      const text = options.summary || bad === 0 ? '' : `${report(result)}\n`
      process.stdout.write(`${text}${basename(file)}: ${good} passed, ${bad} failed\n`)
      ;[passed, failed] = [passed + good, failed + bad]
    } catch (error) {
      process.stderr.write(`replay: ${(error as Error).message}\n`)
      failed++
    }
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`)
  return failed > 0 ? 1 : 0
}

if (process.argv[1] !== undefined && /replay[/\\]main\.[jt]s$/.test(process.argv[1]))
  process.exitCode = await main(process.argv.slice(2))
