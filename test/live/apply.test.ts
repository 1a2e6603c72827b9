import {expect} from 'chai'
import {PmpcError} from '../../src/kit/errors/index.js'
import {apiPath, perform, type Parameters} from '../../src/kit/proxmox/index.js'
import {Between, type Fate} from '../support/between.js'
import {type Clone, putOnPath, type SyncJson} from '../support/lab.js'
import {sandbox, type RunResult, type Sandbox} from '../support/pmpc.js'
import {skipFor} from '../support/skip.js'
import {pool, say, Scratch, workspaceIn} from './scratch.js'

/** What tests read of `pmpc apply --json`. */
interface ApplyJson {
  done: {object: string; upids: string[]; requests: number}[]
  failed: {object: string; code: string; message: string}[]
  skipped: unknown[]
  unknown: unknown[]
  error?: {code: string; message: string}
}

/** Where guests and what belongs to them are made. */
interface Place {
  vm: number
  ct: number
  node: string
  bridge: string
  disks: string
  elsewhere: string
  template: string
  /** No simulator. */
  isReal: boolean
}

interface Stage {
  title: string
  /** What the manifests say then; none where a command of its own writes them. */
  edit?(clone: Clone, place: Place): void
  /** The command, where it is not `apply`. */
  command?(place: Place): string[]
  /** How many stages ago the guests were as they are to be then. */
  asBefore?: number
  /** What somebody does meanwhile, not by pmpc. */
  behind?(scratch: Scratch, place: Place): Promise<void>
  consents?: readonly string[]
}

const user = 'pmpc-live@pve'
const storage = 'pmpc-live'
const job = 'pmpc-live'
const acl = 'infra/live/access/acl.yaml'
const files = {
  vm: 'infra/live/pmpc-live/vm.yaml',
  ct: 'infra/live/pmpc-live/ct.yaml',
  pool: 'infra/live/pmpc-live/pool.yaml',
  firewall: 'infra/live/pmpc-live/firewall.yaml',
  user: 'infra/live/pmpc-live/user.yaml',
  storage: 'infra/live/pmpc-live/storage.yaml',
  job: 'infra/live/pmpc-live/job.yaml',
}

/** Turns the last stage round, and that again. */
const thereAndBack = (what: string): Stage[] => [
  {title: `undoes it: ${what}`, command: () => ['undo'], asBefore: 2},
  {title: `undoes the undoing: ${what}`, command: () => ['undo'], asBefore: 2},
]

const mac = /[0-9A-F]{2}(?::[0-9A-F]{2}){5}/g

const gone = (kind: string, id: string | number): string => `kind: ${kind}\nid: ${id}\nabsent: true\n`

/** One apply each, in this order. */
const stages: readonly Stage[] = [
  {
    title: 'makes a pool, a user, a storage',
    edit(clone) {
      clone.write(files.pool, `kind: pool\nid: ${pool}\nconfig:\n  comment: of the live tests\n`)
      clone.write(files.user, `kind: user\nid: ${user}\nconfig:\n  comment: of the live tests\n  enable: 1\n`)
      clone.write(
        files.storage,
        `kind: storage\nid: ${storage}\nconfig:\n  type: dir\n  path: /mnt/pmpc-live\n  content: [images, rootdir, backup]\n`,
      )
    },
  },
  {
    title: 'makes a VM and a container',
    edit(clone, {vm, ct, node, bridge, disks, template}) {
      clone.write(
        files.vm,
        `kind: vm
id: ${vm}
pool: ${pool}
placement: {node: ${node}}
config:
  name: pmpc-live-${vm}
  cores: 1
  memory: 256
  ostype: l26
  scsihw: virtio-scsi-single
  scsi0: {file: "${disks}:1", format: qcow2}
  ide2: {file: "${disks}:cloudinit"}
  ciuser: ada
  ipconfig0: {ip: dhcp}
  net0: {model: virtio, bridge: ${bridge}}
`,
      )
      clone.write(
        files.ct,
        `kind: container
id: ${ct}
placement: {node: ${node}}
from: {ostemplate: "${template}"}
config:
  hostname: pmpc-live-${ct}
  cores: 1
  memory: 128
  swap: 0
  unprivileged: 1
  rootfs: {volume: "${disks}:1"}
  net0: {name: eth0, bridge: ${bridge}, ip: dhcp}
`,
      )
    },
  },
  {
    title: 'changes what is off, in and beside the guests',
    edit(clone, {vm, ct}) {
      clone.edit(files.vm, 'cores: 1', 'cores: 2')
      clone.edit(files.vm, 'memory: 256', 'memory: 320')
      clone.edit(
        files.vm,
        'config:\n',
        'config:\n  tags: [live, test]\n  description: |\n    Of the live tests.\n    Ümläut: 100 %\n',
      )
      clone.edit(files.ct, 'memory: 128', 'memory: 160')
      clone.edit(files.ct, 'config:\n', 'config:\n  description: first\n  tags: [live]\n')
      clone.edit(acl, 'config:\n', `config:\n  /vms/${vm}:\n    ${user}: [PVEVMUser]\n`)
      clone.write(
        files.firewall,
        `kind: firewall
id: guest/${vm}
config:
  options: {enable: 1, policy_in: DROP}
  aliases:
    office: {cidr: 192.0.2.0/24, comment: upstairs}
  ipsets:
    blk:
      members:
        198.51.100.0/24: {}
  rules:
    - {type: in, action: ACCEPT, enable: 1, macro: SSH, source: office}
    - {type: in, action: DROP, source: +blk}
`,
      )
      clone.write(
        files.job,
        `kind: backup-job\nid: ${job}\nconfig:\n  vmid: ["${vm}", "${ct}"]\n  schedule: "02:00"\n  storage: ${storage}\n  mode: snapshot\n  enabled: 0\n`,
      )
    },
  },
  {
    title: 'grows a disk, and adds one',
    edit(clone, {disks}) {
      clone.edit(files.vm, /(scsi0:[\s\S]*?size: ?)1G/, (_, before: string) => `${before}2G`)
      clone.edit(files.vm, '  scsihw:', `  scsi1: {file: "${disks}:1", format: qcow2}\n  scsihw:`)
      clone.edit(files.ct, /(rootfs:[\s\S]*?size: ?)1G/, (_, before: string) => `${before}2G`)
      clone.edit(files.ct, '  net0:', `  mp0: {volume: "${disks}:1", mp: /srv}\n  net0:`)
    },
  },
  {
    title: 'moves disks to another storage',
    edit(clone, {disks, elsewhere}) {
      clone.edit(
        files.vm,
        new RegExp(`(scsi1:[^}]*?)${disks}:[^",}\\n]+`),
        (_, before: string) => `${before}${elsewhere}:1`,
      )
      clone.edit(
        files.ct,
        new RegExp(`(mp0:[\\s\\S]*?volume: ?"?)${disks}:[^",}\\n]+`),
        (_, before: string) => `${before}${elsewhere}:1`,
      )
    },
    consents: ['--allow', 'moves-data,detaches-data'],
  },
  ...thereAndBack('disks on another storage'),
  {
    title: 'starts both',
    edit(clone) {
      for (const file of [files.vm, files.ct]) clone.edit(file, 'config:\n', 'power: running\nconfig:\n')
    },
  },
  {
    title: 'changes what runs, with a snapshot made behind its back',
    edit(clone, {disks, isReal}) {
      clone.edit(files.vm, '    Of the live tests.', '    Of the live tests, running.')
      clone.edit(files.vm, /(net0:[^\n]*\bbridge: \w+|net0:\n(?: {4}[^\n]*\n)*? {4}bridge: \w+)/, (text) =>
        text.includes('\n') ? `${text}\n    link_down: 1` : `${text}, link_down: 1`,
      )
      clone.edit(files.vm, '  scsihw:', `  scsi2: {file: "${disks}:1"}\n  scsihw:`)
      // The simulator's containers are those of a host that could change no limits while they ran.
      if (isReal) clone.edit(files.ct, 'memory: 160', 'memory: 192')
      if (isReal) clone.edit(files.ct, 'cores: 1', 'cores: 2')
      clone.edit(files.firewall, 'macro: SSH', 'macro: HTTPS')
    },
    async behind(scratch, {vm}) {
      await perform(scratch.client, {
        method: 'POST',
        path: scratch.guest('qemu', vm, 'snapshot'),
        body: {snapname: 'behind'},
      })
    },
    consents: ['--allow', 'cuts-network'],
  },
  ...thereAndBack('what runs, with a snapshot'),
  {
    title: 'stops both',
    edit(clone) {
      for (const file of [files.vm, files.ct]) clone.edit(file, 'power: running', 'power: stopped')
    },
  },
  {
    title: 'takes a disk out, and other things back',
    edit(clone, {vm}) {
      clone.edit(files.vm, / {2}scsi2:(?: \{[^\n]*\n|\n(?: {4}[^\n]*\n)+)/, '')
      clone.edit(files.ct, '  description: first\n', '')
      clone.edit(acl, `  /vms/${vm}:\n    ${user}: [PVEVMUser]\n`, '')
      clone.write(files.job, gone('backup-job', job))
      clone.edit(files.vm, `pool: ${pool}\n`, '')
    },
    consents: ['--allow', 'detaches-data,grants'],
    async behind(scratch, {vm}) {
      await perform(scratch.client, {method: 'DELETE', path: scratch.guest('qemu', vm, 'snapshot', 'behind')})
    },
  },
  {
    title: 'has a backup job, rights and a pool name them',
    edit(clone, {vm, ct}) {
      clone.write(
        files.job,
        `kind: backup-job\nid: ${job}\nconfig:\n  vmid: ["${vm}", "${ct}"]\n  schedule: "03:00"\n  storage: ${storage}\n  enabled: 0\n`,
      )
      clone.edit(acl, 'config:\n', `config:\n  /vms/${vm}:\n    ${user}: [PVEVMUser]\n`)
      clone.edit(files.vm, 'placement:', `pool: ${pool}\nplacement:`)
    },
  },
  {
    title: 'destroys the guests, and those who name them let go',
    command: ({vm, ct}) => ['destroy', `vm/${vm}`, `container/${ct}`],
  },
  {
    title: 'destroys what belonged to them',
    edit(clone) {
      clone.write(files.user, gone('user', user))
      clone.write(files.storage, gone('storage', storage))
      clone.write(files.pool, gone('pool', pool))
      if (clone.has(files.job)) clone.write(files.job, gone('backup-job', job))
    },
  },
]

/** All that is asked for where nobody can be asked. */
const consents = (place: Place): string[] => [
  '--yes',
  ...['--allow', 'grants,cuts-network,detaches-data'],
  ...[
    '--confirm',
    `vm/${place.vm},container/${place.ct},user/${user},storage/${storage},pool/${pool},backup-job/${job}`,
  ],
]

/**
 * `pmpc apply` as a process of its own, in a workspace of its own, against a node that may be changed: what it does, how it looks afterwards, and what comes
 * of it when it is killed. PMPC_LIVE_APPLY=1 asks for it; PMPC_LIVE_URL and so on say which node, else it is the simulator.
 */
describe('live: apply', function () {
  this.timeout(3_600_000)
  let scratch: Scratch
  let between: Between
  let box: Sandbox
  let place: Place
  /** What was sent and done without a kill. */
  let expected: string[]

  before(async function () {
    if (process.env.PMPC_LIVE_URL !== undefined && process.env.PMPC_LIVE_APPLY === undefined)
      return skipFor(this, 'PMPC_LIVE_APPLY=1 asks for it')
    scratch = await Scratch.open()
    const {url, tokenId, secret} = scratch.access
    between = await Between.start({url, tokens: {[tokenId]: secret}})
    box = sandbox()
    putOnPath(box)
    const [disks, elsewhere] = await scratch.storages('images', 'rootdir')
    const template = await scratch.template()
    const vm = await scratch.freeId()
    skipFor(this, !disks || !elsewhere ? 'two storages are needed' : !template && 'there is no container template')
    place = {
      vm,
      ct: vm + 1,
      node: scratch.node,
      bridge: 'vmbr0',
      disks: disks!,
      elsewhere: elsewhere!,
      template: template!,
      isReal: process.env.PMPC_LIVE_URL !== undefined,
    }
    await clear()
  })
  after(async () => {
    if (place) await clear()
    box?.remove()
    await between?.stop()
    await scratch?.close()
  })

  async function clear(): Promise<void> {
    const {client} = scratch
    const drop = async (path: string, query: Parameters = {}) =>
      client.request({method: 'DELETE', path, query}).catch((error: unknown) => {
        if (!(error instanceof PmpcError)) throw error
      })
    await drop(apiPath('cluster', 'backup', job))
    await drop(apiPath('access', 'users', user))
    for (const type of ['qemu', 'lxc'] as const)
      for (const {vmid} of await scratch.list(type)) {
        const isOurs = [place.vm, place.ct].includes(Number(vmid))
        if (isOurs) await scratch.remove(type, Number(vmid))
      }
    await drop(apiPath('storage', storage))
  }

  async function workspace(name: string): Promise<Clone> {
    const {url, fingerprint} = between
    const clone = await workspaceIn(box, name, {...scratch.access, url, fingerprint})
    await clone.must('sync', '--accept')
    if (!clone.has(acl)) clone.write(acl, 'kind: acl\nid: acl\nconfig:\n')
    return clone
  }

  /** Nothing is left to do, nothing to find, and nothing to commit. */
  async function settled(clone: Clone): Promise<string[]> {
    const planned = await clone.pmpc(['plan', '--json'])
    const plan = planned.json<{actions: {object: string; fields: unknown}[]; undecided: unknown[]; checks: unknown[]}>()
    const synced = await clone.pmpc(['sync', '--json'])
    const {commit = null, open} = synced.json<{commit: string | null; open: {drift: number; conflicts: number}}>()
    const dirty = await clone.git('status', '--porcelain')
    return [
      ...(plan.actions ?? [plan]).map((action) => `left to do: ${JSON.stringify(action)}`),
      ...(plan.undecided ?? []).map((each) => `undecided: ${JSON.stringify(each)}`),
      ...(synced.code === 0 ? [] : [`sync: exit code ${synced.code}: ${synced.stdout}`]),
      ...(commit === null ? [] : [`sync found something: ${await clone.git('show', '--stat', '--format=%B', commit)}`]),
      ...(open?.drift || open?.conflicts
        ? synced
            .json<SyncJson>()
            .clusters.flatMap((each) => each.open)
            .map((each) => `open: ${JSON.stringify(each)}`)
        : []),
      ...(dirty === '' ? [] : [`git status: ${dirty}\n${await clone.git('diff')}`]),
    ]
  }

  function wrongIn(result: RunResult): string[] {
    const {failed = [], skipped = [], unknown = [], error} = result.json<ApplyJson>()
    const lines = [...failed, ...skipped, ...unknown, ...(error ? [error] : [])].map((each) => JSON.stringify(each))
    return result.code === 0 && lines.length === 0 ? [] : [`exit code ${result.code}`, ...lines]
  }

  interface Sums {
    applies: number
    requests: number
    kills: number
    problems: string[]
    done: string[]
  }

  /** @param cutAt what becomes of the n-th request that writes, counted through all stages */
  async function sequence(name: string, cutAt: (write: number) => Fate): Promise<Sums> {
    const clone = await workspace(name)
    const sums: Sums = {applies: 0, requests: 0, kills: 0, problems: [], done: []}
    const before = new Set((await tasksOf()).map(({upid}) => upid))
    between.written.length = 0
    between.fate = () => cutAt(between.written.length + 1)
    const pictures: string[] = []
    for (const stage of stages) {
      stage.edit?.(clone, place)
      await stage.behind?.(scratch, place)
      pictures.push(await picture())
      let args = [...(stage.command?.(place) ?? ['apply']), '--json', ...consents(place)]
      for (;;) {
        let cut: string | undefined
        const from = between.written.length
        const result = await clone.pmpc(args, {
          started: (child) => {
            between.onCut = ({method, path, status}) => {
              cut = `${method} ${path}, ${status === undefined ? 'lost' : 'unanswered'}`
              child.kill('SIGKILL')
            }
          },
        })
        sums.applies++
        if (cut === undefined) {
          const about = `${stage.title} (${args[1] === '--resume' ? 'resumed, ' : ''}${between.written.length - from} requests)`
          const wrong = [...wrongIn(result), ...(await settled(clone)), ...(await differs(pictures, stage.asBefore))]
          sums.problems.push(...wrong.map((line) => `${about}: ${line}`))
          if (wrong.length > 0) say(`${about}:\n  ${wrong.join('\n  ')}`)
          else say(about)
          break
        }
        sums.kills++
        say(`${stage.title}: killed at ${cut}`)
        args = ['apply', '--resume', '--json', ...consents(place)]
      }
    }
    between.fate = () => 'answered'
    sums.requests = between.written.length
    // What a guest does not let go of in time is answered with 400, and waits: how soon it lets go is no matter of pmpc's.
    const written = between.written.filter(({status}) => status === 200 || status === 400)
    const tasks = (await tasksOf()).filter(({upid}) => !before.has(upid))
    sums.done = [
      ...written.map(({method, path, body}) => telling(method, path, body)),
      ...tasks.map(({type, id, status}) => `task ${type} ${id}: ${status}`),
    ].sort()
    sums.problems.push(...(await volumesLeft()).map((volid) => `left on a storage: ${volid}`))
    return sums
  }

  /** The two guests, but for names of volumes, and those that no slot holds. */
  async function picture(): Promise<string> {
    const guests = [
      ['qemu', place.vm],
      ['lxc', place.ct],
    ] as const
    const told = guests.map(async ([type, id]): Promise<unknown> => {
      const there = (await scratch.list(type)).find(({vmid}) => Number(vmid) === id)
      if (!there) return null
      const entries = Object.entries(await scratch.config(type, id)).filter(
        ([key]) => !/^(?:unused\d+|digest)$/.test(key),
      )
      const firewall =
        type === 'qemu' ? await scratch.client.get<object[]>(scratch.guest(type, id, 'firewall/rules')) : []
      return {
        status: there.status,
        config: Object.fromEntries(
          entries.map(([key, value]) => [key, String(value).replace(/:\d+\/vm-[\w.-]+/g, ':*')]),
        ),
        rules: firewall.map((rule) => ({...rule, digest: undefined})),
      }
    })
    return JSON.stringify(await Promise.all(told), (_key, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    )
  }

  /** Whether the guests are as they were so many stages ago. */
  async function differs(pictures: readonly string[], stages: number | undefined): Promise<string[]> {
    if (stages === undefined) return []
    const [was, is] = [pictures.at(-stages), await picture()]
    return was === is ? [] : [`not as before: ${was}\n    ${is}`]
  }

  /** What the node did with the two guests. */
  async function tasksOf(): Promise<{upid: string; type: string; id: string; status?: string}[]> {
    const path = apiPath('nodes', place.node, 'tasks')
    const guests = [place.vm, place.ct].map(async (vmid) =>
      scratch.client.get<{upid: string; type: string; id: string; status?: string}[]>(path, {vmid, limit: 1000}),
    )
    return (await Promise.all(guests)).flat()
  }

  /** Volumes of the two guests, when both are gone. */
  async function volumesLeft(): Promise<string[]> {
    const contents = [place.disks, place.elsewhere].map(async (name) =>
      scratch.client.get<{volid: string; vmid?: number | string}[]>(
        apiPath('nodes', place.node, 'storage', name, 'content'),
      ),
    )
    const all = (await Promise.all(contents)).flat()
    return all.filter(({vmid}) => [place.vm, place.ct].includes(Number(vmid))).map(({volid}) => volid)
  }

  /** A request without what is another one each time. */
  function telling(method: string, path: string, body: string): string {
    const fields = [...new URLSearchParams(body)]
      .filter(([key]) => key !== 'digest')
      .map(([key, value]) => `${key}=${value.replaceAll(mac, 'MAC')}`)
    return `${method} ${path.replace(/[?&]digest=\w+/, '')} ${fields.sort().join(' ')}`.trim()
  }

  it('does what the manifests wish, and leaves nothing to do, find or commit', async () => {
    const {problems, done, ...sums} = await sequence('clean', () => 'answered')
    say(JSON.stringify(sums))
    expect(problems, problems.join('\n')).to.deep.equal([])
    expected = done
  })

  for (const [at, half] of [
    [0, 'lost'],
    [1, 'unanswered'],
  ] as const) {
    it(`ends right after kill -9 at every other request, from the ${at + 1}. on, first ${half}`, async function () {
      if (expected === undefined) skipFor(this, 'without kills it did not end right')
      const other = half === 'lost' ? 'unanswered' : 'lost'
      const {problems, done, ...sums} = await sequence(half, (write) =>
        write % 2 === at ? 'answered' : Math.floor(write / 2) % 2 === 0 ? half : other,
      )
      say(JSON.stringify(sums))
      expect(problems, problems.join('\n')).to.deep.equal([])
      expect(done, 'what was done').to.deep.equal(expected)
      expect(sums.kills).to.be.at.least(20)
    })
  }
})
