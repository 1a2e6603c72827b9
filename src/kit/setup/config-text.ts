import type {ClusterAccess, Trust} from '../proxmox/index.js'

type Yaml = typeof import('yaml')

interface ClusterEntry {
  endpoints: string[]
  token: string
  trust: Trust
}

const heading = '# Clusters of this workspace. Secrets and commands have no place here: pmpc auth login.\n'

/**
 * Returns an edit of pmpc.yaml that names a cluster: a new file, or the old text with the cluster's lines added or replaced and all else,
 * comments and order included, as it was. Loads the YAML library, so that the edit itself is synchronous.
 */
export async function clusterEdit(access: ClusterAccess): Promise<(text: string | undefined) => string> {
  const yaml = await import('yaml')
  const {cluster, endpoints, tokenId, trust} = access
  const entry: ClusterEntry = {endpoints: [...endpoints], token: tokenId, trust}
  return (text) =>
    text === undefined || text.trim() === '' ? freshText(yaml, cluster, entry) : editText(yaml, text, cluster, entry)
}

function freshText(yaml: Yaml, cluster: string, entry: ClusterEntry): string {
  return heading + yaml.stringify({version: 1, clusters: {[cluster]: entry}}, {lineWidth: 0})
}

function editText(yaml: Yaml, text: string, cluster: string, entry: ClusterEntry): string {
  const before = (yaml.parse(text) ?? {}) as {clusters?: Record<string, unknown>}
  const wanted = {...before, clusters: {...before.clusters, [cluster]: entry}}
  if (sameData(before, wanted)) return text
  const spliced = spliceCluster(yaml, text, cluster, entry)
  if (spliced !== undefined && sameData(parsed(yaml, spliced), wanted)) return spliced
  // A form that the splice does not know, such as a flow map: the library prints the document anew and keeps its comments.
  const document = yaml.parseDocument(text)
  document.setIn(['clusters', cluster], document.createNode(entry))
  return document.toString({lineWidth: 0})
}

function parsed(yaml: Yaml, text: string): unknown {
  try {
    return yaml.parse(text)
  } catch {
    return undefined
  }
}

function sameData(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}

/** By lines: a block reaches to the next line that is indented no deeper than its key. Checked by the caller. */
function spliceCluster(yaml: Yaml, text: string, cluster: string, entry: ClusterEntry): string | undefined {
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const lines = text.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  const top = lines.findIndex((line) => /^clusters\s*:\s*(#.*)?$/.test(line))
  if (top < 0)
    return [
      ...lines,
      ...yaml
        .stringify({clusters: {[cluster]: entry}}, {lineWidth: 0})
        .trimEnd()
        .split('\n'),
      '',
    ].join(eol)
  const end = blockEnd(lines, top)
  const indent = Math.min(
    ...lines
      .slice(top + 1, end)
      .filter((line) => isContent(line))
      .map(indentOf),
    8,
  )
  const block = yaml
    .stringify({[cluster]: entry}, {lineWidth: 0, indent: 2})
    .trimEnd()
    .split('\n')
    .map((line) => ' '.repeat(indent === 8 ? 2 : indent) + line)
  const old = lines.findIndex(
    (line, index) =>
      index > top &&
      index < end &&
      indentOf(line) === indent &&
      new RegExp(`^\\s*["']?${cluster}["']?\\s*:`).test(line),
  )
  const [from, to] = old < 0 ? [end, end] : [old, blockEnd(lines, old)]
  return [...lines.slice(0, from), ...block, ...lines.slice(to), ''].join(eol)
}

/** The index behind the last line of the block whose key is at `start`; blank lines and comments after it belong to what follows. */
function blockEnd(lines: string[], start: number): number {
  const indent = indentOf(lines[start] ?? '')
  let end = start + 1
  for (let at = start + 1; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (!isContent(line)) continue
    if (indentOf(line) <= indent) break
    end = at + 1
  }
  return end
}

function isContent(line: string): boolean {
  return line.trim() !== '' && !line.trimStart().startsWith('#')
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}
