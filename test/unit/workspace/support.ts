import {spawnSync} from 'node:child_process'
import fc from 'fast-check'
import {fromManifest} from '../../../src/kit/values/index.js'
import type {Config, Declared, Value} from '../../../src/kit/resources/index.js'

/** Texts that some parser of YAML 1.1 or 1.2 takes for something else when they stand bare. */
export const traps = [
  ...[
    '',
    ' ',
    'a ',
    ' a',
    'yes',
    'No',
    'ON',
    'off',
    'y',
    'N',
    'true',
    'False',
    'null',
    'Null',
    '~',
    '=',
    '<<',
    '-',
    '?',
    ':',
  ],
  ...['1', '-1', '+1', '0', '007', '0o17', '0x1F', '0b11', '1_000', '1,000', '1:20', '1:20:30.5', '12:34:56:10:11:12'],
  ...[
    '1e3',
    '1E3',
    '1.5',
    '.5',
    '5.',
    '-.5',
    '1.',
    '.inf',
    '-.INF',
    '.nan',
    '1e',
    '1e+',
    '._1',
    '.',
    '..',
    '...',
    '--- a',
    '---',
  ],
  ...[
    '2026-01-02',
    '2026-1-2',
    '2026-01-02T03:04:05Z',
    '192.0.2.1',
    '192.0.2.1/24',
    '2001:db8::1',
    '::1',
    'fe80::1%eth0',
  ],
  ...[
    'a: b',
    'a:b',
    'a:',
    'a #b',
    'a#b',
    '#a',
    '@a',
    '`a',
    '%a',
    '!a',
    '&a',
    '*a',
    '|',
    '>',
    '> a',
    '- a',
    '-a',
    '? a',
    '[a',
    'a]',
    '{a',
    'a}',
    'a, b',
  ],
  ...[
    '"a"',
    "'a'",
    "it's",
    'a "b" c',
    'a\\b',
    '\\',
    '\t',
    'a\tb',
    '\ta',
    'a\nb',
    'a\n',
    '\na',
    'a\n\n',
    '\n',
    '\n\n',
    ' a\n b',
    'a\n  \nb',
    'a\n b\n  ',
    'a\r\nb',
    'a\rb',
  ],
  ...[
    '\0',
    '\u0007',
    '\u001b[0m',
    '\u007f',
    '\u0085',
    '\u00a0',
    'a\u00a0b',
    '\u2028',
    'a\u2029b',
    '\ufeff',
    '\ufeffa',
    '\ufffe',
    '\uffff',
    '\ud800',
    'a\udc00b',
    '\u200b',
    '\u202e',
    'a\u200db',
  ],
  ...[
    'ä',
    '日本語',
    '🚀',
    '👨‍👩‍👧 family\nline',
    '\u{e0001}',
    '\u{10ffff}',
    'é\nü: #\n',
    '\u00a0a\nb',
    '\tcode\n\tmore',
    '|\n>\n',
    '# not a comment\n- nor a list',
    'BC:24:11:5A:01:02',
    '__proto__',
    'constructor',
  ],
]

/** Any text, the nasty ones often. */
export const anyText = fc.oneof(
  fc.constantFrom(...traps),
  fc.string({unit: 'binary', maxLength: 20}),
  fc.string({maxLength: 30}),
  fc
    .array(fc.oneof(fc.constantFrom(...traps), fc.string({maxLength: 12})), {maxLength: 4})
    .map((lines) => lines.join('\n')),
  fc.stringMatching(/^[-+.:_0-9eExXobnyf~]{1,8}$/),
)

const anyNumber = fc
  .oneof(
    fc.integer(),
    fc.double({noNaN: true, noDefaultInfinity: true}),
    fc.constantFrom(1e21, 1e-7, 123456789012345680000, 0.1),
  )
  .map((number) => number + 0 || 0)

const anyScalar = fc.oneof(anyText, anyNumber)

/** Values under keys that no contract knows: everything that the model can hold. */
const anyValue: fc.Arbitrary<Value> = fc.oneof(
  {arbitrary: anyScalar, weight: 4},
  {
    arbitrary: fc.dictionary(fc.oneof(fc.constantFrom('file', 'model', 'on', '1', 'a b'), anyText), anyScalar, {
      minKeys: 1,
      maxKeys: 4,
    }),
    weight: 2,
  },
  {arbitrary: fc.array(fc.oneof(anyScalar, fc.array(anyScalar, {maxLength: 3})), {maxLength: 4}), weight: 1},
)

const mac = fc.constantFrom('BC:24:11:5A:01:02', '12:34:56:10:11:12', '00:00:00:00:00:01')
const nic = fc.record(
  {
    model: fc.constantFrom('virtio', 'e1000'),
    macaddr: mac,
    bridge: fc.constantFrom('vmbr0', 'on', 'v1'),
    tag: fc.integer({min: 1, max: 4094}),
    firewall: fc.constantFrom(0, 1),
  },
  {requiredKeys: ['model', 'macaddr']},
)
const drive = fc.record(
  {
    file: fc.constantFrom('local-zfs:vm-100-disk-0', 'none', 'a:b/c.qcow2'),
    size: fc.constantFrom('32G', '8M'),
    ssd: fc.constantFrom(0, 1),
    cache: fc.constant('none'),
  },
  {requiredKeys: ['file']},
)

/** Keys of a VM with canonical values; a key's value is a function of what is drawn. */
export const vmKeys: Record<string, fc.Arbitrary<Value>> = {
  name: fc.constantFrom('web01', 'on', 'a-b.c', '1e3'),
  memory: fc.integer({min: 16, max: 1 << 20}),
  cores: fc.integer({min: 1, max: 64}),
  onboot: fc.constantFrom(0, 1),
  net0: nic,
  net2: nic,
  net10: nic,
  scsi0: drive,
  ide2: drive,
  tags: fc
    .uniqueArray(fc.constantFrom('a', 'b', 'no', '1', 'web', 'prod-1', 'z'), {minLength: 1})
    .map((tags) => tags.sort()),
  description: anyText.map((text) => text.trimEnd()).filter((text) => text !== ''),
  ostype: fc.constantFrom('l26', 'win11'),
  boot: fc.constantFrom('order=scsi0;net0', 'order=scsi0'),
  agent: fc.constantFrom<Value>({enabled: 1, fstrim_cloned_disks: 1}, {enabled: 0}),
  sshkeys: fc.constantFrom('ssh-ed25519 AAAA a@b', 'ssh-rsa AAAA x\nssh-rsa BBBB y'),
  cicustom: fc.constant<Value>({user: 'local:snippets/a.yaml'}),
  'x-new': anyScalar,
}

/** As `fromManifest` makes it; a value that is no fixed point of it is made one. */
export function canonical(key: string, value: Value): Value {
  return fromManifest('vm', key, fromManifest('vm', key, value).value).value
}

export function canonicalConfig(config: Config): Config {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, canonical(key, value)]))
}

export const anyVmConfig: fc.Arbitrary<Config> = fc
  .record(vmKeys, {requiredKeys: []})
  .map((config) => canonicalConfig(config as Config))

/** A VM with known keys, or with keys and values of every sort. */
export const anyDeclared: fc.Arbitrary<Declared> = fc
  .tuple(
    anyVmConfig,
    fc.dictionary(fc.stringMatching(/^zz[a-z0-9]{1,3}$/), anyValue, {maxKeys: 4}).map(canonicalConfig),
    fc.record(
      {
        pool: anyText.filter((text) => text !== ''),
        power: fc.constantFrom('running' as const, 'stopped' as const),
        placement: fc.record(
          {node: fc.constantFrom('pve1', 'no', '12'), pinned: fc.boolean()},
          {requiredKeys: ['node']},
        ),
      },
      {requiredKeys: []},
    ),
  )
  .map(([known, unknown, beside]) => ({kind: 'vm' as const, id: 100, ...beside, config: {...known, ...unknown}}))

/** Loads texts with PyYAML; null where python3 or its yaml module is absent. Each result is JSON as Python sees the values. */
export function pyYaml(texts: string[]): unknown[] | null {
  const program = [
    'import sys, json, yaml',
    'def plain(v):',
    '    if isinstance(v, dict): return {"map": [[plain(k), plain(x)] for k, x in v.items()]}',
    '    if isinstance(v, list): return {"list": [plain(x) for x in v]}',
    '    if isinstance(v, bool): return {"bool": v}',
    '    if v is None: return {"null": True}',
    '    if isinstance(v, (int, float)): return {"number": repr(float(v))}',
    '    if isinstance(v, str): return {"text": v}',
    '    return {"other": repr(v)}',
    'def load(t):',
    '    try: return plain(yaml.safe_load(t))',
    '    except Exception as e: return {"error": str(e)}',
    'print(json.dumps([load(t) for t in json.load(sys.stdin)]))',
  ].join('\n')
  const {status, stdout} = spawnSync('python3', ['-c', program], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  return status === 0 ? (JSON.parse(stdout) as unknown[]) : null
}

/** What `pyYaml` gives for a value. */
export function asPython(value: unknown): unknown {
  if (typeof value === 'string') return {text: value}
  if (typeof value === 'number') return {number: pythonFloat(value)}
  if (typeof value === 'boolean') return {bool: value}
  if (Array.isArray(value)) return {list: value.map(asPython)}
  return {map: Object.entries(value as object).map(([key, inner]) => [{text: key}, asPython(inner)])}
}

function pythonFloat(number: number): string {
  return String(number)
}

/** Numbers compared as numbers, maps without their order. */
export function normalPython(value: unknown): unknown {
  const {map, list, number} = value as {map?: [{text: string}, unknown][]; list?: unknown[]; number?: string}
  if (map)
    return {
      map: map
        .map(([key, inner]) => [key, normalPython(inner)])
        .sort(([a], [b]) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    }
  if (list) return {list: list.map(normalPython)}
  if (number !== undefined) return {number: Number(number)}
  return value
}
