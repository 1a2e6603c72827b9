import {attributeLines, ignoreLines} from '../history/index.js'
import type {ClusterAccess} from '../proxmox/index.js'
import {clusterEdit} from './config-text.js'

/** A file of a workspace: what it shall hold, given what it holds. */
export interface WantedFile {
  /** Relative to the workspace. */
  path: string
  edit: (text: string | undefined) => string
}

/** What makes a folder a workspace that knows a cluster. */
export async function workspaceFiles(access: ClusterAccess): Promise<WantedFile[]> {
  return [
    {path: 'pmpc.yaml', edit: await clusterEdit(access)},
    {path: '.gitattributes', edit: (text) => withLines(text, attributeLines)},
    {path: '.gitignore', edit: (text) => withLines(text, ignoreLines)},
  ]
}

/** Adds the lines that a text has not, at its end, with its own line ends. */
export function withLines(text: string | undefined, lines: readonly string[]): string {
  const before = text ?? ''
  const eol = before.includes('\r\n') ? '\r\n' : '\n'
  const present = new Set(before.split(/\r?\n/).map((line) => line.trim()))
  const missing = lines.filter((line) => !present.has(line))
  if (missing.length === 0) return before
  const start = before === '' || before.endsWith('\n') ? before : before + eol
  return start + missing.map((line) => line + eol).join('')
}
