// The rules of the house; docs/house.md tells them in words.
import js from '@eslint/js'
import tseslint from 'typescript-eslint'

/** Rooms of the kit from the ground up: a room may import those of lower floors, and itself. */
const FLOORS = {
  errors: 0,
  files: 1,
  secrets: 0,
  text: 0,
  // Real errors, and what to do about them.
  catalogue: 0,
  // Certificates for servers of this machine's own.
  tls: 0,
  // Requests, tasks and programs tell what they took.
  work: 0,
  resources: 1,
  values: 2,
  proxmox: 3,
  state: 4,
  git: 4,
  workspace: 5,
  // Takes out of texts what tells whose they are.
  anonymize: 6,
  observed: 6,
  // Whether what is declared can be so; no cluster is asked.
  validation: 6,
  fetch: 6,
  completion: 6,
  reconcile: 7,
  runs: 7,
  // What clusters tell now, and nobody records: tasks, backups, images, the log.
  live: 7,
  // What brings an object from what it is to what is wanted: pure.
  plan: 8,
  // Sends what a plan holds: the one room that may write to a cluster.
  apply: 9,
  // What pmpc can do, as functions: commands, and later a console or a server, call these.
  verbs: 10,
  // The base command begins the run and finds the workspace; what asks questions stands above it.
  cli: 11,
  setup: 12,
}

/**
 * Rooms of the simulator from the ground up: a room imports those of lower floors, and its own. An area of the endpoints (`endpoints/guests`)
 * is a room too, and imports no other area: what several need stands in `endpoints/shared`, or in a room below the endpoints.
 */
const SIMULATOR = 'plugins/simulator/src/'
const SIMULATOR_FLOORS = {
  errors: 0,
  contract: 0,
  state: 0,
  calls: 1,
  tls: 1,
  access: 2,
  network: 2,
  tasks: 3,
  firewall: 3,
  storage: 4,
  ha: 4,
  guests: 5,
  backup: 6,
  replication: 6,
  nodes: 6,
  faults: 7,
  // Puts the rooms together; all of them know its type, which is the one thing that may be imported from above.
  simulation: 8,
  seeds: 8,
  'endpoints/shared': 9,
  'endpoints/AREA': 10,
  endpoints: 11,
  http: 12,
  index: 13,
  commands: 14,
  replay: 14,
}

const room = (file) => /src\/kit\/([a-z]+)/.exec(file)?.[1]

/** Where an import leads, as a path from the checkout: `pmpc/kit/state` or a relative path. */
function target(file, source) {
  if (source.startsWith('pmpc/kit/')) return `src/kit/${source.slice('pmpc/kit/'.length)}`
  if (!source.startsWith('.')) return undefined
  return new URL(source, `file:///${file}`).pathname.slice(1)
}

const relative = (context) => context.filename.slice(context.cwd.length + 1).replaceAll('\\', '/')

/** Imports point one way, from the commands down to the ground rooms; plugins see the kit only. */
const layers = {
  meta: {type: 'problem', messages: {layer: '{{why}}'}, schema: []},
  create(context) {
    const file = relative(context)
    const check = (node) => {
      const source = node.source?.value
      if (typeof source !== 'string') return
      const why = wrongWay(file, source, isTypeOnly(node))
      if (why) context.report({node: node.source, messageId: 'layer', data: {why}})
    }
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    }
  },
}

const isTypeOnly = (node) =>
  node.importKind === 'type' ||
  (node.specifiers?.length > 0 && node.specifiers.every((one) => one.importKind === 'type'))

function wrongWay(file, source, typeOnly) {
  const to = target(file, source)
  if (file.startsWith('plugins/')) return wrongForPlugin(file, source, to) ?? wrongInSimulator(file, to, typeOnly)
  if (source.startsWith('pmpc/')) return 'the host imports the kit by a relative path'
  if (to === undefined) return undefined
  const from = room(file)
  if (from === undefined)
    return file.startsWith('src/') && to.startsWith('plugins/') ? 'the host knows no plugin' : undefined
  if (!to.startsWith('src/kit/')) return 'the kit knows no command and no plugin'
  const [here, there] = [FLOORS[from], FLOORS[room(to)]]
  if (here === undefined || there === undefined)
    return `add the room to FLOORS in eslint.config.js: ${from}, ${room(to)}`
  if (there >= here && room(to) !== from) return `${from} must not import ${room(to)}, which does not stand below it`
  return undefined
}

function wrongForPlugin(file, source, to) {
  const plugin = /^plugins\/[^/]+\//.exec(file)?.[0]
  if (to?.startsWith('src/kit/') && !source.startsWith('.')) return undefined
  if (to === undefined) return /^@pmpc\/plugin-/.test(source) ? 'a plugin knows no other plugin' : undefined
  if (plugin && to.startsWith(plugin)) return undefined
  return /\/test\//.test(file) && to.startsWith('test/')
    ? undefined
    : 'a plugin imports the kit as pmpc/kit/<room>, and nothing else of the checkout'
}

/** The room of a file of the simulator; of the endpoints, `endpoints/AREA`. */
function simulatorRoom(path) {
  const [room, area, file] = path.slice(SIMULATOR.length).split('/')
  return room === 'endpoints' && file !== undefined ? `endpoints/${area}` : room.replace(/\.[jt]s$/, '')
}

const simulatorFloor = (room) =>
  SIMULATOR_FLOORS[room] ?? (room.startsWith('endpoints/') ? SIMULATOR_FLOORS['endpoints/AREA'] : undefined)

function wrongInSimulator(file, to, typeOnly) {
  if (!file.startsWith(SIMULATOR) || !to?.startsWith(SIMULATOR)) return undefined
  const [from, there] = [simulatorRoom(file), simulatorRoom(to)]
  const [floor, other] = [simulatorFloor(from), simulatorFloor(there)]
  if (floor === undefined || other === undefined)
    return `add the room to SIMULATOR_FLOORS in eslint.config.js: ${from}, ${there}`
  if (from === there || other < floor || (there === 'simulation' && typeOnly)) return undefined
  return `${from} must not import ${there}, which does not stand below it`
}

/** What every start loads: it may import Node's own modules, its own kind, and oclif. */
const BOOTSTRAP = [
  'bin/run.js',
  'src/main.ts',
  'src/kit/cli/color.ts',
  'src/kit/cli/failure.ts',
  'src/kit/cli/output.ts',
  'src/kit/errors/exit-codes.ts',
  'src/kit/errors/index.ts',
  'src/kit/text/index.ts',
]
const BOOTSTRAP_MAY = [
  /^node:(fs|path|module|vm|stream)$/,
  /^@oclif\/core\/(run|settings)$/,
  /^(\.\/|\.\.\/)(kit\/cli\/(color|failure|output)|color|failure|output|errors\/index|text\/index|exit-codes)\.js$/,
]

const bootstrap = {
  meta: {
    type: 'problem',
    messages: {heavy: '{{source}} would be loaded by every start: import it where it is needed, with `await import()`'},
    schema: [],
  },
  create(context) {
    const check = (node) => {
      const source = node.source?.value
      if (node.importKind === 'type' || typeof source !== 'string') return
      if (!BOOTSTRAP_MAY.some((allowed) => allowed.test(source)))
        context.report({node, messageId: 'heavy', data: {source}})
    }
    return {ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check}
  },
}

const INQUIRER = ['@inquirer/confirm', '@inquirer/input', '@inquirer/password', '@inquirer/select']
/** Libraries that cost tens of milliseconds: only `await import()`, and types, outside the one module that wraps them. */
const HEAVY = ['undici', 'sql.js', 'listr2', 'simple-git', 'execa', ...INQUIRER, 'nunjucks']

const RESTRICTED = [
  ...HEAVY.map((name) => ({
    name,
    allowTypeImports: true,
    message: 'Costs every start that reaches it: `await import()` it where it is used.',
  })),
  {name: 'node:child_process', message: 'Programs are run by execa, Git by readGit and writeGit of the room git.'},
]

/** They follow links. */
const FILES_BY_HAND = [
  {
    name: 'node:fs',
    importNames: [
      'readFileSync',
      'writeFileSync',
      'appendFileSync',
      'openSync',
      'readdirSync',
      'mkdirSync',
      'rmSync',
      'existsSync',
    ],
    message: 'Files of a workspace: readInside, listInside, statInside and localOf of the files room follow no link.',
  },
  {name: 'node:fs/promises', message: 'Files of a workspace: see the files room, which follows no link.'},
]

/** What changes a cluster. Whoever holds a Reader cannot, and only what applies a plan may hold a Writer. */
const NO_WRITER = {
  group: ['**/proxmox/*.js', 'pmpc/kit/proxmox'],
  importNames: ['Writer', 'connectWriter', 'createClient', 'perform', 'stopTask', 'gated'],
  message: 'Only kit/apply changes a cluster; read it with openReader or connectReader.',
}

const noInstanceOfErrors = {
  selector: "BinaryExpression[operator='instanceof'] > Identifier[name=/^(PmpcError|CLIError|ExitError)$/]",
  message: 'Every package has its own copy of this class: test err.code, or isPmpcError().',
}
const noThisExit = {
  selector: "CallExpression > MemberExpression[object.type='ThisExpression'][property.name='exit']",
  message: 'this.exit() is an exception that other copies of oclif print: use setExitCode() and return.',
}
const noProcessState = {
  selector:
    "CallExpression > MemberExpression[object.name='process'][property.name=/^(on|once|addListener)$/], AssignmentExpression > MemberExpression[object.name='process'][property.name='exitCode']",
  message: 'Only a command hears signals and sets the exit code: take a signal and return a result.',
}
const noBareExitCode = {
  selector: "Property[key.name='exitCode'] > Literal, CallExpression[callee.property.name='setExitCode'] > Literal",
  message: 'Exit codes have names: exitCodes of the room errors. What an error ends with stands beside its code there.',
}
const noPrinting = {
  selector: "MemberExpression[object.name='process'][property.name=/^(stdout|stderr)$/]",
  message: 'Only the command line prints: return what is to be told.',
}
const noProcessExit = {
  selector: "CallExpression > MemberExpression[object.name='process'][property.name='exit']",
  message: 'Set the exit code and return: what was printed must be flushed, and what was opened closed.',
}
const noStreams = {
  selector:
    "MemberExpression[object.object.name='process'][object.property.name=/^std(out|err)$/][property.name='write']",
  message:
    'What is printed passes the door of BaseCommand: print(), say(), hint(), warnUser(). See docs/decisions/printing.md.',
}

const noSilentSkip = {
  selector: "CallExpression[arguments.length=0] > MemberExpression[property.name='skip']",
  message: 'Say why: skipFor() of test/support/skip.ts.',
}

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/',
      '**/dist/',
      '**/.cache/',
      'coverage/',
      'test/fixtures/',
      '**/*.d.ts',
      'src/kit/values/data/',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    plugins: {house: {rules: {layers, bootstrap}}},
    linterOptions: {reportUnusedDisableDirectives: 'error'},
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        {argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none', ignoreRestSiblings: true},
      ],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        {fixStyle: 'inline-type-imports', disallowTypeAnnotations: false},
      ],
      'no-empty': ['error', {allowEmptyCatch: true}],
      eqeqeq: 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      'house/layers': 'error',
    },
  },
  {
    files: ['src/**/*.ts', 'plugins/*/src/**/*.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        {
          property: 'localeCompare',
          message: 'Loads ICU, 5 ms, for an order that each language has its own of: compareNatural().',
        },
      ],
      'no-restricted-syntax': [
        'error',
        noInstanceOfErrors,
        noThisExit,
        noProcessExit,
        noProcessState,
        noBareExitCode,
        noStreams,
      ],
      '@typescript-eslint/no-restricted-imports': ['error', {paths: RESTRICTED, patterns: [NO_WRITER]}],
    },
  },
  {
    files: ['src/kit/**/*.ts'],
    ignores: ['src/kit/cli/**', 'src/kit/setup/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...[noInstanceOfErrors, noThisExit, noProcessExit, noProcessState, noBareExitCode, noPrinting],
      ],
    },
  },
  {
    // A clone's links lead where its author wanted: what reads and writes files of a workspace goes through the files room.
    files: ['src/kit/{state,workspace,observed,fetch,reconcile,plan,apply,verbs}/**/*.ts'],
    // A file of the program itself, and a folder that was looked at.
    ignores: ['src/kit/state/sqlite.ts', 'src/kit/workspace/create.ts', 'src/kit/workspace/manifest-list.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {paths: [...RESTRICTED, ...FILES_BY_HAND], patterns: [NO_WRITER]},
      ],
    },
  },
  {files: BOOTSTRAP, rules: {'house/bootstrap': 'error'}},
  {
    // What hears signals may end the process; nothing below a command does.
    files: ['src/main.ts', 'src/kit/cli/command.ts', 'plugins/simulator/src/replay/main.ts'],
    rules: {'no-restricted-syntax': ['error', noInstanceOfErrors, noThisExit, noBareExitCode, noStreams]},
  },
  {
    // The door's two sides; and the simulator's own log, which stands where a daemon's does.
    files: ['src/kit/cli/{output,printer}.ts', 'plugins/simulator/src/{faults,http,replay,tasks}/*.ts'],
    rules: {'no-restricted-syntax': ['error', noInstanceOfErrors, noThisExit, noProcessExit, noBareExitCode]},
  },
  {
    files: ['src/kit/apply/**/*.ts'],
    rules: {'@typescript-eslint/no-restricted-imports': ['error', {paths: [...RESTRICTED, ...FILES_BY_HAND]}]},
  },
  {
    // The reads of status, describe and sync cannot afford what execa costs to load: see the head of exec.ts.
    files: ['src/kit/git/exec.ts', 'src/kit/git/cat-file.ts'],
    rules: {'@typescript-eslint/no-restricted-imports': 'off'},
  },
  {files: ['src/kit/cli/inquirer.ts'], rules: {'@typescript-eslint/no-restricted-imports': 'off'}},
  {
    files: ['bin/*.js', '**/*.mjs', '**/*.cjs', '*.config.js'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'console',
          'process',
          'URL',
          'URLSearchParams',
          '__dirname',
          '__filename',
          'require',
          'module',
          'Buffer',
          'setTimeout',
          'fetch',
          'AbortSignal',
          'performance',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    files: ['bin/*.js', '**/*.cjs'],
    languageOptions: {sourceType: 'commonjs'},
    rules: {'@typescript-eslint/no-require-imports': 'off'},
  },
  {
    files: ['test/**/*.ts', 'plugins/*/test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      'no-console': 'off',
      'no-restricted-syntax': ['error', noSilentSkip],
      'no-restricted-properties': [
        'error',
        {
          property: 'PMPC_REFERENCE',
          message: 'Import test/support/reference.ts: by that .ci/run finds the tests that read the reference.',
        },
      ],
    },
  },
  {files: ['test/support/reference.ts'], rules: {'no-restricted-properties': 'off'}},
  {files: ['test/support/skip.ts'], rules: {'no-restricted-syntax': 'off'}},
)
