import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import typescript from 'typescript-eslint';
import { noLiteralText } from './scripts/no-literal-text.js';
import svelteConfig from './svelte.config.js';

/** The rest of the window works the same in a browser and in a unit test. */
const onlyIpc = { group: ['@tauri-apps/*'], message: 'Only src/ipc talks to the shell.' };
const onlyMessages = {
  group: ['**/paraglide/*'],
  message: 'Texts come from src/i18n/messages, which reads one language at a time.',
};

export default typescript.config(
  {
    ignores: [
      'dist',
      'dist-gallery',
      'node_modules',
      'src/paraglide',
      'src/ipc/generated.ts',
      'test-results',
      'playwright-report',
    ],
  },
  ...typescript.configs.strict,
  ...svelte.configs.recommended,
  prettier,
  ...svelte.configs.prettier,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      'no-console': 'error',
      // The compiler knows better, for TypeScript.
      'no-undef': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: typescript.parser, svelteConfig } },
    rules: {
      'svelte/no-at-html-tags': 'error',
      // The content security policy refuses style attributes in markup; `style:` directives go through the CSSOM.
      'no-restricted-syntax': [
        'error',
        { selector: 'SvelteAttribute[key.name="style"]', message: 'Use a class or a style: directive.' },
      ],
      // State classes replace whole values ($state.raw) and keep private bookkeeping in plain collections.
      'svelte/prefer-svelte-reactivity': 'off',
      'svelte/require-each-key': 'error',
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { destructuring: 'all' }],
    },
  },
  {
    files: ['src/**/*.svelte'],
    ignores: ['src/gallery/**'],
    plugins: { ledgerpost: { rules: { 'no-literal-text': noLiteralText } } },
    rules: { 'ledgerpost/no-literal-text': 'error' },
  },
  {
    files: ['src/**'],
    ignores: ['src/ipc/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [onlyIpc, onlyMessages] }] },
  },
  {
    files: ['src/i18n/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [onlyIpc] }] },
  },
  { files: ['scripts/**'], rules: { 'no-console': 'off' } },
);
