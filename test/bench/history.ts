// What a commit costs, and how a repository grows: `node --import tsx test/bench/history.ts [commits] [guests|firewalls]`. Each commit changes the
// memory of one of 1,000 guests, or one rule of the firewalls of 300.
import {execFileSync} from 'node:child_process'
import {readdirSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {maintain, openRepository} from '../../src/kit/git/index.js'
import {noteWritten} from '../../src/kit/git/maintenance.js'
import type {ClusterState, Observed, ValueMap} from '../../src/kit/resources/model.js'
import {writeState} from '../../src/kit/state/write.js'
import {gitEnv, TestRepository} from '../support/git.js'

const commits = Number(process.argv[2] ?? 200)
const ofFirewalls = process.argv[3] === 'firewalls'
const guests = ofFirewalls ? 300 : 1000
const cap = 40 * 1024 * 1024
/** Bytes a commit, once packed. */
const most = 2048

// The same sequence each time, so that two measurements can be compared.
let seed = 20_261_122
function random(below: number): number {
  // mulberry32
  seed = (seed + 0x6d2b79f5) | 0
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) % below
}
const hex = (length: number): string => Array.from({length}, () => random(16).toString(16)).join('')

function guest(id: number): Observed {
  return {
    kind: 'vm',
    id,
    config: {
      name: `vm-${hex(6)}`,
      agent: {enabled: 1, fstrim_cloned_disks: 1},
      boot: 'order=scsi0;ide2;net0',
      cores: 1 + random(16),
      cpu: {cputype: 'x86-64-v2-AES'},
      memory: 512 * (1 + random(64)),
      balloon: 0,
      meta: {'creation-qemu': '9.0.2', ctime: 1_700_000_000 + random(50_000_000)},
      net0: {
        model: 'virtio',
        macaddr: `BC:24:11:${hex(6)
          .toUpperCase()
          .replace(/(..)(?=.)/g, '$1:')}`,
        bridge: 'vmbr0',
        firewall: 1,
        tag: random(4000),
      },
      numa: 0,
      onboot: 1,
      ostype: 'l26',
      scsi0: {file: `local-zfs:vm-${id}-disk-0`, discard: 'on', iothread: 1, size: `${16 + random(200)}G`, ssd: 1},
      ide2: {file: 'none', media: 'cdrom'},
      scsihw: 'virtio-scsi-single',
      smbios1: {uuid: `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`},
      sockets: 1,
      tags: ['prod', `team-${random(20)}`],
      vmgenid: `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`,
      ciuser: 'admin',
      ipconfig0: `ip=10.${random(250)}.${random(250)}.${random(250)}/24,gw=10.0.0.1`,
      description: `Front end of shop ${hex(12)}.\nOwner: team ${random(20)}`,
    },
    facts: {node: `pve${1 + random(4)}`, status: 'running'},
  }
}

function rule(): ValueMap {
  return {
    type: random(8) === 0 ? 'out' : 'in',
    action: random(5) === 0 ? 'DROP' : 'ACCEPT',
    ...(random(8) > 0 && {enable: 1}),
    proto: random(4) === 0 ? 'udp' : 'tcp',
    source: `10.${random(250)}.${random(250)}.0/24`,
    dport: String(1 + random(65_000)),
    ...(random(2) === 0 && {comment: `${hex(4)} for team ${random(20)}`}),
  }
}

/** Of a guest, with 4 to 20 rules. */
function firewall(id: number): Observed {
  const rules = Array.from({length: 4 + random(17)}, rule)
  const config = {options: {enable: 1, policy_in: 'DROP', dhcp: 1}, rules}
  return {kind: 'firewall', id: `guest/${id}`, config, facts: {}}
}

/** The rule that is changed, or where it was taken away and another added. */
function withOtherRule({config, ...rest}: Observed): Observed {
  const rules = [...(config.rules as ValueMap[])]
  const at = random(rules.length)
  const old = rules[at]!
  rules[at] = random(2) === 0 ? rule() : {...old, dport: String(1 + random(65_000))}
  return {...rest, config: {...config, rules}}
}

function withOtherMemory({config, ...rest}: Observed): Observed {
  return {...rest, config: {...config, memory: 512 * (1 + random(64))}}
}

function folderSize(folder: string): number {
  let bytes = 0
  for (const entry of readdirSync(folder, {withFileTypes: true})) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) bytes += folderSize(path)
    else bytes += (statSync(path, {throwIfNoEntry: false})?.blocks ?? 0) * 512
  }
  return bytes
}

/** What is new in a range of commits, in one pack. @returns bytes */
function packedBytes(range: string): number {
  const listed = execFileSync('git', ['rev-list', '--objects', range], {cwd: test.root})
  return execFileSync('git', ['pack-objects', '--stdout', '-q', '--no-reuse-delta'], {
    cwd: test.root,
    input: listed,
    maxBuffer: cap,
  }).length
}

const KiB = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`
const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

const nodes: Observed[] = [1, 2, 3, 4].map((at) => ({
  kind: 'node',
  id: `pve${at}`,
  config: {},
  facts: {status: 'online'},
}))
const ids = Array.from({length: guests}, (_, at) => 100 + at)
const state: ClusterState = {
  cluster: 'home',
  objects: [...nodes, ...ids.map(guest), ...(ofFirewalls ? ids.map(firewall) : [])],
}

const test = TestRepository.create({'.gitattributes': '.pmpc/state/*.db -text\n'})
const objects = join(test.root, '.git/objects')
const times: number[] = []
const plain: number[] = []
const packing: number[] = []
let [spawns, peak, packs, size] = [0, 0, 0, 0]
let names: string[] = []
try {
  for (let at = 0; at <= commits; at++) {
    const changed = state.objects.length - 1 - random(guests)
    state.objects[changed] = (ofFirewalls ? withOtherRule : withOtherMemory)(state.objects[changed]!)
    const content = await writeState(state)
    size = content.length
    const spawned: string[] = []
    const repository = await openRepository(test.root, {onSpawn: (args) => spawned.push(args[0]!)})
    const parent = (await repository.head()).oid
    const open = Buffer.from(`item ${hex(20)}\n`)
    const start = performance.now()
    const {commit} = await repository.commitFiles({
      parent,
      files: [
        {path: '.pmpc/state/home.db', content},
        {path: '.pmpc/open.yaml', content: open},
      ],
      worktree: [
        {path: '.pmpc/state/home.db', expect: 'any', content},
        {path: '.pmpc/open.yaml', expect: 'any', content: open},
      ],
      message: 'pmpc sync: one guest changed\n\nPmpc-Run: 1\n',
    })
    const took = performance.now() - start
    if (spawned.includes('repack')) packs++
    else times.push(took)
    spawns = spawned.length
    names = spawned
    // While the packing goes on by itself, both old and new are on disk: waiting for it here shows the most there can be.
    if (spawned.includes('repack')) {
      peak = Math.max(peak, folderSize(objects))
      const begin = performance.now()
      while (
        execFileSync('git', ['count-objects', '-v'], {cwd: test.root, encoding: 'utf8'}).includes('packs: 0') &&
        performance.now() - begin < 20_000
      )
        peak = Math.max(peak, folderSize(objects))
      await repository.context.write(['repack', '-d', '-l', '-q', '--geometric=2'])
      packing.push(performance.now() - begin)
    }
    peak = Math.max(peak, folderSize(objects))
    repository.close()
    void commit
  }
  for (let at = 0; at < 20; at++) {
    test.write('plain.txt', String(at))
    const start = performance.now()
    execFileSync('git', ['commit', '-q', '--allow-empty', '-m', 'x'], {cwd: test.root, env: gitEnv})
    plain.push(performance.now() - start)
  }
  const repository = await openRepository(test.root)
  const loose = noteWritten(repository.context, [])
  const before = folderSize(objects)
  await maintain(repository.context, 1, {limit: 0, wait: true})
  const packed = folderSize(objects)
  execFileSync('git', ['gc', '-q'], {cwd: test.root})
  const collected = folderSize(objects)
  repository.close()
  const root = execFileSync('git', ['rev-list', '--max-parents=0', 'HEAD'], {cwd: test.root, encoding: 'utf8'}).trim()
  const growth = (packedBytes('HEAD') - packedBytes(root)) / commits
  const first = KiB(size)
  const what = ofFirewalls ? 'rule of their firewalls' : 'guest'
  console.log(`${guests} guests, ${commits} commits of one changed ${what} each; state file ${first}`)
  console.log(
    `a commit: ${spawns} processes (${names.join(', ')}), median ${median(times).toFixed(0)} ms; bare \`git commit\` ${median(plain).toFixed(0)} ms`,
  )
  console.log(
    `at the worst moment ${KiB(peak)} (${peak < cap ? 'within' : 'OVER'} 40 MB); packed ${packs} times, ${median(packing).toFixed(0)} ms each, in the background`,
  )
  console.log(
    `at the end ${KiB(before)} (${KiB(loose)} loose); packed by pmpc ${KiB(packed)}, ${KiB(packed / commits)} a commit; after git gc ${KiB(collected)}, ${KiB(collected / commits)} a commit`,
  )
  console.log(`beyond the first commit it grew by ${KiB(growth)} a commit (${growth > most ? 'OVER' : 'within'} 2 KiB)`)
  if (peak >= cap || growth > most) process.exitCode = 1
} finally {
  test.remove()
}
