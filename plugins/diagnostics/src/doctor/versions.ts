/** Whether a version, `20.19.5`, is another one or newer. Only numbers count. */
export function isAtLeast(version: string, least: string): boolean {
  const [have, want] = [version, least].map((text) => text.split('.').map((part) => Number.parseInt(part, 10) || 0))
  for (let at = 0; at < Math.max(have!.length, want!.length); at++) {
    const [a, b] = [have![at] ?? 0, want![at] ?? 0]
    if (a !== b) return a > b
  }
  return true
}
