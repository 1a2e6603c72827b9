import {execFileSync, spawn, type ChildProcess} from 'node:child_process'
import {createHash} from 'node:crypto'
import {once} from 'node:events'
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {createServer, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import path from 'node:path'
import {checkout, type Sandbox} from './pmpc.js'
import {npm, npmEnv} from './packages.js'

export interface Registry {
  url: string
  stop(): Promise<void>
}

export interface TinyRegistryOptions {
  /** Answers for a tarball in place of the registry's own; false leaves it to it. */
  onTarball?(file: string, response: ServerResponse): boolean
}

/** A registry that knows these packages and nothing else: the two answers that `npm install` needs. */
export async function tinyRegistry(
  tarballs: string[],
  {onTarball = () => false}: TinyRegistryOptions = {},
): Promise<Registry> {
  const packages = tarballs.map((tarball) => ({tarball, json: packageJsonIn(tarball)}))
  const server = createServer((request, response) => {
    const wanted = decodeURIComponent((request.url ?? '').slice(1)).split('?')[0]
    const file = packages.find(({tarball}) => path.basename(tarball) === wanted)
    if (file) return onTarball(file.tarball, response) ? undefined : response.end(readFileSync(file.tarball))
    const found = packages.filter(({json}) => json.name === wanted)
    if (found.length === 0)
      return response.writeHead(404, {'content-type': 'application/json'}).end('{"error":"not_found"}')
    return response.writeHead(200, {'content-type': 'application/json'}).end(JSON.stringify(packument(found, url)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return {
    url,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

interface Published {
  tarball: string
  json: {name: string; version: string; scripts?: Record<string, string>}
}

function packageJsonIn(tarball: string): Published['json'] {
  const text = execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], {encoding: 'utf8'})
  return JSON.parse(text) as Published['json']
}

/** The last one is the latest. */
function packument(published: Published[], url: string): object {
  const versions = published.map(({tarball, json}) => {
    const integrity = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`
    const hasInstallScript = Object.keys(json.scripts ?? {}).some((name) => name.includes('install'))
    return [
      json.version,
      {...json, hasInstallScript, dist: {tarball: `${url}${path.basename(tarball)}`, integrity}},
    ] as const
  })
  const {name, version} = published.at(-1)!.json
  return {name, 'dist-tags': {latest: version}, versions: Object.fromEntries(versions)}
}

const verdaccioBin = path.join(checkout, 'test/support/verdaccio/node_modules/verdaccio/bin/verdaccio')

/** Why there is no Verdaccio here; undefined when there is one. */
export function noVerdaccio(): string | undefined {
  return existsSync(verdaccioBin)
    ? undefined
    : 'needs Verdaccio: `npm install --prefix test/support/verdaccio` (.ci/run does it)'
}

/** Starts a Verdaccio without an uplink and publishes tarballs to it. */
export async function verdaccio(box: Sandbox, tarballs: string[]): Promise<Registry> {
  const folder = path.join(box.folder, 'verdaccio')
  mkdirSync(folder)
  const config = path.join(folder, 'config.yaml')
  writeFileSync(config, CONFIG)
  const address = `127.0.0.1:${await freePort()}`
  const child = spawn(process.execPath, [verdaccioBin, '--config', config, '--listen', address], {
    cwd: folder,
    env: box.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  await listening(child)
  const url = `http://${address}/`
  const env = {...npmEnv(), npm_config_registry: url, [`npm_config_//${new URL(url).host}/:_authToken`]: 'anybody'}
  for (const tarball of tarballs) {
    const published = await box.exec(npm, ['publish', tarball, '--access', 'public'], {env})
    if (published.code !== 0) throw new Error(`publishing ${tarball} failed:\n${published.stderr}`)
  }
  return {
    url,
    async stop() {
      child.kill()
      await once(child, 'exit')
    },
  }
}

const CONFIG = `
storage: ./storage
auth:
  htpasswd:
    file: ./htpasswd
packages:
  '**':
    access: $all
    publish: $all
    unpublish: $all
log: {type: stdout, format: json, level: http}
`

/** A port that is free now; Verdaccio does not tell the one it picks. */
async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const {port} = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Waits for the line that Verdaccio prints once it listens. */
function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    const read = (chunk: Buffer): void => {
      said += String(chunk)
      if (said.includes('http address')) resolve()
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', () => reject(new Error(`Verdaccio ended:\n${said}`)))
  })
}
