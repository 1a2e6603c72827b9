import {createHash} from 'node:crypto'
import type {Finding} from 'pmpc/kit/validation'
import {visible} from 'pmpc/kit/text'

/** What programs around Git take. Paths are those of the repository, as a workspace may be one of its folders. */
export const formats = ['github', 'gitlab', 'checkstyle'] as const

/** A text in one of the formats, without the end of its last line. */
export const printFindings: Readonly<Record<(typeof formats)[number], (findings: readonly Finding[]) => string>> = {
  github,
  gitlab,
  checkstyle,
}

/**
 * Commands of GitHub's and Forgejo's runners, a line each. How they are escaped: actions/toolkit, packages/core/src/command.ts (escapeData,
 * escapeProperty).
 */
function github(findings: readonly Finding[]): string {
  return findings
    .map(({file, line, column, severity, code, message}) => {
      const properties = {file, line, col: column, title: `pmpc: ${code}`}
      const words = Object.entries(properties).map(([name, value]) => `${name}=${inProperty(String(value))}`)
      return `::${severity} ${words.join(',')}::${inCommand(message)}`
    })
    .join('\n')
}

function inCommand(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function inProperty(text: string): string {
  return inCommand(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

/** A report of GitLab's code quality, as its documentation has it ("Code Quality report format"). */
function gitlab(findings: readonly Finding[]): string {
  const seen = new Map<string, number>()
  const issues = findings.map(({file, line, column, severity, code, message}) => {
    // Without the line: what is above may grow, and it stays the same problem. Two that are alike in one file are told apart by their number.
    const alike = `${file}\0${code}\0${message}`
    const number = seen.get(alike) ?? 0
    seen.set(alike, number + 1)
    return {
      description: message,
      check_name: code,
      fingerprint: createHash('sha256').update(`${alike}\0${number}`).digest('hex'),
      severity: severity === 'error' ? 'major' : 'minor',
      location: {path: file, positions: {begin: {line, column}}, lines: {begin: line}},
    }
  })
  return JSON.stringify(issues, undefined, 2)
}

/** The XML of Checkstyle, which many programs read. */
function checkstyle(findings: readonly Finding[]): string {
  const files = [...new Set(findings.map(({file}) => file))]
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<checkstyle version="4.3">',
    ...files.flatMap((name) => [
      `  <file name="${inXml(name)}">`,
      ...findings
        .filter(({file}) => file === name)
        .map(
          ({line, column, severity, code, message}) =>
            `    <error line="${line}" column="${column}" severity="${severity}" message="${inXml(message)}" source="pmpc.${inXml(code)}"/>`,
        ),
      '  </file>',
    ]),
    '</checkstyle>',
  ].join('\n')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** XML takes no control characters, not even escaped: they are made visible first. */
function inXml(text: string): string {
  return visible(text).replaceAll(/[&<>"']/g, (character) => entities[character]!)
}
