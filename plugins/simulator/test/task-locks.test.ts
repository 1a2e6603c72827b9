import {expect} from 'chai'
import {Lab} from './support.js'

/** A task that has begun, and what it holds while it runs: `VMID: lock`. Fact: the calls of set_lock and what stands in `lock` in PVE's sources; those of machines were seen on the real daemon. */
interface Row {
  task: string
  ask: string
  with?: Record<string, string>
  first?: [ask: string, form: Record<string, string>][]
  holds: Record<number, string>
  /** What is left when it is stopped: locks that stay, guests that are gone. */
  stays?: true
  gone?: number
  /** The state of a snapshot meanwhile. */
  snapstate?: string
}

const vm = '/nodes/pve1/qemu/120'
const web = '/nodes/pve1/qemu/100'
const ct = '/nodes/pve1/lxc/200'
const files = '/nodes/pve3/lxc/202'
const template = 'local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst'
const archive = 'backup:backup/vzdump-qemu-100-2026_11_01-02_00_03.vma.zst'

const rows: Row[] = [
  {task: 'qmigrate', ask: `POST ${vm}/migrate`, with: {target: 'pve2', online: '1'}, holds: {120: 'migrate'}},
  {task: 'vzmigrate', ask: `POST ${files}/migrate`, with: {target: 'pve1'}, holds: {202: 'migrate'}},
  {
    task: 'qmsnapshot',
    ask: `POST ${vm}/snapshot`,
    with: {snapname: 'now', vmstate: '1'},
    holds: {120: 'snapshot'},
    snapstate: 'prepare',
  },
  {
    task: 'vzsnapshot',
    ask: `POST ${ct}/snapshot`,
    with: {snapname: 'now'},
    holds: {200: 'snapshot'},
    snapstate: 'prepare',
  },
  {
    task: 'qmdelsnapshot',
    ask: `DELETE ${web}/snapshot/before-upgrade`,
    holds: {100: 'snapshot-delete'},
    stays: true,
    snapstate: 'delete',
  },
  {
    task: 'vzdelsnapshot',
    ask: `DELETE ${ct}/snapshot/clean`,
    holds: {200: 'snapshot-delete'},
    stays: true,
    snapstate: 'delete',
  },
  {task: 'qmrollback', ask: `POST ${web}/snapshot/after-upgrade/rollback`, holds: {100: 'rollback'}, stays: true},
  {task: 'vzrollback', ask: `POST ${ct}/snapshot/clean/rollback`, holds: {200: 'rollback'}, stays: true},
  {task: 'qmsuspend', ask: `POST ${vm}/status/suspend`, with: {todisk: '1'}, holds: {120: 'suspending'}, stays: true},
  {task: 'qmclone', ask: `POST ${vm}/clone`, with: {newid: '300', full: '1'}, holds: {300: 'clone'}, gone: 300},
  {
    task: 'vzclone',
    ask: `POST ${ct}/clone`,
    with: {newid: '300', snapname: 'clean', full: '1'},
    holds: {200: 'disk', 300: 'create'},
    gone: 300,
  },
  {
    task: 'move_volume',
    ask: `POST ${files}/move_volume`,
    with: {volume: 'rootfs', storage: 'local-zfs'},
    holds: {202: 'disk'},
  },
  {task: 'qmcreate', ask: 'POST /nodes/pve1/qemu', with: {vmid: '300'}, holds: {300: 'create'}, gone: 300},
  {
    task: 'vzcreate',
    ask: 'POST /nodes/pve1/lxc',
    with: {vmid: '300', ostemplate: template, rootfs: 'ceph:1'},
    holds: {300: 'create'},
    gone: 300,
  },
  {task: 'qmrestore', ask: 'POST /nodes/pve1/qemu', with: {vmid: '300', archive}, holds: {300: 'create'}},
  {task: 'vzdump', ask: 'POST /nodes/pve1/vzdump', with: {vmid: '120', storage: 'backup'}, holds: {120: 'backup'}},
]

const label = {qemu: 'VM', lxc: 'CT'} as const

describe('what a task holds while it runs', () => {
  let lab: Lab
  beforeEach(async () => {
    lab = await Lab.start({seed: 'cluster', taskTime: 600_000})
  })
  afterEach(() => lab.stop())

  const begin = async ({task, ask, with: form}: Row): Promise<string> => {
    const [method, path] = ask.split(' ') as [string, string]
    const answer = await lab.send(path, {method, ...(method === 'POST' && {form: form ?? {}})})
    expect(answer.body.data, answer.reason).to.match(new RegExp(`:${task}:`))
    return answer.body.data as unknown as string
  }
  const guestOf = (vmid: string): {type: 'qemu' | 'lxc'; lock?: string; path: string} | undefined => {
    const guest = lab.simulator.simulation.state.guests[vmid]
    return guest && {...guest, path: `/nodes/${guest.node}/${guest.type}/${vmid}`}
  }

  for (const row of rows)
    it(`${row.task}: ${JSON.stringify(row.holds)}`, async () => {
      const upid = await begin(row)
      for (const [vmid, lock] of Object.entries(row.holds)) {
        const {type, path} = guestOf(vmid)!
        const told = `500 ${label[type]} is locked (${lock})`
        for (const form of <Record<string, string>[]>[{description: 'mine'}, {delete: 'onboot'}, {memory: '1024'}]) {
          const write = await lab.send(`${path}/config`, {method: 'PUT', form})
          expect(`${write.status} ${write.reason}`).to.equal(told)
        }
        expect((await lab.get<{lock: string}>(`${path}/config`)).lock).to.equal(lock)
        expect((await lab.get<{lock: string}>(`${path}/status/current`)).lock).to.equal(lock)
        const move = await lab.send(`${path}/migrate`, {method: 'POST', form: {target: 'pve2', online: '1'}})
        if (path.includes('/pve1/')) expect(`${move.status} ${move.reason}`).to.equal(told)
        const list = await lab.get<{snapstate?: string}[]>(`${path}/snapshot`)
        const states = list.flatMap(({snapstate}) => snapstate ?? [])
        expect(states).to.deep.equal(row.snapstate === undefined ? [] : [row.snapstate])
      }
      await lab.send(`/nodes/${upid.split(':')[1]}/tasks/${upid}`, {method: 'DELETE'})
      for (const [vmid, lock] of Object.entries(row.holds)) {
        if (Number(vmid) === row.gone) expect(guestOf(vmid)).to.equal(undefined)
        else expect(guestOf(vmid)!.lock).to.equal(row.stays ? lock : undefined)
      }
    })

  it('a snapshot that is not finished cannot be gone back to, and is gone with its task', async () => {
    const upid = await begin({...rows.find(({task}) => task === 'qmsnapshot')!})
    const back = await lab.send(`${vm}/snapshot/now/rollback`, {method: 'POST', form: {}})
    const other = back.body.data as unknown as string
    const {guests, volumes, tasks} = lab.simulator.simulation.state
    expect(Object.keys(volumes).filter((key) => key.includes('vm-120-state-now'))).to.have.length(1)
    await lab.send(`/nodes/pve1/tasks/${upid}`, {method: 'DELETE'})
    expect(guests[120]!.snapshots).to.not.have.property('now')
    expect(Object.keys(volumes).filter((key) => key.includes('vm-120-state-now'))).to.have.length(0)
    expect(tasks.find((task) => task.upid === other)!.type).to.equal('qmrollback')
  })

  it('a task that fails by a fault gives back what it held', async () => {
    const {faults, settings, tasks} = lab.simulator.simulation
    settings.taskTime = 0
    faults.add({kind: 'task-fail', message: 'no'})
    for (const row of rows) {
      const upid = await begin(row)
      await tasks.ended(upid)
      for (const vmid of Object.keys(row.holds)) {
        const guest = guestOf(vmid)
        if (Number(vmid) === row.gone) expect(guest, row.task).to.equal(undefined)
        else if (row.stays) delete lab.simulator.simulation.state.guests[vmid]!.lock
        else expect(guest!.lock, row.task).to.equal(undefined)
      }
      if (row.task === 'qmrestore') delete lab.simulator.simulation.state.guests[300]
    }
  })
})
