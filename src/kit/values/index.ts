export {decode, encode, sameDeep, sameValue, spellingOf} from './codec.js'
export {boundTo, equivalent, equivalentAt, isMadeUp, meets} from './compare.js'
export {canonicalNameAt, keyInfo, type KeyInfo} from './keys.js'
export {
  elementsOf,
  fromManifest,
  readManifestValue,
  toManifest,
  type Normalised,
  type Problem,
  type Written,
} from './manifest.js'
export type {Version} from './schema.js'
export * from './scalars.js'
export * from './upid.js'
export {type CallRights, type Rights, loadRights} from './rights.js'
export {type Contract, contractVersion, loadContract} from './validate.js'
export {
  type ConfigFile,
  type ReadFile,
  type Section,
  cleanPending,
  parsePendingDelete,
  printPendingDelete,
  readConfigFile,
  rewriteRestored,
  writeConfigFile,
} from './config-file.js'
export {
  contextOf,
  parseContainerNet,
  parseContainerVolume,
  parseDrive,
  parseNet,
  parseProperty,
  printDrive,
  printStrict,
} from './strict.js'
