import type {ClusterAccess} from '../proxmox/index.js'

/** A file of a workspace: what it shall hold, given what it holds. */
export interface WantedFile {
  /** Relative to the workspace. */
  path: string
  edit: (text: string | undefined) => string
}

/** Adds the lines that a text has not, at its end, in its own line ends. */
export function withLines(text: string | undefined, lines: readonly string[]): string {
  const before = text ?? ''
  const eol = before.includes('\r\n') ? '\r\n' : '\n'
  const present = new Set(before.split(/\r?\n/).map((line) => line.trim()))
  const missing = lines.filter((line) => !present.has(line))
  if (missing.length === 0) return before
  const start = before === '' || before.endsWith('\n') ? before : before + eol
  return start + missing.map((line) => line + eol).join('')
}

export async function workspaceFiles(_folder: string, _access: ClusterAccess): Promise<WantedFile[]> {
  return [{path: '.gitignore', edit: (text) => withLines(text, ['.pmpc/local/'])}]
}
