/**
 * Characters that steer a terminal, turn the text around them, end a line for some readers, take no room, or are no characters: the inside of a
 * class of a regular expression. Ranges and not Unicode properties, which grow with each Node and would make two of them print differently.
 */
export const HIDDEN =
  '\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f' +
  '\\ud800-\\udfff\\ufdd0-\\ufdef\\ufeff\\ufff0-\\ufffb\\ufffe\\uffff\\u{e0000}-\\u{e0fff}'

/** Also what has no width though it may be meant: joiners, and letters that are blank. In a name they make two that look alike. */
const NOT_SEEN = `${HIDDEN}\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180d\\u200c\\u200d\\u3164\\uffa0`

/** Nearly all text is these; to tell it costs next to nothing. */
const [LINE, LINES] = [/^[ -~]*$/, /^[\n -~]*$/]

/** A text on one line, in which nothing hides: what cannot be seen stands as JSON writes it, `\u001b`; line ends and tabs too. */
export function visible(text: string): string {
  return LINE.test(text) ? text : escaped(text, `[${NOT_SEEN}]`)
}

/** A text of several lines in which nothing hides: line ends (LF, CR LF) and tabs stay. */
export function visibleLines(text: string): string {
  return LINES.test(text) ? text : escaped(text, `(?!\\r?\\n|\\t)[${NOT_SEEN}]`)
}

/** Whether {@link visibleLines} would show a text otherwise than it is. */
export function hasHidden(text: string): boolean {
  return visibleLines(text) !== text
}

/** A character beyond the first 65536 is two escapes, as in JSON: made visible, a JSON text stays JSON, and says the same. */
function escaped(text: string, pattern: string): string {
  return text.replaceAll(new RegExp(pattern, 'gu'), (character) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}
