import type {ClusterConfig} from '../workspace/index.js'

type Yaml = typeof import('yaml')

/**
 * Returns an edit of pmpc.yaml that gives a cluster which it names other settings: the lines of that cluster are written anew, all else,
 * comments and order included, stays. Loads the YAML library, so that the edit itself is synchronous.
 */
export async function clusterReplacement(cluster: string, settings: ClusterConfig): Promise<(text: string) => string> {
  const yaml = await import('yaml')
  return (text) => {
    const before = yaml.parse(text) as {clusters: Record<string, unknown>}
    const wanted = {...before, clusters: {...before.clusters, [cluster]: settings}}
    const spliced = replaceLines(yaml, text, cluster, settings)
    if (spliced !== undefined && sameData(parsed(yaml, spliced), wanted)) return spliced
    // A form that lines do not show, such as a flow map: the library prints the document anew and keeps its comments.
    const document = yaml.parseDocument(text)
    document.setIn(['clusters', cluster], document.createNode(settings))
    return document.toString({lineWidth: 0})
  }
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

/** By lines: a block reaches to the next line that is indented no deeper than its key. The caller checks the outcome. */
function replaceLines(yaml: Yaml, text: string, cluster: string, settings: ClusterConfig): string | undefined {
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const lines = text.split(/\r?\n/)
  const top = lines.findIndex((line) => /^clusters\s*:/.test(line))
  const key = new RegExp(`^\\s+["']?${cluster}["']?\\s*:`)
  const start = lines.findIndex((line, index) => index > top && key.test(line))
  if (top < 0 || start < 0) return undefined
  const indent = ' '.repeat(indentOf(lines[start] ?? ''))
  const block = yaml
    .stringify({[cluster]: settings}, {lineWidth: 0})
    .trimEnd()
    .split('\n')
  return [...lines.slice(0, start), ...block.map((line) => indent + line), ...lines.slice(blockEnd(lines, start))].join(
    eol,
  )
}

/** The index behind the last line of the block whose key is at `start`; blank lines and comments after it belong to what follows. */
function blockEnd(lines: string[], start: number): number {
  const indent = indentOf(lines[start] ?? '')
  let end = start + 1
  for (let at = start + 1; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue
    if (indentOf(line) <= indent) break
    end = at + 1
  }
  return end
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}
