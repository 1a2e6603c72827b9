import {kinds} from '../resources/kinds/index.js'
import {consequences} from '../resources/kinds/travel.js'

/**
 * What may stand for an argument or for the value of a flag: words of its own, and what `words.awk` makes of one of these names. `node`, `pool`,
 * `tag` and `status` are what the lists hold under that word.
 */
export interface Value {
  is?: Source
  words?: readonly string[]
}

type Source =
  /** A cluster of pmpc.yaml. */
  | 'cluster'
  /** `vm/100`, `home/vm/100`, `100`, `web01`. */
  | 'object'
  /** What is open: `vm/100`, `vm/100:config.memory`; or the path of a manifest. */
  | 'open'
  /** An id or a name, of the kind that the first argument names: of one object. */
  | 'id'
  /** The same, where several objects may be meant. */
  | 'ids'
  /** A column of the kind that the first argument names. */
  | 'field'
  /** A guest's name. */
  | 'name'
  /** Words of a command. */
  | 'command'
  /** A plugin that is known or installed, or a file of one. */
  | 'plugin'
  /** A cluster, or the file of a state. */
  | 'state'
  | 'file'
  | 'folder'
  | (typeof LISTED)[number]

/** What lines of the lists begin with, beside names of kinds. */
export const LISTED = ['node', 'pool', 'tag', 'status'] as const

/** Known to take what no list can hold: an address, a number, a text. */
const FREE: Value = {}

/** Groups of checks of `pmpc doctor`. */
const DOCTORS = [
  ...[
    'certificate',
    'clock',
    'cluster',
    'completion',
    'config',
    'credential',
    'credentials',
    'disk',
    'drivers',
    'editor',
  ],
  ...['endpoint', 'environment', 'folders', 'git', 'leftovers', 'node', 'plugins', 'pmpc', 'programs', 'repository'],
  ...['state', 'terminal'],
]

const kindWords = ['guests', ...kinds.map(({plural}) => plural)]
const plurals = [...kindWords, 'snapshots', 'templates', 'backups', 'images', 'tasks']

/**
 * By the name of the argument or flag, which means the same in all commands; `COMMAND NAME` where it does not. A name that is not here is an
 * error of test/unit/completion: whoever adds an argument says what it takes.
 */
export const VALUES: Readonly<Record<string, Value>> = {
  // Arguments.
  'snapshot:diff after': {is: 'file'},
  'snapshot:diff before': {is: 'file'},
  base: {is: 'file'},
  input: {is: 'file', words: ['logs', 'state']},
  'anonymize:restore input': {is: 'file'},
  'anonymize:verify input': {is: 'file'},
  'privacy:test input': {is: 'file'},
  settings: {words: ['notes=', 'vendors=', 'unknown=', 'strict=']},
  fields: FREE,
  'doctor checks': {words: DOCTORS},
  text: FREE,
  cluster: {is: 'cluster'},
  // One of a bundle's.
  'simulator:start cluster': FREE,
  command: {is: 'command'},
  dir: {is: 'folder'},
  file: {is: 'file'},
  folder: {is: 'folder'},
  'create from': {is: 'object'},
  'restore from': FREE,
  'restore id': FREE,
  'restore name': FREE,
  'clone id': FREE,
  'clone name': FREE,
  'create id': FREE,
  'create name': FREE,
  'describe kind': {is: 'object'},
  // A task is most often meant by its guest.
  task: {is: 'object'},
  tasks: {is: 'object'},
  'get id': {is: 'ids'},
  id: {is: 'id'},
  items: {is: 'open'},
  kind: {words: plurals},
  object: {is: 'object'},
  objects: {is: 'object'},
  ours: {is: 'file'},
  path: {is: 'file'},
  paths: {is: 'file'},
  plugin: {is: 'plugin'},
  range: {is: 'object'},
  selectors: {is: 'object', words: kindWords},
  state: {is: 'state'},
  theirs: {is: 'file'},
  switch: {words: ['on', 'off']},
  type: {words: ['vm', 'ct']},
  // Flags.
  'admin-port': FREE,
  allow: {words: consequences},
  'privacy:set allow': FREE,
  'privacy:set kind': FREE,
  'allocation-time': FREE,
  'at-once': FREE,
  block: FREE,
  'auth-delay': FREE,
  ca: {is: 'file'},
  chrome: {is: 'file'},
  compress: {words: ['zstd', 'gzip', 'lzo', '0']},
  confirm: {is: 'object'},
  description: FREE,
  disk: FREE,
  endpoint: FREE,
  exclude: {is: 'object', words: kindWords},
  expect: FREE,
  fault: FREE,
  fingerprint: FREE,
  grep: FREE,
  guest: {is: 'object'},
  guests: {is: 'object', words: kindWords},
  'simulator:start guests': FREE,
  healthy: {words: ['task', 'running', 'agent']},
  host: FREE,
  interval: FREE,
  textfile: {is: 'folder'},
  'health only': FREE,
  junit: {is: 'file'},
  kinds: {words: kindWords},
  label: FREE,
  level: {words: ['error', 'warn', 'info', 'debug']},
  latency: FREE,
  limit: FREE,
  runs: FREE,
  replay: {is: 'file'},
  lines: FREE,
  map: {is: 'file'},
  message: FREE,
  mode: {words: ['snapshot', 'suspend', 'stop']},
  name: {is: 'name'},
  'snapshot name': FREE,
  'rollback name': FREE,
  'delsnapshot name': FREE,
  node: {is: 'node'},
  nodes: FREE,
  notes: FREE,
  number: FREE,
  only: {words: kinds.map(({name}) => name)},
  'iac:generate only': {is: 'object', words: kindWords},
  out: {is: 'file'},
  'passphrase-file': {is: 'file'},
  patience: FREE,
  pause: FREE,
  'plugin-dir': {is: 'folder'},
  pool: {is: 'pool'},
  port: FREE,
  provider: {words: ['bpg', 'telmate']},
  remove: FREE,
  run: FREE,
  seed: {is: 'file', words: ['homelab', 'cluster', 'offline', 'daemon', 'daemon-two']},
  since: FREE,
  size: FREE,
  'sort-by': {is: 'field'},
  status: {is: 'status'},
  storage: FREE,
  'status-interval': FREE,
  tag: {is: 'tag'},
  'task-time': FREE,
  timeout: FREE,
  to: FREE,
  'migrate to': {is: 'node'},
  'token-command': FREE,
  'token-env': FREE,
  'token-id': FREE,
  unset: FREE,
  user: FREE,
  'simulator:start state': {is: 'file'},
  workers: FREE,
  workspace: {is: 'folder'},
}

/** What an argument or flag takes; undefined where nobody has said so. */
export function valueOf(command: string, name: string): Value | undefined {
  const own = `${command} ${name}`
  if (Object.hasOwn(VALUES, own)) return VALUES[own]
  return Object.hasOwn(VALUES, name) ? VALUES[name] : undefined
}
