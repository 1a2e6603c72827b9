import type {Socket} from 'node:net'
import type {Environment} from './environment.js'

/**
 * The proxy for an endpoint by `HTTPS_PROXY` and `NO_PROXY` (lower-case names win, as in curl), or undefined.
 * `NO_PROXY` holds host names, suffixes (`.example.com` or `example.com`), addresses, networks (`192.0.2.0/24`), each with or without `:port`, or `*`.
 */
export async function proxyFor(endpoint: URL, env: Environment): Promise<URL | undefined> {
  const proxy = env.https_proxy ?? env.HTTPS_PROXY ?? env.all_proxy ?? env.ALL_PROXY
  if (proxy === undefined || proxy.trim() === '') return undefined
  const exceptions = (env.no_proxy ?? env.NO_PROXY ?? '').split(/[\s,]+/).filter((entry) => entry !== '')
  for (const entry of exceptions) if (await isException(entry, endpoint)) return undefined
  return new URL(proxy.includes('://') ? proxy : `http://${proxy}`)
}

async function isException(entry: string, endpoint: URL): Promise<boolean> {
  if (entry === '*') return true
  const host = bareHost(endpoint.hostname)
  const [, name = entry, port] =
    /^(.*?)(?::(\d+))?$/.exec(entry.startsWith('[') ? entry.replace(/^\[(.*)\]/, '$1') : entry) ?? []
  if (entry.includes('/')) return inNetwork(entry, host)
  if (host === entry) return true
  if (port !== undefined && port !== (endpoint.port === '' ? '443' : endpoint.port)) return false
  const suffix = name.replace(/^\*?\./, '')
  return host === suffix || host.endsWith('.' + suffix)
}

async function inNetwork(network: string, host: string): Promise<boolean> {
  const {BlockList, isIP} = await import('node:net')
  const [address = '', prefix = ''] = network.split('/')
  const family = isIP(address)
  if (family === 0 || isIP(host) !== family) return false
  const list = new BlockList()
  const type = family === 4 ? 'ipv4' : 'ipv6'
  try {
    list.addSubnet(address, Number(prefix), type)
  } catch {
    return false
  }
  return list.check(host, type)
}

/** `[::1]` of a URL as `::1`. */
export function bareHost(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}

/**
 * Opens a tunnel through an HTTP or HTTPS proxy (`CONNECT`). The user name and password of the proxy's URL are sent to the proxy alone.
 * @param timeout milliseconds
 * @throws an Error with the proxy's status when it refuses
 */
export async function openTunnel(proxy: URL, host: string, port: number, timeout: number): Promise<Socket> {
  const http = proxy.protocol === 'https:' ? await import('node:https') : await import('node:http')
  const target = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const login =
    proxy.username === '' ? undefined : `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`
  return new Promise((resolve, reject) => {
    const request = http.request({
      host: bareHost(proxy.hostname),
      port: proxy.port === '' ? (proxy.protocol === 'https:' ? 443 : 80) : Number(proxy.port),
      method: 'CONNECT',
      path: target,
      agent: false,
      timeout,
      headers: {
        host: target,
        ...(login === undefined ? {} : {'proxy-authorization': 'Basic ' + Buffer.from(login).toString('base64')}),
      },
    })
    request.on('connect', (answer, socket) => {
      if (answer.statusCode === 200) return resolve(socket)
      socket.destroy()
      reject(refusal(proxy, `answered ${answer.statusCode} ${answer.statusMessage} to CONNECT ${target}`))
    })
    request.on('response', (answer) => {
      answer.resume()
      request.destroy()
      reject(refusal(proxy, `answered ${answer.statusCode} to CONNECT ${target}`))
    })
    request.on('timeout', () => request.destroy(refusal(proxy, 'does not answer in time')))
    request.on('error', reject)
    request.end()
  })
}

function refusal(proxy: URL, what: string): Error {
  return new Error(`the proxy ${proxy.protocol}//${proxy.host} (HTTPS_PROXY) ${what}`)
}
