import {spawnSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {defaultRules, openAnonymizer} from '../../src/kit/anonymize/index.js'
import {median, type Figure} from './startup.js'

const MB = 1_000_000
/** The goals: MB each second on one core, milliseconds for one MB without warming up, and what part of the time of `sos clean`. */
const GOAL = {speed: 20, cold: 100, sos: 1 / 20}
const KEY = Buffer.alloc(32, 5)
const RUNS = 3
/** What `sos clean` gets: it takes seconds for each MB, and its part does not change with more of them. */
const SOS_BYTES = 4 * MB

/** Numbers that are the same in each run (a linear congruential generator, Numerical Recipes). */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

type Roll = (sides: number) => number
const NODES = 12
const GUESTS = 280
const node = (roll: Roll) => `pve-${'abcdefghijkl'[roll(NODES)]!}`
const guest = (roll: Roll) => `srv${String(roll(GUESTS)).padStart(3, '0')}.corp.example.com`
const ip4 = (roll: Roll) => `10.${20 + roll(8)}.${roll(24)}.${1 + roll(250)}`
const ip6 = (roll: Roll) => `2001:db8:40:${roll(16).toString(16)}::${(1 + roll(4000)).toString(16)}`
const byte = (roll: Roll) => roll(256).toString(16).padStart(2, '0')
const mac = (roll: Roll) => `bc:24:11:${roll(4)}0:${byte(roll)}:${byte(roll)}`
const upid = (roll: Roll, type: string) =>
  `UPID:${node(roll)}:${(roll(1e9) + 1e9).toString(16).toUpperCase()}:0A1B2C3D:656F0A12:${type}:${100 + roll(900)}:admin@pve:`

/** What daemons of a node say, as often as it is in such a log. */
const LINES: readonly ((roll: Roll) => string)[] = [
  (roll) => `sshd[${roll(99_999)}]: Accepted publickey for deploy from ${ip4(roll)} port ${1024 + roll(60_000)} ssh2`,
  (roll) => `pvedaemon[${roll(99_999)}]: <root@pam> starting task ${upid(roll, 'qmstart')}`,
  (roll) => `pvedaemon[${roll(99_999)}]: <root@pam> end task ${upid(roll, 'vzdump')} OK`,
  (roll) => `pvestatd[1533]: status update time (${roll(30)}.${roll(999)} seconds)`,
  (roll) =>
    `kernel: [${roll(99_999)}.${roll(999_999)}] vmbr0: port ${roll(40)}(tap${100 + roll(900)}i0) entered forwarding state`,
  (roll) =>
    `postfix/smtp[${roll(99_999)}]: to=<ops@corp.example.com>, relay=${guest(roll)}[${ip4(roll)}]:25, delay=0.${roll(99)}, dsn=2.0.0, status=sent`,
  (roll) => `named[771]: client ${ip4(roll)}#${roll(60_000)}: query: ${guest(roll)} IN AAAA + (${ip6(roll)})`,
  (roll) => `dhcpd[812]: DHCPACK on ${ip4(roll)} to ${mac(roll)} via vmbr0`,
  (roll) => `corosync[1820]:   [KNET  ] link: host: ${roll(NODES)} link: 0 is down`,
  () => 'systemd[1]: Starting Daily apt download activities...',
  (roll) => `CRON[${roll(99_999)}]: (root) CMD (cd / && run-parts --report /etc/cron.hourly)`,
  (roll) => `pveproxy[${roll(99_999)}]: worker ${roll(99_999)} started`,
  (roll) => `zed[2331]: eid=${roll(999)} class=history_event pool='rpool'`,
  () => 'pmxcfs[1402]: [status] notice: received log',
  (roll) =>
    `smartd[870]: Device: /dev/sd${'abcdef'[roll(6)]!} [SAT], SMART Usage Attribute: 194 Temperature_Celsius changed from ${60 + roll(9)} to ${60 + roll(9)}`,
  (roll) => `qemu-server[${roll(99_999)}]: VM ${100 + roll(900)} qmp command failed - got timeout`,
]

/** A syslog of so many bytes. */
export function syslog(bytes: number): string {
  const roll = dice(7)
  const lines: string[] = []
  for (let length = 0, second = 0; length < bytes; second++) {
    const time = [Math.floor(second / 3600) % 24, Math.floor(second / 60) % 60, second % 60]
    const stamp = time.map((part) => String(part).padStart(2, '0')).join(':')
    const line = `Nov 29 ${stamp} ${node(roll)} ${LINES[roll(LINES.length)]!(roll)}\n`
    lines.push(line)
    length += line.length
  }
  return lines.join('')
}

/** Milliseconds of processor time that one run takes: learn and rewrite. */
function ours(text: string): number {
  const before = process.cpuUsage()
  const anonymizer = openAnonymizer({key: KEY, pairs: [], rules: defaultRules, known: []})
  anonymizer.learn(text)
  anonymizer.rewrite(text)
  const {user, system} = process.cpuUsage(before)
  return (user + system) / 1000
}

/**
 * Milliseconds of processor time that Debian's `sos clean` takes for the same log; undefined where it is not installed (package sosreport). It takes nothing but what
 * looks like a report of its own, so the log is laid into one.
 */
function sosClean(text: string): number | undefined {
  if (spawnSync('sos', ['clean', '--help']).status !== 0) return undefined
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pmpc-bench-sos-'))
  const report = path.join(folder, 'sosreport-pve-a-2026-11-29-abcdefg')
  for (const each of ['sos_logs', 'sos_reports', 'var/log', 'sos_commands/host'])
    mkdirSync(path.join(report, each), {recursive: true})
  writeFileSync(path.join(report, 'sos_commands/host/hostname'), 'pve-a\n')
  writeFileSync(path.join(report, 'sos_logs/sos.log'), '')
  writeFileSync(path.join(report, 'sos_reports/manifest.json'), '{"components": {"report": {}}}')
  writeFileSync(path.join(report, 'var/log/syslog'), text, 'latin1')
  const args = ['clean', '--batch', '--no-update', '--jobs', '1', '--domains', 'corp.example.com', '--tmp-dir', folder]
  try {
    const timed = ['-c', 'TIMEFORMAT="%U %S"; time "$0" "$@" >&2', 'sos', ...args, report]
    const {status, stderr} = spawnSync('bash', timed, {encoding: 'utf8'})
    if (status !== 0) throw new Error(`sos clean exited with ${status}: ${stderr}`)
    const [user, system] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number)
    return (user! + system!) * 1000
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

/** How fast texts are anonymized, against the goals and against `sos clean` on the same log in the same run. */
export function anonymizeFigures(bytes = 20 * MB): Figure[] {
  const [small, large] = [syslog(MB), syslog(bytes)]
  const cold = ours(small)
  const warm = median(Array.from({length: RUNS}, () => ours(large)))
  const goal = (large.length / MB / GOAL.speed) * 1000
  console.log(`anonymize: ${(large.length / MB / (warm / 1000)).toFixed(1)} MB/s`)
  const figures: Figure[] = [
    {
      name: 'anonymize, 1 MB without warming up, of 100 ms',
      ratio: cold / GOAL.cold,
      reach: 1,
      milliseconds: {measured: cold, reference: GOAL.cold},
    },
    {
      name: 'anonymize, a syslog, of 20 MB/s',
      ratio: warm / goal,
      reach: 1,
      milliseconds: {measured: warm, reference: goal},
    },
  ]
  const log = large.slice(0, large.lastIndexOf('\n', SOS_BYTES) + 1)
  const sos = sosClean(log)
  if (sos === undefined) {
    console.log('anonymize: no sos here (package sosreport), so nothing to compare with')
    return figures
  }
  const same = median(Array.from({length: RUNS}, () => ours(log)))
  const milliseconds = {measured: same, reference: sos}
  return [...figures, {name: 'anonymize, of sos clean', ratio: same / sos, reach: GOAL.sos, milliseconds}]
}
