import {readdirSync, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {clusterOf, listInside, listLogs, localOf, readInside, STATE_FOLDER} from 'pmpc/kit/files'
import {traceOf} from 'pmpc/kit/runs'
import {loadState} from 'pmpc/kit/state'
import {clustersOf, requireWorkspace} from 'pmpc/kit/workspace'
import type {ClusterState} from 'pmpc/kit/resources'
import {health} from '../health/health.js'
import {linesOf} from '../runs/files.js'
import {estateOf} from './estate.js'
import type {Asked, Collected, ReportFile} from './model.js'
import {programVersions} from './programs.js'

/** What is collected, in this order: a part that fails is told of, and leaves the others as they are. */
const PARTS: readonly {what: string; read: (asked: Asked & {root: string}) => Promise<ReportFile[]>}[] = [
  {what: 'pmpc.yaml', read: async ({root}) => [{name: 'config/pmpc.yaml', text: textInside(root, 'pmpc.yaml')}]},
  {what: 'the logs of the last runs', read: logs},
  {what: 'the traces of the last runs', read: traces},
  {what: 'the recorded states', read: states},
  {what: 'the estate for the simulator', read: estates},
  {what: 'how the clusters are', read: healthNow},
  {what: 'the generated code', read: async ({root}) => generated(root)},
]

/** Collects all of it. Never throws for a part that cannot be read. */
export async function collect(asked: Asked): Promise<Collected> {
  const files: ReportFile[] = [{name: 'versions.json', text: json(await versions(asked))}]
  const missing: Collected['missing'] = []
  const {root} = asked
  for (const {what, read} of root === undefined ? [] : PARTS)
    try {
      files.push(...(await read({...asked, root: root!})))
    } catch (error) {
      missing.push({what, why: (error as Error).message})
    }
  if (root === undefined) missing.push({what: 'a workspace', why: 'there is none here'})
  return {files, missing}
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

async function versions({host, caller}: Asked): Promise<Record<string, unknown>> {
  return {
    pmpc: host.version,
    plugins: Object.fromEntries(host.plugins.map(({name, version}) => [name, version])),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    ...(await programVersions(caller)),
  }
}

function textInside(root: string, file: string): string {
  return readInside(root, file)?.toString('utf8') ?? ''
}

/** Logs of the last runs but this one, the oldest first. */
function lastLogs({root, runs, caller}: Asked & {root: string}): ReturnType<typeof listLogs> {
  return listLogs(root)
    .filter(({id}) => id !== caller.run.id)
    .slice(-runs)
}

async function logs(asked: Asked & {root: string}): Promise<ReportFile[]> {
  const local = localOf(asked.root)
  return lastLogs(asked).map((log) => ({name: `logs/${log.date}-${log.id}.jsonl`, text: local.read(log.name) ?? ''}))
}

async function traces(asked: Asked & {root: string}): Promise<ReportFile[]> {
  return lastLogs(asked).flatMap((log) => {
    const trace = traceOf(linesOf(asked.root, log))
    return trace ? [{name: `traces/${log.date}-${log.id}.json`, text: json(trace)}] : []
  })
}

async function recorded(root: string): Promise<ClusterState[]> {
  const clusters = listInside(root, STATE_FOLDER).flatMap(({name}) => clusterOf(name) ?? [])
  const loaded = await Promise.all(clusters.map(async (cluster) => loadState({root, cluster})))
  return loaded.filter((state) => state !== undefined)
}

/** As JSON: what a key says of its value is told to whoever anonymizes it, as in no other form. */
async function states({root}: Asked & {root: string}): Promise<ReportFile[]> {
  return (await recorded(root)).map((state, index) => ({name: `states/${index + 1}.json`, text: json(state)}))
}

/** A seed for each cluster, and `bundle.json`, which says whose it is. Names of clusters stand in no name of a file: they may have to go. */
async function estates({root}: Asked & {root: string}): Promise<ReportFile[]> {
  const all = await recorded(root)
  const file = (index: number): string => `estates/${index + 1}.json`
  const bundle = {
    format: 'pmpc report',
    version: 1,
    estates: all.map((state, index) => ({cluster: state.cluster, file: file(index), pve: releaseOf(state)})),
  }
  return [
    {name: 'bundle.json', text: json(bundle)},
    ...all.map((state, index) => ({name: file(index), text: json(estateOf(state))})),
  ]
}

/** The release that the simulator is to be: that of the oldest node. */
function releaseOf({objects}: ClusterState): '8.4' | '9.2' {
  return objects.some(({facts}) => /^[78]\./.test(String(facts.version ?? ''))) ? '8.4' : '9.2'
}

async function healthNow({root, isOffline, caller}: Asked & {root: string}): Promise<ReportFile[]> {
  if (isOffline) return []
  const workspace = await requireWorkspace(root)
  return [
    {
      name: 'health.json',
      text: json(await health(workspace, {clusters: clustersOf(workspace, undefined, caller.command)}, caller)),
    },
  ]
}

/** Of generated code: what is no text, no secret and no copy of others' programs. */
const GENERATED = /\.(?:tf|tftest\.hcl|hcl|ya?ml|json|j2|md|cfg|ini|go|mod)$/
const mostOfFile = 2 ** 20
const mostOfAll = 16 * 2 ** 20

function generated(root: string): ReportFile[] {
  const folder = join(root, 'iac')
  if (!statSync(folder, {throwIfNoEntry: false})?.isDirectory()) return []
  const names = readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((name) => GENERATED.test(name) && !/(?:^|\/)\.|node_modules|\.tfstate|secret/.test(name))
    .sort()
  let sum = 0
  return names.flatMap((name) => {
    const size = statSync(join(root, name)).size
    sum += size
    return size > mostOfFile || sum > mostOfAll ? [] : [{name, text: readFileSync(join(root, name), 'utf8')}]
  })
}
