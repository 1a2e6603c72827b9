const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** XML 1.0 has no way to write most control characters (§2.2, Char): U+FFFD stands for them; line ends would be blanks. */
export function spelledXml(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (one) => entities[one]!)
    .replaceAll(/[\t\n\r]/g, (one) => `&#${one.charCodeAt(0)};`)
    .replaceAll(/[^\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
}
