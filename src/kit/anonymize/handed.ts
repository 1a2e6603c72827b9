import type {Count} from './model.js'

/** A file that one plugin hands to the one that anonymizes: they know nothing of each other but this. */
export interface HandedFile {
  /** Below what is handed out, with `/`. */
  name: string
  bytes: Uint8Array
}

/** The same files with nothing in them that tells whose they are. What oclif's hook `anonymize` answers. */
export interface AnonymizedFiles {
  files: HandedFile[]
  counts: Count[]
  leftOut: {name: string; why: string}[]
  /** Where the map is that turns pseudonyms back; null: there is none. */
  map: string | null
}
