/** Whose error a row is about. */
export type Source = 'Ansible' | 'Git' | 'Proxmox VE' | 'Terraform' | 'TLS'

/** A real error that somebody meets, and what to do about it. */
export interface CatalogueRow {
  /** Stable: `PVE-LOCK-001`. */
  id: string
  source: Source
  /**
   * How it reads: the text itself, with holes in it. `{vmid}` and the like stand for a word, `{any}` for up to a few words; see `pattern.ts`.
   * It is no regular expression, so that none of them can take long.
   */
  texts: readonly string[]
  /** What has happened, in one sentence. */
  meaning: string
  /** Why, the most likely one first. */
  causes: readonly string[]
  /** What to type, in this order. A hole of the text may stand in it: what was found there is filled in, else its name in capitals. */
  steps: readonly string[]
  /** Where the text can be looked up: a package and module of Proxmox VE's, or an issue of a public repository. */
  seen: string
  /** The code of pmpc's own under which it is told when it comes from the API. */
  code?: string
}

/** A row that fits a text. */
export interface Match {
  id: string
  source: Source | 'pmpc'
  meaning: string
  causes: string[]
  steps: string[]
  /** The page, and the place in it, that tells more. */
  docs: string
}
