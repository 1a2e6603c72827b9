import {failure} from '../../errors.js'
import {splitList} from '../../contract/scalars.js'
import type {Release} from '../../contract/contract.js'
import {guestFigures, steady} from '../../guests/figures.js'
import {required, type Call, type Endpoints} from '../../calls/call.js'
import type {Guest, NodeState, StorageState} from '../../state/model.js'
import {drawGraph} from './graph.js'
import {nodeFigures} from '../../nodes/figures.js'
import {nodeName} from '../../calls/node.js'

type Kind = 'node' | 'vm' | 'storage'
type Sample = Record<string, number>

/** Seconds a sample stands for, and how many are asked for. Fact: proxmox/pve-common:src/PVE/RRD.pm of either release. */
const frames: Record<Release, Record<string, [step: number, count: number]>> = {
  '8.4': {
    hour: [60, 70],
    day: [60 * 30, 70],
    week: [60 * 180, 70],
    month: [60 * 720, 70],
    year: [60 * 10_080, 70],
  },
  '9.2': {
    hour: [60, 60],
    day: [60, 1440],
    week: [60 * 30, 336],
    month: [60 * 30, 1440],
    year: [3600 * 6, 1440],
    decade: [86_400 * 7, 570],
  },
}

const oldSources: Record<Kind, string> = {
  node: 'loadavg maxcpu cpu iowait memtotal memused swaptotal swapused roottotal rootused netin netout',
  vm: 'maxcpu cpu maxmem mem maxdisk disk netin netout diskread diskwrite',
  storage: 'total used',
}

const newSources: Record<Kind, string> = {
  node: 'memavailable arcsize pressurecpusome pressureiosome pressureiofull pressurememorysome pressurememoryfull',
  vm: 'memhost pressurecpusome pressurecpufull pressureiosome pressureiofull pressurememorysome pressurememoryfull',
  storage: '',
}

function sourcesOf(release: Release, kind: Kind): string[] {
  return splitList(release === '8.4' ? oldSources[kind] : `${oldSources[kind]} ${newSources[kind]}`)
}

/** One database below /var/lib/rrdcached/db. */
interface Series {
  kind: Kind
  /** Its file, below that folder. */
  file: string
  exists: boolean
  /** What a round told at a time; undefined where none was. */
  at: (time: number) => Sample | undefined
}

const folder = '/var/lib/rrdcached/db'

function fileOf(call: Call, kind: Kind, name: string): string {
  return call.sim.settings.release === '8.4' ? `pve2-${kind}/${name}` : `pve-${kind}-9.0/${name}`
}

function nodeSample(call: Call, node: NodeState, time: number): Sample | undefined {
  if (node.power !== 'online' || time < node.bootTime) return undefined
  const {mem, disk} = nodeFigures(call, node) as {mem: number; disk: number}
  const used = mem * (0.98 + steady(node.id + Math.floor(time / 60), 21) * 0.04)
  const noise = steady(node.id + Math.floor(time / 60), 7)
  return {
    loadavg: noise * 2,
    maxcpu: node.cpus,
    cpu: noise / 10,
    iowait: noise / 100,
    memtotal: node.memory,
    memused: used,
    swaptotal: 0,
    swapused: 0,
    roottotal: node.disk,
    rootused: disk,
    netin: 2000 + noise * 8000,
    netout: 2000 + noise * 4000,
    memavailable: node.memory - used,
    arcsize: 0,
    pressurecpusome: 0,
    pressureiosome: 0,
    pressureiofull: 0,
    pressurememorysome: 0,
    pressurememoryfull: 0,
  }
}

/** Figures of a guest at a time: what is counted becomes a rate, and a stopped guest has only its sizes. */
function guestSample(guest: Guest, cpus: number, time: number): Sample {
  const running = guest.running && time >= guest.startTime
  const figures = guestFigures(running ? guest : {...guest, running: false}, cpus, time)
  const sizes = {
    maxcpu: Number(figures.cpus),
    maxmem: Number(figures.maxmem),
    maxdisk: Number(figures.maxdisk),
    disk: Number(figures.disk),
  }
  if (!running) return sizes
  const before = guestFigures(guest, cpus, time - 60)
  const rate = (key: string): number => Math.max(0, Number(figures[key] ?? 0) - Number(before[key] ?? 0)) / 60
  const rates = Object.fromEntries(['netin', 'netout', 'diskread', 'diskwrite'].map((key) => [key, rate(key)]))
  const pressures = Object.entries(figures).filter(([key]) => key.startsWith('pressure'))
  return {
    ...sizes,
    ...rates,
    cpu: Number(figures.cpu),
    mem: Number(figures.mem),
    ...(figures.memhost !== undefined && {memhost: Number(figures.memhost)}),
    ...Object.fromEntries(pressures.map(([key, value]) => [key, Number(value)])),
  }
}

/** @param ago seconds before now */
const storageSample = ({total, used, growth = 0}: StorageState, ago: number): Sample => ({
  total,
  used: Math.max(0, Math.floor(used - (growth * ago) / 86_400)),
})

function nodeSeries(call: Call): Series {
  const name = nodeName(call)
  const node = call.sim.state.nodes[name]
  return {
    kind: 'node',
    file: fileOf(call, 'node', name),
    exists: node !== undefined,
    at: (time) => node && nodeSample(call, node, time),
  }
}

function guestSeries(call: Call): Series {
  const vmid = required(call, 'vmid')
  const guest = call.sim.state.guests[Number(vmid)]
  const cpus = call.sim.state.nodes[guest?.node ?? '']?.cpus ?? 1
  return {
    kind: 'vm',
    file: fileOf(call, 'vm', vmid),
    exists: call.sim.board.hasStatistics(`vm/${vmid}`),
    at: (time) => guest && guestSample(guest, cpus, time),
  }
}

function storageSeries(call: Call): Series {
  const name = `${nodeName(call)}/${required(call, 'storage')}`
  const storage = call.sim.state.storages[required(call, 'storage')]
  return {
    kind: 'storage',
    file: fileOf(call, 'storage', name),
    exists: call.sim.board.hasStatistics(`storage/${name}`),
    at: (time) => storage && storageSample(storage, call.sim.now() - time),
  }
}

/** The graph of a storage looks for the database of release 8, which hosts that began with 9 do not have. Seen on the real daemon. */
function storageGraphSeries(call: Call): Series {
  const series = storageSeries(call)
  if (call.sim.settings.release === '8.4') return series
  return {...series, file: series.file.replace(/^pve-storage-9\.0/, 'pve2-storage'), exists: false}
}

/** Samples of the time frame a call asks for; those that no round told hold their time only. */
function samplesOf(call: Call, {file, exists, kind, at}: Series): ({time: number} & Sample)[] {
  if (!exists) throw failure(`RRD error: realpath(${folder}/${file}): No such file or directory`)
  const {release} = call.sim.settings
  const [step, count] = frames[release][required(call, 'timeframe')]!
  const now = call.sim.now()
  const end = Math.floor(now / step) * step
  const names = sourcesOf(release, kind)
  // What release 9 fetches ends a sample earlier. Seen on real hosts: 129 of 130 answers.
  const last = release === '8.4' ? 0 : 1
  return Array.from({length: count - last}, (_, index) => {
    const time = end - (count - 1 - index) * step
    const sample = call.sim.state.world.statistics === false ? undefined : at(Math.min(time, now))
    const known = names.filter((name) => sample?.[name] !== undefined)
    return {time, ...Object.fromEntries(known.map((name) => [name, sample![name]!]))}
  })
}

const data =
  (series: (call: Call) => Series) =>
  (call: Call): unknown =>
    samplesOf(call, series(call))

/** Colours of the lines; there are no more. */
const colours = [0x00ddff, 0xff0000]

const graph =
  (series: (call: Call) => Series) =>
  (call: Call): unknown => {
    const one = series(call)
    const names = splitList(required(call, 'ds'))
    const samples = samplesOf(call, one)
    if (names.length > colours.length) throw failure('fixme: no color definition')
    const known = sourcesOf(call.sim.settings.release, one.kind)
    const unknown = names.find((name) => !known.includes(name))
    if (unknown !== undefined) throw failure(`RRD error: No DS called '${unknown}' in '${folder}/${one.file}'`)
    const lines = names.map((name, index) => ({
      colour: colours[index]!,
      values: samples.map((sample) => sample[name]),
    }))
    return {filename: `${folder}/${one.file}_${names.join('_')}.png`, image: drawGraph(lines).toString('latin1')}
  }

export const statisticsEndpoints: Endpoints = {
  'GET /nodes/{node}/rrd': graph(nodeSeries),
  'GET /nodes/{node}/rrddata': data(nodeSeries),
  'GET /nodes/{node}/qemu/{vmid}/rrd': graph(guestSeries),
  'GET /nodes/{node}/qemu/{vmid}/rrddata': data(guestSeries),
  'GET /nodes/{node}/lxc/{vmid}/rrd': graph(guestSeries),
  'GET /nodes/{node}/lxc/{vmid}/rrddata': data(guestSeries),
  'GET /nodes/{node}/storage/{storage}/rrd': graph(storageGraphSeries),
  'GET /nodes/{node}/storage/{storage}/rrddata': data(storageSeries),
}
