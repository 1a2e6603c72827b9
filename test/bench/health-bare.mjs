// Sends requests and does nothing else: what `pmpc health` is measured against. Takes {url, headers, paths} as JSON on standard input. The limits are
// the client's own: 4 in flight for each owning node, 16 in all.
import {Pool} from 'undici'

const chunks = []
for await (const chunk of process.stdin) chunks.push(chunk)
const {url, headers, paths} = JSON.parse(Buffer.concat(chunks).toString())
const pool = new Pool(url, {connections: 16, pipelining: 1, connect: {rejectUnauthorized: false}})

async function drain(queue) {
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const {body} = await pool.request({method: 'GET', path: `/api2/json${path}`, headers})
    const text = await body.text()
    if (text !== '') JSON.parse(text)
  }
}

const queues = new Map()
for (const path of paths) {
  const node = /^\/nodes\/([^/]+)/.exec(path)?.[1] ?? ''
  queues.set(node, [...(queues.get(node) ?? []), path])
}
await Promise.all([...queues.values()].flatMap((queue) => [1, 2, 3, 4].map(() => drain(queue))))
await pool.close()
