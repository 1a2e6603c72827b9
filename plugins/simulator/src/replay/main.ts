import {basename} from 'node:path'
import {startSimulator} from '../index.js'
import {readRecording, recordingFiles, type Exchange} from './exchange.js'
import {Replayer, type Outcome, type Target} from './replayer.js'

const tokens = {
  root: 'root@pam!full=aaaaaaaa-0000-4000-8000-000000000002',
  'root@pam!full': 'root@pam!full=aaaaaaaa-0000-4000-8000-000000000002',
  admin: 'admin@pve!full=aaaaaaaa-0000-4000-8000-000000000001',
  weak: 'weak@pve!tok=aaaaaaaa-0000-4000-8000-000000000003',
  bad: 'root@pam!full=00000000-0000-4000-8000-000000000000',
}
const passwords = {'root@pam': 'rootpass1', 'admin@pve': 'adminpass1', 'weak@pve': 'weakpass1'}

export interface FileResult {
  file: string
  outcomes: Outcome[]
}

/** Replays one recording against a fresh simulator, or against another endpoint. */
export async function replayFile(file: string, url?: string): Promise<FileResult> {
  const exchanges = await readRecording(file)
  if (url !== undefined) return {file, outcomes: await run(exchanges, {url, tokens, passwords})}
  const simulator = await startSimulator({
    seed: /second-node/.test(file) ? 'daemon-two' : 'daemon',
    authDelay: 0,
    taskTime: 0,
    statusInterval: seesGuests(exchanges) ? 0 : 86_400_000,
  })
  // That host was connected to a network while other people's clients were recorded, and only then.
  if (exchanges.some(({client}) => client !== undefined))
    for (const node of Object.values(simulator.simulation.state.nodes)) node.cards = ['eth0']
  try {
    return {file, outcomes: await run(exchanges, {url: simulator.url, ca: simulator.ca, tokens, passwords})}
  } finally {
    await simulator.stop()
  }
}

/** Whether status rounds ran while a recording was made: then lists show names of guests. */
function seesGuests(exchanges: Exchange[]): boolean {
  return exchanges.some(({path, body}) => path.startsWith('/cluster/resources') && /"name":/.test(JSON.stringify(body)))
}

async function run(exchanges: Exchange[], target: Target): Promise<Outcome[]> {
  const replayer = new Replayer(target)
  const outcomes: Outcome[] = []
  try {
    for (const exchange of exchanges) outcomes.push(await replayer.replay(exchange))
  } finally {
    replayer.close()
  }
  return outcomes
}

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

async function main(args: string[]): Promise<number> {
  const at = args.indexOf('--url')
  const url = at >= 0 ? args[at + 1] : undefined
  const paths = args.filter((arg, index) => !arg.startsWith('--') && (at < 0 || index !== at + 1))
  const quiet = args.includes('--summary')
  if (paths.length === 0) {
    process.stderr.write('usage: npm run replay -- FILE|DIR… [--url URL] [--summary]\n')
    return 64
  }
  let [passed, failed] = [0, 0]
  for (const file of await recordingFiles(paths)) {
    const result = await replayFile(file, url)
    const bad = result.outcomes.filter(({differences}) => differences.length > 0).length
    passed += result.outcomes.length - bad
    failed += bad
    const text = quiet ? '' : report(result)
    process.stdout.write(
      `${text}${text === '' ? '' : '\n'}${basename(file)}: ${result.outcomes.length - bad} passed, ${bad} failed\n`,
    )
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`)
  return failed > 0 ? 1 : 0
}

if (process.argv[1] !== undefined && /replay[/\\]main\.[jt]s$/.test(process.argv[1]))
  process.exitCode = await main(process.argv.slice(2))
