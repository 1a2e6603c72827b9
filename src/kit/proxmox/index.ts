export {createClient} from './client.js'
export {defaultLimits} from './limits.js'
export type {Limits} from './limits.js'
export type {
  ApiRequest,
  ClientOptions,
  ClientStats,
  ExchangeReport,
  Reader,
  ReadOptions,
  Whole,
  Writer,
} from './client.js'
export type {Credential} from './auth.js'
export {isTokenId} from './auth.js'
export {apiPath, encodeParameters} from './paths.js'
export type {Parameter, Parameters} from './paths.js'
export {clusterCaOf, fetchCertificate, normalFingerprint, trustId} from './trust.js'
export type {CertificateFacts, CertificateInfo, Trust} from './trust.js'
export {readConnectionError, readFailure, taskFailure} from './errors.js'
export type {Call, FailedAnswer, Failure} from './errors.js'
export {systemClock} from './clock.js'
export type {Clock} from './clock.js'
export type {Environment} from './environment.js'
export {connectReader, connectWriter, openReader, type ConnectOptions} from './connect.js'
export {
  cleanSecret,
  credentialFile,
  hasCredential,
  readCredentials,
  removeCredential,
  resolveCredential,
  runSecretCommand,
  saveCredential,
  tokenVariable,
} from './credentials.js'
export type {ClusterAccess, ResolvedCredential, Secret, StoredCredential} from './credentials.js'
export {createLogReader, stopTask, waitForTask, waitUntil} from './tasks.js'
export type {LogReader, TaskProgress, TaskResult, WaitOptions} from './tasks.js'
export {atLeast, clusterVersions, parseVersion} from './versions.js'
export type {PveVersion} from './versions.js'
export {guestOf, owningNode} from './paths.js'
export {grantLines, judgePrivileges, permissionsIn, pveumLines, readPrivileges} from './privileges.js'
export type {Permissions, PrivilegeReport, Wanted} from './privileges.js'
export {meetCluster, normalEndpoint, showCertificate} from './meet.js'
export type {Acquaintance, MeetOptions} from './meet.js'
export {Claims, type Claim} from './claims.js'
export {claimsOf, type Contention} from './contention.js'
export {gated} from './gates.js'
export {perform} from './perform.js'
export type {Performed} from './perform.js'
export {isEntry, listIn, mapIn, mapsIn, mostEntries, troubleWith} from './shapes.js'
export type {Entry} from './shapes.js'
export {bareHost, proxyFor} from './proxy.js'
