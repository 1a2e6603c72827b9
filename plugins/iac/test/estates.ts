import type {ClusterConfig} from 'pmpc/kit/workspace'
import type {Config, Observed} from 'pmpc/kit/resources'
import {clusterOf, type Cluster} from '../src/estate.js'

/** What pmpc.yaml says of a cluster that nobody calls. */
export const someConfig: ClusterConfig = {
  endpoints: ['https://192.0.2.11:8006'],
  token: 'pmpc@pve!sync',
  trust: {system: true},
}

export function aVm(id: number, config: Config = {}, facts: Observed['facts'] = {}): Observed {
  return {kind: 'vm', id, config: {name: `web${id}`, ...config}, facts: {node: 'pve1', status: 'running', ...facts}}
}

export function aContainer(id: number, config: Config = {}, facts: Observed['facts'] = {}): Observed {
  const all = {hostname: `dns${id}`, memory: 512, ostype: 'debian', ...config}
  return {kind: 'container', id, config: all, facts: {node: 'pve1', status: 'running', ...facts}}
}

export const aNode = (id: string, facts: Observed['facts'] = {}): Observed => ({
  ...{kind: 'node', id, config: {}},
  facts: {ip: '192.0.2.11', version: '9.2.3', maxcpu: 8, maxmem: 2 ** 34, ...facts},
})

export const aCluster = (...objects: Observed[]): Cluster => clusterOf('home', someConfig, objects)

/** Texts that YAML, Jinja, Ansible or a file system could take for something else. */
export const hostileTexts: readonly string[] = [
  ...[
    '',
    ' ',
    'no',
    'Yes',
    'on',
    'y',
    'null',
    '~',
    '1e3',
    '0777',
    '0o7',
    '0x1f',
    '1_000',
    '12:30:45',
    '2026-11-29',
    '.inf',
  ],
  ...[
    '{{ 7 * 7 }}',
    '{% raw %}',
    '{# a comment #}',
    '{{ lookup("pipe", "id") }}',
    '{',
    '}}{{',
    '#jinja2: lstrip_blocks: True',
  ],
  ...[
    '- a',
    '? b',
    ': c',
    'key: value',
    '# none',
    '%YAML 1.1',
    '@at',
    '`tick`',
    '!unsafe x',
    '!!python/object:os.system',
    '&a *a',
    '|',
    '>-',
  ],
  ...[
    '"',
    "'",
    '\\',
    '\\"',
    "it's",
    '---',
    '...',
    '<<',
    '=',
    '[1:3]',
    '../../etc/passwd',
    '-e',
    '$(id)',
    'all',
    'localhost',
  ],
  ...[
    'a\nb',
    '\n',
    '\n\na\n\n',
    'a\r\nb\r\n',
    '\ttab',
    'trailing  ',
    '  leading\n  lines\n',
    'NEL\u0085LS\u2028PS\u2029',
    '\u0000\u001b[31m\u007f\u009b',
  ],
  ...[
    '\ufeffbom',
    'e\u0301 é',
    '📑 ünï',
    '\u202egnp',
    '\ufffe\uffff',
    '\u{10ffff}',
    '\ud800',
    'x'.repeat(400),
    `${'word '.repeat(80)}end`,
  ],
  ...[' x\n y\n', `${'é'.repeat(99)} {{ x }}\n \n`],
]
