/**
 * Every text that a person reads is a message, so that it can be translated: refuses words in the
 * markup and in the attributes that are read out or shown.
 */
const SHOWN = new Set([
  'alt',
  'aria-label',
  'aria-description',
  'aria-roledescription',
  'label',
  'placeholder',
  'title',
]);
const WORD = /\p{L}/u;

/** @type {import('eslint').Rule.RuleModule} */
export const noLiteralText = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { literal: 'Write “{{text}}” as a message in messages/en.json.' },
  },
  create(context) {
    /** @param {any} node @param {string} text */
    const refuse = (node, text) => {
      if (WORD.test(text)) context.report({ node, messageId: 'literal', data: { text: text.trim() } });
    };
    return {
      /** @param {any} node */
      SvelteText(node) {
        const parent = node.parent;
        const code = parent?.type === 'SvelteScriptElement' || parent?.type === 'SvelteStyleElement';
        if (!code) refuse(node, node.value);
      },
      /** @param {any} node */
      SvelteAttribute(node) {
        if (!SHOWN.has(node.key.name)) return;
        for (const part of node.value) if (part.type === 'SvelteLiteral') refuse(part, part.value);
      },
      /** @param {any} node */
      'SvelteMustacheTag > Literal'(node) {
        if (typeof node.value === 'string') refuse(node, node.value);
      },
    };
  },
};
