// What the bundle changes in @oclif/core, and why. Everything here buys start-up time and nothing else;
// figures are of `pmpc --version` on Node 20 (test/bench/startup.ts), and a patch that no longer fits stops the build.
import {readFileSync} from 'node:fs'
import path from 'node:path'

/** Exact replacements in one file each: `[file, from, to]`. */
const PATCHES = [
  // The first localeCompare of a process loads ICU's collation: 5 ms to sort identifiers that are ASCII.
  [
    'config/plugin.js',
    '.sort((a, b) => a.id.localeCompare(b.id))',
    '.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))',
  ],
  // Patterns here are names, or names with a star at the end; minimatch parses for a millisecond to say the same.
  [
    'config/plugin-loader.js',
    '(0, minimatch_1.minimatch)(p, w)',
    'p === w || (/^[^*?[{!]*[*]$/.test(w) ? p.startsWith(w.slice(0, -1)) : /[*?[{!]/.test(w) && (0, minimatch_1.minimatch)(p, w))',
  ],
  // Node's resolver reads the plugin's `exports`, loads the resolver of ES modules, and finds the same folder 2 ms later.
  [
    'util/find-root.js',
    '        let pkgPath;\n',
    `        for (const next of up(root)) {
            const folder = (0, node_path_1.join)(next, 'node_modules', name);
            if ((0, fs_1.existsSync)((0, node_path_1.join)(folder, 'package.json')))
                return require('node:fs').realpathSync(folder);
        }
        let pkgPath;\n`,
  ],
  // For one short line: all of oclif's colours and spinners would be loaded, and Node's streams and sockets to open standard output: 4 ms.
  // Where the line cannot be written at once (a full pipe, a closed one) the stream is opened after all, and copes.
  [
    'main.js',
    'ux_1.ux.stdout(config.userAgent)',
    "try { require('node:fs').writeSync(1, config.userAgent + '\\n') } catch { require('./ux/write').stdout(config.userAgent) }",
  ],
  // The logger is given once; where it is not given again, the library that oclif logs with by default (and node:tty, node:net) would be loaded.
  // The oclif of a plugin is given the host's configuration, and with it the logger: 4 ms.
  [
    'logger.js',
    'else {\n        set(makeLogger(OCLIF_NS));',
    "else if (!cachedLoggers.has('root')) {\n        set(loadOptions?.options?.logger ?? makeLogger(OCLIF_NS));",
  ],
  // Opens standard output, which most commands need not; src/main.ts listens for a closed pipe where it is opened.
  ['command.js', "process.stdout.on('error', (err) =>", 'void ((err) =>'],
  // A few small files, read once: the thread pool and node:fs/promises cost more than the reading.
  ['util/fs.js', "await (0, promises_1.readFile)(path, 'utf8')", "(0, node_fs_1.readFileSync)(path, 'utf8')"],
]

/** Modules of which oclif uses a word or two. */
const STAND_INS = {
  'cli-spinners': `const frames = {interval: 80, frames: ['\u280b','\u2819','\u2839','\u2838','\u283c','\u2834','\u2826','\u2827','\u2807','\u280f']}
    module.exports = {dots: frames, dots2: frames, line: {interval: 130, frames: ['-', '\\\\', '|', '/']}}`,
  'wsl-utils': `const os = require('node:os')
    exports.isWsl = process.platform === 'linux' && os.release().toLowerCase().includes('microsoft')
    exports.powerShellPath = async () => 'powershell.exe'`,
}

/**
 * `const x_1 = require("y")` → a function that requires at first use. TypeScript's output names such a module only as `x_1`,
 * so that every use can be turned into a call. Start-up then loads what it uses: of 60 modules, 30.
 */
function lazyRequires(text) {
  const names = []
  const declared = text.replaceAll(
    /^const (\w+_1|Errors|Parser) = ((?:__importDefault\(|__importStar\()?require\("[^"]+"\)\)?);$/gm,
    (_, name, value) => {
      names.push(name)
      return `let ${name}$; const ${name}$get = () => ${name}$ ??= ${value};`
    },
  )
  return names.reduce(
    (all, name) => all.replaceAll(new RegExp(`\\b${name}\\b(?!\\$)`, 'g'), `(${name}$get())`),
    declared,
  )
}

function patched(file, text) {
  for (const [name, from, to] of PATCHES) {
    if (!file.endsWith(path.join('@oclif/core/lib', name))) continue
    if (!text.includes(from)) throw new Error(`scripts/lean-oclif.mjs: ${file} no longer contains ${from}`)
    text = text.replace(from, to)
  }
  return text
}

export const leanOclif = {
  name: 'lean-oclif',
  setup(setup) {
    setup.onLoad({filter: /@oclif[\\/]core[\\/]lib[\\/].*\.js$/}, ({path: file}) => ({
      contents: lazyRequires(patched(file, readFileSync(file, 'utf8'))),
      loader: 'js',
    }))
    setup.onResolve({filter: /^(cli-spinners|wsl-utils)$/}, ({path: name, importer}) =>
      importer.includes(`${path.sep}@oclif${path.sep}core${path.sep}`)
        ? {path: name, namespace: 'stand-in'}
        : undefined,
    )
    setup.onLoad({filter: /.*/, namespace: 'stand-in'}, ({path: name}) => ({contents: STAND_INS[name], loader: 'js'}))
    // oclif asks its own package.json for its name and version.
    setup.onLoad({filter: /@oclif[\\/]core[\\/]package\.json$/}, ({path: file}) => {
      const {name, version} = JSON.parse(readFileSync(file, 'utf8'))
      return {contents: JSON.stringify({name, version}), loader: 'json'}
    })
  },
}
