import {redact, redactText} from '../secrets/redact.js'
import {secretName} from '../secrets/forms.js'

/** Texts that are remembered as they may be written: a sync has thousands of lines, and in all of them the same words. */
const mostKept = 500
const longestKept = 64

/** Takes secrets out of the fields of lines. What was cleaned once is remembered, until there is another secret. */
export class Cleaner {
  private readonly texts = new Map<string, string>()
  private readonly plainKeys = new Set<string>()

  constructor(private readonly secrets: ReadonlySet<string>) {}

  /** There is another secret. */
  forget(): void {
    this.texts.clear()
    this.plainKeys.clear()
  }

  /** Fields as they may be written. */
  fields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const clean: Record<string, unknown> = {}
    for (const key in fields) {
      const value = fields[key]
      if (value === undefined) continue
      if (this.isPlain(key)) clean[key] = this.value(value)
      else Object.assign(clean, redact({[key]: value}, this.secrets) as object)
    }
    return clean
  }

  private isPlain(key: string): boolean {
    if (this.plainKeys.has(key)) return true
    if (secretName.test(key) || redactText(key, this.secrets) !== key) return false
    this.plainKeys.add(key)
    return true
  }

  private value(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value)
    if (typeof value === 'number' || typeof value === 'boolean') return value
    if (Array.isArray(value)) return value.map((one) => this.value(one))
    return redact(value, this.secrets)
  }

  private text(text: string): string {
    if (text.length > longestKept) return redactText(text, this.secrets)
    const known = this.texts.get(text)
    if (known !== undefined) return known
    const clean = redactText(text, this.secrets)
    if (this.texts.size < mostKept) this.texts.set(text, clean)
    return clean
  }
}
