// What `make lint-web` asks of scripts, and the form of scripts and styles (Prettier, which takes
// the length of a line from .editorconfig). Every script and style of the project is looked at.
import css from "@eslint/css";
import js from "@eslint/js";
import stylistic from "@stylistic/eslint-plugin";
import { defineConfig, includeIgnoreFile } from "eslint/config";
import prettier from "eslint-plugin-prettier";
import * as regexp from "eslint-plugin-regexp";
import globals from "globals";
import { fileURLToPath } from "node:url";

// The pages' content comes from data: it is put in as text and nodes, never as markup.
const MARKUP = ["innerHTML", "outerHTML", "insertAdjacentHTML", "setHTMLUnsafe"];

export default defineConfig([
  includeIgnoreFile(fileURLToPath(new URL("../../.gitignore", import.meta.url))),
  {
    files: ["**/*.{js,css}"],
    plugins: { prettier },
    rules: { "prettier/prettier": "error" },
  },
  { files: ["**/*.css"], language: "css/css", plugins: { css } },
  {
    files: ["**/*.js"],
    extends: [js.configs.recommended, regexp.configs.recommended],
    plugins: { stylistic },
    linterOptions: {
      reportUnusedDisableDirectives: "error",
      reportUnusedInlineConfigs: "error",
    },
    settings: { regexp: { allowedCharacterRanges: ["alphanumeric", "α-ω"] } },
    rules: {
      "array-callback-return": "error",
      complexity: "error",
      "consistent-return": "error",
      curly: ["error", "multi-line", "consistent"],
      "default-case-last": "error",
      "dot-notation": "error",
      eqeqeq: "error",
      "no-else-return": "error",
      "no-eval": "error",
      // The scripts are joined into one.
      "no-implicit-globals": ["error", { lexicalBindings: true }],
      "no-implied-eval": "error",
      "no-lonely-if": "error",
      "no-multi-assign": "error",
      "no-new-func": "error",
      "no-param-reassign": "error",
      "no-restricted-properties": [
        "error",
        ...MARKUP.map((property) => ({ property })),
        { object: "document", property: "write" },
      ],
      "no-script-url": "error",
      "no-self-compare": "error",
      "no-shadow": "error",
      "no-template-curly-in-string": "error",
      "no-throw-literal": "error",
      "no-unneeded-ternary": "error",
      "no-unused-expressions": ["error", { allowShortCircuit: true }],
      "no-use-before-define": ["error", { functions: false, classes: false, variables: false }],
      "no-useless-concat": "error",
      "no-useless-return": "error",
      "no-var": "error",
      "one-var": ["error", "never"],
      "object-shorthand": "error",
      "prefer-arrow-callback": "error",
      "prefer-const": "error",
      "prefer-promise-reject-errors": "error",
      "prefer-template": "error",
      radix: "error",
      "require-await": "error",
      "stylistic/max-len": ["error", { code: 100 }], // comments: Prettier leaves them long
      yoda: "error",
    },
  },
  {
    files: ["livingreview/**/*.js"],
    languageOptions: { sourceType: "script", globals: globals.browser },
    rules: { strict: ["error", "global"] },
  },
  {
    files: ["tools/**/*.js"],
    languageOptions: { globals: globals.node },
  },
]);
