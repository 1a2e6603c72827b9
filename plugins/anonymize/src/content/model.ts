import type {Readable} from 'node:stream'
import type {ByteString, Find, FindKind, Known} from 'pmpc/kit/anonymize'

/** Something with bytes that is looked through: a file, standard input, an entry of an archive. */
export interface Source {
  /** As it is told to people: what was typed, or a path in a folder or an archive, anonymized where it comes from there. */
  name: string
  /** Bytes, as far as they are known before they are read. */
  size: number | undefined
  /** The first of them, where they can be read once only. */
  head?: Buffer
  /** Its bytes from the beginning; standard input can be asked once. */
  stream(): Readable
}

/** What becomes of texts, names and data. */
export interface Treatment {
  rewrite(text: ByteString): ByteString
  path(name: ByteString): ByteString
  /** A line of JSON, of which values are rewritten and no key of the outermost object. */
  line(json: string): string
  /** What is found in a text that was rewritten, and must not be there. */
  left(text: ByteString): readonly Find[]
}

/** Where something stands; lines and columns are counted from 1, a column is a byte. */
export interface Place {
  /** The source's name. */
  file: string
  line: number
  column: number
  kind: FindKind
  confidence: Find['confidence']
}

/** Where a text that is seen stands. */
export interface Seen {
  file: string
  /** Lines before it, and bytes before it in its first line. */
  line: number
  column: number
}

/** What one pass over sources has to do with. */
export interface Pass {
  signal: AbortSignal
  /** Archives around what is looked at. */
  depth: number
  /** How something is looked through that lies so deep. @throws PMPC_ANONYMIZE_BINARY where it cannot be */
  formatOf(source: Source, depth: number): Promise<Format>
  /** What to call an entry of an archive, or a file of a history, to people. */
  shown(name: ByteString): string
  /** Told of what is in an archive or a folder and is not handed out. */
  leaveOut(name: string, why: string): void
  /** Told of how many bytes were read. */
  read(bytes: number): void
}

/** A pass that looks and changes nothing. */
export interface Look extends Pass {
  /** Told of each text; undefined: only of what is known before texts are read. */
  text?: (text: ByteString, at: Seen) => void
  /** Told of names that something tells by itself: objects of a state, authors of commits. */
  known?: (names: readonly Known[]) => void
}

/** A pass that rewrites. */
export interface Rewriting extends Pass {
  treatment: Treatment
  /** Told of what was found in a text that was rewritten. */
  left(places: Place[]): void
}

export type Write = (bytes: Buffer) => Promise<void>

/** How one form of bytes is looked through and written anew. */
export interface Format {
  look(source: Source, look: Look): Promise<void>
  rewrite(source: Source, rewriting: Rewriting, write: Write): Promise<void>
}
