import js from '@eslint/js';
import a11y from 'eslint-plugin-jsx-a11y';
import hooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

import { readdirSync } from 'node:fs';

const features = readdirSync(new URL('./src/features', import.meta.url));

export default defineConfig([
  globalIgnores(['dist', 'dev-dist', 'node_modules', 'src/api', 'public']),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  hooks.configs.flat.recommended,
  a11y.flatConfigs.recommended,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // A component that needs more than this is two components.
      'max-lines': ['error', { max: 200, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { attributes: false } },
      ],
      // A page whose data could not be refreshed still has it; only `isLoadingError` has none.
      'no-restricted-properties': [
        'error',
        { property: 'isError', message: 'Failing tells what could not be loaded.' },
        { property: 'randomUUID', message: 'Not over plain HTTP; use newId.' },
        ...['subtle', 'clipboard', 'locks', 'serviceWorker', 'mediaDevices', 'storage'].map(
          (property) => ({ property, message: 'Not over plain HTTP; see lib/secure.' }),
        ),
      ],
      'no-restricted-globals': [
        'error',
        { name: 'caches', message: 'Not over plain HTTP; see lib/secure.' },
      ],
      // The first field of a form that a person just opened is where they type.
      'jsx-a11y/no-autofocus': 'off',
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['@/app/*'], message: 'The app imports features, never the other way.' },
          ],
        },
      ],
    },
  },
  // One room never reaches into another; what two rooms need lives in components or lib.
  ...features.map((name) => ({
    files: [`src/features/${name}/**`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['@/app/*'], message: 'The app imports features, never the other way.' },
            ...features
              .filter((other) => other !== name)
              .map((other) => ({
                group: [`@/features/${other}`, `@/features/${other}/*`],
                message: 'Features do not import each other.',
              })),
          ],
        },
      ],
    },
  })),
  { files: ['src/app/**', 'src/main.tsx', 'tests/**'], rules: { 'no-restricted-imports': 'off' } },
  {
    files: ['src/lib/secure.ts', 'tests/**'],
    rules: { 'no-restricted-properties': 'off', 'no-restricted-globals': 'off' },
  },
  { files: ['src/lib/i18n/messages/**', 'tests/**'], rules: { 'max-lines': 'off' } },
  {
    files: ['*.config.js'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { URL: 'readonly' } },
  },
]);
