// Sends the requests of a sync and does nothing else: what `pmpc sync` is measured against. Takes {url, headers} as JSON on standard input,
// prints how many requests it sent. The limits are the client's own: 4 in flight for each owning node, 16 in all.
import {Pool} from 'undici'

const chunks = []
for await (const chunk of process.stdin) chunks.push(chunk)
const {url, headers} = JSON.parse(Buffer.concat(chunks).toString())
const pool = new Pool(url, {connections: 16, pipelining: 1, connect: {rejectUnauthorized: false}})
let requests = 0

async function get(path) {
  requests++
  const {body} = await pool.request({method: 'GET', path: `/api2/json${path}`, headers})
  return JSON.parse(await body.text()).data
}

async function drain(queue) {
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) await get(path)
}

const lists = ['/cluster/resources', '/pools', '/nodes', '/storage', '/cluster/status', '/access/permissions']
const [resources, pools] = await Promise.all(lists.map(get))
const queues = new Map()
const ask = (node, path) => queues.set(node, [...(queues.get(node) ?? []), path])
for (const {poolid} of pools) ask('', `/pools?poolid=${encodeURIComponent(poolid)}`)
for (const {type, node, vmid} of resources) {
  if (type === 'node') for (const list of ['version', 'qemu', 'lxc']) ask(node, `/nodes/${node}/${list}`)
  if (type === 'qemu' || type === 'lxc') ask(node, `/nodes/${node}/${type}/${vmid}/config`)
}
await Promise.all([...queues.values()].flatMap((queue) => [1, 2, 3, 4].map(() => drain(queue))))
await pool.close()
console.log(requests)
