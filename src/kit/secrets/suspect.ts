import {secretForms} from './forms.js'

/** What kind of secret a text seems to hold, or undefined. Ordinary text does not fit. */
export function secretIn(text: string): string | undefined {
  return secretForms.find(({pattern, suspect = pattern}) => suspect && text.search(suspect) >= 0)?.what
}
