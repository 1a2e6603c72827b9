import {subscribe} from 'node:diagnostics_channel'
import type {IncomingMessage} from 'node:http'
import {loadContract, type Contract} from '../../src/kit/values/index.js'

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
]

interface Sent {
  test: string
  method: string
  url: string
  body: string
}

const sent: Sent[] = []
let current = 'before the first test'

subscribe('http.server.request.start', (message) => watch((message as {request: IncomingMessage}).request))

/** Listens without reading: an own listener would start the stream before the server listens. */
function watch(request: IncomingMessage): void {
  const {method = '', url = '', headers} = request
  if (!/^pmpc\b/.test(headers['user-agent'] ?? '') || !url.startsWith('/api2/json/')) return
  const one: Sent = {test: current, method, url: url.slice('/api2/json'.length), body: ''}
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

// Loaded before all tests (.mocharc.json), so these are hooks of every one of them.
beforeEach(function () {
  current = this.currentTest?.fullTitle() ?? ''
})

after(async () => {
  const contracts = await Promise.all([loadContract('8.4'), loadContract('9.2')])
  const wrong = new Set<string>()
  for (const one of sent) {
    if (deliberate.some(({test}) => test.test(one.test))) continue
    for (const contract of contracts) {
      const problem = problemOf(one, contract)
      if (problem !== undefined) wrong.add(`${one.method} ${one.url} (${contract.version}): ${problem} [${one.test}]`)
    }
  }
  if (wrong.size > 0)
    throw new Error(
      `${wrong.size} of ${sent.length} requests are not as the contracts have them:\n${[...wrong].join('\n')}`,
    )
  if (sent.length > 0) console.log(`  ${sent.length} requests of pmpc, all valid against the contracts of 8.4 and 9.2`)
})
