export {isSetting, namedSecret, secretForms, secretName, secretsIn, type FoundSecret, type SecretForm} from './forms.js'
export {
  argvForLog,
  mapTexts,
  redact,
  redacted,
  redactText,
  spellingsOf,
  withoutKnown,
  withoutSecrets,
} from './redact.js'
export {fingerprint, isMarker, isWithheld, markerOf, MASK} from './withheld.js'
