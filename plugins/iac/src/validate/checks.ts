import {listInside, readInside} from 'pmpc/kit/files'

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

/** What tools keep beside the code. */
const notCode = /^(?:\.terraform|\.git|\.ansible|\.pytest_cache|__pycache__|node_modules)$/

/** The files below a folder of the workspace with one of these endings, sorted. */
export function filesBelow(root: string, folder: string, endings: readonly string[]): string[] {
  const files: string[] = []
  const walk = (path: string): void => {
    for (const entry of listInside(root, path)) {
      if (entry.isDirectory() && !notCode.test(entry.name)) walk(`${path}/${entry.name}`)
      else if (entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
        files.push(`${path}/${entry.name}`)
    }
  }
  walk(folder)
  return files.sort()
}

export const textOf = (root: string, path: string): string => readInside(root, path)?.toString('utf8') ?? ''
