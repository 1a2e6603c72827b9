export {secretForms, secretName, type SecretForm} from './forms.js'
export {mapTexts, redact, redacted, redactText, spellingsOf, withoutKnown, withoutSecrets} from './redact.js'
export {secretIn} from './suspect.js'
