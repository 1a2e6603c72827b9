/** A set matches by any of its elements, a property string by nothing. */
export function matches(value: unknown, pattern: string): boolean {
  if (Array.isArray(value)) return value.some((element) => matches(element, pattern))
  if (typeof value !== 'string' && typeof value !== 'number') return false
  return String(value) === pattern || (/[*?]/.test(pattern) && glob(pattern).test(String(value)))
}

/** A pattern with `*` and `?`, of the whole text. */
export function glob(pattern: string): RegExp {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's')
}
