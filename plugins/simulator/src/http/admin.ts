import {createServer, type IncomingMessage} from 'node:http'
import type {AddressInfo} from 'node:net'
import type {Simulation} from '../simulation.js'
import {restoreSimulation, saveSimulation} from '../seeds/save.js'
import {faultFrom, parseFault, withFile} from '../faults/parse.js'
import type {FaultSpec} from '../faults/kinds.js'

interface AdminOptions {
  port: number
  stop: () => Promise<void>
}

class BadRequest extends Error {}

type Body = Record<string, unknown>
type Route = (context: {sim: Simulation; options: AdminOptions; args: string[]; body: Body}) => unknown

/** A fault as an object, or `{"fault": "KIND:option=value"}` as the command line takes it. */
const fault = (body: Body): FaultSpec => (typeof body.fault === 'string' ? parseFault(body.fault) : faultFrom(body))

/** A number of a body, not negative. @throws BadRequest */
function amount(body: Body, key: string, fallback: number): number {
  const value = Number(body[key] ?? fallback)
  if (!(value >= 0)) throw new BadRequest(`${key} must be a number, 0 or more`)
  return value
}

/** What the admin port takes. Changes of the cluster itself go through the API, as another administrator's would. */
const routes: [string, RegExp, Route][] = [
  ['GET', /^\/faults$/, ({sim}) => sim.faults.all()],
  ['POST', /^\/faults$/, async ({sim, body}) => sim.faults.add(await withFile(fault(body)))],
  ['DELETE', /^\/faults$/, ({sim}) => sim.faults.clear()],
  ['DELETE', /^\/faults\/(\d+)$/, ({sim, args}) => sim.faults.clear(Number(args[0]))],
  [
    'POST',
    /^\/nodes\/([^/]+)\/(online|offline|hang)$/,
    ({sim, args}) => {
      if (!sim.faults.setNode(args[0]!, args[1] as 'online')) throw new BadRequest(`there is no node '${args[0]}'`)
      return {node: args[0], power: args[1]}
    },
  ],
  ['POST', /^\/status\/round$/, ({sim}) => sim.board.round()],
  ['POST', /^\/status\/expire$/, ({sim}) => sim.board.expire()],
  ['POST', /^\/quorum\/(lost|ok)$/, ({sim, args}) => void (sim.state.quorum = args[0] === 'ok')],
  ['POST', /^\/tickets\/expire$/, ({sim}) => sim.authentication.expireTickets()],
  ['POST', /^\/certificate$/, ({sim}) => ({fingerprint: sim.listener.renew(false)})],
  ['POST', /^\/latency$/, ({sim, body}) => void (sim.settings.latency = amount(body, 'milliseconds', 0))],
  ['POST', /^\/workers$/, ({sim, body}) => void (sim.workers.limit = amount(body, 'workers', 3))],
  ['GET', /^\/edits$/, ({sim}) => sim.faults.edited],
  ['GET', /^\/counters$/, ({sim}) => sim.faults.count()],
  ['DELETE', /^\/counters$/, ({sim}) => sim.faults.resetCounters()],
  ['GET', /^\/state$/, ({sim}) => saveSimulation(sim)],
  ['PUT', /^\/state$/, ({sim, body}) => restoreSimulation(sim, body)],
  ['POST', /^\/stop$/, ({options}) => void setImmediate(() => void options.stop())],
]

async function readJson(request: IncomingMessage): Promise<Body> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  if (text === '') return {}
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null) throw new BadRequest('the body must be a JSON object')
  return value as Body
}

/** Serves faults and counters as JSON over plain HTTP on loopback. */
export async function startAdmin(
  sim: Simulation,
  options: AdminOptions,
): Promise<{url: string; stop: () => Promise<void>}> {
  const server = createServer((request, response) => {
    const answer = async (): Promise<[number, unknown]> => {
      const path = (request.url ?? '/').split('?')[0]!
      if (request.headers.origin !== undefined) return [403, {error: 'pages in browsers may not call the admin port'}]
      const route = routes.find(([verb, pattern]) => verb === request.method && pattern.test(path))
      if (!route) return [404, {error: `no such call: ${request.method} ${path}`}]
      const args = route[1].exec(path)!.slice(1).map(decodeURIComponent)
      return [200, (await route[2]({sim, options, args, body: await readJson(request)})) ?? null]
    }
    answer()
      .catch((error: unknown): [number, unknown] => [
        400,
        {error: error instanceof Error ? error.message : String(error)},
      ])
      .then(([status, body]) => {
        response.writeHead(status, {'Content-Type': 'application/json', Connection: 'close'})
        response.end(`${JSON.stringify(body)}\n`)
      })
      .catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
