import {visibleLines} from 'pmpc/kit/text'
import {MARK, type GeneratedFile, type Target} from '../generated.js'
import {codeOf} from '../terraform/index.js'
import {PROVIDER} from '../terraform/project.js'
import {EXPECTED, expectedOf} from './expected.js'
import {testFile} from './tftest.js'

/** Files whose text is the same for every estate, below `iac/tests/`, by their templates; what they test stands in `expected.json`. */
const fixed: Readonly<Record<string, string>> = {
  'api.test.mjs': 'tests/api.test.mjs.njk',
  'conftest.py': 'tests/conftest.py.njk',
  'pytest.ini': 'tests/pytest.ini.njk',
  'terraform/versions.tf': 'tests/terraform.versions.tf.njk',
  'test_guests.py': 'tests/test_guests.py.njk',
}

/** Those for Terratest: its module is people's, as `go mod tidy` writes into it. */
const goTest = 'tests/terratest/plan_test.go'
const goModule = 'tests/terratest/go.mod'

/** Tests of what was recorded: one file with all that is expected, and those that read it. */
export const tests: Target = async (estate, texts, before) => {
  const expected = expectedOf(estate)
  const files: GeneratedFile[] = [
    {path: EXPECTED, text: visibleLines(`${JSON.stringify(expected, null, 2)}\n`)},
    ...Object.entries(fixed).map(([name, template]) => ({
      path: `tests/${name}`,
      text: texts.render(template, {mark: MARK, provider: PROVIDER}),
    })),
    ...codeOf(estate, before).map(({cluster: {name}, module, resources}) =>
      testFile(MARK, {cluster: name, module, resources}, expected.clusters[name]!),
    ),
    ...(before.terratest || before.read(goTest) !== undefined
      ? [
          {path: goTest, text: texts.render('tests/terratest.go.njk', {mark: MARK})},
          {path: goModule, text: texts.render('tests/terratest.go.mod.njk', {}), isPeoples: true as const},
        ]
      : []),
    {path: 'tests/custom/README.md', text: texts.render('tests/custom.README.md.njk', {}), isPeoples: true},
  ]
  return {files, ledger: [], verdicts: []}
}
