/**
 * Texts are handled as *byte strings*: one character a byte (`latin1`), so that any bytes come out as they went in and a column is a byte. Names
 * that are told in UTF-8 are brought into that form first ({@link bytesOf}).
 */
export type ByteString = string

/** What is found, by the word that a report has for it. */
export type FindKind =
  | 'ipv4'
  | 'ipv6'
  | 'mac'
  | 'host'
  | 'domain'
  | 'mail'
  | 'user'
  | 'person'
  | 'realm'
  | 'name'
  | 'password'
  | 'token'
  | 'key'
  | 'certificate'
  | 'uuid'
  | 'serial'
  | 'iqn'
  | 'path'
  | 'note'
  | 'custom'

/** Where something was found; offsets in the byte string. */
export interface Find {
  kind: FindKind
  start: number
  end: number
  /** How sure it is that this tells something of somebody: a checked form or a known name, or only its place. */
  confidence: 'sure' | 'likely'
}

/** A real value and what stands for it. Names are kept in lower case, addresses in their plainest form. */
export interface Pair {
  kind: FindKind
  original: string
  pseudonym: string
}

/** What an installation calls its things, known before a text is read. */
export interface Known {
  kind: FindKind
  value: string
  /** It is a word of ordinary texts, too (`backup`): it stands for the thing only where a name is expected. */
  weak?: boolean
}

/** What people decide for a workspace. */
export interface Rules {
  /** Texts that stay, whatever they look like. */
  allow: readonly string[]
  /** Texts that go, wherever they stand. */
  block: readonly {text: string; kind: FindKind}[]
  /** Patterns of their own. */
  patterns: readonly {id: string; pattern: RegExp; kind: FindKind}[]
  /** What notes become: looked through, or taken out as a whole. */
  notes: 'scan' | 'drop'
  /** The first three bytes of a MAC stay where they name a vendor of virtual cards, or become others. */
  vendors: 'keep' | 'hide'
  /** Words that no manual and no program says go, as most of them are names; or stay, where their place does not tell that. */
  unknown: 'keep' | 'hide'
  /** What looks like a secret and is of no known form goes, too. */
  strict: boolean
}

/** How often each kind was found, and how many different ones. */
export interface Count {
  kind: FindKind
  found: number
  different: number
  likely: number
}

/** One run over texts that belong together: what one of them names is found in all that follow. */
export interface Anonymizer {
  /** Learns what a text names (hosts, users, domains), without changing it. All texts of a run are learnt from before the first is rewritten. */
  learn(text: ByteString): void
  /** The text with all that identifies replaced. */
  rewrite(text: ByteString): ByteString
  /** What would be replaced, in order; none overlaps another. */
  find(text: ByteString): Find[]
  /** A file name or path, part by part. */
  path(name: ByteString): ByteString
  counts(): Count[]
}
