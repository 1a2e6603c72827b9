import {formatRef} from '../resources/refs.js'
import type {Declared, ObjectRef} from '../resources/model.js'
import {nearest} from '../errors/nearest.js'
import {nextId} from '../resources/refs.js'

/** A place in a file; both count from 1. */
export interface Position {
  line: number
  column: number
}

/** Something wrong in a manifest. */
export interface Problem extends Position {
  severity: 'error' | 'warning'
  /** Stable: `syntax`, `conflict-markers`, `duplicate-key`, `duplicate-object`, `unknown-key`, `unknown-config-key`, `no-cluster`, … */
  code: string
  message: string
  path: string
  /** `config.net0.tag`, where it is about one field. */
  field?: string
  /** `home/vm/100`, where it is known. */
  object?: string
}

/** One object's document. */
export interface ManifestDocument {
  ref: ObjectRef
  /** Its number among the file's YAML documents, from 0. */
  index: number
  declared: Declared
  position: Position
  /** Where fields stand: `config.net0.tag`, `pool`. Only those that the document itself holds, not those through `<<` or an alias. */
  positions: Record<string, Position>
}

/** A document of a guest that has no id yet. */
export type UnmadeDocument = Omit<ManifestDocument, 'ref'> & {cluster: string}

/** What a file declares. */
export interface ParsedManifests {
  documents: ManifestDocument[]
  /** Those that say `absent: true`: they declare no object. */
  absent: ManifestDocument[]
  /** Those that say `id: next`: there is no object of them yet. */
  unmade: UnmadeDocument[]
  problems: Problem[]
  /** Nothing but blanks: what `git restore` leaves of an intent-to-add entry. */
  empty: boolean
  /** A syntax error or a document that cannot be told: what is missing here may still be declared. */
  broken: boolean
}

/** What a file declares, before it is known of which cluster: depends on the text alone, so that it can be kept by the text's digest. */
export interface RawManifests {
  documents: Omit<ManifestDocument, 'ref'>[]
  problems: RawProblem[]
  empty: boolean
  broken: boolean
}

/** What is wrong, before it is known where the text stands; `document` is the number of the one that it is in, where that declares an object. */
export type RawProblem = Omit<Problem, 'path' | 'object'> & {document?: number}

/** The other half: finds the cluster of each document. */
export function placeManifests(raw: RawManifests, path: string, clusters: string[]): ParsedManifests {
  const parsed: ParsedManifests = {...raw, documents: [], absent: [], unmade: [], problems: []}
  const seen = new Map<string, Position>()
  for (const document of raw.documents) {
    const cluster = clusterOf(document, path, clusters, parsed.problems)
    if (cluster === undefined) {
      parsed.broken = true
      continue
    }
    const {kind, id, absent} = document.declared
    if (id === nextId) {
      parsed.unmade.push({cluster, ...document})
      continue
    }
    const ref = {cluster, kind, id}
    const name = formatRef(ref)
    const first = seen.get(name)
    if (first) parsed.problems.push(duplicate(name, path, document.position, `line ${first.line}`))
    else parsed[absent ? 'absent' : 'documents'].push({ref, ...document})
    seen.set(name, first ?? document.position)
  }
  for (const {document, ...problem} of raw.problems) {
    const ref = [...parsed.documents, ...parsed.absent].find(({index}) => index === document)?.ref
    parsed.problems.push({...problem, path, ...(ref && {object: formatRef(ref)})})
  }
  parsed.problems.sort((a, b) => a.line - b.line || a.column - b.column)
  return parsed
}

/** One object that is declared twice. */
export function duplicate(name: string, path: string, position: Position, other: string): Problem {
  const message = `${name} is declared here and in ${other}; keep one of them`
  return {severity: 'error', code: 'duplicate-object', message, path, object: name, ...position}
}

function clusterOf(
  {declared, position, positions}: Omit<ManifestDocument, 'ref'>,
  path: string,
  clusters: string[],
  problems: Problem[],
): string | undefined {
  const place = positions.cluster ?? position
  if (declared.cluster !== undefined) {
    if (clusters.includes(declared.cluster)) return declared.cluster
    const meant = nearest(declared.cluster, clusters)
    const hint = meant ? `did you mean ${meant}?` : `pmpc.yaml has ${clusters.join(', ') || 'none'}`
    const message = `cluster ${declared.cluster} is not in pmpc.yaml; ${hint}`
    problems.push({severity: 'error', code: 'unknown-cluster', message, path, field: 'cluster', ...place})
    return undefined
  }
  const folder = /^infra\/([^/]+)\//.exec(path)?.[1]
  if (folder !== undefined && clusters.includes(folder)) return folder
  if (clusters.length === 1) return clusters[0]
  const message = 'no telling which cluster this is: add a cluster key, or move the file below infra/CLUSTER/'
  problems.push({severity: 'error', code: 'no-cluster', message, path, ...place})
  return undefined
}
