// What is predicted, held against what the real daemon did: qemu-server 9.2.6 and pve-container 6.1.10.
import {expect} from 'chai'
import {existsSync} from 'node:fs'
import {disagreements} from '../../../src/kit/plan/agree.js'
import {keyChange, outcomeOf} from '../../../src/kit/plan/consequences.js'
import {
  changed,
  grown,
  moved,
  observedOf,
  started,
  stopped,
  worldOf,
  type GuestWorld,
} from '../../../src/kit/plan/guest-world.js'
import {agrees} from '../../../src/kit/plan/agree.js'
import {anyOn} from '../../../src/kit/plan/volume-names.js'
import type {Config, Observed, Value} from '../../../src/kit/resources/index.js'
import {guestTravelOf} from '../../../src/kit/resources/travels/index.js'
import {decode, parseSize} from '../../../src/kit/values/index.js'
import {isWhole, readLines, referencePath} from '../../support/reference.js'
import {skipFor} from '../../support/skip.js'

type Kind = 'vm' | 'container'

interface Row {
  key: string
  sent: string
  error?: unknown
  pending: PendingItem[]
  config: unknown
}

interface PendingItem {
  key: string
  value?: unknown
  pending?: unknown
  delete?: number
}

interface Exchange {
  seq: number
  method: string
  path: string
  query?: string | null
  status: number
  requestBody?: Record<string, string | number> | null
  body: {data: unknown; errors?: Record<string, string>}
}

const left = new Set(['digest', 'lock', 'parent'])

function configOf(kind: Kind, raw: Readonly<Record<string, unknown>>): Config {
  return Object.fromEntries(
    Object.entries(raw)
      .filter(([key]) => !left.has(key))
      .map(([key, value]): [string, Value] => [key, decode(kind, key, value)]),
  )
}

describe('each key of a running guest, as the real daemon took it', () => {
  for (const [kind, file] of [
    ['vm', 'vm-running-table.jsonl'],
    ['container', 'lxc-running-table.jsonl'],
  ] as const) {
    /** As far as the tables look at it: what the machines of the recordings were made with. */
    const now: Config =
      kind === 'vm' ? {ostype: 'l26', boot: {order: 'scsi0;net0'}, scsihw: 'virtio-scsi-single'} : {memory: 512}
    for (const {key, sent, error, pending, config} of rowsOf(file)) {
      // What failed there failed because of that host, and tells nothing of what PVE means to do.
      const item = pending.find((one) => one.key === key)
      if (error || !item) continue
      it(`${kind}: ${key}=${sent}`, () => {
        const isLive = !Object.hasOwn(item, 'pending')
        const was = isLive ? undefined : item.value === undefined ? undefined : decode(kind, key, item.value)
        const will = decode(kind, key, sent)
        const outcome = outcomeOf(guestTravelOf(kind), {runs: true, now}, keyChange(key, was, will))
        // A USB device is plugged where QEMU is Proxmox's own.
        expect(outcome.takes).to.equal(isLive || key === 'usb0' ? 'live' : 'pending')
        const world = worldOf({
          kind,
          id: 150,
          config: {...now, ...(was !== undefined && {[key]: was})},
          facts: {status: 'running'},
        })
        const after = observedOf(changed(world, {set: {[key]: will}, removed: []}, '9.2'))
        expect(
          disagreements(
            {...after, running: {}, config: {[key]: after.config[key]!}},
            {...after, running: {}, config: {[key]: decode(kind, key, config)}},
          ),
        ).to.deep.equal([])
      })
    }
  }
})

function rowsOf(file: string): Row[] {
  return isWhole ? readLines<Row>(referencePath('daemon', 'tables', file)) : []
}

/** Guests as they are predicted to be, each checked wherever the recording shows it whole. */
class Watched {
  private readonly worlds = new Map<string, GuestWorld | undefined>()
  private readonly running = new Set<string>()
  private readonly out = new Set<string>()
  /** What was read since the last write. */
  private readonly reads = new Map<string, {config?: Config; pending?: PendingItem[]}>()
  readonly wrong: string[] = []
  checked = 0

  take(exchange: Exchange): void {
    const [, guest, id, rest = ''] = /^\/nodes\/pve1\/(qemu|lxc)\/(\d+)(?:\/(.*))?$/.exec(exchange.path) ?? []
    if (guest === undefined || id === undefined || this.out.has(`${guest}/${id}`)) return
    const key = `${guest}/${id}`
    if (exchange.method === 'GET') return this.look(exchange, guest === 'qemu' ? 'vm' : 'container', key, rest)
    this.reads.delete(key)
    // What is suspended to disk is locked, and neither changes nor starts as others do.
    if (exchange.requestBody?.todisk) this.out.add(key)
    const target = exchange.requestBody?.['target-vmid']
    if (target !== undefined) this.worlds.delete(`${guest}/${target}`)
    if (/^status\/(?:start|resume)$/.test(rest)) this.running.add(key)
    else if (rest === 'status/stop') this.running.delete(key)
    const world = this.worlds.get(key)
    if (world) this.worlds.set(key, did(world, exchange, rest))
  }

  private look({seq, status, query, body}: Exchange, kind: Kind, key: string, rest: string): void {
    if (status !== 200 || query) return
    const reads = this.reads.get(key) ?? {}
    if (rest === 'config') reads.config = configOf(kind, body.data as Record<string, unknown>)
    if (rest === 'pending') reads.pending = body.data as PendingItem[]
    this.reads.set(key, reads)
    const {config, pending} = reads
    // What is off has nothing pending.
    if (config && (pending || !this.running.has(key))) this.compare(seq, kind, key, config, pending ?? [])
  }

  private compare(seq: number, kind: Kind, key: string, config: Config, pending: readonly PendingItem[]): void {
    this.reads.delete(key)
    const running = runningOf(kind, config, pending)
    const facts = {status: this.running.has(key) || running.length > 0 ? 'running' : 'stopped'}
    const read: Observed = {kind, id: Number(key.split('/')[1]), config, facts}
    if (running.length > 0) read.running = Object.fromEntries(running)
    const world = this.worlds.get(key)
    if (world) {
      this.checked++
      const lines = disagreements({...observedOf(world), facts}, read)
      if (lines.length > 0) this.wrong.push(`${seq}: ${lines.join('; ')}`)
    }
    this.worlds.set(key, worldOf(read))
  }
}

function runningOf(kind: Kind, config: Config, items: readonly PendingItem[]): [string, Value | null][] {
  const found: [string, Value | null][] = []
  for (const item of items) {
    if (left.has(item.key) || (!Object.hasOwn(item, 'pending') && !item.delete)) continue
    if (item.delete) delete config[item.key]
    found.push([item.key, item.value === undefined ? null : decode(kind, item.key, item.value)])
  }
  return found
}

/** What a request did by our tables; undefined where the recording is of something that they do not tell: a refusal, a device that does not let go. */
function did(world: GuestWorld, {method, status, requestBody, body}: Exchange, rest: string): GuestWorld | undefined {
  const given = requestBody ?? {}
  if (rest === 'status/stop') return stopped(world)
  if (rest === 'status/start') return started(world)
  if (rest.startsWith('status/')) return undefined
  // Of a container nothing stays of what was refused; of a machine the key waits for its stop.
  if (body.errors && (world.kind === 'vm' || Object.keys(body.errors).some((key) => key.startsWith('net'))))
    return undefined
  if (status !== 200) return world
  if (rest === 'resize') {
    const size = String(given.size)
    return size.startsWith('+') ? undefined : grown(world, String(given.disk), parseSize(size)!)
  }
  if (rest === 'move_disk' && given.storage !== undefined)
    return moved(world, String(given.disk), String(given.storage), Number(given.delete ?? 0) !== 1)
  // Other names of keys, what no manifest has, and what a task does later.
  const odd = ['revert', 'force', 'cdrom', 'smp', 'lock', 'background_delay'].some((key) => given[key] !== undefined)
  if (rest !== 'config' || method !== 'PUT' || odd || given.vmgenid !== undefined) return undefined
  const set = Object.entries(given).filter(([key]) => !['delete', 'digest'].includes(key))
  const removed = given.delete === undefined ? [] : String(given.delete).split(',')
  if (removed.includes('cdrom')) return undefined
  const values = set.map(([key, value]): [string, Value] => [key, decode(world.kind, key, value)])
  return changed(world, {set: Object.fromEntries(values), removed}, '9.2')
}

describe('what a recording shows, as it would be predicted', () => {
  for (const [folder, name, least] of [
    ['live', 'plan-facts.jsonl', 11],
    ['daemon', 'vm-running.jsonl', 1],
    ['daemon', 'vm-lifecycle.jsonl', 1],
    ['daemon', 'vm-keys-01.jsonl', 1],
    ['daemon', 'vm-keys-02.jsonl', 1],
    ['daemon', 'vm-keys-03.jsonl', 1],
    ['daemon', 'vm-keys-04.jsonl', 1],
    ['daemon', 'vm-keys-06.jsonl', 1],
    ['daemon', 'vm-keys-07.jsonl', 1],
    ['daemon', 'vm-keys-09.jsonl', 1],
    ['daemon', 'vm-keys-10.jsonl', 1],
    ['daemon', 'vm-keys-11.jsonl', 1],
    ['daemon', 'vm-keys-12.jsonl', 1],
    ['daemon', 'lxc-guests.jsonl', 1],
    ['daemon', 'lxc-keys-01.jsonl', 1],
    ['daemon', 'lxc-keys-02.jsonl', 1],
    ['daemon', 'lxc-keys-04.jsonl', 1],
  ] as const)
    it(name, function () {
      const file = isWhole ? referencePath(folder, name) : ''
      if (!existsSync(file)) return skipFor(this, 'the whole reference')
      const watched = new Watched()
      for (const exchange of readLines<Exchange>(file)) watched.take(exchange)
      expect(watched.wrong).to.deep.equal([])
      expect(watched.checked).to.be.at.least(least)
    })
  it('any on a storage agrees with each there', () => expect(anyOn('local')).to.equal('local:*'))

  it('the keys of a row have no order, the rows have', () => {
    const rows = [
      {type: 'in', action: 'ACCEPT'},
      {type: 'in', action: 'DROP'},
    ]
    const other = rows.map((row) => Object.fromEntries(Object.entries(row).reverse()))
    expect([agrees(rows, other), agrees(rows, other.reverse()), agrees(rows, other.slice(1))]).to.deep.equal([
      true,
      false,
      false,
    ])
  })
})
