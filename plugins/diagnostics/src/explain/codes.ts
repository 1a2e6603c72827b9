import {CATALOGUE, type Match} from 'pmpc/kit/catalogue'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'

/** Codes of pmpc's own errors and what each means: the tables of `docs/errors.md`, which comes with the host. */
export function readCodes(host: string): ReadonlyMap<string, string> {
  const text = textOf(join(host, 'docs/errors.md'))
  const rows = text.matchAll(/^\| `(PMPC_[A-Z0-9_]+)` \| [^|]* \| (.*) \|$/gm)
  return new Map([...rows].map(([, code = '', meaning = '']) => [code, meaning]))
}

/** Empty where there is no such file: the catalogue answers all the same. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** What a code of pmpc's own means, and which errors of others stand behind it. */
export function explainCode(codes: ReadonlyMap<string, string>, code: string): Match | undefined {
  const meaning = codes.get(code)
  if (meaning === undefined) return undefined
  const behind = CATALOGUE.filter((row) => row.code === code)
  return {
    id: code,
    source: 'pmpc',
    meaning: sentence(meaning),
    causes: behind.map((row) => `${row.id}: ${row.meaning}`),
    steps: [
      ...behind.slice(0, 1).map(({id}) => `pmpc explain ${id}   # and so each of those above`),
      'pmpc COMMAND --verbose   # what to type next stands in the error itself',
    ],
    docs: 'docs/errors.md',
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`
}
