/** Something that a tool found. */
export interface Found {
  /** From the workspace. */
  file: string
  /** From 1; null where the tool names none. */
  line: number | null
  message: string
}

/** What a tool said of the code. */
export interface Check {
  /** `hcl`, `terraform fmt`, `ansible-lint`. */
  tool: string
  /** `absent`: the tool is not installed, or it lacks what it needs; `why` says what. */
  result: 'passed' | 'failed' | 'absent'
  findings: Found[]
  why: string | null
}

export const passedOrFailed = (tool: string, findings: Found[]): Check => ({
  ...{tool, result: findings.length === 0 ? 'passed' : 'failed', findings, why: null},
})

export const absent = (tool: string, why: string): Check => ({tool, result: 'absent', findings: [], why})
