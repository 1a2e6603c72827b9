import type {AllowRule} from './config.js'
import type {WantedFile, WorkspaceSettings} from './create.js'

export {allowOf, type Allow} from './allow.js'
export {clustersNamed, clustersOf} from './clusters.js'
export {loadConfig, readsGuestFirewalls, requireWorkspace} from './config.js'
export type {
  AllowRule,
  ClusterConfig,
  Conditions,
  IgnoreRule,
  PolicyRule,
  Workspace,
  WorkspaceConfig,
} from './config.js'
export type {HealthException, HealthSettings} from './config-health.js'
export {glob} from './glob.js'
export type {ConfigProblem} from './config-error.js'
export type {Blocked, EditedManifest, FieldEdit} from './edit.js'
export type {ManifestDocument, ParsedManifests, Position, Problem} from './place.js'
export {findWorkspace, insideWorkspace, lookForWorkspace} from './find.js'
export type {WorkspaceRoot} from './find.js'
export {indexManifests, KnownManifests} from './manifest-index.js'
export type {IndexedDocument, ManifestIndex, RevisionSource} from './manifest-index.js'
export {alsoIgnoring, covers, ignoreOf, subjectOf, subjectOfDeclared, wantedKinds, withoutKeys} from './ignore.js'
export type {Ignore, IgnoreSubject} from './ignore.js'
export {listManifests} from './manifest-list.js'
export {meantByEach, selectablesIn, selectorOf, type Selectable, type Selecting} from './selectors.js'
export {joinedWords, knownIn, lookUp, namesOf, nearestObject, resolveObject} from './objects.js'
export type {KnownObject, Naming} from './objects.js'
export {parseAgreed, printAgreed, printPair} from './agreed.js'
export type {How, Pair} from './agreed.js'
export {byObject, itemText, parseOpen, printOpen, wordOf, wordsOf} from './open.js'
export type {OpenItem, OpenItemText} from './open.js'
export {nearest} from '../errors/nearest.js'
export {nearestKind, unknownKind} from './kind-words.js'
export {describeOpen} from './open-text.js'
export {joinedFiles, ownFileOf, type Places} from './new-file.js'
export {printedManifests, printManifest} from './print.js'

/** The functions that read and change manifests. They need the YAML library (29 ms to load), and so come when asked for. */
export function manifestTools(): Promise<typeof import('./tools.js')> {
  return import('./tools.js')
}

/** The files of a workspace for these clusters; see create.ts. What fills in templates comes when it is asked for. */
export async function createWorkspace(options: WorkspaceSettings): Promise<WantedFile[]> {
  const create = await import('./create.js')
  return create.createWorkspace(options)
}

/** A pmpc.yaml with a further rule of `allow:`; see allow-edit.ts. */
export async function withAllowed(text: string, rule: AllowRule): Promise<string> {
  const edit = await import('./allow-edit.js')
  return edit.withAllowed(text, rule)
}

export type {WantedFile, WorkspaceSettings}
