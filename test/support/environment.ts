// Loaded before every suite and anything it imports: the tests see nothing of what the user, or a Git that runs them from one of its hooks,
// has set for Git (identity, folders, configuration, pager) or for pmpc. What is meant for the tests themselves stays.
const foreign = /^(?:GIT_|EMAIL$|PMPC_(?!TEST_|LIVE_|REFERENCE$|E2E_BIN$|CODE_CACHE$|CLIENTS|SHELLS))/

for (const name of Object.keys(process.env)) if (foreign.test(name)) delete process.env[name]
