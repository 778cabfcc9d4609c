// What `make lint-web` asks of style sheets; their form is Prettier's (eslint.config.js).
export default {
  extends: "stylelint-config-standard",
  plugins: "@stylistic/stylelint-plugin",
  rules: {
    "@stylistic/max-line-length": 100,
    // As the sheets of the theme: a browser that cannot read a range would drop the whole block.
    "media-feature-range-notation": "prefix",
    // A sheet goes from part to part of a page, so rules for one element are not in one place.
    "no-descending-specificity": null,
    // Also Sphinx's cell_output and the theme's bd-container__inner.
    "selector-class-pattern": "^[a-z][a-z0-9]*(?:(?:-|_|__)[a-z0-9]+)*$",
  },
};
