import {Pool} from 'undici'
import {apiPath, createClient} from '../../src/kit/proxmox/index.js'
import type {Figure} from './startup.js'
import type {Endpoint} from './sync.js'

/** The client against bare undici: the same reads, four in flight for each node on both sides. The best of some rounds in turn. */
export async function clientFigures(endpoint: Endpoint, rounds = 5): Promise<Figure[]> {
  const {url, tokenId, tokenSecret: secret, fingerprint} = endpoint
  const open = () => createClient({endpoints: [url], trust: {fingerprint}, credential: {tokenId, secret}, env: {}})
  const client = open()
  const guests = await client.get<{type: string; node: string; vmid: number}[]>('/cluster/resources', {type: 'vm'})
  await client.close()
  const reads = guests.map(({node, type, vmid}) => ({node, path: apiPath('nodes', node, type, vmid, 'config')}))
  const best = {measured: Infinity, reference: Infinity}
  for (let round = 0; round < rounds; round++) {
    best.reference = Math.min(
      best.reference,
      await timed(() => readBare(url, `PVEAPIToken=${tokenId}=${secret}`, reads)),
    )
    best.measured = Math.min(
      best.measured,
      await timed(async () => {
        const ours = open()
        await Promise.all(reads.map(({path}) => ours.get(path)))
        await ours.close()
      }),
    )
  }
  const name = `the client reading ${reads.length} configurations / bare undici`
  return [{name, reach: 1 / 0.9, ratio: best.measured / best.reference, milliseconds: best}]
}

async function readBare(url: string, authorization: string, reads: {node: string; path: string}[]): Promise<void> {
  const pool = new Pool(url, {connections: 16, connect: {rejectUnauthorized: false}})
  const queues = grouped(reads)
  const drain = async (queue: {path: string}[]) => {
    for (let read = queue.pop(); read !== undefined; read = queue.pop()) {
      const {body} = await pool.request({method: 'GET', path: `/api2/json${read.path}`, headers: {authorization}})
      JSON.parse(await body.text())
    }
  }
  await Promise.all([...queues.values()].flatMap((queue) => Array.from({length: 4}, () => drain(queue))))
  await pool.close()
}

function grouped<T extends {node: string}>(reads: T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const read of reads) groups.set(read.node, [...(groups.get(read.node) ?? []), read])
  return groups
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
