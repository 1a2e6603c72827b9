import {isAbsolute} from 'node:path'
import {PmpcError} from 'pmpc/kit/errors'
import {MANIFESTS, readInside, readNamed, shellWord} from 'pmpc/kit/files'
import {commitMessage} from 'pmpc/kit/git'
import {kindOf, nameTools, type KindName, type Observed} from 'pmpc/kit/resources'
import {exclusively, reading, step, type Caller} from 'pmpc/kit/runs'
import {insideWorkspace, type Workspace} from 'pmpc/kit/workspace'
import {ansible} from '../ansible/index.js'
import {clusterOf, nameOf, readEstate, selectedIn, withOnly, type Cluster, type Estate} from '../estate.js'
import {FOLDER, MARK, targetNames, type GeneratedFile} from '../generated.js'
import {openTexts} from '../texts.js'
import {changesOf, commitCode, toldLeft, type Change} from '../write.js'
import {anew} from './anew.js'
import {creationOf, type LeftOut, type Made} from './code.js'
import {parseMapping, refuseIds, refuseLacks, refuseTwins, type Lack, type Mapping} from './mapping.js'
import {renamed, type NameTools} from './renamed.js'

/** What `pmpc iac export --json` prints; docs/json.md. */
export interface ExportResult {
  /** All files that the code consists of, from the workspace. */
  files: string[]
  /** Those among them that are written, or would be. */
  written: string[]
  /** Those that were generated once and are not any more. */
  removed: string[]
  /** The commit; null where nothing was to be committed. */
  commit: string | null
  /** Objects that are not in the code, and why. */
  leftOut: LeftOut[]
}

export interface ExportRequest {
  /** The file with the mapping, as it was typed. */
  map: string
  /** The folder against which paths are meant. */
  from: string
  /** Where it goes, as it was typed; `iac/export/CLUSTER` unless given. */
  output?: string
  force: boolean
}

/** What is to be written, and what it is. */
export interface Exported {
  changes: Change[]
  result: ExportResult
  /** Where it goes, from the workspace. */
  folder: string
  cluster: string
  /** Sentences about files that are committed and could not be written. */
  left: string[]
}

/**
 * Writes code that makes what was recorded in another cluster, and commits it.
 * @throws PMPC_MAP, PMPC_IAC_OUTPUT, PMPC_IAC_UNMAPPED, PMPC_IAC_EDITED, PMPC_FILE_DIFFERS; as `readEstate`, `exclusively` and `commitFiles`; nothing was written then
 */
export async function exportTo(workspace: Workspace, request: ExportRequest, caller: Caller): Promise<Exported> {
  return exclusively(workspace.root, caller, async (repository) => {
    const made = await step(caller, 'Write the code', async () => exported(workspace, request), 'generate')
    const {changes, folder, cluster, result} = made
    const {files, written, removed} = result
    const message = commitMessage(
      `iac: code for ${cluster} from what was recorded`,
      [`${written.length} files written, ${removed.length} removed.`],
      [
        ['run', caller.run.id],
        ['command', caller.command.replace(/^pmpc /, '')],
      ],
    )
    const command = `pmpc iac export --map ${shellWord(request.map)}`
    const writing = {...{root: workspace.root, folder, command, files, changes, message}, force: request.force}
    const {commit, left} = await commitCode(repository, writing, caller)
    return {...made, left: toldLeft(left), result: {...result, commit}}
  })
}

/** The same, without writing anything. */
export async function wouldExport(workspace: Workspace, request: ExportRequest): Promise<Exported> {
  return reading(workspace.root, async () => exported(workspace, request))
}

async function exported(workspace: Workspace, request: ExportRequest): Promise<Exported> {
  const {root} = workspace
  const mapping = await parseMapping(textOf(request), request.map)
  const folder = folderOf(root, request, mapping)
  const estate = await readEstate(workspace)
  const tools = await nameTools()
  const source = sourceOf(estate, mapping, workspace, request.map)
  const {taken, leftOut} = sorted(source, tools)
  const made = madeFor(taken, source, mapping, request.map, tools)
  const config = {...source.config, endpoints: [mapping.endpoint], trust: {system: true as const}}
  const cluster = clusterOf(
    mapping.cluster,
    config,
    made.map(({object}) => object),
  )
  const texts = await openTexts(root)
  const before = {read: (path: string) => readInside(root, `${folder}/${path}`)?.toString('utf8')}
  const code = creationOf(cluster, made, {texts, before, tools})
  const inventory = await ansible({clusters: [cluster]}, texts, before)
  const all = [...leftOut, ...code.leftOut].sort((a, b) => (a.object < b.object ? -1 : 1))
  const readme: GeneratedFile = {
    path: 'README.md',
    text: texts.render('export/README.md.njk', readmeOf(source, mapping, made, {...code, leftOut: all})),
  }
  const files = [readme, ...code.files, ...inventory.files].map((file) => ({...file, path: `${folder}/${file.path}`}))
  const changes = changesOf(
    root,
    files,
    ['terraform', 'ansible'].map((part) => `${folder}/${part}`),
  )
  return {
    ...{changes, folder, cluster: mapping.cluster, left: []},
    result: {
      files: files.map(({path}) => path).sort(),
      written: changes.filter(({after}) => after !== null).map(({path}) => path),
      removed: changes.filter(({after}) => after === null).map(({path}) => path),
      ...{commit: null, leftOut: all},
    },
  }
}

/** @throws PMPC_MAP where it cannot be read */
function textOf({map, from}: ExportRequest): string {
  try {
    return readNamed(isAbsolute(map) ? map : `${from}/${map}`, map).toString('utf8')
  } catch (error) {
    if ((error as {code?: unknown}).code !== 'ENOENT') throw error
    throw new PmpcError('PMPC_MAP', `${map}: there is no such file`, {
      suggestions: [
        'pmpc iac export --help',
        `"\${EDITOR:-vi}" ${shellWord(map)}   # cluster:, endpoint:, nodes:, storages:, bridges:`,
      ],
      data: {path: map},
    })
  }
}

/** Folders of the workspace that code for another cluster is not written into: those that hold other code, manifests, states, or Git's own files. */
const taken = new RegExp(
  `^(?:${FOLDER}|${FOLDER}/export|\\.[^/]+|(?:${FOLDER}/(?:${targetNames.join('|')}|terraform-telmate)|${MANIFESTS}|\\.pmpc)(?:/.*)?)$|(?:^|/)\\.git(?:/|$)`,
)

/** @throws PMPC_IAC_OUTPUT, PMPC_OUTSIDE_WORKSPACE */
function folderOf(root: string, {output, from}: ExportRequest, {cluster}: Mapping): string {
  if (output === undefined) return `${FOLDER}/export/${cluster}`
  const folder = insideWorkspace(root, output, from)
  if (folder !== '' && !taken.test(folder)) return folder
  throw new PmpcError(
    'PMPC_IAC_OUTPUT',
    `${output} is a place of pmpc's or Git's: the code for another cluster wants a folder of its own`,
    {
      suggestions: [`pmpc iac export -o ${FOLDER}/export/${cluster}`],
      data: {path: folder},
    },
  )
}

/** The recorded cluster, with what is wanted of it. @throws PMPC_MAP; as `selectorOf` */
function sourceOf(estate: Estate, {from, only}: Mapping, workspace: Workspace, path: string): Cluster {
  const names = estate.clusters.map(({name}) => name)
  const name = from ?? (names.length === 1 ? names[0] : undefined)
  if (name === undefined || !names.includes(name))
    throw new PmpcError(
      'PMPC_MAP',
      name === undefined
        ? `${path} does not say which cluster it takes; add: from: ${names[0]!}`
        : `${path}: from: ${name} is no cluster of which anything was recorded`,
      {
        suggestions: [`"\${EDITOR:-vi}" ${shellWord(path)}   # from: ${names.join(' or ')}`],
        data: {path, clusters: names},
      },
    )
  const one = {clusters: estate.clusters.filter((cluster) => cluster.name === name)}
  const selected = selectedIn(one, only, workspace, `${path}, only:`)
  return (selected ? withOnly(one, selected) : one).clusters[0]!
}

/** What stands and falls with a cluster, its nodes or its network: the other one has its own. */
const own: Readonly<Partial<Record<KindName, string>>> = Object.fromEntries([
  ...['node', 'network', 'storage', 'options', 'cpu-model'].map((kind) => [kind, 'the other cluster has its own']),
  ...[
    'sdn-zone',
    'sdn-vnet',
    'sdn-controller',
    'sdn-ipam',
    'sdn-dns',
    'sdn-fabric',
    'sdn-prefix-list',
    'sdn-route-map',
  ].map((kind) => [kind, 'it stands on the network, and the other cluster has its own']),
  ...['pci-mapping', 'usb-mapping', 'dir-mapping'].map((kind) => [kind, 'it is about what the nodes have in them']),
  ...['acme-account', 'acme-plugin'].map((kind) => [kind, 'certificates are of the nodes']),
])

/** Firewalls of what is left out. */
const ownFirewall = /^(?:cluster$|node\/|vnet\/)/

function sorted(source: Cluster, tools: NameTools): {taken: Observed[]; leftOut: LeftOut[]} {
  const taken: Observed[] = []
  const leftOut: LeftOut[] = []
  for (const object of source.objects) {
    const why = whyLeftOut(object, tools)
    if (why === undefined) taken.push(object)
    else leftOut.push({object: nameOf(source, object), why})
  }
  return {taken, leftOut}
}

function whyLeftOut(object: Observed, tools: NameTools): string | undefined {
  const reason = own[object.kind]
  if (reason !== undefined) return reason
  if (kindOf(object.kind).parents && ownFirewall.test(String(object.id)))
    return 'the firewall of what the other cluster has its own of'
  return tools.isEverywhere(object) ? 'every cluster has it' : undefined
}

/** @throws PMPC_MAP for names that are not mapped, and for objects that would become one */
function madeFor(
  taken: readonly Observed[],
  source: Cluster,
  mapping: Mapping,
  path: string,
  tools: NameTools,
): Made[] {
  const lacks = new Map<string, Lack & {objects: string[]}>()
  const twins = new Map<string, string[]>()
  const made = taken.map((object): Made => {
    const from = nameOf(source, object)
    const {object: other, lacks: lacking} = renamed(object, mapping, tools)
    for (const {part, name} of lacking) {
      const lack = lacks.get(`${part} ${name}`) ?? {part, name, objects: []}
      lack.objects.push(from)
      lacks.set(`${part} ${name}`, lack)
    }
    // VMs and containers have one row of numbers.
    const place = kindOf(other.kind).guest ? `guest ${other.id}` : `${other.kind} ${other.id}`
    twins.set(place, [...(twins.get(place) ?? []), from])
    return {from, ...anew(other, mapping.keepsMacs, tools)}
  })
  refuseLacks(path, [...lacks.values()])
  refuseIds(
    path,
    made.flatMap(({from, object}) => (kindOf(object.kind).guest ? [{from, id: object.id}] : [])),
  )
  refuseTwins(
    path,
    [...twins].flatMap(([name, objects]) => (objects.length > 1 ? [{name, objects}] : [])),
  )
  return made
}

function readmeOf(
  {name}: Cluster,
  mapping: Mapping,
  made: readonly Made[],
  {leftOut, variables}: {leftOut: readonly LeftOut[]; variables: readonly {name: string; description: string}[]},
): object {
  return {
    ...{
      mark: MARK,
      from: name,
      cluster: mapping.cluster,
      endpoint: mapping.endpoint,
      count: made.length,
      variables,
      leftOut,
    },
    changed: made.flatMap(({object, told}) =>
      told
        .filter(({how, key}) => how === 'changed' && !key.endsWith('.volume'))
        .map(({key, why}) => ({object: `${object.kind}/${object.id}`, key: key.replace(/^config\./, ''), why})),
    ),
  }
}
