#!/usr/bin/env node
// Bundles each plugin into one CommonJS file, or two, and the host into four, and writes their oclif manifests and docs/commands.json.
//
//   node scripts/build.mjs            the host and all plugins
//   node scripts/build.mjs plugins/sync
//   node scripts/build.mjs --maps     with source maps, for a debugger
//
// Why one file, why CommonJS, why everything inlined: docs/decisions/0001-bundles-and-code-cache.md, 0002-plugins-inlined.md
import {build} from 'esbuild'
import {cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {leanOclif} from './lean-oclif.mjs'
import {registryText} from './registry.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const require = createRequire(import.meta.url)
const {cacheCommand} = require(path.join(root, 'node_modules/@oclif/core/lib/util/cache-command.js'))

/** Names that oclif requires only when it finds them; a bundle never carries them. */
const EXTERNAL = [
  // Asked for by HCL's parser where there is no global of that name; Node has one.
  'performance',
  'typescript',
  'ts-node',
  'tsx',
  'pnpapi',
]

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'))
const pluginFolders = () =>
  readdirSync(path.join(root, 'plugins'), {withFileTypes: true})
    .filter((entry) => entry.isDirectory() && existsSync(path.join(root, 'plugins', entry.name, 'package.json')))
    .map((entry) => path.join(root, 'plugins', entry.name))
    .sort()

/** Every TypeScript file below a folder, as paths relative to it, in a fixed order. */
function sources(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, {recursive: true})
    .map(String)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && !file.endsWith('.test.ts'))
    .sort()
}

/** `state/show.ts` → `state:show`; `auth/index.ts` → `auth`. */
function commandId(file) {
  return file
    .slice(0, -'.ts'.length)
    .split(path.sep)
    .filter((part, index, parts) => part !== 'index' || index < parts.length - 1)
    .join(':')
}

/**
 * The text of a bundle's entry: commands and hooks behind getters, so that asking for one loads that one.
 * oclif's `explicit` strategy reads COMMANDS[id]; hooks are found by their name, see `oclif.hooks` in package.json.
 */
function entryText(folder, isWanted = () => true) {
  const commands = sources(path.join(folder, 'src/commands'))
    .filter(isWanted)
    .map((file) => getter(commandId(file), `require(${JSON.stringify(`./src/commands/${file}`)}).default`))
  const ownHooks = hookFiles(folder).filter((file) => folder !== root || file !== ERRORS.hook)
  const hooks = ownHooks.map((file) => {
    const target = `require(${JSON.stringify(`./src/hooks/${file}`)}).default`
    return `export function ${hookName(file)}(options) { return ${target}.call(this, options) }`
  })
  return ['export const COMMANDS = {', ...commands, '}', ...hooks, ''].join('\n')
}

/** Commands that most often only read a few files, and are typed most: a bundle of their own, without what they seldom need. */
const READING = ['describe.ts', 'get.ts', 'status.ts']

/**
 * The host is four bundles: what every start needs, what the reading commands need, what is asked when an error is told, and all else. V8 reads a
 * code cache the faster the less is in it, and a run that fails writes none. They share one oclif, the first one's.
 */
function hostEntryText() {
  const commands = sources(path.join(root, 'src/commands')).map((file) =>
    getter(
      commandId(file),
      `require('./${READING.includes(file) ? 'reading' : 'commands'}.cjs').COMMANDS[${JSON.stringify(commandId(file))}]`,
    ),
  )
  const lists = ['export const COMMANDS = {', ...commands, '}', oclifText(OCLIF_PARTS)]
  // What oclif's `helpClass` names; a getter, as few starts print help.
  const help = ['export const HELP = {', getter('default', `require('./src/help.ts').default`), '}']
  const own = [`export {main} from './src/main.ts'`, `export {effects} from './src/kit/cli/effects.ts'`]
  return [...own, ...lists, ...help, ...laterHooks(root), ''].join('\n')
}

/** The hook that is asked when an error is told, and the module of ours that it is made of: a bundle of their own. */
const ERRORS = {hook: 'explain.ts', module: './src/kit/catalogue/index.ts'}

/** What an error that is told asks for. */
function errorsEntryText() {
  const hook = `export {default as ${hookName(ERRORS.hook)}} from './src/hooks/${ERRORS.hook}'`
  return [hook, `export * from '${ERRORS.module}'`, ''].join('\n')
}

/** Hooks that are in another bundle. */
function laterHooks(folder) {
  return hookFiles(folder).map((file) => {
    const bundle = folder === root && file === ERRORS.hook ? 'errors' : 'commands'
    const name = hookName(file)
    return `export function ${name}(options) { return require('./${bundle}.cjs').${name}.call(this, options) }`
  })
}

/** As `READING` for the host: these commands stand in the plugin's first bundle, and the others in a second, `dist/commands.cjs`. */
const READING_OF = {'plugins/apply': ['plan/index.ts']}

/** The reading commands, imported at once: there are few, and what none of them uses is left out. */
function readingEntryText(files, others = []) {
  const imports = files.map((file, index) => `import command${index} from './src/commands/${file}'`)
  const commands = files.map((file, index) => `${JSON.stringify(commandId(file))}: command${index},`)
  return [...imports, 'export const COMMANDS = {', ...commands, ...others, '}', ''].join('\n')
}

/** The first bundle of a plugin that has two. */
function firstEntryText(folder, reading) {
  const others = sources(path.join(folder, 'src/commands'))
    .filter((file) => !reading.includes(file))
    .map(commandId)
    .map((id) => getter(id, `require('./commands.cjs').COMMANDS[${JSON.stringify(id)}]`))
  return [readingEntryText(reading, others), oclifText(PLUGIN_PARTS), ...laterHooks(folder)].join('\n')
}

/** What a package's other bundles take of its first one's oclif. */
function oclifText(names) {
  const parts = names.map((name) => getter(name, `require(${JSON.stringify(name)})`))
  return ['export const OCLIF = {', ...parts, '}', ''].join('\n')
}

/** The other commands, and what the reading ones fetch with `await import()`: modules of ours by their path in the checkout. */
function restEntryText(folder, reading, later) {
  const imports = [...later].map((module) => {
    const name = module.startsWith('./') ? path.join(root, module) : module
    return `  ${JSON.stringify(module)}: () => import(${JSON.stringify(name)}),`
  })
  const others = (file) => !reading.includes(file)
  return [entryText(folder, others), 'export const LATER = {', ...imports, '}', ''].join('\n')
}

/** In small bundles: what their own modules import when it is needed is in the other bundle. Adds the names of it to a set. */
const fetchedLater = (later, which = () => true) => ({
  name: 'fetched-later',
  setup(setup) {
    setup.onResolve({filter: /./}, ({path: name, kind, resolveDir}) => {
      if (kind !== 'dynamic-import' || !which(name, resolveDir)) return undefined
      const file = name.startsWith('.') ? path.join(resolveDir, name.replace(/\.js$/, '.ts')) : kitFile(name)
      const module = file ? `./${path.relative(root, file).replaceAll(path.sep, '/')}` : name
      if (module !== ERRORS.module) later.add(module)
      return {path: module, external: true}
    })
  },
})

/** A module of ours, imported by one. */
const isOurs = (name, folder) =>
  kitFile(name) !== undefined ||
  (name.startsWith('.') && ['src', 'plugins'].some((own) => folder.startsWith(path.join(root, own))))

const getter = (name, value) => `  get ${JSON.stringify(name)}() { return ${value} },`
const hookFiles = (folder) => sources(path.join(folder, 'src/hooks'))
const hookName = (file) => `hook_${file.slice(0, -'.ts'.length).replaceAll(/[^a-z0-9]+/g, '_')}`

/** What commands of the host, and of a plugin with two bundles, may import of oclif. */
const PLUGIN_PARTS = ['/args', '/command', '/flags'].map((part) => `@oclif/core${part}`)
const OCLIF_PARTS = [...PLUGIN_PARTS, ...['', '/errors', '/help', '/parser', '/ux'].map((part) => `@oclif/core${part}`)]

/** In the bundle of the other commands: oclif is the one that runs already. */
const sharedOclif = (parts) => ({
  name: 'shared-oclif',
  setup(setup) {
    setup.onResolve({filter: /^@oclif\/core(\/|$)/}, ({path: name}) => {
      if (!parts.includes(name)) throw new Error(`add ${name} to the parts of oclif in scripts/build.mjs`)
      return {path: name, namespace: 'shared-oclif'}
    })
    setup.onLoad({filter: /.*/, namespace: 'shared-oclif'}, ({path: name}) => ({
      contents: `module.exports = require('./index.cjs').OCLIF[${JSON.stringify(name)}]`,
    }))
  },
})

/** The source of a room of the kit that a plugin imports, `pmpc/kit/<room>`; undefined for another name. */
function kitFile(name) {
  const room = /^pmpc\/kit\/(.+)/.exec(name)?.[1]
  return room && path.join(root, 'src/kit', room, 'index.ts')
}

/** `pmpc/kit/<room>` is the kit's source, wherever the importing file stands. */
const kitPlugin = {
  name: 'kit',
  setup(setup) {
    setup.onResolve({filter: /^pmpc\/kit\//}, ({path: name}) => ({path: kitFile(name)}))
  },
}

/** HCL's parser looks for its WebAssembly one folder above its own; of a bundle that would be outside of `dist`. */
const hclPlugin = {
  name: 'hcl',
  setup(setup) {
    setup.onLoad({filter: /hcl2json[\\/]build[\\/]bridge\.js$/}, ({path: file}) => {
      const text = readFileSync(file, 'utf8')
      const wanted = text.replace('__dirname, "..", "main.wasm.gz"', '__dirname, "hcl2json.wasm.gz"')
      if (wanted === text) throw new Error(`${file} looks for its WebAssembly in another way now`)
      return {contents: wanted}
    })
  },
}

/** Makes one bundle, `dist/<name>.cjs` of a package. */
async function bundle(folder, name, entry, plugins) {
  const dist = path.join(folder, 'dist')
  mkdirSync(dist, {recursive: true})
  const draft = path.join(dist, `.draft-${name}-${process.pid}.cjs`)
  const result = await build({
    stdin: {contents: entry, resolveDir: folder, sourcefile: 'entry.ts', loader: 'ts'},
    absWorkingDir: root,
    outfile: draft,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    external: [...EXTERNAL, './index.cjs', './reading.cjs', './commands.cjs', './errors.cjs'],
    tsconfig: path.join(root, 'tsconfig.json'),
    plugins: [kitPlugin, hclPlugin, ...plugins],
    // The loader in bin/run.js reads the file as Latin-1, the cheapest string V8 has.
    charset: 'ascii',
    minifySyntax: true,
    minifyWhitespace: true,
    // Names are kept: a stack trace in a user's log is worth more than the bytes, which the code cache makes free.
    minifyIdentifiers: false,
    keepNames: false,
    legalComments: 'none',
    // A map is for the debugger; with it in dist, packages would be twice as big: `node scripts/build.mjs --maps`.
    sourcemap: process.argv.includes('--maps') ? 'inline' : false,
    banner: {js: '"use strict";/*loader*/'},
    define: {
      'import.meta.url': '__bundleUrl',
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
    },
    metafile: true,
    logLevel: 'warning',
  })
  finish(draft)
  replaceIfChanged(draft, path.join(dist, `${name}.cjs`))
  noteContents(folder, name, result.metafile)
  copyAssets(folder, dist, Object.keys(Object.values(result.metafile.outputs)[0].inputs))
}

/** What a bundle is made of, and what imports what, for test/e2e/bundles.test.ts: in the package it would be weight. */
function noteContents(folder, name, metafile) {
  const file = path.join(root, 'node_modules/.cache/bundles', path.relative(root, folder), `${name}.json`)
  mkdirSync(path.dirname(file), {recursive: true})
  writeFileSync(file, JSON.stringify(metafile))
}

/**
 * Two things that esbuild leaves to us. It escapes strings but not regular expressions, where `\u` means the same.
 * And a script compiled by node:vm may not `import()` without a warning of Node's, so that the loader does it for the bundle.
 */
function finish(file) {
  const text = readFileSync(file, 'utf8')
  const finished = text
    .replaceAll(/(?<![\w.$])import\((?!\))/g, '__import(')
    .replaceAll(/[^\0-\x7F]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const loader = [
    ...(finished.includes('__bundleUrl') ? ['__bundleUrl=require("node:url").pathToFileURL(__filename).href'] : []),
    ...(finished.includes('__import(') ? [`__import=${importer(file)}`] : []),
  ]
  writeFileSync(file, finished.replace('/*loader*/', loader.length > 0 ? `const ${loader.join()};` : ''))
}

/** What `import()` is in a bundle. */
function importer(file) {
  const usual = '(require.importModule??(name=>import(name)))'
  const later = `name===${JSON.stringify(ERRORS.module)}?Promise.resolve(require('./errors.cjs')):require('./commands.cjs').LATER[name]()`
  if (path.basename(file).startsWith('.draft-reading-')) return `name=>${later}`
  return path.basename(file).startsWith('.draft-index-') && readingOf(path.dirname(path.dirname(file))).length > 0
    ? `name=>/^\\.\\/(?:src|plugins)\\//.test(name)?${later}:${usual}(name)`
    : usual
}

/** Puts the bundle in place in one step, so that a pmpc that runs meanwhile finds the old one or the new one. The same bundle keeps its code cache. */
function replaceIfChanged(draft, file) {
  if (existsSync(file) && readFileSync(file).equals(readFileSync(draft))) {
    rmSync(draft)
    return
  }
  renameSync(draft, file)
  rmSync(path.join(path.dirname(file), '.cache'), {recursive: true, force: true})
}

/** What a bundle reads beside itself at run time: see src/kit/files/assets.ts. */
function copyAssets(folder, dist, inputs) {
  if (inputs.some((file) => file.includes('node_modules/sql.js/')))
    cpSync(require.resolve('sql.js/dist/sql-wasm.wasm'), path.join(dist, 'sql-wasm.wasm'))
  if (inputs.some((file) => file.includes('node_modules/@cdktn/hcl2json/')))
    for (const [from, to] of [
      ['main.wasm.gz', 'hcl2json.wasm.gz'],
      ['LICENSE', 'hcl2json.LICENSE'],
    ])
      cpSync(require.resolve(`@cdktn/hcl2json/${from}`), path.join(dist, to))
  if (inputs.some((file) => file.endsWith('src/kit/files/assets.ts')))
    cpSync(path.join(root, 'templates'), path.join(dist, 'templates'), {recursive: true})
  for (const name of ['templates', 'assets'])
    if (folder !== root && existsSync(path.join(folder, name)))
      cpSync(path.join(folder, name), path.join(dist, name), {recursive: true})
}

/** The commands of a bundle as oclif caches them. */
async function describeCommands(folder) {
  const {name, version} = readJson(path.join(folder, 'package.json'))
  const {COMMANDS} = require(path.join(folder, 'dist/index.cjs'))
  const commands = {}
  for (const id of Object.keys(COMMANDS)) {
    const command = COMMANDS[id]
    if (typeof command?.run !== 'function')
      throw new Error(`${name}: the command ${id} has no default export with run()`)
    command.id = id
    commands[id] = await cacheCommand(command, {name, alias: name, type: 'core'}, true)
  }
  return {commands, version}
}

function writeManifest(folder, manifest) {
  writeFileSync(path.join(folder, 'oclif.manifest.json'), JSON.stringify(manifest))
  return manifest
}

/** What all commands are, for people and for what is made from it; committed, so that a review sees what changes. */
function writeRegistry({commands}) {
  const {effects} = require(path.join(root, 'dist/index.cjs'))
  const docs = path.join(root, 'docs')
  const file = path.join(docs, 'commands.json')
  const text = registryText(commands, {bin: readJson(path.join(root, 'package.json')).oclif.bin, docs, effects})
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text)
}

/**
 * The host lists the commands of the plugins it knows, so that a bare host shows them in its help
 * and can offer to install the plugin of a command that was typed.
 */
function withKnownPlugins(host, plugins) {
  const {jitPlugins} = readJson(path.join(root, 'package.json')).oclif
  for (const {folder, manifest} of plugins) {
    const {name, version} = readJson(path.join(folder, 'package.json'))
    if (jitPlugins[name] !== version)
      throw new Error(`oclif.jitPlugins["${name}"] in package.json must be "${version}", the version of ${folder}`)
    for (const [id, command] of Object.entries(manifest.commands))
      host.commands[id] = {...command, pluginType: 'jit', pluginAlias: name, pluginName: name}
  }
  return host
}

/** The commands of a package that stand in its small bundle. */
function readingOf(folder) {
  return folder === root ? READING : (READING_OF[path.relative(root, folder).replaceAll(path.sep, '/')] ?? [])
}

async function buildPlugin(folder) {
  const reading = readingOf(folder)
  if (reading.length === 0) await bundle(folder, 'index', entryText(folder), [leanOclif])
  else {
    const later = new Set()
    await bundle(folder, 'index', firstEntryText(folder, reading), [leanOclif, fetchedLater(later, isOurs)])
    await bundle(folder, 'commands', restEntryText(folder, reading, later), [sharedOclif(PLUGIN_PARTS)])
  }
  const manifest = await describeCommands(folder)
  writeManifest(folder, manifest)
  return {folder, manifest}
}

async function buildHost() {
  const later = new Set()
  await Promise.all([
    bundle(root, 'index', hostEntryText(), [leanOclif, fetchedLater(later, isOurs)]),
    bundle(root, 'reading', readingEntryText(READING), [sharedOclif(OCLIF_PARTS), fetchedLater(later)]),
    bundle(root, 'errors', errorsEntryText(), [sharedOclif(OCLIF_PARTS)]),
  ])
  await bundle(root, 'commands', restEntryText(root, READING, later), [sharedOclif(OCLIF_PARTS)])
}

/** One broken package does not keep the others from being built; the build fails all the same. */
async function buildAll() {
  const folders = pluginFolders()
  const [host, ...plugins] = await Promise.allSettled([buildHost(), ...folders.map((folder) => buildPlugin(folder))])
  const known = plugins.flatMap((plugin, index) =>
    plugin.status === 'fulfilled' ? [plugin.value] : lastBuilt(folders[index]),
  )
  const manifest =
    host.status === 'fulfilled'
      ? [await attempt(async () => writeManifest(root, withKnownPlugins(await describeCommands(root), known)))]
      : []
  const complete = [host, ...plugins, ...manifest].every((result) => result.status === 'fulfilled')
  const registry = complete ? [await attempt(async () => writeRegistry(manifest[0].value))] : []
  const failed = [host, ...plugins, ...manifest, ...registry].filter((result) => result.status === 'rejected')
  for (const {reason} of failed) console.error(reason.errors ? reason.message.split('\n')[0] : reason)
  if (failed.length > 0) process.exitCode = 1
}

async function attempt(work) {
  const [result] = await Promise.allSettled([work()])
  return result
}

function lastBuilt(folder) {
  const file = path.join(folder, 'oclif.manifest.json')
  return existsSync(file) ? [{folder, manifest: readJson(file)}] : []
}

/** A package holds no code cache; and oclif looks for every entry of `files` after an installation, so that `!dist/.cache` cannot stand there. */
function forgetCaches() {
  for (const folder of [root, ...pluginFolders()])
    rmSync(path.join(folder, 'dist/.cache'), {recursive: true, force: true})
}

if (process.env.npm_lifecycle_event === 'prepack') forgetCaches()
const [only] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
await (only === undefined ? buildAll() : buildPlugin(path.resolve(root, only)))
