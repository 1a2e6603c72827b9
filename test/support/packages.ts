import {spawnSync} from 'node:child_process'
import {cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {checkout, type Sandbox} from './pmpc.js'

/** The npm that belongs to the running Node. */
export const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'

let settings: string | undefined

/** What npm says of its registry and cache; asked once, as npm takes its time. */
function npmSettings(): string {
  return (settings ??= spawnSync(npm, ['config', 'get', 'registry', 'cache'], {cwd: checkout, encoding: 'utf8'}).stdout)
}

/** Environment for npm in a sandbox: the registry and the cache of whoever runs the tests, nothing else of theirs. */
export function npmEnv(): Record<string, string> {
  const setting = (name: string): string =>
    new RegExp(`^${name}\\s*=\\s*"?([^"\\n]+)`, 'm').exec(npmSettings())?.[1] ?? ''
  const inherited = Object.entries(process.env).filter(([name]) =>
    /^(npm_config_|https?_proxy$|no_proxy$|NODE_EXTRA_CA_CERTS$)/i.test(name),
  )
  return {
    ...(Object.fromEntries(inherited) as Record<string, string>),
    npm_config_userconfig: path.join(os.homedir(), '.npmrc'),
    npm_config_registry: setting('registry'),
    npm_config_cache: setting('cache'),
    npm_config_update_notifier: 'false',
    npm_config_fund: 'false',
    npm_config_audit: 'false',
    npm_config_fetch_retries: '1',
  }
}

/** Why npm cannot install anything here; undefined when it can. */
export function noRegistry(): string | undefined {
  const ping = spawnSync(npm, ['view', '@oclif/plugin-plugins@5.5.2', 'version', '--fetch-retries=0'], {
    cwd: checkout,
    encoding: 'utf8',
  })
  return ping.status === 0 ? undefined : 'needs an npm registry, to install what the host depends on'
}

/** What a package is not built from. */
const notCopied = /^(?:\.git|node_modules|test|coverage|plugins\/[^/]+\/(?:node_modules|test))$/

/**
 * A copy of the checkout, to pack from: packing builds, and takes what lies in `dist`, where other tests run pmpc meanwhile. In it, too, pmpc
 * has run: there are code caches, which do not belong into a package.
 */
export function copyCheckout(box: Sandbox): string {
  const copy = path.join(box.folder, 'checkout')
  cpSync(checkout, copy, {
    recursive: true,
    filter: (from) => !notCopied.test(path.relative(checkout, from)) && path.basename(from) !== '.cache',
  })
  symlinkSync(path.join(checkout, 'node_modules'), path.join(copy, 'node_modules'))
  for (const folder of ['.', ...readdirSync(path.join(copy, 'plugins')).map((name) => `plugins/${name}`)]) {
    if (!existsSync(path.join(copy, folder, 'dist'))) continue
    mkdirSync(path.join(copy, folder, 'dist/.cache/v20'), {recursive: true})
    writeFileSync(path.join(copy, folder, 'dist/.cache/v20/sync.bin'), 'code')
  }
  return copy
}

/** Packs a package, as for publishing. @returns the tarball */
export async function pack(box: Sandbox, folder: string, flags: string[] = []): Promise<string> {
  const target = path.join(box.folder, 'packed')
  mkdirSync(target, {recursive: true})
  const packed = await box.exec(npm, ['pack', '--json', ...flags, '--pack-destination', target], {
    cwd: folder,
    env: npmEnv(),
  })
  const [{filename}] = packed.json<[{filename: string}]>()
  const file = path.join(target, filename)
  if (!existsSync(file)) throw new Error(`npm pack made no ${file}: ${packed.stderr}`)
  return file
}
