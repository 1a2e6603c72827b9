import type {Problem} from '../workspace/index.js'

/** Something wrong in a workspace, and where; as `pmpc validate --json` prints it. */
export interface Finding {
  /** Relative to the workspace, with `/`. */
  file: string
  /** From 1, as the column. */
  line: number
  column: number
  /** `error`: it cannot be so, or Proxmox VE refuses it. `warning`: it is only odd. */
  severity: 'error' | 'warning'
  /** Stable: `syntax`, `bad-value`, `unknown-reference`, … (docs/validate.md). */
  code: string
  message: string
  /** `home/vm/100`, where it is known. */
  object?: string
  /** `config.net0.tag`, where it is about one. */
  field?: string
}

/** What is wrong with a manifest's text. */
export function findingOf({path, ...problem}: Problem): Finding {
  const {line, column, severity, code, message, object, field} = problem
  return {
    ...{file: path, line, column, severity, code, message},
    ...(object !== undefined && {object}),
    ...(field !== undefined && {field}),
  }
}

/** In the order of files and lines, errors first where two stand at one place. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) =>
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.line - b.line ||
      a.column - b.column ||
      (a.severity < b.severity ? -1 : a.severity > b.severity ? 1 : 0) ||
      (a.message < b.message ? -1 : 1),
  )
}
