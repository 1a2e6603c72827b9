import {expect} from 'chai'
import {apiPath, perform} from '../../src/kit/proxmox/index.js'
import {type Clone, putOnPath} from '../support/lab.js'
import {sandbox, type Sandbox} from '../support/pmpc.js'
import {skipFor} from '../support/skip.js'
import {say, Scratch, workspaceIn} from './scratch.js'

const sorts = {vm: 'qemu', container: 'lxc'} as const
type Kind = keyof typeof sorts

/** Where the guests are made. */
interface Place {
  ids: Record<Kind, number>
  node: string
  bridge: string
  disks: string
  elsewhere: string
  template: string
}

/** What is typed, and what comes of it. */
interface Step {
  /** `*` is the guest, `BACKUP` its last backup, `DISK` its first one. */
  types: string | ((place: Place, kind: Kind) => string)
  /** Of that kind only. */
  of?: Kind
  /** As before unless given. */
  leaves?: 'running' | 'stopped' | 'nothing'
  /** Nothing is sent, and this is said. */
  refused?: RegExp
  /** It is sent, and does not come about: what is said then. */
  fails?: RegExp
  /** What it has made otherwise than the manifest says is offered, and taken. */
  offers?: true
  /** There was nothing to do. */
  already?: true
}

/** What nobody is asked for then. */
const consents = '--yes --allow cuts-network,detaches-data,grants --confirm *'

/** There is no system in these VMs: none listens to a shutdown. */
const deaf = /powerdown failed - got timeout/
/** No storage of the node takes snapshots of containers. */
const noSnapshots = /snapshot feature is not available/

/** One after the other, of a guest that is not there in the beginning. */
const steps: readonly Step[] = [
  {
    types: ({ids, node, bridge, disks, template}, kind) =>
      [
        `create ${kind === 'vm' ? 'vm' : 'ct'} pmpc-live-${ids[kind]} --id ${ids[kind]} --node ${node}`,
        `--storage ${disks} --size 1 memory=128 net0.bridge=${bridge} --apply`,
        kind === 'vm' ? 'scsi0.format=qcow2 kvm=0 cpu=kvm64 --unset agent' : `--from ${template}`,
      ].join(' '),
    leaves: 'stopped',
  },
  {types: 'set * cores=2 tags=+live --apply'},
  {types: 'edit * --apply'},
  {types: 'stop *', already: true},
  {types: 'suspend *', refused: /does not run/},
  {types: 'resume *', refused: /is off, and was not suspended/},
  {types: 'reboot *', refused: /does not run/},
  {types: 'resize * --disk DISK --size +1G'},
  {types: ({elsewhere}) => `move-disk * --disk DISK --storage ${elsewhere}`},
  {types: 'snapshot * --name before --description was', of: 'vm'},
  {types: 'snapshot * --name before', of: 'vm', refused: /has a snapshot before already/},
  {types: 'set * cores=1 --apply'},
  {types: 'rollback * --name before', of: 'vm', offers: true},
  {types: 'delsnapshot * --name before', of: 'vm'},
  {types: 'delsnapshot * --name before', refused: /has no snapshot before/},
  {types: 'backup * --storage local --notes off'},
  {types: 'set * cores=2 memory=96 --apply'},
  {types: 'restore * --from BACKUP', offers: true},
  {types: 'migrate * --to elsewhere', refused: /there is no node elsewhere/},
  {types: 'start *', leaves: 'running'},
  {types: 'start *', already: true},
  {types: 'reboot * --timeout 3', of: 'vm', fails: deaf},
  {types: 'reboot * --timeout 3', of: 'container'},
  {types: 'snapshot * --name before --vmstate', of: 'vm'},
  {types: 'snapshot * --name before', of: 'container', fails: noSnapshots},
  {types: 'snapshot * --name before --vmstate', of: 'container', refused: /--vmstate is for VMs only/},
  {types: 'suspend *', of: 'vm'},
  {types: 'resume *', of: 'vm'},
  {types: 'suspend *', of: 'container', fails: /lxc-checkpoint .* failed/},
  {types: 'rollback * --name before', of: 'vm'},
  {types: 'delsnapshot * --name before', of: 'vm'},
  {types: 'suspend * --to-disk', of: 'vm', leaves: 'stopped'},
  {types: 'suspend * --to-disk', of: 'container', refused: /--to-disk is for VMs only/},
  {types: 'resume *', of: 'vm', leaves: 'running'},
  {types: 'resize * --disk DISK --size +1G'},
  {types: ({disks}) => `move-disk * --disk DISK --storage ${disks}`},
  {types: 'backup * --storage local --mode snapshot'},
  {types: 'backup * --storage local --mode suspend'},
  {types: 'backup * --storage local --mode stop', of: 'container'},
  {types: 'restore * --from BACKUP', refused: / runs$/m},
  {types: 'shutdown * --timeout 3', of: 'vm', fails: deaf},
  {types: 'shutdown * --timeout 3 --force', leaves: 'stopped'},
  {types: 'start *', leaves: 'running'},
  {types: 'stop *', leaves: 'stopped'},
  {types: 'template *'},
  {types: 'start *', refused: /is a template, and no template runs/},
  {types: 'snapshot * --name before', refused: /is a template, and has no snapshots/},
  {types: 'destroy *', leaves: 'nothing'},
]

/** What tests read of `--json`, whatever the verb. */
interface Told {
  error?: {code: string; message: string}
  results?: {ok: boolean; message: string | null}[]
}

/**
 * What people type of a VM and of a container, as a process of its own, against a node that may be changed. After each line state, manifests and cluster
 * agree, and the last commit says what was done. PMPC_LIVE_APPLY=1 asks for it.
 */
describe('live: what is typed at the keyboard', function () {
  this.timeout(1_800_000)
  let scratch: Scratch
  let box: Sandbox | undefined
  let clone: Clone
  let place: Place

  before(async function () {
    if (process.env.PMPC_LIVE_URL === undefined)
      return skipFor(this, 'test/e2e/verbs.test.ts does this with the simulator, whose containers here do not run')
    if (process.env.PMPC_LIVE_APPLY === undefined) return skipFor(this, 'PMPC_LIVE_APPLY=1 asks for it')
    scratch = await Scratch.open()
    const [disks, elsewhere] = await scratch.storages('images', 'rootdir', 'backup')
    const template = await scratch.template()
    skipFor(this, !disks || !elsewhere ? 'two storages are needed' : !template && 'there is no container template')
    const vm = await scratch.freeId()
    const where = {node: scratch.node, bridge: 'vmbr0', disks: disks!, elsewhere: elsewhere!, template: template!}
    place = {...where, ids: {vm, container: vm + 1}}
    box = sandbox()
    putOnPath(box)
    box.env.EDITOR = String.raw`sed -i s/memory:.128/memory:\ 144/`
    clone = await workspaceIn(box, 'ws', scratch.access)
    await clone.must('sync', '--accept')
  })
  after(async () => {
    box?.remove()
    if (place)
      for (const volume of await backups())
        await perform(scratch.client, {method: 'DELETE', path: `${content()}/${encodeURIComponent(volume)}`})
    await scratch?.close()
  })

  const content = (): string => apiPath('nodes', place.node, 'storage', 'local', 'content')

  /** What was backed up of these guests, the oldest first. */
  async function backups(...kinds: Kind[]): Promise<string[]> {
    const all = await scratch.client.get<{volid: string; vmid?: number}[]>(content(), {content: 'backup'})
    const ids = (kinds.length > 0 ? kinds : (['vm', 'container'] as const)).map((kind) => place.ids[kind])
    const mine = all.filter(({vmid}) => ids.includes(Number(vmid)))
    return mine.map(({volid}) => volid).sort()
  }

  async function lineOf({types}: Step, kind: Kind): Promise<string> {
    const id = place.ids[kind]
    const text = `${typeof types === 'string' ? types : types(place, kind)} ${consents}`
    const line = text.replaceAll('*', `${kind}/${id}`).replace('DISK', kind === 'vm' ? 'scsi0' : 'rootfs')
    return line.includes('BACKUP') ? line.replace('BACKUP', (await backups(kind)).at(-1)!) : line
  }

  /** `running`, `stopped`, or nothing is there. */
  async function powerOf(kind: Kind): Promise<string> {
    const listed = await scratch.list(sorts[kind])
    return listed.find(({vmid}) => Number(vmid) === place.ids[kind])?.status ?? 'nothing'
  }

  /** State, manifests and cluster agree; or what is offered is taken. @returns what is wrong, a line each */
  async function disagreeing(isOffered: boolean): Promise<string[]> {
    const {commit, open, warnings} = await clone.sync()
    const drift = isOffered ? open.drift : 0
    if (isOffered) {
      if (drift > 0) await clone.must('accept')
      return drift > 0 ? disagreeing(false) : ['nothing is offered']
    }
    const dirty = await clone.git('status', '--porcelain')
    return [
      ...(commit === null ? [] : [`sync found something: ${await clone.git('show', '--stat', '--format=%B', commit)}`]),
      ...(open.drift + open.conflicts === 0 ? [] : [`open: ${(await clone.open()).join('; ')}`]),
      ...warnings.map((text) => `warning: ${text}`),
      ...(dirty === '' ? [] : [`git status: ${dirty}`]),
    ]
  }

  for (const kind of ['vm', 'container'] as const)
    it(`of a ${kind}: state, manifests and cluster agree after each, and the last commit says what was done`, async () => {
      const wrong: string[] = []
      let power = 'nothing'
      for (const step of steps.filter(({of}) => of === undefined || of === kind)) {
        const line = await lineOf(step, kind)
        const [verb, ...rest] = line.split(' ')
        const before = await clone.head()
        const {code, stdout, stderr, json} = await clone.pmpc([verb!, '--json', ...rest])
        const {error, results = []} = json<Told>()
        const found: string[] = []
        const said = [error?.message, ...results.map(({message}) => message)].filter(Boolean).join('\n')
        const {refused, fails, already, offers = false} = step
        if (refused) {
          if (error?.code !== 'PMPC_PLAN_REFUSED' || !refused.test(said)) found.push(`not refused: ${stdout}${stderr}`)
        } else if (fails) {
          if (code !== 1 || !fails.test(said)) found.push(`did not fail: ${stdout}${stderr}`)
        } else if (code !== 0 || results.some(({ok}) => !ok)) found.push(`failed: ${stdout}${stderr}`)
        const isSilent = refused !== undefined || already === true
        const subject = await clone.git('log', '-1', '--format=%s')
        const isCommitted = (await clone.head()) !== before
        // Of what failed and changed nothing a commit tells only where no sync could see it.
        if (!fails && isCommitted === isSilent) found.push(`the last commit: ${subject}`)
        if (isCommitted && !/^applied\(live\): /.test(subject)) found.push(`the last commit: ${subject}`)
        power = step.leaves !== undefined && !refused ? step.leaves : power
        const is = await powerOf(kind)
        if (is !== power) found.push(`it is ${is}, and not ${power}`)
        found.push(...(await disagreeing(offers)))
        say(`${line.replace(/ --yes.*/, '')}: ${refused ? 'refused' : fails ? 'fails' : subject}`)
        for (const text of found) say(`wrong: ${text}`.slice(0, 2000))
        wrong.push(...found.map((text) => `${line}: ${text}`))
      }
      expect(wrong, wrong.join('\n')).to.deep.equal([])
    })
})
