#!/usr/bin/env node
'use strict'
// Starts the host: loads dist/index.cjs, and later the plugins' bundles, with V8's code cache.
// This file is on the path of every command: it may require Node's own modules only, and as few of them as it can.
// Why and how: docs/decisions/0001-bundles-and-code-cache.md
const fs = require('node:fs')
const Module = require('node:module')
const path = require('node:path')
const vm = require('node:vm')

const root = path.dirname(__dirname)

/** How the host's bundles call each other. */
const BUNDLES = ['./index.cjs', './reading.cjs', './commands.cjs', './errors.cjs']

/** A name for what is being run: each command has code of its own to remember, and `--version` must not pay for `sync`. */
function cacheName(argv) {
  if (argv.includes('--help') || argv.includes('-h') || argv.length === 0) return 'help'
  return /^(?:--)?([a-z]{1,20})$/.exec(argv[0].split(':')[0])?.[1]
}

/** The folder for code caches: in the package while it is ours to write, else the user's cache folder. */
function cacheFolder(file, stat) {
  const key = `${process.version}-${process.arch}-${stat.size}-${Math.trunc(stat.mtimeMs)}`
  const own = path.dirname(file)
  try {
    fs.accessSync(own, fs.constants.W_OK)
    return path.join(own, '.cache', key)
  } catch {
    const base =
      process.env.PMPC_CACHE_DIR ??
      path.join(process.env.XDG_CACHE_HOME ?? path.join(process.env.HOME ?? '', '.cache'), 'pmpc')
    return path.isAbsolute(base) ? path.join(base, 'code', own.replaceAll(/[^A-Za-z0-9]+/g, '-'), key) : undefined
  }
}

function readIfThere(file) {
  try {
    return fs.readFileSync(file)
  } catch {
    return undefined
  }
}

/** Removes the caches of bundles that were replaced: those that nothing was added to for a month. */
function forgetOld(folder) {
  for (const name of fs.readdirSync(folder)) {
    const old = path.join(folder, name)
    if (fs.statSync(old).mtimeMs < Date.now() - 30 * 86_400_000) fs.rmSync(old, {recursive: true, force: true})
  }
}

/** Remembers after the run what V8 compiled during it. A cache is a gift: no failure to write one is worth a word. */
function rememberAtExit(script, file) {
  process.on('exit', (code) => {
    if (code !== 0) return
    try {
      const made = fs.mkdirSync(path.dirname(file), {recursive: true, mode: 0o700})
      if (made !== undefined) forgetOld(path.dirname(path.dirname(file)))
      const draft = `${file}.${process.pid}`
      fs.writeFileSync(draft, script.createCachedData(), {mode: 0o600})
      fs.renameSync(draft, file)
    } catch {}
  })
}

const name = cacheName(process.argv.slice(2))
const bundles = new Map()

/** Loads a bundle as `require` would, but compiled from its code cache where there is one. */
function load(file) {
  const loaded = bundles.get(file)
  if (loaded) return loaded.exports
  const stat = fs.statSync(file)
  const folder = name && process.env.PMPC_CODE_CACHE !== '0' ? cacheFolder(file, stat) : undefined
  const cacheFile = folder && path.join(folder, `${name}.bin`)
  const cachedData = cacheFile && readIfThere(cacheFile)
  const script = new vm.Script(Module.wrap(fs.readFileSync(file, 'latin1')), {
    filename: file,
    cachedData,
  })
  if (cacheFile && (cachedData === undefined || script.cachedDataRejected)) rememberAtExit(script, cacheFile)
  const module = new Module(file)
  module.filename = file
  module.paths = Module._nodeModulePaths(path.dirname(file))
  bundles.set(file, module)
  script.runInThisContext()(module.exports, requireFrom(file), module, file, path.dirname(file))
  module.loaded = true
  return module.exports
}

/** A bundle's `require`: Node's own, except that a bundle is loaded as above. */
function requireFrom(file) {
  const nodeRequire = Module.createRequire(file)
  const folder = path.dirname(file)
  const bundleOf = (id) => {
    if (BUNDLES.includes(id)) return path.join(folder, id)
    return path.isAbsolute(id) && id.endsWith(`${path.sep}dist${path.sep}index.cjs`) ? id : undefined
  }
  const requireAny = (id) => {
    const bundle = bundleOf(id)
    return bundle ? load(bundle) : nodeRequire(id)
  }
  const importModule = (name) => import(name)
  return Object.assign(requireAny, nodeRequire, {importModule})
}

load(path.join(root, 'dist', 'index.cjs')).main(root)
