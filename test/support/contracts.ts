import {subscribe} from 'node:diagnostics_channel'
import type {IncomingMessage} from 'node:http'
import type {Context, RootHookObject} from 'mocha'
import {atLeast, parseVersion} from '../../src/kit/proxmox/index.js'
import {wireKinds} from '../../src/kit/resources/kinds/on-wire.js'
import {loadContract, type Contract} from '../../src/kit/values/index.js'
import {addSum} from './sums.js'

/**
 * Every request that pmpc sends to a server of this process, in whatever test and from whatever child, must be one that PVE 8.4 and 9.2
 * both take: path, method, names and values. What differs by version is gated, and sent in the tests named below only.
 */
const deliberate: readonly {test: RegExp; why: string}[] = [
  {test: /^client (?!and simulator)/, why: 'is about the way there; servers and paths are made up'},
  {test: /^recorded answers/, why: 'asks for a record by its number'},
  {test: /^live: the client (a taken id, a bad value|what is not there)/, why: 'asks for what no version knows'},
  {test: /^client and simulator of [\d.]+ what is not there, not known/, why: 'asks for what no version knows'},
  {test: /^writes behind a gate/, why: 'sends what only 9.2 knows, or a version to come'},
  {test: /^Terraform code of what is recorded/, why: 'lets the provider ask, which knows one version only'},
  {test: /^a kind more is a row/, why: 'is about a kind that no version knows'},
]

/** What is wished for at random there is what that release knows, and is held against its contract alone. */
const ofRelease = /^random edits .*\bon (8\.4|9\.2)\b/

interface Sent {
  test: string
  /** It came to its end: of what a fault cut off nobody knows the parameters. */
  isWhole: () => boolean
  method: string
  url: string
  body: string
}

const nowhere = 'before the first test'
let sent: Sent[] = []
let current = nowhere

subscribe('http.server.request.start', (message) => watch((message as {request: IncomingMessage}).request))

/** Listens without reading: an own listener would start the stream before the server listens. */
function watch(request: IncomingMessage): void {
  const {method = '', url = '', headers} = request
  if (!/^pmpc\b/.test(headers['user-agent'] ?? '') || !url.startsWith('/api2/json/')) return
  const one: Sent = {
    test: current,
    isWhole: () => one.body !== '' || Number(headers['content-length'] ?? 0) === 0,
    method,
    url: url.slice('/api2/json'.length),
    body: '',
  }
  sent.push(one)
  const emit = request.emit.bind(request)
  request.emit = (name: string, ...values: unknown[]) => {
    if (name === 'data') one.body += String(values[0])
    return emit(name, ...values)
  }
}

/** What a contract says against a request, or undefined. */
function problemOf({method, url, body}: Sent, contract: Contract): string | undefined {
  const [path = '', query = ''] = url.split('?')
  const call = contract.find(method, path)
  if (call === undefined) return 'there is no such call'
  const parameters: Record<string, unknown> = variablesOf(call.slice(method.length + 1), path)
  for (const [name, value] of [...new URLSearchParams(query), ...new URLSearchParams(body)]) {
    const before = parameters[name]
    parameters[name] = before === undefined ? value : [before, value].flat()
  }
  const errors = Object.entries(contract.validate(call, parameters))
  return errors.length === 0 ? undefined : errors.map(([name, text]) => `${name}: ${text.trim()}`).join('; ')
}

function variablesOf(template: string, path: string): Record<string, string> {
  const parts = path.split('/')
  const names = template.split('/')
  return Object.fromEntries(
    names.flatMap((name, at) => {
      const last = at === names.length - 1
      const value = decodeURIComponent(last ? parts.slice(at).join('/') : (parts[at] ?? ''))
      return name.startsWith('{') ? [[name.slice(1, -1), value]] : []
    }),
  )
}

/** Calls that not every version has, and that are sent to those only which have them. */
const gated: readonly {call: RegExp; since: string}[] = [
  {call: /^GET \/nodes\/[^/]+\/lxc\/\d+\/migrate\b/, since: '9'},
  {call: /^POST \/cluster\/sdn\/rollback$/, since: '9'},
]

/** Whether a version has the list that is asked for, or the call; true of all else. A kind that came or went is asked for where a node has it. */
function hasListOf(version: string, method: string, url: string): boolean {
  const is = parseVersion({version})!
  if (gated.some(({call, since}) => call.test(`${method} ${url}`) && !atLeast(is, since))) return false
  const rows = wireKinds.filter(({list}) => list?.path === url.split('?')[0])
  return rows.every(
    ({since, until}) => (since === undefined || atLeast(is, since)) && (until === undefined || !atLeast(is, until)),
  )
}

/** What is wrong with requests, one line each. */
async function problemsOf(requests: Sent[]): Promise<string[]> {
  const contracts = await Promise.all([loadContract('8.4'), loadContract('9.2')])
  const wrong = new Set<string>()
  for (const one of requests) {
    if (!one.isWhole() || deliberate.some(({test}) => test.test(one.test))) continue
    const only = ofRelease.exec(one.test)?.[1]
    const held = contracts.filter(({version}) => only === undefined || version === only)
    for (const contract of held.filter(({version}) => hasListOf(version, one.method, one.url))) {
      const problem = problemOf(one, contract)
      if (problem !== undefined) wrong.add(`${one.method} ${one.url} (${contract.version}): ${problem} [${one.test}]`)
    }
  }
  return [...wrong]
}

/** Of every test (.mocharc.json). The last one runs once a file of tests where they run side by side, else once. */
export const mochaHooks: RootHookObject = {
  beforeEach(this: Context) {
    current = this.currentTest?.fullTitle() ?? ''
  },
  async afterAll(this: Context) {
    // A hundred thousand of them, as of an apply that is killed everywhere, take minutes.
    this.timeout(600_000)
    const requests = sent
    sent = []
    current = nowhere
    if (requests.length === 0) return
    const wrong = await problemsOf(requests)
    if (wrong.length > 0)
      throw new Error(
        `${wrong.length} of ${requests.length} requests are not as the contracts have them:\n${wrong.join('\n')}`,
      )
    addSum({requests: requests.length})
  },
}
