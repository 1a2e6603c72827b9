import {readFileSync} from 'node:fs'
import {isMap} from 'yaml'
import type {YAMLMap} from 'yaml'
import {assetPath} from '../files/assets.js'
import {PmpcError} from '../errors/index.js'
import {attributeLines, ignoreLines} from '../git/drivers.js'
import {equalValues} from '../resources/documents.js'
import {compareNatural} from '../resources/order.js'
import {parseConfig, parsedOrNothing} from './config-parse.js'
import {CONFIG_PATH} from '../files/names.js'
import type {ClusterConfig} from './config.js'
import {inlineText, isPlainMap, pairLines} from './emit.js'
import type {Plain} from './emit.js'
import {withoutMark} from './manifests.js'
import {manifestSchemas} from './schemas.js'
import {withLines} from './lines.js'
import {insertPair, removePair, replaceValue} from './splice.js'
import type {SpliceOptions} from './splice.js'
import {ownPair, parseTree, plainOf} from './tree.js'

/** A file of a workspace: what it shall hold, given what it holds. */
export interface WantedFile {
  /** Relative to the workspace. */
  path: string
  /** Pure; an absent file is undefined. Gives the same text back when nothing is missing. */
  edit(text: string | undefined): string
}

/** What a workspace is made of. */
export interface WorkspaceSettings {
  clusters: Record<string, ClusterConfig>
  /** Words of `kinds:`; an empty list is all kinds, undefined leaves what there is. */
  kinds?: readonly string[]
  /** For a new pmpc.yaml; undefined says nothing there. */
  guestFirewalls?: boolean
}

/**
 * The files that make a folder a workspace for these clusters. What exists is added to and otherwise left as it is.
 * `edit` of pmpc.yaml throws PMPC_CONFIG for one that cannot be read and PMPC_CLUSTER_EXISTS for a cluster that is there, but another.
 */
export async function createWorkspace(options: WorkspaceSettings): Promise<WantedFile[]> {
  const {default: nunjucks} = await import('nunjucks')
  const environment = new nunjucks.Environment(null, {autoescape: false, throwOnUndefined: true, trimBlocks: true})
  const render = (name: string, context: object) =>
    environment.renderString(readFileSync(assetPath(`templates/workspace/${name}.njk`), 'utf8'), context)
  const {clusters, kinds, guestFirewalls} = options
  const lines = Object.entries(clusters).flatMap(([name, cluster]) => clusterLines(name, cluster, 2))
  const configText = render(CONFIG_PATH, {
    clusters: lines.join('\n'),
    kinds: kinds && kinds.length > 0 ? inlineText([...kinds]) : null,
    guestFirewalls: guestFirewalls ?? null,
  })
  return [
    {path: CONFIG_PATH, edit: (text) => (text?.trim() ? withKinds(addClusters(text, clusters), kinds) : configText)},
    linesFile('.gitignore', ignoreLines, render('gitignore', {lines: ignoreLines})),
    linesFile('.gitattributes', attributeLines, render('gitattributes', {lines: attributeLines})),
    ...manifestSchemas().map(({path, content}) => ({path, edit: () => content})),
  ]
}

function clusterLines(name: string, cluster: ClusterConfig, indent: number): string[] {
  return pairLines(name, plainCluster(cluster), {indent, step: 2})
}

function plainCluster({endpoints, token, trust}: ClusterConfig): Plain {
  return {endpoints, token, trust: {...trust}}
}

/** Adds clusters to the text of a pmpc.yaml; comments and everything else stay. @throws PMPC_CONFIG, PMPC_CLUSTER_EXISTS */
function addClusters(text: string, clusters: Record<string, ClusterConfig>): string {
  let edited = text
  for (const [name, cluster] of Object.entries(clusters)) edited = addCluster(edited, name, cluster)
  return edited
}

function addCluster(text: string, name: string, cluster: ClusterConfig): string {
  const before = parseConfig(text)
  const there = before.clusters[name]
  if (there && equalValues(there, cluster)) return text
  if (there) {
    throw new PmpcError('PMPC_CLUSTER_EXISTS', `${CONFIG_PATH} names a cluster ${name} already, with other settings`, {
      suggestions: [`edit the cluster ${name} in ${CONFIG_PATH}`, 'pmpc init --cluster ANOTHER-NAME'],
      data: {cluster: name},
    })
  }
  const {mark, body} = withoutMark(text)
  const eol = body.includes('\r\n') ? '\r\n' : '\n'
  const closed = body.endsWith('\n') ? body : body + eol
  for (const candidate of withCluster(closed, name, plainCluster(cluster), eol)) {
    if (equalValues(parsedOrNothing(candidate), {...before, clusters: {...before.clusters, [name]: cluster}})) {
      return mark + (body.endsWith('\n') ? candidate : candidate.slice(0, -eol.length))
    }
  }
  throw new PmpcError('PMPC_CONFIG', `${CONFIG_PATH} is written in a form to which pmpc cannot add a cluster`, {
    suggestions: [`add the cluster ${name} to ${CONFIG_PATH} by hand:\n${clusterLines(name, cluster, 2).join('\n')}`],
    data: {cluster: name},
  })
}

function withCluster(text: string, name: string, cluster: Plain, eol: string): string[] {
  const root = parseTree(text).documents[0]!.contents as unknown as YAMLMap
  const pair = ownPair(root, 'clusters')
  const options: SpliceOptions = {order: () => 0, layout: {}, step: 2, eol}
  if (!pair) return insertPair(text, root, 'clusters', {[name]: cluster}, options)
  if (isMap(pair.value) && pair.value.items.length > 0) {
    return insertPair(text, pair.value, name, cluster, {...options, order: compareNatural})
  }
  return replaceValue(text, root, pair, {[name]: cluster}, options)
}

/**
 * The text of a pmpc.yaml with other words below `kinds:`; without any where the list is empty. All else stays.
 * @throws PMPC_CONFIG for one that cannot be read or is written in another form
 */
function withKinds(text: string, kinds: readonly string[] | undefined): string {
  if (kinds === undefined) return text
  parseConfig(text)
  const {mark, body} = withoutMark(text)
  const eol = body.includes('\r\n') ? '\r\n' : '\n'
  const closed = body.endsWith('\n') ? body : body + eol
  const document = parseTree(closed).documents[0]!
  const root = document.contents as unknown as YAMLMap
  const plain = plainOf(document)
  const wanted = isPlainMap(plain) ? {...plain, kinds: [...kinds]} : {}
  const pair = ownPair(root, 'kinds')
  const options: SpliceOptions = {order: () => 0, layout: {}, step: 2, eol}
  if (!pair && kinds.length === 0) return text
  const candidates =
    pair && kinds.length === 0
      ? removePair(closed, root, pair)
      : pair
        ? replaceValue(closed, root, pair, [...kinds], options)
        : insertPair(closed, root, 'kinds', [...kinds], options)
  for (const candidate of candidates) {
    const {errors, contents} = parseTree(candidate).documents[0] ?? {}
    const now = errors?.length === 0 && contents ? plainOf(parseTree(candidate).documents[0]!) : undefined
    if (isPlainMap(now) && equalValues({...now, kinds: now.kinds ?? []}, wanted)) return mark + candidate
  }
  throw new PmpcError('PMPC_CONFIG', `${CONFIG_PATH} is written in a form in which pmpc cannot set kinds`, {
    suggestions: [`write into ${CONFIG_PATH} by hand: kinds: ${inlineText([...kinds])}`],
    data: {kinds},
  })
}

function linesFile(path: string, lines: readonly string[], fresh: string): WantedFile {
  return {path, edit: (text) => (text?.trim() ? withLines(text, lines) : fresh)}
}
