export {secretForms, secretName, type SecretForm} from './forms.js'
export {redact, redacted, redactText, withoutSecrets} from './redact.js'
export {secretIn} from './suspect.js'
